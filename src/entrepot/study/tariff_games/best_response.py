"""Rates that nobody would move: where every government's derivative by its own rates is zero, or a bound holds it.

A Newton step of each rate by itself, all at once, accelerated as equilibria are (`equilibrium.solvers.anderson`): the
combination of the last points that the steps would move least. Slopes need fewer digits while rates are far away.
"""

from collections.abc import Callable

import numpy as np

from entrepot.core.errors import NotConverged
from entrepot.core.progress import StepProgress
from entrepot.equilibrium.result import Result
from entrepot.study.tariff_games.game import LOOSEST, TIGHTEST, TaxGame, TaxProfile

MEMORY = 10
CAUTION = 0.5  # of the first step: what a small country's slopes fall by understates a large one's
MOST_ROUNDS = 200
LONGEST = 0.5  # of a step, in logs of one plus the rate
TOUCHING = 1e-7  # of one plus a bound: a rate nearer to it is at it
DIGITS = 1e-3  # of slopes, relative to what they still are


def stationary_rates(
    game: TaxGame, start: TaxProfile, bounds: tuple[float, float], still: float, progress: StepProgress | None = None
) -> TaxProfile:
    """Return the profile at which no rate would move by more than `still`.

    Parameters
    ----------
    game
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
        step = move(game, here, bounds)
        length = float(np.abs(step).max())
        if progress is not None:
            progress(rounds, length)
        if length < moved:
            best, moved = here, length
        if length <= still and here.tolerance <= TIGHTEST:
            return here
        logs = np.log1p(here.rates)
        points, steps = [*points, logs][-MEMORY - 1 :], [*steps, step][-MEMORY - 1 :]
        onward = np.clip(_accelerated(points, steps, CAUTION if rounds == 0 else 1.0), logs - LONGEST, logs + LONGEST)
        precise = (
            TIGHTEST if length < 100 * still else max(TIGHTEST, min(LOOSEST, DIGITS * float(np.abs(here.slope).max())))
        )
        here = game.profile(np.clip(np.expm1(onward), *bounds), here, precise)
    row = game.rates.labels.iloc[int(np.abs(move(game, best, bounds)).argmax())]
    raise NotConverged(
        f"no rates at rest found in {MOST_ROUNDS} rounds: the {row['tax'].replace('_', ' ')} of {row['government']} "
        f"(partner {row['partner']}, sector {row['sector']}) would still move by {100 * moved:.1e} points; free fewer "
        "rates, or narrow the bounds"
    )


def move(game: TaxGame, profile: TaxProfile, bounds: tuple[float, float]) -> np.ndarray:
    """Return the Newton step of each rate by itself, in logs of one plus the rate and within bounds [rate]."""
    low, high = np.log1p(bounds)
    here = np.log1p(profile.rates)
    step = profile.slope * (1 + profile.rates) / game.curvature(profile)
    return np.asarray(np.clip(here + step, low, high) - here)


def binding_bounds(profile: TaxProfile, bounds: tuple[float, float]) -> np.ndarray:
    """Return which bound holds each rate, ``"low"`` or ``"high"``, blank where none does."""
    low, high = bounds
    below = (profile.rates <= low + TOUCHING * (1 + low)) & (profile.slope <= 0)
    above = (profile.rates >= high - TOUCHING * (1 + high)) & (profile.slope >= 0)
    return np.where(below, "low", np.where(above, "high", ""))


def rates_by_rule(
    game: TaxGame,
    start: np.ndarray,
    bounds: tuple[float, float],
    answer: Callable[[Result], np.ndarray],
    still: float,
    progress: StepProgress | None = None,
) -> np.ndarray:
    """Return rates that a rule gives at the equilibrium to which they lead.

    Parameters
    ----------
    game, start, bounds, still, progress
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
        result = game.result(rates, result)
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
