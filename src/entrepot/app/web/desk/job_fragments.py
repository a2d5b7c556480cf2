"""HTML fragments of job results, by kind; the page inserts them below the results."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup

from entrepot.app.web.api.job_tasks import JobResult
from entrepot.app.web.desk.templating import render
from entrepot.app.web.messages.requests import SweepJob
from entrepot.core.wedges import BY_NAME
from entrepot.report.answers import ensemble as ensemble_report
from entrepot.report.answers import seek as seek_report
from entrepot.report.answers import trade_off as trade_off_report
from entrepot.report.answers import uncertainty as uncertainty_report
from entrepot.report.answers import why as why_report
from entrepot.report.kit import charts
from entrepot.report.kit.wording import capital, outcome_in_words, outcome_number, signed

WIDTHS = {"wide": 720, "narrow": 340}


def sensitivity(request: Any, result: JobResult) -> str:
    """Return a table of wedges with a bar each."""
    document, economy, scenario = result.document, result.value.economy, result.value.scenario
    largest = max((abs(row["effect"]) for row in document["wedges"]), default=1.0) or 1.0
    rows = [
        {
            "what": BY_NAME[row["instrument"]].step, "sector": economy.sectors[row["sector"]],
            "from": economy.countries[row["origin"]],
            "to": economy.countries[row["destination"]] if row["destination"] else "",
            "effect": signed(row["effect"], 4 if document["effect_unit"] == "per cent" else 3),
            "length": row["effect"] / largest,
        }
        for row in document["wedges"]
    ]  # fmt: skip
    at = scenario.title if scenario else "the base year"
    return render("job_sensitivity.html.j2", answer=document, rows=rows, at=at)


def sweep(request: SweepJob, result: JobResult) -> str:
    """Return a curve where there is one numeric input, and a table of all points."""
    document, swept = result.document, result.value
    first, outcome = swept.inputs[0].name, request.of[0]
    unit = document["units"][outcome]
    points = pd.DataFrame(document["points"])
    names = {one.text: capital(outcome_in_words(one, swept.economy)) for one in swept.outcomes}
    label = f"{names[outcome]}, {unit}, by {first}"
    chart: Markup | str = ""
    if len(swept.inputs) == 1 and pd.api.types.is_numeric_dtype(points[first]):
        frame = points.set_index(first)[[outcome]].astype(float).dropna()
        parameter = swept.study.change.parameters.get(first.removeprefix("set:"))
        if parameter is not None:
            frame.index = 100 * frame.index
        axis = first if parameter is None else f"{parameter.what}, %"
        chart = _curves(frame, x=axis, y=unit, marks=[], label=label)
    return render(
        "job_sweep.html.j2", inputs=[each.name for each in swept.inputs], outcomes=swept.outcomes, names=names,
        units=document["units"], points=document["points"], chart=chart, label=label, number=outcome_number,
    )  # fmt: skip


def uncertainty(request: Any, result: JobResult) -> str:
    """Return fan chart, shares of variance, and a table of quantiles."""
    drawn = result.value
    chart = _both_widths(lambda width: uncertainty_report.fan_chart(drawn, width), "fan") + _both_widths(
        lambda width: uncertainty_report.share_chart(drawn, width), "share"
    )
    rows = [
        {
            "outcome": uncertainty_report.said(drawn, uncertainty_report.outcome_of(drawn, str(text))),
            "unit": row["unit"], "numbers": uncertainty_report.numbers(drawn, str(text), row),
        }
        for text, row in uncertainty_report.shown(drawn).iterrows()
    ]  # fmt: skip
    return render(
        "job_uncertainty.html.j2", headline=uncertainty_report.headline(drawn), notes=uncertainty_report.notes(drawn),
        chart=chart, rows=rows, draws=len(drawn.table),
    )  # fmt: skip


def seek(request: Any, result: JobResult) -> str:
    """Return the values found, in words."""
    found = result.value
    return render("job_seek.html.j2", headline=seek_report.headline(found), remarks=seek_report.remarks(found))


def trade_off(request: Any, result: JobResult) -> str:
    """Return the curves of the options with their break-even."""
    compared = result.value
    numbers, unit = trade_off_report.table(compared), trade_off_report.unit(compared)
    titles = {name: option.title for name, option in compared.scenario.options.items()}
    what = compared.scenario.parameters[compared.parameter].what
    headline = trade_off_report.headline(compared)
    chart = _curves(
        numbers.rename(columns=titles), x=f"{what}, %", y=unit, label=headline,
        marks=[100 * crossing.at for crossing in compared.crossings],
    )  # fmt: skip
    return render(
        "job_trade_off.html.j2", headline=headline, robustness=trade_off_report.robustness(compared), chart=chart,
        what=what, unit=unit,
    )  # fmt: skip


def range_of(request: Any, result: JobResult) -> str:
    """Return the range of each outcome with a strip of its members, as the page has it beside the headline."""
    members = result.value
    ranges = [
        {
            "what": capital(outcome_in_words(one, members.economy)),
            "text": ensemble_report.range_text(members, one.text),
            "strip": ensemble_report.strip_svg(members, one.text),
            "sentence": ensemble_report.range_sentence(members, one.text),
        }
        for one in members.outcomes
    ]
    count = len(members.members) - len(members.failed)
    return render("job_range.html.j2", ranges=ranges, count=count, how=ensemble_report.how(members))


def why(request: Any, result: JobResult) -> str:
    """Return why real income changes: a sentence, and the terms with what carries them."""
    reasons = result.value
    return render(
        "job_why.html.j2", said=why_report.why_sentence(reasons), alone=why_report.alone_sentence(reasons),
        adds_up=why_report.adds_up_sentence(reasons), parts=why_report.printed(reasons),
    )  # fmt: skip


def _curves(frame: pd.DataFrame, **options: Any) -> Markup:
    return _both_widths(lambda width: charts.curves(frame, width, **options), "curve")


def _both_widths(draw: Callable[[int], Any], key: str) -> Markup:
    """Return a chart for desktop and one for phone screens; CSS shows one of them."""
    box = Markup('<div class="{}">{}</div>')
    return Markup("").join(
        box.format(name, Markup(charts.svg(draw(width), f"{key}-{name}"))) for name, width in WIDTHS.items()
    )


FRAGMENTS: dict[str, Callable[[Any, JobResult], str]] = {
    "sensitivity": sensitivity,
    "sweep": sweep,
    "trade_off": trade_off,
    "uncertainty": uncertainty,
    "seek": seek,
    "range": range_of,
    "why": why,
}
