"""Outcomes over a grid, as a table and as JSON."""

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.errors import InputError
from entrepot.core.version import package_version
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import capital, outcome_in_words, outcome_key, outcome_number
from entrepot.report.result.document import plain
from entrepot.study.sampling.sweep import Sweep

if TYPE_CHECKING:
    import altair as alt  # an extra, imported where something is drawn: tables do without it

MOST_COLUMNS = 5
MOST_ROWS = 60


def table(answer: Sweep) -> pd.DataFrame:
    """Return the points as a report shows them: change in per cent for ratios, billions for values."""
    made = answer.table.copy()
    for outcome in answer.outcomes:
        made[outcome.text] = outcome.in_unit(made[outcome.text], answer.economy)
    return made


def document(answer: Sweep) -> dict[str, Any]:
    """Return every point for machines; per cent and billions, null where there is no equilibrium."""
    points = table(answer).to_dict("records")
    return {
        "entrepot": package_version(),
        "model": answer.study.model.name,
        "deficits": answer.study.deficits,
        "inputs": {one.name: str(one.distribution) for one in answer.inputs},
        "units": {outcome.text: outcome.unit(answer.economy) for outcome in answer.outcomes},
        "points": [{str(key): plain(value) for key, value in row.items()} for row in points],
    }


def render(answer: Sweep) -> RenderableType:
    """Return what `entrepot sweep` prints."""
    numbers = table(answer).head(MOST_ROWS)
    outcomes = answer.outcomes[:MOST_COLUMNS]
    rows = [
        [
            *(_value(row[one.name]) for one in answer.inputs),
            *(_cell(outcome, row[outcome.text]) for outcome in outcomes),
        ]
        for row in numbers.to_dict("records")
    ]
    left_out = []
    if len(answer.table) > MOST_ROWS:
        left_out.append(f"{len(answer.table) - MOST_ROWS} more points")
    if len(answer.outcomes) > MOST_COLUMNS:
        left_out.append(f"{len(answer.outcomes) - MOST_COLUMNS} more outcomes")
    headings = [*(one.name for one in answer.inputs), *(outcome.text for outcome in outcomes)]
    parts: list[RenderableType] = [
        ranked_table("Outcomes over a grid", headings, rows),
        Text(f"\n{outcome_key(outcomes, answer.economy)}", style="dim"),
    ]
    if left_out:
        parts.append(Text(f"… {' and '.join(left_out)}: --csv or --json"))
    if len(answer.failed):
        reason = str(answer.failed["problem"].iloc[0])
        parts.append(Text(f"\n{len(answer.failed)} of {len(answer.table)} points have no equilibrium: {reason}"))
    return Group(*parts)


def _value(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cell(outcome: Outcome, value: float) -> str:
    return "none" if math.isnan(value) else outcome_number(outcome, value, 4)


def curve_chart(answer: Sweep, width: int) -> "alt.LayerChart":
    """Return the outcomes that have the unit of the first over the one input, a line each.

    Raises
    ------
    InputError
        More than one input, or one whose values are no numbers: no curve shows them.
    """
    from entrepot.report.kit import charts

    name, points = answer.inputs[0].name, table(answer)
    if len(answer.inputs) > 1 or not pd.api.types.is_numeric_dtype(points[name]):
        raise InputError("a chart shows one input that has numbers, as --over cut=-50%..0%/11; leave out --chart")
    unit = answer.outcomes[0].unit(answer.economy)
    shown = [one for one in answer.outcomes if one.unit(answer.economy) == unit][: len(charts.LINES)]
    titles = {one.text: capital(outcome_in_words(one, answer.economy)) for one in shown}
    frame = points.set_index(name)[list(titles)].astype(float).rename(columns=titles)
    return charts.curves(frame, width, x=name, y=unit, marks=[], label=f"{', '.join(titles.values())} by {name}")


def sheets(answer: Sweep) -> dict[str, pd.DataFrame]:
    """Return the points as a workbook has them: outcomes in words, with their units."""
    titles = {
        one.text: f"{capital(outcome_in_words(one, answer.economy))}, {one.unit(answer.economy)}"
        for one in answer.outcomes
    }
    points = table(answer)
    for one in answer.inputs:
        parameter = answer.study.change.parameters.get(one.name.removeprefix("set:"))
        if parameter is not None and pd.api.types.is_numeric_dtype(points[one.name]):
            points[one.name] = 100 * points[one.name]
            titles[one.name] = f"{capital(parameter.what)}, %"
    shown = points[[*(one.name for one in answer.inputs), *(one.text for one in answer.outcomes)]]
    failed = {"Points without equilibrium": answer.failed} if len(answer.failed) else {}
    return {"Points": shown.rename(columns=titles), **failed}


@answer_for.register
def _answer(answer: Sweep) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=lambda: answer.table,
        tables=partial(sheets, answer),
        title=f"Grid over {' and '.join(one.name.removeprefix('set:') for one in answer.inputs)}",
        charts=lambda: {"curve": partial(curve_chart, answer)},
    )
