"""What a change is worth to each country."""

import xarray as xr

from entrepot.core.dims import COUNTRY, DESTINATION, SECTOR
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model.encoding import COBB_DOUGLAS


def consumer_price_hat(economy: Economy, price_hat: xr.DataArray, eta: float = 1.0) -> xr.DataArray:
    """Return the change in the price of what each country consumes [country].

    The CES mean of prices with elasticity `eta`, weighted by final shares; for 1 the product of price_hat^final_share.
    """
    logs_of_prices = xr.ufuncs.log(price_hat.rename({DESTINATION: COUNTRY}))
    power = 1 - eta
    if abs(power) < COBB_DOUGLAS:
        logs = (economy.final_share * logs_of_prices).sum(SECTOR)
    else:
        logs = xr.ufuncs.log1p((economy.final_share * xr.ufuncs.expm1(power * logs_of_prices)).sum(SECTOR)) / power
    index: xr.DataArray = xr.ufuncs.exp(logs)
    return index.rename("consumer_price_hat")


def real_income_hat(economy: Economy, income_cf: xr.DataArray, consumer_prices: xr.DataArray) -> xr.DataArray:
    """Return the change in real income [country], (income_cf / income) / consumer_price_hat.

    It is 1 where there is no income. Income is value added, duty, export tax and deficit. With homothetic demand this
    is the change in welfare.
    """
    earns = economy.income > 0
    nominal = (income_cf / economy.income.where(earns, 1)).where(earns, 1.0)
    return (nominal / consumer_prices).rename("real_income_hat")


def equivalent_variation(economy: Economy, real_income: xr.DataArray) -> xr.DataArray:
    """Return the payment at base-year prices that is worth as much as the change [country], currency of the economy."""
    return (economy.income * (real_income - 1)).rename("equivalent_variation")
