"""Laws of production taxes and markups."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import entrepot
import levels
from economies import borders, levied_economy, random_economy, random_shock
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock
from examples import FEWER

pytestmark = pytest.mark.slow

seeds = st.integers(0, 2**31)


def on_production(economy: Economy, rates: np.ndarray) -> xr.DataArray:
    """Return rates [country, sector] with labels."""
    return economy.labelled(np.broadcast_to(rates, economy.value_added_share.shape), ("country", "sector"), "rate")


@FEWER
@given(seeds)
def test_one_rate_on_all_production_of_a_country_without_inputs_changes_nothing_real(seed: int) -> None:
    economy = random_economy(seed, inputs=False, tariffs=False).rebalanced("zero")
    rates = np.zeros(economy.value_added_share.shape)
    rates[0] = 0.2
    result = entrepot.solve(economy, Shock(production_tax=on_production(economy, rates)), deficits="zero")
    assert float(abs(result.real_income_hat - 1).max()) < 1e-8


@FEWER
@given(seeds)
def test_a_production_tax_is_an_export_tax_on_every_buyer_home_included(seed: int) -> None:
    economy = random_economy(seed)
    rates = np.random.default_rng(seed).uniform(-0.1, 0.2, economy.value_added_share.shape)
    everywhere = economy.labelled(
        np.broadcast_to(rates[:, None, :], economy.trade.shape), ("origin", "destination", "sector"), "export_tax"
    )
    one = entrepot.solve(economy, Shock(production_tax=on_production(economy, rates)))
    other = entrepot.solve(economy, Shock(export_tax=everywhere))
    np.testing.assert_allclose(one.real_income_hat, other.real_income_hat, rtol=1e-9)
    np.testing.assert_allclose(one.production_tax_revenue_cf, other.export_tax_revenue_cf, atol=1e-9, rtol=1e-8)
    assert float(abs(one.export_tax_revenue_cf).max()) == 0


@given(seeds)
def test_equations_hold_and_levies_add_up_where_all_three_stack(seed: int) -> None:
    economy = levied_economy(seed)
    draw = np.random.default_rng(seed)
    shape = economy.value_added_share.shape
    shock = Shock(
        tariff=random_shock(economy, seed, 0.2).tariff,
        export_tax=economy.export_tax + 0.1 * borders(economy),
        production_tax=economy.production_tax + on_production(economy, draw.uniform(-0.05, 0.1, shape)),
        markup=economy.markup + on_production(economy, draw.uniform(0, 0.05, shape)),
    )
    result = entrepot.solve(economy, shock)
    assert max(levels.errors(result).values()) < 1e-8
    earned = result.profit_cf + result.production_tax_revenue_cf + result.export_tax_revenue_cf
    paid = (result.trade_cf * (1 - 1 / result.wedges.levy_factor())).sum(("destination", "sector"))
    np.testing.assert_allclose(earned, paid.values, rtol=1e-9, atol=1e-9)
    terms = entrepot.decompose(result)
    assert float(terms["error"].abs().max()) < 1e-7
    assert {"production_taxes", "markups"} <= set(terms)


def test_the_best_production_tax_of_a_closed_country_undoes_its_markups() -> None:
    """Markups of 35 and 10 %: the tax on the first over that on the second is best at 1.1 / 1.35 - 1 = -18.5185 %."""
    trade = xr.DataArray(
        np.array([[[1.0, 2.0]]]),
        dims=("origin", "destination", "sector"),
        coords={"origin": ["A"], "destination": ["A"], "sector": ["s0", "s1"]},
    )
    markup = xr.DataArray([[0.35, 0.10]], dims=("country", "sector"), coords={"country": ["A"], "sector": ["s0", "s1"]})
    economy = Economy.from_dataset(xr.Dataset({"trade": trade, "markup": markup}), theta=4.0)

    def welfare(tax: float) -> float:
        result = entrepot.solve(economy, Shock(production_tax=on_production(economy, np.array([[tax, 0.0]]))))
        return float(result.real_income_hat[0])

    best = 1.1 / 1.35 - 1
    step = 1e-3
    slope = (welfare(best + step) - welfare(best - step)) / (2 * step)
    assert slope == pytest.approx(0, abs=1e-6)
    assert welfare(best) > max(welfare(best - 0.05), welfare(best + 0.05), 1.0)
