"""Verdicts in every form: the terminal, JSON, a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from entrepot.report.answer import Answer, answer_for
from entrepot.report.verdicts import summary
from entrepot.statements.verdict import Verdict


@dataclass(frozen=True)
class Verdicts:
    """What :func:`entrepot.check` returned, or one of its verdicts in full.

    Attributes
    ----------
    found
        The verdicts, in the order of the file.
    explain
        The id of the statement whose readings are all shown; None shows every statement in short.
    """

    found: Sequence[Verdict]
    explain: str | None = None


@answer_for.register
def _answer(verdicts: Verdicts) -> Answer:
    shown = verdicts.found if verdicts.explain is None else [summary.chosen(verdicts.found, verdicts.explain)]
    return Answer(
        document=partial(summary.document, shown),
        render=partial(summary.render, shown) if verdicts.explain is None else partial(summary.explanation, shown[0]),
        page=partial(_page, shown),
    )


def _page(shown: Sequence[Verdict]) -> str:
    from entrepot.report.verdicts.page import page_html  # charts are slow to load

    return page_html(shown)
