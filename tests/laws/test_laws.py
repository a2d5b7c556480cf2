"""Laws that hold in every economy, whatever its numbers (MODEL: "Laws every economy obeys")."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import entrepot
from economies import borders, iceberg, random_dataset, random_economy, random_shock
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.policy.shock import Shock
from examples import FEWER

seeds = st.integers(min_value=0, max_value=2**32 - 1)
deficits = st.sampled_from(["fixed", "scaled", "multiplicative", "zero"])

TIGHT = 1e-9  # the solver stops at 1e-11 of any unknown; elasticities near 9 and sums over cells cost two digits


def same(one: xr.DataArray, other: xr.DataArray, tolerance: float = TIGHT) -> None:
    np.testing.assert_allclose(one.values, other.values, rtol=tolerance, atol=tolerance)


@pytest.mark.slow
@FEWER
@given(seeds, st.sampled_from(["fixed", "scaled"]), st.sampled_from(["caliendo_parro", "multi_sector"]))
def test_no_shock_changes_nothing_in_one_step(seed: int, rule: str, model: str) -> None:
    result = entrepot.solve(random_economy(seed), Shock(), deficits=rule, model=model)
    assert result.steps == 1
    assert float(abs(result.real_income_hat - 1).max()) < 1e-12
    same(result.trade_cf, result.economy.trade, 1e-12)


@given(seeds, deficits)
def test_shares_sum_to_one_and_every_account_closes_after_a_shock(seed: int, rule: str) -> None:
    economy = random_economy(seed)
    result = entrepot.solve(economy, random_shock(economy, seed), deficits=rule)
    economy = result.economy  # under `zero` the base year is balanced first
    np.testing.assert_allclose(result.trade_share_cf.sum("origin"), 1.0, rtol=1e-10)
    value_added = (economy.value_added_share * result.output_cf.rename(origin="country")).sum("sector")
    same(value_added, result.wage_hat * economy.value_added)
    final = result.expenditure_cf.rename(destination="country") - (
        economy.input_share * result.output_cf.rename(origin="country")
    ).sum("sector").rename(input="sector")
    same(final.transpose("country", "sector"), economy.final_share * result.income_cf)
    same(result.income_cf, value_added + result.tariff_revenue_cf + result.deficit_cf)
    assert float(value_added.sum()) == pytest.approx(float(economy.value_added.sum()), rel=1e-10)


@FEWER
@given(seeds, deficits)
def test_the_unused_market_clears(seed: int, rule: str) -> None:
    economy = random_economy(seed)
    result = entrepot.solve(economy, random_shock(economy, seed), deficits=rule)
    exports = result.trade_cf.sum(("destination", "sector")).rename(origin="country")
    imports = result.trade_cf.sum(("origin", "sector")).rename(destination="country")
    same((exports + result.deficit_cf) / result.income_cf, imports / result.income_cf)
    assert abs(float(result.deficit_cf.sum())) < 1e-8 * float(result.income_cf.sum())
    assert result.walras < 1e-9


@pytest.mark.slow
@FEWER
@given(seeds)
def test_relabelling_countries_relabels_answers(seed: int) -> None:
    economy = random_economy(seed)
    shock = random_shock(economy, seed)
    order = np.random.default_rng(seed).permutation(list(economy.countries)).tolist()
    there = {"origin": order, "destination": order}
    shuffled = Economy.from_dataset(random_dataset(seed).sel(there | {"country": order}))
    assert shock.tariff is not None
    assert shock.iceberg_hat is not None
    moved = Shock(tariff=shock.tariff.sel(there), iceberg_hat=shock.iceberg_hat.sel(there))
    one, other = entrepot.solve(economy, shock), entrepot.solve(shuffled, moved)
    same(one.real_income_hat.sel(country=order), other.real_income_hat)
    same(one.trade_cf.sel(there), other.trade_cf)


@pytest.mark.slow
@FEWER
@given(seeds)
def test_splitting_a_sector_into_identical_halves_changes_nothing_else(seed: int) -> None:
    dataset = random_dataset(seed, sectors=2)
    whole = Economy.from_dataset(dataset)
    halves = dataset.isel(sector=[0, 1, 1], input=[0, 1, 1]).assign_coords(
        sector=["s0", "s1a", "s1b"], input=["s0", "s1a", "s1b"]
    )
    split = {"sector": ["s1a", "s1b"]}
    halves["trade"].loc[split] = halves["trade"].loc[split] / 2
    halves["input_share"].loc[{"input": ["s1a", "s1b"]}] = halves["input_share"].loc[{"input": ["s1a", "s1b"]}] / 2
    parts = Economy.from_dataset(halves)
    shock = random_shock(whole, seed)
    assert shock.tariff is not None
    assert shock.iceberg_hat is not None
    doubled = Shock(
        tariff=shock.tariff.isel(sector=[0, 1, 1]).assign_coords(sector=halves["sector"]),
        iceberg_hat=shock.iceberg_hat.isel(sector=[0, 1, 1]).assign_coords(sector=halves["sector"]),
    )
    one, other = entrepot.solve(whole, shock), entrepot.solve(parts, doubled)
    same(one.real_income_hat, other.real_income_hat)
    same(one.trade_cf.sel(sector="s1"), other.trade_cf.sel(sector=["s1a", "s1b"]).sum("sector"))
    # and merging the halves again is where we came from
    merged = parts.aggregate(sectors={"s1a": "s1", "s1b": "s1"})
    same(merged.trade, whole.trade, 1e-13)
    same(merged.input_share, whole.input_share, 1e-12)
    same(merged.theta, whole.theta, 1e-12)


@pytest.mark.slow
@FEWER
@given(seeds)
def test_adding_an_empty_country_changes_nothing_else(seed: int) -> None:
    dataset = random_dataset(seed, countries=3)
    economy = Economy.from_dataset(dataset)
    names = [*economy.countries, "nobody"]
    widened = dataset.reindex(origin=names, destination=names, country=names, fill_value=0.0)
    widened["value_added_share"].loc[{"country": "nobody"}] = 1.0
    larger = Economy.from_dataset(widened)
    shock = random_shock(economy, seed)
    assert shock.tariff is not None
    assert shock.iceberg_hat is not None
    wider = Shock(
        tariff=shock.tariff.reindex(origin=names, destination=names, fill_value=0.0),
        iceberg_hat=shock.iceberg_hat.reindex(origin=names, destination=names, fill_value=1.0),
    )
    one, other = entrepot.solve(economy, shock), entrepot.solve(larger, wider)
    same(one.real_income_hat, other.real_income_hat.sel(country=list(economy.countries)))
    assert float(other.real_income_hat.sel(country="nobody")) == 1.0
    assert float(other.income_cf.sel(country="nobody")) == 0.0


@FEWER
@given(seeds, st.floats(min_value=0.5, max_value=2.0))
def test_uniform_productivity_scales_real_income(seed: int, productivity: float) -> None:
    """Goods that melt less on every way, home deliveries included, are productivity."""
    economy = random_economy(seed, inputs=False)
    result = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, 1 / productivity)))
    np.testing.assert_allclose(result.real_income_hat, productivity, rtol=1e-9)
    np.testing.assert_allclose(result.wage_hat, 1.0, rtol=1e-9)


@FEWER
@given(seeds)
def test_trade_shares_respond_to_costs_with_elasticity_theta(seed: int) -> None:
    economy = random_economy(seed)
    shock = random_shock(economy, seed)
    result = entrepot.solve(economy, shock)
    assert shock.tariff is not None
    assert shock.iceberg_hat is not None
    cost = shock.iceberg_hat * (1 + shock.tariff) / (1 + economy.tariff) * result.unit_cost_hat
    for i, country in enumerate(economy.countries):
        share_hat = result.trade_share_cf.sel(destination=country) / economy.trade_share.sel(destination=country)
        relative_cost = cost.sel(destination=country) / cost.isel(origin=i).sel(destination=country)
        relative_share = share_hat / share_hat.isel(origin=i)
        there = economy.trade.sel(destination=country).values > 0
        slope = np.log(relative_share.values[there]) + (np.log(relative_cost) * economy.theta).values[there]
        np.testing.assert_allclose(slope, 0.0, atol=1e-9)


def autarky(economy: Economy) -> Result:
    hat = np.where(np.broadcast_to(borders(economy), economy.trade.shape), np.inf, 1.0)
    return entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)), deficits="zero")


@pytest.mark.slow
@FEWER
@given(seeds, st.booleans(), st.sampled_from([1, 3]))
def test_autarky_follows_the_formula_with_leontief_weights(seed: int, inputs: bool, sectors: int) -> None:
    """Costinot and Rodriguez-Clare (2014), section 3: ln real wage = sum alpha (I - inputs')^-1 ln(own) / theta."""
    economy = random_economy(seed, sectors=sectors, tariffs=False, inputs=inputs).rebalanced("zero")
    result = autarky(economy)
    own = np.einsum("ccs->cs", economy.trade_share.values)
    for i in range(len(economy.countries)):
        recipe = economy.input_share.values[i]  # u s
        lost = np.linalg.solve(np.eye(len(recipe)) - recipe.T, np.log(own[i]) / economy.theta.values)
        expected = float(economy.final_share.values[i] @ lost)
        assert float(np.log(result.real_wage_hat[i])) == pytest.approx(expected, abs=1e-9)
        assert float(np.log(result.real_income_hat[i])) == pytest.approx(expected, abs=1e-9)


@pytest.mark.slow
@FEWER
@given(seeds, deficits)
def test_an_embargo_is_the_limit_of_rising_trade_costs(seed: int, rule: str) -> None:
    economy = random_economy(seed, zeros=0.0)
    hat = np.ones(economy.trade.shape)
    hat[0, 1, :] = hat[1, 0, :] = np.inf
    far = np.where(np.isinf(hat), 1e12, hat)
    embargo = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)), deficits=rule)
    limit = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, far)), deficits=rule)
    assert float(embargo.trade_cf.isel(origin=0, destination=1).sum()) == 0.0
    same(embargo.real_income_hat, limit.real_income_hat, 1e-8)


