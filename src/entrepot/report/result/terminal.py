"""A result on the terminal, as Rich tables that fit eighty columns."""

from collections.abc import Hashable
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.key_numbers import key_numbers
from entrepot.policy.scenario import Focus
from entrepot.report.kit.rich_tables import RankedTable, ranked_table
from entrepot.report.kit.wording import listed_in_sentence, percent, signed
from entrepot.report.result import headline, tables

MOST_ROWS = 8  # at each end of a ranking, unless all are asked for


def render(result: Result, focus: Focus, every: bool = False) -> RenderableType:
    """Return what `entrepot simulate` prints: headline, ranking, sectors, diversion, prices and revenue, solver."""
    numbers = key_numbers(result, focus)
    buyer = listed_in_sentence(result.economy, focus.importer)
    currency = result.economy.currency
    revenue = (
        f"In {buyer}, the cost of living against own wages changes by {percent(numbers.importer_cost_of_living_pct)}, "
        f"and tariff revenue changes from {currency} {numbers.revenue_bn:,.1f} billion to "
        f"{numbers.revenue_cf_bn:,.1f} billion."
    )
    first = tables.beyond(result)  # the headline begins with it
    parts: list[RenderableType] = []
    if result.scenario:
        rules = f" (rules of {result.scenario.date})" if result.scenario.has_dated_rules else ""
        title = f"{result.scenario.title}{rules}"
        parts += [Text(title, style="bold"), Text(result.scenario.reference), ""]
    parts += [
        Text(headline.headline(result, focus), style="bold"),
        Text(headline.against(result)),
        *(Text(one) for one in tables.remarks(result) if one not in first),
        _ranking(result, focus, every),
        _sectors(result, focus),
        _diversion(result, focus, every),
        _prices(result, focus, every),
        *([_limits(result)] if result.held else []),
        Text(f"\n{revenue}\n"),
        Text(solved_how(result), style="dim"),
    ]
    return Group(*parts)


def short(result: Result, focus: Focus, ends: int) -> RenderableType:
    """Return the headline, some countries at each end of the ranking, and how it was solved."""
    title = [Text(result.scenario.title, style="bold")] if result.scenario else []
    said = Text(headline.headline(result, focus))
    return Group(*title, said, _ranking(result, focus, every=False, ends=ends), Text(f"\n{solved_how(result)}"))


def _ranking(result: Result, focus: Focus, every: bool, ends: int = MOST_ROWS) -> RankedTable:
    rows = [_income_row(str(rank), code, row) for rank, (code, row) in enumerate(_rows(tables.ranking(result)), 1)]
    if not every and len(rows) > 2 * ends:
        more = f"… {len(rows) - 2 * ends} more" + (": --all" if ends == MOST_ROWS else "")
        rows = [*rows[:ends], ["", "", more, "", "", "", ""], *rows[-ends:]]
    rows = [_income_row("", code, row) for code, row in _rows(tables.blocs(result, focus))] + rows
    headings = ["rank", "", "country", "real income %", f"{result.economy.currency} bn", "real wage %", "living %"]
    return ranked_table("Change in real income, real wage, cost of living", headings, rows)


def _income_row(rank: str, code: str, row: dict[Hashable, Any]) -> list[str]:
    return [
        rank, code, row["name"], signed(row["real_income_pct"], 3), signed(row["equivalent_variation_bn"]),
        signed(row["real_wage_pct"], 3), signed(row["cost_of_living_pct"], 3),
    ]  # fmt: skip


def _sectors(result: Result, focus: Focus) -> RankedTable:
    seller = listed_in_sentence(result.economy, focus.exporter)
    rows = [
        [
            code, row["name"], signed(row["volume_pct"]), _billions(row["exports_to_partner_bn"]),
            _billions(row["exports_to_partner_cf_bn"]), signed(row["exports_to_partner_pct"], 1),
            _billions(row["exports_elsewhere_bn"]), signed(row["exports_elsewhere_pct"], 1),
        ]
        for code, row in _rows(tables.sectors(result, focus))
    ]  # fmt: skip
    headings = ["", "sector", "output %", f"to {focus.importer}", "after", "%", "elsewhere", "%"]
    return ranked_table(
        f"Output of {seller} by volume, and its exports in {result.economy.currency} bn", headings, rows
    )


def _diversion(result: Result, focus: Focus, every: bool) -> RankedTable:
    table = tables.suppliers(result, focus)
    if not every:
        table = tables.largest_flows(table, MOST_ROWS + 2)
    rows = [
        [
            code, row["name"], _billions(row["before_bn"]), _billions(row["after_bn"]), signed(row["change_bn"]),
            signed(row["change_pct"]),
        ]
        for code, row in _rows(table)
    ]  # fmt: skip
    buyer, currency = listed_in_sentence(result.economy, focus.importer), result.economy.currency
    title = f"Who sells goods to {buyer}, itself included, {currency} bn"
    return ranked_table(title, ["", "country", "before", "after", "change", "change %"], rows)


def _prices(result: Result, focus: Focus, every: bool) -> RankedTable:
    table = tables.prices(result, focus)
    if not every:
        table = tables.largest_prices(table, MOST_ROWS)
    rows = [
        [
            code, row["name"], signed(row["price_pct"], 3), f"{row['average_duty_pct']:.1f}",
            f"{row['average_duty_cf_pct']:.1f}", _billions(row["revenue_bn"]), _billions(row["revenue_cf_bn"]),
        ]
        for code, row in _rows(table)
    ]  # fmt: skip
    title = f"Prices and duties in {listed_in_sentence(result.economy, focus.importer)}"
    return ranked_table(title, ["", "sector", "price %", "duty %", "after", "revenue bn", "after"], rows)


def _limits(result: Result) -> RankedTable:
    rows = [
        [
            item["name"], item["limit"], item["reached"], item["wedge"],
            f"{item['rent']}; {item['note']}" if item["note"] else item["rent"],
        ]
        for item in tables.limits(result)
    ]  # fmt: skip
    return ranked_table("Limits that the equilibrium keeps", ["limit", "at most", "reached", "wedge", "rent"], rows)


def solved_how(result: Result) -> str:
    """Return what was assumed and how the equilibrium was found, in sentences."""
    economy = result.economy
    table = economy.elasticities.label if economy.elasticities else "as given"
    return (
        f"{economy.label}, {len(economy.countries)} countries x {len(economy.sectors)} sectors; "
        f"{result.model.title}; {result.closure.title}; elasticities {table}. "
        f"{result.steps} steps, residual {result.residual:.1e}, unused equation off by {result.walras:.1e}, "
        f"{result.seconds:.2f} s. Values are relative to world value added; results for countries with large "
        f"imbalances depend on the rule for them (compare --deficits).{''.join(f' {note}' for note in economy.notes)}"
    )


def _rows(table: pd.DataFrame) -> list[tuple[str, dict[Hashable, Any]]]:
    records = table.to_dict("records")
    return [(str(code), record) for code, record in zip(table.index, records, strict=True)]


def _billions(value: float) -> str:
    return f"{value:,.2f}"
