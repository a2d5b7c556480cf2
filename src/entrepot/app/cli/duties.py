"""Commands about duties by product: the acts in force, and their effect by tariff line."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from entrepot.app.ask import ECONOMY
from entrepot.app.cli.options import AsJson, Beyond, OfReading
from entrepot.app.cli.printing import emit, form_of
from entrepot.core.errors import InputError
from entrepot.core.legal import IN_FORCE

if TYPE_CHECKING:
    from entrepot.policy.schedules.schedule import Schedule

OfSchedule = Annotated[
    str | None,
    typer.Option(
        "--schedule", help="A shipped schedule by name, or a YAML file; default: the shipped one of the importer."
    ),
]
DutiesOn = Annotated[str, typer.Option("--on", help="Date of the duties, such as 2025-08-27.")]
LinesAsCsv = Annotated[
    bool, typer.Option("--csv", help="Print all tariff lines as CSV: rates as fractions, values in USD.")
]


def tariffs(
    origin: Annotated[
        str,
        typer.Option(
            "--from", help="Exporting country: a code in the schedule's trade data, a bloc's member, or all (--since)."
        ),
    ],
    destination: Annotated[str, typer.Option("--to", help="Importing country.")] = "USA",
    on: Annotated[str | None, typer.Option("--on", help="Date of the duties, such as 2025-08-27.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Show the average duty over time from this date on, instead of a day.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Last date with --since. Default: the last that the schedule covers.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(help="List all acts on this HS code (2, 4 or 6 digits), applied or not.")
    ] = None,
    schedule: OfSchedule = None,
    reading: OfReading = None,
    beyond: Beyond = False,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool,
        typer.Option("--csv", help="Print all tariff lines, or with --since all dates, as CSV; rates as fractions."),
    ] = False,
) -> None:
    """Show the duties on a date or over time, by legal act.

    On a date it prints import-weighted averages by what is added, the acts with the points that each adds, and the acts
    that do not apply with the reason. With --since it prints the average duty on every date on which it changes, by
    authority, and for all partners the duties collected by month.

    Example: entrepot tariffs --on 2025-08-27 --from IND --to USA --explain 610910

    Example: entrepot tariffs --from all --since 2025-01-01 --chart duties.svg
    """
    form = form_of(as_json, as_csv)
    if (on is None) == (since is None):
        raise InputError("give one of --on DATE (the duties of a day) and --since DATE (over time)")
    if on is not None and until is not None:
        raise InputError("--until ends a timeline; give it with --since")
    if since is not None and explain is not None:
        raise InputError("--explain is about a day; give it with --on")
    from entrepot.data.words import country_code

    origin, destination = country_code(origin), country_code(destination)
    chosen = _schedule_of(destination, schedule)
    from entrepot.report.answer import answer_for

    law = reading or IN_FORCE
    if since is not None:
        from entrepot.policy.schedules.timeline import timeline

        emit(answer_for(timeline(chosen, since, until, [] if origin == "all" else [origin], law, beyond)), form)
        return
    if origin == "all":
        raise InputError("--from all goes with --since; name one country for a day")
    from entrepot.policy.schedules.rates import effective_rates

    emit(answer_for(effective_rates(chosen, on, [origin], law, beyond), origins=origin, hs=explain), form)


def exposure(
    importer: Annotated[str, typer.Option(help="Importing country, which levies the duties.")],
    partner: Annotated[str, typer.Option(help="Exporting country.")],
    on: DutiesOn,
    sector: Annotated[list[str] | None, typer.Option(help="Only this sector or group. May be repeated.")] = None,
    hs: Annotated[list[str] | None, typer.Option(help="Only lines under this HS code. May be repeated.")] = None,
    least: Annotated[
        float, typer.Option(min=0, help="Only lines with imports of at least this many USD million.")
    ] = 0.0,
    sort: Annotated[str, typer.Option(help="Sort by bill, imports, change, rivals, rate_cf or hs6.")] = "bill",
    top: Annotated[int, typer.Option(min=1, help="Number of lines to print.")] = 20,
    eta: Annotated[
        float, typer.Option(min=0, help="Price elasticity of spending on a line; 1 holds spending constant.")
    ] = 1.0,
    rivals: Annotated[
        bool, typer.Option(help="Let the duties of other exporters change by the same schedule; otherwise they stay.")
    ] = False,
    home: Annotated[
        bool, typer.Option(help="Let home sales compete, at the home share of their sector; otherwise only imports do.")
    ] = True,
    schedule: OfSchedule = None,
    reading: OfReading = None,
    beyond: Beyond = False,
    economy: Annotated[
        str, typer.Option(help="Economy with the elasticities and home shares: a shipped name, or a netCDF file.")
    ] = ECONOMY,
    as_json: AsJson = False,
    as_csv: LinesAsCsv = False,
) -> None:
    """Rank products by their exposure to tariffs (HS6).

    Partial equilibrium: for each HS6 line the value, duty before and after, duty bill, and change in imports from the
    partner and its rivals, at constant incomes and producer prices (exact CES within each line).

    Example: entrepot exposure --importer USA --partner IND --on 2025-08-27 --sector textiles --top 10
    """
    form = form_of(as_json, as_csv)
    from entrepot.data.words import country_code

    importer, partner = country_code(importer), country_code(partner)
    chosen = _schedule_of(importer, schedule)
    from entrepot.economy.load import load_economy
    from entrepot.partial.exposure import by_sector
    from entrepot.partial.exposure import exposure as computed
    from entrepot.report.answer import answer_for
    from entrepot.report.answers.exposure import chosen as lines_of

    theta, home_share = by_sector(load_economy(economy), chosen)
    if not home:
        home_share = dict.fromkeys(home_share, 0.0)
    answer = computed(chosen, on, partner, theta, home_share, eta, rivals, reading or IN_FORCE, beyond)
    emit(answer_for(answer, lines=lines_of(answer, sector or [], hs or [], least, sort), top=top), form)


def schedules(
    action: Annotated[
        Literal["check"] | None, typer.Argument(help="check: look through the schedule in a file. Default: list them.")
    ] = None,
    file: Annotated[str | None, typer.Argument(help="The schedule: a YAML file, or a shipped name.")] = None,
    against: Annotated[
        str | None,
        typer.Option(help="Schedule to compare averages with. Default: the shipped one of the same country, if any."),
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the differences in averages as CSV.")] = False,
) -> None:
    """List the shipped schedules of duties, or check a file.

    Each schedule has the duties of one country, act by act, with legal references. `check` reads a file, works through
    every day on which something changes, and prints contradictions with their line, acts and lists without effect, and
    where the average duty on an exporting country differs from the shipped schedule.

    Example: entrepot schedules check my-duties.yaml
    """
    from entrepot.data import shipped
    from entrepot.policy.schedules.schedule import load_schedule

    form = form_of(as_json, as_csv)
    if action is None:
        if against is not None or as_csv:
            raise InputError("--against and --csv go with `entrepot schedules check FILE`")
        found = [load_schedule(name) for name in shipped.names("schedules")]
        rows = [
            {
                "name": item.name,
                "title": item.title,
                "destination": item.destination,
                "acts": f"{len(item.measures)}, known until {item.known_until}",
                "reference": item.reference,
            }
            for item in found
        ]
        from entrepot.app.cli.listings import print_list

        print_list(rows, as_json)
        return
    if file is None:
        raise InputError("name the file to check: entrepot schedules check my-duties.yaml")
    from entrepot.policy.schedules.review import review
    from entrepot.report.answer import answer_for

    chosen = load_schedule(file)
    beside = None
    if against is not None:
        beside = load_schedule(against)
        if beside.destination != chosen.destination:
            raise InputError(
                f"--against {against}: it has the duties of {beside.destination}, not {chosen.destination}"
            )
    elif file not in shipped.names("schedules"):
        known = [load_schedule(name) for name in shipped.names("schedules")]
        beside = next((one for one in known if one.destination == chosen.destination and one.measures), None)
    emit(answer_for(review(chosen, beside)), form)


def _schedule_of(destination: str, name_or_path: str | None) -> "Schedule":
    """Return the schedule of a name, or the shipped one of a country."""
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
