"""The door: an economy and a change go in, the new equilibrium comes out."""

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

from entrepot.core.dims import SECTOR
from entrepot.core.errors import InvalidEconomy, InvalidShock, listed
from entrepot.core.progress import StepProgress
from entrepot.economy import closure as closures
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.limits import solve_with_limits
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.rebalance import rebalance, world_after
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.baseline import BASE_YEAR, baseline_of, baseline_scenario
from entrepot.policy.load import load_scenario
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import FittedShock, Shock, merged

MOST_BASELINES = 6  # each is a result and an economy, about 15 MB
IMBALANCE = 1e-9  # of income: what rebalancing leaves is a hundredth of it


def solve(
    economy: Economy,
    change: Scenario | Shock | str | Path,
    *,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = closures.DEFAULT,
    baseline: str | None = None,
    settings: Settings | None = None,
    progress: StepProgress | None = None,
) -> Result:
    """Return the equilibrium after a change.

    Parameters
    ----------
    economy
        The base year.
    change
        A scenario or its name or file, or a :class:`Shock` with labelled wedges.
    model
        A name (``"caliendo_parro"``, ``"multi_sector"``, ``"armington"``, ``"krugman"``, ``"years_2_3"``,
        ``"nested_ces"``), or a model with dials of one's own from :func:`entrepot.model`.
    deficits
        The closure, a rule for trade imbalances: ``"fixed"`` in the numeraire, ``"scaled"`` with income,
        ``"multiplicative"`` with sales, ``"zero"`` (the base year is balanced first, then changed); others of
        `entrepot.economy.closure.CLOSURES` serve for comparison with published programs.
    baseline
        What a scenario comes on top of: ``"base_year"``, ``"in_force"`` (the shipped measures in force on its date),
        ``"in_force:2026-01-01"``, or a scenario by name. Left out, what its file says, else the base year. The result
        is then the difference that the change makes, and its `baseline` the equilibrium that it starts from.
    settings
        Tolerance and step limits of the solver.
    progress
        Called with the steps so far and the residual.

    Raises
    ------
    InvalidEconomy
        Raw accounts that do not close.
    InputError
        A change that does not fit the economy.
    NotConverged
        No equilibrium was found; says which market is furthest from it and what to try.

    References
    ----------
    Caliendo and Parro (2015), equations 10 to 15; Dekle, Eaton and Kortum (2008) for the method of ratios.
    """
    if isinstance(change, str | Path):
        change = load_scenario(change)
    if baseline is not None and isinstance(change, Scenario):
        change = change.adapted(baseline=baseline)
    elif baseline not in (None, BASE_YEAR):
        raise InvalidShock("a baseline needs a scenario, which has a date; give one instead of a bare shock")
    exercise = prepared(economy, change, model, deficits)
    first = baseline_of(change)
    result = solve_with_limits(exercise, settings or Settings(), progress)
    return replace(
        result,
        scenario=change if isinstance(change, Scenario) else None,
        baseline=None if first is None else _under(economy, first, models.model(model), deficits)[0],
    )


def prepared(economy: Economy, change: Scenario | Shock, model: str | Model, deficits: ClosureName) -> Exercise:
    """Return what is to be solved: the base year as the model sees it, and the change on its labels.

    Raises
    ------
    InputError
        As :func:`solve`.
    """
    if not isinstance(economy, Economy):
        raise InvalidEconomy(f"found {type(economy).__name__}; give an Economy, as entrepot.load_economy() returns")
    if not isinstance(change, Scenario | Shock):
        raise InvalidShock(f"found {type(change).__name__}; give a Shock, or a Scenario from entrepot.load_scenario()")
    chosen, rule = models.model(model), closures.closure(deficits)
    economy = world_before(economy, change, chosen, deficits)
    given = economy
    if rule.balances_base and economy.closed:
        _fitted(economy, chosen.base(economy), change)  # a change that does not fit says so before anything is solved
        economy = balanced(economy)
    base = chosen.base(economy)
    if not base.closed:
        raise InvalidEconomy(
            f"{economy.name}: the accounts do not close (they miss by {100 * base.gap:.2g} % of world income), so the "
            "base year is no equilibrium to change; use economy.rebalanced('zero') or .rebalanced('fixed') first"
        )
    wedges, limits = _fitted(economy, base, change)
    return Exercise(base, wedges, chosen, rule, limits, given=given)


def world_before(
    economy: Economy,
    change: Scenario | Shock,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = closures.DEFAULT,
) -> Economy:
    """Return the world that a change comes on top of: the base year, or the base year after the baseline's measures.

    Raises
    ------
    InputError
        A baseline that does not exist, or that the model cannot be built on.
    """
    first = baseline_of(change)
    return economy if first is None else _under(economy, first, models.model(model), deficits)[1]


def world_on(economy: Economy, baseline: str, model: str | Model, deficits: ClosureName) -> Economy:
    """Return the world under a baseline by name, for questions without a scenario; raises as `world_before`."""
    first = baseline_scenario(baseline)
    return economy if first is None else _under(economy, first, models.model(model), deficits)[1]


def _under(economy: Economy, first: Scenario, model: Model, deficits: ClosureName) -> tuple[Result, Economy]:
    """Return the equilibrium of a baseline and the world after it; the last few are kept, every study asks again."""
    key = (economy, first.name, first.date, repr(model), deficits)
    if key not in _BASELINES:
        solved = solve(economy, first, model=model, deficits=deficits)
        _BASELINES[key] = solved, world_after(solved, f"After “{first.title}” as of {first.date}.")
        while len(_BASELINES) > MOST_BASELINES:
            _BASELINES.popitem(last=False)
    return _BASELINES[key]


_BASELINES: OrderedDict[tuple[object, ...], tuple[Result, Economy]] = OrderedDict()


def under(exercise: Exercise, deficits: ClosureName) -> Exercise:
    """Return the same exercise under another closure, from the economy that was handed in."""
    rule, given = closures.closure(deficits), exercise.given or exercise.economy
    base = exercise.model.base(balanced(given) if rule.balances_base else given)
    return replace(exercise, economy=base, closure=rule)


def balanced(economy: Economy) -> Economy:
    """Return an economy with balanced trade (:func:`entrepot.rebalance`); kept, because every study asks again."""
    if float((abs(economy.deficit) - IMBALANCE * abs(economy.income)).max()) <= 0:
        return economy
    if economy not in _BALANCED:
        made = rebalance(economy, "zero")
        _BALANCED[economy] = None if made is economy else made  # a value that holds its own key would never be freed
    return _BALANCED[economy] or economy


_BALANCED: "WeakKeyDictionary[Economy, Economy | None]" = WeakKeyDictionary()


def _fitted(economy: Economy, base: Economy, change: Scenario | Shock) -> FittedShock:
    """Return the change on the labels of the economy as the model sees it."""
    on = change.on_economy if isinstance(change, Scenario) else change.on
    if list(base.sectors) == list(economy.sectors) or _has_sectors_of(change, base):
        return on(base)
    wedges, limits = on(economy)
    if limits:
        raise InvalidShock(
            f"{listed(limit.name for limit in limits)}: limits are not asked of a model that merges all "
            "sectors into one; choose another model"
        )
    return FittedShock(merged(wedges, economy, base))


def _has_sectors_of(change: Scenario | Shock, base: Economy) -> bool:
    """Return whether a shock is written on the sectors of the economy as the model sees it."""
    if isinstance(change, Scenario):
        return False
    by_sector = [array for array in vars(change).values() if array is not None and SECTOR in getattr(array, "dims", ())]
    return all(array.sizes[SECTOR] == len(base.sectors) for array in by_sector)
