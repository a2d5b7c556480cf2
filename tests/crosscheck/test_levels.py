"""Two roads to one number: exact hats from shares alone, and the same model solved in levels before and after.

The levels road knows technologies and trade costs and shares no code with entrepot: SciPy finds wages that clear the
labour markets of an Armington economy with input links, duties and imbalances, once for each set of trade costs.
"""

import numpy as np
import pytest
import xarray as xr
from scipy.optimize import root

import entrepot
from economies import dataset, iceberg
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock

COUNTRIES, SECTORS = 3, 2


class Levels:
    """An Armington economy in levels; axes o d s and c u s as in the model's equations."""

    def __init__(self, seed: int) -> None:
        draw = np.random.default_rng(seed)
        self.labour = draw.uniform(1, 5, COUNTRIES)
        self.taste = draw.uniform(0.2, 1, (COUNTRIES, COUNTRIES, SECTORS))
        self.theta = draw.uniform(2, 6, SECTORS)
        self.cost = 1 + draw.uniform(0.2, 1.0, self.taste.shape)
        self.tariff = draw.uniform(0, 0.3, self.taste.shape)
        own = np.arange(COUNTRIES)
        self.cost[own, own], self.tariff[own, own] = 1.0, 0.0
        recipe = draw.dirichlet(np.ones(SECTORS + 1), (COUNTRIES, SECTORS))
        self.input_share = np.moveaxis(recipe[:, :, :-1], 1, 2)
        self.value_added_share = recipe[:, :, -1]
        self.final_share = draw.dirichlet(np.ones(SECTORS), COUNTRIES)
        deficit = draw.uniform(-0.1, 0.1, COUNTRIES)
        self.deficit = deficit - deficit.mean()

    def equilibrium(self, cost: np.ndarray, tariff: np.ndarray) -> dict[str, np.ndarray]:
        """Return wages, prices, trade and income; the world's labour income is constant, as the numeraire."""

        def at(log_wage: np.ndarray) -> dict[str, np.ndarray]:
            wage = np.exp(log_wage)
            wage = wage * self.labour.sum() / (wage * self.labour).sum()
            price = np.ones((COUNTRIES, SECTORS))
            for _ in range(5000):
                unit = np.exp(
                    self.value_added_share * np.log(wage)[:, None]
                    + np.einsum("cus,cu->cs", self.input_share, np.log(price))
                )
                offer = self.taste * (unit[:, None, :] * cost * (1 + tariff)) ** -self.theta
                new = offer.sum(axis=0) ** (-1 / self.theta)
                settled = np.abs(np.log(new / price)).max() < 1e-15
                price = new
                if settled:
                    break
            share = offer / offer.sum(axis=0)
            # Income and spending are linear in each other: one system for the spending of every country and sector.
            cells = COUNTRIES * SECTORS
            spent = np.eye(cells).reshape(cells, COUNTRIES, SECTORS)
            sold = share[None] * spent[:, None] / (1 + tariff)
            used = np.einsum("cus,kcs->kcu", self.input_share, sold.sum(axis=2))
            duty = (sold * tariff).sum(axis=(1, 3))
            response = used + self.final_share[None] * duty[:, :, None]
            given = self.final_share * (wage * self.labour + self.deficit)[:, None]
            spending = np.linalg.solve(np.eye(cells) - response.reshape(cells, cells).T, given.ravel())
            trade = share * spending.reshape(COUNTRIES, SECTORS) / (1 + tariff)
            demanded = (self.value_added_share * trade.sum(axis=1)).sum(axis=1)
            income = wage * self.labour + (trade * tariff).sum(axis=(0, 2)) + self.deficit
            return {
                "wage": wage,
                "price": price,
                "trade": trade,
                "income": income,
                "excess": demanded - wage * self.labour,
            }

        found = root(lambda free: at(np.append(free, 0.0))["excess"][:-1], np.zeros(COUNTRIES - 1), tol=1e-14)
        solved = at(np.append(found.x, 0.0))
        assert np.abs(solved["excess"]).max() < 1e-10
        return solved


@pytest.mark.parametrize("seed", range(4))
def test_hats_equal_the_ratio_of_two_equilibria_in_levels(seed: int) -> None:
    levels = Levels(seed)
    draw = np.random.default_rng(100 + seed)
    abroad = ~np.eye(COUNTRIES, dtype=bool)[:, :, None]
    cost_cf = levels.cost * (1 + draw.uniform(-0.15, 0.3, levels.cost.shape) * abroad)
    tariff_cf = levels.tariff + draw.uniform(-0.05, 0.5, levels.tariff.shape) * abroad
    before = levels.equilibrium(levels.cost, levels.tariff)
    after = levels.equilibrium(cost_cf, tariff_cf)

    names, goods = [f"C{i}" for i in range(COUNTRIES)], [f"s{i}" for i in range(SECTORS)]
    economy = Economy.from_dataset(
        dataset(before["trade"], levels.tariff, levels.input_share, levels.theta, names, goods)
    )
    np.testing.assert_allclose(economy.final_share, levels.final_share, atol=1e-10)
    np.testing.assert_allclose(economy.deficit, levels.deficit, atol=1e-10)

    tariff = xr.zeros_like(economy.tariff) + tariff_cf
    result = entrepot.solve(economy, Shock(tariff=tariff, iceberg_hat=iceberg(economy, cost_cf / levels.cost)))
    np.testing.assert_allclose(result.wage_hat, after["wage"] / before["wage"], rtol=1e-9)
    np.testing.assert_allclose(result.price_hat, after["price"] / before["price"], rtol=1e-9)
    np.testing.assert_allclose(result.trade_cf, after["trade"], rtol=1e-8)
    np.testing.assert_allclose(result.income_cf, after["income"], rtol=1e-9)
    cost_of_living = np.prod((after["price"] / before["price"]) ** levels.final_share, axis=1)
    np.testing.assert_allclose(result.real_income_hat, after["income"] / before["income"] / cost_of_living, rtol=1e-9)
