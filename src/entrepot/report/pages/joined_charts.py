"""The charts of a joined brief."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt
from markupsafe import Markup

from entrepot.brief.results import BestResponseResult, BriefResults, FanResult, SimulationResult
from entrepot.report.answers import trade_off, uncertainty
from entrepot.report.kit import charts
from entrepot.report.kit.html import drawn
from entrepot.report.kit.wording import capital
from entrepot.report.pages.summary import income_pct
from entrepot.report.result.drawings import DRAWINGS
from entrepot.report.verdicts import charts as verdict_charts
from entrepot.statements.verdict import Verdict

MOST_RATES = 27  # of one government, in a chart


def overview(found: BriefResults) -> Markup:
    """Return what each scenario does to the country's real income, as bars; nothing for fewer than two."""
    solved = [one for one in found.simulations if one.result is not None]
    if len(solved) < 2:
        return Markup("")
    country = found.brief.country
    name = solved[0].any_result.economy.countries[country]
    values = [income_pct(one, country) for one in solved]

    def draw(width: int) -> alt.LayerChart:
        return charts.ranked_bars(
            [one.label for one in solved], values, width, unit=f"real income of {name}, change in %",
            label=f"Change in real income of {name} by scenario, per cent", decimals=3,
        )  # fmt: skip

    return drawn(draw, "overview")


def simulation(one: SimulationResult, key: str) -> Markup:
    """Return a scenario's own chart: the options against their parameter, or the drawing that the file asks for."""
    if one.choice is not None:
        return drawn(partial(trade_off.curve_chart, one.choice), key)
    if one.entry.chart is None or one.result is None or one.focus is None:
        return Markup("")
    return drawn(partial(DRAWINGS[one.entry.chart], one.result, one.focus), key)


def figures(verdict: Verdict, key: str) -> tuple[str, Markup]:
    """Return the caption and the chart of a statement's natural reading; blank where it has none."""
    shown = verdict.natural.picture if verdict.natural is not None else None
    if shown is None or not shown.rows:
        return "", Markup("")
    caption = verdict_charts.caption(shown)
    return capital(caption), drawn(lambda width: verdict_charts.picture(shown, width, caption), key)


def rates(best: BestResponseResult, key: str) -> Markup:
    """Return the rates of one government, before and at their best, one line a rate."""
    answer = best.answer
    economy, table = answer.result.economy, answer.rates.sort_values("rate", ascending=False, kind="stable")
    if len(table) < 2 or len(table) > MOST_RATES:
        return Markup("")

    def name(row: Mapping[Any, Any]) -> str:
        parts = [economy.sectors.get(row["sector"], ""), economy.countries.get(row["partner"], "")]
        tax = "" if table["tax"].nunique() == 1 else f" ({row['tax'].replace('_', ' ')})"
        return ", ".join(filter(None, parts)) + tax

    def draw(width: int) -> alt.LayerChart:
        return charts.before_after(
            [name(row) for row in table.to_dict("records")], list(100 * table["before"]), list(100 * table["rate"]),
            width, unit="%; hollow in force, full at its best", label=best.entry.title,
        )  # fmt: skip

    return drawn(draw, key)


def fan(spread: FanResult, key: str) -> Markup:
    """Return the fans of the outcomes that are of the first one's kind."""
    return drawn(partial(uncertainty.fan_chart, spread.answer), key)


def shares(spread: FanResult, key: str) -> Markup:
    """Return where the first outcome's spread comes from; nothing where it has one input only."""
    if len(spread.answer.inputs) < 2:
        return Markup("")
    return drawn(partial(uncertainty.share_chart, spread.answer), key)
