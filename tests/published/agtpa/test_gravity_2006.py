"""Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade Policy Analysis (WTO and UNCTAD).

Nothing in entrepot estimates gravity. What is tested here is the panel that an estimate would start from: Poisson
regression on it, written out below, gives the coefficients that the guide prints.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array, diags_array, hstack
from scipy.sparse.linalg import lsmr

from entrepot.data.store import read_parquet

PRINTED = {"ln distance": -0.7912879, "contiguity": 0.6736456, "international border": -2.474450}
HALF_OF_LAST_DIGIT = {"ln distance": 5e-8, "contiguity": 5e-8, "international border": 5e-7}


@pytest.fixture(scope="module")
def panel(published: Path) -> pd.DataFrame:
    columns = ["exporter", "importer", "pair_id", "year", "trade", "dist", "cntg", "rta"]
    return read_parquet(published / "agtpa" / "trade_panel.parquet", columns)


def dummies(labels: pd.Series) -> csr_array:
    """Return one column a label [row, label]."""
    code, names = labels.factorize()
    return csr_array((np.ones(len(code)), (np.arange(len(code)), code)), shape=(len(code), len(names)))


def poisson(trade: np.ndarray, costs: pd.DataFrame, effects: list[csr_array]) -> pd.Series:
    """Return the coefficients of costs by Poisson pseudo-maximum likelihood: weighted least squares, repeated.

    The two sets of effects overlap by a constant; LSMR then takes the smallest solution; the costs' coefficients are
    the same in all of them.
    """
    regressors = hstack([csr_array(costs.to_numpy(float)), *effects]).tocsr()
    expected = (trade + trade.mean()) / 2
    log_expected, found = np.log(expected), np.zeros(regressors.shape[1])
    for _ in range(30):
        root = np.sqrt(expected)
        aim = root * (log_expected + trade / expected - 1)
        new = lsmr(diags_array(root) @ regressors, aim, atol=1e-13, btol=1e-13, conlim=0, maxiter=5000, x0=found)[0]
        settled = np.abs(new - found)[: costs.shape[1]].max() < 1e-9
        found, log_expected = new, regressors @ new
        expected = np.exp(log_expected)
        if settled:
            return pd.Series(found[: costs.shape[1]], costs.columns)
    raise AssertionError("the regression does not settle")


def test_border_distance_and_contiguity_of_2006_are_the_printed_ones(panel: pd.DataFrame) -> None:
    rows = panel[panel["year"] == 2006]
    costs = pd.DataFrame(
        {
            "ln distance": np.log(rows["dist"]),
            "contiguity": rows["cntg"],
            "international border": rows["exporter"] != rows["importer"],
        }
    )
    found = poisson(rows["trade"].to_numpy(), costs, [dummies(rows["exporter"]), dummies(rows["importer"])])
    for name, printed in PRINTED.items():
        assert found[name] == pytest.approx(printed, abs=HALF_OF_LAST_DIGIT[name]), name


def test_every_pair_is_there_in_every_year_and_agreements_hold_both_ways(panel: pd.DataFrame) -> None:
    cube = panel.set_index(["year", "exporter", "importer"])
    assert cube.index.is_unique
    assert len(cube) == 21 * 69 * 69
    for name in ("rta", "pair_id"):
        for year in (1986, 1996, 2006):
            table = cube.loc[year, name].unstack()
            np.testing.assert_array_equal(table, table.T)
