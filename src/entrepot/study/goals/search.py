"""The search behind goal seek: equilibria at values of the unknowns, each solved once, and Newton's method on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from scipy.optimize import least_squares
from scipy.stats import qmc

from entrepot.core.errors import EntrepotError, InputError, InvalidShock, NotConverged, listed
from entrepot.core.progress import StepProgress
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.limits import solve_with_limits
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import prepared
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.policy.wedges import Wedges
from entrepot.study.goals.targets import Target
from entrepot.study.goals.unknowns import Unknown, moved, parameter_step, slope, slope_along

REACHED = 1e-8  # of a target's scale: a sum of 30 billion to a few hundred dollars
MOST_STEPS = 60  # where a goal can be reached, Newton's method takes 4 to 8
BADLY_OFF = 1e3  # what a change without equilibrium counts as missing, in units of every target
OTHER_STARTS = 6  # where the first search ends short: kinks of limits, humps of revenue
WIDTH = 0.7  # of those starts around where things stand: half or twice a cost, 70 points of a duty
SEED = 1
NOTHING = 1e-13  # a slope of this size, in units of target and unknown, is rounding
ALIKE = 1e-9  # ratio of singular values below which unknowns do the same thing


@dataclass(frozen=True, eq=False)
class SearchPoint:
    """Where a search from one start ended.

    Attributes
    ----------
    values
        Of the unknowns.
    result
        The equilibrium there.
    missed
        By how much, each target in its own unit.
    reason
        Blank, or why it came no nearer; bounds speak for themselves.
    """

    values: np.ndarray
    result: Result
    missed: np.ndarray
    reason: str = ""

    @property
    def met(self) -> bool:
        """Whether every target is met."""
        return bool(np.abs(self.missed).max() <= REACHED)


class GoalSearch:
    """Equilibria at values of the unknowns, each solved once, and the search over them.

    Parameters
    ----------
    economy, given, model, deficits, settings, progress
        As in :func:`entrepot.seek`.
    """

    def __init__(
        self,
        economy: Economy,
        given: Scenario | Shock | None,
        model: Model,
        deficits: ClosureName,
        settings: Settings,
        progress: StepProgress | None,
    ) -> None:
        self._economy, self._given, self._model, self._deficits = economy, given, model, deficits
        self._settings, self._progress = settings, progress
        self._exercise = self._prepared(given)
        self.base = self._exercise.economy
        unchanged = replace(self._exercise, wedges=Wedges.of_base(self.base), limits=())
        self.base_year = solve_with_limits(unchanged, settings, progress)
        self.unknowns: Sequence[Unknown] = ()
        self.targets: Sequence[Target] = ()
        self.solves = 1
        self._outcomes: dict[tuple[float, ...], np.ndarray | None] = {}
        self._last: tuple[tuple[float, ...], Result] | None = None
        self._why: EntrepotError | None = None

    def before(self) -> Result:
        """Return the equilibrium with what is given, nothing moved, or raise why there is none."""
        if self._at(self._start) is None:
            assert self._why is not None
            raise self._why
        return self._result(self._start)

    def nearest(self) -> SearchPoint:
        """Return where the targets are met, or missed least."""
        before = self.before()
        self._require_moving(before)
        best = self._searched(self._squeezed(self._start))
        for place in qmc.LatinHypercube(len(self.unknowns), rng=SEED).random(OTHER_STARTS):
            if best.met:
                return best
            other = self._searched(self._scattered(place))
            best = other if (other.missed**2).sum() < (1 - 1e-6) * (best.missed**2).sum() else best
        return best if best.met else replace(best, reason=self._reason(best))

    @property
    def _start(self) -> np.ndarray:
        """Where unknowns stand before anything is moved."""
        return np.array([one.start for one in self.unknowns])

    @property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """The smallest and the largest values of unknowns, squeezed."""
        low, high = np.array([one.bounds for one in self.unknowns], dtype=float).T
        return self._squeezed(low), self._squeezed(high)

    def _searched(self, start: np.ndarray) -> SearchPoint:
        low, high = self._ends
        found = least_squares(
            self._missed, start, jac=self._slopes, bounds=(low, high), method="dogbox", x_scale="jac",
            xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=MOST_STEPS,
        )  # fmt: skip
        values = self._values(found.x)
        missed = self._at(values)
        if missed is None:  # a start from which there is no equilibrium leads nowhere
            values = self._start
            missed = self._at(values)
        assert missed is not None
        return SearchPoint(values, self._result(values), missed)

    def _scattered(self, place: np.ndarray) -> np.ndarray:
        """Return another start, at a place between 0 and 1 of what is near enough [unknown]."""
        start = self._squeezed(self._start)
        wide = np.array([WIDTH * one.usual for one in self.unknowns])
        low, high = self._ends
        low, high = np.maximum(low, start - wide), np.minimum(high, start + wide)
        return np.asarray(low + place * (high - low))

    def _at(self, values: np.ndarray) -> np.ndarray | None:
        """Return by how much targets are missed at values of the unknowns, None where there is no equilibrium."""
        key = tuple(float(value) for value in values)
        if key not in self._outcomes:
            try:
                result = solve_with_limits(
                    self._moved(values), self._settings, self._progress, self._last and self._last[1]
                )
            except (NotConverged, InputError) as error:  # values of the search's own choosing are nobody's mistake
                self._outcomes[key], self._why = None, error
                return None
            self.solves += 1
            self._last = key, result
            reached = [result.outcome(one.outcome.text) for one in self.targets]
            self._outcomes[key] = np.array(
                [(value - one.value) / one.scale for value, one in zip(reached, self.targets, strict=True)]
            )
        return self._outcomes[key]

    def _result(self, values: np.ndarray) -> Result:
        """Return the equilibrium at values that have one; only the last is kept, the others are solved again."""
        key = tuple(float(value) for value in values)
        if self._last is None or self._last[0] != key:
            self._last = (
                key,
                solve_with_limits(self._moved(values), self._settings, self._progress, self._last and self._last[1]),
            )
        return self._last[1]

    def _prepared(self, given: Scenario | Shock | None) -> Exercise:
        return prepared(self._economy, Shock() if given is None else given, self._model, self._deficits)

    def _moved(self, values: np.ndarray) -> Exercise:
        exercise = self._exercise
        set_to = {
            one.text: float(value) for one, value in zip(self.unknowns, values, strict=True) if one.kind == "parameter"
        }
        if set_to and isinstance(self._given, Scenario):
            exercise = self._prepared(self._given.with_parameters(**set_to))
        return replace(exercise, wedges=moved(exercise.wedges, exercise.economy, self.unknowns, values))

    def _missed(self, squeezed: np.ndarray) -> np.ndarray:
        missed = self._at(self._values(squeezed))
        return np.full(len(self.targets), BADLY_OFF) if missed is None else missed

    def _slopes(self, squeezed: np.ndarray) -> np.ndarray:
        """Return the derivatives of the misses by the squeezed unknowns [target, unknown]."""
        values = self._values(squeezed)
        rows = np.zeros((len(self.targets), len(self.unknowns)))
        if self._at(values) is None:
            return rows
        result = self._result(values)
        slopes = [result.sensitivity(one.outcome.text) for one in self.targets]
        for column, (unknown, value) in enumerate(zip(self.unknowns, values, strict=True)):
            if unknown.kind == "parameter":
                by_value = self._by_parameter(result, slopes, values, column)
            else:
                by_value = [slope(unknown, one, result.exercise.wedges, float(value), result.economy) for one in slopes]
            stretch = 1 + value if unknown.is_ratio else 1.0
            rows[:, column] = [stretch * one / target.scale for one, target in zip(by_value, self.targets, strict=True)]
        return rows

    def _by_parameter(self, result: Result, slopes: list[xr.Dataset], values: np.ndarray, column: int) -> list[float]:
        """Return derivatives by a parameter: along its wedges, or by differences where it sets a limit."""
        low, high = parameter_step(self.unknowns[column], float(values[column]))
        ends = [_with(values, column, end) for end in (low, high)]
        below, above = (self._moved(end) for end in ends)
        same = all(
            one.at_most == other.at_most
            and (one.points is None or (other.points is not None and one.points.equals(other.points)))
            for one, other in zip(below.limits, above.limits, strict=True)
        )
        if same:
            return [slope_along(one, below.wedges, above.wedges, high - low) for one in slopes]
        missed = [self._at(end) for end in ends]
        if missed[0] is None or missed[1] is None:
            return [0.0] * len(self.targets)
        return [
            float(one) * target.scale / (high - low)
            for one, target in zip(missed[1] - missed[0], self.targets, strict=True)
        ]

    def _require_moving(self, before: Result) -> None:
        """Raise InvalidShock where an unknown moves no target, or nothing moves a target: no search can help that."""
        slopes = np.abs(self._slopes(self._squeezed(self._start)))
        if any(held.binding for held in before.held):
            return  # a limit that binds makes many slopes zero, until it no longer does
        idle = [one.text for one, column in zip(self.unknowns, slopes.T, strict=True) if not (column > NOTHING).any()]
        if idle and np.abs(self._missed_at_start()).max() > REACHED:
            raise InvalidShock(
                f"{listed(idle)} moves none of the targets: nothing is traded or made there, or nothing depends on it; "
                "name something else"
            )
        fixed = [
            target.outcome.text
            for target, row, missed in zip(self.targets, slopes, self._missed_at_start(), strict=True)
            if not (row > NOTHING).any() and abs(missed) > REACHED
        ]
        if fixed:
            raise InvalidShock(f"{listed(fixed)}: nothing that is named moves it; name something else")

    def _missed_at_start(self) -> np.ndarray:
        missed = self._at(self._start)
        assert missed is not None
        return missed

    def _reason(self, best: SearchPoint) -> str:
        """Return why a search came no nearer."""
        binding = [held.name for held in best.result.held if held.binding]
        if binding:
            return f"limits hold it: {listed(binding)}"
        slopes = self._slopes(self._squeezed(best.values))
        sizes = np.linalg.svd(slopes / np.maximum(np.abs(slopes).max(axis=0), 1e-300), compute_uv=False)
        if len(sizes) > 1 and sizes[-1] < ALIKE * sizes[0]:
            return "what may move does the same to all targets, so it cannot reach one without the other"
        if self._why is not None:
            return f"further on there is no equilibrium: {str(self._why).splitlines()[0]}"
        return ""

    def _squeezed(self, values: np.ndarray) -> np.ndarray:
        """Return unknowns on the scale on which outcomes are nearest to linear: logs for ratios."""
        return np.array([np.log1p(x) if one.is_ratio else x for one, x in zip(self.unknowns, values, strict=True)])

    def _values(self, squeezed: np.ndarray) -> np.ndarray:
        """Return unknowns within their bounds to the last digit."""
        free = [np.expm1(x) if one.is_ratio else x for one, x in zip(self.unknowns, squeezed, strict=True)]
        return np.array([np.clip(x, *one.bounds) for one, x in zip(self.unknowns, free, strict=True)])


def _with(values: np.ndarray, position: int, value: float) -> np.ndarray:
    changed = values.copy()
    changed[position] = value
    return changed
