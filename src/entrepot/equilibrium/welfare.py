"""What a change is worth to each country."""

import xarray as xr

from entrepot.core.dims import COUNTRY, DESTINATION, SECTOR
from entrepot.economy.economy import Economy


def consumer_price_hat(economy: Economy, price_hat: xr.DataArray) -> xr.DataArray:
    """Return the change in the price of what each country consumes [country], the product of price_hat^final_share."""
    logs = xr.ufuncs.log(price_hat).rename({DESTINATION: COUNTRY})
    prices: xr.DataArray = xr.ufuncs.exp((economy.final_share * logs).sum(SECTOR))
    return prices.rename("consumer_price_hat")


def real_income_hat(economy: Economy, income_cf: xr.DataArray, consumer_prices: xr.DataArray) -> xr.DataArray:
    """Return the change in real income [country], (income_cf / income) / consumer_price_hat.

    It is 1 where there is no income. Income is value added, duty and deficit. With Cobb-Douglas demand this is the
    change in welfare.
    """
    earns = economy.income > 0
    nominal = (income_cf / economy.income.where(earns, 1)).where(earns, 1.0)
    return (nominal / consumer_prices).rename("real_income_hat")


def equivalent_variation(economy: Economy, real_income: xr.DataArray) -> xr.DataArray:
    """Return the payment at base-year prices that is worth as much as the change [country], currency of the economy."""
    return (economy.income * (real_income - 1)).rename("equivalent_variation")
