"""Caliendo and Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of Economic Studies 82.

1993 economy, 31 countries by 40 sectors; NAFTA members' duties on each other move to their rates of 2005. The paper
first removes all trade imbalances, and decomposes welfare with a one-step formula. Tolerance: half of the last printed
digit.
"""

from pathlib import Path

import pytest
import xarray as xr

import entrepot
from entrepot.data.cubes import read_cube
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result

HALF_OF_LAST_DIGIT = 0.005

TABLE_2 = {  # per cent: welfare, terms of trade, volume of trade, real wage
    "Mexico": (1.31, -0.41, 1.72, 1.72),
    "Canada": (-0.06, -0.11, 0.04, 0.32),
    "USA": (0.08, 0.04, 0.04, 0.11),
}
TABLE_5 = {  # per cent growth of imports: importer, exporter
    ("Mexico", "Canada"): 116.60,
    ("Mexico", "USA"): 118.31,
    ("Canada", "Mexico"): 58.57,
    ("Canada", "USA"): 9.49,
    ("USA", "Mexico"): 109.54,
    ("USA", "Canada"): 6.57,
}
EXACT = {"Mexico": 0.0073, "Canada": -0.1101, "USA": 0.0741}  # per cent, in the same equilibrium


@pytest.fixture(scope="module")
def dataset(published: Path) -> xr.Dataset:
    return read_cube(published / "caliendo_parro_2015" / "nafta.nc")


@pytest.fixture(scope="module")
def raw(dataset: xr.Dataset) -> Economy:
    return Economy.from_dataset(dataset, name="nafta 1993")


@pytest.fixture(scope="module")
def nafta(raw: Economy, dataset: xr.Dataset) -> Result:
    return entrepot.solve(raw.rebalanced("zero"), entrepot.Shock(tariff=dataset["tariff_cf"]))


@pytest.mark.parametrize("country", TABLE_2)
def test_table_2_welfare_terms_of_trade_volume_and_real_wage(nafta: Result, country: str) -> None:
    welfare, terms_of_trade, volume, real_wage = TABLE_2[country]
    row = 100 * entrepot.decompose(nafta, "one_step").loc[country]
    assert row["sum"] == pytest.approx(welfare, abs=HALF_OF_LAST_DIGIT)
    assert row["terms_of_trade"] == pytest.approx(terms_of_trade, abs=HALF_OF_LAST_DIGIT)
    assert row["volume_of_trade"] == pytest.approx(volume, abs=HALF_OF_LAST_DIGIT)
    wage = 100 * (float(nafta.real_wage_hat.sel(country=country)) - 1)
    assert wage == pytest.approx(real_wage, abs=HALF_OF_LAST_DIGIT)


@pytest.mark.parametrize(("importer", "exporter"), TABLE_5)
def test_table_5_import_growth(nafta: Result, importer: str, exporter: str) -> None:
    flow = {"origin": exporter, "destination": importer}
    growth = float(nafta.trade_cf.sel(flow).sum() / nafta.economy.trade.sel(flow).sum())
    assert 100 * (growth - 1) == pytest.approx(TABLE_5[importer, exporter], abs=HALF_OF_LAST_DIGIT)


@pytest.mark.parametrize("country", EXACT)
def test_the_exact_change_in_real_income_is_not_the_one_step_formula(nafta: Result, country: str) -> None:
    exact = 100 * (float(nafta.real_income_hat.sel(country=country)) - 1)
    assert exact == pytest.approx(EXACT[country], abs=0.00005)


def test_the_path_decomposition_adds_up_to_the_exact_change(nafta: Result) -> None:
    table = entrepot.decompose(nafta)
    assert float(table["error"].abs().max()) < 1e-9
    # For Mexico volume gains and terms-of-trade losses cancel; the one-step formula has the gains 2.5 times too large.
    assert 100 * table.loc["Mexico", "volume_of_trade"] == pytest.approx(0.685, abs=0.001)
    assert 100 * table.loc["Mexico", "terms_of_trade"] == pytest.approx(-0.678, abs=0.001)


def test_raw_accounts_are_refused_until_they_are_rebalanced(raw: Economy, dataset: xr.Dataset) -> None:
    assert not raw.closed
    with pytest.raises(entrepot.InputError, match="do not close.*rebalanced"):
        entrepot.solve(raw, entrepot.Shock(tariff=dataset["tariff_cf"]))


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["zero", "fixed", "scaled"])
def test_the_variant_without_input_links_runs(raw: Economy, dataset: xr.Dataset, rule: str) -> None:
    result = entrepot.solve(
        raw.rebalanced(rule), entrepot.Shock(tariff=dataset["tariff_cf"]), model="multi_sector", deficits=rule
    )
    assert float(result.real_income_hat.sel(country="Mexico")) > 1
    assert result.walras < 1e-9
