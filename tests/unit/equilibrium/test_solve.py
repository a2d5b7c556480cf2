import numpy as np
import pytest
import xarray as xr

import entrepot
from economies import borders, dataset, iceberg, random_economy, random_shock
from entrepot.core.errors import InvalidShock, NotConverged, UnknownLabel
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.shock import Shock
from levels import errors


def test_results_are_labelled_as_the_model_says() -> None:
    economy = random_economy(0)
    result = entrepot.solve(economy, random_shock(economy, 0))
    dims = {
        "wage_hat": ("country",),
        "real_income_hat": ("country",),
        "real_wage_hat": ("country",),
        "tariff_revenue_cf": ("country",),
        "income_cf": ("country",),
        "price_hat": ("destination", "sector"),
        "expenditure_cf": ("destination", "sector"),
        "output_cf": ("origin", "sector"),
        "trade_cf": ("origin", "destination", "sector"),
    }
    for name, axes in dims.items():
        array = getattr(result, name)
        assert array.dims == axes
        assert array.name == name
        assert np.isfinite(array).all()
    np.testing.assert_allclose(result.output_cf, result.trade_cf.sum("destination"))
    np.testing.assert_allclose(
        result.expenditure_cf, (result.trade_cf * (1 + result.tariff_cf)).sum("origin"), rtol=1e-10
    )


def test_neither_economy_nor_shock_is_changed_by_solving() -> None:
    economy = random_economy(0)
    shock = random_shock(economy, 0)
    assert shock.tariff is not None
    before = shock.tariff.copy(deep=True)
    entrepot.solve(economy, shock)
    assert shock.tariff.identical(before)


def test_unknown_models_and_rules_are_answered_with_the_known_ones() -> None:
    economy = random_economy(0)
    with pytest.raises(
        UnknownLabel, match="no model 'caliendo'; nearest: caliendo_parro; choose caliendo_parro, multi_sector"
    ):
        entrepot.solve(economy, Shock(), model="caliendo")
    with pytest.raises(UnknownLabel, match="no rule 'balanced' for deficits"):
        entrepot.solve(economy, Shock(), deficits="balanced")  # type: ignore[arg-type]


@pytest.mark.slow
def test_an_unconverged_solve_raises_and_says_where_it_stuck_and_what_to_try() -> None:
    economy = random_economy(0)
    with pytest.raises(NotConverged, match=r"no equilibrium found.*the log \w+ of .* still moves by .*; try"):
        entrepot.solve(economy, random_shock(economy, 0), settings=Settings(tolerance=0.0))


@pytest.mark.slow
def test_subsidies_that_nobody_can_pay_are_not_silently_solved() -> None:
    economy = random_economy(0)
    free = Shock(tariff=(1 + economy.tariff) * (1 - 0.999 * borders(economy)) - 1)
    with pytest.raises(NotConverged, match="no equilibrium found"):
        entrepot.solve(economy, free, settings=Settings(max_steps=300))


@pytest.mark.slow
@pytest.mark.parametrize("productivity", [0.5, 0.1, 0.02])
def test_who_spends_ten_times_what_it_earns_may_lose_nearly_all_it_earns(productivity: float) -> None:
    """Imbalances that scale with income: the others' surplus has nowhere else to go, whatever the receiver makes."""
    names = ["receiver", "others"]
    trade = np.array([[[3.0], [3.0]], [[53.0], [70.0]]])
    coords = {"origin": names, "destination": names, "sector": ["all"]}
    economy = entrepot.Economy.from_dataset(xr.Dataset({"trade": (tuple(coords), trade)}, coords), theta=6.0)
    worse = economy.labelled(np.array([[productivity], [1.0]]), ("country", "sector"), "productivity_hat")
    result = entrepot.solve(economy, Shock(productivity_hat=worse), deficits="scaled")
    found = errors(result)
    assert max(found.values()) < 1e-9, found
    apart = result.deficit_cf / result.income_cf - economy.deficit / economy.income
    assert float(apart[0]) == pytest.approx(float(apart[1]), abs=1e-9)


def test_zero_trade_autarky_and_empty_sectors_work() -> None:
    economy = random_economy(11, zeros=0.6)
    assert float((economy.trade == 0).mean()) > 0.4
    result = entrepot.solve(economy, random_shock(economy, 11), deficits="scaled")
    assert float(result.trade_cf.where(economy.trade == 0, 0).sum()) == 0.0

    alone = np.where(np.broadcast_to(borders(economy), economy.trade.shape), np.inf, 1.0)
    closed = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, alone)), deficits="zero")
    again = entrepot.Economy.from_dataset(
        economy.trade.to_dataset(name="trade").assign(trade=closed.trade_cf), theta=economy.theta
    )
    assert entrepot.solve(again, Shock()).steps == 1


