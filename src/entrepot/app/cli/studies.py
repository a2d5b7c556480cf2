"""Commands that solve a scenario many times: Monte Carlo simulation, and grids of values."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepot.app.ask import Ask
from entrepot.app.cli.options import AsJson, OfOutcomes, ScenarioName, takes_ask
from entrepot.app.cli.printing import emit, form_of, progress_bar, require_page
from entrepot.core.extras import require

if TYPE_CHECKING:
    from entrepot.policy.scenario import Scenario

ToFolder = Annotated[
    Path | None,
    typer.Option("--to", help="Checkpoint results in this folder; rerun the same command to resume."),
]
OfScheduler = Annotated[
    str | None, typer.Option("--scheduler", help="Dask scheduler, such as tcp://10.0.0.1:8786; default: this machine.")
]
OfThreads = Annotated[int | None, typer.Option("--workers", min=1, help="Number of threads; default: one per core.")]


@takes_ask
def uncertainty(
    scenario: ScenarioName = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="Uncertain input: theta (default), theta:C26=3..6, theta=+-0.3 (in logs), elasticities, "
            "dial:rho=0.5..1, set:cut=-20%..0%, measure:ID:content=0.5..1.5, coverage=0.8..1, deficits. "
            "May be repeated."
        ),
    ] = None,
    of: OfOutcomes = None,
    draws: Annotated[int, typer.Option(min=1, help="Number of Monte Carlo draws.")] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, help="Random seed; the same seed gives the same draws on every machine.")
    ] = 1,
    sobol: Annotated[
        int,
        typer.Option(help="Base sample size for Sobol indices, a power of two such as 64; 0 for none.", min=0),
    ] = 0,
    to: ToFolder = None,
    scheduler: OfScheduler = None,
    workers: OfThreads = None,
    *,
    ask: Ask,
    html: Annotated[
        Path | None, typer.Option(help="Also write a self-contained HTML page with charts to this file.")
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print all draws as CSV: ratios, and values in the economy's unit.")
    ] = False,
) -> None:
    """Quantify uncertainty: Monte Carlo with quantile bands.

    Draws elasticities and other uncertain inputs, solves the scenario for every draw, and prints the median, the 50 %
    and 90 % bands, the baseline value, and each input's share of the variance.

    Example: entrepot uncertainty us-tariffs-on-india-2025 --draws 200 --of real_income:IND --vary theta
    """
    form = form_of(as_json, as_csv)
    require_page(html)
    if scheduler is not None:
        require("cluster")
    import entrepot

    world = ask.resolve(scenario)
    with _checkpointed(to), progress_bar("draws") as step:
        answer = entrepot.uncertainty(
            scenario=world.scenario, inputs=vary or ["theta"], draws=draws, seed=seed,
            outcomes=of or ["real_income:all"], to=to, scheduler=scheduler, workers=workers, indices=sobol,
            progress=step, **world.settings,
        )  # fmt: skip

    from entrepot.report.answer import answer_for

    emit(answer_for(answer), form, page=html)


@takes_ask
def ensemble(
    scenario: ScenarioName = None,
    of: OfOutcomes = None,
    workers: OfThreads = None,
    *,
    ask: Ask,
    html: Annotated[
        Path | None, typer.Option(help="Also write a self-contained HTML page with strips of the members.")
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all members as CSV: per cent and billions.")] = False,
) -> None:
    """Show the range of a result over assumptions.

    Solves about twelve variants of the question: other models, horizons, closures and elasticities, one at a time, and
    two ends of years 2 to 3. Prints the range of each outcome, its members, and where the default sits among them.

    Example: entrepot ensemble us-tariffs-on-india-2025 --of real_income:IND
    """
    form = form_of(as_json, as_csv)
    require_page(html, [scenario, ask.economy, ask.elasticities])
    import entrepot

    world = ask.resolve(scenario)
    with progress_bar("members") as step:
        answer = entrepot.ensemble(
            change=world.scenario, outcomes=of or _about(world.scenario), workers=workers, progress=step,
            **world.settings,
        )  # fmt: skip

    from entrepot.report.answer import answer_for

    emit(answer_for(answer), form, page=html)


@takes_ask
def sweep(
    scenario: ScenarioName = None,
    *,
    over: Annotated[
        list[str],
        typer.Option(
            help="Input and its values: cut=-50%..0%/11, date=2025-08-21|2025-08-27, dial:rho=0.5..1/6, "
            "theta:C26=2..8/7, elasticities, option, deficits. Repeat for a grid of all combinations."
        ),
    ],
    of: OfOutcomes = None,
    to: ToFolder = None,
    scheduler: OfScheduler = None,
    workers: OfThreads = None,
    ask: Ask,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print all points as CSV: ratios, and values in the economy's unit.")
    ] = False,
) -> None:
    """Solve a scenario over a grid of input values.

    Inputs are scenario parameters, dates, policy options, model parameters, elasticities and closures.

    Example: entrepot sweep india-russia-balance --over cut=-50%..0%/11 --of balance:IND:RUS
    """
    form = form_of(as_json, as_csv)
    import entrepot

    world = ask.resolve(scenario)
    with _checkpointed(to), progress_bar("points") as step:
        answer = entrepot.sweep(
            scenario=world.scenario, over=over, outcomes=of or _about(world.scenario), to=to, scheduler=scheduler,
            workers=workers, progress=step, **world.settings,
        )  # fmt: skip

    from entrepot.report.answer import answer_for

    emit(answer_for(answer), form)


def _about(scenario: "Scenario") -> list[str]:
    """Return the real incomes of the two countries a scenario is about, so that a table has room for them; else all."""
    focus = scenario.focus
    return ["real_income:all"] if focus is None else [f"real_income:{focus.exporter}", f"real_income:{focus.importer}"]


@contextmanager
def _checkpointed(folder: Path | None) -> Iterator[None]:
    """Say how to resume after an interrupt."""
    try:
        yield
    except KeyboardInterrupt:
        rest = (
            "no results are saved; use --to FOLDER for checkpoints"
            if folder is None
            else f"results so far are in {folder}; rerun the same command to resume"
        )
        print(f"entrepot: interrupted: {rest}", file=sys.stderr)
        raise
