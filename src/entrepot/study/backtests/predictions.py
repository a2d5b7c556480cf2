"""What the model says would happen: growth of flows under the duties or embargoes of an event."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

from entrepot.core.dims import DESTINATION, ORIGIN, SECTOR
from entrepot.core.errors import UnknownLabel, listed
from entrepot.data import shipped
from entrepot.data.store import read_parquet
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.economy.load import load_economy
from entrepot.equilibrium.solve import solve
from entrepot.policy.selection import label_resolver
from entrepot.policy.shock import Shock
from entrepot.study.backtests.event import Event, EventDuties, RateKind

DUTY_COLUMNS = ["importer", "origin", "sector", "measure", "year", "timing", "added_rate"]


@lru_cache(maxsize=16)
def economy_of(name: str, variant: float | str) -> Economy:
    """Return the base year with default elasticities times a factor, or with a table of elasticities."""
    economy = load_economy(name)
    if isinstance(variant, str):
        return economy.with_theta(load_elasticities(variant))
    return economy if variant == 1 else economy.with_theta(variant * economy.theta)


def growth(event: Event, variant: float | str, rates: RateKind, year: int) -> xr.DataArray:
    """Return trade after the event over trade before it [origin, destination, sector]; 1 where there was none."""
    economy = economy_of(event.economy, variant)
    change = _embargo(event, economy) if event.lost else _added(event.duties, economy, rates, year)
    after = solve(economy, change).trade_cf
    ratio: xr.DataArray = (after / economy.trade.where(economy.trade > 0, 1)).where(economy.trade > 0, 1.0)
    return ratio


def _added(duties: EventDuties | None, economy: Economy, rates: RateKind, year: int) -> Shock:
    """Return the duties of a year on top of those of the base year."""
    assert duties is not None  # the event says so
    measures = duties.statutory if rates == "statutory" else duties.collected
    table = read_parquet(shipped.path_of("observed", duties.table), DUTY_COLUMNS)
    rows = table[(table["year"] == year) & (table["timing"] == duties.timing) & table["measure"].isin(measures)]
    if not len(rows):
        raise UnknownLabel(f"{duties.table}: no duties of {year} by {listed(measures)}; it has {listed(_years(table))}")
    if duties.alone is not None and duties.alone in measures:
        pairs = rows.groupby(["importer", "origin"])["measure"].transform(lambda some: (some == duties.alone).any())
        rows = rows[~pairs.astype(bool) | (rows["measure"] == duties.alone)]
    places = [
        rows[column].map({code: at for at, code in enumerate(codes)}).to_numpy()
        for column, codes in (
            ("origin", economy.countries), ("importer", economy.countries), ("sector", economy.sectors),
        )
    ]  # fmt: skip
    tariff = economy.tariff.copy()
    values = tariff.values.copy()
    np.add.at(values, tuple(place.astype(int) for place in places), rows["added_rate"].to_numpy())
    return Shock(tariff=tariff.copy(data=values))


def _embargo(event: Event, economy: Economy) -> Shock:
    """Return the loss of some buyers of an origin's goods."""
    lost = label_resolver(economy, {}).countries.resolve(event.lost or ())
    cost = xr.ones_like(economy.tariff)
    values = cost.values.copy()
    codes = list(economy.countries)
    for sector in event.sectors:
        for buyer in lost:
            values[codes.index(event.origin or ""), codes.index(buyer), list(economy.sectors).index(sector)] = np.inf
    return Shock(iceberg_hat=cost.copy(data=values))


def of_importer(growths: xr.DataArray, trade: xr.DataArray, importer: str) -> pd.DataFrame:
    """Return the growth of an importer's imports [origin, sector], and of all others than each origin together.

    Columns ``origin, sector, growth, others``: `others` is the growth of imports from all origins but this one.
    """
    chosen = {DESTINATION: importer}
    before = trade.sel(chosen).drop_sel({ORIGIN: importer})
    after = before * growths.sel(chosen).drop_sel({ORIGIN: importer})
    rest_before, rest_after = before.sum(ORIGIN) - before, after.sum(ORIGIN) - after
    others = (rest_after / rest_before.where(rest_before > 0, 1)).where(rest_before > 0, 1.0)
    table = growths.sel(chosen).drop_sel({ORIGIN: importer}).to_series().rename("growth").to_frame()
    table["others"] = others.transpose(ORIGIN, SECTOR).to_series()
    return table.reset_index()[["origin", "sector", "growth", "others"]]


def _years(table: pd.DataFrame) -> Sequence[str]:
    return [str(year) for year in sorted(table["year"].unique())]
