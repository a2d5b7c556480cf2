"""Derivatives of many governments' objectives with respect to their own taxes, all at one equilibrium.

The adjoint of `sensitivity`, for many outcomes at once: y = J'y + b has one row for each objective. Rows share every
product over the cube, which then run as products of matrices. Where nobody buys inputs and exports are not taxed,
prices and expenditure follow from wages alone: the rows are then found by elimination, and checked. Elsewhere they are
iterated as equilibria are, from the rows of an equilibrium nearby where there is one.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.sparse.linalg import gmres

from entrepot.core.arrays import Array
from entrepot.core.errors import NotConverged
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.equations import log_consumer_price, markets
from entrepot.equilibrium.model.problem import Problem
from entrepot.equilibrium.solvers.anderson import Ending, Settings, fixed_point, size
from entrepot.equilibrium.solvers.compiled import compiled

KRYLOV = 60  # directions before the linear solver starts over; the default economy needs about 45
RESTARTS = 10
ADJOINT_TOLERANCE = 1e-10  # of an outcome's own slope: four digits below what finite differences can see
TOO_FAR = 1e3 * ADJOINT_TOLERANCE  # an error beyond which a derivative is not given


class Taxes(NamedTuple):
    """Whose taxes are asked about: objectives beside the destination or origin that levies them."""

    objective: np.ndarray  # k, which objective
    country: np.ndarray  # k, who levies


class OwnSlopes(NamedTuple):
    """Objectives and their derivatives.

    Attributes
    ----------
    value : [objective]
        Real income over that of the base year, weighted.
    tariff : [pair, origin, sector]
        Derivative of a pair's objective by the rates of import duty that its country levies.
    export_tax : [pair, destination, sector]
        The same for export taxes.
    rows : [objective, unknown]
        The adjoint itself: a first guess for the next equilibrium.
    """

    value: np.ndarray
    tariff: np.ndarray
    export_tax: np.ndarray
    rows: np.ndarray


def own_slopes(
    problem: Problem,
    vector: np.ndarray,
    base_income: np.ndarray,
    weights: np.ndarray,
    tariffs: Taxes,
    export_taxes: Taxes,
    tolerance: float,
    start: np.ndarray | None = None,
) -> OwnSlopes:
    """Return objectives at an equilibrium, and their derivatives by chosen governments' own taxes.

    Parameters
    ----------
    problem, vector
        The solved problem; export taxes in it wherever they are asked about.
    base_income : [country]
        Income of the base year, 1 where there is none.
    weights : [objective, country]
        What an objective counts of each country's real income.
    tariffs, export_taxes
        Which pairs of objective and levying country.
    tolerance
        Largest error of the adjoint.
    start
        Rows of an equilibrium nearby.

    Raises
    ------
    NotConverged
        The linear system was not solved.
    """
    value, by = _direct(vector, weights, base_income, problem)
    rows = np.zeros(by.shape) if start is None else start
    if _wages_say_all(problem):
        rows = _eliminated(by, vector, problem)
    if not _converged(rows, by, vector, problem, tolerance):
        solved = fixed_point(_round, rows.ravel(), (by, vector, problem), Settings(tolerance=tolerance))
        converged = solved.ending is Ending.CONVERGED
        rows = solved.point.reshape(by.shape) if converged else _one_by_one(by, vector, problem)
    tariff, export_tax = _own(rows, vector, weights, base_income, problem, tariffs, export_taxes)
    return OwnSlopes(np.asarray(value), np.asarray(tariff), np.asarray(export_tax), np.asarray(rows))


def log_slopes(theta: Array, whole: Array, net: Array, producer: Array) -> tuple[Array, Array, Array]:
    """Return derivatives by the logs of trade cost, one plus duty, one plus levy, given those by the logs of weights.

    All three weights fall with the wedge to the power of theta; the duty also comes off what reaches the border, and
    a levy off what reaches the producer.

    Parameters
    ----------
    theta, whole, net, producer
        Trade elasticities; derivatives by the logs of ``weight``, ``net_weight``, ``producer_weight`` (`Problem`), on
        any axes that broadcast.
    """
    by_cost = -theta * (whole + net + producer)
    return by_cost, by_cost - net - producer, by_cost - producer


def _wages_say_all(problem: Problem) -> bool:
    """Return whether prices and spending follow from wages: no inputs, taxed exports, or factors tied to a sector."""
    taxed = problem.producer_weight is not None and not np.array_equal(problem.producer_weight, problem.net_weight)
    tied = problem.specific_share is not None or problem.psi is not None
    return not tied and not taxed and not np.asarray(problem.input_share).any()


def _objectives(vector: Array, weights: Array, base_income: Array, problem: Problem) -> Array:
    """Return the weighted real incomes, over those of the base year [objective]."""
    unknowns = encoding.unravel(vector, problem)
    income = markets(unknowns, problem).flows.income
    return weights @ (income / base_income * jnp.exp(-log_consumer_price(unknowns, problem)))


@compiled
def _direct(vector: Array, weights: Array, base_income: Array, problem: Problem) -> tuple[Array, Array]:
    """Return objectives, and their derivatives by the unknowns at given taxes [objective, unknown]."""
    value, pull = jax.vjp(lambda at: _objectives(at, weights, base_income, problem), vector)
    return value, jax.vmap(lambda one: pull(one)[0])(jnp.eye(len(weights)))


def _pulled(rows: Array, vector: Array, problem: Problem) -> Array:
    """Return J'y for each row y."""
    _, pull = jax.vjp(lambda at: encoding.ravelled_map(at, problem), vector)
    return jax.vmap(lambda row: pull(row)[0])(rows)


