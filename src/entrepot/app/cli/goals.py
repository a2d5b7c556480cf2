"""Commands that search for policies: goal seek, optimal tariffs, Nash tariffs."""

from typing import Annotated, Literal

import typer

from entrepot.app.ask import Ask
from entrepot.app.cli.options import AllRows, AsJson, takes_ask
from entrepot.app.cli.printing import emit, form_of, progress
from entrepot.core.errors import InputError
from entrepot.core.units import parse_bounds

GivenScenario = Annotated[
    str | None,
    typer.Argument(help="Scenario already in force, by name or as a YAML file; default: no policy change."),
]
ByWhat = Annotated[str, typer.Option("--by", help="Rates differ by: uniform, partner, sector, or partner,sector.")]
OfTaxes = Annotated[
    list[str] | None, typer.Option("--tax", help="Tax instrument: tariff (default) or export_tax. May be repeated.")
]
OfBounds = Annotated[str | None, typer.Option("--between", help="Lower and upper bound of the rates: -10%..50%.")]
OfSectors = Annotated[
    list[str] | None,
    typer.Option("--sector", help="Taxed sector or sector group; default: goods. May be repeated."),
]
RatesAsCsv = Annotated[bool, typer.Option("--csv", help="Print the rates as CSV.")]


@takes_ask
def seek(
    given: GivenScenario = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            help="Target: balance:IND:RUS=-30bn, two_way:IND:RUS=100bn, trade:IND:USA=+50%, real_income:IND=+1%. "
            "Per cent are changes from the base year. May be repeated."
        ),
    ] = None,
    using: Annotated[
        list[str] | None,
        typer.Option(
            help="Unknown to solve for, one per target: iceberg:IND:RUS:agriculture,pharma, tariff:RUS:IND, "
            "export_tax:..., productivity:IND:C21, transfer:RUS:IND, or a scenario parameter. May be repeated."
        ),
    ] = None,
    between: Annotated[
        list[str] | None,
        typer.Option(help="Bounds of an unknown, in the order of --using: -40%..0%. May be repeated."),
    ] = None,
    *,
    ask: Ask,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the unknowns as CSV.")] = False,
) -> None:
    """Goal seek: find the policy that reaches a target.

    Solves for tariffs, trade costs, productivities, transfers or scenario parameters such that the targets are met. If
    no values within the bounds meet them, reports the closest point and the binding constraint.

    Example: entrepot seek --target "balance:IND:RUS=-20bn" --using "iceberg:IND:RUS:agriculture,pharma,textiles"
    """
    form = form_of(as_json, as_csv)
    unknowns = _unknowns(target, using, between)
    with progress() as (say, step):
        say("reading the economy")
        import entrepot

        world = ask.resolve(given)
        say("searching")
        answer = entrepot.seek(
            unknowns=unknowns, targets=target or [], given=world.change, progress=step, **world.settings
        )

    from entrepot.report.answer import answer_for

    emit(answer_for(answer), form)


@takes_ask
def optimal(
    government: Annotated[str, typer.Argument(help="A country, or a group with a common tariff: EU27.")],
    given: Annotated[
        str | None,
        typer.Option("--given", help="Policies of other countries: a scenario by name, or a YAML file; default: none."),
    ] = None,
    by: ByWhat = "uniform",
    tax: OfTaxes = None,
    partner: Annotated[
        list[str] | None,
        typer.Option(help="Tax trade with this partner only; for retaliation add --given SCENARIO. May be repeated."),
    ] = None,
    sector: OfSectors = None,
    between: OfBounds = None,
    starts: Annotated[int, typer.Option(min=1, help="Number of starting points of the optimiser.")] = 3,
    *,
    ask: Ask,
    every: AllRows = False,
    as_json: AsJson = False,
    as_csv: RatesAsCsv = False,
) -> None:
    """Find the optimal tariffs of one government.

    Maximises real income over import tariffs or export taxes, with the policies of all other countries held constant.

    Example: entrepot optimal IND --by sector --partner USA --given us-tariffs-on-india-2025
    """
    form = form_of(as_json, as_csv)
    with progress() as (say, _):
        say("reading the economy")
        import entrepot

        world = ask.resolve(given)
        say("maximising real income")
        best = entrepot.optimal_tariff(
            country=government, by=by, instruments=tax or ["tariff"], bounds=_rate_bounds(between),
            partners=partner or ["all"], sectors=sector or ["goods"], given=world.change, starts=starts,
            **world.settings,
        )  # fmt: skip

    from entrepot.report.answer import answer_for

    emit(answer_for(best, every=every), form)


