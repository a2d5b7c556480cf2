"""One case of a study: inputs with values go in, chosen outcomes of its equilibrium come out, as one row.

Draws, sweeps and designs are ways to make a list of cases; whoever runs them needs to know no more than this.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import xarray as xr

from entrepot.core.errors import InvalidShock, NotConverged, UnknownLabel
from entrepot.core.outcomes import kind_of
from entrepot.economy import papers
from entrepot.economy.closure import ClosureName, closure
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.derivatives.outcome import Outcome, evaluate_all, parse_outcome
from entrepot.equilibrium.model import encoding, models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import balanced, solve, world_before
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.baseline import BASE_YEAR
from entrepot.policy.scenario import Scenario
from entrepot.policy.schedules.sector_duties import ScheduleRates
from entrepot.policy.shock import Shock
from entrepot.study.sampling import inputs as names
from entrepot.study.sampling.distributions import Value

NUMBER, PROBLEM = "number", "problem"
MEASURED = ("steps", "residual")
MOST_SHOCKS = 64  # kept at a time: options, days, rates; draws of elasticities all share one


@dataclass(frozen=True)
class Case:
    """One point: its number, which says where it stands in its study, and the values of the inputs."""

    number: int
    values: Mapping[str, Value]


@dataclass(frozen=True, eq=False)
class Study:
    """What all cases have in common: the base year, the change, the model, and what is asked of each equilibrium.

    Outcomes are those of the economy as the model sees it: a model of one sector has merged the others.
    """

    economy: Economy
    change: Scenario | Shock
    model: Model
    deficits: ClosureName
    settings: Settings | None
    outcomes: tuple[Outcome, ...]
    _shocks: dict[Any, Shock] = field(default_factory=dict, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Travel without what was worked out on the way."""
        return {**self.__dict__, "_shocks": {}}

    @property
    def columns(self) -> list[str]:
        """The texts of the outcomes: what columns of tables are called."""
        return [outcome.text for outcome in self.outcomes]

    def answer(self, case: Case) -> dict[str, Any]:
        """Return the row of a case: number, inputs, outcomes, how it was solved, and why where it was not."""
        row: dict[str, Any] = {NUMBER: case.number, **case.values}
        blank = dict.fromkeys([*self.columns, *MEASURED], float("nan"))
        try:
            result = self.solved(case.values)
        except (NotConverged, InvalidShock) as error:
            return row | blank | {PROBLEM: " ".join(str(error).split())}
        numbers = {"steps": float(result.steps), "residual": float(result.residual)}
        return row | self.read(result) | numbers | {PROBLEM: ""}

    def read(self, result: Result) -> dict[str, float]:
        """Return the outcomes of a result, by their texts."""
        problem = encoding.build_problem(result.solved_exercise, every_instrument=True)
        found = evaluate_all(result.economy, result.unknowns, problem, self.outcomes)
        return dict(zip(self.columns, found, strict=True))

    def solved(self, values: Mapping[str, Value]) -> Result:
        """Return the equilibrium of a case; from the base year, so that it depends on no other case."""
        deficits: Any = values.get(names.RULE, self.deficits)
        economy = self._economy(values, deficits)
        return solve(
            economy, self._shock(values, economy), model=self._model(values), deficits=deficits, settings=self.settings
        )

    def _economy(self, values: Mapping[str, Value], deficits: str) -> Economy:
        # Trade is balanced at the elasticities of the base year, so that cases differ in the change alone.
        economy = balanced(self.economy) if closure(deficits).balances_base else self.economy
        theta = dict(zip(economy.sectors, map(float, economy.theta.values), strict=True))
        if names.ELASTICITIES in values:
            table = load_elasticities(str(values[names.ELASTICITIES]))
            theta |= {str(sector): float(one) for sector, one in papers.estimated(table).dropna().items()}
        drawn = {name.partition(":")[2]: float(one) for name, one in values.items() if _is(name, names.THETA)}
        if not drawn and names.ELASTICITIES not in values:
            return economy
        return replace_theta(economy, theta | drawn)

    def _model(self, values: Mapping[str, Value]) -> Model:
        dials: dict[str, Any] = {}
        for name, one in values.items():
            if _is(name, names.DIAL):
                dial, _, sector = name.partition(":")[2].partition(":")
                if sector:
                    known = dials.get(dial, getattr(self.model, dial))
                    known = known if isinstance(known, Mapping) else dict.fromkeys(self.economy.sectors, known)
                    dials[dial] = {**known, sector: float(one)}
                else:
                    dials[dial] = float(one)
        return models.model(self.model, **dials) if dials else self.model

    def _shock(self, values: Mapping[str, Value], economy: Economy) -> Shock:
        """Return the change of a case; kept, because reading tables of rates takes longer than solving."""
        moved = tuple((name, one) for name, one in values.items() if name.partition(":")[0] in names.OF_SCENARIO)
        key = (moved, values.get(names.RULE), values.get(names.COVERAGE))
        if key not in self._shocks:
            shock = self._worked_out(dict(moved), values, economy)
            if self._depends_on_theta:
                return shock
            with _KEEPING:
                if len(self._shocks) >= MOST_SHOCKS:
                    self._shocks.clear()
                self._shocks[key] = shock
            return shock
        return self._shocks[key]

    def _worked_out(self, moved: Mapping[str, Value], values: Mapping[str, Value], economy: Economy) -> Shock:
        shock = self.change
        if isinstance(shock, Scenario):
            seen = self._model(values).base(economy)  # as `solve` does: what the model sees is what a scenario is about
            shock = _moved(shock, moved).shock(seen if len(seen.sectors) == len(economy.sectors) else economy)
        return _levied(shock, float(values[names.COVERAGE]), economy) if names.COVERAGE in values else shock

    @property
    def _depends_on_theta(self) -> bool:
        """Whether the change itself does: lines that stay apart are brought up with the elasticity of their sector."""
        return isinstance(self.change, Scenario) and keeps_lines_apart(self.change)


