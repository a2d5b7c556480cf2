from pathlib import Path

import numpy as np
import pytest

import entrepot
from economies import random_economy, random_shock

ECONOMY = random_economy(7)
SHOCK = random_shock(ECONOMY, 1, 0.2)


def test_indices_agree_with_first_order_shares_where_the_outcome_is_nearly_linear(tmp_path: Path) -> None:
    answer = entrepot.uncertainty(
        ECONOMY, SHOCK, inputs=["theta:s0=+-0.02", "theta:s1=+-0.02", "coverage=0.95..1.05"], draws=4, seed=3,
        outcomes=["real_income:C1"], indices=128, to=tmp_path,
    )  # fmt: skip
    assert answer.indices is not None
    shares = answer.shares.set_index("input")["share"]
    indices = answer.indices.set_index("input")
    for name in ("theta:s0", "theta:s1", "coverage"):
        np.testing.assert_allclose(indices.loc[name, ["first", "total"]].astype(float), shares[name], atol=0.1)
    assert (tmp_path / "sobol" / "table.parquet").exists()
    again = entrepot.uncertainty(
        ECONOMY, SHOCK, inputs=["theta:s0=+-0.02", "theta:s1=+-0.02", "coverage=0.95..1.05"], draws=4, seed=3,
        outcomes=["real_income:C1"], indices=128, to=tmp_path, workers=1,
    )  # fmt: skip
    assert again.indices is not None
    assert again.indices.equals(answer.indices)


def test_a_design_with_holes_is_refused_with_their_reason() -> None:
    with pytest.raises(entrepot.NotConverged, match=r"of 64 cases for Sobol's indices have no equilibrium"):
        entrepot.uncertainty(
            ECONOMY, SHOCK, inputs=["theta=+-0.1", "dial:psi=0..0.9"], draws=1, indices=16, outcomes="real_income:C1"
        )
