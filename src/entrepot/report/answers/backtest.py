"""An event held against predictions: scores, claims, a scatter; and the list of shipped events."""

from collections.abc import Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import long_day
from entrepot.report.result.document import plain
from entrepot.study.backtests.backtest import NO_CHANGE, Backtest, ClaimOutcome

if TYPE_CHECKING:
    import altair as alt

KEY = (
    "Slope of observed on predicted through the origin, with the 90 % interval of a bootstrap: 1 is right, below 1 the "
    "model exaggerates. Error: root mean square error over that of “no change”; below 1 is better than nothing. "
    "Correlations are weighted; log: of changes in per cent."
)


def sentences(answer: Backtest) -> list[str]:
    """Return what is compared, and what became of each claim, failures first."""
    event = answer.event
    if answer.awaiting:
        assert event.frozen_on is not None
        return [
            event.summary,
            f"Predictions were frozen on {long_day(event.frozen_on)} (SHA-256 {event.sha256}, verified); outcomes are "
            "awaited.",
        ]
    ordered = sorted(answer.verdicts, key=lambda one: one.outcome == "holds")
    return [event.summary, *(_told(one) for one in ordered)]


def _told(verdict: ClaimOutcome) -> str:
    values = ", ".join(f"{value:.2f}" for value in verdict.values)
    return f"{verdict.outcome.upper()}: {verdict.claim.says} ({values}). {verdict.claim.why}"


def render(answer: Backtest) -> RenderableType:
    """Return what `entrepot backtest NAME` prints."""
    parts: list[RenderableType] = [
        Text(answer.event.title, style="bold"), Text(answer.event.reference),
        *(Text(f"\n{one}") for one in sentences(answer)),
    ]  # fmt: skip
    if len(answer.scores):
        shown = answer.scores[answer.scores["variant"] != NO_CHANGE]
        rows = [_row(row) for row in shown.to_dict("records")]
        headings = [
            "series",
            "year",
            "rates",
            "prediction",
            "observed",
            "said",
            "slope",
            "90 %",
            "error",
            "corr",
            "log",
        ]
        parts += [ranked_table("Scores", headings, rows), Text(f"\n{KEY}", style="dim")]
    return Group(*parts)


def _row(row: Mapping[Hashable, Any]) -> list[str]:
    interval = f"{_number(row['slope_low'])}..{_number(row['slope_high'])}"
    scores = (_number(row[name]) for name in ("error", "correlation", "correlation_log"))
    said = (_number(row[name]) for name in ("observed", "predicted", "slope"))
    return [row["series"], str(row["to"]), row["rates"], row["variant"], *said, interval, *scores]


def document(answer: Backtest) -> dict[str, Any]:
    """Return the backtest as one JSON document; changes in points of a share."""
    return {
        "event": answer.event.name,
        "title": answer.event.title,
        "sentences": sentences(answer),
        "awaiting": answer.awaiting,
        "claims": [
            {
                "id": one.claim.id, "says": one.claim.says, "outcome": one.outcome, "recorded": one.claim.expected,
                "values": list(one.values), "why": one.claim.why,
            }
            for one in answer.verdicts
        ],
        "scores": _plain(answer.scores),
        "rows": _plain(answer.rows),
    }  # fmt: skip


def scatter(answer: Backtest, width: int) -> "alt.LayerChart":
    """Return observed on predicted changes, a panel's worth: the last year of each series, by law, in the long run."""
    from entrepot.report.kit import charts

    rows = answer.rows[(answer.rows["variant"] != NO_CHANGE) & (answer.rows["rates"] == "statutory")]
    variant = rows["variant"].iloc[0]
    rows = rows[rows["variant"] == variant]
    last = rows.groupby("series")["to"].transform("max") == rows["to"]
    return charts.scatter(rows[last], width, label=f"{answer.event.title}: observed on predicted ({variant})")


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.2f}"


@answer_for.register
def _answer(answer: Backtest) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=lambda: answer.rows,
        tables=lambda: {"Scores": answer.scores, "Observations": answer.rows},
        title=answer.event.title,
        charts=None if answer.awaiting else (lambda: {"scatter": partial(scatter, answer)}),
    )
