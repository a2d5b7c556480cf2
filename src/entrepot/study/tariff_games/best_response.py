"""Rates that nobody would move: where every government's derivative by its own rates is zero, or a bound holds it.

A Newton step of each rate by itself, all at once, accelerated as equilibria are (Anderson, see `equilibrium.solver`):
the combination of the last points that the steps would move least. Slopes need fewer digits while rates are far away.
"""

from collections.abc import Callable

import numpy as np

from entrepot.core.errors import NotConverged
from entrepot.equilibrium.result import Result
from entrepot.study.tariff_games.game import LOOSEST, TIGHTEST, TaxGame, TaxProfile

MEMORY = 10
CAUTION = 0.5  # of the first step: what a small country's slopes fall by understates a large one's
MOST_ROUNDS = 200
LONGEST = 0.5  # of a step, in logs of one plus the rate
TOUCHING = 1e-7  # of one plus a bound: a rate nearer to it is at it
DIGITS = 1e-3  # of slopes, relative to what they still are

Progress = Callable[[int, float], None]
"""Told the rounds so far and by how much a rate would still move."""


def stationary_rates(
    board: TaxGame, start: TaxProfile, bounds: tuple[float, float], still: float, progress: Progress | None = None
) -> TaxProfile:
    """Return the position at which no rate would move by more than `still`.

    Parameters
    ----------
    board
        Governments and their rates.
    start
        Where to begin.
    bounds
        The smallest and the largest rate.
    still
        Largest Newton step left.
    progress
        Told after each round.

    Raises
    ------
    NotConverged
        Rates go on moving; says whose, by how much.
    """
    here = start
    points: list[np.ndarray] = []
    steps: list[np.ndarray] = []
    best, moved = start, np.inf
    for rounds in range(MOST_ROUNDS):
        step = move(board, here, bounds)
        length = float(np.abs(step).max())
        if progress is not None:
            progress(rounds, length)
        if length < moved:
            best, moved = here, length
        if length <= still and here.tolerance <= TIGHTEST:
            return here
        at = np.log1p(here.rates)
        points, steps = [*points, at][-MEMORY - 1 :], [*steps, step][-MEMORY - 1 :]
        onward = np.clip(_accelerated(points, steps, CAUTION if rounds == 0 else 1.0), at - LONGEST, at + LONGEST)
        precise = (
            TIGHTEST if length < 100 * still else max(TIGHTEST, min(LOOSEST, DIGITS * float(np.abs(here.slope).max())))
        )
        here = board.position(np.clip(np.expm1(onward), *bounds), here, precise)
    row = board.rates.labels.iloc[int(np.abs(move(board, best, bounds)).argmax())]
    raise NotConverged(
        f"no rates at rest found in {MOST_ROUNDS} rounds: the {row['tax'].replace('_', ' ')} of {row['government']} "
        f"(partner {row['partner']}, sector {row['sector']}) would still move by {100 * moved:.1e} points; free fewer "
        "rates, or narrow the bounds"
    )


def move(board: TaxGame, at: TaxProfile, bounds: tuple[float, float]) -> np.ndarray:
    """Return the Newton step of each rate by itself, in logs of one plus the rate and within bounds [rate]."""
    low, high = np.log1p(bounds)
    here = np.log1p(at.rates)
    return np.asarray(np.clip(here + at.slope * (1 + at.rates) / board.curvature(at), low, high) - here)


def bound_of(at: TaxProfile, bounds: tuple[float, float]) -> np.ndarray:
    """Return which bound holds each rate, ``"low"`` or ``"high"``, blank where none does."""
    low, high = bounds
    below = (at.rates <= low + TOUCHING * (1 + low)) & (at.slope <= 0)
    above = (at.rates >= high - TOUCHING * (1 + high)) & (at.slope >= 0)
    return np.where(below, "low", np.where(above, "high", ""))


def fixed_rates(
    board: TaxGame,
    start: np.ndarray,
    bounds: tuple[float, float],
    answer: Callable[[Result], np.ndarray],
    still: float,
    progress: Progress | None = None,
) -> np.ndarray:
    """Return rates that a rule gives at the equilibrium to which they lead.

    Parameters
    ----------
    board, start, bounds, still, progress
        As in `stationary_rates`.
    answer
        The rule: an equilibrium goes in, rates come out.

    Raises
    ------
    NotConverged
        Rates go on moving.
    """
    rates, result = start, None
    points: list[np.ndarray] = []
    steps: list[np.ndarray] = []
    low, high = np.log1p(bounds)
    for rounds in range(MOST_ROUNDS):
        result = board.result(rates, result)
        here = np.log1p(rates)
        step = np.clip(np.log1p(answer(result)), low, high) - here
        length = float(np.abs(step).max())
        if progress is not None:
            progress(rounds, length)
        if length <= still:
            return rates
        points, steps = [*points, here][-MEMORY - 1 :], [*steps, step][-MEMORY - 1 :]
        onward = np.clip(_accelerated(points, steps, 1.0), here - LONGEST, here + LONGEST)
        rates = np.expm1(np.clip(onward, low, high))
    raise NotConverged(
        f"the rule settles on no rates in {MOST_ROUNDS} rounds: one would still move by {100 * length:.1e} points"
    )


def _accelerated(points: list[np.ndarray], steps: list[np.ndarray], part: float) -> np.ndarray:
    """Return the next rates: from the combination of the last ones that would move least."""
    here, step = points[-1], part * steps[-1]
    if len(points) == 1:
        return here + step
    differences = np.diff(np.array(points), axis=0), np.diff(np.array(steps), axis=0)
    weights = np.linalg.lstsq(differences[1].T, steps[-1], rcond=1e-10)[0]
    return np.asarray(here + step - weights @ (differences[0] + differences[1]))