@pytest.mark.parametrize(
    ("blocked", "message"),
    [
        ((slice(0, 1), slice(1, None)), "may not export, so it cannot pay"),
        ((slice(1, None), slice(0, 1)), "may not import, so it would give"),
    ],
)
def test_a_country_that_cannot_pay_is_refused_with_the_reason(blocked: tuple[slice, slice], message: str) -> None:
    economy = random_economy(1).rebalanced("zero")
    hat = np.ones(economy.trade.shape)
    hat[blocked] = np.inf
    with pytest.raises(entrepot.InputError, match=f"C0 {message}.*no equilibrium exists"):
        entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)))


@pytest.mark.slow
@FEWER
@given(seeds)
def test_the_terms_of_the_path_decomposition_add_up(seed: int) -> None:
    economy = random_economy(seed)
    result = entrepot.solve(economy, random_shock(economy, seed), deficits="scaled")
    table = entrepot.decompose(result)
    assert float(table["error"].abs().max()) < 2e-9
    terms = ["terms_of_trade", "volume_of_trade", "trade_costs", "productivity", "scale", "imbalances"]
    assert list(table.columns[:6]) == terms


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["fixed", "scaled", "zero"])
def test_the_path_decomposition_also_adds_up_through_an_embargo(rule: str) -> None:
    economy = random_economy(3)
    hat = np.ones(economy.trade.shape)
    hat[0, 1, :] = np.inf
    assert float(economy.trade.isel(origin=0, destination=1).sum()) > 0
    result = entrepot.solve(economy, Shock(iceberg_hat=iceberg(economy, hat)), deficits=rule)
    assert float(entrepot.decompose(result)["error"].abs().max()) < 1e-7


