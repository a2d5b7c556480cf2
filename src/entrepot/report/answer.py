"""The forms of every answer: a table, a document, text for the terminal, a page, charts, the tables of a workbook.

`answer_for` finds the report of a result by the name of its class, and opens the report's module when it is first
needed: a command that shows duties does not wait for charts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import singledispatch
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    from rich.console import RenderableType

    from entrepot.core.provenance import Provenance

HOMES = {
    "Backtest": "entrepot.report.answers.backtest",
    "BriefData": "entrepot.report.pages.result",
    "EffectiveRates": "entrepot.report.answers.duties",
    "Comparison": "entrepot.report.answers.comparison",
    "Ensemble": "entrepot.report.answers.ensemble",
    "Exposure": "entrepot.report.answers.exposure",
    "FactRows": "entrepot.report.answers.facts",
    "GoalResult": "entrepot.report.answers.seek",
    "Listing": "entrepot.report.answers.listing",
    "Optimum": "entrepot.report.answers.tariff_games",
    "Reasons": "entrepot.report.answers.why",
    "Result": "entrepot.report.pages.result",
    "ScheduleReview": "entrepot.report.answers.schedule_review",
    "Sweep": "entrepot.report.answers.sweep",
    "Timeline": "entrepot.report.answers.timeline",
    "TradeOff": "entrepot.report.answers.trade_off",
    "TradeWar": "entrepot.report.answers.tariff_games",
    "Uncertainty": "entrepot.report.answers.uncertainty",
    "Verdicts": "entrepot.report.verdicts.answer",
    "WedgeRanking": "entrepot.report.answers.sensitivity",
}
"""The module that shows a result, by the name of the result's class; it registers itself with `answer_for`."""


@dataclass(frozen=True)
class Answer:
    """A result in every form; each is made when it is called for.

    Attributes
    ----------
    document
        JSON values: what ``--json`` prints and the API answers.
    render
        Text and tables that fit a terminal of eighty columns.
    table
        The main table, one row an observation, all labels in columns: what ``--csv`` prints. None if there is none.
    page
        A self-contained HTML page. None if there is none.
    tables
        What a workbook has as sheets, by name, with all labels in columns. None if these are the document's own lists.
    sources
        By name, where tables come from. None if the document says so.
    title
        What the answer is about, in a few words: the title of a workbook. Blank where the document has a title.
    charts
        By name, what draws a chart in so many pixels. None if there are none.
    """

    document: Callable[[], Any]
    render: "Callable[[], RenderableType]"
    table: "Callable[[], pd.DataFrame] | None" = None
    page: Callable[[], str] | None = None
    tables: "Callable[[], Mapping[str, pd.DataFrame]] | None" = None
    sources: "Callable[[], Mapping[str, Provenance | None]] | None" = None
    title: str = ""
    charts: "Callable[[], Mapping[str, Callable[[int], alt.LayerChart]]] | None" = None


@singledispatch
def answer_for(result: object, **options: Any) -> Answer:
    """Return the forms of a result.

    Parameters
    ----------
    result
        An object of a class in `HOMES`, or of a class derived from one.
    options
        What its report takes besides: ``focus`` of a Result, ``top`` of an Exposure.

    Raises
    ------
    TypeError
        No report shows objects of this class.
    """
    for kind in type(result).__mro__:
        if kind.__name__ in HOMES:
            import_module(HOMES[kind.__name__])
            if answer_for.dispatch(type(result)) is not answer_for.dispatch(object):
                return answer_for(result, **options)
    raise TypeError(f"no report shows a {type(result).__name__}; register one with answer_for.register")
