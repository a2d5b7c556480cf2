"""Charts of a verdict: the ranking or series behind the natural reading, and the grid of all readings."""

from typing import Any

import altair as alt
import pandas as pd

from entrepot.report.kit.charts import BEFORE, FAINT, FONT, GAIN, INK, LINES, LOSS
from entrepot.report.kit.wording import MINUS, capital
from entrepot.report.verdicts.summary import option_of, options_of
from entrepot.statements.findings import Finding, Picture, short
from entrepot.statements.verdict import Verdict

COLOURS = {"holds": GAIN, "fails": LOSS, "no figures": "#8f897d"}
SHAPES = {"holds": "circle", "fails": "square", "no figures": "cross"}
PAD = 8
FONT_SIZE = 11.5
LETTER = 6.1  # pixels that a letter of that size takes, about


def picture(shown: Picture, width: int, label: str) -> alt.LayerChart:
    """Return bars with their numbers, or one line a series with the last value written beside it."""
    factor = 1e-3 if shown.unit == "USD million" else 1.0
    frame = pd.DataFrame(shown.rows, columns=["name", "series", "value"])
    frame["name"] = [capital(str(name)) for name in frame["name"]]
    frame["value"] = frame["value"] * factor
    frame["text"] = [_number(value) for value in frame["value"]]
    chart = _bars(frame, width) if shown.kind == "bars" else _lines(frame, width)
    chart = chart.properties(description=label)
    chart.config = _config()
    return chart


def caption(shown: Picture) -> str:
    """Return what a picture shows, with its unit as it is drawn."""
    return shown.title.replace("USD million", "USD billion")


def grid(verdict: Verdict, width: int) -> alt.VConcatChart:
    """Return a specification curve: each reading a column, sorted by how clearly the claim holds; its options below."""
    findings = sorted(verdict.findings, key=lambda finding: -2.0 if finding.gap is None else -finding.gap)
    findings = [*(f for f in findings if f.holds is not None), *(f for f in findings if f.holds is None)]
    open_ = [name for name, _ in options_of(verdict)]
    rows = _rows(verdict)
    labels = max((len(row.split("|", 1)[1]) for row in rows), default=8)
    room = min(int(labels * LETTER) + 14, int(width * 0.42))
    plot = width - room - PAD
    columns = [
        {"x": number, "truth": _truth(finding), "gap": None if finding.gap is None else 100 * finding.gap,
         "natural": finding.reading.natural, "said": finding.said}
        for number, finding in enumerate(findings, start=1)
    ]  # fmt: skip
    cells = [
        {"x": number, "row": f"{name}|{short(name, value)}", "truth": _truth(finding)}
        for number, finding in enumerate(findings, start=1)
        for name in open_
        if (value := option_of(finding, name))
    ]
    top = _top(pd.DataFrame(columns), plot, room, len(findings))
    below = _below(pd.DataFrame(cells), pd.DataFrame(columns), rows, plot, room, len(findings))
    parts = [top, below] if rows else [top]
    chart = alt.vconcat(*parts, spacing=6).properties(description=f"Every reading of {verdict.statement.id}")
    chart.config = _config() | {"autosize": {"type": "pad"}}
    return chart


def _rows(verdict: Verdict) -> list[str]:
    rows: list[str] = []
    for name, values in options_of(verdict):
        rows += ([f"{name}-|"] if rows else []) + [f"{name}|{short(name, value)}" for value in values]
    return rows


def _truth(finding: Finding) -> str:
    return {True: "holds", False: "fails", None: "no figures"}[finding.holds]


def _colour() -> alt.Color:
    return alt.Color("truth:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)


def _shape() -> alt.Shape:
    return alt.Shape("truth:N", scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())), legend=None)


def _across(count: int) -> alt.Scale:
    return alt.Scale(domain=[0.4, count + 0.6], nice=False)


def _top(columns: pd.DataFrame, plot: int, room: int, count: int) -> alt.LayerChart:
    axis = alt.Axis(
        tickCount=4, minExtent=room, maxExtent=room, labelExpr="replace(datum.label, '-', '\N{MINUS SIGN}')"
    )
    gaps = [0.0, *columns["gap"].dropna()]
    high, low = max(*gaps, -min(gaps) / 6), min(*gaps, -max(gaps) / 6)  # some room on the side where no point is
    y = alt.Y(
        "gap:Q", title=None, axis=axis, scale=alt.Scale(domain=[1.15 * low or -1.0, 1.15 * high or 1.0], nice=False)
    )
    x = alt.X("x:Q", axis=None, scale=_across(count))
    base = alt.Chart(columns)
    band = (
        base.transform_filter("datum.natural").mark_rule(color="#f0e7cf", strokeWidth=min(13, plot / count)).encode(x=x)
    )
    zero = alt.Chart(pd.DataFrame({"gap": [0.0]})).mark_rule(color=FAINT, strokeDash=[3, 3]).encode(y=y)
    points = (
        base.transform_filter("isValid(datum.gap)")
        .mark_point(filled=True, size=46, opacity=1)
        .encode(x=x, y=y, color=_colour(), shape=_shape(), description=alt.Description("said:N"))
    )
    return alt.LayerChart(layer=[band, zero, points]).properties(width=plot, height=96)


