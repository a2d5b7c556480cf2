"""Commands that list the shipped data, with sources, and the formats of files."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entrepot.app.cli.options import AsJson
from entrepot.app.cli.printing import emit, form_of, print_json

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy


def scenarios(as_json: AsJson = False) -> None:
    """List the shipped scenarios with legal references.

    Example: entrepot scenarios
    """
    from entrepot.data import shipped
    from entrepot.policy.load import load_scenario

    found = [load_scenario(name) for name in shipped.names("scenarios")]
    rows = [
        {"name": item.name, "title": item.title, "date": str(item.date), "reference": item.reference} for item in found
    ]
    print_list(rows, as_json)


def economies(
    name: Annotated[str | None, typer.Argument(help="Economy whose countries, sectors and groups are listed.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the shipped economies, or the codes of one.

    Example: entrepot economies icio2022
    """
    from entrepot.economy.load import load_economy, shipped_economies

    if name is not None:
        print_list(_labels(load_economy(name)), as_json, in_columns=True)
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
    print_list(rows, as_json)


def elasticities(as_json: AsJson = False) -> None:
    """List the shipped trade elasticities with their papers.

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
                "estimated on": table.provenance.estimated_on.replace("_", " "),
                "source": f"{table.provenance.source}; {table.provenance.table}",
                "gaps": gaps or "none",
            }
        )
    print_list(rows, as_json)


def models(as_json: AsJson = False) -> None:
    """List the models with their papers and parameters.

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
    print_list(rows, as_json)


def closures(as_json: AsJson = False) -> None:
    """List the closures: rules for trade imbalances.

    Example: entrepot closures
    """
    from entrepot.economy.closure import CLOSURES, DEFAULT

    rows = [
        {
            "name": name + (" (default)" if name == DEFAULT else ""),
            "trade imbalances": closure.title,
            "standard": "yes" if closure.standard else "no: for comparison only",
        }
        for name, closure in CLOSURES.items()
    ]
    print_list(rows, as_json)


def schema(
    of: Annotated[
        Literal["scenario", "schedule", "statements", "brief"], typer.Argument(help="Kind of file.")
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a file format.

    Editors use the schema to complete and check YAML files.

    Example: entrepot schema scenario > scenario.schema.json
    """
    from entrepot.brief.spec import brief_schema
    from entrepot.policy.load import scenario_schema
    from entrepot.policy.schedules.schedule import schedule_schema
    from entrepot.statements.statement import statements_schema

    schemas = {
        "scenario": scenario_schema,
        "schedule": schedule_schema,
        "statements": statements_schema,
        "brief": brief_schema,
    }
    print_json(schemas[of]())


def statements(as_json: AsJson = False) -> None:
    """List the shipped sets of statements, with the occasion.

    Example: entrepot statements
    """
    from entrepot.data import shipped
    from entrepot.statements.statement import load_statements

    found = [load_statements(name) for name in shipped.names("statements")]
    rows = [
        {"name": item.name, "title": item.title, "date": str(item.date), "statements": str(len(item.statements)),
         "reference": item.reference}
        for item in found
    ]  # fmt: skip
    print_list(rows, as_json)


def briefs(as_json: AsJson = False) -> None:
    """List the shipped briefs with their questions.

    Example: entrepot briefs
    """
    from entrepot.brief.spec import load_brief
    from entrepot.data import shipped

    found = [load_brief(one) for one in shipped.names("briefs")]
    rows = [
        {"name": one.name, "title": one.title, "date": str(one.date), "question": one.question,
         "reference": one.reference}
        for one in found
    ]  # fmt: skip
    print_list(rows, as_json)


def print_list(rows: list[dict[str, str]], as_json: bool, in_columns: bool = False) -> None:
    """Print what a list has, one entry after another, in columns, or as JSON."""
    from entrepot.report.answer import answer_for
    from entrepot.report.answers.listing import Listing

    emit(answer_for(Listing(rows, in_columns)), form_of(as_json))


def _labels(economy: "Economy") -> list[dict[str, str]]:
    from entrepot.economy.blocs import groups_of

    def row(kind: str, code: str, name: str) -> dict[str, str]:
        return {"kind": kind, "code": code, "name": name}

    return [
        *(row("country", code, name) for code, name in economy.countries.items()),
        *(row("country group", group, ", ".join(codes)) for group, codes in groups_of(economy).items()),
        *(row("sector", code, name) for code, name in economy.sectors.items()),
        *(row("sector group", group, ", ".join(codes)) for group, codes in economy.sector_groups.items()),
    ]
