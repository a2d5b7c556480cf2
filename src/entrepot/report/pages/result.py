"""The forms of a simulation's result."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from entrepot.brief.single import BriefData
from entrepot.equilibrium.focus import focus_of
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus
from entrepot.report.answer import Answer, answer_for
from entrepot.report.result import document, tables, terminal

if TYPE_CHECKING:
    import altair as alt


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
        tables=partial(_sheets, result, pair),
        charts=partial(_charts, result, pair),
    )


def _sheets(result: Result, focus: Focus) -> dict[str, pd.DataFrame]:
    """Return the tables of a report, each with the countries that it is about in its name and in its columns."""
    economy = result.economy
    seller, buyer = (economy.countries.get(code, code) for code in (focus.exporter, focus.importer))
    made = {
        "Countries": tables.ranking(result),
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
