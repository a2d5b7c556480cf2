"""Fixed points, by Anderson acceleration and by Newton's method. Arithmetic only: no idea what the numbers mean.

Anderson's steps are cheap. Each looks at the last few points and how far the map moved each of them, and goes to the
combination that the map would move least if it were linear there (Walker and Ni 2011, SIAM Journal on Numerical
Analysis 49). Convergence is judged on how far the map itself moves a point, never on the length of a shortened step: a
damped step is short long before it is right. Newton's steps cost a hundred times as much (each solves a linear system
by GMRES, from products with the derivative alone) and need to start nearby, but do not mind where the map is stiff.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.sparse.linalg import gmres
from jax.typing import ArrayLike

Array: TypeAlias = Any  # jax.Array inside, numpy.ndarray at the door

Map = Callable[[Array, Any], Array]
"""Takes a vector and arguments, returns a vector of the same length."""

Progress = Callable[[int, float], None]
"""Told the steps so far and the residual."""


class Outcome(enum.Enum):
    """How a solve ended, as a sentence."""

    CONVERGED = "converged"
    STALLED = "stalled: no step makes the residual smaller"
    STEPS = "ran out of steps"
    BROKE_DOWN = "broke down: values overflowed however small the steps were made"


@dataclass(frozen=True)
class Settings:
    """How to iterate.

    Attributes
    ----------
    tolerance
        Largest move of any unknown by one more application of the map. 1e-11: a thousand times below what a report
        prints, and above rounding, which elasticities near 65 raise to about 1e-13.
    memory
        Points looked back at. 8: more brings nothing on 31 x 40, 44 x 50 and 81 x 28, fewer costs steps.
    max_steps
        Applications of the map before giving up; about 60 are usual.
    report_every
        Steps between two calls of a progress function.
    mixing
        Part of a full step to begin with; a restart halves it.
    krylov
        Directions that a Newton step combines before it starts over.
    """

    tolerance: float = 1e-11
    memory: int = 8
    max_steps: int = 2000
    report_every: int = 10
    krylov: int = 80
    mixing: float = 1.0


class Solution(NamedTuple):
    """A point, how far the map still moves it, and what it took."""

    point: np.ndarray
    residual: float
    steps: int
    outcome: Outcome


class _State(NamedTuple):
    point: Array  # to be mapped next
    last: Array  # mapped before it
    last_move: Array  # map(last) - last
    points: Array  # differences between successive points, one a row, oldest overwritten
    moves: Array  # differences between their moves
    known: Array  # how many of them count since the last restart; -1 before the first point
    best: Array
    best_move: Array
    best_residual: Array
    shortening: Array  # of a step; 1 until the iteration has to be restarted
    steps: Array
    restarts: Array


MAX_RESTARTS = 12  # each halves the step; 2^-12 of a step that still overflows is not a matter of step length
RUNAWAY = 1e3  # a residual this many times the best one is not the usual zigzag of the method


def fixed_point(
    mapping: Map, start: ArrayLike, arguments: Any, settings: Settings, progress: Progress | None = None
) -> Solution:
    """Return where `mapping` leaves its point.

    Parameters
    ----------
    mapping
        A module-level function, so that it is compiled once for each size of problem.
    start
        The first guess.
    arguments
        Handed to `mapping` as they are.
    settings
        Tolerance, memory, most steps.
    progress
        Called every few steps; costs a few thousandths of a second in all.
    """
    state = _begin(np.asarray(start), settings)
    chunk = settings.max_steps if progress is None else settings.report_every
    while True:
        until = min(int(state.steps) + chunk, settings.max_steps)
        state = _advance(mapping, state, arguments, settings.tolerance, until)
        steps, residual = int(state.steps), float(state.best_residual)
        ended = _ended(settings, steps, residual, int(state.restarts))
        if ended is not None:
            return Solution(np.asarray(state.best), residual, steps, ended)
        if progress is not None:
            progress(steps, residual)


def _ended(settings: Settings, steps: int, residual: float, restarts: int) -> Outcome | None:
    if residual <= settings.tolerance:
        return Outcome.CONVERGED
    if restarts >= MAX_RESTARTS:
        return Outcome.BROKE_DOWN
    return Outcome.STEPS if steps >= settings.max_steps else None


def _begin(start: np.ndarray, settings: Settings) -> _State:
    nowhere, empty = np.zeros_like(start), np.zeros((settings.memory, start.size))
    return _State(
        point=start,
        last=start,
        last_move=nowhere,
        points=empty,
        moves=empty,
        known=np.asarray(-1),
        best=start,
        best_move=nowhere,
        best_residual=np.asarray(np.inf),
        shortening=np.asarray(settings.mixing),
        steps=np.asarray(0),
        restarts=np.asarray(0),
    )  # fmt: skip


NEWTON_STEPS = 40  # quadratic once near: a dozen are enough, the rest is for the way there
SHORTEST = 2.0**-12  # part of a Newton step below which it does not lead anywhere
SLOW = 0.9  # a Newton step that leaves this much of the residual will not be quadratic
FULL_STEPS = 20  # of Newton's method by elimination, which has no line search
LONGEST = 1.0  # move of any unknown in such a step
LARGEST_DENSE = 5000  # unknowns; elimination takes seconds and 200 MB there


def newton(mapping: Map, start: ArrayLike, arguments: Any, settings: Settings) -> Solution:
    """Return where `mapping` leaves its point, by Newton's method.

    First with GMRES and steps that make the residual smaller. Where some unknowns hardly move any residual that stalls
    far from the solution; then with elimination and full steps, which may pass through larger residuals on the way.

    Parameters as in `fixed_point`; the best first guess is where that one gave up.
    """
    solution = _searching_newton(mapping, np.asarray(start), arguments, settings)
    if solution.outcome is Outcome.CONVERGED or solution.point.size > LARGEST_DENSE:
        return solution
    full = _full_newton(mapping, solution.point, arguments, settings)
    return full if full.residual < solution.residual else solution


def _searching_newton(mapping: Map, point: np.ndarray, arguments: Any, settings: Settings) -> Solution:
    residual = float(_size(_move(mapping, point, arguments)))
    for steps in range(NEWTON_STEPS):
        if residual <= settings.tolerance:
            return Solution(point, residual, steps, Outcome.CONVERGED)
        if not np.isfinite(residual):
            return Solution(point, residual, steps, Outcome.BROKE_DOWN)
        direction, length = np.asarray(_newton_direction(mapping, point, arguments, settings.krylov)), 1.0
        while True:
            onward = point + length * direction
            smaller = float(_size(_move(mapping, onward, arguments)))
            if smaller < residual:
                break
            length /= 2
            if length < SHORTEST:
                return Solution(point, residual, steps, Outcome.STALLED)
        if smaller > SLOW * residual:
            return Solution(onward, smaller, steps, Outcome.STALLED)
        point, residual = onward, smaller
    return Solution(point, residual, NEWTON_STEPS, Outcome.STEPS)


def _full_newton(mapping: Map, point: np.ndarray, arguments: Any, settings: Settings) -> Solution:
    residual = np.inf
    for steps in range(FULL_STEPS):
        residual = float(_size(_move(mapping, point, arguments)))
        if residual <= settings.tolerance:
            return Solution(point, residual, steps, Outcome.CONVERGED)
        direction = np.asarray(_dense_direction(mapping, point, arguments))
        longest = float(np.abs(direction).max())
        if not np.isfinite(longest) or not np.isfinite(residual):
            return Solution(point, np.inf, steps, Outcome.BROKE_DOWN)
        point = point + direction * min(1.0, LONGEST / max(longest, 1e-300))
    return Solution(point, residual, FULL_STEPS, Outcome.STEPS)


@partial(jax.jit, static_argnums=0)
def _dense_direction(mapping: Map, point: Array, arguments: Any) -> Array:
    """Return the Newton step by elimination: what GMRES cannot find where many unknowns hardly matter."""
    move = mapping(point, arguments) - point
    slope = jax.jacfwd(mapping)(point, arguments) - jnp.eye(point.size)
    return jnp.linalg.solve(slope, -move)


@partial(jax.jit, static_argnums=(0, 3))
def _newton_direction(mapping: Map, point: Array, arguments: Any, krylov: int) -> Array:
    """Return the step to where the map, were it linear, would leave its point."""
    move, push = jax.linearize(lambda at: mapping(at, arguments) - at, point)
    step, _ = gmres(push, -move, tol=1e-6, restart=krylov, maxiter=5, solve_method="batched")  # type: ignore[no-untyped-call]
    return step


@partial(jax.jit, static_argnums=0)
def _move(mapping: Map, point: Array, arguments: Any) -> Array:
    return mapping(point, arguments) - point


@jax.jit
def _size(move: Array) -> Array:
    """Return the largest move, infinite where one is not finite."""
    # The compiled maximum of an array with a NaN is not a NaN, so it has to be looked for.
    return jnp.where(jnp.all(jnp.isfinite(move)), jnp.max(jnp.abs(move)), jnp.inf)


@partial(jax.jit, static_argnums=0)
def _advance(mapping: Map, state: _State, arguments: Any, tolerance: float, until: int) -> _State:
    """Return the state after mapping points until one is good enough, or `until` steps, or too many restarts."""

    def unfinished(state: _State) -> Array:
        return ~(state.best_residual <= tolerance) & (state.steps < until) & (state.restarts < MAX_RESTARTS)

    def step(state: _State) -> _State:
        move = mapping(state.point, arguments) - state.point
        return _accelerated(state, move, _size(move))

    return jax.lax.while_loop(unfinished, step, state)


def _accelerated(state: _State, move: Array, residual: Array) -> _State:
    """Return the state one Anderson step on, or back at the best point with a shorter step if the last one ran away."""
    ran_away = jnp.isinf(residual) | (residual > RUNAWAY * state.best_residual)
    better = residual < state.best_residual
    best = jnp.where(better, state.point, state.best)
    best_move = jnp.where(better, move, state.best_move)
    shortening = jnp.where(ran_away, state.shortening / 2, state.shortening)

    slot = jnp.maximum(state.known, 0) % state.points.shape[0]
    known = jnp.where(ran_away, 0, state.known + 1)
    comparable = ~ran_away & (state.known >= 0)  # -1: the very first point has none before it
    points = state.points.at[slot].set(jnp.where(comparable, state.point - state.last, 0.0))
    moves = state.moves.at[slot].set(jnp.where(comparable, move - state.last_move, 0.0))
    combination = _least_moved(moves, move, known)
    onward = state.point - combination @ points + shortening * (move - combination @ moves)
    return _State(
        point=jnp.where(ran_away, best + shortening * best_move, onward),
        last=jnp.where(ran_away, best, state.point),
        last_move=jnp.where(ran_away, best_move, move),
        points=points,
        moves=moves,
        known=known,
        best=best,
        best_move=best_move,
        best_residual=jnp.where(better, residual, state.best_residual),
        shortening=shortening,
        steps=state.steps + 1,
        restarts=state.restarts + ran_away,
    )


def _least_moved(moves: Array, move: Array, known: Array) -> Array:
    """Return the weights of the known differences that cancel most of `move`: least squares by normal equations."""
    gram = moves @ moves.T
    size = jnp.sqrt(jnp.diag(gram))
    used = (size > 0) & (jnp.arange(len(moves)) < known)
    scale = jnp.where(used, 1 / jnp.where(used, size, 1.0), 0.0)
    # 1e-14 on a diagonal of ones: near-parallel differences drop out instead of blowing up.
    scaled = gram * scale[:, None] * scale[None, :] + jnp.diag(jnp.where(used, 1e-14, 1.0))
    return scale * jnp.linalg.solve(scaled, scale * (moves @ move))
