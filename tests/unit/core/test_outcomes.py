"""The table of outcomes: every list of outcomes is made from it, and a kind that is added shows up in all of them."""

import inspect

import numpy as np
import pytest
import typer

import entrepot
from economies import random_economy
from entrepot.app.cli.root import app
from entrepot.core import outcomes
from entrepot.core.errors import InvalidShock, UnknownLabel
from entrepot.core.outcomes import OUTCOMES, OutcomeKind, with_outcomes
from entrepot.equilibrium.derivatives.evaluation import EVALUATIONS, Evaluation
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.policy.scenario import Question
from entrepot.report.kit.wording import outcome_in_words
from entrepot.study.goals.targets import parse_target
from entrepot.study.sampling.cases import study_of

WORLD = random_economy(7, zeros=0.0)
CODES = {"country": "C1", "countries": "C1", "sectors": "s0"}


def test_every_kind_has_a_computation_and_every_computation_a_kind() -> None:
    assert list(EVALUATIONS) == list(OUTCOMES)


@pytest.mark.parametrize("kind", OUTCOMES.values(), ids=list(OUTCOMES))
def test_a_kind_is_read_and_computed_as_its_row_says(kind: OutcomeKind) -> None:
    text = ":".join([kind.word, *(CODES[place] for place in kind.pattern)]).replace("C1:C1", "C1:C2")
    outcome = parse_outcome(text, WORLD)
    value = entrepot.solve(WORLD, entrepot.Shock()).outcome(text)
    assert (outcome.kind, outcome.is_ratio, str(outcome)) == (kind, kind.is_ratio, text)
    assert value == pytest.approx(1.0, rel=1e-9) if kind.is_ratio else abs(value) > 1e-6
    assert outcome.unit(WORLD) == ("change, %" if kind.is_ratio else f"{WORLD.currency} billion")
    shortest = text.split(":")[: 1 + len(kind.pattern) - kind.optional]
    assert parse_outcome(":".join(shortest), WORLD).codes == tuple(shortest[1:])
    with pytest.raises(InvalidShock, match=kind.form):
        parse_outcome(":".join(shortest[:-1]), WORLD)
    with pytest.raises(InvalidShock, match=kind.form):
        parse_outcome(f"{text}:C1", WORLD)


def test_help_and_documentation_list_every_kind() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    (option,) = [one for one in commands["sensitivity"].params if one.name == "of"]
    documented = inspect.getdoc(entrepot.sensitivity)
    assert documented
    for kind in OUTCOMES.values():
        assert kind.example in option.help
        assert f"- ``{kind.example}``: {kind.phrase}" in documented
    assert outcomes.PLACEHOLDER not in documented


def test_a_kind_that_is_added_shows_up_in_every_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding an outcome is one row of facts and one row of arithmetic."""
    kind = OutcomeKind(
        "export_price", ("country",), "the price of exports", "export_price:IND",
        is_ratio=True, by_country=True, never_negative=True, better="lower",
    )  # fmt: skip
    twice = Evaluation(
        EVALUATIONS["real_wage"].weights, lambda at, solved: 2 * EVALUATIONS["real_wage"].value(at, solved)
    )
    monkeypatch.setitem(OUTCOMES, kind.word, kind)
    monkeypatch.setitem(EVALUATIONS, kind.word, twice)  # type: ignore[misc]

    def function() -> None:
        """Return nothing.

        {outcomes}
        """

    base_year = entrepot.solve(WORLD, entrepot.Shock())
    assert kind.example in outcomes.examples()
    assert "- ``export_price:IND``: the price of exports" in (inspect.getdoc(with_outcomes(function)) or "")
    with pytest.raises(UnknownLabel, match="choose .*, export_price"):
        parse_outcome("wage", WORLD)
    assert base_year.outcome("export_price:C1") == pytest.approx(2.0, rel=1e-9)
    assert base_year.sensitivity("export_price:C1").attrs["is_ratio"]
    assert (
        outcome_in_words(parse_outcome("export_price:C1", WORLD), WORLD)
        == f"the price of exports of {WORLD.countries['C1']}"
    )
    assert Question(outcome="export_price:C1", over="cut").sign == -1
    assert parse_target("export_price:C1=+1%", base_year).value == pytest.approx(2.02, rel=1e-9)
    with pytest.raises(InvalidShock, match="below zero"):
        parse_target("export_price:C1=-101%", base_year)
    study = study_of(WORLD, entrepot.Shock(), "caliendo_parro", "fixed", None, "export_price:all")
    assert study.columns == [f"export_price:{code}" for code in WORLD.countries]


def test_a_study_of_one_sector_counts_sales_once() -> None:
    """A model that merges sectors has weights of one sector too, not one for each sector that was merged."""
    for text in ("exports:C1", "balance:C1:C2", "real_income:C1"):
        answer = entrepot.sweep(WORLD, entrepot.Shock(), over="deficits=fixed", outcomes=text, model="armington")
        value = entrepot.solve(WORLD, entrepot.Shock(), model="armington").outcome(text)
        np.testing.assert_allclose(answer.table[text], value, rtol=1e-12)
