"""Complementary numbers by Newton's method. Arithmetic only: nothing here knows what the numbers mean.

Each wedge m has a lower bound of zero and maybe an upper one, and an excess h(m), which falls with it. Looked for is

    m = 0 and h <= 0,   or   0 < m < most and h = 0,   or   m = most and h >= 0

for all at once. Every value of the excess is expensive and exact to about 1e-11; the wedges are few. So:
Newton's method with slopes from differences on the wedges that are free to move, the others at their bounds.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from entrepot.core.errors import NotConverged

COMPLEMENTARY = 1e-9  # largest violation; the error of the excess is a hundred times smaller
STEP = 1e-4  # of a wedge, for slopes, which are then good to 1e-4 and better
FLAT = 1e-6  # a wedge that moves its excess by less does not hold it; slopes are known to 1e-7
LARGEST = float(np.log(1e6))  # of a wedge without upper bound, in logs
LONGEST = 1.0  # change of a wedge in one step
ROUNDS = 60  # a dozen are many
SHORTEST = 2.0**-10  # part of a step below which it does not lead anywhere

ExcessFunction = Callable[[np.ndarray], np.ndarray]
"""Takes wedges, returns their excess; raises NotConverged where there is none."""


class ComplementaryPoint(NamedTuple):
    """Where a search ended."""

    wedge: np.ndarray
    excess: np.ndarray
    unholdable: int | None  # the first wedge that no longer brings its excess down
    worst: int | None  # where nothing was found: the wedge that misses most


def complementary(excess_at: ExcessFunction, most: np.ndarray, start: np.ndarray | None = None) -> ComplementaryPoint:
    """Return wedges that are complementary with their excess, or which one stands in the way.

    Parameters
    ----------
    excess_at
        The excess at given wedges.
    most
        Upper bounds, infinite where there is none.
    start
        Wedges to begin with; left out, none.
    """
    wedge = np.zeros(len(most)) if start is None else np.array(start, dtype=float)
    excess = excess_at(wedge)
    for _ in range(ROUNDS):
        missed = violation(wedge, excess, most)
        if missed.max() <= COMPLEMENTARY:
            return ComplementaryPoint(wedge, excess, None, None)
        slope = _slopes(excess_at, wedge, excess, most)
        held = np.isinf(most) & (excess > COMPLEMENTARY) & ((wedge >= LARGEST) | (np.diag(slope) > -FLAT))
        if held.any():
            return ComplementaryPoint(wedge, excess, int(held.argmax()), None)
        onward = _searched(excess_at, wedge, excess, _newton_step(wedge, excess, slope, most), most)
        if onward is None:
            return ComplementaryPoint(wedge, excess, None, int(missed.argmax()))
        wedge, excess = onward
    return ComplementaryPoint(wedge, excess, None, int(violation(wedge, excess, most).argmax()))


def violation(wedge: np.ndarray, excess: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return what is missing from complementarity: how far a step along the excess moves a wedge within its bounds."""
    return np.asarray(np.abs(np.clip(wedge + excess, 0.0, most) - wedge))


def _searched(
    excess_at: ExcessFunction, wedge: np.ndarray, excess: np.ndarray, step: np.ndarray, most: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the point along a step that misses less, or None where there is none."""
    missed = violation(wedge, excess, most).max()
    step = step * min(1.0, LONGEST / max(float(np.abs(step).max()), 1e-300))
    length = 1.0
    while length >= SHORTEST:
        onward = np.clip(wedge + length * step, 0.0, most)
        try:
            there = excess_at(onward)
        except NotConverged:
            there = None
        if there is not None and violation(onward, there, most).max() < missed:
            return onward, there
        length /= 2
    return None


def _slopes(excess_at: ExcessFunction, wedge: np.ndarray, excess: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return d excess / d wedge for the wedges that can move; -1 on the diagonal of the others."""
    slope = -np.eye(len(wedge))
    for k in _free(wedge, excess, most):
        here = wedge.copy()
        here[k] += STEP if wedge[k] + STEP <= most[k] else -STEP
        slope[:, k] = (excess_at(here) - excess) / (here[k] - wedge[k])
    return slope


def _free(wedge: np.ndarray, excess: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return the wedges that are not to stay at a bound."""
    resting = ((wedge <= 0) & (excess <= 0)) | ((wedge >= most) & (excess >= 0))
    return np.flatnonzero(~resting)


def _newton_step(wedge: np.ndarray, excess: np.ndarray, slope: np.ndarray, most: np.ndarray) -> np.ndarray:
    free = _free(wedge, excess, most)
    step = np.zeros(len(wedge))
    step[free] = -np.linalg.lstsq(slope[np.ix_(free, free)], excess[free], rcond=None)[0]
    return step
