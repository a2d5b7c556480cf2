"""The command line. Heavy libraries are imported inside the commands, so that --help answers at once."""

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.cli import briefs, duties, goals, listings, serve, statements, studies
from entrepot.app.cli.options import (
    Deficits,
    Model,
    OfDeficits,
    OfDials,
    OfEconomy,
    OfElasticities,
    OfModel,
    OfOption,
    OfParameters,
    OnDay,
    world,
)
from entrepot.app.cli.printing import AsJson, print_json, print_rich, progress, stop_printing, write
from entrepot.app.cli.scenarios import adapted, compare
from entrepot.core.errors import EntrepotError, InputError
from entrepot.core.outcomes import examples

app = typer.Typer(
    name="entrepot",
    help="Check what is said about trade, compute what trade policy does.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario by name, or a YAML file.")],
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    exporter: Annotated[str | None, typer.Option(help="Whose sectors to show; left out, the scenario's focus.")] = None,
    importer: Annotated[
        str | None, typer.Option(help="Whose suppliers and prices to show; left out, the scenario's focus.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every row of every table.")] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the countries as CSV: per cent and billions.")] = False,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
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
        from entrepot.equilibrium.focus import checked, focus_of
        from entrepot.policy.scenario import Focus

        change = adapted(entrepot.load_scenario(scenario), on, parameters or [], option)
        base, solved_as = world(change, economy, elasticities, model, dial, deficits)
        if change.options:
            compare(base, change, solved_as, deficits.value, say, as_json, as_csv, brief)
            return
        if change.focus is not None:
            checked(base, change.focus)
        say("solving")
        result = entrepot.solve(base, change, model=solved_as, deficits=deficits.value, progress=step)
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

    from entrepot.report.result import document, tables, terminal

    if as_json:
        print_json(document.document(result, focus))
    elif as_csv:
        write(tables.ranking(result).to_csv(lineterminator="\n"))
    else:
        print_rich(terminal.render(result, focus, every))
    if brief is not None:
        print(f"wrote {brief}", file=sys.stderr)


@app.command()
def sensitivity(
    scenario: Annotated[
        str | None, typer.Argument(help="The change to stand at, by name or YAML file; left out, the base year.")
    ] = None,
    of: Annotated[
        str,
        typer.Option(help=f"What to ask about: {examples()}."),
    ] = "real_income:IND",
    by: Annotated[
        list[str] | None,
        typer.Option(help="Only these wedges: tariff, export_tax, iceberg_hat, productivity_hat. May be repeated."),
    ] = None,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
    top: Annotated[int, typer.Option(min=1, help="How many wedges to show, the strongest first.")] = 20,
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every derivative of every wedge as CSV.")] = False,
) -> None:
    """Rank all tariffs, export taxes, trade costs and productivities of the world by what they do to one outcome.

    One linear system gives the exact derivative with respect to every wedge at once.

    Example: entrepot sensitivity --of real_income:IND --top 20
    """
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other; choose one")
    with progress() as (say, step):
        say("reading the economy")
        import entrepot

        if scenario is None and (on or parameters or option):
            raise InputError("--on, --set and --option change a scenario; name one")
        change = (
            entrepot.Shock()
            if scenario is None
            else adapted(entrepot.load_scenario(scenario), on, parameters or [], option)
        )
        base, solved_as = world(change, economy, elasticities, model, dial, deficits)
        say("solving")
        result = entrepot.solve(base, change, model=solved_as, deficits=deficits.value, progress=step)
        say("differentiating")
        slopes = entrepot.sensitivity(result, of)

    from entrepot.report.answers import sensitivity

    table = sensitivity.strongest(slopes, result.economy, by or (), None if as_csv else top)
    if as_json:
        print_json(sensitivity.document(table, slopes, base))
    elif as_csv:
        write(table.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(sensitivity.render(table, slopes, result))


briefs.register(app)
studies.register(app)
goals.register(app)
duties.register(app)
statements.register(app)
listings.register(app)
serve.register(app)


def main() -> None:
    """Run the command line: one clear line on standard error and exit code 2 where something handed in is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without a letter shows a question mark, not a traceback
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
        if code:  # an interrupt comes back as its exit code
            sys.exit(code)
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


if __name__ == "__main__":
    main()
