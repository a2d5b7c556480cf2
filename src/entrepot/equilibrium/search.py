"""How an equilibrium is looked for: the cheap way first, then ever more patient ones, and a reason where all fail.

Anderson acceleration from the first guess; the same with short steps; Newton's method from the best point so far; and
at last the way a change could be made in practice, in parts: the wedges grow along a straight line in logs, each
equilibrium is the first guess for the next, and the part taken at once is halved where it was too much.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from entrepot.core.dims import COUNTRY, SECTOR
from entrepot.core.errors import NotConverged, listed
from entrepot.core.progress import StepProgress
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.equations import equilibrium_map, markets
from entrepot.equilibrium.model.problem import Problem, Unknowns
from entrepot.equilibrium.path import Path
from entrepot.equilibrium.solvers.anderson import Ending, Settings, Solution, fixed_point
from entrepot.equilibrium.solvers.newton import newton

PATIENCE = 500  # steps before another way is tried; where Anderson's method works it takes 50 to 150
SHORT_STEP = 0.2  # of a full one, where full ones run away
FIRST_PART = 0.5  # of a change, where it has to be made in parts
SMALLEST_PART = 2.0**-10  # below it, what stands in the way is not the size of the part
PART_PATIENCE = 150  # steps for each part before Newton's method takes over


class Found(NamedTuple):
    """An equilibrium and how it was found."""

    problem: Problem
    solution: Solution
    route: str


def find(
    exercise: Exercise, settings: Settings, progress: StepProgress | None = None, start: Unknowns | None = None
) -> Found:
    """Return the equilibrium of an exercise, or raise NotConverged with the reason; `start` is a first guess."""
    economy, deficits = exercise.economy, exercise.closure.name
    problem = encoding.build_problem(exercise)
    guess = encoding.baseline(economy, problem) if start is None else encoding.warm_start(start, problem)
    patient = replace(settings, max_steps=min(settings.max_steps, PATIENCE))
    first = fixed_point(encoding.ravelled_map, guess, problem, patient, progress)
    if _is_equilibrium(economy, problem, first):
        return Found(problem, first, "Anderson")
    short = fixed_point(encoding.ravelled_map, first.point, problem, replace(patient, mixing=SHORT_STEP), progress)
    steps = first.steps + short.steps
    if _is_equilibrium(economy, problem, short):
        return Found(problem, short._replace(steps=steps), "Anderson with short steps")
    best = min(first, short, key=lambda one: one.residual)
    newtons = newton(encoding.ravelled_map, best.point, problem, settings)
    steps += newtons.steps
    if _is_equilibrium(economy, problem, newtons):
        return Found(problem, newtons._replace(steps=steps), "Newton")
    if not economy.closed:
        raise NotConverged(_where_it_stuck(economy, problem, best, deficits))
    return _in_parts(exercise, settings, steps, progress)


def _in_parts(exercise: Exercise, settings: Settings, steps: int, progress: StepProgress | None) -> Found:
    """Return the equilibrium at the end of a path of equilibria, or raise NotConverged saying how far it goes."""
    economy, deficits = exercise.economy, exercise.closure.name
    path = Path.to(exercise.wedges, economy)
    patient = replace(settings, max_steps=min(settings.max_steps, PART_PATIENCE))
    reached, part, parts = 0.0, FIRST_PART, 0
    problem = encoding.build_problem(replace(exercise, wedges=path.at(0.0), deficit_left=1.0))
    here = encoding.baseline(economy, problem)
    slope = np.zeros_like(here)
    while reached < 1:
        goal = min(1.0, reached + part)
        at_goal = exercise.wedges if goal == 1 else path.at(goal)
        left = 1 - goal * (1 - exercise.deficit_left)
        next_problem = encoding.build_problem(replace(exercise, wedges=at_goal, deficit_left=left))
        guess = here + (goal - reached) * slope
        solution = fixed_point(encoding.ravelled_map, guess, next_problem, patient)
        if not _is_equilibrium(economy, next_problem, solution):
            solution = newton(encoding.ravelled_map, solution.point, next_problem, settings)
        steps += solution.steps
        if progress is not None:
            progress(steps, solution.residual)
        if _is_equilibrium(economy, next_problem, solution):
            slope = (solution.point - here) / (goal - reached)
            here, problem, reached, parts, part = solution.point, next_problem, goal, parts + 1, 1.5 * part
            continue
        part /= 2
        if part < SMALLEST_PART:
            raise NotConverged(_how_far(economy, problem, here, reached, next_problem, solution, deficits))
    return Found(problem, solution._replace(steps=steps), f"in {parts} parts")


def _is_equilibrium(economy: Economy, problem: Problem, solution: Solution) -> bool:
    """Return whether a point is one that the map leaves where it is, and at which nobody spends less than nothing."""
    if solution.ending is not Ending.CONVERGED:
        return False
    income = markets(encoding.unravel(solution.point, problem), problem).flows.income
    return bool(((income > 0) | (economy.income.values <= 0)).all())


def _how_far(
    economy: Economy,
    problem: Problem,
    here: np.ndarray,
    reached: float,
    next_problem: Problem,
    stuck: Solution,
    deficits: str,
) -> str:
    """Return how much of a change has an equilibrium, what gives way there, and what to try."""
    base = economy.income.values
    income = markets(encoding.unravel(here, problem), problem).flows.income
    left = np.where(base > 0, income / np.where(base > 0, base, 1.0), np.inf)
    poorest = int(left.argmin())
    how_far = (
        f"no equilibrium found: the change was followed up to {100 * reached:.3g} % of its size (in logs), no further"
    )
    if left[poorest] < 0.5:
        who, part = economy.labels[COUNTRY][poorest], 100 * left[poorest]
        return (
            f"{how_far}; there the income of {who} is down to {part:.2g} % of the base year's, because subsidies "
            f"and surpluses take what is earned (deficits {deficits}); try a smaller change{_or_scaled(deficits)}"
        )
    return f"{how_far}; {_market(economy, next_problem, stuck)}; try a smaller change{_or_scaled(deficits)}"


def _where_it_stuck(economy: Economy, problem: Problem, solution: Solution, deficits: str) -> str:
    """Return how a solve ended, what stands in the way where that is known, and what to try."""
    how = f"no equilibrium found: {solution.ending.value} after {solution.steps} steps"
    with np.errstate(all="ignore"):
        income = markets(encoding.unravel(solution.point, problem), problem).flows.income
    poor = [code for code, one in zip(economy.labels[COUNTRY], income, strict=True) if not one >= 0]
    if poor:
        return (
            f"{how}; on the way incomes fall below zero in {listed(poor)}; try smaller subsidies{_or_scaled(deficits)}"
        )
    return f"{how}; {_market(economy, problem, solution)}; try less extreme elasticities{_or_scaled(deficits)}"


def _market(economy: Economy, problem: Problem, solution: Solution) -> str:
    """Return which unknown is furthest from rest."""
    here = encoding.unravel(solution.point, problem)
    with np.errstate(all="ignore"):  # a broken-down point may well hold logs of negative numbers; that is the finding
        pairs = list(zip(Unknowns._fields, equilibrium_map(here, problem), here, strict=True))
        moves = {name: np.abs(after - before) for name, after, before in pairs if before is not None}
    moves = {name: np.where(np.isnan(move), np.inf, move) for name, move in moves.items()}
    name = max(moves, key=lambda one: float(moves[one].max()))
    at = np.unravel_index(int(moves[name].argmax()), moves[name].shape)
    axes = [economy.labels[SECTOR], economy.labels[COUNTRY]][-len(at) :]
    where = " in ".join(axis[i] for axis, i in zip(axes, at, strict=True))
    return f"the {name.replace('_', ' ')} of {where} still moves by {float(moves[name][at]):.1e}"


def _or_scaled(deficits: str) -> str:
    return "" if deficits == "scaled" else ", or deficits='scaled'"
