"""Commands that look for a policy: what reaches a goal, what serves a government best, what a trade war comes to."""

from enum import StrEnum
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
from entrepot.app.cli.printing import AsJson, print_json, print_rich, progress, write
from entrepot.app.cli.scenarios import adapted
from entrepot.core.errors import InputError

if TYPE_CHECKING:
    from entrepot.policy.scenario import Scenario

Given = Annotated[
    str | None, typer.Argument(help="What is in force besides: a scenario by name or YAML file; left out, nothing.")
]
ByWhat = Annotated[
    str, typer.Option("--by", help="What has a rate of its own: uniform, partner, sector, or partner,sector.")
]
OfTaxes = Annotated[
    list[str] | None, typer.Option("--tax", help="tariff (if left out) or export_tax. May be repeated.")
]
OfBounds = Annotated[str | None, typer.Option("--between", help="The smallest and the largest rate: -10%..50%.")]
OfSectors = Annotated[
    list[str] | None, typer.Option("--sector", help="What is taxed, codes or groups; goods, if left out. Repeatable.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the rates as CSV.")]
Every = Annotated[bool, typer.Option("--all", help="Show every row of every table.")]


class Rule(StrEnum):
    """How governments answer, for --rule."""

    exact = "exact"
    sufficient_statistics = "sufficient_statistics"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (seek, optimal, nash):
        app.command()(command)


def seek(
    given: Given = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="What is wanted: balance:IND:RUS=-30bn, two_way:IND:RUS=100bn, trade:IND:USA=+50%, "
            "real_income:IND=+1%. Per cent are changes from the base year. May be repeated."
        ),
    ] = None,
    using: Annotated[
        list[str] | None,
        typer.Option(
            help="What may move, one for each target: iceberg:IND:RUS:agriculture,pharma, tariff:RUS:IND, "
            "export_tax:..., productivity:IND:C21, transfer:RUS:IND, or a parameter of the scenario."
        ),
    ] = None,
    between: Annotated[
        list[str] | None, typer.Option(help="Bounds of what may move, in the order of --using: -40%..0%.")
    ] = None,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print what must move how far as CSV.")] = False,
) -> None:
    """Say how far something must move so that a goal is reached, or how near one can come and what stands in the way.

    Example: entrepot seek --target "balance:IND:RUS=-20bn" --using "iceberg:IND:RUS:agriculture,pharma,textiles"
    """
    one_form(as_json, as_csv)
    if not target or not using:
        raise InputError(
            "name what is wanted and what may move: --target balance:IND:RUS=-20bn --using iceberg:IND:RUS"
        )
    bounds = [_bounds(text) for text in between or []]
    if len(bounds) > len(using):
        raise InputError(f"{len(bounds)} bounds for {len(using)} unknowns; give one --between for each --using")
    if len(set(using)) < len(using):
        raise InputError("the same unknown twice; give each --using once")
    with progress() as (say, step):
        say("reading the economy")
        import entrepot

        change = _given(given, on, parameters, option)
        base, solved_as = world(change or entrepot.Shock(), economy, elasticities, model, dial, deficits)
        say("seeking")
        answer = entrepot.seek(
            base,
            dict(zip(using, [*bounds, *[(None, None)] * (len(using) - len(bounds))], strict=True)),
            target,
            given=change,
            model=solved_as,
            deficits=deficits.value,
            progress=step,
        )

    from entrepot.report.answers import seek

    if as_json:
        print_json(seek.document(answer))
    elif as_csv:
        write(answer.unknowns.to_csv(lineterminator="\n"))
    else:
        print_rich(seek.render(answer))


