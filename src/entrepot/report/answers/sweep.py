"""Outcomes over a grid, as a table and as JSON."""

import math
from functools import partial
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.version import package_version
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import outcome_key, outcome_number
from entrepot.report.result.document import plain
from entrepot.study.sampling.sweep import Sweep

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


@answer_for.register
def _answer(answer: Sweep) -> Answer:
    return Answer(partial(document, answer), partial(render, answer), lambda: answer.table)
