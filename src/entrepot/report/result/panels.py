"""A result as the panels of a screen: rows with their numbers written out and their bars measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.key_numbers import key_numbers
from entrepot.policy.scenario import Focus
from entrepot.report.kit import charts
from entrepot.report.kit.map_shapes import Shape, stencil_of
from entrepot.report.kit.wording import amount, listed_in_sentence, percent, signed
from entrepot.report.result import tables

Row = dict[str, Any]
MOVERS = 10  # suppliers whose sales move most; the others hardly move
PRICES = 10
SECTORS = 12


@dataclass(frozen=True)
class Tile:
    """One number of the first screen."""

    number: str
    says: str
    tone: str


@dataclass(frozen=True)
class Bar:
    """A row with a bar from zero: `length` is a share of the longest, negative for a fall."""

    code: str
    name: str
    text: str
    length: float
    more: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        """Whether it falls or rises."""
        return "fall" if self.length < 0 else "rise"


@dataclass(frozen=True)
class Flow:
    """A row with a value before and after, as shares of the largest, and the change in words."""

    code: str
    name: str
    before: float
    after: float
    texts: tuple[str, str, str, str]

    @property
    def tone(self) -> str:
        """Whether it falls or rises."""
        return "fall" if self.after < self.before else "rise"


@dataclass(frozen=True)
class Land:
    """One shape of the map with its class, 0 the largest loss to 8 the largest gain; None is not in the model."""

    shape: Shape
    shade: int | None
    says: str


@dataclass(frozen=True)
class WorldMap:
    """A map that only needs to be shaded."""

    box: str
    lands: tuple[Land, ...]
    legend: tuple[str, ...]
    elsewhere: str


def tiles(result: Result, focus: Focus) -> list[Tile]:
    """Return the numbers of the first screen."""
    numbers, economy = key_numbers(result, focus), result.economy
    exporter, importer = (listed_in_sentence(economy, code) for code in (focus.exporter, focus.importer))
    money = economy.currency
    change = numbers.revenue_cf_bn - numbers.revenue_bn
    flow = f"from {money} {amount(numbers.flow_bn)} to {amount(numbers.flow_cf_bn)} bn"
    revenue = f"from {amount(numbers.revenue_bn)} to {amount(numbers.revenue_cf_bn)} bn"
    return [
        Tile(percent(numbers.exporter_income_pct),
             f"real income of {exporter}, {money} {signed(numbers.exporter_income_bn, 1)} bn a year",
             _tone(numbers.exporter_income_pct)),
        Tile(percent(numbers.importer_income_pct),
             f"real income of {importer}, {money} {signed(numbers.importer_income_bn, 1)} bn a year",
             _tone(numbers.importer_income_pct)),
        Tile(f"{signed(numbers.flow_pct, 0 if abs(numbers.flow_pct) >= 10 else 1)} %",
             f"goods exports of {exporter} to {importer}, {flow}", _tone(numbers.flow_pct)),
        Tile(percent(numbers.importer_cost_of_living_pct),
             f"cost of living in {importer}, against own wages", "even"),
        Tile(f"{signed(change, 1)} bn", f"tariff revenue of {importer}, {money} a year, {revenue}", "even"),
    ]  # fmt: skip


def world_map(result: Result, ranking: pd.DataFrame) -> WorldMap:
    """Return the world with each economy's class of change in real income; land outside the model has none."""
    change, economy = ranking["real_income_pct"], result.economy
    edges = charts.class_limits(change)
    names, drawn = charts.class_names(edges), stencil_of(economy)

    def land(shape: Shape) -> Land:
        if shape.code not in economy.countries:
            return Land(shape, None, "")
        value = float(change[shape.code])
        return Land(shape, charts.class_of(value, edges), f"{economy.countries[shape.code]}: {percent(value)}")

    elsewhere = f"{percent(float(change['ROW']))} as one economy" if "ROW" in change.index else "not in the model"
    return WorldMap(drawn.box, tuple(land(shape) for shape in drawn.shapes), tuple(names), elsewhere)


def ranked(ranking: pd.DataFrame) -> list[Bar]:
    """Return all economies from the largest loss of real income to the largest gain."""
    return _bars(
        ranking, "real_income_pct", percent,
        lambda row: (signed(row["equivalent_variation_bn"]), signed(row["exports_pct"]), signed(row["imports_pct"])),
    )  # fmt: skip


def sectors(result: Result, focus: Focus) -> list[Bar]:
    """Return the exporter's sectors by change in output at constant prices, with exports to the importer."""
    return _bars(
        tables.sectors(result, focus).sort_values("volume_pct"), "volume_pct", _two_decimals,
        lambda row: (
            amount(row["exports_to_partner_bn"], 2), amount(row["exports_to_partner_cf_bn"], 2),
            signed(row["exports_elsewhere_cf_bn"] - row["exports_elsewhere_bn"]),
        ),
    )  # fmt: skip


def diversion(result: Result, focus: Focus) -> list[Flow]:
    """Return the foreign suppliers of goods whose sales to the importer move most, before and after."""
    return _flows(tables.suppliers(result, focus).drop([focus.importer]))


def elsewhere(result: Result, focus: Focus) -> list[Flow]:
    """Return the foreign buyers of the exporter's goods whose purchases move most, before and after."""
    return _flows(tables.customers(result, focus).drop([focus.exporter]))


def prices(result: Result, focus: Focus) -> list[Bar]:
    """Return the importer's sectors whose prices move the cost of living most, with duty before and after."""
    return _bars(
        tables.largest_prices(tables.prices(result, focus), PRICES), "price_pct", _two_decimals,
        lambda row: (
            f"{amount(row['average_duty_pct'])} %", f"{amount(row['average_duty_cf_pct'])} %",
            amount(row["revenue_bn"], 2), amount(row["revenue_cf_bn"], 2),
        ),
    )  # fmt: skip


def ends(rows: Sequence[Bar], most: int = SECTORS) -> tuple[list[Bar], list[Bar]]:
    """Return the rows at both ends, half of `most` each, and all rows where these leave any out."""
    if len(rows) <= most:
        return list(rows), []
    half = most // 2
    return [*rows[:half], *rows[-half:]], list(rows)


def _bars(
    table: pd.DataFrame, column: str, written: Callable[[float], str], more: Callable[[Row], tuple[str, ...]]
) -> list[Bar]:
    longest = float(table[column].abs().max()) if len(table) else 0.0
    longest = longest if longest > 1e-9 else 1.0  # rounding error is no bar
    return [
        Bar(row["code"], row["name"], written(row[column]), row[column] / longest, more(row)) for row in _rows(table)
    ]


def _flows(table: pd.DataFrame) -> list[Flow]:
    moved = tables.largest_flows(table, MOVERS)
    largest = float(moved[["before_bn", "after_bn"]].to_numpy().max()) if len(moved) else 1.0
    return [
        Flow(
            row["code"], row["name"], row["before_bn"] / largest, row["after_bn"] / largest,
            (amount(row["before_bn"]), amount(row["after_bn"]), signed(row["change_bn"]),
             f"{signed(row['change_pct'], 1)} %"),
        )
        for row in _rows(moved)
    ]  # fmt: skip


def _rows(table: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in
            table.rename_axis("code").reset_index().to_dict("records")]  # fmt: skip


def _two_decimals(value: float) -> str:
    return f"{signed(value)} %"


def _tone(value: float) -> str:
    return "fall" if value < 0 else "rise"