@pytest.mark.slow
@FEWER
@given(seeds)
def test_rebalancing_removes_every_imbalance_and_closes_the_accounts(seed: int) -> None:
    economy = random_economy(seed)
    balanced = economy.rebalanced("zero")
    assert float(abs(balanced.deficit).max()) < 1e-9 * float(economy.income.max())
    assert balanced.closed
    assert "Rebalanced with deficits zero" in balanced.notes[-1]
    assert economy.rebalanced("fixed") is economy
    assert entrepot.solve(balanced, Shock()).steps == 1


def test_the_small_country_optimal_tariff_tends_to_one_over_theta() -> None:
    """A country of 1e-4 of the world: real income peaks at a uniform tariff of 1 / theta."""
    size, theta = 1e-4, 4.0
    trade = np.array([[[0.5 * size], [0.5 * size]], [[0.5 * size], [1.0]]])
    names = ["small", "large"]
    economy = Economy.from_dataset(
        xr.Dataset(
            {"trade": (("origin", "destination", "sector"), trade)},
            coords={"origin": names, "destination": names, "sector": ["all"]},
        ),
        theta=theta,
    )

    def welfare(rate: float) -> float:
        tariff = xr.zeros_like(economy.tariff)
        tariff.loc[{"origin": "large", "destination": "small"}] = rate
        return float(entrepot.solve(economy, Shock(tariff=tariff)).real_income_hat.sel(country="small"))

    rates = 1 / theta + np.array([-0.02, 0.0, 0.02])
    low, peak, high = (welfare(rate) for rate in rates)
    assert peak > low
    assert peak > high
    # the parabola through the three points peaks within a per cent of 1 / theta
    assert rates[1] + 0.01 * (high - low) / (2 * peak - low - high) == pytest.approx(1 / theta, rel=0.01)


@pytest.mark.slow
def test_a_point_where_somebody_spends_less_than_nothing_is_no_equilibrium() -> None:
    """A surplus of 90 % of income, constant in the numeraire, cannot be kept once income falls by more than a tenth."""
    trade = np.array([[[1.0], [9.0], [0.0]], [[0.0], [50.0], [9.0]], [[0.0], [0.0], [50.0]]])
    names = ["saver", "middle", "end"]
    economy = Economy.from_dataset(
        xr.Dataset(
            {"trade": (("origin", "destination", "sector"), trade)},
            coords={"origin": names, "destination": names, "sector": ["all"]},
        ),
        theta=5.0,
    )
    tariff = xr.zeros_like(economy.tariff)
    tariff.loc[{"origin": "saver", "destination": "middle"}] = 0.5
    with pytest.raises(entrepot.NotConverged, match="saver"):
        entrepot.solve(economy, Shock(tariff=tariff))
    assert float(entrepot.solve(economy, Shock(tariff=tariff), deficits="scaled").real_income_hat.min()) > 0


@pytest.mark.slow
@FEWER
@given(seeds, deficits)
def test_real_incomes_are_positive(seed: int, rule: str) -> None:
    economy = random_economy(seed)
    result = entrepot.solve(economy, random_shock(economy, seed), deficits=rule)
    assert float(result.real_income_hat.min()) > 0
