"""What there is: economies, scenarios, models, elasticities, statements, schemas."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import entrepot
from entrepot.app.web.api.answers import yaml_of
from entrepot.app.web.api.resolve import economy_named
from entrepot.app.web.messages.responses import Reply, of_json
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.data import shipped
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import DEFAULT as DEFAULT_ELASTICITIES
from entrepot.economy.elasticities import load_elasticities
from entrepot.economy.load import shipped_economies
from entrepot.equilibrium.model.models import DEFAULT as DEFAULT_MODEL
from entrepot.equilibrium.model.models import MODELS
from entrepot.policy.load import scenario_schema
from entrepot.policy.scenario import Scenario
from entrepot.policy.schedules.schedule import schedule_schema
from entrepot.report.verdicts import summary
from entrepot.statements.statement import statements_schema
from entrepot.statements.verdict import Verdict

Progress = Callable[..., None]
SCHEMAS = {"scenario": scenario_schema, "schedule": schedule_schema, "statements": statements_schema}


def catalogue(asked: tuple[str, str | None], progress: Progress) -> Reply:
    """Return everything of a kind in short, or one thing in full."""
    kind, name = asked
    lists, one = LISTS[kind]
    if name is None:
        return of_json({kind: lists()})
    return of_json(one(name))


def _economies() -> list[dict[str, Any]]:
    return [_economy_in_short(economy_named(name)) for name in shipped_economies()]


def _economy_in_short(economy: Economy) -> dict[str, Any]:
    assert economy.provenance is not None
    return {
        "name": economy.name, "countries": len(economy.countries), "sectors": len(economy.sectors),
        **economy.provenance.model_dump(mode="json"),
    }  # fmt: skip


def _economy_in_full(name: str) -> dict[str, Any]:
    economy = economy_named(name)
    return _economy_in_short(economy) | {
        "countries": economy.countries, "country_groups": economy.country_groups, "sectors": economy.sectors,
        "sector_groups": economy.sector_groups, "goods": list(economy.goods),
    }  # fmt: skip


def _scenarios() -> list[dict[str, Any]]:
    return [_scenario_in_short(entrepot.load_scenario(name)) for name in shipped.names("scenarios")]


def _scenario_in_short(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name, "title": scenario.title, "date": str(scenario.date), "reference": scenario.reference,
        "parameters": sorted(scenario.parameters), "options": list(scenario.options),
    }  # fmt: skip


def _scenario_in_full(name: str) -> dict[str, Any]:
    shipped.path_of("scenarios", name)
    scenario = entrepot.load_scenario(name)
    return _scenario_in_short(scenario) | {"document": scenario.content, "yaml": yaml_of(scenario)}


def _models() -> list[dict[str, Any]]:
    return [
        {"name": name, "default": name == DEFAULT_MODEL, "title": model.title, "question": model.question,
         "paper": model.paper, "dials": model.dials}
        for name, model in MODELS.items()
    ]  # fmt: skip


def _model(name: str) -> dict[str, Any]:
    entrepot.model(name)
    return next(one for one in _models() if one["name"] == name)


def _elasticities() -> list[dict[str, Any]]:
    return [_table(name) for name in shipped.names("elasticities")]


def _table(name: str) -> dict[str, Any]:
    shipped.path_of("elasticities", name)
    table = load_elasticities(name)
    assert table.provenance is not None
    return {"name": name, "default": name == DEFAULT_ELASTICITIES, **table.provenance.model_dump(mode="json")}


def _statement_files() -> list[dict[str, Any]]:
    found = [entrepot.load_statements(name) for name in shipped.names("statements")]
    return [
        {"name": one.name, "title": one.title, "date": str(one.date), "reference": one.reference,
         "statements": [statement.id for statement in one.statements]}
        for one in found
    ]  # fmt: skip


def _statement_file(name: str) -> dict[str, Any]:
    return summary.document(checked(name))


@lru_cache(maxsize=4)
def checked(name: str) -> list[Verdict]:
    """Return the verdicts on shipped statements."""
    shipped.path_of("statements", name)
    return list(entrepot.check(entrepot.load_statements(name), entrepot.load_facts()))


def statements(asked: tuple[str, str], progress: Progress) -> Reply:
    """Return the verdict on one statement, with every reading."""
    name, statement = asked
    return of_json(summary.document([summary.chosen(checked(name), statement)]))


def _schema(name: str) -> dict[str, Any]:
    if name not in SCHEMAS:
        raise UnknownLabel(f"no schema {name!r}{nearest(name, list(SCHEMAS))}; choose {', '.join(SCHEMAS)}")
    return SCHEMAS[name]()


LISTS: dict[str, tuple[Callable[[], Any], Callable[[str], Any]]] = {
    "economies": (_economies, _economy_in_full),
    "scenarios": (_scenarios, _scenario_in_full),
    "models": (_models, _model),
    "elasticities": (_elasticities, _table),
    "statements": (_statement_files, _statement_file),
    "schemas": (lambda: list(SCHEMAS), _schema),
}
