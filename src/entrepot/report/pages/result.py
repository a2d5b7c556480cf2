"""The forms of a simulation's result."""

from collections.abc import Collection
from functools import partial

from entrepot.brief.single import BriefData
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.scenario import Focus
from entrepot.report.answer import Answer, answer_for
from entrepot.report.result import document, tables, terminal


@answer_for.register
def _answer_of_result(
    result: Result, focus: Focus | None = None, every: bool = False, parts: Collection[str] = tuple(document.TABLES)
) -> Answer:
    return _answer(BriefData(result), focus, every, parts)


@answer_for.register
def _answer(
    data: BriefData, focus: Focus | None = None, every: bool = False, parts: Collection[str] = tuple(document.TABLES)
) -> Answer:
    result = data.result
    pair = focus_of(result) if focus is None else focus
    return Answer(
        document=partial(document.document, result, pair, parts),
        render=partial(terminal.render, result, pair, every),
        table=lambda: tables.ranking(result).reset_index(),
        page=partial(_page, data, pair),
    )


def _page(data: BriefData, focus: Focus) -> str:
    from entrepot.report.pages.single_brief import brief_html  # charts are slow to load

    return brief_html(data, focus)
