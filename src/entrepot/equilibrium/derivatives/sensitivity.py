"""The derivative of one outcome with respect to every instrument at once.

By the implicit function theorem: the unknowns x solve x = map(x, levers), so an outcome g(x, levers) has the derivative
dg/dlevers + y' dmap/dlevers where y solves y = (dmap/dx)' y + dg/dx. One linear system for any number of instruments;
nothing is differentiated through the iterations. The chain from the levers that the equations read (the cubes of
weights) to the instruments people name is short and written out.
"""

from functools import partial
from typing import NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from entrepot.core.arrays import Array
from entrepot.core.dims import SECTOR
from entrepot.core.errors import NotConverged
from entrepot.core.outcomes import with_outcomes
from entrepot.core.wedges import WEDGES, Wedge
from entrepot.equilibrium.derivatives.adjoint import TOO_FAR, log_slopes, solved_row
from entrepot.equilibrium.derivatives.evaluation import outcome_value
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.equilibrium.limit_outcome import LimitOutcome
from entrepot.equilibrium.limit_wedges import measured, penalties, wedge_direction
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.problem import Problem, Unknowns
from entrepot.equilibrium.solvers.compiled import compiled


class SolvedState(Protocol):
    """What is read of a solved world: a :class:`~entrepot.equilibrium.result.Result` has it."""

    @property
    def exercise(self) -> Exercise:
        """What was asked, with its limits."""

    @property
    def solved_exercise(self) -> Exercise:
        """The same with the wedges found for its limits."""

    @property
    def unknowns(self) -> Unknowns:
        """The solved logs."""

    @property
    def held(self) -> tuple[LimitOutcome, ...]:
        """How each limit ended."""


class Levers(NamedTuple):
    """What of a `Problem` instruments move."""

    weight: Array  # s o d
    net_weight: Array  # s o d
    producer_weight: Array  # s o d
    log_productivity: Array  # s c
    deficit: Array  # c
    theta: Array  # s, where it stands itself; it moves the weights too
    psi: Array | None  # s


class Slopes(NamedTuple):
    """Derivatives of one outcome by the logs of wedges, and by transfers; a wedge acts through one (`Wedge.lever`)."""

    log_cost: np.ndarray  # o d s
    log_duty: np.ndarray  # o d s, of 1 + tariff
    log_levy: np.ndarray  # o d s, of one plus export tax, production tax or markup
    log_productivity: np.ndarray  # c s
    transfer: np.ndarray  # c
    theta: np.ndarray  # s


@with_outcomes
def sensitivity(result: SolvedState, outcome: str) -> xr.Dataset:
    """Return the derivative of one outcome with respect to every instrument, at the world after the change.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    outcome
        One of

        {outcomes}

        Sectors may be left out, or added at the end where there are none. Groups, and codes with commas between, may
        stand for several labels. Real income, wages and prices are ratios to the base year; all others are in the unit
        of the economy.

    Returns
    -------
    xarray.Dataset
        ``tariff``, ``export_tax`` and ``iceberg_hat`` [origin, destination, sector], ``production_tax``, ``markup`` and
        ``productivity_hat`` [country, sector], ``transfer`` [country], ``theta`` [sector]: change of the outcome per
        unit of each (a rate of 1.00 is 100 points; theta as the model sees it, the change in duties and costs held).
        Its attributes name the ``outcome`` and its ``value``. Single transfers do not add up to zero: only differences
        between two countries mean something, and a country that trades with nobody can have none (NaN). Where limits
        bind (quotas, price caps), their wedges move so that they stay kept.

    Raises
    ------
    UnknownLabel, InvalidShock
        Not an outcome of this economy.
    NotConverged
        The linear system has no solution to the precision asked for.
    """
    economy = result.exercise.economy
    wanted = parse_outcome(outcome, economy)
    problem = encoding.build_problem(result.solved_exercise, every_instrument=True)
    value, slopes = _slopes(result, problem, wanted.kind.word, wanted.at, outcome)
    if any(held.binding for held in result.held):
        slopes = _limits_kept(result, problem, slopes)
    by_wedge = {
        wedge.name: economy.labelled(_by_wedge(wedge, slopes, result), wedge.dims, wedge.name) for wedge in WEDGES
    }
    by_wedge["transfer"] = by_wedge["transfer"].where(_trades(problem))
    return xr.Dataset(
        {**by_wedge, "theta": economy.labelled(slopes.theta, (SECTOR,), "theta")},
        attrs={"outcome": wanted.text, "value": float(value), "is_ratio": wanted.is_ratio},
    )


def _slopes(result: SolvedState, problem: Problem, kind: str, at: np.ndarray, outcome: str) -> tuple[float, Slopes]:
    """Return an outcome and its derivatives at given wedges."""
    economy = result.exercise.economy
    vector = encoding.ravel(result.unknowns)
    income = np.where(economy.income.values > 0, economy.income.values, 1.0)
    value, by_unknowns, directly = _direct(kind, at, income, vector, problem)
    row, missed = solved_row(by_unknowns, vector, problem)
    if not float(missed) <= TOO_FAR:
        raise NotConverged(
            f"the derivative of {outcome} is only found to {float(missed):.0e} of its size: some country trades so "
            "little that its wage hardly depends on anything; merge it with another (economy.aggregate)"
        )
    indirectly = _through_unknowns(row, vector, problem)
    slope = Levers(
        *(None if one is None else np.asarray(one) + np.asarray(other)
          for one, other in zip(directly, indirectly, strict=True))
    )  # fmt: skip
    by_wedge = _by_instrument(problem, slope)
    by_theta = _by_theta(result.solved_exercise, problem, slope, by_wedge[0])
    return float(value), Slopes(*by_wedge, np.asarray(slope.log_productivity).T, slope.deficit, by_theta)


