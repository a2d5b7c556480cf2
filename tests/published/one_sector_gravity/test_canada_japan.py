"""A Canada-Japan agreement in 2006, as the program gegravity 0.3 computes it (Herman 2021), and in full equilibrium.

That program's "full GE" holds every country's nominal output and spending at the base year inside the multilateral
resistances, while factory prices move. The model `conditional_gravity` does the same and gives its numbers. In the
`armington` model incomes move as well; the same equations solved in levels by another road confirm that one.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.optimize import root

import entrepot
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock

COEFFICIENTS = {
    "lndist": -0.3898623, "contiguity": 0.891577, "common_language": 0.0326249, "pta": 0.4711383,
    "international": -3.412584,
}  # fmt: skip
THETA = 4.0  # sigma 5


def cost_power(pairs: pd.DataFrame, countries: list[str]) -> np.ndarray:
    """Return t^(1 - sigma) [origin, destination]."""
    power = np.exp(sum(value * pairs[name] for name, value in COEFFICIENTS.items()))
    index = pd.MultiIndex.from_frame(pairs[["exporter", "importer"]])
    return power.set_axis(index).unstack().loc[countries, countries].to_numpy()


def gravity(power: np.ndarray, output: np.ndarray, spending: np.ndarray) -> np.ndarray:
    """Return trade with the multilateral resistances that reproduce output and spending."""
    inward = np.ones(len(output))
    for _ in range(10_000):
        outward = output / (power @ inward)
        new = spending / (power.T @ outward)
        settled = np.abs(new / inward - 1).max() < 1e-15
        inward = new
        if settled:
            break
    return (output / (power @ inward))[:, None] * power * inward


@pytest.fixture(scope="module")
def case(published: Path) -> tuple[Economy, Shock, pd.DataFrame]:
    folder = published / "one_sector_gravity"
    pairs = pd.read_csv(folder / "sample_2006.csv")
    countries = sorted(pairs["exporter"].unique())
    after = pairs.copy()
    both = {"CAN", "JPN"}
    after.loc[after["exporter"].isin(both) & after["importer"].isin(both) & (after["international"] == 1), "pta"] = 1
    before, then = cost_power(pairs, countries), cost_power(after, countries)
    output = pairs.drop_duplicates("exporter").set_index("exporter")["Y"].loc[countries].to_numpy(float)
    spending = pairs.drop_duplicates("importer").set_index("importer")["E"].loc[countries].to_numpy(float)
    spending *= output.sum() / spending.sum()  # that program takes shares of either total
    coords = {"origin": countries, "destination": countries, "sector": ["all"]}
    trade = gravity(before, output, spending)[:, :, None]
    economy = Economy.from_dataset(xr.Dataset({"trade": (tuple(coords), trade)}, coords), theta=THETA)
    hat = xr.DataArray(((then / before) ** (-1 / THETA))[:, :, None], coords, tuple(coords))
    return economy, Shock(iceberg_hat=hat), pd.read_csv(folder / "expected_country_results.csv", index_col="country")


def test_every_country_as_that_program_prints_it(case: tuple[Economy, Shock, pd.DataFrame]) -> None:
    economy, shock, expected = case
    result = entrepot.solve(economy, shock, model="conditional_gravity")
    gdp = 100 * (result.real_wage_hat.to_series() - 1)
    np.testing.assert_allclose(gdp, expected["GDP change (percent)"], atol=1e-5)
    assert gdp["CAN"] == pytest.approx(0.418261, abs=1e-6)
    assert gdp["JPN"] == pytest.approx(0.053755, abs=1e-6)
    assert gdp["USA"] == pytest.approx(-0.007411, abs=1e-6)
    np.testing.assert_allclose(result.output_cf, economy.output, rtol=1e-9)  # which is what it holds


def test_in_full_equilibrium_canada_gains_two_per_cent_more_of_it(case: tuple[Economy, Shock, pd.DataFrame]) -> None:
    economy, shock, _ = case
    result = entrepot.solve(economy, shock, model="armington")
    gdp = 100 * (result.real_wage_hat.to_series() - 1)
    assert gdp["CAN"] == pytest.approx(0.428333, abs=1e-6)

    # the same in levels: endowments, their prices, and spending that follows from them
    before, hat = economy.trade.values[:, :, 0], shock.iceberg_hat.values[:, :, 0]  # type: ignore[union-attr]
    output, deficit = before.sum(axis=1), economy.deficit.values
    taste = before / before.sum(axis=0)

    def at(log_price: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        price = np.exp(log_price)
        price = price * output.sum() / (price * output).sum()
        offers = taste * (price[:, None] * hat) ** -THETA
        trade = offers / offers.sum(axis=0) * (price * output + deficit)
        return price, offers.sum(axis=0) ** (-1 / THETA), trade.sum(axis=1) - price * output

    found = root(lambda free: at(np.append(free, 0.0))[2][:-1] / output[:-1], np.zeros(len(output) - 1), tol=1e-13)
    price, living, excess = at(np.append(found.x, 0.0))
    assert np.abs(excess / output).max() < 1e-10
    np.testing.assert_allclose(gdp, 100 * (price / living - 1), atol=1e-8)
