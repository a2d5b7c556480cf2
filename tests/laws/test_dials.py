"""Laws of the dials: substitution, scale, tied factors, export taxes, productivity, transfers."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st

import entrepot
from economies import borders, full_shock, iceberg, random_dataset, random_economy, random_shock
from entrepot.economy.closure import CLOSURES
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import MODELS
from entrepot.equilibrium.model.stability import largest_real_eigenvalue
from entrepot.equilibrium.result import Result
from entrepot.policy.shock import Shock, merged
from entrepot.policy.wedges import Wedges
from examples import FEWER
from levels import errors

pytestmark = pytest.mark.slow

seeds = st.integers(min_value=0, max_value=2**32 - 1)
deficits = st.sampled_from(["fixed", "scaled", "multiplicative", "zero"])
EVERYTHING = entrepot.model("nested_ces", scale_share=0.4, specific_share=0.5)
models = st.sampled_from([*(MODELS[name] for name in MODELS if name != "conditional_gravity"), EVERYTHING])


FAR_FROM_UNSTABLE = 0.9  # at 1 scale economies compound without end; a full shock moves the eigenvalue by about 0.05


def solved(economy: Economy, shock: Shock, model: entrepot.Model, rule: str) -> Result:
    """Return the equilibrium; an economy whose scale economies nearly compound without end is drawn anew.

    Where inputs are nearly all of cost, a cheaper good makes itself cheaper through what is made of it. From an economy
    near to that, a large change can lead to where there is no equilibrium, or no stable one: these are refused
    (test_models), and no equation holds there.
    """
    if model.scale(economy).any():
        base = model.base(economy)
        unchanged = Exercise(base, Wedges.of_base(base), model, CLOSURES[rule], deficit_left=1.0)
        problem = encoding.build_problem(unchanged)
        assume(largest_real_eigenvalue(problem, encoding.baseline(base, problem)) < FAR_FROM_UNSTABLE)
    return entrepot.solve(economy, shock, model=model, deficits=rule)


@given(seeds, models, deficits)
def test_every_equation_holds_when_every_instrument_moves(seed: int, model: entrepot.Model, rule: str) -> None:
    """Checked by a second writing of the equations, for every model and rule."""
    economy = random_economy(seed)
    shock = full_shock(economy, seed)
    if model.one_sector:
        economy, shock = random_economy(seed, sectors=1), full_shock(random_economy(seed, sectors=1), seed)
    result = solved(economy, shock, model, rule)
    found = errors(result)
    assert max(found.values()) < 1e-8, found
    assert float(result.real_income_hat.min()) > 0


@FEWER
@given(seeds, models)
def test_no_shock_changes_nothing_in_one_step_in_any_model(seed: int, model: entrepot.Model) -> None:
    """Under one closure: test_laws has the others, and every closure and model is a program to compile."""
    result = solved(random_economy(seed), Shock(), model, "fixed")
    assert result.steps == 1
    assert float(abs(result.real_income_hat - 1).max()) < 1e-12


@FEWER
@given(seeds)
def test_dials_at_their_neutral_setting_change_nothing(seed: int) -> None:
    economy = random_economy(seed)
    shock = full_shock(economy, seed)
    plain = entrepot.solve(economy, shock)
    neutral = entrepot.model("nested_ces", rho=1, mu=1, eta=1, psi=0, specific_share=0)
    np.testing.assert_allclose(entrepot.solve(economy, shock, model=neutral).trade_cf, plain.trade_cf, rtol=1e-10)
    near = entrepot.model("nested_ces", rho=1 + 1e-7, mu=1 - 1e-7, eta=1 + 1e-7, psi=1e-9, specific_share=1e-9)
    result = entrepot.solve(economy, shock, model=near)
    np.testing.assert_allclose(result.real_income_hat, plain.real_income_hat, rtol=1e-6)


@FEWER
@given(seeds, st.floats(min_value=0.5, max_value=2.0))
def test_uniform_productivity_scales_real_income_by_the_leontief_weights(seed: int, productivity: float) -> None:
    economy = random_economy(seed).rebalanced("zero")
    hat = economy.labelled(np.full(economy.output.shape, productivity), ("country", "sector"), "productivity_hat")
    result = entrepot.solve(economy, Shock(productivity_hat=hat))
    logs = np.log(result.real_income_hat.values)
    # With input links the gain is larger than the shock, and largest where inputs are used most.
    assert (logs / np.log(productivity) >= 1 - 1e-9).all() if abs(productivity - 1) > 1e-6 else True
    plain = entrepot.solve(random_economy(seed, inputs=False), Shock(productivity_hat=hat))
    np.testing.assert_allclose(plain.real_income_hat, productivity, rtol=1e-9)
    np.testing.assert_allclose(plain.wage_hat, 1.0, rtol=1e-9)


@FEWER
@given(seeds, st.floats(min_value=-0.3, max_value=1.0))
def test_lerner_symmetry_a_uniform_tariff_and_a_uniform_export_tax_are_the_same(seed: int, rate: float) -> None:
    economy = random_economy(seed, tariffs=False).rebalanced("zero")
    crossing = np.broadcast_to(borders(economy), economy.trade.shape).copy()
    into, out_of = crossing.copy(), crossing.copy()
    into[:, 1:], out_of[1:] = False, False  # country 0 alone
    tariff = entrepot.solve(economy, Shock(tariff=economy.tariff + rate * into))
    levy = entrepot.solve(economy, Shock(export_tax=economy.export_tax + rate * out_of))
    np.testing.assert_allclose(tariff.real_income_hat, levy.real_income_hat, rtol=1e-9)
    revenue, other = (
        tariff.tariff_revenue_cf[0] / tariff.income_cf[0],
        levy.export_tax_revenue_cf[0] / levy.income_cf[0],
    )
    assert float(revenue) == pytest.approx(float(other), rel=1e-8)
    # quantities traded are the same, values differ by where they are measured
    np.testing.assert_allclose(
        (tariff.output_cf / tariff.unit_cost_hat).values, (levy.output_cf / levy.unit_cost_hat).values, rtol=1e-8
    )


@FEWER
@given(seeds, st.floats(min_value=0.0, max_value=0.9))
def test_autarky_with_scale_economies_follows_the_formula(seed: int, scale_share: float) -> None:
    """Costinot and Rodriguez-Clare (2014), section 3.3: sectors move to what the country itself consumes."""
    economy = random_economy(seed, tariffs=False, inputs=False).rebalanced("zero")
    model = entrepot.model("krugman", inputs=False, scale_share=scale_share)
    hat = np.where(np.broadcast_to(borders(economy), economy.trade.shape), np.inf, 1.0)
    result = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)), model=model, deficits="zero")
    own = np.einsum("ccs->cs", economy.trade_share.values)
    made = economy.output.values / economy.output.values.sum(axis=1, keepdims=True)
    consumed, theta = economy.final_share.values, economy.theta.values
    expected = (consumed * (np.log(own) / theta + scale_share / theta * np.log(consumed / made))).sum(axis=1)
    np.testing.assert_allclose(np.log(result.real_income_hat), expected, atol=1e-8)


def closed(shares: list[float]) -> Economy:
    """Return one country that trades with nobody, beside a speck that trades with nobody either."""
    sectors = [f"s{i}" for i in range(len(shares))]
    trade = np.zeros((2, 2, len(shares)))
    trade[0, 0], trade[1, 1] = shares, 1e-6
    names = ["large", "speck"]
    coords = {"origin": names, "destination": names, "sector": sectors}
    return Economy.from_dataset(xr.Dataset({"trade": (("origin", "destination", "sector"), trade)}, coords), theta=4.0)


@pytest.mark.parametrize("eta", [0.3, 1.0, 2.5])
def test_hultens_theorem_holds_to_first_order_and_its_ces_term_to_second(eta: float) -> None:
    """Baqaee and Farhi (2019): d ln W = sales share, its change (eta - 1) * share * (1 - share)."""
    economy = closed([0.2, 0.3, 0.5])
    step = 1e-3

    def welfare(change: float) -> float:
        hat = xr.DataArray(np.ones((2, 3)), {"country": ["large", "speck"], "sector": ["s0", "s1", "s2"]})
        hat[0, 1] = np.exp(change)
        result = entrepot.solve(economy, Shock(productivity_hat=hat), model=entrepot.model("nested_ces", eta=eta))
        return float(np.log(result.real_income_hat[0]))

    up, down = welfare(step), welfare(-step)
    assert (up - down) / (2 * step) == pytest.approx(0.3, abs=1e-6)
    assert (up + down) / step**2 == pytest.approx((eta - 1) * 0.3 * 0.7, abs=1e-5)


def test_hultens_theorem_holds_for_the_world_with_inputs_and_trade() -> None:
    """Without taxes the world gains the sector's sales over world income, whoever consumes it."""
    economy = random_economy(5, tariffs=False).rebalanced("zero")
    hat = economy.labelled(np.ones(economy.output.shape), ("country", "sector"), "productivity_hat").copy(deep=True)
    step, gains = 1e-4, []
    for sign in (1, -1):
        hat[1, 0] = np.exp(sign * step)
        result = entrepot.solve(economy, Shock(productivity_hat=hat))
        gains.append(float((economy.income * np.log(result.real_income_hat)).sum()))
    assert (gains[0] - gains[1]) / (2 * step) == pytest.approx(float(economy.output[1, 0]), rel=1e-6)


