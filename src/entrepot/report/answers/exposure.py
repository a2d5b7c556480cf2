"""A partner's goods under duties, line by line: on the terminal, as CSV, for machines."""

import math
from functools import partial
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.errors import InputError, UnknownLabel, nearest
from entrepot.data.words import name_of, product_name
from entrepot.partial.exposure import Exposure
from entrepot.policy.selection import LabelSet
from entrepot.report.answer import Answer, answer_for
from entrepot.report.answers.duties import footnote
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import signed
from entrepot.report.result.document import plain

SORTS = ("bill", "imports", "change", "rivals", "rate_cf", "hs6")


def chosen(answer: Exposure, sectors: list[str], prefixes: list[str], least: float, sort: str) -> pd.DataFrame:
    """Return the lines that a reader asks for.

    Parameters
    ----------
    sectors, prefixes
        Sectors or groups, and HS prefixes, of which a line must match one each; empty for all.
    least
        Imports of the base year, in USD million.
    sort
        A column of `SORTS`; numbers from the largest on, losses first.

    Raises
    ------
    InputError
        A word that no line matches.
    """
    if sort not in SORTS:
        raise UnknownLabel(f"cannot sort by {sort!r}{nearest(sort, SORTS)}; choose {', '.join(SORTS)}")
    table = answer.lines
    concordance = answer.rates.schedule.sectors
    if sectors:
        names = {code: name_of("sector", code).name for code in dict.fromkeys(concordance.sectors.values()) if code}
        words = LabelSet(names, concordance.groups, "sector")
        members = words.resolve(sectors)
        table = table[table["sector"].isin(members)]
    if prefixes:
        for prefix in prefixes:
            if prefix not in answer.rates.schedule.prefixes:
                raise UnknownLabel(f"unknown HS code {prefix!r}; write 2, 4 or 6 digits in use")
        table = table[table["hs6"].str.startswith(tuple(prefixes))]
    table = table[table["imports"] >= 1e6 * least]
    if not len(table):
        raise InputError(f"nothing from {answer.partner} matches; widen --sector, --hs or --least")
    ascending = sort in ("change", "hs6")
    return table.sort_values(sort, ascending=ascending, kind="stable")


def render(answer: Exposure, table: pd.DataFrame, top: int | None) -> RenderableType:
    """Return what `entrepot exposure` prints: sums, lines, who gains."""
    million = 1e6
    rows = [
        [
            row["hs6"], product_name(row["hs6"]), f"{row['imports'] / million:,.1f}", f"{100 * row['rate']:.1f}",
            f"{100 * row['rate_cf']:.1f}", f"{row['bill'] / million:,.1f}", _million(row["change"]), row["gainers"],
        ]
        for row in table.head(top if top is not None else len(table)).to_dict("records")
    ]  # fmt: skip
    if top is not None and len(table) > top:
        rows.append(["", "", f"… {len(table) - top:,} more", "", "", "", "", "--top, --csv"])
    headings = ["hs6", "goods", "imports", "duty %", "after", "bill", "change", "gainers"]
    gains = answer.gains[answer.gains.index != answer.partner]
    winners = gains[gains > 0].head(8)
    gainers = ", ".join(f"{code} {signed(value / 1e9)}" for code, value in winners.items()) or "nobody"
    title = f"{len(table):,} lines, USD million"
    return Group(
        Text(f"{answer.rates.schedule.destination}: goods from {answer.partner}, {answer.rates.date}", style="bold"),
        Text(sentence(answer, table)),
        ranked_table(title, headings, rows),
        Text(f"\nOver all its lines the rivals that gain most, USD billion: {gainers}."),
        Text(f"\n{note(answer)}", style="dim"),
    )


def sentence(answer: Exposure, table: pd.DataFrame) -> str:
    """Return the sums over some lines in a sentence."""
    total = table[["imports", "bill", "paid", "paid_cf", "change", "rivals", "home"]].sum()
    whole = total["imports"]
    change, rivals, home = (signed(total[name] / 1e9) for name in ("change", "rivals", "home"))
    points = 100 * total["bill"] / whole + 0.0
    who = "its rivals, whose own duties change too," if answer.rivals_pay else "its rivals"
    return (
        f"Imports of USD {whole / 1e9:,.2f} billion bear a duty bill of {total['bill'] / 1e9 + 0.0:,.2f} billion more "
        f"({points:.1f} points), before buyers react. Duty on them goes from {total['paid'] / 1e9 + 0.0:,.2f} to "
        f"{total['paid_cf'] / 1e9 + 0.0:,.2f} billion once they do. Before anything else moves, imports from "
        f"{answer.partner} change by {change} billion ({signed(100 * total['change'] / whole, 1)} %), from {who} by "
        f"{rivals} billion, home sales of the same goods by {home} billion."
    )


def note(answer: Exposure) -> str:
    """Return what the numbers rest on, and what they leave out."""
    unknown = answer.lines["change"].isna()
    left_out = ""
    if unknown.any():
        value = answer.lines.loc[unknown, "imports"].sum() / 1e9
        left_out = f" {int(unknown.sum())} lines (USD {value:,.2f} billion) belong to no sector: no change is computed."
    return (
        f"{footnote(answer.rates)} Exact CES in each line at given producers' prices and incomes; elasticities and "
        f"home shares by sector (with a smaller home share rivals gain more: --no-home). What pays and what is exempt "
        f"in a line are separate goods.{left_out}"
    )


def document(answer: Exposure, table: pd.DataFrame) -> dict[str, Any]:
    """Return the lines as one JSON document; values in USD, rates as fractions."""
    return {
        "schedule": answer.rates.schedule.name,
        "importer": answer.rates.schedule.destination,
        "partner": answer.partner,
        "on": str(answer.rates.date),
        "sentence": sentence(answer, table),
        "notes": note(answer),
        "lines": [{key: plain(value) for key, value in row.items()} for row in table.to_dict("records")],
        "gains": {str(code): float(value) for code, value in answer.gains.items()},
    }


def sheets(answer: Exposure, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the lines, and who gains over all of them, as a workbook has them."""
    in_usd = {
        "imports": "Imports, USD", "imports_cf": "Imports after, USD", "bill": "Duty bill, USD",
        "paid": "Duty paid, USD", "paid_cf": "Duty paid after, USD",
        "change": f"Change in imports from {answer.partner}, USD", "rivals": "Change in imports from rivals, USD",
        "home": "Change in home sales, USD", "gainers": "Who gains most, USD million",
    }  # fmt: skip
    gains = answer.gains.rename_axis("origin").rename("Change in imports, USD")
    return {"Lines": table.rename(columns=in_usd), "Change by origin": gains.reset_index()}


def _million(value: float) -> str:
    return "" if math.isnan(value) else signed(value / 1e6, 1)


@answer_for.register
def _answer(answer: Exposure, lines: pd.DataFrame | None = None, top: int | None = None) -> Answer:
    shown = answer.lines if lines is None else lines
    shown = shown.assign(product=shown["hs6"].map(product_name))
    return Answer(
        document=partial(document, answer, shown),
        render=partial(render, answer, shown, top),
        table=lambda: shown,
        tables=partial(sheets, answer, shown),
        sources=answer.rates.schedule.sources,
        title=f"{answer.rates.schedule.destination}: goods from {answer.partner}, {answer.rates.date}",
    )
