"""Quotas, price caps and conditional penalties: the wedges that make an equilibrium keep its limits.

A limit and its wedge are complementary: either the measure stays below the limit and the wedge is zero, or the wedge is
what holds the measure at the limit. The wedge of a quota or a price cap is a rate without bound, in logs here; that of
a penalty is the part of it that is in force, between 0 and 1; neither only where the measure is at the threshold.
`complementarity` finds them; each look it takes is an equilibrium, the first guess of the next.
"""

import time
from dataclasses import replace
from itertools import islice, product

import numpy as np

from entrepot.core.errors import Infeasible, NotConverged
from entrepot.core.progress import StepProgress
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.limit_wedges import TradeState, amount, held_limits, with_wedges
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.equilibrium.solvers.complementarity import COMPLEMENTARY, ExcessFunction, complementary, violation
from entrepot.policy.limit import Limit

MOST_REGIMES = 32  # combinations of penalties that are off or in force: five penalties


def solve_with_limits(
    exercise: Exercise, settings: Settings, progress: StepProgress | None = None, start: Result | None = None
) -> Result:
    """Return the equilibrium of an exercise that may have limits, these kept; `start` is one near it.

    Raises
    ------
    Infeasible
        A limit that no wedge can hold.
    NotConverged
        No equilibrium, or no wedges, were found.
    """
    limits = exercise.limits
    if not limits:
        return counterfactual(exercise, settings, progress, start)
    last = start
    began, steps = time.perf_counter(), 0

    def at(wedge: np.ndarray) -> Result:
        nonlocal last, steps
        trial = with_wedges(exercise, wedge)
        last = counterfactual(replace(exercise, wedges=trial, limits=()), settings, progress, last)
        steps += last.steps
        return last

    def excess(wedge: np.ndarray) -> np.ndarray:
        state = _trade_state(at(wedge))
        return np.array([_log(amount(limit, exercise.economy, state) / limit.at_most) for limit in limits])

    wedge, over, note = _found(limits, excess)
    result = at(wedge)
    held = held_limits(limits, exercise.economy, _trade_state(result), wedge, over, note)
    return replace(result, exercise=exercise, held=held, steps=steps, seconds=time.perf_counter() - began)


def _trade_state(result: Result) -> TradeState:
    wedges = result.wedges
    return TradeState(result.trade_cf.values, result.unit_cost_hat.values, wedges.tariff.values, wedges.levy_factor())


def _found(limits: tuple[Limit, ...], excess: ExcessFunction) -> tuple[np.ndarray, np.ndarray, str]:
    """Return wedges that keep all limits, the excess there, and what is to be said about penalties.

    A penalty is off, in force, or in part. The first two are tried for all penalties, none in force before all, with
    the other limits kept in each case; only where none of these is consistent with itself, parts are looked for.
    """
    most = np.array([np.inf if limit.points is None else 1.0 for limit in limits])
    bounded = np.flatnonzero(np.isfinite(most))
    regimes = islice(product((0.0, 1.0), repeat=len(bounded)), MOST_REGIMES) if len(bounded) else ()
    consistent: list[tuple[np.ndarray, np.ndarray]] = []
    for regime in sorted(regimes, key=sum):
        wedge = np.zeros(len(limits))
        wedge[bounded] = regime
        try:
            wedge, over = _kept(limits, excess, most, np.flatnonzero(np.isinf(most)), wedge)
        except (Infeasible, NotConverged):
            continue
        if violation(wedge, over, most).max() <= COMPLEMENTARY:
            consistent.append((wedge, over))
    if consistent:
        others = len(consistent) - 1
        note = f"not the only equilibrium: {others} more with other penalties in force" if others else ""
        return *consistent[0], note
    return *_kept(limits, excess, most, np.arange(len(limits)), np.zeros(len(limits))), ""


def _kept(
    limits: tuple[Limit, ...], excess: ExcessFunction, most: np.ndarray, free: np.ndarray, wedge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return wedges of which some are free to keep their limits, and the excess of all."""

    def look(chosen: np.ndarray) -> np.ndarray:
        trial = wedge.copy()
        trial[free] = chosen
        return np.asarray(excess(trial)[free])

    if not len(free):
        return wedge, excess(wedge)
    ending = complementary(look, most[free], wedge[free])
    if ending.worst is not None and len(free) > 1:
        return _kept_one_by_one(limits, excess, most, free, wedge)
    if ending.unholdable is not None:
        limit = limits[free[ending.unholdable]]
        raise Infeasible(_why_unholdable(limit, ending.wedge[ending.unholdable], ending.excess[ending.unholdable]))
    if ending.worst is not None:
        raise NotConverged(_stuck(limits[free[ending.worst]], float(ending.excess[ending.worst])))
    found = wedge.copy()
    found[free] = ending.wedge
    return found, excess(found)


def _kept_one_by_one(
    limits: tuple[Limit, ...], excess: ExcessFunction, most: np.ndarray, free: np.ndarray, wedge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same by keeping the limit that is missed most, then those still missed: for limits that overlap."""
    kept: list[int] = []
    found, over = wedge, excess(wedge)
    while True:
        missed = violation(found, over, most)
        others = [int(k) for k in free if k not in kept]
        worst = max(others, key=lambda k: float(missed[k]), default=None)
        if worst is None or missed[worst] <= COMPLEMENTARY:
            return found, over
        kept.append(worst)
        if len(kept) == len(free):  # all together is what was tried before
            raise NotConverged(_stuck(limits[worst], float(over[worst])))
        found, over = _kept(limits, excess, most, np.array(sorted(kept)), found)


def _stuck(limit: Limit, over: float) -> str:
    return (
        f"no wedge found for {limit.name}: it stays {100 * abs(over):.2g} % off its limit; try a limit nearer to "
        "the base year's, or fewer limits at once"
    )


def _log(ratio: float) -> float:
    """Return the log of a ratio; very small where nothing is left, as under an embargo."""
    return float(np.log(max(ratio, 1e-300)))


def _why_unholdable(limit: Limit, wedge: float, excess: float) -> str:
    reached = limit.at_most * np.exp(excess)
    how_far = f"at {100 * np.expm1(wedge):.3g} % the {limit.of} is {reached:.4g} and falls no further"
    if wedge == 0:
        how_far = f"the {limit.of} is {reached:.4g}, and a wedge raises it (as where a smaller sector is a dearer one)"
    return (
        f"{limit.name}: no wedge holds it: {how_far}, the limit is {limit.at_most:.4g}; raise it, include more buyers, "
        "or use an embargo"
    )
