"""From a request to scenario, economy, model and result; recent results are cached.

Names in a request are those of shipped files. No file of the server is read by its path.
"""

from collections import OrderedDict
from functools import lru_cache
from typing import Any

import entrepot
from entrepot.app.web.messages.cache_key import cache_key
from entrepot.app.web.messages.requests import ModelSettings, ScenarioRequest
from entrepot.data import shipped
from entrepot.data.documents import Document, parse_yaml
from entrepot.economy.economy import Economy
from entrepot.economy.load import require_shipped
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.policy.load import scenario_of
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock

MAX_RESULTS = 6  # of about 12 MB each: the page of one user with the answers that it keeps, its next focus
SCENARIO_FIELDS = ("economy", "elasticities", "model", "dials", "deficits", "scenario", "document", "yaml", "on",
                   "parameters", "option", "baseline", "reading", "beyond")  # fmt: skip

_results: OrderedDict[str, Result] = OrderedDict()


def requested_scenario(request: ScenarioRequest) -> Scenario:
    """Return the scenario of a request, validated like a file.

    Raises
    ------
    InputError
        No such scenario, or not a valid one.
    """
    if request.scenario is not None:
        shipped.path_of("scenarios", request.scenario)
        scenario = entrepot.load_scenario(request.scenario)
    elif request.yaml is not None:
        scenario = scenario_of(parse_yaml(request.yaml, "scenario"))
    else:
        scenario = scenario_of(Document(request.document or {}))
    return scenario.adapted(
        on=request.on, parameters=request.parameters, option=request.option, baseline=request.baseline,
        reading=request.reading, beyond=request.beyond,
    )  # fmt: skip


def economy_and_model(request: ModelSettings) -> tuple[Economy, Model]:
    """Return the base-year economy and the model of a request.

    Raises
    ------
    UnknownLabel
        No shipped economy, elasticities, model or dial has this name.
    """
    return shipped_economy(request.economy, request.elasticities), models.model(request.model, **request.dials)


@lru_cache(maxsize=6)
def shipped_economy(name: str, elasticities: str | None = None) -> Economy:
    """Return a shipped economy, with its own elasticities or others.

    Raises
    ------
    UnknownLabel
        No shipped economy or elasticities have this name.
    """
    require_shipped(name)
    if elasticities is not None:
        shipped.path_of("elasticities", elasticities)
    return entrepot.load_economy(name, elasticities)


def solve_cached(request: ScenarioRequest, change: Scenario | Shock) -> Result:
    """Return the equilibrium of a request, from the cache if it was solved recently."""
    key = cache_key("result", [getattr(request, name) for name in SCENARIO_FIELDS])
    if key in _results:
        _results.move_to_end(key)
        return _results[key]
    economy, model = economy_and_model(request)
    result = entrepot.solve(economy, change, model=model, deficits=request.deficits)
    _results[key] = result
    while len(_results) > MAX_RESULTS:
        _results.popitem(last=False)
    return result


def solver_settings(request: ModelSettings) -> dict[str, Any]:
    """Return economy, model and deficit rule as keyword arguments of the functions that solve."""
    economy, model = economy_and_model(request)
    return {"economy": economy, "model": model, "deficits": request.deficits}
