"""The charts of a result: who gains, what is sold, what is made, who sells instead."""

from collections.abc import Callable

import altair as alt
import pandas as pd

from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus
from entrepot.report.kit import charts
from entrepot.report.kit.wording import listed_in_sentence
from entrepot.report.result import tables

ENDS = 10  # countries at each end of the ranking
PARTNERS = 12
LARGEST_SECTORS = 15


def world(result: Result, focus: Focus, width: int) -> alt.LayerChart:
    """Return the map: change in real income by country."""
    change = tables.ranking(result)["real_income_pct"]
    return charts.world_map(result.economy, change, width, label="World map: change in real income, per cent")


def ranking(result: Result, focus: Focus, width: int) -> alt.LayerChart:
    """Return the largest losses and gains of real income as bars."""
    table = tables.ranking(result)
    ends = table if len(table) <= 2 * ENDS else pd.concat([table.iloc[:ENDS], table.iloc[-ENDS:]])
    return charts.ranked_bars(
        list(ends["name"]), list(ends["real_income_pct"]), width, unit="change in real income, %",
        label="Largest losses and gains of real income, per cent", decimals=3,
    )  # fmt: skip


def sectors(result: Result, focus: Focus, width: int) -> alt.LayerChart:
    """Return what the exporter sells to the importer, before and after, by sector of goods."""
    economy, table = result.economy, tables.sectors(result, focus)
    goods = table.loc[[code for code in economy.goods if code in table.index]]
    sold = goods.sort_values("exports_to_partner_bn", ascending=False)[:LARGEST_SECTORS]
    seller, buyer = _pair(result, focus)
    return charts.before_after(
        list(sold["name"]), list(sold["exports_to_partner_bn"]), list(sold["exports_to_partner_cf_bn"]), width,
        unit=f"{economy.currency} billion a year; hollow before, full after",
        label=f"Exports of {seller} to {buyer} by sector, before and after",
    )  # fmt: skip


def output(result: Result, focus: Focus, width: int) -> alt.LayerChart:
    """Return the change in the exporter's output by sector as bars."""
    made = tables.sectors(result, focus).sort_values("volume_pct")
    return charts.ranked_bars(
        list(made["name"]), list(made["volume_pct"]), width, unit="change at constant prices, %",
        label=f"Output of {_pair(result, focus)[0]} by sector, change in per cent", decimals=1,
    )  # fmt: skip


def suppliers(result: Result, focus: Focus, width: int) -> alt.LayerChart:
    """Return who sells more and less to the importer as bars."""
    table = tables.suppliers(result, focus).drop([focus.importer])
    return _partners(result, table, width, f"Who sells more and less to {_pair(result, focus)[1]}")


def customers(result: Result, focus: Focus, width: int) -> alt.LayerChart:
    """Return who buys more and less from the exporter as bars."""
    table = tables.customers(result, focus).drop([focus.exporter])
    return _partners(result, table, width, f"Who buys more and less from {_pair(result, focus)[0]}")


DRAWINGS: dict[str, Callable[[Result, Focus, int], alt.LayerChart]] = {
    "map": world, "ranking": ranking, "sectors": sectors, "output": output, "suppliers": suppliers,
    "customers": customers,
}  # fmt: skip
"""By the name that a page, or the file of a brief, calls them."""


def _partners(result: Result, table: pd.DataFrame, width: int, label: str) -> alt.LayerChart:
    largest = table.loc[table["change_bn"].abs().sort_values(ascending=False).index[:PARTNERS]]
    moved = largest.sort_values("change_bn")
    billions = f"{result.economy.currency} billion"
    return charts.ranked_bars(
        list(moved["name"]), list(moved["change_bn"]), width, unit=f"change, {billions} a year",
        label=f"{label}, {billions}", decimals=2,
    )  # fmt: skip


def _pair(result: Result, focus: Focus) -> tuple[str, str]:
    return listed_in_sentence(result.economy, focus.exporter), listed_in_sentence(result.economy, focus.importer)
