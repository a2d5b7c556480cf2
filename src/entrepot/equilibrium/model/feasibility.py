"""What is left to trade after a shock, and whether anybody could pay for it: said before solving, not by failing to."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from entrepot.core.alignment import cells
from entrepot.core.dims import COUNTRY, SECTOR
from entrepot.core.errors import Infeasible, listed
from entrepot.economy.economy import Economy

Booleans: TypeAlias = "np.ndarray[Any, np.dtype[np.bool_]] | np.bool[bool]"


class Exists(NamedTuple):
    """What is left after a shock, as booleans."""

    spends: Booleans  # c s, whether anything is spent
    supplied: Booleans  # c s, whether anybody supplies
    makes: Booleans  # c s, whether anything is produced
    earns: Booleans  # c, whether factors earn anything


def still_there(economy: Economy, weight: np.ndarray) -> Exists:
    """Return what exists after a shock.

    An embargo can empty a sector: nobody may buy it, so it makes nothing, so it buys nothing. What depends on what is
    followed until nothing more empties; each pass reaches one link further down the chain.

    Parameters
    ----------
    economy
        The base year.
    weight : [sector, origin, destination]
        Trade share times change in cost to the power of -theta; zero where nothing can be traded.

    Raises
    ------
    Infeasible
        A market with spending but no supplier, or a country with nothing to sell to anybody.
    """
    trades = weight > 0
    supplied = trades.any(axis=1).T
    uses, consumes = economy.input_share.values > 0, economy.final_share.values > 0
    spends = economy.expenditure.values > 0
    while True:
        makes = np.einsum("sod,ds->os", trades, spends) > 0
        still = spends & (consumes | (np.einsum("cus,cs->cu", uses, makes) > 0))
        if (still == spends).all():
            break
        spends = still
    labels = [economy.labels[COUNTRY], economy.labels[SECTOR]]
    stranded = np.argwhere(spends & ~supplied)
    if len(stranded):
        raise Infeasible(
            f"no supplier is left for {listed(cells(stranded, labels))}: the embargo covers every source, so the price "
            "would be infinite; exempt one source"
        )
    earned = economy.value_added.values > 0
    earns = np.asarray(earned & (makes & (economy.value_added_share.values > 0)).any(axis=1))
    idle = np.argwhere(earned & ~earns)
    if len(idle):
        raise Infeasible(
            f"{listed(cells(idle, labels[:1]))} can sell nothing to anybody, itself included; exempt one buyer"
        )
    return Exists(spends, supplied, makes & (economy.output.values > 0), earns)


def require_payable(economy: Economy, weight: np.ndarray, closure: str, imbalance: np.ndarray) -> None:
    """Raise Infeasible where a country could not pay for its imports, or not run its surplus, under the deficit rule.

    A country that may not export can import as much as its deficit, no more; one that may not import must give nothing
    away. With any other imbalance its wage would fall, or rise, without end.

    Parameters
    ----------
    weight : [sector, origin, destination]
        Zero where nothing can be traded.
    imbalance : [country]
        The deficits that the rule and transfers ask for at base-year income.
    """
    crossing = (weight > 0) & ~np.eye(len(imbalance), dtype=bool)
    exports, imports = crossing.any(axis=(0, 2)), crossing.any(axis=(0, 1))
    noticeable = 1e-9 * np.maximum(economy.income.values, 0)
    codes = economy.labels[COUNTRY]
    cases = (
        (~exports & imports & (imbalance <= noticeable), "may not export, so it cannot pay for imports",
         "close its imports too, or allow it some export"),
        (exports & ~imports & (imbalance >= -noticeable), "may not import, so it would give its exports away",
         "close its exports too, or allow it some import"),
        (~exports & ~imports & (abs(imbalance) > noticeable), "trades with nobody, so it can have no imbalance",
         "use deficits='zero'"),
    )  # fmt: skip
    for broken, what, remedy in cases:
        if broken.any():
            who = listed(code for code, one in zip(codes, broken, strict=True) if one)
            raise Infeasible(f"{who} {what} (deficits {closure}): no equilibrium exists; {remedy}")
