"""What is shipped says what it said before: every result of results.csv to ten digits."""

import csv
import math
from functools import cache
from pathlib import Path

import pytest

from golden.results import SECTIONS, Section, results

STORED = Path(__file__).with_name("results.csv")
TOLERANCE = 1e-10  # relative, and absolute for numbers about zero


def differs(stored: str, computed: float | str) -> bool:
    if isinstance(computed, str):
        return stored != computed
    try:
        return not math.isclose(float(stored), computed, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    except ValueError:  # it was a word
        return True


@cache
def stored() -> dict[str, str]:
    with STORED.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["value"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    "section",
    [pytest.param(one, id=one.__name__) for one in SECTIONS],
)
def test_every_result_is_what_it_was(section: Section) -> None:
    computed = results([section])
    problems = [f"{name}: not in results.csv, {value!r}" for name, value in computed.items() if name not in stored()]
    problems += [
        f"{name}: was {stored()[name]}, is {value!r}"
        for name, value in computed.items()
        if name in stored() and differs(stored()[name], value)
    ]
    assert not problems, f"{len(problems)} of {len(computed)} results:\n" + "\n".join(problems)


@pytest.mark.long
def test_no_stored_result_is_missing() -> None:
    computed = results()
    assert [name for name in stored() if name not in computed] == []
