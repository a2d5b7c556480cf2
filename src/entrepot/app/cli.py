"""The command line. Heavy libraries are imported inside the commands, so that --help answers at once."""

import io
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepot.app.printing import list_rows, print_json, print_rich, progress, stop_printing, write
from entrepot.core.errors import EntrepotError, InputError

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy

app = typer.Typer(
    name="entrepot",
    help="Check what is said about trade, compute what trade policy does.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Model(StrEnum):
    """Names of models, for --model."""

    caliendo_parro = "caliendo_parro"
    multi_sector = "multi_sector"


class Deficits(StrEnum):
    """Rules for trade imbalances, for --deficits."""

    fixed = "fixed"
    scaled = "scaled"
    zero = "zero"


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario by name, or a YAML file.")],
    economy: Annotated[str, typer.Option(help="A shipped economy by name, or a netCDF file.")] = "icio2022",
    elasticities: Annotated[
        str | None, typer.Option(help="A shipped table by name, or a CSV file with the columns sector, theta.")
    ] = None,
    model: Annotated[Model, typer.Option(help="With input links between sectors, or without.")] = Model.caliendo_parro,
    deficits: Annotated[
        Deficits,
        typer.Option(
            help="Trade imbalances: fixed in the numeraire, scaled with income, or zero (the base year is rebalanced "
            "to zero before the change, as Caliendo and Parro do)."
        ),
    ] = Deficits.fixed,
    exporter: Annotated[str | None, typer.Option(help="Whose sectors to show; left out, the scenario's focus.")] = None,
    importer: Annotated[
        str | None, typer.Option(help="Whose suppliers and prices to show; left out, the scenario's focus.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every row of every table.")] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the countries as CSV: per cent and billions.")] = False,
    brief: Annotated[
        Path | None, typer.Option(help="Also write the brief, a self-contained HTML page, to this file.")
    ] = None,
) -> None:
    """Compute what a scenario does to every country.

    Countries ranked by change in real income, the exporter's sectors, who picks up the trade, prices and duty in the
    importing country, and how it was solved.

    Example: entrepot simulate us-tariffs-on-india-2025 --deficits scaled --brief brief.html
    """
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other; choose one")
    if brief is not None:
        from entrepot.data.files import require_writable

        require_writable(brief)
        _refuse_own_input(brief, [scenario, economy, elasticities])
    with progress() as (say, step):
        say("reading the economy")
        import entrepot
        from entrepot.policy.scenario import Focus
        from entrepot.report.focus import checked, focus_of

        base = entrepot.load_economy(economy, elasticities)
        change = entrepot.load_scenario(scenario)
        change.shock(base)  # a scenario that does not fit must say so before anything is solved
        if change.focus is not None:
            checked(base, change.focus)
        if deficits is Deficits.zero:
            say("rebalancing the base year")
            base = base.rebalanced("zero")
        say("solving")
        result = entrepot.solve(base, change, model=model.value, deficits=deficits.value, progress=step)
        chosen = focus_of(result)
        focus = checked(
            base,
            Focus(
                exporter=chosen.exporter if exporter is None else exporter,
                importer=chosen.importer if importer is None else importer,
            ),
        )
        if brief is not None:
            say("drawing the brief")
            entrepot.write_brief(result, brief, focus=focus)

    from entrepot.report import document, tables, terminal

    if as_json:
        print_json(document.document(result, focus))
    elif as_csv:
        write(tables.ranking(result).to_csv(lineterminator="\n"))
    else:
        print_rich(terminal.render(result, focus, every))
    if brief is not None:
        print(f"wrote {brief}", file=sys.stderr)


@app.command()
def scenarios(as_json: AsJson = False) -> None:
    """List the shipped scenarios with their legal references.

    Example: entrepot scenarios
    """
    from entrepot.data import shipped
    from entrepot.policy.scenario import load_scenario

    found = [load_scenario(name) for name in shipped.names("scenarios")]
    rows = [
        {"name": item.name, "title": item.title, "date": str(item.date), "reference": item.reference} for item in found
    ]
    list_rows(rows, as_json)


@app.command()
def economies(
    name: Annotated[str | None, typer.Argument(help="List the countries, sectors and groups of this economy.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the shipped economies with their sources, or one economy's countries, sectors and groups.

    Example: entrepot economies icio2022
    """
    from entrepot.data import shipped
    from entrepot.economy.load import load_economy

    if name is not None:
        list_rows(_labels(load_economy(name)), as_json, columns=True)
        return
    rows = []
    for shipped_name in shipped.names("economies"):
        one = load_economy(shipped_name)
        assert one.provenance is not None
        rows.append(
            {
                "name": shipped_name,
                "countries": str(len(one.countries)),
                "sectors": str(len(one.sectors)),
                "title": one.provenance.title,
                "year": one.provenance.year,
                "source": one.provenance.source,
                "licence": one.provenance.licence,
            }
        )
    list_rows(rows, as_json)


@app.command()
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


@app.command()
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


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check YAML.

    Example: entrepot schema > scenario.schema.json
    """
    from entrepot.policy.scenario import scenario_schema

    print_json(scenario_schema())


def main() -> None:
    """Run the command line: one clear line on standard error and exit code 2 where something handed in is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without a letter shows a question mark, not a traceback
    try:
        app(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except EntrepotError as error:
        _fail(str(error).splitlines())
    except typer.TyperException as error:
        _fail([error.format_message()])
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        stop_printing()  # `entrepot ... | head` is no fault
    except OSError as error:
        stop_printing()
        _fail([f"cannot print: {error.strerror or error}; free space, or print elsewhere"])


def _fail(lines: list[str]) -> None:
    for line in lines:
        print(f"entrepot: {line}", file=sys.stderr)
    sys.exit(2)


def _refuse_own_input(output: Path, inputs: list[str | None]) -> None:
    """Raise InputError where the output would replace a file that is being read."""
    for name in inputs:
        if name is not None and output.exists() and Path(name).exists() and output.samefile(name):
            raise InputError(f"{output} is what is being read; name another file")


def _labels(economy: "Economy") -> list[dict[str, str]]:
    def row(kind: str, code: str, name: str) -> dict[str, str]:
        return {"kind": kind, "code": code, "name": name}

    return [
        *(row("country", code, name) for code, name in economy.countries.items()),
        *(row("country group", group, ", ".join(codes)) for group, codes in economy.country_groups.items()),
        *(row("sector", code, name) for code, name in economy.sectors.items()),
        *(row("sector group", group, ", ".join(codes)) for group, codes in economy.sector_groups.items()),
    ]


if __name__ == "__main__":
    main()
