"""Commands about evidence: what happened against what the model says."""

from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.cli.options import AsJson
from entrepot.app.cli.printing import emit, form_of


def backtest(
    name: Annotated[
        str | None, typer.Argument(help="A shipped event by name, or a YAML file. Default: list the shipped events.")
    ] = None,
    outcomes: Annotated[
        Path | None,
        typer.Option(
            help="Outcomes for frozen predictions: a CSV or Excel file (period, origin, sector, value_from, value_to)."
        ),
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print every observation with its predictions as CSV.")] = False,
) -> None:
    """Hold the model against what happened.

    For an event with known outcomes it prints observed and predicted changes by series, year and horizon, scores with
    naive predictions beside them, and what became of each claim, failures first. Without a name it lists the shipped
    events with their recorded claims.

    Example: entrepot backtest tariff-war-us-from-china
    """
    form = form_of(as_json, as_csv)
    from entrepot.data import shipped
    from entrepot.study.backtests.event import load_event

    if name is None:
        from entrepot.app.cli.listings import print_list

        rows = []
        for known in shipped.names("backtests"):
            event = load_event(known)
            fails = sum(claim.expected == "fails" for claim in event.claims)
            claims = f"{len(event.claims)} claims, {fails} of them fail" if event.claims else "outcomes are awaited"
            rows.append({"name": known, "title": event.title, "claims": claims, "reference": event.reference})
        print_list(rows, as_json)
        return
    from entrepot.report.answer import answer_for
    from entrepot.study.backtests.backtest import backtest as held

    emit(answer_for(held(name, outcomes)), form)
