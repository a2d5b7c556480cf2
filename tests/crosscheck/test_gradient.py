"""Gradients by the implicit function theorem against finite differences: every instrument, every kind of outcome."""

from dataclasses import replace

import numpy as np
import pytest

import entrepot
from economies import borders, full_shock, levied_economy, random_economy
from entrepot.core.dims import FLOW
from entrepot.core.outcomes import OUTCOMES as KINDS
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings

pytestmark = pytest.mark.slow

TIGHT = Settings(tolerance=2e-12)  # a difference of two solves loses what they share
OUTCOMES = (
    "real_income:C1", "real_wage:C2", "consumer_price:C0", "price:C1:s2", "output:C2:s1", "trade:C1:C3:s0",
    "volume:C1:C3:s0",
    "exports:C1", "imports:C2", "balance:C0:C1", "balance:C0:C1:s1,s2", "two_way:C0:C1",
    "tariff_revenue:C3",
)  # fmt: skip
CELLS = (
    ("tariff", (0, 1, 2)), ("tariff", (1, 1, 1)), ("iceberg_hat", (3, 1, 0)), ("export_tax", (2, 1, 1)),
    ("productivity_hat", (1, 2)), ("transfer", (1,)),
    ("production_tax", (1, 2)), ("production_tax", (3, 0)), ("markup", (2, 1)),
)  # fmt: skip
MODELS = ("caliendo_parro", "multi_sector", "years_2_3", "everything")
LONG = pytest.mark.long


def read(result: Result, outcome: str) -> float:
    """Return an outcome from the labelled result: the other road to the number."""
    kind, *codes = outcome.split(":")
    abroad = result.trade_cf * borders(result.economy)
    by_country = {
        "real_income": result.real_income_hat, "real_wage": result.real_wage_hat,
        "consumer_price": result.consumer_price_hat, "tariff_revenue": result.tariff_revenue_cf,
    }  # fmt: skip
    if kind in by_country:
        return float(by_country[kind].sel(country=codes[0]))
    if kind == "price":
        return float(result.price_hat.sel(destination=codes[0], sector=codes[1]))
    if kind == "output":
        return float(result.output_cf.sel(origin=codes[0], sector=codes[1]))
    if kind in ("trade", "volume"):
        flow = {"origin": codes[0], "destination": codes[1], "sector": codes[2]}
        factor = result.economy.labelled(result.wedges.levy_factor(), FLOW, "levy_factor")
        taxed = factor.sel(flow) / result.economy.levy_factor.sel(flow)
        price = result.unit_cost_hat.sel(origin=codes[0], sector=codes[2]) * taxed
        return float(result.trade_cf.sel(flow) / (price if kind == "volume" else 1))
    if kind in ("balance", "two_way"):
        one, other, *goods = codes
        sold = result.trade_cf.sel(sector=goods[0].split(",") if goods else list(result.economy.sectors)).sum("sector")
        back = float(sold.sel(origin=other, destination=one)) * (-1 if kind == "balance" else 1)
        return float(sold.sel(origin=one, destination=other)) + back
    axis = {"exports": "origin", "imports": "destination"}[kind]
    return float(abroad.sel({axis: codes[0]}).sum())


def test_every_kind_of_outcome_is_checked() -> None:
    assert {outcome.split(":")[0] for outcome in OUTCOMES} == set(KINDS)


ALL = (OUTCOMES, CELLS)
FEW = (("real_income:C1", "trade:C1:C3:s0", "balance:C0:C1", "tariff_revenue:C3"), CELLS[::3] + CELLS[5:6])
"""What a closure touches, incomes: the equations that other outcomes and wedges go through know no closure."""
RULES = ("fixed", "scaled", "multiplicative", "zero")


