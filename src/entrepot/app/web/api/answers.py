"""Task functions of check, solve and sensitivity."""

from typing import Any

import entrepot
from entrepot.app.web.api.resolve import economy_and_model, requested_scenario, solve_cached
from entrepot.app.web.messages.payload import Payload, TaskProgress, json_payload
from entrepot.app.web.messages.requests import ScenarioRequest, SensitivityRequest, SolveRequest
from entrepot.data.documents import written_yaml
from entrepot.equilibrium.derivatives.ranking import strongest
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import checked
from entrepot.policy.scenario import Focus, Scenario
from entrepot.report.answer import answer_for
from entrepot.report.answers.sensitivity import WedgeRanking


def check(request: ScenarioRequest, progress: TaskProgress) -> Payload:
    """Return a scenario as it was parsed, and as a file; its labels are checked against the economy, nothing is solved.

    Raises
    ------
    InputError
        Not a valid scenario for this economy.
    """
    scenario = requested_scenario(request)
    economy, _ = economy_and_model(request)
    for variant in [scenario.option(name) for name in scenario.options] or [scenario]:
        variant.shock(economy)
    parsed = {"scenario": _identity(scenario), "remarks": list(scenario.remarks()), "yaml": yaml_of(scenario)}
    return json_payload(parsed)


def solve(request: SolveRequest, progress: TaskProgress) -> Payload:
    """Return the equilibrium of a scenario: headline, assumptions and the requested tables.

    Raises
    ------
    InputError
        Invalid scenario, settings or focus.
    NotConverged
        No equilibrium was found.
    """
    scenario = requested_scenario(request)
    requested_focus = Focus(**request.focus.model_dump()) if request.focus else None
    if requested_focus is not None:
        checked(economy_and_model(request)[0], requested_focus)
    result = solve_cached(request, scenario)
    answer = answer_for(result, focus=requested_focus, parts=set(request.include)).document()
    if "theta" not in request.include:
        del answer["assumptions"]["theta"]
    answer["scenario"] = _identity(scenario)
    return json_payload(answer)


def sensitivity(request: SensitivityRequest, progress: TaskProgress) -> Payload:
    """Return the wedges with the largest effect on an outcome.

    Raises
    ------
    InputError
        Invalid scenario, settings or outcome.
    """
    return json_payload(wedge_ranking(request, progress)[0])


def wedge_ranking(request: SensitivityRequest, progress: TaskProgress) -> tuple[dict[str, Any], Result]:
    """Return the ranking of wedges as a JSON document, and the result at which the derivatives are taken."""
    progress(doing="solving", part=0.1)
    change = requested_scenario(request) if request.given else entrepot.Shock()
    result = solve_cached(request, change)
    progress(doing="differentiating", part=0.5)
    slopes = entrepot.sensitivity(result, request.of)
    table = strongest(slopes, result.economy, request.by, request.top)
    return answer_for(WedgeRanking(table, slopes, result)).document(), result


def yaml_of(scenario: Scenario) -> str:
    """Return a scenario as the text of a YAML file."""
    content = scenario.content | {"date": str(scenario.date)}
    return written_yaml(content)


def _identity(scenario: Scenario) -> dict[str, Any]:
    return {"name": scenario.name, "title": scenario.title, "reference": scenario.reference, "date": str(scenario.date)}
