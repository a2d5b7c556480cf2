"""Shares of inputs and of value added after a change, for models where they move."""

from typing import NamedTuple

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY_SECTOR
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.equations import markets, value_added_share
from entrepot.equilibrium.model.problem import Unknowns


class Shares(NamedTuple):
    """What sectors spend on inputs [country, input, sector] and on factors [country, sector], per unit of output."""

    input_share: xr.DataArray
    value_added_share: xr.DataArray


def shares_after(exercise: Exercise, unknowns: Unknowns) -> Shares:
    """Return the shares at a solved point.

    With elasticities rho between value added and inputs, and mu among inputs, the share of input u in sector s is the
    base year's times (p_u / p)^(1 - mu) (p / c)^(1 - rho), where p is the price of all inputs and c that of both.
    Atalay (2017) and Baqaee and Farhi (2024) have the same nests.
    """
    economy, problem = exercise.economy, encoding.build_problem(exercise)
    if problem.rho is None and problem.mu is None:
        return Shares(economy.input_share, economy.value_added_share)
    costs = markets(unknowns, problem).costs
    rho, mu = (1.0 if dial is None else float(dial) for dial in (problem.rho, problem.mu))
    price, inputs, bundle = (np.asarray(one) for one in (unknowns.log_price, costs.inputs, costs.bundle))
    log = (1 - mu) * (price[:, None, :] - inputs[None, :, :]) + ((1 - rho) * (inputs - bundle))[None, :, :]  # u s c
    moved = economy.input_share.values * np.exp(np.moveaxis(log, -1, 0))
    added = np.asarray(value_added_share(problem, costs)).T
    total = moved.sum(axis=1) + added  # one, but for what the solver leaves
    return Shares(
        economy.input_share.copy(data=moved / total[:, None, :]),
        economy.labelled(added / total, COUNTRY_SECTOR, "value_added_share"),
    )
