"""The standard ensemble: one question under other models, closures, elasticities and horizons.

About twelve equilibria, so that a range can stand beside every headline; the Monte Carlo (`sampling`) stays for those
who want a distribution. Decision 21 says why these members.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from entrepot.core.errors import EntrepotError, InvalidShock
from entrepot.core.progress import TotalProgress
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName, closure
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.compilation_cache import compile_seconds
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.baseline import BASE_YEAR
from entrepot.policy.load import by_lines_of
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import FittedShock, Shock
from entrepot.study.parallel import ordered_map
from entrepot.study.sampling.cases import Study, study_of

DEFAULT_MEMBER = "default"
PROBLEM = "problem"


@dataclass(frozen=True)
class Member:
    """One member of the ensemble: what differs from the question as it was asked.

    Attributes
    ----------
    model, closure, elasticities
        By name; None as asked.
    by_lines
        Whether the duties are those of each tariff line, where the scenario has such a twin.
    before_duty
        Whether estimates in unknown units are read as those of values before duty (`Elasticities.before_duty`).
    """

    model: str | None = None
    closure: ClosureName | None = None
    elasticities: str | None = None
    by_lines: bool = False
    before_duty: bool = False

    @property
    def title(self) -> str:
        """What differs, in words: "years 2 to 3, balanced trade"."""
        parts = [
            models.model(self.model).label if self.model else "",
            closure(self.closure).label if self.closure else "",
            f"elasticities of {load_elasticities(self.elasticities).label}" if self.elasticities else "",
            "by tariff line" if self.by_lines else "",
            "elasticities as of values before duty" if self.before_duty else "",
        ]
        return ", ".join(filter(None, parts)) or DEFAULT_MEMBER

    def differs(self, model: Model, deficits: ClosureName, elasticities: str | None) -> bool:
        """Return whether anything differs from a question with these settings."""
        return (
            self.model not in (None, model.name)
            or self.closure not in (None, deficits)
            or self.elasticities not in (None, elasticities)
            or self.by_lines
            or self.before_duty
        )


MEMBERS = (
    Member(),
    *(Member(closure=name) for name in ("fixed", "scaled", "multiplicative", "zero")),
    *(Member(model=name) for name in ("caliendo_parro", "years_2_3", "krugman", "nested_ces")),
    *(
        Member(elasticities=name)
        for name in (
            "fontagne_guimbard_orefice_2022_gtap", "bagwell_staiger_yurukoglu_2021", "caliendo_parro_2015",
            "lashkaripour_lugovskyy_2023", "shapiro_2016",
        )
    ),
    Member(before_duty=True),
    Member(by_lines=True),
    Member(model="years_2_3", closure="zero"),
    Member(model="years_2_3", elasticities="lashkaripour_lugovskyy_2023"),
)  # fmt: skip
"""The question as asked, one axis at a time, the other unit of its elasticities where theirs is unknown, by tariff
line where there are lines, and two ends of the horizon.

