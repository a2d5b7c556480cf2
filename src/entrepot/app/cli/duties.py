"""Commands about duties by product: what is in force, by which act, and what it does line by line."""

from typing import TYPE_CHECKING, Annotated

import typer

from entrepot.app.cli.printing import AsJson, print_json, print_rich, write
from entrepot.core.errors import InputError

if TYPE_CHECKING:
    from entrepot.policy.schedules.schedule import Schedule

OfSchedule = Annotated[
    str | None,
    typer.Option(
        "--schedule", help="A shipped schedule by name, or a YAML file; left out, the importer's shipped one."
    ),
]
OnDay = Annotated[str, typer.Option("--on", help="The day whose duties are meant, as 2025-08-27.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print every line as CSV: rates as fractions, values in USD.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (tariffs, exposure):
        app.command()(command)


def tariffs(
    on: OnDay,
    origin: Annotated[
        str, typer.Option("--from", help="Who sells: a code of the schedule's trade, or a bloc's member.")
    ],
    destination: Annotated[str, typer.Option("--to", help="Who levies the duties.")] = "USA",
    explain: Annotated[
        str | None, typer.Option(help="List the acts on this HS code of 2, 4 or 6 digits, applied or not.")
    ] = None,
    schedule: OfSchedule = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Say which duties are in force on a day, on which goods, by which acts.

    Averages over imports by treatment, the acts in force with what each adds, and those not in force, with why.

    Example: entrepot tariffs --on 2025-08-27 --from IND --to USA --explain 610910
    """
    _refuse_both(as_json, as_csv)
    chosen = _schedule_of(destination, schedule)
    from entrepot.policy.schedules.rates import effective_rates
    from entrepot.report.answers import duties

    rates = effective_rates(chosen, on, [origin])
    if as_json:
        print_json(duties.document(rates, origin, explain))
    elif as_csv:
        table = rates.lines if explain is None else rates.explain(explain)
        write(table.to_csv(index=False, lineterminator="\n"))
    elif explain is not None:
        print_rich(duties.explanation(rates, explain))
    else:
        print_rich(duties.render(rates, origin))


def exposure(
    importer: Annotated[str, typer.Option(help="Who levies the duties.")],
    partner: Annotated[str, typer.Option(help="Whose goods.")],
    on: OnDay,
    sector: Annotated[list[str] | None, typer.Option(help="Only this sector or group. May be repeated.")] = None,
    hs: Annotated[list[str] | None, typer.Option(help="Only lines under this HS code. May be repeated.")] = None,
    least: Annotated[float, typer.Option(min=0, help="Only lines with imports of this many USD million.")] = 0.0,
    sort: Annotated[str, typer.Option(help="bill, imports, change, rivals, rate_cf or hs6.")] = "bill",
    top: Annotated[int, typer.Option(min=1, help="How many lines to show.")] = 20,
    eta: Annotated[
        float, typer.Option(min=0, help="Elasticity of spending on a line with respect to its price; 1 leaves it.")
    ] = 1.0,
    rivals: Annotated[
        str | None,
        typer.Option(help="A table of duties added on the others too: us-additional-duties-by-partner, or a CSV file."),
    ] = None,
    home: Annotated[
        bool, typer.Option(help="Whether home sales compete, with the share of their sector; if not, rivals take all.")
    ] = True,
    schedule: OfSchedule = None,
    economy: Annotated[str, typer.Option(help="Where elasticities and home shares come from.")] = "icio2022",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Rank a partner's goods by what the duties of a day cost them, HS6 line by line, with who gains.

    Value, duty before and after, duty bill, and the change in imports from the partner and its rivals before anything
    else in the economy moves (exact CES in each line).

    Example: entrepot exposure --importer USA --partner IND --on 2025-08-27 --sector textiles --top 10
    """
    _refuse_both(as_json, as_csv)
    chosen = _schedule_of(importer, schedule)
    from entrepot.economy.load import load_economy
    from entrepot.partial.exposure import added_on_rivals, by_sector
    from entrepot.partial.exposure import exposure as computed
    from entrepot.report.answers import exposure as report

    theta, home_share = by_sector(load_economy(economy), chosen)
    if not home:
        home_share = dict.fromkeys(home_share, 0.0)
    others = None if rivals is None else added_on_rivals(chosen, on, rivals)
    answer = computed(chosen, on, partner, theta, home_share, eta=eta, rivals=others)
    table = report.chosen(answer, sector or [], hs or [], least, sort)
    if as_json:
        print_json(report.document(answer, table))
    elif as_csv:
        write(table.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(report.render(answer, table, top))


def _schedule_of(destination: str, name_or_path: str | None) -> "Schedule":
    """Return the schedule that is named, or the shipped one of a country."""
    from entrepot.data import shipped
    from entrepot.policy.schedules.schedule import load_schedule

    if name_or_path is not None:
        found = load_schedule(name_or_path)
        if found.destination != destination:
            raise InputError(f"schedule {found.name} has the duties of {found.destination}, not of {destination}")
        return found
    every = [load_schedule(name) for name in shipped.names("schedules")]
    for one in every:
        if one.destination == destination:
            return one
    known = ", ".join(sorted({one.destination for one in every}))
    raise InputError(
        f"no schedule of {destination}'s duties is shipped, only of {known}; give your own with --schedule"
    )


def _refuse_both(as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other; choose one")