_KEEPING = threading.Lock()


def study_of(
    economy: Economy,
    change: Scenario | Shock,
    model: str | Model,
    deficits: ClosureName,
    settings: Settings | None,
    outcomes: Sequence[str] | str,
) -> Study:
    """Return what all cases have in common, its outcomes checked.

    Raises
    ------
    InputError
        An outcome that is none.
    """
    chosen = models.model(model)
    if isinstance(change, Scenario):  # once for all cases: they draw what comes on top
        economy, change = world_before(economy, change, chosen, deficits), change.adapted(baseline=BASE_YEAR)
    seen = _seen_by(chosen, economy)
    written = [outcomes] if isinstance(outcomes, str) else list(outcomes)
    every = tuple(dict.fromkeys(one for text in written for one in expanded(text, seen)))
    if not every:
        raise UnknownLabel("no outcome is asked for; name one, as real_income:IND")
    return Study(economy, change, chosen, deficits, settings, every)


def _seen_by(model: Model, economy: Economy) -> Economy:
    """Return the economy on whose labels outcomes are read; a dial that does not fit it may be one that cases set."""
    try:
        return model.base(economy)
    except InvalidShock:
        return economy


def expanded(text: str, economy: Economy) -> list[Outcome]:
    """Return `real_income:all` as one outcome a country, any other outcome as it is."""
    kind, codes = kind_of(text), str(text).partition(":")[2]
    every = [f"{kind.word}:{code}" for code in economy.countries] if kind.by_country and codes == "all" else [text]
    return [parse_outcome(one, economy) for one in every]


def replace_theta(economy: Economy, theta: Mapping[str, float]) -> Economy:
    """Return an economy with elasticities of a case; it keeps the name of the table they started from."""
    made = economy.with_theta(dict(theta))
    made.__dict__["elasticities"] = economy.elasticities
    return made


def keeps_lines_apart(scenario: Scenario) -> bool:
    """Return whether a scenario's duties and costs depend on elasticities."""
    every = [*scenario.instruments, *(one for option in scenario.options.values() for one in option.instruments)]
    read = [table for instrument in every for table in instrument.tables]
    return any(isinstance(table, ScheduleRates) and table.lines == "apart" for table in read)


def in_rows(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a table, sorted by their number."""
    return pd.DataFrame(list(rows)).sort_values(NUMBER, kind="stable").reset_index(drop=True)


def _moved(scenario: Scenario, moved: Mapping[str, Value]) -> Scenario:
    """Return the scenario of a case."""
    parameters = {name.partition(":")[2]: one for name, one in moved.items() if _is(name, names.SET)}
    factors = {
        (act, number): float(one)
        for name, one in moved.items() if _is(name, names.MEASURE)
        for act, _, number in [name.partition(":")[2].rpartition(":")]
    }  # fmt: skip
    if factors:
        scenario = scenario.with_factors(factors)
    option = moved.get(names.OPTION)
    return scenario.adapted(
        on=moved.get(names.DATE), parameters=parameters, option=None if option is None else str(option)
    )


def _levied(shock: Shock, part: float, economy: Economy) -> Shock:
    """Return a shock of whose added duties only a part is levied."""
    tariff: xr.DataArray = economy.tariff + part * (shock.on(economy).wedges.tariff - economy.tariff)
    return replace(shock, tariff=tariff)


def _is(name: str, kind: str) -> bool:
    return name.partition(":")[0] == kind
