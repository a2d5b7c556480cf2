"""How far ahead one country is of another, as what both sell in third markets reveals it."""

import numpy as np
import xarray as xr

from entrepot.core.dims import SECTOR
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy.economy import Economy


def revealed_advantage(economy: Economy, country: str, other: str) -> xr.DataArray:
    """Return how much cheaper `country` supplies than `other` [sector], a ratio; 1 where neither can be compared.

    In every third market the two shares differ by the ratio of delivered costs to the power of -theta (Eaton and Kortum
    2002, equation 10); the geometric mean over markets, weighted by their spending, leaves the ratio of costs at the
    gate where distances to third markets are alike. Costs at the gate are input prices over productivity: where the
    country pays higher wages than the other, it is ahead in productivity by more than this; sanctions and whatever else
    keeps it out of third markets make it look behind.

    Raises
    ------
    UnknownLabel
        Not countries of the economy.
    """
    codes = list(economy.countries)
    for code in (country, other):
        if code not in economy.countries:
            raise UnknownLabel(f"unknown country {code!r}{nearest(code, codes, list(economy.countries.values()))}")
    third = np.array([code not in (country, other) for code in codes])
    shares = economy.trade_share.values
    one, two = shares[codes.index(country)][third], shares[codes.index(other)][third]  # d s
    both = (one > 0) & (two > 0)
    weight = np.where(both, economy.expenditure.values[third], 0.0)
    total = weight.sum(axis=0)
    logs = np.log(np.where(both, one, 1.0)) - np.log(np.where(both, two, 1.0))
    mean = (weight * logs).sum(axis=0) / np.where(total > 0, total, 1.0)
    advantage = np.where(total > 0, np.exp(mean / economy.theta.values), 1.0)
    return xr.DataArray(advantage, coords={SECTOR: economy.labels[SECTOR]}, dims=(SECTOR,), name="revealed_advantage")