@takes_ask
def nash(
    given: GivenScenario = None,
    players: Annotated[
        str | None,
        typer.Option(help="Governments in the trade war, separated by commas: USA,CHN,EU27; default: all countries."),
    ] = None,
    by: ByWhat = "uniform",
    rule: Annotated[
        Literal["exact", "sufficient_statistics"],
        typer.Option(help="exact best responses, or sufficient_statistics: the closed form of Lashkaripour (2021)."),
    ] = "exact",
    tax: OfTaxes = None,
    sector: OfSectors = None,
    between: OfBounds = None,
    between_players: Annotated[
        bool, typer.Option("--between-players", help="Players tax each other only, and nobody else.")
    ] = False,
    deviations: Annotated[bool, typer.Option(help="Check for profitable unilateral deviations.")] = True,
    agreement: Annotated[bool, typer.Option(help="Also compute cooperative tariffs.")] = False,
    *,
    ask: Ask,
    every: AllRows = False,
    as_json: AsJson = False,
    as_csv: RatesAsCsv = False,
) -> None:
    """Find Nash tariffs: the outcome of a trade war.

    Iterates best responses until no government gains from changing its tariffs unilaterally.

    Example: entrepot nash --players USA,CHN --between-players
    """
    form = form_of(as_json, as_csv)
    with progress() as (say, _):
        say("reading the economy")
        import entrepot

        world = ask.resolve(given)
        say("computing best responses")
        war = entrepot.nash(
            players=[one.strip() for one in players.split(",")] if players else None, by=by, rule=rule,
            instruments=tax or ["tariff"], bounds=_rate_bounds(between), sectors=sector or ["goods"],
            given=world.change, between_players=between_players, deviations=deviations,
            progress=lambda rounds, move: say(f"round {rounds}: largest change of a rate {100 * move:.1e} points"),
            **world.settings,
        )  # fmt: skip
        agreed = None
        if agreement:
            say("computing cooperative tariffs")
            agreed = war.cooperative()

    from entrepot.report.answer import answer_for

    emit(answer_for(war, agreement=agreed, every=every), form)


def _unknowns(
    targets: list[str] | None, using: list[str] | None, between: list[str] | None
) -> dict[str, tuple[float | None, float | None]]:
    """Return the unknowns of a goal seek with their bounds."""
    if not targets or not using:
        raise InputError(
            "give a target and an unknown to solve for: --target balance:IND:RUS=-20bn --using iceberg:IND:RUS"
        )
    bounds = [_bounds(text) for text in between or []]
    if len(bounds) > len(using):
        raise InputError(f"{len(bounds)} bounds for {len(using)} unknowns; give one --between for each --using")
    doubled = [name for name in using if using.count(name) > 1]
    if doubled:
        raise InputError(f"--using {doubled[0]}: given twice; give each unknown once")
    return dict(zip(using, [*bounds, *[(None, None)] * (len(using) - len(bounds))], strict=True))


def _bounds(written: str) -> tuple[float | None, float | None]:
    try:
        return parse_bounds(written)
    except ValueError as error:
        raise InputError(f"--between: {error}") from None


def _rate_bounds(written: str | None) -> tuple[float, float]:
    """Return the bounds of tax rates, which have both ends."""
    from entrepot.study.tariff_games.optimal import BOUNDS

    if written is None:
        return BOUNDS
    low, high = _bounds(written)
    if low is None or high is None:
        raise InputError(f"--between {written}: give both bounds, as -10%..50%")
    return low, high
