"""Charts as Altair specifications, and their drawing as SVG.

Colour-blind readers can tell the colours apart, and every chart stands beside a table with the same numbers.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd

from entrepot.core.extras import imports_of
from entrepot.data.outlines import centres, world_outlines
from entrepot.economy.economy import Economy
from entrepot.report.kit.wording import MINUS, percent, signed

with imports_of("charts"):
    import altair as alt
    import vl_convert

LOSS, GAIN, BEFORE, NEUTRAL = "#b4500f", "#1c5d99", "#b9b4aa", "#ece9e2"
LOSSES = ("#f8ddbd", "#efb272", "#d27a2c", "#8f3b06")  # from small to large
GAINS = ("#d3e3f1", "#97bfe0", "#4b8cc4", "#134a80")
OUTSIDE, OUTSIDE_NAME = "#ffffff", "not shown apart"  # land that is part of the rest of the world, or of no economy
COAST = "#c4beb1"
NUMBER_ROOM = 52  # pixels beside a bar for its number
INK, FAINT = "#26241f", "#6f6a60"
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"

DOTS = ("SGP", "HKG", "MLT", "STP")  # no outline, or none to be seen at this scale


def svg(chart: alt.LayerChart, key: str) -> str:
    """Return a chart as an SVG element that scales with its container.

    `key` keeps the chart's clip paths apart from those of other charts on the page: they are all called clip0, and a
    reference into a hidden chart draws nothing.
    """
    drawn: str = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    head, rest = drawn.split(">", 1)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    rest = re.sub(r'(id="|url\(#)(clip|gradient)', rf"\1{key}-\2", rest)
    return f"{head}>{rest}"


def world_map(economy: Economy, change_pct: pd.Series, width: int, label: str) -> alt.LayerChart:
    """Return the world with each economy shaded by a change in per cent, in nine classes.

    Parameters
    ----------
    economy
        Codes that are ISO 3166 alpha-3 are drawn; `ROW` shades nothing, because it is many places.
    change_pct
        Change in per cent by country.
    width
        Pixels.
    label
        What the change is of, for screen readers.
    """
    edges = class_limits(change_pct)
    names = class_names(edges)
    shaded = pd.DataFrame(
        {
            "code": list(economy.countries),
            "class": [names[class_of(float(change_pct[code]), edges)] for code in economy.countries],
            "label": [f"{name}: {percent(float(change_pct[code]))}" for code, name in economy.countries.items()],
        }
    )
    scale = alt.Scale(domain=[*names, OUTSIDE_NAME], range=[*reversed(LOSSES), NEUTRAL, *GAINS, OUTSIDE])
    legend = alt.Legend(
        title=None, orient="bottom", direction="horizontal", columns=2 if width < 480 else 5, symbolType="square",
        labelLimit=220, symbolStrokeColor=FAINT, symbolStrokeWidth=0.5, columnPadding=26,
    )  # fmt: skip
    colour = alt.Color("class:N", scale=scale, legend=legend, sort=None)
    land = (
        alt.Chart(alt.NamedData("outlines"))
        .mark_geoshape(stroke=COAST, strokeWidth=0.4)
        .transform_lookup(
            lookup="id", from_=alt.LookupData(shaded, key="code", fields=["class", "label"]), default=OUTSIDE_NAME
        )
        .encode(color=colour, description=alt.Description("label:N"))
    )
    dots = (
        alt.Chart(shaded[shaded["code"].isin(DOTS)].assign(lon=_longitudes, lat=_latitudes))
        .mark_circle(size=30, opacity=1, stroke=COAST, strokeWidth=0.8)
        .encode(longitude="lon:Q", latitude="lat:Q", color=colour, description=alt.Description("label:N"))
    )
    chart = _styled(
        *(layer.project(type="equalEarth") for layer in (land, dots)),
        width=width,
        height=round(width * 0.47),
        description=label,
    )
    # Last, because Altair copies a chart at every step of making it, and these are many numbers.
    chart.datasets = {"outlines": _outlines()}
    return chart


def outlines_alone(codes: Sequence[str], width: int) -> alt.LayerChart:
    """Return the outlines of the world, each described by its code, and dots for those of `codes` without one."""
    land = alt.Chart(alt.NamedData("outlines")).mark_geoshape().encode(description=alt.Description("id:N"))
    small = pd.DataFrame({"code": [code for code in codes if code in DOTS]})
    dots = (
        alt.Chart(small.assign(lon=_longitudes, lat=_latitudes))
        .mark_circle(size=30)
        .encode(longitude="lon:Q", latitude="lat:Q", description=alt.Description("code:N"))
    )
    layers = (layer.project(type="equalEarth") for layer in ((land, dots) if len(small) else (land,)))
    chart = _styled(*layers, width=width, height=round(width * 0.47), description="The world")
    chart.datasets = {"outlines": _outlines()}
    return chart


@cache
def _outlines() -> list[dict[str, Any]]:
    outlines = world_outlines().items()
    return [{"type": "Feature", "geometry": outline, "id": code} for code, outline in outlines if code != "ATA"]


def _longitudes(frame: pd.DataFrame) -> list[float]:
    return [centres()[code][0] for code in frame["code"]]


def _latitudes(frame: pd.DataFrame) -> list[float]:
    return [centres()[code][1] for code in frame["code"]]


def ranked_bars(
    names: Sequence[str], values: Sequence[float], width: int, unit: str, label: str, decimals: int
) -> alt.LayerChart:
    """Return one horizontal bar a name, the value written at its end, orange for a fall and blue for a rise."""
    frame = pd.DataFrame({"name": list(names), "value": list(values)})
    frame["text"] = [signed(value, decimals) for value in frame["value"]]
    frame["sign"] = ["fall" if value < 0 else "rise" for value in frame["value"]]
    low, high = min(0.0, frame["value"].min()), max(0.0, frame["value"].max())
    sides = (low < 0) + (high > 0)
    room = NUMBER_ROOM * (high - low or 1.0) / (width - _label_room(width) - sides * NUMBER_ROOM)
    domain = [low - (room if low < 0 else 0), high + (room if high > 0 else 0)]
    base = alt.Chart(frame).encode(y=_names_axis(width))
    along = alt.X("value:Q", title=unit, scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(tickCount=5))
    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=4, color=INK, fontSize=11)
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-4, color=INK, fontSize=11)
    return _styled(
        base.mark_bar(height={"band": 0.72}).encode(x=along, color=_SIGN, description=alt.Description("text:N")),
        *(side.encode(x="value:Q", text="text:N") for side in (right, left)),
        width=width,
        height=21 * len(frame),
        description=label,
    )


def before_after(
    names: Sequence[str], before: Sequence[float], after: Sequence[float], width: int, unit: str, label: str
) -> alt.LayerChart:
    """Return one line a name from a hollow dot (before) to a full one (after)."""
    frame = pd.DataFrame({"name": list(names), "before": list(before), "after": list(after)})
    frame["text"] = [f"{b:,.1f} to {a:,.1f}" for b, a in zip(before, after, strict=True)]
    frame["sign"] = ["fall" if a < b else "rise" for b, a in zip(before, after, strict=True)]
    frame["end"] = frame[["before", "after"]].max(axis=1)
    top = float(frame["end"].max()) or 1.0
    plot = width - _label_room(width)
    scale = alt.Scale(domain=[0, top * plot / (plot - 2 * NUMBER_ROOM)], nice=False)
    start = alt.X("before:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=5))
    finish, end = alt.X("after:Q", scale=scale), alt.X("end:Q", scale=scale)
    base = alt.Chart(frame).encode(y=_names_axis(width, grid=True))
    coloured = base.encode(color=_SIGN)
    return _styled(
        coloured.mark_rule(strokeWidth=2).encode(x=start, x2="after:Q"),
        coloured.mark_point(filled=False, size=46, strokeWidth=1.6, fill="#ffffff").encode(x=start),
        coloured.mark_point(filled=True, size=58, opacity=1).encode(x=finish),
        base.mark_text(align="left", dx=8, fontSize=11, color=INK).encode(x=end, text="text:N"),
        width=width,
        height=23 * len(frame),
        description=label,
    )


LINES = (GAIN, LOSS, "#3f7d4e", "#7a4f9a", "#8a6d1d")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2])  # apart without colour


def curves(frame: pd.DataFrame, width: int, x: str, y: str, marks: Sequence[float], label: str) -> alt.LayerChart:
    """Return one line a column over the index, with a dashed rule at each mark; over dates it goes in steps."""
    dated = isinstance(frame.index, pd.DatetimeIndex)
    columns = [str(name) for name in frame.columns]
    long = (
        frame.set_axis(columns, axis=1).rename_axis("at").reset_index().melt("at", var_name="line", value_name="value")
    )
    colour = alt.Color("line:N", scale=alt.Scale(domain=columns, range=list(LINES[: len(columns)])), sort=None,
                       legend=alt.Legend(title=None, orient="top", direction="vertical", labelLimit=width - 60,
                                         symbolSize=300))  # fmt: skip
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=columns, range=list(DASHES[: len(columns)])), sort=None)
    lines = (
        alt.Chart(long)
        .mark_line(strokeWidth=2.4, interpolate="step-after" if dated else "linear")
        .encode(
            x=alt.X("at:T" if dated else "at:Q", title=x), y=alt.Y("value:Q", title=y), color=colour, strokeDash=dash
        )
    )
    points = pd.DataFrame({"at": list(marks), "text": [f"{mark:.2f} %" for mark in marks]})
    rule = alt.Chart(points).mark_rule(strokeDash=[4, 4], color=INK).encode(x="at:Q")
    said = alt.Chart(points).mark_text(align="left", dx=5, y=12, fontSize=12, color=INK).encode(x="at:Q", text="text:N")
    return _styled(lines, *([rule, said] if len(marks) else []), width=width, height=320, description=label)


def scatter(frame: pd.DataFrame, width: int, label: str) -> alt.LayerChart:
    """Return observed on predicted changes, a colour and shape a series, with the line on which they agree."""
    ends = [
        min(frame["predicted"].min(), frame["observed"].min()),
        max(frame["predicted"].max(), frame["observed"].max()),
    ]
    line = alt.Chart(pd.DataFrame({"at": ends})).mark_line(color=FAINT, strokeDash=[4, 4]).encode(x="at:Q", y="at:Q")
    names = list(dict.fromkeys(frame["series"]))
    colour = alt.Color("series:N", scale=alt.Scale(domain=names, range=list(LINES[: len(names)])), sort=None,
                       legend=alt.Legend(title=None, orient="top"))  # fmt: skip
    shape = alt.Shape("series:N", scale=alt.Scale(domain=names, range=list(SHAPES[: len(names)])), sort=None)
    at = {"x": alt.X("predicted:Q", title="predicted"), "y": alt.Y("observed:Q", title="observed")}
    points = alt.Chart(frame).mark_point(filled=True, opacity=0.8).encode(
        **at, color=colour, shape=shape, size=alt.Size("weight:Q", legend=None, scale=alt.Scale(range=[25, 400])),
    )  # fmt: skip
    said = alt.Chart(frame).mark_text(dx=8, align="left", fontSize=10, color=FAINT).encode(**at, text="what:N")
    return _styled(line, points, said, width=width, height=420, description=label)


def side_by_side(frame: pd.DataFrame, width: int, unit: str, label: str) -> alt.LayerChart:
    """Return one line a row with a dot for each column, told apart by colour and shape.

    Parameters
    ----------
    frame
        One row a name (its index), one column a dot; at most as many as there are `LINES`.
    width, unit, label
        Pixels; what the axis measures; for screen readers.
    """
    columns = list(frame.columns)
    long = frame.rename_axis("name").reset_index().melt("name", var_name="column", value_name="value").dropna()
    long["text"] = [f"{name}, {column}: {signed(value, 3)}" for name, column, value in long.to_numpy()]
    legend = alt.Legend(title=None, orient="top", direction="vertical", labelLimit=width - 60)
    colour = alt.Color(
        "column:N", scale=alt.Scale(domain=columns, range=list(LINES[: len(columns)])), sort=None, legend=legend
    )
    shape = alt.Shape("column:N", scale=alt.Scale(domain=columns, range=list(SHAPES[: len(columns)])), sort=None)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=FAINT, strokeWidth=0.8).encode(x="zero:Q")
    points = (
        alt.Chart(long)
        .mark_point(filled=True, size=60, opacity=0.9)
        .encode(
            x=alt.X("value:Q", title=unit, axis=alt.Axis(tickCount=5)), y=_names_axis(width, grid=True),
            color=colour, shape=shape, description=alt.Description("text:N"),
        )
    )  # fmt: skip
    return _styled(zero, points, width=width, height=24 * len(frame), description=label)


def fan(
    names: Sequence[str], bands: pd.DataFrame, width: int, unit: str, label: str, texts: Sequence[Sequence[str]]
) -> alt.LayerChart:
    """Return one line a name: 90 % band, 50 % band, the median as a tick, today's value as a hollow dot.

    Parameters
    ----------
    names
        One a row.
    bands
        Columns ``p5, p25, median, p75, p95, default``.
    width, unit, label
        Pixels; what the axis measures; for screen readers.
    texts
        The bands as people read them, in the order of the columns.
    """
    frame = bands.assign(name=list(names))
    frame["text"] = [
        f"{name}: median {median}, 50 % {p25} to {p75}, 90 % {p5} to {p95}, today {default}"
        for name, (p5, p25, median, p75, p95, default) in zip(names, texts, strict=True)
    ]
    base = alt.Chart(frame).encode(y=_names_axis(width, grid=True), description=alt.Description("text:N"))
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=FAINT, strokeWidth=0.8).encode(x="zero:Q")
    along = alt.X("p5:Q", title=unit, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    return _styled(
        zero,
        base.mark_bar(height=12, color=GAINS[0]).encode(x=along, x2="p95:Q"),
        base.mark_bar(height=12, color=GAINS[2]).encode(x="p25:Q", x2="p75:Q"),
        base.mark_tick(thickness=2.5, size=16, color=INK).encode(x="median:Q"),
        base.mark_point(filled=False, size=60, strokeWidth=1.8, fill="#ffffff", color=LOSS).encode(x="default:Q"),
        width=width,
        height=26 * len(frame),
        description=label,
    )


_SIGN = alt.Color("sign:N", scale=alt.Scale(domain=["fall", "rise"], range=[LOSS, GAIN]), legend=None)


def _names_axis(width: int, grid: bool = False) -> alt.Y:
    axis = alt.Axis(labelLimit=_label_room(width), ticks=False, domain=False, labelPadding=6, grid=grid)
    return alt.Y("name:N", sort=None, title=None, axis=axis)


def class_limits(change_pct: pd.Series) -> list[float]:
    """Return four class limits in per cent, every second of ... 0.1, 0.2, 0.5, 1, 2, 5 ..., the last below the maximum.

    Changes in real income differ by orders of magnitude between countries; equal steps would show one country only.
    """
    largest = float(change_pct.abs().max())
    largest = largest if largest > 1e-6 else 1.0  # rounding error is no change: any scale shows it as none
    ladder = [step * 10.0**power for power in range(-12, 9) for step in (1, 2, 5)]
    below = [limit for limit in ladder if limit <= largest * (1 + 1e-12)]
    return below[-1::-2][len(LOSSES) - 1 :: -1]


def class_of(value: float, edges: list[float]) -> int:
    """Return which of the nine classes a change falls into: 0 the largest loss, 4 next to none, 8 the largest gain."""
    size = sum(abs(value) >= edge for edge in edges)
    return len(edges) + (size if value >= 0 else -size)


def class_names(edges: list[float]) -> list[str]:
    """Return the nine classes in words, from the largest loss to the largest gain."""
    written = [f"{edge:.12f}".rstrip("0").rstrip(".") for edge in edges]
    steps = list(pairwise(written))
    up = [*(f"+{low} to +{high} %" for low, high in steps), f"above +{written[-1]} %"]
    down = [*(f"{MINUS}{low} to {MINUS}{high} %" for low, high in steps), f"below {MINUS}{written[-1]} %"]
    return [*reversed(down), f"within {written[0]} %", *up]


def _label_room(width: int) -> int:
    return min(230, int(width * 0.36))


def _styled(*layers: alt.Chart, **properties: Any) -> alt.LayerChart:
    """Return the layers as one chart in the house's style."""
    chart = alt.LayerChart(layer=list(layers)).properties(**properties)
    chart.config = {
        "font": FONT,
        "background": "transparent",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "view": {"stroke": None},
        "axis": {
            "labelFont": FONT, "labelFontSize": 12, "labelColor": INK, "titleFont": FONT, "titleFontSize": 11,
            "titleFontWeight": "normal", "titleColor": FAINT, "gridColor": "#e4e0d8", "domainColor": "#cfc9bd",
            "tickColor": "#cfc9bd",
        },
        "legend": {"labelFont": FONT, "labelFontSize": 11, "labelColor": INK},
    }  # fmt: skip
    return chart
