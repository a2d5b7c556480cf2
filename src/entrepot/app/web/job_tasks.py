"""Jobs: what takes longer than somebody waits. Each brings back JSON, and the same as a piece of the page.

A new kind is a request in `requests.py` and a function here.
"""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from entrepot.app.web.answers import ranking_of_wedges
from entrepot.app.web.computing import scenario_asked, settings_of, solved
from entrepot.app.web.rendering import rendered
from entrepot.app.web.replies import Reply, of_json
from entrepot.app.web.requests import Change, SensitivityJob, SweepJob, TradeOffJob
from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
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
    low, high = parameter.range
    points = []
    for number in range(asked.points):
        progress(doing=f"solving {number + 1} of {asked.points}", part=number / asked.points)
        value = low + (high - low) * number / (asked.points - 1)
        changed = {**asked.parameters, asked.over: value}
        one = asked.model_copy(update={"parameters": changed})
        points.append((value, solved(Change(**_change(one)), scenario_asked(one)).outcome(asked.of)))
    answer = {
        "title": scenario.title, "outcome": asked.of, "over": asked.over, "what": parameter.what,
        "points": [{"at": at, "value": value} for at, value in points],
    }  # fmt: skip
    return of_json(answer)


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
    drawn = Markup("").join(
        Markup('<div class="{}">{}</div>').format(
            kind,
            Markup(
                charts.svg(
                    charts.curves(
                        numbers.rename(columns=titles), width, x=f"{parameter.what}, %", y=report.unit(answer),
                        marks=[100 * one.at for one in answer.crossings], label=report.headline(answer),
                    ),
                    f"curve-{kind}",
                )
            ),
        )
        for kind, width in WIDTHS.items()
    )  # fmt: skip
    page = rendered(
        "job_trade_off.html.j2", headline=report.headline(answer), robustness=report.robustness(answer), chart=drawn,
        numbers=numbers, titles=titles, what=parameter.what, unit=report.unit(answer),
    )  # fmt: skip
    return of_json(report.document(answer), page=page)


def _change(asked: Change) -> dict[str, Any]:
    return {name: value for name, value in asked.model_dump().items() if name in Change.model_fields}


KINDS: dict[str, Callable[[Any, Progress], Reply]] = {
    "sensitivity": sensitivity,
    "sweep": sweep,
    "trade_off": trade_off,
}
