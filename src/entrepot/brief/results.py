"""What each part of a brief came to: verdicts, equilibria and the answers of studies."""

from dataclasses import dataclass, field

import pandas as pd
import xarray as xr

from entrepot.brief.spec import BestResponse, Brief, CheckedStatements, Fan, Goal, SensitivityRanking, Simulation
from entrepot.core.provenance import Provenance
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus, Scenario
from entrepot.statements.verdict import Verdict
from entrepot.study.ensemble import Ensemble
from entrepot.study.goals.seek import GoalResult
from entrepot.study.reasons import Reasons
from entrepot.study.sampling.uncertainty import Uncertainty
from entrepot.study.tariff_games.optimal import Optimum
from entrepot.study.trade_off import TradeOff


@dataclass(frozen=True, eq=False)
class StatementVerdicts:
    """Statements with their verdicts."""

    entry: CheckedStatements
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, eq=False)
class SimulationResult:
    """A scenario that was solved, or compared option by option.

    Attributes
    ----------
    entry, scenario
        What was asked, with its day and numbers.
    result, focus
        The equilibrium, and the pair it is looked at by; None where options are compared.
    choice
        The options against their parameter; None where there is one course.
    days
        One row a day that was asked for, indexed by date: ``duty`` (the mean duty that the importer levies on goods of
        the exporter, per cent, at base-year trade), ``income`` and ``flow`` (the exporter's real income and its goods
        exports to the importer, change in per cent), and ``income_beside``, ``flow_beside`` of the other scenario.
    ensemble, reasons
        The real incomes of the brief's country and its partner under other models, closures, elasticities and horizons,
        and where they come from; None and empty where options are compared.
    """

    entry: Simulation
    scenario: Scenario
    result: Result | None
    focus: Focus | None
    choice: TradeOff | None
    days: pd.DataFrame | None
    ensemble: Ensemble | None = None
    reasons: tuple[Reasons, ...] = ()

    @property
    def label(self) -> str:
        """What tables and charts call it."""
        return self.entry.label or self.scenario.title

    @property
    def any_result(self) -> Result:
        """The equilibrium, or that of the first option."""
        if self.choice is not None:
            return next(iter(self.choice.results.values()))
        assert self.result is not None
        return self.result


@dataclass(frozen=True, eq=False)
class GoalOutcome:
    """A goal with what it takes."""

    entry: Goal
    answer: GoalResult


@dataclass(frozen=True, eq=False)
class BestResponseResult:
    """One government's best taxes."""

    entry: BestResponse
    answer: Optimum


@dataclass(frozen=True, eq=False)
class RankingResult:
    """What moves an outcome most: the table of `ranking.strongest`, and the derivatives it is of."""

    entry: SensitivityRanking
    table: pd.DataFrame
    slopes: xr.Dataset
    result: Result


@dataclass(frozen=True, eq=False)
class FanResult:
    """How sure a scenario's numbers are.

    Attributes
    ----------
    entry, answer
        What was asked, and the draws.
    rules
        Change in real income in per cent, one row a country, one column a rule for imbalances.
    papers
        The same outcomes as the draws with the elasticities of one paper each: one row a paper; in per cent for ratios,
        billions for values.
    """

    entry: Fan
    answer: Uncertainty
    rules: pd.DataFrame
    papers: pd.DataFrame


@dataclass(frozen=True, eq=False)
class BriefResults:
    """A brief with everything that it stands on; :func:`entrepot.write_brief` makes it a page.

    Attributes
    ----------
    brief
        The file.
    statements, simulations, goals, best, rankings, spreads
        What each part came to, in the order of the file.
    sources
        Of every table behind any of them, by name; None where a person's own file says nothing.
    seconds
        Wall time.
    """

    brief: Brief
    statements: tuple[StatementVerdicts, ...]
    simulations: tuple[SimulationResult, ...]
    goals: tuple[GoalOutcome, ...]
    best: tuple[BestResponseResult, ...]
    rankings: tuple[RankingResult, ...]
    spreads: tuple[FanResult, ...]
    sources: dict[str, Provenance | None] = field(repr=False)
    seconds: float

    @property
    def results(self) -> list[Result]:
        """Every equilibrium that is shown: of a choice one option, of a fan the one with nothing drawn."""
        return [
            *(one.any_result for one in self.simulations),
            *(one.answer.result for one in self.goals),
            *(one.answer.result for one in self.best),
            *(one.result for one in self.rankings),
            *(one.answer.default for one in self.spreads),
        ]
