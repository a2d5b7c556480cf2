"""Which input the variance comes from, to first order: the slope of an outcome times how far the input varies."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Scenario
from entrepot.study.parallel import ordered_map
from entrepot.study.sampling.cases import Case, Study, keeps_lines_apart
from entrepot.study.sampling.distributions import Choice, Uniform
from entrepot.study.sampling.inputs import THETA, Input

ADJOINT, DIFFERENCE, OPTIONS = "adjoint", "difference", "options"
ONE_DEVIATION = {Uniform: 12**-0.5, "normal": 0.3413447460685429}  # of the share, from the middle


def shares(study: Study, inputs: Sequence[Input], default: Result, workers: int | None = None) -> pd.DataFrame:
    """Return, for every outcome, how much of its variance each input accounts for, all others at today's value.

    Elasticities by the adjoint, all sectors at once; other numbers by the difference between one standard deviation
    above and below; papers, rules and days by the variance between them. Where a scenario's own duties depend on
    elasticities (lines kept apart), or a model merges sectors, elasticities go by differences too.

    Returns
    -------
    pandas.DataFrame
        One row an outcome and input: ``outcome``, ``input``, ``deviation`` (of the outcome, in its unit, with the sign
        of the slope where there is one), ``share`` of the sum of their squares, ``method``. NaN where a case has no
        equilibrium.
    """
    by_adjoint = _differentiable(study)
    slopes = [one for one in inputs if one.name.startswith(f"{THETA}:") and by_adjoint and not one.is_choice]
    others = [one for one in inputs if one not in slopes]
    found = {one.name: (_differences(study, one, workers), OPTIONS if one.is_choice else DIFFERENCE) for one in others}
    if slopes:
        found |= {name: (deviation, ADJOINT) for name, deviation in _by_adjoint(study, slopes, default).items()}
    rows = [
        {"outcome": outcome, "input": one.name, "deviation": found[one.name][0][outcome], "method": found[one.name][1]}
        for outcome in study.columns
        for one in inputs
    ]
    table = pd.DataFrame(rows)
    squares = table["deviation"] ** 2
    total = squares.groupby(table["outcome"]).transform("sum")
    table.insert(3, "share", (squares / total.where(total > 0)).fillna(0.0).where(table["deviation"].notna()))
    return table


def _differentiable(study: Study) -> bool:
    apart = isinstance(study.change, Scenario) and keeps_lines_apart(study.change)
    return not apart and not study.model.one_sector


def _by_adjoint(study: Study, inputs: Sequence[Input], default: Result) -> dict[str, dict[str, float]]:
    """Return deviations by input and outcome; the derivative is by theta as the model sees it."""
    found: dict[str, dict[str, float]] = {one.name: {} for one in inputs}
    for outcome in study.columns:
        slope = default.sensitivity(outcome)["theta"] * study.model.theta_factor
        for one in inputs:
            step = _deviation_of(one)
            found[one.name][outcome] = float(slope.sel(sector=one.name.partition(":")[2])) * step
    return found


def _deviation_of(one: Input) -> float:
    """Return a standard deviation of an input in its own unit; of one that is normal in logs, to first order."""
    distribution = one.distribution
    if isinstance(distribution, Uniform):
        return (distribution.high - distribution.low) / 12**0.5
    assert not isinstance(distribution, Choice)
    return distribution.centre * distribution.deviation if distribution.of_log else distribution.deviation


def _differences(study: Study, one: Input, workers: int | None) -> dict[str, float]:
    distribution = one.distribution
    if isinstance(distribution, Choice):
        values = list(distribution.options)
    else:
        step = ONE_DEVIATION[Uniform if isinstance(distribution, Uniform) else "normal"]
        values = [distribution.at(0.5 - step), distribution.at(0.5 + step)]
    cases = [Case(number, {one.name: value}) for number, value in enumerate(values)]
    answers = [answer for _, answer in ordered_map(cases, study.answer, workers)]
    found = {}
    for outcome in study.columns:
        numbers = np.array([answer[outcome] for answer in answers])
        found[outcome] = float(numbers.std() if one.is_choice else (numbers[1] - numbers[0]) / 2)
    return found
