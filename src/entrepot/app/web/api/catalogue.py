"""Task functions of the lists: economies, scenarios, models, elasticities, statements, schemas."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import entrepot
from entrepot.app.web.api.answers import yaml_of
from entrepot.app.web.api.resolve import shipped_economy
from entrepot.app.web.messages.payload import Payload, TaskProgress, json_payload
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.data import shipped
from entrepot.economy.blocs import groups_of
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import DEFAULT as DEFAULT_ELASTICITIES
from entrepot.economy.elasticities import load_elasticities
from entrepot.economy.load import shipped_economies
from entrepot.equilibrium.model.models import DEFAULT as DEFAULT_MODEL
from entrepot.equilibrium.model.models import MODELS
from entrepot.policy.load import scenario_schema
from entrepot.policy.scenario import Scenario
from entrepot.policy.schedules.schedule import schedule_schema
from entrepot.report.answer import answer_for
from entrepot.report.verdicts.answer import Verdicts
from entrepot.statements.statement import statements_schema
from entrepot.statements.verdict import Verdict

SCHEMAS = {"scenario": scenario_schema, "schedule": schedule_schema, "statements": statements_schema}


def catalogue(request: tuple[str, str | None], progress: TaskProgress) -> Payload:
    """Return the list of a kind, or one entry in full.

    Parameters
    ----------
    request
        Kind, one of `LISTS`, and name of the entry; None for the list.
    progress
        Not used.

    Raises
    ------
    UnknownLabel
        No entry has this name.
    """
    kind, name = request
    list_all, get_one = LISTS[kind]
    return json_payload({kind: list_all()} if name is None else get_one(name))


def _economies() -> list[dict[str, Any]]:
    return [_economy_summary(shipped_economy(name)) for name in shipped_economies()]


def _economy_summary(economy: Economy) -> dict[str, Any]:
    assert economy.provenance is not None
    return {
        "name": economy.name, "countries": len(economy.countries), "sectors": len(economy.sectors),
        **economy.provenance.model_dump(mode="json"),
    }  # fmt: skip


def _economy_detail(name: str) -> dict[str, Any]:
    economy = shipped_economy(name)
    return _economy_summary(economy) | {
        "countries": economy.countries, "country_groups": groups_of(economy), "sectors": economy.sectors,
        "sector_groups": economy.sector_groups, "goods": list(economy.goods),
    }  # fmt: skip


def _scenarios() -> list[dict[str, Any]]:
    return [_scenario_summary(entrepot.load_scenario(name)) for name in shipped.names("scenarios")]


def _scenario_summary(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name, "title": scenario.title, "date": str(scenario.date), "reference": scenario.reference,
        "parameters": sorted(scenario.parameters), "options": list(scenario.options),
    }  # fmt: skip


def _scenario_detail(name: str) -> dict[str, Any]:
    shipped.path_of("scenarios", name)
    scenario = entrepot.load_scenario(name)
    return _scenario_summary(scenario) | {"document": scenario.content, "yaml": yaml_of(scenario)}


def _models() -> list[dict[str, Any]]:
    return [
        {"name": name, "default": name == DEFAULT_MODEL, "title": model.title, "question": model.question,
         "paper": model.paper, "dials": model.dials}
        for name, model in MODELS.items()
    ]  # fmt: skip


def _model(name: str) -> dict[str, Any]:
    entrepot.model(name)
    return next(model for model in _models() if model["name"] == name)


def _elasticities() -> list[dict[str, Any]]:
    return [_table(name) for name in shipped.names("elasticities")]


def _table(name: str) -> dict[str, Any]:
    shipped.path_of("elasticities", name)
    table = load_elasticities(name)
    assert table.provenance is not None
    return {"name": name, "default": name == DEFAULT_ELASTICITIES, **table.provenance.model_dump(mode="json")}


def _statement_files() -> list[dict[str, Any]]:
    files = [entrepot.load_statements(name) for name in shipped.names("statements")]
    return [
        {"name": file.name, "title": file.title, "date": str(file.date), "reference": file.reference,
         "statements": [statement.id for statement in file.statements]}
        for file in files
    ]  # fmt: skip


def _statement_file(name: str) -> dict[str, Any]:
    document: dict[str, Any] = answer_for(Verdicts(verdicts(name))).document()
    return document


@lru_cache(maxsize=4)
def verdicts(name: str) -> list[Verdict]:
    """Return the verdicts on a shipped file of statements."""
    shipped.path_of("statements", name)
    return list(entrepot.check(entrepot.load_statements(name), entrepot.load_facts()))


def statement(request: tuple[str, str], progress: TaskProgress) -> Payload:
    """Return the verdict on one statement with all readings.

    Parameters
    ----------
    request
        Name of the file and id of the statement.
    progress
        Not used.

    Raises
    ------
    UnknownLabel
        No file or statement has this name.
    """
    name, statement_id = request
    return json_payload(answer_for(Verdicts(verdicts(name), statement_id)).document())


def _schema(name: str) -> dict[str, Any]:
    if name not in SCHEMAS:
        raise UnknownLabel(f"no schema {name!r}{nearest(name, list(SCHEMAS))}; choose {', '.join(SCHEMAS)}")
    return SCHEMAS[name]()


LISTS: dict[str, tuple[Callable[[], Any], Callable[[str], Any]]] = {
    "economies": (_economies, _economy_detail),
    "scenarios": (_scenarios, _scenario_detail),
    "models": (_models, _model),
    "elasticities": (_elasticities, _table),
    "statements": (_statement_files, _statement_file),
    "schemas": (lambda: list(SCHEMAS), _schema),
}
