"""An economy in another currency: every value times one exchange rate that the user gives."""

import re
from dataclasses import replace

from entrepot.core.errors import InputError
from entrepot.economy.economy import Economy

_RATE = re.compile(r"([A-Z]{3})=(\d+(?:\.\d+)?)")


def in_currency(economy: Economy, written: str) -> Economy:
    """Return the economy with its values in another currency.

    The change is one of unit: shares, rates and every change in per cent stay. Sums of money in a scenario are in the
    new currency too.

    Parameters
    ----------
    written
        Code and rate, ``INR=83.1``: units of the currency for one of the economy's. A rate at prices of another year
        has the change of prices in it.

    Raises
    ------
    InputError
        Not of that form. No exchange rate is shipped, so a currency needs its rate.
    """
    found = _RATE.fullmatch(written.strip())
    if found is None or float(found[2]) <= 0:
        code = written.partition("=")[0].strip() or "INR"
        raise InputError(
            f"--currency {written}: no exchange rate of {code} is shipped; write the rate to use, as {code}=83.1 "
            f"({code} for one {economy.currency})"
        )
    code, rate = found[1], float(found[2])
    note = f"Values are {economy.currency} times {rate:g}, in {code}; the rate is the user's."
    return replace(
        economy,
        trade=economy.trade * rate,
        value_added=economy.value_added * rate,
        unit=f"{code}{economy.unit.removeprefix(economy.currency)}",
        notes=(*economy.notes, note),
    )