def test_a_sector_that_nobody_makes_changes_nothing() -> None:
    dataset = random_economy(4).trade.to_dataset(name="trade")
    dataset["trade"] = dataset["trade"].copy(deep=True)
    dataset["trade"].loc[{"sector": "s1"}] = 0.0
    economy = entrepot.Economy.from_dataset(dataset, theta=4.0)
    result = entrepot.solve(economy, random_shock(economy, 4))
    assert float(result.output_cf.sel(sector="s1").sum()) == 0.0
    assert (result.price_hat.sel(sector="s1") == 1.0).all()


def test_an_embargo_can_empty_a_chain_of_sectors() -> None:
    """s1 is only sold abroad, and s0 only bought by s1: closing the border for s1 ends both."""
    trade = np.zeros((2, 2, 3))
    trade[0, 0] = [1.0, 0.0, 10.0]
    trade[0, 1, 1] = 4.0
    trade[1, 0, 2] = 4.0
    trade[1, 1] = [0.0, 4.0, 10.0]
    names, goods = ["C0", "C1"], ["s0", "s1", "s2"]
    inputs = np.zeros((2, 3, 3))
    inputs[0, 0, 1] = 0.25  # s1 of C0 spends a quarter of its output on s0: all there is of it
    economy = entrepot.Economy.from_dataset(dataset(trade, np.zeros_like(trade), inputs, np.full(3, 4.0), names, goods))
    hat = np.ones(trade.shape)
    hat[0, 1, 1] = np.inf
    hat[1, 0, 2] = np.inf
    result = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)))
    assert result.output_cf.sel(origin="C0").values.tolist() == pytest.approx([0.0, 0.0, float(economy.value_added[0])])
    assert float(result.price_hat.sel(destination="C0", sector="s2")) > 1


def test_an_embargo_without_any_supplier_left_is_refused_by_name() -> None:
    economy = random_economy(0, zeros=0.0)
    hat = np.ones(economy.trade.shape)
    hat[:, 2, 1] = np.inf
    with pytest.raises(InvalidShock, match="no supplier is left for C2 s1: the embargo covers every source"):
        entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)))


def test_the_tables_of_a_result_add_up() -> None:
    economy = random_economy(0)
    result = entrepot.solve(economy, random_shock(economy, 0))
    table = result.countries
    assert table["real_income_hat"].is_monotonic_increasing
    assert table["exports"].sum() == pytest.approx(table["imports"].sum())
    assert table["exports_cf"].sum() == pytest.approx(table["imports_cf"].sum())
    sectors = result.sectors("C1", "C2")
    home = result.trade_cf.sel(origin="C1", destination="C1").values
    np.testing.assert_allclose(
        sectors["exports_to_partner_cf"] + sectors["exports_elsewhere_cf"] + home, sectors["output_cf"]
    )
    assert result.suppliers("C2")["trade_cf"].sum() == pytest.approx(float(result.trade_cf.sel(destination="C2").sum()))
    assert result.customers("C1", ["s0"])["trade"].sum() == pytest.approx(
        float(economy.output.sel(origin="C1", sector="s0"))
    )
    assert result.prices("C2")["tariff_revenue_cf"].sum() == pytest.approx(
        float(result.tariff_revenue_cf.sel(country="C2"))
    )
    with pytest.raises(UnknownLabel, match="unknown country 'C9'"):
        result.suppliers("C9")


def test_the_average_duty_is_what_imports_pay_and_home_sales_are_no_imports() -> None:
    names, goods = ["A", "B"], ["taxed", "free"]
    trade = np.array([[[70.0, 20.0], [30.0, 10.0]], [[30.0, 10.0], [70.0, 20.0]]])
    tariff = np.zeros(trade.shape)
    tariff[1, 0, 0] = 0.1
    economy = entrepot.Economy.from_dataset(dataset(trade, tariff, np.zeros((2, 2, 2)), np.full(2, 4.0), names, goods))
    raised = economy.tariff.copy(deep=True)
    raised.loc[{"origin": "B", "destination": "A", "sector": "taxed"}] = 0.5
    table = entrepot.solve(economy, Shock(tariff=raised)).prices("A")
    assert table["average_duty"].tolist() == pytest.approx([0.1, 0.0])
    assert table["average_duty_cf"].tolist() == pytest.approx([0.5, 0.0])
    assert table["tariff_revenue"].tolist() == pytest.approx([3.0, 0.0])

    # A country merged of two that tax each other pays duty on what it sells itself: those sales are counted then.
    both = economy.aggregate(countries=dict.fromkeys(names, "both"))
    merged = entrepot.solve(both, Shock()).prices("both")
    assert merged.loc["taxed", "tariff_revenue"] == pytest.approx(3.0)
    assert merged.loc["taxed", "average_duty"] == pytest.approx(3.0 / 200.0)
