"""What stands between the producer's price and the price at the border: markup, production tax, export tax.

They stack in this order on the producer's price, with V the value at producers' prices (what inputs and factors are
paid)::

    trade          = (1 + export_tax) (1 + production_tax) (1 + markup) V
    profit         = markup V                                              to the households of the origin
    production tax = production_tax (1 + markup) V                         to the treasury of the origin
    export tax     = export_tax (1 + production_tax) (1 + markup) V        to the treasury of the origin
"""

from typing import NamedTuple

import xarray as xr

from entrepot.core.dims import COUNTRY, DESTINATION, FLOW, ORIGIN, SECTOR


class LevyRevenue(NamedTuple):
    """What each levy earns, [country] each."""

    profit: xr.DataArray
    production_tax: xr.DataArray
    export_tax: xr.DataArray


def levy_factor(export_tax: xr.DataArray, production_tax: xr.DataArray, markup: xr.DataArray) -> xr.DataArray:
    """Return one plus all levies on sales [origin, destination, sector]: border price over the producer's price.

    Parameters
    ----------
    export_tax : [origin, destination, sector], rate
    production_tax, markup : [country, sector], rate
    """
    factor = 1 + export_tax
    at_home = at_home_factor(production_tax, markup)
    return factor if at_home is None else (factor * at_home.rename({COUNTRY: ORIGIN})).transpose(*FLOW)


def at_home_factor(production_tax: xr.DataArray, markup: xr.DataArray) -> xr.DataArray | None:
    """Return (1 + production_tax) (1 + markup) [country, sector]; None where both are zero everywhere."""
    if not production_tax.values.any() and not markup.values.any():
        return None
    return (1 + production_tax) * (1 + markup)


def levy_revenue(
    trade: xr.DataArray, export_tax: xr.DataArray, production_tax: xr.DataArray, markup: xr.DataArray
) -> LevyRevenue:
    """Return what each levy earns [country] at given sales at border prices; the three add up to the levy's revenue."""
    value = trade / levy_factor(export_tax, production_tax, markup)
    made = value.sum(DESTINATION).rename({ORIGIN: COUNTRY})
    profit = (markup * made).sum(SECTOR)
    on_production = (production_tax * (1 + markup) * made).sum(SECTOR)
    on_exports = (trade * (export_tax / (1 + export_tax))).sum((DESTINATION, SECTOR)).rename({ORIGIN: COUNTRY})
    return LevyRevenue(
        profit.rename("profit"),
        on_production.rename("production_tax_revenue"),
        on_exports.rename("export_tax_revenue"),
    )
