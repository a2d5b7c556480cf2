"""The new world as tables: one country's sectors, suppliers, customers and prices, before and after."""

from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from entrepot.core.dims import DESTINATION, ORIGIN, SECTOR
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy.economy import Economy

if TYPE_CHECKING:
    from entrepot.equilibrium.result import Result


def crossing(flows: xr.DataArray) -> xr.DataArray:
    """Return flows without the domestic ones, which become zero."""
    return flows.where(flows[ORIGIN] != flows[DESTINATION], 0.0)


def countries(result: "Result") -> pd.DataFrame:
    """Return one row a country, ranked from the largest loss of real income to the largest gain."""
    economy = result.economy
    before, after = crossing(economy.trade), crossing(result.trade_cf)
    table = pd.DataFrame(
        {
            "name": list(economy.countries.values()),
            "real_income_hat": result.real_income_hat.values,
            "equivalent_variation": result.equivalent_variation.values,
            "real_wage_hat": result.real_wage_hat.values,
            "consumer_price_hat": result.consumer_price_hat.values,
            "income": economy.income.values,
            "income_cf": result.income_cf.values,
            "exports": before.sum((DESTINATION, SECTOR)).values,
            "exports_cf": after.sum((DESTINATION, SECTOR)).values,
            "imports": before.sum((ORIGIN, SECTOR)).values,
            "imports_cf": after.sum((ORIGIN, SECTOR)).values,
            "tariff_revenue": economy.tariff_revenue.values,
            "tariff_revenue_cf": result.tariff_revenue_cf.values,
        },
        index=pd.Index(list(economy.countries), name="country"),
    )
    return table.sort_values("real_income_hat", kind="stable")


def sectors(result: "Result", country: str, partner: str) -> pd.DataFrame:
    """Return one row a sector of `country`: output, exports to `partner` and to all others, before and after."""
    economy = result.economy
    _require(economy, country)
    _require(economy, partner)
    columns: dict[str, object] = {"name": list(economy.sectors.values())}
    for suffix, trade, output in (("", economy.trade, economy.output), ("_cf", result.trade_cf, result.output_cf)):
        sold = trade.sel(origin=country)
        to_partner = sold.sel(destination=partner)
        columns[f"output{suffix}"] = output.sel(origin=country).values
        columns[f"exports_to_partner{suffix}"] = to_partner.values
        columns[f"exports_elsewhere{suffix}"] = (
            sold.sum(DESTINATION) - to_partner - sold.sel(destination=country)
        ).values
    return pd.DataFrame(columns, index=pd.Index(list(economy.sectors), name="sector"))


def suppliers(result: "Result", country: str, sectors: list[str] | None = None) -> pd.DataFrame:
    """Return one row an origin: what `country` buys from it before duty, itself included, before and after."""
    return _partners(result, DESTINATION, country, sectors)


def customers(result: "Result", country: str, sectors: list[str] | None = None) -> pd.DataFrame:
    """Return one row a destination: what `country` sells to it before duty, itself included, before and after."""
    return _partners(result, ORIGIN, country, sectors)


def prices(result: "Result", country: str) -> pd.DataFrame:
    """Return one row a sector: change in the buyer's price, share in consumption, average duty before and after."""
    economy = result.economy
    _require(economy, country)
    duty = {}
    for suffix, trade, tariff in (("", economy.trade, economy.tariff), ("_cf", result.trade_cf, result.tariff_cf)):
        bought = crossing(trade).sel(destination=country)
        paid = (bought * tariff.sel(destination=country)).sum(ORIGIN)
        duty[f"average_duty{suffix}"] = (paid / bought.sum(ORIGIN).where(bought.sum(ORIGIN) > 0, 1)).values
        duty[f"tariff_revenue{suffix}"] = paid.values
    return pd.DataFrame(
        {
            "name": list(economy.sectors.values()),
            "price_hat": result.price_hat.sel(destination=country).values,
            "final_share": economy.final_share.sel(country=country).values,
            **duty,
        },
        index=pd.Index(list(economy.sectors), name="sector"),
    )


def _partners(result: "Result", axis: str, country: str, chosen: list[str] | None) -> pd.DataFrame:
    economy = result.economy
    _require(economy, country)
    selection = {axis: country, SECTOR: list(economy.sectors) if chosen is None else chosen}
    before, after = (flows.sel(selection).sum(SECTOR).values for flows in (economy.trade, result.trade_cf))
    table = pd.DataFrame(
        {"name": list(economy.countries.values()), "trade": before, "trade_cf": after, "change": after - before},
        index=pd.Index(list(economy.countries), name="country"),
    )
    return table.sort_values("change", kind="stable")


def _require(economy: Economy, country: str) -> None:
    if country not in economy.countries:
        hint = nearest(country, list(economy.countries), list(economy.countries.values()))
        raise UnknownLabel(f"unknown country {country!r}{hint}; `entrepot economies` lists them")
