"""The identities of the accounts, checked when an economy is made.

    expenditure[d,s]     = sum_o trade * (1 + tariff)
    final demand[c,u]    = expenditure[c,u] - sum_s input_share[c,u,s] * output[c,s]  >= 0
    sum_u final demand   = income = value added + duty + export tax + production tax + profit + deficit
    1                    = value_added_share[c,s] + sum_u input_share[c,u,s]

The third follows from the others when `final_share` and `value_added` are implied by the accounts. Raw accounts give
them separately and need not close; only what would have no meaning is refused for them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr

from entrepot.core.alignment import cells
from entrepot.core.dims import COUNTRY, DESTINATION, INPUT, SECTOR
from entrepot.core.errors import InvalidEconomy, listed
from entrepot.economy import accounts
from entrepot.economy.levies import levy_factor, levy_revenue

CLOSURE_TOLERANCE = 1e-9  # of world income; accounts implied by the data close to 1e-15, raw ones miss by 1e-2
SHARE_TOLERANCE = 1e-6  # of shares that are used as they are given
SMALLEST_INPUT_SHARE = -1e-3  # Caliendo and Parro's accounts hold one of -0.00057 (Canada, basic metals)


class Accounts(NamedTuple):
    """The figures of an economy, as `Economy` describes them."""

    trade: xr.DataArray
    tariff: xr.DataArray
    export_tax: xr.DataArray
    production_tax: xr.DataArray
    markup: xr.DataArray
    input_share: xr.DataArray
    value_added_share: xr.DataArray
    theta: xr.DataArray
    final_share: xr.DataArray
    value_added: xr.DataArray

    @property
    def levy_factor(self) -> xr.DataArray:
        """One plus all levies on sales [origin, destination, sector]."""
        return levy_factor(self.export_tax, self.production_tax, self.markup)


def gap(figures: Accounts) -> float:
    """Return how far the accounts are from closing, as a share of world income.

    The sum of absolute differences between spending and what inputs and final demand account for, and between value
    added and what sectors pay out.
    """
    trade, tariff = figures.trade, figures.tariff
    made = accounts.output(trade, figures.levy_factor)
    final = accounts.final_demand(trade, tariff, made, figures.input_share)
    levies = levy_revenue(trade, figures.export_tax, figures.production_tax, figures.markup)
    revenue = accounts.tariff_revenue(trade, tariff) + sum(levies)
    income = figures.value_added + revenue + accounts.deficit(trade)
    unspent = abs(final - figures.final_share * income).sum()
    unpaid = abs(figures.value_added - accounts.value_added(made, figures.value_added_share)).sum()
    return float((unspent + unpaid) / abs(income).sum())


def check(name: str, figures: Accounts) -> None:
    """Raise InvalidEconomy with every identity that the figures break, one a line."""
    problems = list(_not_finite(figures)) or list(_broken(figures))
    if problems:
        raise InvalidEconomy("\n".join(f"{name}: {problem}" for problem in problems))


def check_theta(name: str, theta: xr.DataArray) -> None:
    """Raise InvalidEconomy unless every trade elasticity is a positive number."""
    problems = [
        *_say(~xr.ufuncs.isfinite(theta), theta, "must be finite", "replace it with a number"),
        *_positive(theta),
    ]
    if problems:
        raise InvalidEconomy("\n".join(f"{name}: {problem}" for problem in problems))


def _positive(theta: xr.DataArray) -> Iterator[str]:
    yield from _say(theta <= 0, theta, "is not positive", "give theta = sigma - 1 > 0")


def _not_finite(figures: Accounts) -> Iterator[str]:
    for array in figures:
        yield from _say(~xr.ufuncs.isfinite(array), array, "must be finite", "replace it with a number")


def _broken(figures: Accounts) -> Iterator[str]:
    trade, tariff, theta = figures.trade, figures.tariff, figures.theta
    input_share, value_added_share = figures.input_share, figures.value_added_share
    yield from _say(trade < 0, trade, "is negative", "sales cannot be")
    yield from _say(tariff <= -1, tariff, "is -100 % or below", "goods would be free")
    for rate in (figures.export_tax, figures.production_tax, figures.markup):
        yield from _say(rate <= -1, rate, "is -100 % or below", "goods would be free")
    yield from _positive(theta)
    yield from _say(input_share < SMALLEST_INPUT_SHARE, input_share, "is negative", "a sector cannot un-buy an input")
    yield from _say(value_added_share < 0, value_added_share, "is negative", "factors cannot be charged")
    total = (input_share.sum(INPUT) + value_added_share).rename("value_added_share + inputs")
    yield from _say(abs(total - 1) > SHARE_TOLERANCE, total, "is not 1", "rescale the column")
    yield from _final_demand(figures) if gap(figures) <= CLOSURE_TOLERANCE else _raw_accounts(figures)


def _final_demand(figures: Accounts) -> Iterator[str]:
    spent = accounts.expenditure(figures.trade, figures.tariff).rename({DESTINATION: COUNTRY})
    made = accounts.output(figures.trade, figures.levy_factor)
    final = accounts.final_demand(figures.trade, figures.tariff, made, figures.input_share).rename("final demand")
    remedy = (
        "inputs use more than is supplied: correct input_share or trade, "
        "or give final_share and value_added and rebalance"
    )
    yield from _say(final < -accounts.ROUNDING * spent, final, "is negative", remedy)


def _raw_accounts(figures: Accounts) -> Iterator[str]:
    """Check accounts that do not close and need not: `rebalanced` closes them, `solve` refuses them."""
    yield from _say(figures.final_share < 0, figures.final_share, "is negative", "nobody consumes less than nothing")
    total = figures.final_share.sum(SECTOR).rename("final_share summed over sectors")
    yield from _say(abs(total - 1) > SHARE_TOLERANCE, total, "is not 1", "rescale it")
    yield from _say(figures.value_added <= 0, figures.value_added, "is not positive", "give what factors earn")


def _say(broken: xr.DataArray, array: xr.DataArray, what: str, remedy: str) -> Iterator[str]:
    index = np.argwhere(broken.values)
    if len(index):
        labels = [[str(label) for label in array[dim].values] for dim in broken.dims]
        first = float(array.transpose(*broken.dims).values[tuple(index[0])])
        yield f"{array.name} {what} at {listed(cells(index, labels))} (found {first:.6g}); {remedy}"