Members that differ in nothing from the question as asked are left out: of each axis, its own setting.
"""


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Outcomes of one question under the standard ensemble.

    Attributes
    ----------
    study
        The question as asked: base year, change, model, closure, outcomes.
    default
        Its equilibrium.
    members
        One row a member, by ``title``; the first is the default. Columns ``model, closure, elasticities, horizon,
        by_lines``, ``seconds``, and ``problem``: blank, or why there is no equilibrium.
    values
        One row a member, one column an outcome: ratios to the base year, or the unit of the economy; NaN where there is
        no equilibrium.
    seconds, compile_seconds
        Wall time of all solves; time spent on compiling in it, threads added up (about zero the second time).
    """

    study: Study
    default: Result = field(repr=False)
    members: pd.DataFrame = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    seconds: float
    compile_seconds: float

    def __repr__(self) -> str:
        change = self.study.change
        what = change.name if isinstance(change, Scenario) else "a shock"
        return f"Ensemble({what!r}: {len(self.members)} members, {len(self.failed)} without equilibrium)"

    @property
    def economy(self) -> Economy:
        """The base year."""
        return self.study.economy

    @property
    def scenario(self) -> Scenario | None:
        """What changes, where it is a scenario."""
        return self.study.change if isinstance(self.study.change, Scenario) else None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was asked for, in the order of the columns of `values`."""
        return self.study.outcomes

    @property
    def failed(self) -> pd.Series:
        """Why a member has no equilibrium, by title."""
        return self.members.loc[self.members[PROBLEM] != "", PROBLEM]

    def shown(self, outcome: str) -> pd.Series:
        """Return an outcome of every member as reports show it: change in per cent or billions; NaN where it failed.

        Raises
        ------
        UnknownLabel
            An outcome that was not asked for.
        """
        return pd.Series(self.outcome(outcome).in_unit(self.values[outcome], self.economy), name=outcome)

    def outcome(self, text: str) -> Outcome:
        """Return an outcome by its text.

        Raises
        ------
        InvalidShock
            It was not asked for.
        """
        for one in self.outcomes:
            if one.text == text:
                return one
        raise InvalidShock(f"{text!r} was not asked of this ensemble; it has {', '.join(self.study.columns)}")

    def range(self, outcome: str) -> tuple[float, float]:
        """Return the smallest and the largest value over the members, as reports show it."""
        values = self.shown(outcome).dropna()
        return float(values.min()), float(values.max())

    def others(self, outcome: str) -> tuple[int, int, int]:
        """Return how many of the other members are below the default, equal to it, and above it."""
        values = self.shown(outcome).dropna()
        rest, own = values.drop(DEFAULT_MEMBER), float(values[DEFAULT_MEMBER])
        below, above = int((rest < own).sum()), int((rest > own).sum())
        return below, len(rest) - below - above, above


def ensemble(
    economy: Economy,
    change: Scenario | Shock,
    outcomes: Sequence[str] | str | None = None,
    *,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    workers: int | None = None,
    progress: TotalProgress | None = None,
) -> Ensemble:
    """Return outcomes of a change under the standard ensemble of models, closures, elasticities and horizons.

    Parameters
    ----------
    economy, change, model, deficits, settings
        As in :func:`entrepot.solve`: the question as asked, the first member. Where the scenario has a baseline, all
        members start from the world after it as the first member has it.
    outcomes
        As in :meth:`Result.sensitivity`; left out, real income of the scenario's two countries, or of all.
    workers
        Solves at a time; left out, one for each core.
    progress
        Told how many members are done, and how many there are.

    Returns
    -------
    Ensemble
        A member without equilibrium keeps its row and says why.

    Raises
    ------
    InputError
        A change or outcome that does not fit, or a scenario with options: choose one.
    NotConverged
        The question as asked has no equilibrium.
    """
    if isinstance(change, Scenario) and change.options:
        raise InvalidShock(
            f"{change.name} has the options {', '.join(change.options)}; choose one with --option NAME or "
            "scenario.option(...)"
        )
    began, compiled = time.perf_counter(), compile_seconds()
    asked = study_of(economy, change, model, deficits, settings, _asked(outcomes, change))
    twin = by_lines_of(change) if isinstance(change, Scenario) else None
    table = economy.elasticities.name if economy.elasticities else None
    doubtful = bool(_in_unknown_units(economy))
    chosen = [
        one
        for number, one in enumerate(MEMBERS)
        if number == 0
        or (
            one.differs(asked.model, deficits, table)
            and (twin is not None or not one.by_lines)
            and (doubtful or not one.before_duty)
        )
    ]
    default = asked.solved({})
    rows, values = [], []

    def solved(member: Member) -> tuple[dict[str, Any], dict[str, float]]:
        start = time.perf_counter()
        problem, found = "", dict.fromkeys(asked.columns, np.nan)
        other = models.model(member.model) if member.model else asked.model
        try:
            found = _values(member, asked, other, default, twin)
        except EntrepotError as error:
            problem = " ".join(str(error).split())
        row = {
            "title": member.title, "model": other.name, "closure": member.closure or deficits,
            "elasticities": member.elasticities or table, "horizon": other.horizon, "by_lines": member.by_lines,
            "seconds": time.perf_counter() - start, PROBLEM: problem,
        }  # fmt: skip
        return row, found

    for done, (_, (row, found)) in enumerate(ordered_map(chosen, solved, workers), start=1):
        rows.append(row)
        values.append(found)
        if progress is not None:
            progress(done, len(chosen))
    index = pd.Index([row.pop("title") for row in rows], name="title")
    return Ensemble(
        study=asked,
        default=default,
        members=pd.DataFrame(rows, index=index),
        values=pd.DataFrame(values, index=index, columns=asked.columns),
        seconds=time.perf_counter() - began,
        compile_seconds=compile_seconds() - compiled,
    )


def ensemble_of(
    result: Result, outcomes: Sequence[str] | str, *, workers: int | None = None, progress: TotalProgress | None = None
) -> Ensemble:
    """Return the standard ensemble around a result: the same question, its model and closure as the default.

    Raises
    ------
    InputError
        An outcome that does not fit.
    """
    exercise, scenario = result.exercise, result.scenario
    change = scenario.adapted(baseline=BASE_YEAR) if scenario else None  # the economy is the world after its baseline
    shock = FittedShock(exercise.wedges, exercise.limits).as_shock(exercise.economy)
    return ensemble(
        result.given_economy, change or shock, outcomes,
        model=result.model, deficits=result.deficits, workers=workers, progress=progress,
    )  # fmt: skip


def _values(
    member: Member, asked: Study, model: Model, default: Result, twin: Callable[[], Scenario] | None
) -> dict[str, float]:
    """Return the outcomes of a member."""
    if member == MEMBERS[0]:
        return asked.read(default)
    change = twin().adapted(baseline=BASE_YEAR) if member.by_lines and twin is not None else asked.change
    economy = asked.economy
    if member.elasticities is not None:  # the whole table with its gap rule, as `--elasticities` takes it
        economy = economy.with_theta(load_elasticities(member.elasticities))
    if member.before_duty and economy.elasticities is not None:
        economy = economy.with_theta(economy.elasticities.before_duty())
    study = study_of(economy, change, model, member.closure or asked.deficits, asked.settings, asked.columns)
    if change is asked.change and _same_change(study, asked):
        study = replace(study, _shocks=asked._shocks)  # reading a schedule of duties takes longer than solving
    return study.read(study.solved({}))


def _in_unknown_units(economy: Economy) -> frozenset[str]:
    """Return the sectors of an economy whose elasticities are estimates in unknown units."""
    table = economy.elasticities
    return table.unknown if table is not None and set(economy.sectors) <= set(table.theta.index) else frozenset()


def _same_change(study: Study, asked: Study) -> bool:
    """Return whether both work out their change on the same trade and duties; `Study` sees to elasticities."""
    if any(closure(one.deficits).balances_base for one in (study, asked)):
        return False
    first, second = (one.model.base(one.economy) for one in (study, asked))
    return first.trade is second.trade and first.tariff is second.tariff


def _asked(outcomes: Sequence[str] | str | None, change: Scenario | Shock) -> Sequence[str] | str:
    if outcomes is not None:
        return outcomes
    focus = change.focus if isinstance(change, Scenario) else None
    return "real_income:all" if focus is None else [f"real_income:{focus.exporter}", f"real_income:{focus.importer}"]