def _below(
    cells: pd.DataFrame, columns: pd.DataFrame, rows: list[str], plot: int, room: int, count: int
) -> alt.LayerChart:
    axis = alt.Axis(
        minExtent=room, maxExtent=room, labelExpr="split(datum.label, '|')[1]", labelLimit=room - 8, ticks=False,
        domain=False, grid=False, labelFontSize=FONT_SIZE,
    )  # fmt: skip
    y = alt.Y("row:N", title=None, sort=None, axis=axis, scale=alt.Scale(domain=rows))
    x = alt.X("x:Q", axis=None, scale=_across(count))
    faint = pd.DataFrame(
        [{"x": number, "row": row} for number in range(1, count + 1) for row in rows if not row.endswith("-|")]
    )
    band = (
        alt.Chart(columns).transform_filter("datum.natural")
        .mark_rule(color="#f0e7cf", strokeWidth=min(13, plot / count)).encode(x=x)
    )  # fmt: skip
    none = alt.Chart(faint).mark_point(filled=True, size=9, color="#d9d4c8", opacity=1).encode(x=x, y=y)
    some = (
        alt.Chart(cells).mark_point(filled=True, size=42, opacity=1).encode(x=x, y=y, color=_colour(), shape=_shape())
    )
    return alt.LayerChart(layer=[band, none, some]).properties(width=plot, height=17 * len(rows))


def _bars(frame: pd.DataFrame, width: int) -> alt.LayerChart:
    label_room = min(190, int(width * 0.4))
    low, high = min(0.0, float(frame["value"].min())), max(0.0, float(frame["value"].max()))
    room = 58 * (high - low or 1.0) / (width - label_room - 58)
    axis = alt.Axis(labelLimit=label_room, ticks=False, domain=False, labelPadding=6)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[low - (room if low < 0 else 0), high + room], nice=False))
    base = alt.Chart(frame).encode(y=alt.Y("name:N", sort=None, title=None, axis=axis))
    colour = alt.Color("series:N", scale=alt.Scale(domain=["subject", "other"], range=[GAIN, BEFORE]), legend=None)
    up = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=4, color=INK, fontSize=11.5)
    down = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-4, color=INK, fontSize=11.5)
    bars = base.mark_bar(height={"band": 0.7}).encode(x=x, color=colour)
    texts = [side.encode(x=x, text="text:N") for side in (up, down)]
    return alt.LayerChart(layer=[bars, *texts]).properties(width=width, height=22 * len(frame))


def _lines(frame: pd.DataFrame, width: int) -> alt.LayerChart:
    names = list(dict.fromkeys(frame["series"]))
    years = list(dict.fromkeys(frame["name"]))
    along: list[Any] = [12, alt.ExprRef("width - 84")]  # the rest is for the last numbers
    every = max(1, -(-len(years) * 78 // max(width - 120, 1)))
    shown = years[::-1][::every]
    axis = alt.Axis(labelAngle=0, values=shown, ticks=False, labelPadding=6)
    x = alt.X("name:O", sort=None, title=None, axis=axis, scale=alt.Scale(domain=years, range=along))
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=4), scale=alt.Scale(zero=True))
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=list(LINES[: len(names)])), legend=None)
    base = alt.Chart(frame)
    last = frame[frame["name"] == years[-1]].assign(text=lambda t: t["series"] + " " + t["text"])
    beside = alt.Chart(last).mark_text(align="left", dx=8, fontSize=FONT_SIZE)
    ends = beside.encode(x=x, y=y, text="text:N", color=colour)
    lines = base.mark_line(strokeWidth=2.2, point={"size": 26, "filled": True}).encode(x=x, y=y, color=colour)
    return alt.LayerChart(layer=[lines, ends]).properties(width=width, height=180)


def _number(value: float) -> str:
    decimals = 2 if abs(value) < 10 else 1
    return (MINUS if value < 0 else "") + f"{abs(value):,.{decimals}f}"


def _config() -> dict[str, object]:
    return {
        "font": FONT, "background": "transparent", "autosize": {"type": "fit-x", "contains": "padding"},
        "view": {"stroke": None},
        "axis": {"labelFont": FONT, "labelFontSize": FONT_SIZE, "labelColor": INK, "gridColor": "#e4e0d8",
                 "domainColor": "#cfc9bd", "tickColor": "#cfc9bd"},
    }  # fmt: skip
