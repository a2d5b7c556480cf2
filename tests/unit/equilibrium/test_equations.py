"""Kernels on rectangular shapes: with 2 origins and 3 destinations, swapping the two cannot pass."""

import jax.numpy as jnp
import numpy as np
import pytest

from entrepot.equilibrium import equations

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
    np.testing.assert_allclose(equations.purchases(weight, costs, powers), bought, rtol=1e-14)


def test_at_given_unit_costs_a_tariff_and_a_trade_cost_of_equal_size_give_equal_prices_and_shares(
    cube: np.ndarray,
) -> None:
    theta, wedge = 4.0, 1.3
    cost_power = np.full((SECTORS, ORIGINS), 1.2**-theta)
    supplied = np.ones((SECTORS, DESTINATIONS), dtype=bool)
    share = cube / cube.sum(axis=1, keepdims=True)
    dearer = share.copy()
    dearer[:, 0, 1] *= wedge**-theta  # the same factor whichever of the two it is
    price = equations.sourcing_price_power(dearer, cost_power, supplied)
    # a tariff differs only in what reaches the seller
    spent = np.ones((SECTORS, DESTINATIONS))
    duty = np.ones_like(share)
    duty[:, 0, 1] = wedge
    gross, net = (equations.sales(weight, cost_power, spent / price) for weight in (dearer, dearer / duty))
    assert (net[:, 0] < gross[:, 0]).all()
    np.testing.assert_allclose(net[:, 1], gross[:, 1])


def test_shares_of_income_shift_alike_until_the_worlds_deficits_add_up_to_zero(draw: np.random.Generator) -> None:
    for spread in (0.05, 0.5, 3.0):
        share = draw.uniform(-spread, min(spread, 0.9), 6)
        own = draw.lognormal(0, 2, 6)
        problem = equations.Problem(*[None] * len(equations.Problem._fields))._replace(deficit_share=share)
        deficit = equations.deficits(own, problem)
        assert abs(deficit.sum()) < 1e-12 * own.sum()
        shift = share - deficit / (own + deficit)
        np.testing.assert_allclose(shift, shift[0], atol=1e-12)
        assert (own + deficit > 0).all()
