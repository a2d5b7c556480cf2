"""Which of several courses is better, as a parameter changes, and where they cross."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from entrepot.core.errors import EntrepotError, InvalidShock
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName, standard_closures
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import Outcome, parse_outcome
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import solve
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario

POINTS = 13  # of the curve: enough to see its shape, and to find every crossing of curves that bend once
COARSE = 5  # of the curves under other rules, which are only asked where they cross
EXACT = 1e-8  # of the parameter, where curves cross


@dataclass(frozen=True)
class Crossing:
    """Where another option becomes the best: at which value of the parameter, from which to which."""

    at: float
    below: str
    above: str


@dataclass(frozen=True, eq=False)
class TradeOff:
    """Options against a parameter.

    Attributes
    ----------
    scenario
        With its options and question.
    outcome, parameter
        What is compared, over what.
    curve
        One row a value of the parameter, one column an option: the outcome, as a ratio or in the unit of the economy.
    crossings
        Where the best option changes, from the smallest value of the parameter on; empty where one is best throughout.
    results
        The options at the parameter's usual value.
    elsewhere
        Crossings under the other rules for imbalances, by rule; a rule under which some equilibrium is not found is
        left out.
    """

    scenario: Scenario
    outcome: Outcome
    parameter: str
    curve: pd.DataFrame
    crossings: tuple[Crossing, ...]
    results: dict[str, Result]
    elsewhere: dict[str, tuple[Crossing, ...]]

    @property
    def economy(self) -> Economy:
        """The base year."""
        return next(iter(self.results.values())).economy


def trade_off(
    economy: Economy,
    scenario: Scenario,
    *,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    points: int = POINTS,
    progress: Callable[[str], None] | None = None,
) -> TradeOff:
    """Return what each option of a scenario brings over the range of its parameter, and where they break even.

    Parameters
    ----------
    economy
        The base year.
    scenario
        With ``options`` and a ``question``: an outcome and the parameter it is asked over.
    model, deficits, settings
        As in :func:`entrepot.solve`.
    points
        Of the curve, at equal distances over the parameter's range; two crossings between two of them are not seen.
    progress
        Told what is being solved.

    Raises
    ------
    InvalidShock
        A scenario without options or question.
    """
    if scenario.question is None:
        raise InvalidShock(
            f"{scenario.name} asks no question; give it `options` and a `question`, or solve an option (--option NAME)"
        )
    if points < 2:
        raise InvalidShock(f"found points={points}; a curve needs two or more")
    asked = scenario.question
    outcome = parse_outcome(asked.outcome, economy)
    low, high = scenario.parameters[asked.over].range
    usual = scenario.parameters[asked.over].rate
    solved = _Solved(scenario, economy, models.model(model), deficits, settings, progress)
    curve = _curve(solved, np.linspace(low, high, points))
    elsewhere: dict[str, tuple[Crossing, ...]] = {}
    for rule in standard_closures():
        if rule == deficits:
            continue
        try:
            other = _Solved(scenario, economy, models.model(model), rule, settings, progress)
            elsewhere[rule] = _crossings(_curve(other, np.linspace(low, high, COARSE)), other.value, asked.sign)
        except EntrepotError:
            continue
    return TradeOff(
        scenario=scenario,
        outcome=outcome,
        parameter=asked.over,
        curve=curve,
        crossings=_crossings(curve, solved.value, asked.sign),
        results={option: solved.at(option, usual) for option in scenario.options},
        elsewhere=elsewhere,
    )


@dataclass
class _Solved:
    """Options solved at values of the parameter, each once."""

    scenario: Scenario
    economy: Economy
    model: Model
    deficits: ClosureName
    settings: Settings | None
    progress: Callable[[str], None] | None

    def __post_init__(self) -> None:
        assert self.scenario.question is not None
        self.question = self.scenario.question
        self._known: dict[tuple[str, float | None], Result] = {}

    def at(self, option: str, value: float) -> Result:
        """Return the equilibrium of an option, whatever the parameter is where it does not depend on it."""
        at = value if self.scenario.depends(option, self.question.over) else None
        if (option, at) not in self._known:
            if self.progress is not None:
                self.progress(f"{option}, {self.question.over} {100 * value:.3g} %, deficits {self.deficits}")
            chosen = self.scenario.with_parameters(**{self.question.over: value}).option(option)
            self._known[option, at] = solve(
                self.economy, chosen, model=self.model, deficits=self.deficits, settings=self.settings
            )
        return self._known[option, at]

    def value(self, option: str, value: float) -> float:
        """Return the outcome."""
        return self.at(option, value).outcome(self.question.outcome)


def _curve(solved: _Solved, grid: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {option: [solved.value(option, float(value)) for value in grid] for option in solved.scenario.options},
        index=pd.Index(grid, name=solved.question.over),
    )


def _crossings(curve: pd.DataFrame, value_of: Callable[[str, float], float], sign: int) -> tuple[Crossing, ...]:
    """Return where the best option changes; between two points of the curve by Brent's method."""
    best = (sign * curve).idxmax(axis=1)
    found = []
    for left, right in zip(curve.index[:-1], curve.index[1:], strict=True):
        one, other = str(best[left]), str(best[right])
        if one == other:
            continue
        at = brentq(lambda value, a=one, b=other: value_of(a, value) - value_of(b, value), left, right, xtol=EXACT)
        found.append(Crossing(float(at), one, other))
    return tuple(found)
