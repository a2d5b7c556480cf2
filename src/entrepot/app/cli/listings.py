"""Commands that list what is there, with sources."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from entrepot.app.cli.printing import AsJson, list_rows, print_json

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy


class FileKind(StrEnum):
    """Kinds of files that people write."""

    scenario = "scenario"
    schedule = "schedule"
    statements = "statements"
    brief = "brief"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (scenarios, economies, elasticities, measures, schedules, models, schema):
        app.command()(command)


def scenarios(as_json: AsJson = False) -> None:
    """List the shipped scenarios with their legal references.

    Example: entrepot scenarios
    """
    from entrepot.data import shipped
    from entrepot.policy.load import load_scenario

    found = [load_scenario(name) for name in shipped.names("scenarios")]
    rows = [
        {"name": item.name, "title": item.title, "date": str(item.date), "reference": item.reference} for item in found
    ]
    list_rows(rows, as_json)


def economies(
    name: Annotated[str | None, typer.Argument(help="List the countries, sectors and groups of this economy.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the shipped economies with their sources, or one economy's countries, sectors and groups.

    Example: entrepot economies icio2022
    """
    from entrepot.economy.load import load_economy, shipped_economies

    if name is not None:
        list_rows(_labels(load_economy(name)), as_json, columns=True)
        return
    rows = [
        {
            "name": shipped_name,
            "title": source.title,
            "year": source.year,
            "source": source.source,
            "licence": source.licence,
        }
        for shipped_name, source in shipped_economies().items()
    ]
    list_rows(rows, as_json)


def elasticities(as_json: AsJson = False) -> None:
    """List the shipped tables of trade elasticities with their papers; the default is marked.

    Example: entrepot elasticities
    """
    from entrepot.data import shipped
    from entrepot.economy.elasticities import DEFAULT, load_elasticities

    rows = []
    for name in shipped.names("elasticities"):
        table = load_elasticities(name)
        assert table.provenance is not None
        gaps = ", ".join(f"{sector}: {what}" for sector, what in table.filled.items())
        rows.append(
            {
                "name": name + (" (default)" if name == DEFAULT else ""),
                "theta": f"{table.theta.min():.2g} to {table.theta.max():.3g}",
                "source": f"{table.provenance.source}; {table.provenance.table}",
                "gaps": gaps or "none",
            }
        )
    list_rows(rows, as_json)


def measures(as_json: AsJson = False) -> None:
    """List the shipped tables of rates with their sources; a scenario reads them by name.

    Example: entrepot measures
    """
    from entrepot.core.provenance import Provenance
    from entrepot.data import shipped

    rows = []
    for name in shipped.names("measures"):
        source = shipped.sidecar_of(shipped.path_of("measures", name), Provenance)
        rows.append({"name": name, "title": source.title, "unit": source.unit, "source": source.source})
    list_rows(rows, as_json)


def schedules(as_json: AsJson = False) -> None:
    """List the shipped schedules of duties, act by act, with their legal references.

    Example: entrepot schedules
    """
    from entrepot.data import shipped
    from entrepot.policy.schedules.schedule import load_schedule

    found = [load_schedule(name) for name in shipped.names("schedules")]
    rows = [
        {
            "name": item.name,
            "title": item.title,
            "destination": item.destination,
            "acts": f"{len(item.measures)}, known until {item.known_until}",
            "reference": item.reference,
        }
        for item in found
    ]
    list_rows(rows, as_json)


def models(as_json: AsJson = False) -> None:
    """List the models with their papers, what each is for, and the dials that make it.

    Example: entrepot models
    """
    from entrepot.equilibrium.model.models import DEFAULT, MODELS

    rows = [
        {
            "name": name + (" (default)" if name == DEFAULT else ""),
            "title": model.title,
            "question": model.question,
            "dials": ", ".join(f"{dial}={value}" for dial, value in model.dials.items()) or "all neutral",
            "paper": model.paper,
        }
        for name, model in MODELS.items()
    ]
    list_rows(rows, as_json)


def schema(
    of: Annotated[
        FileKind, typer.Argument(help="The kind of file: scenario, schedule, statements or brief.")
    ] = FileKind.scenario,
) -> None:
    """Print the JSON Schema of scenarios, schedules, statements or briefs, for editors that complete and check YAML.

    Example: entrepot schema scenario > scenario.schema.json
    """
    from entrepot.brief.spec import brief_schema
    from entrepot.policy.load import scenario_schema
    from entrepot.policy.schedules.schedule import schedule_schema
    from entrepot.statements.statement import statements_schema

    schemas = {
        FileKind.scenario: scenario_schema,
        FileKind.schedule: schedule_schema,
        FileKind.statements: statements_schema,
        FileKind.brief: brief_schema,
    }
    print_json(schemas[of]())


def _labels(economy: "Economy") -> list[dict[str, str]]:
    def row(kind: str, code: str, name: str) -> dict[str, str]:
        return {"kind": kind, "code": code, "name": name}

    return [
        *(row("country", code, name) for code, name in economy.countries.items()),
        *(row("country group", group, ", ".join(codes)) for group, codes in economy.country_groups.items()),
        *(row("sector", code, name) for code, name in economy.sectors.items()),
        *(row("sector group", group, ", ".join(codes)) for group, codes in economy.sector_groups.items()),
    ]
