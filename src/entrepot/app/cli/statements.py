"""Commands about statements: check them, list the facts, get more facts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.cli.printing import AsJson, list_rows, print_json, print_rich, write
from entrepot.core.errors import InputError

OwnFacts = Annotated[
    list[Path] | None,
    typer.Option("--facts", help="A CSV file of your own facts, read beside the shipped ones. May be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (check, statements, facts, comtrade):
        app.command()(command)


def check(
    name: Annotated[
        str, typer.Argument(metavar="statements", help="Shipped statements by name, or a YAML file.")
    ] = "india-russia-2025",
    explain: Annotated[str | None, typer.Option(help="Show every reading of the statement of this id.")] = None,
    own: OwnFacts = None,
    html: Annotated[
        Path | None, typer.Option(help="Also write the page, a card a statement, to this self-contained file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say of each statement under which readings it is true, and what decides.

    The verdict, the natural reading with its numbers, the share of readings under which the claim holds, the deciding
    definition, the sources and their caveats.

    Example: entrepot check india-russia-2025 --explain oil-largest-buyer
    """
    if html is not None:
        from entrepot.data.files import require_writable

        require_writable(html)
        if any(html.exists() and read.exists() and html.samefile(read) for read in [Path(name), *(own or [])]):
            raise InputError(f"{html} is what is being read; name another file")
    from entrepot.data.facts import load_facts
    from entrepot.report.verdicts import summary
    from entrepot.statements.check import check as checked
    from entrepot.statements.statement import load_statements

    found = checked(load_statements(name), load_facts(*(own or [])))
    shown = found if explain is None else [summary.chosen(found, explain)]
    if html is not None:
        from entrepot.report.verdicts.page import write_page

        write_page(shown, html)
    if as_json:
        print_json(summary.document(shown))
    elif explain is not None:
        print_rich(summary.explanation(shown[0]))
    else:
        print_rich(summary.render(shown))
    if html is not None:
        print(f"wrote {html}", file=sys.stderr)


def statements(as_json: AsJson = False) -> None:
    """List the shipped statements with where they were made.

    Example: entrepot statements
    """
    from entrepot.data import shipped
    from entrepot.statements.statement import load_statements

    found = [load_statements(name) for name in shipped.names("statements")]
    rows = [
        {"name": item.name, "title": item.title, "date": str(item.date), "statements": str(len(item.statements)),
         "reference": item.reference}
        for item in found
    ]  # fmt: skip
    list_rows(rows, as_json)


def facts(
    reporter: Annotated[list[str] | None, typer.Option(help="Whose figures: RUS. May be repeated.")] = None,
    flow: Annotated[list[str] | None, typer.Option(help="exports or imports.")] = None,
    partner: Annotated[list[str] | None, typer.Option(help="With whom: IND. May be repeated.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="crude, lng, all_goods, hs30. May be repeated.")] = None,
    period: Annotated[list[str] | None, typer.Option(help="2025 or FY2024-25. May be repeated.")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="Mt, bcm, USD million. May be repeated.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="A source by name. May be repeated.")] = None,
    own: OwnFacts = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV, as --facts reads them.")] = False,
) -> None:
    """List facts about trade: who bought how much of what from whom, when, according to whom.

    Figures of two sources on one thing stand side by side. Without any choice, the sources are listed.

    Example: entrepot facts --reporter RUS --product crude --period 2025
    """
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other; choose one")
    from entrepot.data.facts import load_facts
    from entrepot.report.answers import facts as report

    known = load_facts(*(own or []))
    asked = {"reporter": reporter, "flow": flow, "partner": partner, "product": product, "period": period,
             "unit": unit, "source": source}  # fmt: skip
    among = {column: values for column, values in asked.items() if values}
    if not among and not as_csv:
        list_rows(report.sources(known), as_json)
        return
    rows = known.rows(**among)
    if as_json:
        print_json(rows.to_dict("records"))
    elif as_csv:
        write(rows.to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(report.render(rows))


def comtrade(
    to: Annotated[Path, typer.Argument(help="The CSV file to write; where it is from goes into a .yaml beside it.")],
    reporter: Annotated[str, typer.Option(help="Whose figures, by ISO code: IND.")],
    period: Annotated[list[str], typer.Option(help="Calendar years. May be repeated.")],
    flow: Annotated[str, typer.Option(help="exports or imports.")] = "imports",
    product: Annotated[
        list[str] | None, typer.Option(help="all_goods, crude, or hs and a code: hs30. May be repeated.")
    ] = None,
    partner: Annotated[list[str] | None, typer.Option(help="Only these, by ISO code. May be repeated.")] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="COMTRADE_KEY", help="Your subscription key; without one, 500 rows at most."),
    ] = None,
) -> None:
    """Download facts from UN Comtrade into a file that --facts reads.

    Uses the official client, an extra: pip install 'entrepot[comtrade]'. Values come in USD million and, where weights
    are published, in Mt.

    Example: entrepot comtrade mine.csv --reporter IND --partner RUS --product crude --period 2024
    """
    from entrepot.data.comtrade import download, write_facts
    from entrepot.data.files import require_writable

    for path in (to, to.with_suffix(".yaml")):
        require_writable(path)
    table = download(reporter, flow, product or ["all_goods"], period, partner, key)
    write_facts(table, to)
    print(f"wrote {len(table)} rows to {to}, where they are from to {to.with_suffix('.yaml')}", file=sys.stderr)
