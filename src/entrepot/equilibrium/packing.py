"""Labelled arrays go in as bare ones and come out again: the only module that knows both orders of the axes."""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
import xarray as xr

from entrepot.core.dims import LABELS_OF
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy.economy import Deficits, Economy
from entrepot.equilibrium.equations import Array, Problem, Unknowns, equilibrium_map
from entrepot.equilibrium.feasibility import require_payable, still_there
from entrepot.policy.shock import Shock

DEFICITS: tuple[Deficits, ...] = ("fixed", "scaled", "zero")


def pack(economy: Economy, shock: Shock, deficits: Deficits, deficit_left: float = 0.0) -> Problem:
    """Return the problem of finding the equilibrium after `shock`.

    Parameters
    ----------
    economy
        The base year; raw accounts are allowed here, because closing them is such a problem too.
    shock
        On the economy's labels (`Shock.on`).
    deficits
        The rule for imbalances.
    deficit_left
        The part of the base year's imbalances that the rule ``"zero"`` leaves.

    Raises
    ------
    InvalidShock
        An embargo after which no equilibrium exists.
    """
    if deficits not in DEFICITS:
        hint = nearest(str(deficits), DEFICITS)
        raise UnknownLabel(f"no rule {deficits!r} for deficits{hint}; choose {', '.join(DEFICITS)}")
    assert shock.tariff is not None
    theta = economy.theta.values
    duty = 1 + shock.tariff.values
    wedge = duty / (1 + economy.tariff.values)
    if shock.iceberg_hat is not None:
        wedge = wedge * shock.iceberg_hat.values
    weight = economy.trade_share.values * wedge**-theta  # o d s; inf**-theta is 0: an embargo is exact
    spends, supplied, earns = still_there(economy, weight)
    share = economy.deficit.values / np.where(economy.income.values > 0, economy.income.values, 1)
    require_payable(economy, weight, deficits, np.zeros_like(share) if deficits == "zero" else economy.deficit.values)
    kept = {"fixed": 1.0, "scaled": 0.0, "zero": deficit_left}[deficits]
    return Problem(
        weight=_sector_first(weight),
        net_weight=_sector_first(weight / duty),
        theta=theta,
        input_share=economy.input_share.values,
        value_added_share=np.ascontiguousarray(economy.value_added_share.values.T),
        final_share=np.ascontiguousarray(economy.final_share.values.T),
        value_added=economy.value_added.values,
        deficit=kept * economy.deficit.values,
        deficit_share=share if deficits == "scaled" else None,
        spends=spends.T,
        supplied=supplied.T,
        earns=earns,
    )


def baseline(economy: Economy, problem: Problem) -> np.ndarray:
    """Return the unknowns of the base year as one vector: the first guess."""
    spent = economy.expenditure.values.T
    return _first_guess(np.zeros(len(economy.countries)), np.zeros(spent.shape), spent, problem)


def near(wage_hat: xr.DataArray, price_hat: xr.DataArray, expenditure: xr.DataArray, problem: Problem) -> np.ndarray:
    """Return the unknowns of a nearby equilibrium as one vector: a better first guess than the base year."""
    return _first_guess(np.log(wage_hat.values), np.log(price_hat.values.T), expenditure.values.T, problem)


def _first_guess(log_wage: np.ndarray, log_price: np.ndarray, spent: np.ndarray, problem: Problem) -> np.ndarray:
    there = np.asarray(problem.spends) & (spent > 0)
    log_spent = np.where(there, np.log(np.where(there, spent, 1.0)), 0.0)
    return np.concatenate([log_wage, log_price.ravel(), log_spent.ravel()])


def flat_map(vector: Array, problem: Problem) -> Array:
    """Return the equilibrium map of a vector: what the solver iterates."""
    return jnp.concatenate([block.ravel() for block in equilibrium_map(unflat(vector, problem), problem)])


def unflat(vector: Array, problem: Problem) -> Unknowns:
    """Return the vector as unknowns."""
    sectors, countries = problem.final_share.shape
    prices = countries + sectors * countries
    shape = (sectors, countries)
    return Unknowns(vector[:countries], vector[countries:prices].reshape(shape), vector[prices:].reshape(shape))


def labelled(economy: Economy, values: np.ndarray, dims: Sequence[str], name: str) -> xr.DataArray:
    """Return a bare array in the order of `dims` with the economy's labels."""
    return xr.DataArray(
        values, coords={dim: economy.labels[LABELS_OF[dim]] for dim in dims}, dims=tuple(dims), name=name
    )


def _sector_first(cube: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(cube, -1, 0))
