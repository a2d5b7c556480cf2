"""A look through a schedule: on the terminal, as CSV, for machines."""

from functools import partial
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.policy.schedules.review import ScheduleReview
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import hundredths

MOST_CHANGES = 30


def sentences(answer: ScheduleReview) -> list[str]:
    """Return what was checked, and what asks for a second look."""
    schedule = answer.schedule
    said = [
        f"{schedule.name}: {len(schedule.measures)} acts and {len(schedule.lists)} lists hold together on the "
        f"{answer.days} days on which something changes; acts are entered up to {schedule.known_until}."
    ]
    if answer.idle:
        said.append(f"Acts that touch no goods of the table: {', '.join(act.id for act in answer.idle)}.")
    unused = sorted(set(answer.lists[answer.lists["used"] == 0]["list"]))
    if unused:
        said.append(f"Lists that no act names: {', '.join(unused)}.")
    empty = sorted(set(answer.lists[answer.lists["lines"] == 0]["list"]))
    if empty:
        said.append(f"Lists without goods in the table: {', '.join(empty)}.")
    if answer.beside is not None and not len(answer.changes):
        said.append(f"The average duty on no origin differs from {answer.beside.name} on any day.")
    if schedule.not_entered:
        said.append(f"Known and not entered: {len(schedule.not_entered)} acts (--json lists them).")
    return said


def render(answer: ScheduleReview) -> RenderableType:
    """Return what `entrepot schedules check` prints."""
    parts: list[RenderableType] = [Text(one) for one in sentences(answer)]
    if len(answer.changes) and answer.beside is not None:
        rows = [
            [
                row["origin"],
                str(row["date"]),
                hundredths(row["before"]),
                hundredths(row["after"]),
                f"{100 * row['change']:+.2f}",
            ]
            for row in answer.changes.head(MOST_CHANGES).to_dict("records")
        ]
        if len(answer.changes) > MOST_CHANGES:
            rows.append(["", f"… {len(answer.changes) - MOST_CHANGES} more", "", "", "--csv"])
        title = f"Average points added, where they differ from {answer.beside.name}"
        parts.append(ranked_table(title, ["goods from", "from", answer.beside.name, "here", "difference"], rows))
    return Group(*parts)


def document(answer: ScheduleReview) -> dict[str, Any]:
    """Return the review as one JSON document; rates as fractions, imports in USD."""
    return {
        "schedule": answer.schedule.name,
        "against": None if answer.beside is None else answer.beside.name,
        "sentences": sentences(answer),
        "lists": answer.lists.to_dict("records"),
        "idle": [act.id for act in answer.idle],
        "changes": _dated(answer.changes).to_dict("records"),
        "not_entered": [one.model_dump(mode="json") for one in answer.schedule.not_entered],
    }


def _dated(changes: pd.DataFrame) -> pd.DataFrame:
    return changes.assign(date=changes["date"].astype(str)) if len(changes) else changes


@answer_for.register
def _answer(answer: ScheduleReview) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=lambda: _dated(answer.changes),
        tables=lambda: {"Changes": _dated(answer.changes), "Lists": answer.lists},
        sources=answer.schedule.sources,
        title=f"Schedule {answer.schedule.name}",
    )
