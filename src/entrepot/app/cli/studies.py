"""Commands that ask many times: how sure a number is, and how it changes over a grid."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    one_form,
    world,
)
from entrepot.app.cli.printing import AsJson, print_json, print_rich, write
from entrepot.app.cli.scenarios import adapted

if TYPE_CHECKING:
    from entrepot.policy.scenario import Scenario

OfScenario = Annotated[str, typer.Argument(help="A shipped scenario by name, or a YAML file.")]
OfOutcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--of",
        help="What to ask about, as in `entrepot sensitivity`: real_income:IND, exports:IND; real_income:all, if left "
        "out, for every country. May be repeated.",
    ),
]
ToFolder = Annotated[
    Path | None,
    typer.Option("--to", help="Keep results in this folder as they come; the same command goes on where it stopped."),
]
OfScheduler = Annotated[
    str | None, typer.Option("--scheduler", help="A Dask scheduler, as tcp://10.0.0.1:8786; left out, this machine.")
]
OfWorkers = Annotated[int | None, typer.Option("--workers", min=1, help="Threads; left out, one for each core.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (uncertainty, sweep):
        app.command()(command)


def uncertainty(
    scenario: OfScenario,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="What is not known: theta (if left out), theta:C26=3..6, theta=+-0.3 (in logs), elasticities, "
            "dial:rho=0.5..1, set:cut=-20%..0%, measure:ID:content=0.5..1.5, coverage=0.8..1, deficits. Repeatable."
        ),
    ] = None,
    of: OfOutcomes = None,
    draws: Annotated[int, typer.Option(min=1, help="How many draws.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same draws, wherever they run.")] = 1,
    sobol: Annotated[
        int,
        typer.Option(help="Base of a design for Sobol's indices, a power of two such as 64; 0 for none.", min=0),
    ] = 0,
    to: ToFolder = None,
    scheduler: OfScheduler = None,
    workers: OfWorkers = None,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    html: Annotated[
        Path | None, typer.Option(help="Also write a self-contained page with charts to this file.")
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every draw as CSV, in ratios and the economy's unit.")
    ] = False,
) -> None:
    """Say how sure a scenario's numbers are: draw what is not known, solve each draw, show the fan.

    Median, bands of 50 and 90 % and where today's value sits, and which input the spread comes from.

    Example: entrepot uncertainty us-tariffs-on-india-2025 --draws 200 --of real_income:IND --vary theta
    """
    one_form(as_json, as_csv)
    if html is not None:
        from entrepot.data.files import require_writable

        require_writable(html)
    import entrepot

    change = adapted(entrepot.load_scenario(scenario), on, parameters or [], option)
    base, solved_as = world(change, economy, elasticities, model, dial, deficits)
    with _kept(to), _bar("draws") as progress:
        answer = entrepot.uncertainty(
            base, change, inputs=vary or ["theta"], draws=draws, seed=seed, outcomes=of or ["real_income:all"],
            model=solved_as, deficits=deficits.value, to=to, scheduler=scheduler, workers=workers, indices=sobol,
            progress=progress,
        )  # fmt: skip

    from entrepot.report.answers import uncertainty

    if as_json:
        print_json(uncertainty.document(answer))
    elif as_csv:
        write(answer.table.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(uncertainty.render(answer))
    if html is not None:
        uncertainty.write_page(answer, html)
        print(f"wrote {html}", file=sys.stderr)


def sweep(
    scenario: OfScenario,
    over: Annotated[
        list[str],
        typer.Option(
            help="What changes: cut=-50%..0%/11, date=2025-08-21|2025-08-27, dial:rho=0.5..1/6, theta:C26=2..8/7, "
            "elasticities, option, deficits. Repeated, every combination."
        ),
    ],
    of: OfOutcomes = None,
    to: ToFolder = None,
    scheduler: OfScheduler = None,
    workers: OfWorkers = None,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print every point as CSV, in ratios and the economy's unit.")
    ] = False,
) -> None:
    """Solve a scenario at every combination of values, and show what comes out.

    Example: entrepot sweep india-russia-balance --over cut=-50%..0%/11 --of balance:IND:RUS
    """
    one_form(as_json, as_csv)
    import entrepot

    change = adapted(entrepot.load_scenario(scenario), on, parameters or [], option)
    outcomes = of or _about(change)
    base, solved_as = world(change, economy, elasticities, model, dial, deficits)
    with _kept(to), _bar("points") as progress:
        answer = entrepot.sweep(
            base, change, over=over, outcomes=outcomes, model=solved_as, deficits=deficits.value, to=to,
            scheduler=scheduler, workers=workers, progress=progress,
        )  # fmt: skip

    from entrepot.report.answers import sweep

    if as_json:
        print_json(sweep.document(answer))
    elif as_csv:
        write(answer.table.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(sweep.render(answer))


def _about(scenario: "Scenario") -> list[str]:
    """Return the real incomes of the two countries a scenario is about, so that a table has room for them; else all."""
    focus = scenario.focus
    return ["real_income:all"] if focus is None else [f"real_income:{focus.exporter}", f"real_income:{focus.importer}"]


@contextmanager
def _kept(folder: Path | None) -> Iterator[None]:
    """Say, where a run is interrupted, what is left of it."""
    try:
        yield
    except KeyboardInterrupt:
        rest = (
            "nothing is kept; name a folder with --to" if folder is None else f"{folder} is kept; run it again to go on"
        )
        print(f"entrepot: interrupted: {rest}", file=sys.stderr)
        raise


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what keeps a bar with the time left on a terminal; None where there is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
