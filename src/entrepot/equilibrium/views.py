"""The new world as tables: countries, and one country's sectors, partners and prices, before and after."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from entrepot.core.dims import COUNTRY, DESTINATION, ORIGIN, SECTOR
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy.economy import Economy
from entrepot.policy.selection import LabelSet


def countries(economy: Economy, trade_cf: xr.DataArray, columns: Sequence[xr.DataArray]) -> pd.DataFrame:
    """Return one row a country: the columns, each [country], then exports and imports before and after.

    Ranked by the first column, the smallest first.
    """
    table = pd.DataFrame({"name": list(economy.countries.values())}, index=_index(economy, COUNTRY))
    for column in columns:
        table[str(column.name)] = column.values
    for suffix, trade in (("", economy.trade), ("_cf", trade_cf)):
        between = trade.values.sum(axis=2)
        np.fill_diagonal(between, 0.0)
        table[f"exports{suffix}"] = between.sum(axis=1)
        table[f"imports{suffix}"] = between.sum(axis=0)
    return table.sort_values(str(columns[0].name), kind="stable")


def sectors(
    economy: Economy, trade_cf: xr.DataArray, unit_cost_hat: xr.DataArray, country: str, partner: str
) -> pd.DataFrame:
    """Return one row a sector of `country`: output, exports to `partner` and to all others, before and after.

    All are values; `volume_hat` is the change in output at the producer's prices of the base year.
    """
    _require(economy, country)
    _require(economy, partner)
    table = pd.DataFrame({"name": list(economy.sectors.values())}, index=_index(economy, SECTOR))
    for suffix, trade in (("", economy.trade), ("_cf", trade_cf)):
        sold = trade.sel(origin=country)
        to_partner, at_home = sold.sel(destination=partner), sold.sel(destination=country)
        table[f"output{suffix}"] = sold.sum(DESTINATION).values
        table[f"exports_to_partner{suffix}"] = to_partner.values
        table[f"exports_elsewhere{suffix}"] = (sold.sum(DESTINATION) - to_partner - at_home).values
    before = table["output"].where(table["output"] > 0)
    table["volume_hat"] = (table["output_cf"] / before / unit_cost_hat.sel(origin=country).values).fillna(1.0)
    return table


def partners(
    economy: Economy, trade_cf: xr.DataArray, axis: str, country: str, chosen: Sequence[str] | None
) -> pd.DataFrame:
    """Return one row a partner of `country`, which stands on `axis`: trade before duty, itself included.

    The largest fall first; over the chosen sectors and groups of sectors, or all.
    """
    _require(economy, country)
    if chosen is not None:
        chosen = LabelSet(economy.sectors, economy.sector_groups, "sector").resolve(
            [chosen] if isinstance(chosen, str) else chosen
        )
    selection = {axis: country, SECTOR: list(economy.sectors if chosen is None else chosen)}
    before, after = (flows.sel(selection).sum(SECTOR).values for flows in (economy.trade, trade_cf))
    table = pd.DataFrame(
        {"name": list(economy.countries.values()), "trade": before, "trade_cf": after, "change": after - before},
        index=_index(economy, COUNTRY),
    )
    return table.sort_values("change", kind="stable")


def prices(
    economy: Economy, trade_cf: xr.DataArray, tariff_cf: xr.DataArray, price_hat: xr.DataArray, country: str
) -> pd.DataFrame:
    """Return one row a sector: change in the buyer's price, share in consumption, average duty and revenue."""
    _require(economy, country)
    table = pd.DataFrame(
        {
            "name": list(economy.sectors.values()),
            "price_hat": price_hat.sel(destination=country).values,
            "final_share": economy.final_share.sel(country=country).values,
        },
        index=_index(economy, SECTOR),
    )
    for suffix, trade, tariff in (("", economy.trade, economy.tariff), ("_cf", trade_cf, tariff_cf)):
        rate, bought = tariff.sel(destination=country), trade.sel(destination=country)
        paid = (bought * rate).sum(ORIGIN)
        value = bought.where((bought[ORIGIN] != country) | (rate != 0), 0.0).sum(ORIGIN)  # merged countries pay duty
        table[f"average_duty{suffix}"] = (paid / value.where(value > 0, 1)).values
        table[f"tariff_revenue{suffix}"] = paid.values
    return table


def _index(economy: Economy, axis: str) -> pd.Index:
    return pd.Index(economy.labels[axis], name=axis)


def _require(economy: Economy, country: str) -> None:
    if country not in economy.countries:
        hint = nearest(country, list(economy.countries), list(economy.countries.values()))
        raise UnknownLabel(f"unknown country {country!r}{hint}; `entrepot economies` lists them")
