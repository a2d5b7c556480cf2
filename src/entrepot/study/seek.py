"""How far must something move so that an outcome is what is wanted: Newton's method with exact derivatives."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from entrepot.core.errors import EntrepotError, InvalidShock, NotConverged, listed
from entrepot.economy.economy import Deficits, Economy
from entrepot.economy.trade_costs import trade_cost_share
from entrepot.equilibrium import models
from entrepot.equilibrium.limits import settled
from entrepot.equilibrium.models import Model
from entrepot.equilibrium.packing import Exercise
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import prepared
from entrepot.equilibrium.solver import Progress, Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.study.targets import parse_target
from entrepot.study.unknowns import Unknown, moved, parameter_step, parse_unknown, slope, slope_along

Bounds = tuple[float | None, float | None]
REACHED = 1e-8  # of a target's scale: a sum of 30 billion to a few hundred dollars
MOST_STEPS = 60  # where a goal can be reached, Newton's method takes 4 to 8
AT_BOUND = 1e-6  # of the way between bounds
BADLY_OFF = 1e3  # what a change without equilibrium counts as missing, in units of every target


@dataclass(frozen=True, eq=False)
class Sought:
    """What must move how far, or how near one can come.

    Attributes
    ----------
    reached
        Whether every target is met, to `REACHED`.
    unknowns
        One row each, indexed by what is moved: ``value`` (a change; payments in billions; a parameter itself), ``low``
        and ``high``, ``bound`` (``"low"``, ``"high"``, or blank where none binds); ``all_costs``, of trade costs: the
        part of the delivered price that all costs of trade take (`trade_cost_share`), mean over the flows.
    targets
        One row each, indexed by outcome: ``wanted``, ``base_year``, ``before`` (with what was given, nothing moved),
        ``found``, in the unit of the economy or as ratios.
    result
        The equilibrium there.
    solves
        Equilibria that were looked at.
    seconds
        Wall time.
    """

    reached: bool
    unknowns: pd.DataFrame
    targets: pd.DataFrame
    result: Result
    solves: int
    seconds: float

    @property
    def binding(self) -> list[str]:
        """The unknowns that stand at a bound."""
        return [str(one) for one in self.unknowns.index[self.unknowns["bound"] != ""]]


def seek(
    economy: Economy,
    unknowns: Sequence[str] | Mapping[str, Bounds],
    targets: Sequence[str] | Mapping[str, str],
    *,
    given: Scenario | Shock | None = None,
    model: str | Model = models.DEFAULT,
    deficits: Deficits = "fixed",
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Sought:
    """Return how far each unknown must move so that every target is met; where that cannot be, how near one can come.

    Parameters
    ----------
    economy
        The base year.
    unknowns
        ``"iceberg:IND:RUS:agriculture,pharma,textiles"``, ``"tariff:..."``, ``"export_tax:..."``,
        ``"productivity:IND:C21"``, ``"transfer:RUS:IND"``, or the name of a parameter of the scenario `given`; a
        mapping gives bounds, ``{"tariff:USA:IND": (0, 0.5)}``.
    targets
        As many: ``"balance:IND:RUS=-30bn"``, ``"trade:IND:RUS=+50 %"``, ``"real_income:IND=+1 %"``. Per cent are
        changes from the base year.
    given
        What is in force besides.
    model, deficits, settings, progress
        As in :func:`entrepot.solve`.

    Raises
    ------
    InputError
        Unknowns or targets that do not exist, not as many of one as of the other, or an unknown that moves no target.
    NotConverged
        There is no equilibrium even before anything is moved.

    Notes
    -----
    Newton's method on the targets with the derivatives of :func:`entrepot.sensitivity`, within bounds: the reflective
    trust region of Branch, Coleman and Li (1999) as in SciPy. Where bounds keep the targets out of reach it ends where
    the sum of squared misses, each in units of its target, is smallest.
    """
    began = time.perf_counter()
    question = _Question(economy, unknowns, targets, given, models.named(model), deficits, settings, progress)
    values = question.solution()
    return question.answer(values, time.perf_counter() - began)


class _Question:
    """The equilibria at values of the unknowns, each found once, and the derivatives there."""

    def __init__(
        self,
        economy: Economy,
        unknowns: Sequence[str] | Mapping[str, Bounds],
        targets: Sequence[str] | Mapping[str, str],
        given: Scenario | Shock | None,
        model: Model,
        deficits: Deficits,
        settings: Settings | None,
        progress: Progress | None,
    ) -> None:
        if isinstance(unknowns, str) or isinstance(targets, str):
            raise InvalidShock("give unknowns and targets as lists, of one each at least")
        self.economy, self.given, self.model, self.deficits = economy, given, model, deficits
        self.settings, self.progress = settings or Settings(), progress
        exercise = self._exercise(given)
        base = exercise.economy
        scenario = given if isinstance(given, Scenario) else None
        bounds = unknowns if isinstance(unknowns, Mapping) else dict.fromkeys(unknowns, (None, None))
        wanted = [f"{name}={value}" for name, value in targets.items()] if isinstance(targets, Mapping) else targets
        if not bounds or len(bounds) != len(wanted) or len(bounds) != len(unknowns):
            raise InvalidShock(
                f"{len(wanted)} targets and {len(bounds)} different unknowns; give as many of one as of the other"
            )
        self.unknowns = [parse_unknown(text, base, scenario, one) for text, one in bounds.items()]
        self.base_year = settled(replace(exercise, shock=Shock().on(base)), self.settings, progress)
        self.targets = [parse_target(text, self.base_year) for text in wanted]
        self._known: dict[tuple[float, ...], Result | None] = {}
        self._why: EntrepotError | None = None
        self.start = np.array([one.start for one in self.unknowns])
        self._require_moving(exercise)

    def solution(self) -> np.ndarray:
        """Return the values at which the targets are met, or missed least."""
        low, high = np.array([[_squeezed(one, end) for end in one.bounds] for one in self.unknowns]).T
        first = self.at(self.start)
        if first is None:
            assert self._why is not None
            raise self._why
        found = least_squares(
            self._missed,
            np.array([_squeezed(one, one.start) for one in self.unknowns]),
            jac=self._slopes,
            bounds=(low, high),
            method="dogbox",
            x_scale="jac",
            xtol=1e-14,
            ftol=1e-14,
            gtol=1e-14,
            max_nfev=MOST_STEPS,
        )
        return self._values(found.x)

    def answer(self, values: np.ndarray, seconds: float) -> Sought:
        """Return what was found, as tables."""
        result, before = self.at(values), self.at(self.start)
        assert result is not None
        assert before is not None
        found = [result.outcome(one.outcome.text) for one in self.targets]
        missed = np.array([(value - one.value) / one.scale for value, one in zip(found, self.targets, strict=True)])
        unknowns = pd.DataFrame(
            {
                "value": values,
                "low": [one.bounds[0] for one in self.unknowns],
                "high": [one.bounds[1] for one in self.unknowns],
                "bound": [_bound(one, value) for one, value in zip(self.unknowns, values, strict=True)],
                "all_costs": [_all_costs(one, result.economy) for one in self.unknowns],
            },
            index=pd.Index([one.text for one in self.unknowns], name="unknown"),
        )
        targets = pd.DataFrame(
            {
                "wanted": [one.value for one in self.targets],
                "base_year": [self.base_year.outcome(one.outcome.text) for one in self.targets],
                "before": [before.outcome(one.outcome.text) for one in self.targets],
                "found": found,
            },
            index=pd.Index([one.outcome.text for one in self.targets], name="target"),
        )
        scenario = self.given if isinstance(self.given, Scenario) else None
        return Sought(
            reached=bool(np.abs(missed).max() <= REACHED),
            unknowns=unknowns,
            targets=targets,
            result=replace(result, scenario=scenario),
            solves=len(self._known) + 1,
            seconds=seconds,
        )

    def at(self, values: np.ndarray) -> Result | None:
        """Return the equilibrium at values of the unknowns, None where there is none."""
        key = tuple(float(value) for value in values)
        if key not in self._known:
            solved = [result for result in self._known.values() if result is not None]
            try:
                exercise = self._moved(values)
                self._known[key] = settled(exercise, self.settings, self.progress, solved[-1] if solved else None)
            except NotConverged as error:
                self._known[key], self._why = None, error
        return self._known[key]

    def _exercise(self, given: Scenario | Shock | None) -> Exercise:
        return prepared(self.economy, Shock() if given is None else given, self.model, self.deficits)

    def _moved(self, values: np.ndarray) -> Exercise:
        exercise = self._exercise(self._given(values))
        shock = moved(exercise.shock, exercise.economy, self.unknowns, values)
        return replace(exercise, shock=shock)

    def _given(self, values: np.ndarray) -> Scenario | Shock | None:
        """Return what is in force besides, with its parameters at their values."""
        set_to = {
            one.text: float(value) for one, value in zip(self.unknowns, values, strict=True) if one.kind == "parameter"
        }
        return self.given.with_parameters(**set_to) if set_to and isinstance(self.given, Scenario) else self.given

    def _missed(self, squeezed: np.ndarray) -> np.ndarray:
        result = self.at(self._values(squeezed))
        if result is None:
            return np.full(len(self.targets), BADLY_OFF)
        return np.array([(result.outcome(one.outcome.text) - one.value) / one.scale for one in self.targets])

    def _slopes(self, squeezed: np.ndarray) -> np.ndarray:
        """Return the derivatives of the misses by the squeezed unknowns [target, unknown]."""
        values = self._values(squeezed)
        result = self.at(values)
        assert result is not None
        slopes = [result.sensitivity(one.outcome.text) for one in self.targets]
        rows = np.empty((len(self.targets), len(self.unknowns)))
        for column, (unknown, value) in enumerate(zip(self.unknowns, values, strict=True)):
            stretch = 1 + value if unknown.is_ratio else 1.0
            if unknown.kind == "parameter":
                low, high = parameter_step(unknown, float(value))
                ends = [self._moved(_with(values, column, end)).shock for end in (low, high)]
                by_value = [slope_along(one, ends[0], ends[1], high - low, result.economy) for one in slopes]
            else:
                by_value = [slope(unknown, one, result.question, float(value), result.economy) for one in slopes]
            rows[:, column] = [stretch * one / target.scale for one, target in zip(by_value, self.targets, strict=True)]
        return rows

    def _require_moving(self, exercise: Exercise) -> None:
        """Raise InvalidShock where an unknown moves nothing at all: flows that do not exist stay none."""
        traded = exercise.economy.trade.values > 0
        idle = [one.text for one in self.unknowns if one.at.ndim == 3 and not (traded & (one.at > 0)).any()]
        if idle:
            raise InvalidShock(f"{listed(idle)}: nothing is traded there in the base year, so nothing can move it")

    def _values(self, squeezed: np.ndarray) -> np.ndarray:
        """Return unknowns within their bounds to the last digit."""
        free = [np.expm1(x) if one.is_ratio else x for one, x in zip(self.unknowns, squeezed, strict=True)]
        return np.array([np.clip(x, *one.bounds) for one, x in zip(self.unknowns, free, strict=True)])


def _squeezed(unknown: Unknown, value: float) -> float:
    """Return an unknown on the scale on which outcomes are nearest to linear: logs for ratios."""
    return float(np.log1p(value)) if unknown.is_ratio else float(value)


def _with(values: np.ndarray, position: int, value: float) -> np.ndarray:
    changed = values.copy()
    changed[position] = value
    return changed


def _all_costs(unknown: Unknown, economy: Economy) -> float:
    """Return the mean part of the delivered price that all trade costs take, over flows where it is known; else NaN."""
    if unknown.kind != "iceberg":
        return float("nan")
    part = trade_cost_share(economy)
    weight = np.where(np.isfinite(part), economy.trade.values * unknown.at, 0.0)
    return float((np.nan_to_num(part) * weight).sum() / weight.sum()) if weight.sum() > 0 else float("nan")


def _bound(unknown: Unknown, value: float) -> str:
    """Return which bound an unknown stands at, blank where it stands at none."""
    low, high = unknown.bounds
    near = AT_BOUND * (min(high - low, 1.0))
    return "low" if value - low <= near else "high" if high - value <= near else ""
