"""The average duty over time: days on which it changes, and by month beside what was collected."""

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.legal import IN_FORCE
from entrepot.policy.schedules.timeline import WHOLE, Timeline
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import hundredths

if TYPE_CHECKING:
    import altair as alt

LAG = (
    "Statutory: mean over the days of the month, weights of the year of the table, goods in transit included. "
    "Collected: duties over imports of the month; they lag the law and reflect what importers bought instead."
)


def title(answer: Timeline) -> str:
    """Return whose duties on whose goods over which time."""
    reading = "" if answer.reading == IN_FORCE else f", as {answer.reading}"
    whom = "/".join(answer.origins) or "all partners"
    first = answer.days["date"].iloc[0]
    said = f"{answer.schedule.destination}: average duty on goods from {whom}, {first} to {answer.until}{reading}"
    if answer.until > answer.schedule.known_until:
        said += f" (acts are known to {answer.schedule.known_until} only)"
    return said


def render(answer: Timeline) -> RenderableType:
    """Return what `entrepot tariffs --since` prints: the days on which the average changes, and months."""
    laws = _by_law(answer)
    rows = [
        [str(row["date"]), hundredths(row["added"]), hundredths(row["rate"]), *(hundredths(value) for value in added)]
        for row, added in zip(answer.days.to_dict("records"), laws.to_numpy(), strict=True)
    ]
    headings = ["from", "added", "in all", *laws.columns]
    parts: list[RenderableType] = [
        Text(title(answer), style="bold"),
        ranked_table("Points of duty, weighted with imports", headings, rows),
    ]
    if len(answer.months):
        wide = _wide(answer)
        parts.append(ranked_table("By month: by law, and collected, %", ["month", *wide.columns], _by_row(wide)))
        parts.append(Text(f"\n{LAG}", style="dim"))
    if len(answer.claims):
        share = answer.claims.pivot_table(index="month", columns="origin", values="share")
        name = str(answer.claims["series"].iloc[0])
        parts.append(ranked_table(f"{name}, % of imports", ["month", *share.columns], _by_row(share)))
    return Group(*parts, Text(f"\nSchedule {answer.schedule.name}.", style="dim"))


def _by_row(shares: pd.DataFrame) -> list[list[str]]:
    """Return shares in per cent as rows of a table, each after the name of its row; blank where nothing is known."""
    return [[name, *("" if pd.isna(one) else hundredths(one) for one in row)] for name, *row in shares.itertuples()]


def document(answer: Timeline) -> dict[str, Any]:
    """Return the timeline as one JSON document; rates as fractions."""
    return {
        "title": title(answer),
        "schedule": answer.schedule.name,
        "to": answer.schedule.destination,
        "from": list(answer.origins) or "all",
        "reading": answer.reading,
        "known_until": str(answer.schedule.known_until),
        "until": str(answer.until),
        "days": answer.days.assign(date=answer.days["date"].astype(str)).to_dict("records"),
        "months": answer.months.to_dict("records"),
        "claims": answer.claims.to_dict("records"),
        "notes": LAG if len(answer.months) else "",
    }


def curve(answer: Timeline, width: int) -> "alt.LayerChart":
    """Return the average duty by law as steps, with what was collected by month where it is known."""
    from entrepot.report.kit import charts

    days = [*answer.days["date"], answer.until]
    steps = [*answer.days["rate"], answer.days["rate"].iloc[-1]]
    frame = 100 * pd.DataFrame({"by law": steps}, index=pd.DatetimeIndex(days))
    frame = frame[~frame.index.duplicated()]
    if len(answer.months):
        monthly = 100 * answer.months.pivot_table(index="month", columns="series", values="collected")
        monthly.index = pd.PeriodIndex(monthly.index, freq="M").to_timestamp()
        after = monthly.set_axis(monthly.index + pd.offsets.MonthBegin())  # a series lasts to the end of its last month
        monthly = monthly.combine_first(after)
        monthly.columns = [f"collected: {name}" for name in monthly.columns]
        frame = frame.join(monthly, how="outer").ffill(limit_area="inside")
    return charts.curves(frame, width, x="", y="% of imports", marks=[], label=title(answer))


def sheets(answer: Timeline) -> dict[str, pd.DataFrame]:
    """Return the timeline as a workbook has it."""
    days = answer.days.rename(columns={"date": "From", "base": "Paid anyway", "added": "Added", "rate": "In all"})
    found = {"Days": days}
    if len(answer.months):
        found["Months"] = answer.months
    if len(answer.claims):
        found["Claims"] = answer.claims
    return found


def _wide(answer: Timeline) -> pd.DataFrame:
    by_law = answer.months.groupby("month")["statutory"].first().rename("by law")
    series = answer.months.pivot_table(index="month", columns="series", values="collected")
    gap = answer.months.groupby("month")["difference"].first().rename("law less collected")
    return pd.concat([by_law, series, gap], axis=1)


def _by_law(answer: Timeline) -> pd.DataFrame:
    """Return what acts add by the law behind them, a column a law."""
    laws = {act.authority: act.law or act.authority for act in answer.schedule.measures}
    names = [name for name in answer.days.columns if name not in WHOLE]
    return answer.days[names].T.groupby([laws[name] for name in names], sort=False).sum().T


@answer_for.register
def _answer(answer: Timeline) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=lambda: answer.days,
        tables=partial(sheets, answer),
        sources=answer.schedule.sources,
        title=title(answer),
        charts=lambda: {"timeline": partial(curve, answer)},
    )