def optimal(
    government: Annotated[str, typer.Argument(help="A country, or a group that sets taxes as one: EU27.")],
    given: Annotated[
        str | None, typer.Option("--given", help="What others do: a scenario by name or YAML file; left out, nothing.")
    ] = None,
    by: ByWhat = "uniform",
    tax: OfTaxes = None,
    partner: Annotated[
        list[str] | None, typer.Option(help="On trade with these only; retaliation is --given SCENARIO --partner USA.")
    ] = None,
    sector: OfSectors = None,
    between: OfBounds = None,
    starts: Annotated[int, typer.Option(min=1, help="From how many points to look.")] = 3,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    every: Every = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Find the taxes on trade that serve one government best, all others' given.

    Example: entrepot optimal IND --by sector --partner USA --given us-tariffs-on-india-2025
    """
    one_form(as_json, as_csv)
    with progress() as (say, _):
        say("reading the economy")
        import entrepot
        from entrepot.study.tariff_games.optimal import BOUNDS

        change = _given(given, on, parameters, option)
        base, solved_as = world(change or entrepot.Shock(), economy, elasticities, model, dial, deficits)
        say("looking for the best rates")
        best = entrepot.optimal_tariff(
            base,
            government,
            by,
            instruments=tax or ["tariff"],
            bounds=_two(between) if between else BOUNDS,
            partners=partner or ["all"],
            sectors=sector or ["goods"],
            given=change,
            starts=starts,
            model=solved_as,
            deficits=deficits.value,
        )

    from entrepot.report.answers import tariff_games

    if as_json:
        print_json(tariff_games.best_document(best))
    elif as_csv:
        write(best.rates.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(tariff_games.best_render(best, every))


def nash(
    given: Given = None,
    players: Annotated[
        str | None, typer.Option(help="Who sets taxes, with commas: USA,CHN,EU27; every country, if left out.")
    ] = None,
    by: ByWhat = "uniform",
    rule: Annotated[
        Rule,
        typer.Option(help="exact best responses, or sufficient_statistics: the closed form of Lashkaripour (2021)."),
    ] = Rule.exact,
    tax: OfTaxes = None,
    sector: OfSectors = None,
    between: OfBounds = None,
    deviations: Annotated[bool, typer.Option(help="Look for a government that would gain by moving alone.")] = True,
    agreement: Annotated[bool, typer.Option(help="Also find what the governments would set together.")] = False,
    on: OnDay = None,
    parameters: OfParameters = None,
    option: OfOption = None,
    economy: OfEconomy = "icio2022",
    elasticities: OfElasticities = None,
    model: OfModel = Model.caliendo_parro,
    dial: OfDials = None,
    deficits: OfDeficits = Deficits.fixed,
    every: Every = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Find the trade war: taxes from which no government gains by moving alone, and what they cost.

    Example: entrepot nash --players USA,CHN,IND,EU27 --agreement
    """
    one_form(as_json, as_csv)
    with progress() as (say, _):
        say("reading the economy")
        import entrepot
        from entrepot.study.tariff_games.optimal import BOUNDS

        change = _given(given, on, parameters, option)
        base, solved_as = world(change or entrepot.Shock(), economy, elasticities, model, dial, deficits)
        say("governments answer each other")
        war = entrepot.nash(
            base,
            [one.strip() for one in players.split(",")] if players else None,
            by,
            rule=rule.value,
            instruments=tax or ["tariff"],
            bounds=_two(between) if between else BOUNDS,
            sectors=sector or ["goods"],
            given=change,
            deviations=deviations,
            model=solved_as,
            deficits=deficits.value,
            progress=lambda rounds, move: say(f"round {rounds}: a rate still moves by {100 * move:.1e} points"),
        )
        agreed = None
        if agreement:
            say("looking for an agreement")
            agreed = war.cooperative()

    from entrepot.report.answers import tariff_games

    if as_json:
        print_json(tariff_games.war_document(war, agreed))
    elif as_csv:
        write(war.rates.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(tariff_games.war_render(war, agreed, every))


def _given(name: str | None, on: str | None, parameters: list[str] | None, option: str | None) -> "Scenario | None":
    """Return the scenario in force, adapted as the command says."""
    if name is None:
        if on or parameters or option:
            raise InputError("--on, --set and --option change a scenario; name one")
        return None
    from entrepot.policy.load import load_scenario

    return adapted(load_scenario(name), on, parameters or [], option)


def _bounds(written: str) -> tuple[float | None, float | None]:
    """Return two bounds as they are written, -40%..0% or 1..5 (of a payment, billions); either end may be left out."""
    low, dots, high = written.partition("..")
    if not dots or not (low.strip() or high.strip()):
        raise InputError(f"--between {written}: write two bounds with two dots between, as -40%..0%")
    return _number(low, written), _number(high, written)


def _two(written: str) -> tuple[float, float]:
    low, high = _bounds(written)
    if low is None or high is None:
        raise InputError(f"--between {written}: give both bounds, as -10%..50%")
    return low, high


def _number(text: str, whole: str) -> float | None:
    text = text.strip()
    if not text:
        return None
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise InputError(f"--between {whole}: {text!r} is no number; write -40%..0%") from None
