"""Kernels on rectangular shapes: with 2 origins and 3 destinations, swapping the two cannot pass."""

import jax.numpy as jnp
import numpy as np
import pytest

from economies import borders, iceberg, random_economy
from entrepot.economy.closure import CLOSURES
from entrepot.equilibrium.model import encoding, equations
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import MODELS
from entrepot.equilibrium.model.problem import Problem
from entrepot.policy.shock import Shock

SECTORS, ORIGINS, DESTINATIONS = 4, 2, 3


@pytest.fixture(scope="module")
def draw() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def cube(draw: np.random.Generator) -> np.ndarray:
    return draw.uniform(0.1, 1, (SECTORS, ORIGINS, DESTINATIONS))


@pytest.mark.parametrize("library", [np, jnp])
def test_prices_sum_over_origins_and_sales_over_destinations(
    draw: np.random.Generator, cube: np.ndarray, library
) -> None:  # type: ignore[no-untyped-def]
    cost_power = draw.uniform(0.5, 2, (SECTORS, ORIGINS))
    per_power = draw.uniform(0.5, 2, (SECTORS, DESTINATIONS))
    price = np.zeros((SECTORS, DESTINATIONS))
    sold = np.zeros((SECTORS, ORIGINS))
    bought = np.zeros((SECTORS, DESTINATIONS))
    for s in range(SECTORS):
        for o in range(ORIGINS):
            for d in range(DESTINATIONS):
                price[s, d] += cube[s, o, d] * cost_power[s, o]
                value = cube[s, o, d] * cost_power[s, o] * per_power[s, d]
                sold[s, o] += value
                bought[s, d] += value
    supplied = np.ones((SECTORS, DESTINATIONS), dtype=bool)
    weight, costs, powers = (library.asarray(one) for one in (cube, cost_power, per_power))
    np.testing.assert_allclose(equations.sourcing_price_power(weight, costs, supplied), price, rtol=1e-14)
    np.testing.assert_allclose(equations.sales(weight, costs, powers), sold, rtol=1e-14)
    left = equations.border_share(weight, costs, library.asarray(price)) * powers * price
    np.testing.assert_allclose(left, bought, rtol=1e-14)


def test_at_given_unit_costs_a_tariff_and_a_trade_cost_of_equal_size_give_equal_prices_and_shares() -> None:
    """Packed from a duty and from an iceberg cost: the same weights, but only the duty leaves the seller less."""
    economy = random_economy(4, tariffs=False)
    abroad = np.broadcast_to(borders(economy), economy.trade.shape)
    rise = np.where(abroad, 0.3, 0.0)
    duty, melted = (
        encoding.build_problem(Exercise(economy, shock.on(economy).wedges, MODELS["caliendo_parro"], CLOSURES["fixed"]))
        for shock in (Shock(tariff=economy.tariff + rise), Shock(iceberg_hat=iceberg(economy, 1 + rise)))
    )
    np.testing.assert_allclose(duty.weight, melted.weight, rtol=1e-13)
    crossing = np.moveaxis(abroad, -1, 0) & (np.asarray(duty.weight) > 0)
    np.testing.assert_allclose(duty.net_weight[crossing], melted.net_weight[crossing] / 1.3, rtol=1e-13)
    cost_power = np.full(economy.trade.shape[::-1][:2], 1.2)
    prices = [equations.sourcing_price_power(one.weight, cost_power, one.supplied) for one in (duty, melted)]
    np.testing.assert_allclose(*prices, rtol=1e-13)


def test_shares_of_income_shift_alike_until_the_worlds_deficits_add_up_to_zero(draw: np.random.Generator) -> None:
    for spread in (0.05, 0.5, 3.0):
        share = draw.uniform(-spread, min(spread, 0.7), 6)
        before = draw.lognormal(0, 2, 6)
        returned = draw.uniform(0, 0.2, 6)  # duty on final goods, as a share of income
        nothing = dict.fromkeys(Problem._fields)
        problem = Problem(**nothing)._replace(deficit_share=share, deficit=np.zeros(6))
        income = equations.incomes(before, returned, problem.deficit, problem)
        deficit = income - before - returned * income
        assert abs(deficit.sum()) < 1e-12 * before.sum()
        shift = share - deficit / income
        np.testing.assert_allclose(shift, shift[0], atol=1e-12)
        assert (income > 0).all()


@pytest.mark.parametrize("own", [0.02, 0.009, 1e-3, 1e-6])
def test_imbalances_add_up_where_a_country_on_others_surpluses_has_lost_its_own_income(own: float) -> None:
    """One country spends ten times what it earns in the base year, then earns the part `own` of the world's income.

    Below a hundredth the first step of Newton's method goes beyond the pole, to incomes that are negative.
    """
    before, share = np.array([own, 1 - own]), np.array([0.9, -0.4])
    problem = Problem(**dict.fromkeys(Problem._fields))._replace(deficit_share=share, deficit=np.zeros(2))
    income = equations.incomes(before, np.zeros(2), problem.deficit, problem)
    assert (income > 0).all()
    assert abs((income - before).sum()) < 1e-12
    # by hand: with imbalances m and -m, the shares of income that they are stay 1.3 apart
    received = income[0] - own
    assert received / income[0] + received / income[1] == pytest.approx(1.3, rel=1e-12)
