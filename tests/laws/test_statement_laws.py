"""What may change no verdict: the order of rows, and figures that no statement asks for."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import entrepot
from entrepot.data.facts import FACT, Facts
from entrepot.statements.verdict import Verdict

STATEMENTS = entrepot.load_statements("india-russia-2025")
FIGURES = STATEMENTS.model_copy(
    update={"statements": tuple(s for s in STATEMENTS.statements if s.kind not in ("rate_in_force", "not_checkable"))}
)
FIGURES._document = STATEMENTS._document
FACTS = entrepot.load_facts()


def said(verdicts: list[Verdict]) -> list[object]:
    return [
        (v.outcome, v.share, v.sentence, [(f.holds, f.said, dict(f.numbers), f.notes) for f in v.findings])
        for v in verdicts
    ]


BEFORE = said(entrepot.check(FIGURES, FACTS))


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(FACTS.table))
    assert said(entrepot.check(FIGURES, Facts(FACTS.table.iloc[order].reset_index(drop=True), FACTS.sources))) == BEFORE


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["aaa", "zzz"]))
def test_a_source_on_other_things_changes_nothing(seed: int, name: str) -> None:
    random = np.random.default_rng(seed)
    rows = [
        (name, reporter, flow, partner, "economy", "wheat", str(random.integers(2015, 2026)), random.random(), "Mt")
        for reporter in ("RUS", "IND", "BRA") for flow in ("exports", "imports") for partner in ("CHN", "RUS", "EU27")
    ]  # fmt: skip
    other = pd.concat([FACTS.table, pd.DataFrame(rows, columns=FACT)], ignore_index=True)
    assert said(entrepot.check(FIGURES, Facts(other, {**FACTS.sources, name: None}))) == BEFORE


@pytest.mark.slow
@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_taking_figures_away_opens_readings_and_makes_none_of_them_false(seed: int) -> None:
    random = np.random.default_rng(seed)
    periods = FACTS.table["period"].unique()
    gone = random.choice(periods, size=random.integers(1, 6), replace=False)
    fewer = FACTS.table[~FACTS.table["period"].isin(gone)].reset_index(drop=True)
    for before, after in zip(
        entrepot.check(FIGURES, FACTS), entrepot.check(FIGURES, Facts(fewer, FACTS.sources)), strict=True
    ):
        truths = {tuple(f.reading.options.items()): f.holds for f in before.findings}
        for finding in after.findings:
            touched = {finding.reading.get(name, "") for name in ("period", "base")} & set(gone)
            expected = None if touched else truths[tuple(finding.reading.options.items())]
            assert finding.holds is expected
