from pathlib import Path

import numpy as np
import pytest
from scipy.stats import sobol_indices

import entrepot
from economies import random_economy, random_shock
from entrepot.study.sampling.designs import groups, saltelli
from entrepot.study.sampling.distributions import Uniform
from entrepot.study.sampling.inputs import Input
from entrepot.study.sampling.sobol import SobolIndices, estimate

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


def ishigami(asked_as: str, base: int, seed: int) -> tuple[list[Input], np.ndarray]:
    """Return inputs, one for each letter, a group each, and the function of Ishigami and Homma on their design."""
    inputs = [Input(f"x{n}", Uniform(-np.pi, np.pi), group, "") for n, group in enumerate(asked_as)]
    x, y, z = np.array([list(case.values.values()) for case in saltelli(inputs, base, seed)], dtype=float).T
    return inputs, np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


@pytest.mark.parametrize(
    ("asked_as", "base", "seed", "published"),
    [
        ("aab", 64, 3, SobolIndices(
            [0.7663175734567286, -0.037038925251679594], [0.42975916153103166, 0.1818320430480777],
            [1.2405474660508566, 0.26096566803265164], [0.5625938070775389, 0.14565464102722647],
        )),
        ("abc", 128, 1, SobolIndices(
            [0.2861357375587657, 0.4758686827223153, 0.045890495301289594],
            [0.15071056508372396, 0.15611602593266596, 0.136332060871995],
            [0.5173357918881903, 0.46701955145326823, 0.23044746239650377],
            [0.21440557486893372, 0.12316920591807608, 0.07304247824855767],
        )),
        ("aba", 16, 5, SobolIndices(
            [0.4764811463271457, 0.32467763829705115], [0.32016969664099515, 0.5005220807093506],
            [0.4919581514435012, 0.540084856520732], [0.21642382264938165, 0.28286645438374575],
        )),
    ],
)  # fmt: skip
def test_indices_and_margins_are_those_of_salib(asked_as: str, base: int, seed: int, published: SobolIndices) -> None:
    # SALib 1.6.0, analyze.sobol.analyze(problem, numbers, calc_second_order=False, seed=seed)
    inputs, numbers = ishigami(asked_as, base, seed)
    found = estimate(numbers, len(groups(inputs)), seed)
    np.testing.assert_allclose(np.array(found), np.array(published), rtol=0, atol=1e-12)


def test_indices_are_those_of_scipy_and_near_the_exact_ones() -> None:
    _, numbers = ishigami("abc", 2**14, 1)
    found = estimate(numbers, 3, 1)
    a, *crossed, b = numbers.reshape(-1, 5).T
    other = sobol_indices(
        func={"f_A": a[None], "f_B": b[None], "f_AB": np.array(crossed)[:, None]}, n=len(a), rng=np.random.default_rng()
    )
    np.testing.assert_allclose(found.first, other.first_order, atol=1e-6)
    np.testing.assert_allclose(found.total, other.total_order, atol=1e-12)
    half, fourth = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8  # variances of x1 and x2 alone, by hand
    whole = 0.5 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 49 / 8
    np.testing.assert_allclose(found.first, np.array([half, fourth, 0]) / whole, atol=0.01)
    np.testing.assert_allclose(
        found.total, np.array([whole - fourth, fourth, whole - half - fourth]) / whole, atol=0.01
    )


def test_margins_follow_from_the_seed_zero_too() -> None:
    _, numbers = ishigami("abc", 16, 0)
    one, two = estimate(numbers, 3, 0), estimate(numbers, 3, 0)
    np.testing.assert_array_equal(np.array(one), np.array(two))
    assert not np.allclose(one.first_margin, estimate(numbers, 3, 1).first_margin)
