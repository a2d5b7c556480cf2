"""Reports show what was computed: with a solver that raises, everything that they write is still written."""

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import entrepot
from entrepot.brief.single import BriefData
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.report.pages.single_brief import brief_html
from entrepot.report.result import document, panels, tables, terminal
from entrepot.report.result.drawings import DRAWINGS


@pytest.mark.usefixtures("no_solver")
def test_the_solver_raises_here(case: Result) -> None:
    fresh = replace(case)  # the terms of a result that was decomposed before are kept
    for solving in (
        lambda: entrepot.solve(case.economy, entrepot.Shock()),
        lambda: entrepot.decompose(fresh),
        lambda: entrepot.gather(fresh),
        lambda: case.sensitivity("real_income:IND"),
    ):
        with pytest.raises(AssertionError, match="something is being solved"):
            solving()


@pytest.mark.usefixtures("no_solver")
def test_a_result_is_shown_without_solving(case: Result) -> None:
    focus, ranking = focus_of(case), tables.ranking(case)
    assert set(document.document(case, focus)) >= set(document.TABLES)
    with Console(file=None, quiet=True) as console:
        console.print(terminal.render(case, focus, every=True))
    assert panels.tiles(case, focus)
    assert panels.ranked(ranking)
    assert panels.world_map(case, ranking).lands
    for rows in (panels.sectors, panels.diversion, panels.elsewhere, panels.prices):
        assert rows(case, focus)
    for draw in DRAWINGS.values():
        assert draw(case, focus, 760).to_dict(validate=False)


@pytest.mark.usefixtures("no_solver")
def test_a_brief_on_a_bare_result_says_how_to_add_what_takes_further_equilibria(case: Result, tmp_path: Path) -> None:
    entrepot.write_brief(case, tmp_path / "brief.html")
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "<code>entrepot.write_brief(entrepot.gather(result), path)</code> adds both sections" in page
    assert 'id="rules"' not in page
    assert 'id="why"' not in page
    assert "Elsewhere, " not in page  # which countries gain under every rule is not known
    assert "India loses 0.22" in page


@pytest.mark.usefixtures("no_solver")
def test_a_brief_on_what_was_gathered_is_whole(gathered: BriefData, tmp_path: Path) -> None:
    entrepot.write_brief(gathered, tmp_path / "brief.html")
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert page == brief_html(gathered, focus_of(gathered.result))
    assert 'id="rules"' in page
    assert 'id="why"' in page
    assert "Elsewhere, " in page
    assert "adds both sections" not in page


def test_what_is_gathered_of_a_result_equals_the_same_done_by_hand(gathered: BriefData) -> None:
    assert gathered.rules is not None
    assert list(gathered.rules.columns) == ["fixed", "scaled", "multiplicative", "zero"]
    own = 100 * (gathered.result.real_income_hat.to_series() - 1)
    assert (gathered.rules[gathered.result.deficits] - own).abs().max() == 0
    assert gathered.decomposition is not None
    assert gathered.decomposition.equals(entrepot.decompose(gathered.result))
    assert all(gathered.rules.loc[code].min() * gathered.rules.loc[code].max() > 0 for code in gathered.robust)


def test_one_result_has_no_draws(case: Result) -> None:
    with pytest.raises(entrepot.InputError, match="found draws=6 for one result, which has no fans"):
        entrepot.gather(case, draws=6)  # type: ignore[call-overload]
