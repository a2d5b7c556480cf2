"""Jobs: what takes longer than somebody waits. Each brings back JSON, and the same as a piece of the page.

A new kind is a request in `requests.py` and a function here.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

import entrepot
from entrepot.app.web.api.answers import ranking_of_wedges
from entrepot.app.web.api.resolve import scenario_asked, settings_of
from entrepot.app.web.desk.templating import rendered
from entrepot.app.web.messages.requests import SeekJob, SensitivityJob, SweepJob, TradeOffJob, UncertaintyJob
from entrepot.app.web.messages.responses import Reply, of_json
from entrepot.data import shipped
from entrepot.report.answers import seek as seek_report
from entrepot.report.answers import sensitivity as sensitivity_report
from entrepot.report.answers import sweep as sweep_report
from entrepot.report.answers import trade_off as trade_off_report
from entrepot.report.answers import uncertainty as uncertainty_report
from entrepot.report.kit import charts
from entrepot.report.kit.wording import signed
from entrepot.study.trade_off import trade_off as compared

Progress = Callable[..., None]
WIDTHS = {"wide": 720, "narrow": 340}


def sensitivity(asked: SensitivityJob, progress: Progress) -> Reply:
    """Rank the wedges of the world."""
    answer, result = ranking_of_wedges(asked, progress)
    economy = result.economy
    largest = max((abs(row["effect"]) for row in answer["wedges"]), default=1.0) or 1.0
    rows = [
        {
            "what": sensitivity_report.INSTRUMENTS[row["instrument"]], "sector": economy.sectors[row["sector"]],
            "from": economy.countries[row["origin"]],
            "to": economy.countries[row["destination"]] if row["destination"] else "",
            "effect": signed(row["effect"], 4 if answer["effect_unit"] == "per cent" else 3),
            "length": row["effect"] / largest,
        }
        for row in answer["wedges"]
    ]  # fmt: skip
    at = result.scenario.title if result.scenario else "the base year"
    return of_json(answer, page=rendered("job_sensitivity.html.j2", answer=answer, rows=rows, at=at))


def sweep(asked: SweepJob, progress: Progress) -> Reply:
    """Solve a change at every combination of the values of some inputs."""
    _require_shipped(asked.over)
    settings = settings_of(asked)
    scenario = scenario_asked(asked)
    answer = entrepot.sweep(
        scenario=scenario, over=asked.over, outcomes=asked.of, workers=1, progress=_counted(progress),
        **settings,
    )  # fmt: skip
    document = sweep_report.document(answer)
    first, outcome = answer.inputs[0].name, asked.of[0]
    points = pd.DataFrame(document["points"])
    label = f"{outcome}, {document['units'][outcome]}, by {first}"
    drawn: Markup | str = ""
    if len(answer.inputs) == 1 and pd.api.types.is_numeric_dtype(points[first]):
        frame = points.set_index(first)[[outcome]].astype(float).dropna()
        parameter = scenario.parameters.get(first.removeprefix("set:"))
        if parameter is not None:
            frame.index = 100 * frame.index
        along = first if parameter is None else f"{parameter.what}, %"
        drawn = _drawn(frame, x=along, y=document["units"][outcome], marks=[], label=label)
    page = rendered(
        "job_sweep.html.j2", inputs=[one.name for one in answer.inputs], outcomes=asked.of, units=document["units"],
        points=document["points"], chart=drawn, label=label,
    )  # fmt: skip
    return of_json(document, page=page)


def uncertainty(asked: UncertaintyJob, progress: Progress) -> Reply:
    """Draw what is not known, and say how sure outcomes are."""
    _require_shipped(asked.inputs)
    answer = entrepot.uncertainty(
        scenario=scenario_asked(asked), inputs=asked.inputs, draws=asked.draws, seed=asked.seed, outcomes=asked.of,
        workers=1, progress=_counted(progress), **settings_of(asked),
    )  # fmt: skip
    drawn = _both(lambda width: uncertainty_report.fan_chart(answer, width), "fan") + _both(
        lambda width: uncertainty_report.share_chart(answer, width), "share"
    )
    page = rendered(
        "job_uncertainty.html.j2", headline=uncertainty_report.headline(answer),
        notes=uncertainty_report.notes(answer), chart=drawn,
        rows=uncertainty_report.shown(answer).reset_index().to_dict("records"), draws=len(answer.table),
    )  # fmt: skip
    return of_json(uncertainty_report.document(answer), page=page)


def seek(asked: SeekJob, progress: Progress) -> Reply:
    """Find how far something must move so that an outcome is what is wanted."""
    given = scenario_asked(asked) if asked.given else None
    progress(doing="looking for it", part=0.1)
    found = entrepot.seek(unknowns=asked.move, targets=asked.targets, given=given, **settings_of(asked))
    document = seek_report.document(found)
    page = rendered("job_seek.html.j2", headline=seek_report.headline(found), remarks=seek_report.remarks(found))
    return of_json(document, page=page)


def _counted(progress: Progress) -> Callable[[int, int], None]:
    return lambda done, of: progress(doing=f"{done} of {of} solved", part=done / max(of, 1))


def _require_shipped(words: Sequence[str]) -> None:
    """Raise UnknownLabel where a study would read a table of elasticities that is not shipped."""
    for word in words:
        kind, _, names = word.partition("=")
        if kind.strip() == "elasticities" and names:
            for name in names.split("|"):
                shipped.path_of("elasticities", name.strip())


def _drawn(frame: pd.DataFrame, **options: Any) -> Markup:
    """Return curves as a drawing."""
    return _both(lambda width: charts.curves(frame, width, **options), "curve")


def _both(draw: Callable[[int], Any], key: str) -> Markup:
    """Return a drawing for a desk and for a telephone; the page shows one of them."""
    one = Markup('<div class="{}">{}</div>')
    return Markup("").join(
        one.format(kind, Markup(charts.svg(draw(width), f"{key}-{kind}"))) for kind, width in WIDTHS.items()
    )


def trade_off(asked: TradeOffJob, progress: Progress) -> Reply:
    """Compare the options of a scenario over its parameter."""
    done = 0

    def said(doing: str) -> None:
        nonlocal done
        done += 1
        progress(doing=doing, part=done / (done + asked.points))  # how often it is to be solved is not known before

    answer = compared(scenario=scenario_asked(asked), points=asked.points, progress=said, **settings_of(asked))
    numbers = trade_off_report.table(answer)
    titles = {name: option.title for name, option in answer.scenario.options.items()}
    parameter = answer.scenario.parameters[answer.parameter]
    drawn = _drawn(
        numbers.rename(columns=titles), x=f"{parameter.what}, %", y=trade_off_report.unit(answer),
        marks=[100 * one.at for one in answer.crossings], label=trade_off_report.headline(answer),
    )  # fmt: skip
    page = rendered(
        "job_trade_off.html.j2", headline=trade_off_report.headline(answer),
        robustness=trade_off_report.robustness(answer), chart=drawn,
        numbers=numbers, titles=titles, what=parameter.what, unit=trade_off_report.unit(answer),
    )  # fmt: skip
    return of_json(trade_off_report.document(answer), page=page)


KINDS: dict[str, Callable[[Any, Progress], Reply]] = {
    "sensitivity": sensitivity,
    "sweep": sweep,
    "trade_off": trade_off,
    "uncertainty": uncertainty,
    "seek": seek,
}