@given(seeds, models, deficits)
def test_the_path_terms_add_up_for_every_instrument_and_dial(seed: int, model: entrepot.Model, rule: str) -> None:
    economy = random_economy(seed, countries=3, sectors=1 if model.one_sector else 2)
    result = solved(economy, full_shock(economy, seed, 0.05), model, rule)
    table = entrepot.decompose(result)
    assert float(table["error"].abs().max()) < 1e-7
    assert float(table["productivity"].abs().max()) > 0


def test_a_transfer_is_worth_more_than_itself_to_none_and_adds_up() -> None:
    economy = random_economy(2, tariffs=False).rebalanced("zero")
    amount = 0.01 * float(economy.income.min())
    transfer = economy.labelled(np.array([amount, -amount, 0.0, 0.0]), ("country",), "transfer")
    result = entrepot.solve(economy, Shock(transfer=transfer))
    assert float(result.real_income_hat[0]) > 1 > float(result.real_income_hat[1])
    np.testing.assert_allclose(result.deficit_cf, transfer, atol=1e-8 * amount)


def test_a_base_year_with_export_taxes_stays_where_it_is_and_merges() -> None:
    dataset = random_dataset(8)
    draw = np.random.default_rng(8)
    abroad = ~np.eye(4, dtype=bool)[:, :, None]
    dataset["export_tax"] = (("origin", "destination", "sector"), draw.uniform(-0.05, 0.1, (4, 4, 3)) * abroad)
    economy = Economy.from_dataset(dataset)
    revenue = (economy.trade * economy.export_tax / (1 + economy.export_tax)).sum(("destination", "sector"))
    np.testing.assert_allclose(economy.levy_revenue.export_tax, revenue)
    assert entrepot.solve(economy, Shock()).steps == 1
    found = errors(entrepot.solve(economy, full_shock(economy, 8)))
    assert max(found.values()) < 1e-8, found
    fewer = economy.aggregate(countries={"C2": "C3"})
    assert fewer.closed
    assert float(fewer.levy_revenue.export_tax.sum()) == pytest.approx(float(economy.levy_revenue.export_tax.sum()))


