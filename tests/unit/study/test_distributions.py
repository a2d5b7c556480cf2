import math
import statistics

import pytest

import entrepot
from entrepot.core.units import parse_rate_cell
from entrepot.study.sampling.distributions import Choice, Normal, Uniform, parse_distribution


def test_what_people_write_is_read() -> None:
    assert parse_distribution("-50%..0%", parse_rate_cell) == Uniform(-0.5, 0.0)
    assert parse_distribution("-50%..0%/11", parse_rate_cell) == Uniform(-0.5, 0.0, 11)
    assert parse_distribution("4+-0.5", float) == Normal(4, 0.5)
    assert parse_distribution("4 ± 0.5", float, of_log=True) == Normal(4, 0.125, of_log=True)
    assert parse_distribution("2|4|8", float) == Choice((2.0, 4.0, 8.0))
    assert parse_distribution("a|b", str) == Choice(("a", "b"))
    assert parse_distribution("3", float) == Choice((3.0,))


def test_shares_become_values_of_the_distribution() -> None:
    assert Uniform(2, 6).at(0.25) == 3
    assert Normal(4, 0.5).at(0.5) == 4
    assert Normal(4, 0.5).at(statistics.NormalDist().cdf(1)) == pytest.approx(4.5)
    assert Normal(4, 0.5, of_log=True).at(statistics.NormalDist().cdf(-1)) == pytest.approx(4 * math.exp(-0.5))
    assert [Choice(("a", "b", "c")).at(share) for share in (0, 0.34, 0.67, 0.999999, 1)] == ["a", "b", "c", "c", "c"]


def test_a_grid_has_its_ends_and_a_distribution_has_none() -> None:
    assert Uniform(-0.5, 0.0, 3).grid() == (-0.5, -0.25, 0.0)
    assert Choice((1.0, 2.0)).grid() == (1.0, 2.0)
    with pytest.raises(entrepot.InputError, match="say how many points, as -0.5..0/11"):
        Uniform(-0.5, 0.0).grid()
    with pytest.raises(entrepot.InputError, match="a sweep takes points"):
        Normal(4, 1).grid()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("3..2", "from 3 to 2 is empty"),
        ("2..3/1", "found 1 points"),
        ("4+-0", "give a positive deviation"),
        ("a..b", "could not convert"),
        ("2|2", "given twice"),
    ],
)
def test_what_is_no_spread_is_refused(written: str, message: str) -> None:
    with pytest.raises(entrepot.InputError, match=message):
        parse_distribution(written, float)
