"""From findings to a verdict, and what decides it."""

import itertools
from pathlib import Path

import pytest

import entrepot
from entrepot.statements.findings import Finding
from entrepot.statements.readings import Reading
from entrepot.statements.verdict import VerdictKind, deciding, outcome_of

STATEMENTS = entrepot.load_statements("india-russia-2025")


def findings(*truths: bool | None) -> tuple[Finding, ...]:
    """Return findings over products by periods, the truths in that order."""
    options = itertools.product(("crude", "lng"), ("2025", "2024"))
    return tuple(
        Finding(Reading({"product": product, "period": period}, natural=number == 0), truth, "", sources=("s",))
        for number, ((product, period), truth) in enumerate(zip(options, truths, strict=False))
    )


@pytest.mark.parametrize(
    ("truths", "outcome"),
    [
        ((True, True, True), VerdictKind.ALWAYS),
        ((True, None, True), VerdictKind.ALWAYS),
        ((True, False, True), VerdictKind.NATURALLY),
        ((False, True, False), VerdictKind.OTHERWISE),
        ((False, None, False), VerdictKind.NEVER),
        ((None, True, True), VerdictKind.UNKNOWN),
        ((None, None), VerdictKind.UNKNOWN),
        ((), VerdictKind.UNKNOWN),
    ],
)
def test_five_verdicts_and_what_is_open_is_never_false(truths: tuple[bool | None, ...], outcome: VerdictKind) -> None:
    assert outcome_of(findings(*truths)) is outcome


def test_the_dimension_that_turns_the_claim_is_named() -> None:
    (one,) = deciding(findings(True, True, False, False), STATEMENTS)
    assert (one.dimension, one.turns, one.said) == ("product", 1.0, "true for crude, false for LNG")


def test_both_are_named_where_each_turns_it_alone() -> None:
    found = deciding(findings(True, False, False, False), STATEMENTS)
    assert [one.said for one in found] == ["true for crude, false for LNG", "true in 2025, false in 2024"]


def test_a_dimension_that_turns_it_elsewhere_is_named_with_the_condition() -> None:
    found = deciding(findings(True, True, True, False), STATEMENTS)
    assert found[0].said in (
        "in 2024: true for crude, false for LNG",
        "for LNG: true in 2025, false in 2024",
    )


def test_steps_that_turn_it_only_together_are_named_together() -> None:
    (one,) = deciding(findings(True, None, None, False), STATEMENTS)
    assert one.dimension == "period and product"
    assert one.said == "true for crude, in 2025, false for LNG, in 2024"


def test_nothing_decides_where_all_agree() -> None:
    assert deciding(findings(True, True, None, True), STATEMENTS) == ()


def test_the_order_of_dimensions_in_a_file_does_not_change_what_decides(tmp_path: Path) -> None:
    turned = tuple(
        Finding(Reading(dict(reversed(f.reading.options.items())), f.reading.natural), f.holds, "")
        for f in findings(True, True, False, False)
    )
    assert [one.dimension for one in deciding(turned, STATEMENTS)] == ["product"]
