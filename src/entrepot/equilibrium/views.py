"""The new world as tables: countries and blocs, and the sectors, partners and prices of one, before and after."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from entrepot.core.arrays import shares_of
from entrepot.core.dims import COUNTRY, DESTINATION, ORIGIN, SECTOR
from entrepot.economy.economy import Economy
from entrepot.policy.actors import Actor
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


def blocs(
    economy: Economy, trade_cf: xr.DataArray, table: pd.DataFrame, chosen: Sequence[Actor], names: Sequence[str]
) -> pd.DataFrame:
    """Return rows like those of `countries` for blocs.

    Values are sums over members; exports and imports leave out the trade among them. Real income is the sum of
    equivalent variations over the sum of incomes, the real wage a mean by value added, consumer prices a mean by
    income: a bloc has no utility of its own, and the sum is what its members could share.
    """
    rows = []
    for one, name in zip(chosen, names, strict=True):
        members = list(one.members)
        part = table.loc[members]
        everybody = np.ones(len(members))
        by_income = shares_of(part["income"].to_numpy(), everybody)
        by_value_added = shares_of(economy.value_added.sel(country=members).values, everybody)
        row = {"name": name, **part.drop(columns="name").sum().to_dict()}
        row["real_income_hat"] = float(by_income @ part["real_income_hat"])  # sum of variations over sum of incomes
        row["real_wage_hat"] = float(by_value_added @ part["real_wage_hat"])
        row["consumer_price_hat"] = float(by_income @ part["consumer_price_hat"])
        for suffix, trade in (("", economy.trade), ("_cf", trade_cf)):
            within = float(trade.sel(origin=members, destination=members).sum())
            home = float(sum(trade.sel(origin=code, destination=code).sum() for code in members))
            for side in ("exports", "imports"):
                row[f"{side}{suffix}"] -= within - home
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index([one.text for one in chosen], name=COUNTRY), columns=table.columns)


def sectors(
    economy: Economy, trade_cf: xr.DataArray, unit_cost_hat: xr.DataArray, country: Actor, partner: Actor
) -> pd.DataFrame:
    """Return one row a sector of `country`: output, exports to `partner` and to all others, before and after.

    All are values; `volume_hat` is the change in output at the producers' prices of the base year.
    """
    own, others = list(country.members), list(partner.members)
    table = pd.DataFrame({"name": list(economy.sectors.values())}, index=_index(economy, SECTOR))
    at_base_prices = np.zeros(len(economy.sectors))
    for suffix, trade in (("", economy.trade), ("_cf", trade_cf)):
        sold = trade.sel(origin=own)
        to_partner = sold.sel(destination=others).sum((ORIGIN, DESTINATION))
        at_home = sold.sel(destination=own).sum((ORIGIN, DESTINATION))
        table[f"output{suffix}"] = sold.sum((ORIGIN, DESTINATION)).values
        table[f"exports_to_partner{suffix}"] = to_partner.values
        table[f"exports_elsewhere{suffix}"] = (sold.sum((ORIGIN, DESTINATION)) - to_partner - at_home).values
        at_base_prices = (sold.sum(DESTINATION) / unit_cost_hat.sel(origin=own)).sum(ORIGIN).values
    before = table["output"].where(table["output"] > 0)
    table["volume_hat"] = (at_base_prices / before).fillna(1.0)
    return table


def partners(
    economy: Economy, trade_cf: xr.DataArray, axis: str, country: Actor, chosen: Sequence[str] | None
) -> pd.DataFrame:
    """Return one row a partner of `country`, which stands on `axis`: trade before duty, itself included.

    A bloc is one row, with the trade among its members. The largest fall first; over the chosen sectors and groups of
    sectors, or all.
    """
    if chosen is not None:
        chosen = LabelSet(economy.sectors, economy.sector_groups, "sector").resolve(
            [chosen] if isinstance(chosen, str) else chosen
        )
    selection = {axis: list(country.members), SECTOR: list(economy.sectors if chosen is None else chosen)}
    before, after = (flows.sel(selection).sum((SECTOR, axis)).values for flows in (economy.trade, trade_cf))
    table = pd.DataFrame(
        {"name": list(economy.countries.values()), "trade": before, "trade_cf": after, "change": after - before},
        index=_index(economy, COUNTRY),
    )
    if not country.single:
        inside = table.loc[list(country.members)].drop(columns="name").sum()
        table = table.drop(index=list(country.members))
        table.loc[country.text] = {"name": "Its own members" if not country.world else "The world", **inside.to_dict()}
    return table.sort_values("change", kind="stable")


def prices(
    economy: Economy, trade_cf: xr.DataArray, tariff_cf: xr.DataArray, price_hat: xr.DataArray, country: Actor
) -> pd.DataFrame:
    """Return one row a sector: change in the buyer's price, share in consumption, average duty and revenue.

    Prices of a bloc are means by spending, duty is that on goods from outside.
    """
    own = list(country.members)
    spent = economy.expenditure.sel(destination=own)
    weight = spent.where(spent.sum(DESTINATION) > 0, 1.0)
    final = (economy.final_share * economy.income).sel(country=own).sum(COUNTRY)
    table = pd.DataFrame(
        {
            "name": list(economy.sectors.values()),
            "price_hat": ((price_hat.sel(destination=own) * weight).sum(DESTINATION) / weight.sum(DESTINATION)).values,
            "final_share": (final / max(float(final.sum()), np.finfo(float).tiny)).values,
        },
        index=_index(economy, SECTOR),
    )
    for suffix, trade, tariff in (("", economy.trade, economy.tariff), ("_cf", trade_cf, tariff_cf)):
        rate, bought = tariff.sel(destination=own), trade.sel(destination=own)
        paid = (bought * rate).sum((ORIGIN, DESTINATION))
        outside = ~bought[ORIGIN].isin(own)
        # merged countries pay duty among themselves
        value = bought.where(outside | (rate != 0), 0.0).sum((ORIGIN, DESTINATION))
        table[f"average_duty{suffix}"] = (paid / value.where(value > 0, 1)).values
        table[f"tariff_revenue{suffix}"] = paid.values
    return table


def _index(economy: Economy, axis: str) -> pd.Index:
    return pd.Index(economy.labels[axis], name=axis)
