"""Fixed points by Anderson acceleration. Arithmetic only: nothing here knows what the numbers mean.

Each step looks at the last few points and how far the map moved each of them, and goes to the combination that the map
would move least if it were linear there (Walker and Ni 2011, SIAM Journal on Numerical Analysis 49). Convergence is
judged on how far the map itself moves a point, never on the length of a shortened step: a damped step is short long
before it is right.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from entrepot.core.arrays import Array
from entrepot.core.progress import StepProgress
from entrepot.equilibrium.solvers.compiled import compiled

Map = Callable[[Array, Any], Array]
"""Takes a vector and arguments, returns a vector of the same length."""


class Ending(enum.Enum):
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
        Applications of the map before giving up, on each way that is tried; about 60 are usual.
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
    ending: Ending


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
    mapping: Map, start: ArrayLike, arguments: Any, settings: Settings, progress: StepProgress | None = None
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


def _ended(settings: Settings, steps: int, residual: float, restarts: int) -> Ending | None:
    if residual <= settings.tolerance:
        return Ending.CONVERGED
    if restarts >= MAX_RESTARTS:
        return Ending.BROKE_DOWN
    return Ending.STEPS if steps >= settings.max_steps else None


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


@jax.jit
def size(move: Array) -> Array:
    """Return the largest move, infinite where one is not finite."""
    # The compiled maximum of an array with a NaN is not a NaN, so it has to be looked for.
    return jnp.where(jnp.all(jnp.isfinite(move)), jnp.max(jnp.abs(move)), jnp.inf)


@partial(compiled, static=(0,))
def _advance(mapping: Map, state: _State, arguments: Any, tolerance: float, until: int) -> _State:
    """Return the state after mapping points until one is good enough, or `until` steps, or too many restarts."""

    def unfinished(state: _State) -> Array:
        return ~(state.best_residual <= tolerance) & (state.steps < until) & (state.restarts < MAX_RESTARTS)

    def step(state: _State) -> _State:
        move = mapping(state.point, arguments) - state.point
        return _accelerated(state, move, size(move))

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
