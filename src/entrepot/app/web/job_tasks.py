"""Jobs: what takes longer than somebody waits. Each brings back JSON, and the same as a piece of the page.

A new kind is a request in `requests.py` and a function here.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
from markupsafe import Markup

import entrepot
from entrepot.app.web.answers import ranking_of_wedges
from entrepot.app.web.computing import scenario_asked, settings_of
from entrepot.app.web.rendering import rendered
from entrepot.app.web.replies import Reply, of_json
from entrepot.app.web.requests import SensitivityJob, SweepJob, TradeOffJob
from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.equilibrium.outcome import parse_outcome
from entrepot.report import charts, wedges
from entrepot.report import trade_off as report
from entrepot.report.wording import signed
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
            "what": wedges.INSTRUMENTS[row["instrument"]], "sector": economy.sectors[row["sector"]],
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
    """Solve a scenario at several values of one of its parameters."""
    scenario = scenario_asked(asked)
    if asked.over not in scenario.parameters:
        known = list(scenario.parameters)
        hint = nearest(asked.over, known) or f"; it has {', '.join(known) or 'none'}"
        raise UnknownLabel(f"{scenario.name}: no parameter {asked.over!r}{hint}")
    parameter = scenario.parameters[asked.over]
    if parameter.upto is None:
        raise InvalidShock(f"the parameter {asked.over!r} needs a range: give it `from` and `to`")
    settings = settings_of(asked)
    wanted = parse_outcome(asked.of, settings["economy"])
    low, high = parameter.range
    found = {}
    for number in range(asked.points):
        progress(doing=f"solving {number + 1} of {asked.points}", part=number / asked.points)
        value = low + (high - low) * number / (asked.points - 1)
        changed = asked.model_copy(update={"parameters": {**asked.parameters, asked.over: value}})
        found[value] = entrepot.solve(change=scenario_asked(changed), **settings).outcome(asked.of)
    values = pd.Series(found)
    shown = 100 * (values - 1) if wanted.is_ratio else values * settings["economy"].billions
    unit = "change, %" if wanted.is_ratio else f"{settings['economy'].currency} billion"
    answer = {
        "title": scenario.title, "outcome": asked.of, "unit": unit, "over": asked.over, "what": parameter.what,
        "points": [{"at": at, "value": float(value)} for at, value in zip(found, shown, strict=True)],
    }  # fmt: skip
    frame = pd.DataFrame({asked.of: shown.to_numpy()}, index=100 * shown.index.to_numpy())
    label = f"{asked.of}, {unit}, by {parameter.what}"
    drawn = _drawn(frame, x=f"{parameter.what}, %", y=unit, marks=[], label=label)
    return of_json(answer, page=rendered("job_sweep.html.j2", answer=answer, chart=drawn, label=label))


def _drawn(frame: pd.DataFrame, **options: Any) -> Markup:
    """Return curves for a desk and for a telephone; the page shows one of them."""
    one = Markup('<div class="{}">{}</div>')
    return Markup("").join(
        one.format(kind, Markup(charts.svg(charts.curves(frame, width, **options), f"curve-{kind}")))
        for kind, width in WIDTHS.items()
    )


def trade_off(asked: TradeOffJob, progress: Progress) -> Reply:
    """Compare the options of a scenario over its parameter."""
    done = 0

    def said(doing: str) -> None:
        nonlocal done
        done += 1
        progress(doing=doing, part=done / (done + asked.points))  # how often it is to be solved is not known before

    answer = compared(scenario=scenario_asked(asked), points=asked.points, progress=said, **settings_of(asked))
    numbers = report.table(answer)
    titles = {name: option.title for name, option in answer.scenario.options.items()}
    parameter = answer.scenario.parameters[answer.parameter]
    drawn = _drawn(
        numbers.rename(columns=titles), x=f"{parameter.what}, %", y=report.unit(answer),
        marks=[100 * one.at for one in answer.crossings], label=report.headline(answer),
    )  # fmt: skip
    page = rendered(
        "job_trade_off.html.j2", headline=report.headline(answer), robustness=report.robustness(answer), chart=drawn,
        numbers=numbers, titles=titles, what=parameter.what, unit=report.unit(answer),
    )  # fmt: skip
    return of_json(report.document(answer), page=page)


KINDS: dict[str, Callable[[Any, Progress], Reply]] = {
    "sensitivity": sensitivity,
    "sweep": sweep,
    "trade_off": trade_off,
}
