"""The arithmetic of the accounts: what output, spending and final demand are, given trade, duties and recipes."""

from typing import NamedTuple

import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW, INPUT, ORIGIN, SECTOR

ROUNDING = 1e-9
"""A final demand of minus this share of a cell's spending is a zero after rounding; more below zero is refused."""


def output(trade: xr.DataArray, levy_factor: xr.DataArray) -> xr.DataArray:
    """Return gross output at producers' prices [origin, sector]: sales without the levies in them.

    Parameters
    ----------
    trade, levy_factor : [origin, destination, sector]
        Sales at border prices; one plus all levies on them (`levies.levy_factor`).
    """
    return (trade / levy_factor).sum(DESTINATION).rename("output")


def expenditure(trade: xr.DataArray, tariff: xr.DataArray) -> xr.DataArray:
    """Return spending including duty [destination, sector]."""
    return (trade * (1 + tariff)).sum(ORIGIN).rename("expenditure")


def trade_share(trade: xr.DataArray, tariff: xr.DataArray) -> xr.DataArray:
    """Return the share of each origin in spending [origin, destination, sector]; zero where nothing is spent."""
    total = expenditure(trade, tariff)
    return (trade * (1 + tariff) / total.where(total > 0, 1)).transpose(*FLOW).rename("trade_share")


def tariff_revenue(trade: xr.DataArray, tariff: xr.DataArray) -> xr.DataArray:
    """Return duty collected [country]."""
    return (trade * tariff).sum((ORIGIN, SECTOR)).rename({DESTINATION: COUNTRY}).rename("tariff_revenue")


def deficit(trade: xr.DataArray) -> xr.DataArray:
    """Return imports minus exports before duty [country]; sums to zero over countries."""
    imports = trade.sum((ORIGIN, SECTOR)).rename({DESTINATION: COUNTRY})
    return (imports - trade.sum((DESTINATION, SECTOR)).rename({ORIGIN: COUNTRY})).rename("deficit")


def intermediate_demand(made: xr.DataArray, input_share: xr.DataArray) -> xr.DataArray:
    """Return the spending of all sectors, which make `made` [origin, sector], on each input [country, sector]."""
    bought = (input_share * made.rename({ORIGIN: COUNTRY})).sum(SECTOR)
    return bought.rename({INPUT: SECTOR}).transpose(*COUNTRY_SECTOR).rename("intermediate_demand")


def final_demand(
    trade: xr.DataArray, tariff: xr.DataArray, made: xr.DataArray, input_share: xr.DataArray
) -> xr.DataArray:
    """Return what is spent and not bought by sectors [country, sector].

    It adds up to income by itself, because every sale is somebody's purchase.
    """
    spent = expenditure(trade, tariff).rename({DESTINATION: COUNTRY})
    return (spent - intermediate_demand(made, input_share)).transpose(*COUNTRY_SECTOR).rename("final_demand")


def value_added(made: xr.DataArray, value_added_share: xr.DataArray) -> xr.DataArray:
    """Return what sectors pay to factors [country]."""
    return (value_added_share * made.rename({ORIGIN: COUNTRY})).sum(SECTOR).rename("value_added")


def final_share(
    trade: xr.DataArray, tariff: xr.DataArray, made: xr.DataArray, input_share: xr.DataArray
) -> xr.DataArray:
    """Return the shares of final demand that the accounts imply [country, sector]; zero in a country without income."""
    final = final_demand(trade, tariff, made, input_share)
    spent = expenditure(trade, tariff).rename({DESTINATION: COUNTRY})
    final = final.where(~((final < 0) & (final >= -ROUNDING * spent)), 0.0)
    income = final.sum(SECTOR)
    return (final / income.where(income != 0, 1)).transpose(*COUNTRY_SECTOR).rename("final_share")


LEAST_FINAL = 0.02
"""Of spending on a good, the least that is final demand where inputs are made to fit other trade."""


class FittedInputs(NamedTuple):
    """Input use that fits a table of trade."""

    input_share: xr.DataArray
    value_added_share: xr.DataArray
    cells: int  # inputs of a country that were too large
    moved: float  # of inputs and value added, as a share of value added


def fitted_inputs(
    trade: xr.DataArray, tariff: xr.DataArray, levy_factor: xr.DataArray, input_share: xr.DataArray
) -> FittedInputs:
    """Return input shares with which every country has final demand for every good, and the value added they leave.

    An input whose use is more than a country spends on it, less `LEAST_FINAL`, is scaled down in all its sectors by one
    factor; value added takes what is freed. Trade stays as it is.
    """
    sold, spent = output(trade, levy_factor), expenditure(trade, tariff)
    spent = spent.rename({DESTINATION: COUNTRY, SECTOR: INPUT})
    by_sector = sold.rename({ORIGIN: COUNTRY})
    use = (input_share * by_sector).sum(SECTOR)
    room = (1 - LEAST_FINAL) * spent
    too_large = use > room
    factor = (room / use.where(use > 0, 1)).where(too_large, 1.0)
    fitted = (input_share * factor).transpose(*input_share.dims).rename(input_share.name)
    value_added_share = (1 - fitted.sum(INPUT)).clip(0).transpose(*COUNTRY_SECTOR).rename("value_added_share")
    freed = float((use * (1 - factor)).sum())
    moved = 2 * freed / float((value_added_share * by_sector).sum())
    return FittedInputs(fitted, value_added_share, int(too_large.sum()), moved)
