"""Commands on one equilibrium: its tables, and its derivatives."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepot.app.ask import Ask
from entrepot.app.cli.options import AllRows, AsJson, ScenarioName, takes_ask
from entrepot.app.cli.printing import emit, form_of, progress, require_page
from entrepot.core.outcomes import examples
from entrepot.core.wedges import RANKED

if TYPE_CHECKING:
    from entrepot.equilibrium.result import Result
    from entrepot.policy.scenario import Focus


RANGE_HINT = "--range: also years 2 to 3 and 13 others, 1 to 4 s on the shipped economy"
"""Decision 21 says how it was measured."""


@takes_ask
def simulate(
    scenario: ScenarioName = None,
    *,
    ask: Ask,
    exporter: Annotated[
        str | None,
        typer.Option(help="Exporter in the sector tables, a country or bloc; default: the scenario's focus."),
    ] = None,
    importer: Annotated[
        str | None,
        typer.Option(
            help="Importer in the tables of suppliers and prices, a country or bloc; default: the scenario's focus."
        ),
    ] = None,
    every: AllRows = False,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the country table as CSV: changes in per cent, values in billions.")
    ] = False,
    brief: Annotated[
        Path | None, typer.Option(help="Also write a self-contained HTML report (the brief) to this file.")
    ] = None,
    with_range: Annotated[
        bool,
        typer.Option("--range", help="Also show the range over models, horizons, closures and elasticities."),
    ] = False,
) -> None:
    """Simulate a scenario in general equilibrium.

    Prints countries ranked by change in real income, the exporter's sectors, trade diversion, prices and tariff
    revenue in the importing country, and solver diagnostics. A scenario with several options is compared option by
    option, with the break-even.

    Example: entrepot simulate us-tariffs-on-india-2025 --deficits scaled --brief brief.html
    """
    form = form_of(as_json, as_csv)
    require_page(brief, [scenario, ask.economy, ask.elasticities])
    from entrepot.report.answer import answer_for

    with progress() as (say, step):
        say("reading the economy")
        import entrepot
        from entrepot.equilibrium.summary.focus import checked
        from entrepot.study.ensemble import ensemble_of

        world = ask.resolve(scenario)
        change, hint = world.scenario, ""
        if change.options:
            answer = answer_for(entrepot.trade_off(scenario=change, progress=say, **world.settings))
        else:
            if change.focus is not None:
                checked(world.economy, change.focus, change)
            say("solving")
            result = entrepot.solve(change=change, progress=step, **world.settings)
            shown = entrepot.gather(result, progress=say) if brief else result
            pair = _focus(result, exporter, importer)
            members = None
            if with_range:
                say("solving under other models, closures and elasticities")
                members = ensemble_of(result, [f"real_income:{code}" for code in (pair.exporter, pair.importer)])
            answer = answer_for(shown, focus=pair, every=every, ensemble=members)
            hint = "" if with_range or brief else RANGE_HINT
    emit(answer, form, page=brief, hint=hint)


@takes_ask
def why(
    scenario: ScenarioName = None,
    of: Annotated[
        str | None,
        typer.Option(help="Real income of a country or group: real_income:IND, IND, EU27; default: the exporter."),
    ] = None,
    alone: Annotated[
        bool | None,
        typer.Option(
            "--alone/--no-alone",
            help="Compare with the measures on the goods of that country alone; default: where an importer taxes all "
            "suppliers.",
        ),
    ] = None,
    *,
    ask: Ask,
    html: Annotated[Path | None, typer.Option(help="Also write a self-contained HTML page to this file.")] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every term by partner and sector as CSV.")] = False,
) -> None:
    """Explain a change in real income, term by term.

    Splits the change into terms of trade, duty revenue, trade costs, productivity and others, each with the three
    largest partners and sectors; the terms add up to the change.

    Example: entrepot why us-tariffs-on-india-2025 --of real_income:IND
    """
    form = form_of(as_json, as_csv)
    require_page(html, [scenario, ask.economy, ask.elasticities])
    with progress() as (say, step):
        say("reading the economy")
        import entrepot
        from entrepot.equilibrium.summary.focus import focus_of

        world = ask.resolve(scenario)
        say("solving")
        result = entrepot.solve(change=world.scenario, progress=step, **world.settings)
        say("integrating along the change")
        answer = entrepot.why(result, of or focus_of(result).exporter, alone=alone)

    from entrepot.report.answer import answer_for

    emit(answer_for(answer), form, page=html)


@takes_ask
def sensitivity(
    scenario: Annotated[
        str | None,
        typer.Argument(help="Point of evaluation: a scenario by name, or a YAML file; default: the base year."),
    ] = None,
    of: Annotated[
        str,
        typer.Option(help=f"Outcome: {examples()}."),
    ] = "real_income:IND",
    by: Annotated[
        list[str] | None,
        typer.Option(help=f"Restrict the ranking to {', '.join(RANKED)}. May be repeated."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Number of rows, largest effect first.")] = 20,
    *,
    ask: Ask,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all derivatives as CSV.")] = False,
) -> None:
    """Rank tariffs and trade costs by their effect.

    Computes the exact derivative of one outcome with respect to every tariff, export tax, trade cost and productivity
    in the world, from one linear system (adjoint).

    Example: entrepot sensitivity --of real_income:IND --top 20
    """
    form = form_of(as_json, as_csv)
    with progress() as (say, step):
        say("reading the economy")
        import entrepot

        world = ask.resolve(scenario)
        say("solving")
        result = entrepot.solve(change=world.policy, progress=step, **world.settings)
        say("differentiating")
        slopes = entrepot.sensitivity(result, of)

    from entrepot.equilibrium.derivatives.ranking import strongest
    from entrepot.report.answer import answer_for
    from entrepot.report.answers.sensitivity import WedgeRanking

    table = strongest(slopes, result.economy, by or (), None if as_csv else top)
    emit(answer_for(WedgeRanking(table, slopes, result)), form)


def _focus(result: "Result", exporter: str | None, importer: str | None) -> "Focus":
    """Return the pair of countries that the tables show."""
    from entrepot.equilibrium.summary.focus import checked, focus_of

    named = {"exporter": exporter, "importer": importer}
    pair = focus_of(result).model_copy(update={key: code for key, code in named.items() if code is not None})
    return checked(result.economy, pair, result.scenario)
