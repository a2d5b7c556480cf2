"""The command line. Heavy libraries are imported inside the commands, so that --help answers at once."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the countries as CSV: per cent and USD billion.")
    ] = False,
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
    with _progress() as (say, step):
        say("reading the economy")
        import entrepot

        base = entrepot.load_economy(economy, elasticities)
        change = entrepot.load_scenario(scenario)
        change.shock(base)  # a scenario that does not fit must say so before anything is solved
        if deficits is Deficits.zero:
            say("rebalancing the base year")
            base = base.rebalanced("zero")
        say("solving")
        result = entrepot.solve(base, change, model=model.value, deficits=deficits.value, progress=step)

    from entrepot.policy.scenario import Focus
    from entrepot.report import document, tables, terminal
    from entrepot.report.focus import focus_of, require_country

    chosen = focus_of(result)
    focus = Focus(exporter=exporter or chosen.exporter, importer=importer or chosen.importer)
    for code in (focus.exporter, focus.importer):
        require_country(base, code)
    if as_json:
        print(json.dumps(document.document(result, focus), ensure_ascii=False, indent=2, allow_nan=False))
    elif as_csv:
        print(tables.ranking(result).to_csv(lineterminator="\n"), end="")
    else:
        _print(terminal.render(result, focus, every))
    if brief is not None:
        with _progress() as (say, _):
            say("drawing the brief")
            entrepot.write_brief(result, brief, focus=focus)
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
    _list(rows, as_json)


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
        _list(_labels(load_economy(name)), as_json, columns=True)
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
    _list(rows, as_json)


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
        gaps = ", ".join(f"{sector} from {what}" for sector, what in table.filled.items())
        rows.append(
            {
                "name": name + (" (default)" if name == DEFAULT else ""),
                "theta": f"{table.theta.min():.2g} to {table.theta.max():.3g}",
                "source": f"{table.provenance.source}; {table.provenance.table}",
                "gaps": gaps or "none",
            }
        )
    _list(rows, as_json)


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
    _list(rows, as_json)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check YAML.

    Example: entrepot schema > scenario.schema.json
    """
    from entrepot.policy.scenario import scenario_schema

    print(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))


def main() -> None:
    """Run the command line: one clear line on standard error and exit code 2 where something handed in is wrong."""
    try:
        app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except EntrepotError as error:
        _fail(str(error).splitlines())
    except typer.TyperException as error:
        _fail([error.format_message()])
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `entrepot ... | head` is no fault
        sys.exit(0)


def _fail(lines: list[str]) -> None:
    for line in lines:
        print(f"entrepot: {line}", file=sys.stderr)
    sys.exit(2)


@contextmanager
def _progress() -> Iterator[tuple[Callable[[str], None], Callable[[int, float], None]]]:
    """Yield two functions that keep one line on a terminal: what is being done, and how far the solver is."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield (lambda text: None), (lambda steps, residual: None)
        return
    with console.status("starting") as status:
        yield (
            status.update,
            lambda steps, residual: status.update(f"solving: step {steps}, residual {residual:.1e}"),
        )


def _labels(economy: "Economy") -> list[dict[str, str]]:
    def row(kind: str, code: str, name: str) -> dict[str, str]:
        return {"kind": kind, "code": code, "name": name}

    return [
        *(row("country", code, name) for code, name in economy.countries.items()),
        *(row("country group", group, ", ".join(codes)) for group, codes in economy.country_groups.items()),
        *(row("sector", code, name) for code, name in economy.sectors.items()),
        *(row("sector group", group, ", ".join(codes)) for group, codes in economy.sector_groups.items()),
    ]


def _list(rows: list[dict[str, str]], as_json: bool, columns: bool = False) -> None:
    """Print rows as JSON, as columns, or one below the other where their texts are long."""
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    def grid(headings: bool) -> Table:
        return Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), show_header=headings)

    if columns:
        table = grid(headings=True)
        for heading in rows[0]:
            table.add_column(heading)
        for row in rows:
            table.add_row(*row.values())
        _print(table)
        return
    parts: list[Text | Table] = []
    for row in rows:
        name, *others = row.items()
        table = grid(headings=False)
        for key, value in others:
            table.add_row(f"  {key}", value)
        parts += [Text(name[1], style="bold"), table]
    _print(Group(*parts))


def _print(what: object) -> None:
    from rich.console import Console

    Console(highlight=False, markup=False).print(what)


if __name__ == "__main__":
    main()
