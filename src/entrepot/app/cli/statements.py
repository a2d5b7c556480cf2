"""Commands about statements and facts: check, query, download."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.cli.options import AsJson
from entrepot.app.cli.printing import Form, emit, form_of, require_output, require_page

OwnFacts = Annotated[
    list[Path] | None,
    typer.Option("--facts", help="CSV or Excel file with your own facts, added to the shipped ones. May be repeated."),
]


def check(
    name: Annotated[
        str, typer.Argument(metavar="statements", help="Shipped statements by name, or a YAML file.")
    ] = "india-russia-2025",
    explain: Annotated[str | None, typer.Option(help="Show all readings of the statement with this id.")] = None,
    own: OwnFacts = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write a self-contained HTML page, one card per statement, to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check statements about trade against published facts.

    For each statement: the verdict, the natural reading with its numbers, the share of readings under which the claim
    holds, the decisive definition, and the sources with their caveats.

    Example: entrepot check india-russia-2025 --explain oil-largest-buyer
    """
    require_page(html, [name, *(own or [])])
    from entrepot.data.facts import load_facts
    from entrepot.report.answer import answer_for
    from entrepot.report.verdicts.answer import Verdicts
    from entrepot.statements.check import check as checked
    from entrepot.statements.statement import load_statements

    found = checked(load_statements(name), load_facts(*(own or [])))
    emit(answer_for(Verdicts(found, explain)), form_of(as_json), page=html)


def facts(
    reporter: Annotated[list[str] | None, typer.Option(help="Reporting country: RUS. May be repeated.")] = None,
    flow: Annotated[list[str] | None, typer.Option(help="exports or imports. May be repeated.")] = None,
    partner: Annotated[list[str] | None, typer.Option(help="Partner country: IND. May be repeated.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="crude, lng, all_goods, hs30. May be repeated.")] = None,
    period: Annotated[list[str] | None, typer.Option(help="2025 or FY2024-25. May be repeated.")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="Mt, bcm, USD million. May be repeated.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Source by name. May be repeated.")] = None,
    own: OwnFacts = None,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the figures as CSV, in the format that --facts reads.")
    ] = False,
) -> None:
    """Query trade statistics by country, product and year.

    Figures of several sources on the same flow are listed side by side. Without filters, the sources are listed.

    Example: entrepot facts --reporter RUS --product crude --period 2025
    """
    form = form_of(as_json, as_csv)
    from entrepot.data.facts import load_facts
    from entrepot.report.answer import answer_for
    from entrepot.report.answers.facts import FactRows, sources
    from entrepot.report.answers.listing import Listing

    known = load_facts(*(own or []))
    filters = {"reporter": reporter, "flow": flow, "partner": partner, "product": product, "period": period,
               "unit": unit, "source": source}  # fmt: skip
    chosen = {column: values for column, values in filters.items() if values}
    shown = FactRows(known.rows(**chosen), known.sources) if chosen or form is Form.csv else Listing(sources(known))
    emit(answer_for(shown), form)


def comtrade(
    to: Annotated[Path, typer.Argument(help="CSV file to write; its provenance goes to a .yaml file next to it.")],
    reporter: Annotated[str, typer.Option(help="Reporting country by ISO code: IND.")],
    period: Annotated[list[str], typer.Option(help="Calendar year. May be repeated.")],
    flow: Annotated[str, typer.Option(help="exports or imports.")] = "imports",
    product: Annotated[
        list[str] | None, typer.Option(help="all_goods, crude, or hs and a code: hs30. May be repeated.")
    ] = None,
    partner: Annotated[
        list[str] | None, typer.Option(help="Partner country by ISO code; default: all. May be repeated.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="COMTRADE_KEY", help="Subscription key; without one, at most 500 rows."),
    ] = None,
) -> None:
    """Download trade statistics from UN Comtrade.

    Writes a CSV file that --facts reads: values in USD million and, where weights are published, in Mt. Uses the
    official client, an extra: pip install 'entrepot[comtrade]'.

    Example: entrepot comtrade mine.csv --reporter IND --partner RUS --product crude --period 2024
    """
    for path in (to, to.with_suffix(".yaml")):
        require_output(path)
    from entrepot.data.comtrade import download, write_facts

    table = download(reporter, flow, product or ["all_goods"], period, partner, key)
    write_facts(table, to)
    print(f"wrote {len(table)} rows to {to} and their provenance to {to.with_suffix('.yaml')}", file=sys.stderr)