@FEWER
@given(seeds)
def test_scenarios_reach_the_one_sector_model_as_the_flows_they_move(seed: int) -> None:
    """At given prices the merged wedge moves the merged flow as its parts would."""
    dataset = random_dataset(seed)
    dataset["theta"][:] = 4.0
    economy = Economy.from_dataset(dataset)
    shock = random_shock(economy, seed)
    assert shock.iceberg_hat is not None
    result = entrepot.solve(economy, Shock(iceberg_hat=shock.iceberg_hat), model="armington")
    merged = result.wedges.iceberg_hat
    assert merged is not None
    spent = economy.trade * (1 + economy.tariff)
    there = spent.sum("sector") > 0
    expected = (spent * shock.iceberg_hat**-4.0).sum("sector") / spent.sum("sector").where(there, 1)
    got = merged.isel(sector=0) ** -4.0
    np.testing.assert_allclose(got.values[there.values], expected.values[there.values], rtol=1e-12)


@FEWER
@given(seeds)
def test_taxes_reach_the_one_sector_model_as_the_revenue_they_raise(seed: int) -> None:
    """At the trade of the base year, whose values contain export taxes and not duties."""
    economy = random_economy(seed)
    draw = np.random.default_rng(seed)
    levy = economy.export_tax + draw.uniform(-0.3, 1.5, economy.trade.shape) * borders(economy)
    tariff = economy.tariff + draw.uniform(0, 0.5, economy.trade.shape) * borders(economy)
    shock = merged(Shock(tariff=tariff, export_tax=levy).on(economy).wedges, economy, MODELS["armington"].base(economy))
    assert shock.tariff is not None
    assert shock.export_tax is not None
    whole = economy.trade.sum("sector")
    at_border = shock.export_tax.isel(sector=0) / (1 + shock.export_tax.isel(sector=0)) * whole
    paid, duty = economy.trade * levy / (1 + levy), economy.trade * tariff
    np.testing.assert_allclose(at_border, paid.sum("sector"), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(shock.tariff.isel(sector=0) * whole, duty.sum("sector"), rtol=1e-12)


def test_export_taxes_in_force_that_a_shock_names_again_change_nothing_in_the_one_sector_model() -> None:
    dataset = random_dataset(8)
    draw = np.random.default_rng(8)
    abroad = ~np.eye(4, dtype=bool)[:, :, None]
    dataset["export_tax"] = (("origin", "destination", "sector"), draw.uniform(-0.3, 1.5, (4, 4, 3)) * abroad)
    economy = Economy.from_dataset(dataset)
    result = entrepot.solve(economy, Shock(export_tax=economy.export_tax), model="armington")
    assert result.steps == 1
    assert float(abs(result.real_income_hat - 1).max()) < 1e-12
