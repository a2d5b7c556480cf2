"""From a question to a result, on the command line's path; what was read or solved a moment ago is kept."""

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import entrepot
from entrepot.app.web.messages.requests import Change, Settings
from entrepot.app.web.workers.cache import key_of
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

KEPT = 4  # results, of about 12 MB each: one person's page, its downloads and its next look
SAID = ("economy", "elasticities", "model", "dials", "deficits", "scenario", "document", "yaml", "on", "parameters",
        "option")  # fmt: skip

Step = Callable[[int, float], None]

_results: OrderedDict[str, Result] = OrderedDict()


def scenario_asked(asked: Change) -> Scenario:
    """Return the scenario that a question means, by the same checks as a file's.

    Raises
    ------
    InputError
        No scenario, or not one. A name is one of a shipped scenario: no file of the server is read.
    """
    if asked.scenario is not None:
        shipped.path_of("scenarios", asked.scenario)
        scenario = entrepot.load_scenario(asked.scenario)
    elif asked.yaml is not None:
        scenario = scenario_of(parse_yaml(asked.yaml, "scenario"))
    else:
        scenario = scenario_of(Document(asked.document or {}))
    return scenario.adapted(on=asked.on, parameters=asked.parameters, option=asked.option)


def world(asked: Settings) -> tuple[Economy, Model]:
    """Return the base year and the model that a question means."""
    return economy_named(asked.economy, asked.elasticities, asked.deficits == "zero"), models.model(
        asked.model, **asked.dials
    )


@lru_cache(maxsize=6)
def economy_named(name: str, elasticities: str | None = None, balanced: bool = False) -> Economy:
    """Return a shipped economy, made by a recipe or not; no file of the server is read by its path.

    Raises
    ------
    UnknownLabel
        Nothing of that name is shipped.
    """
    if balanced:
        return economy_named(name, elasticities).rebalanced("zero")
    require_shipped(name)
    if elasticities is not None:
        shipped.path_of("elasticities", elasticities)
    return entrepot.load_economy(name, elasticities)


def solved(asked: Change, change: Scenario | Shock, progress: Step | None = None) -> Result:
    """Return the equilibrium after a change, or the one that was found for the same question a moment ago."""
    key = key_of("result", [getattr(asked, name) for name in SAID])
    if key in _results:
        _results.move_to_end(key)
        return _results[key]
    economy, model = world(asked)
    result = entrepot.solve(economy, change, model=model, deficits=asked.deficits, progress=progress)
    _results[key] = result
    while len(_results) > KEPT:
        _results.popitem(last=False)
    return result


def settings_of(asked: Settings) -> dict[str, Any]:
    """Return the settings as arguments of what solves."""
    economy, model = world(asked)
    return {"economy": economy, "model": model, "deficits": asked.deficits}
