"""Which of several courses is better, as a parameter changes, and where they cross."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from entrepot.core.errors import InvalidShock
from entrepot.economy.economy import Deficits, Economy
from entrepot.equilibrium import models
from entrepot.equilibrium.models import Model
from entrepot.equilibrium.outcome import RATIOS
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import solve
from entrepot.equilibrium.solver import Settings
from entrepot.policy.scenario import Scenario

POINTS = 13  # of the curve: enough to see its shape, and to find every crossing of curves that bend once
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
    """

    scenario: Scenario
    outcome: str
    parameter: str
    curve: pd.DataFrame
    crossings: tuple[Crossing, ...]
    results: dict[str, Result]

    @property
    def is_ratio(self) -> bool:
        """Whether the outcome is a ratio to the base year."""
        return self.outcome.partition(":")[0] in RATIOS

    @property
    def economy(self) -> Economy:
        """The base year."""
        return next(iter(self.results.values())).economy


def trade_off(
    economy: Economy,
    scenario: Scenario,
    *,
    model: str | Model = models.DEFAULT,
    deficits: Deficits = "fixed",
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
        Of the curve, at equal distances over the parameter's range.
    progress
        Told what is being solved.

    Raises
    ------
    InvalidShock
        A scenario without options or question.
    """
    if scenario.question is None:
        raise InvalidShock(
            f"{scenario.name} asks no question; give it `options` and a `question`, or use entrepot.solve"
        )
    if points < 2:
        raise InvalidShock(f"found points={points}; a curve needs two or more")
    asked = scenario.question
    low, high = scenario.parameters[asked.over].range
    grid = np.linspace(low, high, points)
    known: dict[tuple[str, float], Result] = {}

    def solved(option: str, value: float) -> Result:
        at = value if scenario.depends(option, asked.over) else low
        if (option, at) not in known:
            if progress is not None:
                progress(f"{option}, {asked.over} {100 * at:.3g} %")
            chosen = scenario.with_parameters(**{asked.over: at}).option(option)
            known[option, at] = solve(economy, chosen, model=model, deficits=deficits, settings=settings)
        return known[option, at]

    def value_of(option: str, value: float) -> float:
        return solved(option, value).outcome(asked.outcome)

    curve = pd.DataFrame(
        {option: [value_of(option, float(value)) for value in grid] for option in scenario.options},
        index=pd.Index(grid, name=asked.over),
    )
    usual = scenario.parameters[asked.over].rate
    return TradeOff(
        scenario=scenario,
        outcome=asked.outcome,
        parameter=asked.over,
        curve=curve,
        crossings=_crossings(curve, value_of),
        results={option: solved(option, usual) for option in scenario.options},
    )


def _crossings(curve: pd.DataFrame, value_of: Callable[[str, float], float]) -> tuple[Crossing, ...]:
    """Return where the best option changes; between two points of the curve by Brent's method."""
    best = curve.idxmax(axis=1)
    found = []
    for left, right in zip(curve.index[:-1], curve.index[1:], strict=True):
        one, other = str(best[left]), str(best[right])
        if one == other:
            continue
        at = brentq(lambda value, a=one, b=other: value_of(a, value) - value_of(b, value), left, right, xtol=EXACT)
        found.append(Crossing(float(at), one, other))
    return tuple(found)
