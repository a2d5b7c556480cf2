"""Commands about duties by product: the acts in force, and their effect by tariff line."""

from typing import TYPE_CHECKING, Annotated

import typer

from entrepot.app.ask import ECONOMY
from entrepot.app.cli.options import AsJson
from entrepot.app.cli.printing import emit, form_of
from entrepot.core.errors import InputError

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
    on: DutiesOn,
    origin: Annotated[
        str, typer.Option("--from", help="Exporting country: a code in the schedule's trade data, or a bloc's member.")
    ],
    destination: Annotated[str, typer.Option("--to", help="Importing country.")] = "USA",
    explain: Annotated[
        str | None, typer.Option(help="List all acts on this HS code (2, 4 or 6 digits), applied or not.")
    ] = None,
    schedule: OfSchedule = None,
    as_json: AsJson = False,
    as_csv: LinesAsCsv = False,
) -> None:
    """Show the duties in force on a date, by legal act.

    Prints import-weighted averages by treatment, the acts in force with the points that each adds, and the acts not in
    force with the reason.

    Example: entrepot tariffs --on 2025-08-27 --from IND --to USA --explain 610910
    """
    form = form_of(as_json, as_csv)
    from entrepot.data.words import country_code

    origin, destination = country_code(origin), country_code(destination)
    chosen = _schedule_of(destination, schedule)
    from entrepot.policy.schedules.rates import effective_rates
    from entrepot.report.answer import answer_for

    emit(answer_for(effective_rates(chosen, on, [origin]), origins=origin, hs=explain), form)


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
        str | None,
        typer.Option(
            help="Table of duties added on other exporters: us-additional-duties-by-partner, or a CSV or Excel file."
        ),
    ] = None,
    home: Annotated[
        bool, typer.Option(help="Let home sales compete, at the home share of their sector; otherwise only imports do.")
    ] = True,
    schedule: OfSchedule = None,
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
    from entrepot.partial.exposure import added_on_rivals, by_sector
    from entrepot.partial.exposure import exposure as computed
    from entrepot.report.answer import answer_for
    from entrepot.report.answers.exposure import chosen as lines_of

    theta, home_share = by_sector(load_economy(economy), chosen)
    if not home:
        home_share = dict.fromkeys(home_share, 0.0)
    others = None if rivals is None else added_on_rivals(chosen, on, rivals)
    answer = computed(chosen, on, partner, theta, home_share, eta=eta, rivals=others)
    emit(answer_for(answer, lines=lines_of(answer, sector or [], hs or [], least, sort), top=top), form)


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