def _round(rows: Array, arguments: tuple[Array, Array, Problem]) -> Array:
    by, vector, problem = arguments
    return (by + _pulled(rows.reshape(by.shape), vector, problem)).ravel()


@compiled
def _converged(rows: Array, by: Array, vector: Array, problem: Problem, tolerance: float) -> Array:
    """Return whether one more round would leave the rows where they are: what elimination claims, checked."""
    return size(by + _pulled(rows, vector, problem) - rows) <= tolerance


def _one_by_one(by: np.ndarray, vector: np.ndarray, problem: Problem) -> np.ndarray:
    """Return the rows each for itself, as `sensitivity` finds them: slower, and not stopped by a country without trade.

    Raises
    ------
    NotConverged
        A row was not found.
    """
    rows, missed = zip(*(solved_row(np.asarray(row), vector, problem) for row in by), strict=True)
    if not max(float(one) for one in missed) <= TOO_FAR:
        raise NotConverged(
            f"derivatives of {len(by)} objectives are not found: some country trades so little, or nothing, that its "
            "wage hardly depends on anything; merge it with another (economy.aggregate)"
        )
    return np.asarray(rows)


@compiled
def solved_row(by: Array, vector: Array, problem: Problem) -> tuple[Array, Array]:
    """Return the row y = J'y + by of one outcome, and the relative error of the linear solve.

    Parameters
    ----------
    by : [unknown]
        Derivative of the outcome by the unknowns, at given levers.
    vector, problem
        The solved problem.
    """
    _, pull = jax.vjp(lambda at: encoding.ravelled_map(at, problem), vector)

    def system(row: Array) -> Array:
        return row - pull(row)[0]

    length = jnp.sqrt(by @ by)
    scale = jnp.where(length > 0, length, 1.0)
    row, _ = gmres(  # type: ignore[no-untyped-call]
        system, by / scale, tol=ADJOINT_TOLERANCE, restart=KRYLOV, maxiter=RESTARTS, solve_method="batched"
    )
    error = system(row) - by / scale
    return row * scale, jnp.sqrt(error @ error)


def _eliminated(by: np.ndarray, vector: np.ndarray, problem: Problem) -> np.ndarray:
    """Return the rows where nobody buys inputs.

    What a row has on wages fixes what it has on spending and prices, after a round exactly; after two where spending
    moves with prices. Both for a unit of each wage and for the objectives themselves; the rows on wages are then a
    small linear system.
    """
    wages = problem.labour_income.shape[0]
    rows, back = (np.asarray(one) for one in _with_wages_held(by, vector, problem))
    system = np.eye(wages) - back[:wages]
    return np.asarray(rows[wages:] + np.linalg.solve(system.T, back[wages:].T).T @ rows[:wages])


@compiled
def _with_wages_held(by: Array, vector: Array, problem: Problem) -> tuple[Array, Array]:
    """Return rows for a unit of each wage and for the objectives, those on wages held, and what comes back on wages."""
    wages = problem.labour_income.shape[0]
    units = jnp.eye(wages, vector.shape[0])
    stacked = jnp.concatenate([jnp.zeros_like(units), by])
    held = jnp.concatenate([units[:, :wages], jnp.zeros((by.shape[0], wages))])

    def on(rows: Array) -> Array:
        return rows.at[:, :wages].set(held)

    rows = on(stacked)
    for _ in range(1 if problem.eta is None else 2):
        rows = on(stacked + _pulled(rows, vector, problem))
    return rows, (stacked + _pulled(rows, vector, problem))[:, :wages]


@compiled
def _own(
    rows: Array,
    vector: Array,
    weights: Array,
    base_income: Array,
    problem: Problem,
    tariffs: Taxes,
    export_taxes: Taxes,
) -> tuple[Array, Array]:
    """Return the derivatives by ln (1 + tariff) and ln (1 + export tax) [pair, other side of the flow, sector]."""
    taxed = problem.producer_weight is not None
    levers = (problem.weight, problem.net_weight, problem.producer_weight if taxed else problem.net_weight)

    def through(levers: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        moved = problem._replace(weight=levers[0], net_weight=levers[1])
        moved = moved._replace(producer_weight=levers[2]) if taxed else moved
        return encoding.ravelled_map(vector, moved), _objectives(vector, weights, base_income, moved)

    _, pull = jax.vjp(through, levers)
    theta = problem.theta[:, None]

    def parts(objective: Array, of: tuple[slice | Array, ...]) -> tuple[Array, Array, Array]:
        bars = pull((rows[objective], jnp.eye(len(weights))[objective]))[0]
        # only a slice of each cube is asked for, so the compiler makes no cube for any pair
        whole, net, producer = (bar[of] * lever[of] for bar, lever in zip(bars, levers, strict=True))
        return whole, net, producer if taxed else jnp.zeros_like(net)

    def by_tariff(objective: Array, country: Array) -> Array:
        _, by_duty, _ = log_slopes(theta, *parts(objective, (slice(None), slice(None), country)))
        return by_duty.T

    def by_export_tax(objective: Array, country: Array) -> Array:
        _, _, by_levy = log_slopes(theta, *parts(objective, (slice(None), country)))
        return by_levy.T

    return jax.vmap(by_tariff)(*tariffs), jax.vmap(by_export_tax)(*export_taxes)
