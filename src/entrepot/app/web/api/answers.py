"""Answers of the API: results as JSON."""

from collections.abc import Callable
from typing import Any

import entrepot
from entrepot.app.web.api.resolve import scenario_asked, solved, world
from entrepot.app.web.messages.requests import Change, SensitivityRequest, SolveRequest
from entrepot.app.web.messages.responses import Reply, of_json
from entrepot.data.documents import written_yaml
from entrepot.equilibrium.derivatives.ranking import strongest
from entrepot.equilibrium.focus import checked, focus_of
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus, Scenario
from entrepot.report.answers import sensitivity as sensitivity_report
from entrepot.report.result import document

Progress = Callable[..., None]


def solve(asked: SolveRequest, progress: Progress) -> Reply:
    """Return the equilibrium after a change: what was assumed, the headline and the tables asked for."""
    scenario = scenario_asked(asked)
    if asked.focus is not None:
        checked(world(asked)[0], Focus(**asked.focus.model_dump()))
    result = solved(asked, scenario)
    focus = Focus(**asked.focus.model_dump()) if asked.focus else focus_of(result)
    answer = document.document(result, focus, set(asked.include))
    if "theta" not in asked.include:
        del answer["assumptions"]["theta"]
    answer["scenario"] = _written(scenario)
    return of_json(answer)


def sensitivity(asked: SensitivityRequest, progress: Progress) -> Reply:
    """Return the wedges of the world that matter most for an outcome."""
    return of_json(ranking_of_wedges(asked, progress)[0])


def ranking_of_wedges(asked: SensitivityRequest, progress: Progress) -> tuple[dict[str, Any], Result]:
    """Return the ranking of wedges as a document, and the result it stands at."""
    progress(doing="solving", part=0.1)
    change = scenario_asked(asked) if asked.given else entrepot.Shock()
    result = solved(asked, change)
    progress(doing="differentiating", part=0.5)
    slopes = entrepot.sensitivity(result, asked.of)
    table = strongest(slopes, result.economy, asked.by, asked.top)
    return sensitivity_report.document(table, slopes, result.economy), result


def check(asked: Change, progress: Progress) -> Reply:
    """Return a scenario as it is understood, and as a file; it is laid on the economy, but nothing is solved."""
    scenario = scenario_asked(asked)
    economy, _ = world(asked)
    for one in [scenario.option(name) for name in scenario.options] or [scenario]:
        one.shock(economy)
    return of_json({"scenario": _written(scenario), "remarks": list(scenario.remarks()), "yaml": yaml_of(scenario)})


def yaml_of(scenario: Scenario) -> str:
    """Return a scenario as the text of a file that says the same."""
    content = scenario.content | {"date": str(scenario.date)}
    return written_yaml(content)


def _written(scenario: Scenario) -> dict[str, Any]:
    return {"name": scenario.name, "title": scenario.title, "reference": scenario.reference, "date": str(scenario.date)}