def _by_wedge(wedge: Wedge, slopes: Slopes, result: SolvedState) -> np.ndarray:
    """Return the derivative by a wedge as it was asked, on its axes."""
    slope = wedge.summed(getattr(slopes, wedge.lever))
    if wedge.form == "payment":
        return slope
    standing = getattr(result.exercise.wedges, wedge.name).values
    if wedge.form == "rate":
        standing = 1 + standing + (penalties(result.exercise.limits, result.held) if wedge.name == "tariff" else 0.0)
    return np.asarray(slope / standing)


def _limits_kept(result: SolvedState, problem: Problem, slopes: Slopes) -> Slopes:
    """Return derivatives with the wedges of binding limits moving so that these stay where they are.

    With g the outcome, h the measures that are held and w their wedges: dg/dx - dg/dw (dh/dw)^-1 dh/dx.
    """
    exercise, limits = result.exercise, result.exercise.limits
    moving = [k for k, held in enumerate(result.held) if held.binding and not (held.penalty and held.wedge >= 1)]
    if not moving:
        return slopes
    of_measures = [_slopes(result, problem, *measured(limits[k], exercise.economy), limits[k].name)[1] for k in moving]
    tariff = exercise.wedges.tariff.values + penalties(limits, result.held)
    along = [wedge_direction(limits[k], tariff) for k in moving]
    by_wedge = np.array([[_along(one, way) for way in along] for one in of_measures])
    weights = np.linalg.solve(by_wedge.T, np.array([_along(slopes, way) for way in along]))
    return Slopes(
        *(
            whole - sum(weight * part for weight, part in zip(weights, parts, strict=True))
            for whole, *parts in zip(slopes, *of_measures, strict=True)
        )
    )


def _along(slopes: Slopes, way: tuple[np.ndarray, np.ndarray]) -> float:
    duty, levy = way
    return float((slopes.log_duty * duty).sum() + (slopes.log_levy * levy).sum())


def _levers(problem: Problem) -> Levers:
    return Levers(*(getattr(problem, name) for name in Levers._fields))


@partial(compiled, static=(0,))
def _direct(kind: str, at: Array, income: Array, vector: Array, problem: Problem) -> tuple[Array, Array, Levers]:
    """Return an outcome and its partial derivatives: by the unknowns, and by the levers at given unknowns."""

    def outcome(vector: Array, levers: Levers) -> Array:
        return outcome_value(kind, at, income, vector, problem._replace(**levers._asdict()))

    value, pull = jax.vjp(outcome, vector, _levers(problem))
    return value, *pull(jnp.ones_like(value))


@compiled
def _through_unknowns(row: Array, vector: Array, problem: Problem) -> Levers:
    """Return what the levers do through the unknowns, given the row of the adjoint."""

    def mapped(levers: Levers) -> Array:
        return encoding.ravelled_map(vector, problem._replace(**levers._asdict()))

    _, pull = jax.vjp(mapped, _levers(problem))
    return Levers(*pull(row)[0])


def _trades(problem: Problem) -> np.ndarray:
    """Return which countries buy from or sell to another [country]."""
    crossing = (np.asarray(problem.weight) > 0).any(axis=0) & ~np.eye(problem.weight.shape[1], dtype=bool)
    return np.asarray(crossing.any(axis=0) | crossing.any(axis=1))


def _by_instrument(problem: Problem, slope: Levers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return derivatives by ln iceberg_hat, ln (1 + tariff), ln (1 + levy), [origin, destination, sector] each."""
    cubes = (
        np.asarray(bar) * np.asarray(lever)
        for bar, lever in zip(slope[:3], (problem.weight, problem.net_weight, problem.producer_weight), strict=True)
    )
    first, second, third = (np.moveaxis(cube, 0, -1) for cube in log_slopes(problem.theta[:, None, None], *cubes))
    return first, second, third


def _by_theta(exercise: Exercise, problem: Problem, slope: Levers, by_log_cost: np.ndarray) -> np.ndarray:
    """Return derivatives by the trade elasticities [sector].

    Besides where theta stands itself, a weight is trade share times wedge^-theta: its log falls with theta by the log
    of the wedge; an embargo stays one. Scale economies that are a share of 1 / theta shrink as it grows.
    """
    wedge = encoding.wedge_of(exercise.economy, exercise.wedges)
    log_wedge = np.where(np.isfinite(wedge), np.log(wedge), 0.0)
    total = slope.theta + (by_log_cost * log_wedge).sum(axis=(0, 1)) / problem.theta
    if slope.psi is not None and exercise.model.scale_share:
        total = total - slope.psi * np.asarray(problem.psi) / problem.theta
    return np.asarray(total)
