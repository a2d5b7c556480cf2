"""How far must something move so that an outcome is what is wanted: Newton's method with exact derivatives."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, listed
from entrepot.core.progress import StepProgress
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.economy.trade_costs import trade_cost_share
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.study.goals.search import GoalSearch
from entrepot.study.goals.targets import parse_target
from entrepot.study.goals.unknowns import Unknown, parse_unknown

UnknownBounds = tuple[float | None, float | None]
AT_BOUND = 1e-6  # of the way between bounds


@dataclass(frozen=True, eq=False)
class GoalResult:
    """What must move how far, or how near one can come.

    Attributes
    ----------
    reached
        Whether every target is met, to `search.REACHED`.
    unknowns
        One row each, indexed by what is moved: ``value`` (a change; payments in billions; a parameter itself), ``low``
        and ``high``, ``bound`` (``"low"``, ``"high"``, or blank where none binds); ``all_costs``, of trade costs: the
        part of the delivered price that all costs of trade take (`trade_cost_share`), mean over the flows.
    targets
        One row each, indexed by outcome: ``wanted``, ``base_year``, ``before`` (with what was given, nothing moved),
        ``found``, in the unit of the economy or as ratios.
    outcomes
        Of the targets, one for each row.
    result
        The equilibrium there.
    reason
        Blank, or why it came no nearer: a limit that holds, unknowns that do the same, no equilibrium further on.
    solves
        Equilibria that were looked at.
    seconds
        Wall time.
    """

    reached: bool
    unknowns: pd.DataFrame
    targets: pd.DataFrame
    outcomes: tuple[Outcome, ...]
    result: Result
    reason: str
    solves: int
    seconds: float

    @property
    def binding(self) -> list[str]:
        """The unknowns that stand at a bound."""
        return [str(one) for one in self.unknowns.index[self.unknowns["bound"] != ""]]


def seek(
    economy: Economy,
    unknowns: Sequence[str] | Mapping[str, UnknownBounds],
    targets: Sequence[str] | Mapping[str, str],
    *,
    given: Scenario | Shock | None = None,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    progress: StepProgress | None = None,
) -> GoalResult:
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
    Newton's method on the targets with the derivatives of :func:`entrepot.sensitivity`, within bounds: the dogleg trust
    region of Voglis and Lagaris (2004) as in SciPy. Where it ends short of the targets it begins again from a few other
    places, and what is returned is the smallest sum of squared misses found, each in units of its target. Several
    values may reach a target; the first found is returned, from where things stand.
    """
    began = time.perf_counter()
    bounds = _as_bounds(unknowns)
    wanted = _as_texts(targets)
    if len(bounds) != len(wanted):
        raise InvalidShock(f"{len(wanted)} targets and {len(bounds)} unknowns; give as many of one as of the other")
    search = GoalSearch(economy, given, models.model(model), deficits, settings or Settings(), progress)
    scenario = given if isinstance(given, Scenario) else None
    search.unknowns = [parse_unknown(text, search.base, scenario, one) for text, one in bounds]
    search.targets = [parse_target(text, search.base_year) for text in wanted]
    before = search.before()
    found = search.nearest()
    unknowns_found = pd.DataFrame(
        {
            "value": found.values,
            "low": [one.bounds[0] for one in search.unknowns],
            "high": [one.bounds[1] for one in search.unknowns],
            "bound": [_bound(one, value) for one, value in zip(search.unknowns, found.values, strict=True)],
            "all_costs": [_all_costs(one, search.base) for one in search.unknowns],
        },
        index=pd.Index([one.text for one in search.unknowns], name="unknown"),
    )
    texts = [one.outcome.text for one in search.targets]
    targets_found = pd.DataFrame(
        {
            "wanted": [one.value for one in search.targets],
            "base_year": [search.base_year.outcome(text) for text in texts],
            "before": [before.outcome(text) for text in texts],
            "found": [found.result.outcome(text) for text in texts],
        },
        index=pd.Index(texts, name="target"),
    )
    return GoalResult(
        reached=found.met,
        unknowns=unknowns_found,
        targets=targets_found,
        outcomes=tuple(one.outcome for one in search.targets),
        result=replace(found.result, scenario=scenario),
        reason=found.reason,
        solves=search.solves,
        seconds=time.perf_counter() - began,
    )


def _as_bounds(unknowns: Sequence[str] | Mapping[str, UnknownBounds]) -> list[tuple[str, UnknownBounds]]:
    """Return unknowns with their bounds, each once."""
    free: UnknownBounds = (None, None)
    pairs = list(unknowns.items()) if isinstance(unknowns, Mapping) else [(one, free) for one in _as_texts(unknowns)]
    names = [str(name) for name, _ in pairs]
    twice = [name for n, name in enumerate(names) if name in names[:n]]
    if twice or not pairs:
        raise InvalidShock(
            f"{listed(twice)}: given twice; give each once" if twice else "nothing may move; name something"
        )
    for name, pair in pairs:
        numbers = isinstance(pair, tuple | list) and len(pair) == 2
        if not numbers or any(isinstance(one, bool | str) or (one is not None and math.isnan(one)) for one in pair):
            raise InvalidShock(f"{name}: found the bounds {pair!r}; give two numbers, as (-0.4, 0); None for no bound")
    return [(str(name), (pair[0], pair[1])) for name, pair in pairs]


def _as_texts(written: Sequence[str] | Mapping[str, str]) -> list[str]:
    if isinstance(written, Mapping):
        return [f"{name}={value}" for name, value in written.items()]
    if isinstance(written, str) or not isinstance(written, Sequence) or not all(isinstance(x, str) for x in written):
        raise InvalidShock(f"found {written!r:.60}; give unknowns and targets as lists of texts")
    return list(written)


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
