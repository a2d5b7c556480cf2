"""The forms of a simulation's result."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.brief.single import BriefData
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.scenario import Focus
from entrepot.report.answer import Answer, answer_for
from entrepot.report.answers import ensemble as range_of
from entrepot.report.kit.wording import listed_in_sentence
from entrepot.report.result import document, tables, terminal
from entrepot.study.ensemble import Ensemble

if TYPE_CHECKING:
    import altair as alt


@answer_for.register
def _answer_of_result(
    result: Result,
    focus: Focus | None = None,
    every: bool = False,
    parts: Collection[str] = tuple(document.TABLES),
    ensemble: Ensemble | None = None,
) -> Answer:
    return _answer(BriefData(result), focus, every, parts, ensemble)


@answer_for.register
def _answer(
    data: BriefData,
    focus: Focus | None = None,
    every: bool = False,
    parts: Collection[str] = tuple(document.TABLES),
    ensemble: Ensemble | None = None,
) -> Answer:
    result, members = data.result, ensemble or data.ensemble
    pair = focus_of(result) if focus is None else focus
    return Answer(
        document=partial(_document, result, pair, parts, members),
        render=partial(_render, result, pair, every, members),
        table=lambda: tables.ranking(result).reset_index(),
        page=partial(_page, data, pair),
        tables=partial(_sheets, result, pair),
        charts=partial(_charts, result, pair),
    )


def _document(result: Result, focus: Focus, parts: Collection[str], members: Ensemble | None) -> dict[str, Any]:
    made = document.document(result, focus, parts)
    return made if members is None else made | {"range": range_of.document(members)}


def _render(result: Result, focus: Focus, every: bool, members: Ensemble | None) -> RenderableType:
    shown = terminal.render(result, focus, every)
    if members is None:
        return shown
    strips = (range_of.brief_render(members, outcome.text) for outcome in members.outcomes)
    return Group(shown, Text("\nHow sure", style="bold"), *strips, Text(range_of.how(members), style="dim"))


def _sheets(result: Result, focus: Focus) -> dict[str, pd.DataFrame]:
    """Return the tables of a report, each with the countries that it is about in its name and in its columns."""
    economy = result.economy
    seller, buyer = (listed_in_sentence(economy, text) for text in (focus.exporter, focus.importer))
    made = {
        "Countries": pd.concat([tables.blocs(result, focus), tables.ranking(result)]).rename_axis("country"),
        f"Sectors of {seller}": tables.sectors(result, focus).rename(
            columns=lambda name: name.replace("to_partner", f"to {buyer}")
        ),
        f"Suppliers of {buyer}": tables.suppliers(result, focus),
        f"Customers of {seller}": tables.customers(result, focus),
        f"Prices in {buyer}": tables.prices(result, focus),
    }
    limits = {"Limits": pd.DataFrame(tables.limits(result))} if result.held else {}
    theta = pd.DataFrame({"name": economy.sectors, "theta": economy.theta.to_series()}).rename_axis("sector")
    return {name: table.reset_index() for name, table in made.items()} | limits | {"Elasticities": theta.reset_index()}


def _page(data: BriefData, focus: Focus) -> str:
    from entrepot.report.pages.single_brief import brief_html  # charts are slow to load

    return brief_html(data, focus)


def _charts(result: Result, focus: Focus) -> "dict[str, Callable[[int], alt.LayerChart]]":
    from entrepot.report.result.drawings import DRAWINGS

    return {name: partial(draw, result, focus) for name, draw in DRAWINGS.items()}