@pytest.mark.parametrize(
    ("name", "rule", "checked"),
    [
        # the model with every dial on has the equations of the others, so it sees each closure; the default is seen too
        ("everything", "fixed", ALL),
        *(("everything", rule, FEW) for rule in RULES[1:]),
        ("caliendo_parro", "fixed", FEW),
        *(
            pytest.param(name, rule, ALL, marks=LONG)
            for name in MODELS
            for rule in RULES
            if name != "everything" or rule != "fixed"
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{len(one[0])} outcomes",
)
def test_the_adjoint_equals_central_differences(
    name: str, rule: str, checked: tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]
) -> None:
    outcomes, cells = checked
    model = entrepot.model("nested_ces", scale_share=0.4, specific_share=0.5) if name == "everything" else name
    economy: Economy = levied_economy(11)
    given = full_shock(economy, 5)
    here = entrepot.solve(economy, given, model=model, deficits=rule, settings=TIGHT)  # type: ignore[arg-type]
    slopes = {outcome: here.sensitivity(outcome) for outcome in outcomes}
    for outcome, slope in slopes.items():
        assert slope.attrs["value"] == pytest.approx(read(here, outcome), rel=1e-9, abs=1e-9)
    for instrument, cell in cells:
        step = 1e-3 * (float(economy.income.mean()) if instrument == "transfer" else 1.0)
        around = []
        for times in (2, 1, -1, -2):
            moved = getattr(here.wedges, instrument).copy(deep=True)
            moved.values = np.array(moved.values)
            moved.values[cell] += times * step
            if instrument == "transfer":
                moved.values[0] -= times * step  # what one receives another pays
            shock = replace(given, **{instrument: moved})
            around.append(entrepot.solve(economy, shock, model=model, deficits=rule, settings=TIGHT))  # type: ignore[arg-type]
        for outcome, slope in slopes.items():
            far, near, minus_near, minus_far = (read(one, outcome) for one in around)
            difference = (8 * (near - minus_near) - (far - minus_far)) / (12 * step)
            derivative = float(slope[instrument].values[cell])
            if instrument == "transfer":
                derivative -= float(slope[instrument].values[0])
            size = 1e-6 * float(abs(slope[instrument]).max())  # a cell that hardly matters is all rounding
            assert derivative == pytest.approx(difference, rel=1e-6, abs=size), f"{outcome} by {instrument} {cell}"


def test_an_embargoed_flow_has_no_derivative_by_its_trade_cost() -> None:
    economy = random_economy(11, zeros=0.0)
    hat = np.ones(economy.trade.shape)
    hat[0, 1, 0] = np.inf
    shock = entrepot.Shock(iceberg_hat=economy.labelled(hat, ("origin", "destination", "sector"), "iceberg_hat"))
    slopes = entrepot.solve(economy, shock).sensitivity("real_income:C1")
    assert float(slopes["iceberg_hat"][0, 1, 0]) == 0.0
    assert all(bool(np.isfinite(slopes[name]).all()) for name in slopes)
    assert float(abs(slopes["iceberg_hat"]).max()) > 0


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("real_incom:C1", "no outcome 'real_incom'; nearest: real_income"),
        ("real_income:C9", "unknown country 'C9'"),
        ("real_income", "write it as real_income:COUNTRY"),
        ("trade:C1", "write it as trade:COUNTRIES:COUNTRIES:SECTORS, the last may be left out"),
        ("trade:C1:C2:s0:s1", "write it as trade"),
        ("price:C1:s9", "unknown sector 's9'"),
        ("real_income:C1,-C1", "'C1,-C1' means nothing; name a country, a bloc or a sector"),
    ],
)
def test_an_outcome_that_is_none_is_refused(outcome: str, message: str) -> None:
    result = entrepot.solve(random_economy(1), entrepot.Shock())
    with pytest.raises(entrepot.InputError, match=message):
        entrepot.sensitivity(result, outcome)


@pytest.mark.parametrize("name", ["everything", *(pytest.param(name, marks=LONG) for name in MODELS[:-1]), "krugman"])
def test_the_derivative_by_elasticities_equals_central_differences(name: str) -> None:
    model = entrepot.model("nested_ces", scale_share=0.4, specific_share=0.5) if name == "everything" else name
    factor = entrepot.model(model).theta_factor
    economy: Economy = random_economy(11)
    shock = full_shock(economy, 5)
    hat = np.array(shock.iceberg_hat.values)  # type: ignore[union-attr]
    hat[0, 1, 0] = np.inf  # an embargo stays one whatever the elasticity
    shock = replace(shock, iceberg_hat=economy.labelled(hat, ("origin", "destination", "sector"), "iceberg_hat"))
    here = entrepot.solve(economy, shock, model=model, settings=TIGHT)
    slopes = {outcome: here.sensitivity(outcome)["theta"] * factor for outcome in OUTCOMES}
    step = 1e-3
    for place, sector in enumerate(economy.sectors):
        around = []
        for times in (2, 1, -1, -2):
            theta = economy.theta.copy(deep=True)
            theta.values = np.array(theta.values)
            theta.values[place] += times * step
            around.append(entrepot.solve(economy.with_theta(theta), shock, model=model, settings=TIGHT))
        for outcome, slope in slopes.items():
            far, near, minus_near, minus_far = (read(one, outcome) for one in around)
            difference = (8 * (near - minus_near) - (far - minus_far)) / (12 * step)
            size = 1e-6 * float(abs(slope).max())
            assert float(slope.sel(sector=sector)) == pytest.approx(difference, rel=1e-6, abs=size), outcome
