"""The command line. Heavy libraries are imported inside the commands, so that --help answers at once."""

import io
import sys
from typing import Annotated

import typer

from entrepot.app.cli import (
    briefs,
    comparisons,
    duties,
    evidence,
    goals,
    listings,
    serve,
    simulations,
    statements,
    studies,
    writing,
)
from entrepot.app.cli.options import takes_files
from entrepot.app.cli.printing import stop_printing
from entrepot.app.cli.sections import SectionedGroup
from entrepot.core.errors import EntrepotError

app = typer.Typer(
    name="entrepot",
    cls=SectionedGroup,
    help="Simulate trade policy in general equilibrium and check statements about trade.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
SECTIONS = {
    "Simulation": (
        simulations.simulate, comparisons.compare, simulations.why, simulations.sensitivity, briefs.brief,
        writing.new,
    ),
    "Uncertainty": (studies.ensemble, studies.uncertainty, studies.sweep),
    "Goals and trade wars": (goals.seek, goals.optimal, goals.nash),
    "Duties by product": (duties.tariffs, duties.exposure, duties.schedules),
    "Statements and facts": (evidence.backtest, statements.check, statements.facts, statements.comtrade),
    "Models and data": (
        listings.scenarios, listings.briefs, listings.statements, listings.economies, listings.elasticities,
        listings.models, listings.closures, listings.schema,
    ),
    "Desk": (serve.serve,),
}  # fmt: skip
"""Every command, by its section in `entrepot --help`."""
for _section, _commands in SECTIONS.items():
    for _command in _commands:
        app.command(rich_help_panel=_section)(takes_files(_command))


def _print_version(wanted: bool) -> None:
    if wanted:
        from entrepot.core.version import package_version

        print(f"entrepot {package_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line: invalid input ends it with one line on standard error and exit code 2."""
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
        _fail([f"cannot print: {error.strerror or error}; free disk space, or redirect the output elsewhere"])


def _fail(lines: list[str]) -> None:
    for line in lines:
        print(f"entrepot: {line}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
