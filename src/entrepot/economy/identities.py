"""The identities of the accounts, checked when an economy is made.

    expenditure[d,s]     = sum_o trade * (1 + tariff)
    final demand[c,u]    = expenditure[c,u] - sum_s input_share[c,u,s] * output[c,s]  >= 0
    sum_u final demand   = income = value added + duty + deficit
    1                    = value_added_share[c,s] + sum_u input_share[c,u,s]

The third follows from the others when `final_share` and `value_added` are implied by the accounts. Raw accounts give
them separately and need not close; only what would have no meaning is refused for them.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from entrepot.core.alignment import cells
from entrepot.core.dims import COUNTRY, DESTINATION, INPUT, SECTOR
from entrepot.core.errors import InvalidEconomy, listed
from entrepot.economy.dataset import ROUNDING

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy

CLOSURE_TOLERANCE = 1e-9  # of world income; accounts implied by the data close to 1e-15, raw ones miss by 1e-2
SHARE_TOLERANCE = 1e-6  # shares are published with six digits or more
SMALLEST_INPUT_SHARE = -1e-3  # Caliendo and Parro's accounts hold one of -0.00057 (Canada, basic metals)


def check(economy: "Economy") -> None:
    """Raise InvalidEconomy with every identity that `economy` breaks, one a line."""
    problems = list(_problems(economy))
    if problems:
        raise InvalidEconomy("\n".join(f"{economy.name}: {problem}" for problem in problems))


def _problems(economy: "Economy") -> Iterator[str]:
    finite = [economy.trade, economy.tariff, economy.input_share, economy.value_added_share, economy.theta,
              economy.final_share, economy.value_added]  # fmt: skip
    for array in finite:
        yield from _say(~xr.ufuncs.isfinite(array), array, "must be finite", "replace it with a number")
    if not all(bool(xr.ufuncs.isfinite(array).all()) for array in finite):
        return
    yield from _say(economy.trade < 0, economy.trade, "is negative", "sales cannot be")
    yield from _say(economy.tariff <= -1, economy.tariff, "is -100 % or below", "goods would be free")
    yield from _say(economy.theta <= 0, economy.theta, "is not positive", "give theta = sigma - 1 > 0")
    yield from _say(
        economy.input_share < SMALLEST_INPUT_SHARE,
        economy.input_share,
        "is negative",
        "a sector cannot un-buy an input",
    )
    yield from _say(
        economy.value_added_share < 0, economy.value_added_share, "is negative", "factors cannot be charged"
    )
    total = economy.input_share.sum(INPUT) + economy.value_added_share
    yield from _say(
        abs(total - 1) > SHARE_TOLERANCE,
        total.rename("value_added_share + inputs"),
        "is not 1",
        "rescale the column",
    )
    if economy.closed:
        yield from _final_demand(economy)
    else:
        yield from _raw_accounts(economy)


def _final_demand(economy: "Economy") -> Iterator[str]:
    spent = economy.expenditure.rename({DESTINATION: COUNTRY})
    final = (spent - economy.intermediate_demand).rename("final demand")
    remedy = (
        "inputs use more than is supplied: correct input_share or trade, "
        "or give final_share and value_added and rebalance"
    )
    yield from _say(final < -ROUNDING * spent, final, "is negative", remedy)


def _raw_accounts(economy: "Economy") -> Iterator[str]:
    """Check accounts that do not close and need not: `rebalanced` closes them, `solve` refuses them."""
    yield from _say(economy.final_share < 0, economy.final_share, "is negative", "nobody consumes less than nothing")
    total = economy.final_share.sum(SECTOR).rename("final_share summed over sectors")
    yield from _say(abs(total - 1) > SHARE_TOLERANCE, total, "is not 1", "rescale it")
    yield from _say(economy.value_added <= 0, economy.value_added, "is not positive", "give what factors earn")


def _say(broken: xr.DataArray, array: xr.DataArray, what: str, remedy: str) -> Iterator[str]:
    index = np.argwhere(broken.values)
    if len(index):
        labels = [[str(label) for label in array[dim].values] for dim in broken.dims]
        first = float(array.transpose(*broken.dims).values[tuple(index[0])])
        yield f"{array.name} {what} at {listed(cells(index, labels))} (found {first:.6g}); {remedy}"
