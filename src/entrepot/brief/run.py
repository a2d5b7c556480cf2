"""What a joined brief stands on: every statement checked, every scenario solved, every study run."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import xarray as xr

from entrepot.brief.spec import BestResponse, Brief, CheckedStatements, Fan, Goal, Ranking, Simulation, load_brief
from entrepot.core.dims import SECTOR
from entrepot.core.errors import EntrepotError, InputError, InvalidDocument
from entrepot.core.provenance import Provenance
from entrepot.data.documents import Place
from entrepot.economy.economy import Economy
from entrepot.economy.load import load_economy
from entrepot.equilibrium.derivatives.sensitivity import sensitivity
from entrepot.equilibrium.focus import focus_of, require_country
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import solve
from entrepot.policy.scenario import Focus, Scenario
from entrepot.policy.shock import Shock
from entrepot.report.answers import sensitivity as sensitivity_report
from entrepot.report.result import document
from entrepot.report.result.headline import key_numbers
from entrepot.report.verdicts import summary
from entrepot.statements.check import check
from entrepot.statements.statement import load_statements
from entrepot.statements.verdict import Verdict
from entrepot.study.closures import by_deficits
from entrepot.study.goals.seek import GoalResult, seek
from entrepot.study.sampling.cases import PROBLEM
from entrepot.study.sampling.sweep import sweep
from entrepot.study.sampling.uncertainty import Uncertainty, uncertainty
from entrepot.study.tariff_games.optimal import Optimum, optimal_tariff
from entrepot.study.trade_off import TradeOff, trade_off

TINY = 1e-300  # nothing sold pays no duty
Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Checked:
    """Statements with their verdicts."""

    entry: CheckedStatements
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, eq=False)
class Simulated:
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
    """

    entry: Simulation
    scenario: Scenario
    result: Result | None
    focus: Focus | None
    choice: TradeOff | None
    days: pd.DataFrame | None

    @property
    def label(self) -> str:
        """What tables and charts call it."""
        return self.entry.label or self.scenario.title

    @property
    def any_result(self) -> Result:
        """The equilibrium, or that of the first option."""
        return next(iter(self.choice.results.values())) if self.choice is not None else _there(self.result)


@dataclass(frozen=True, eq=False)
class Reached:
    """A goal with what it takes."""

    entry: Goal
    answer: GoalResult


@dataclass(frozen=True, eq=False)
class Best:
    """One government's best taxes."""

    entry: BestResponse
    answer: Optimum


@dataclass(frozen=True, eq=False)
class Ranked:
    """What moves an outcome most: the table of `wedges.strongest`, and the derivatives it is of."""

    entry: Ranking
    table: pd.DataFrame
    slopes: xr.Dataset
    result: Result


@dataclass(frozen=True, eq=False)
class Spread:
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
class Gathered:
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
    statements: tuple[Checked, ...]
    simulations: tuple[Simulated, ...]
    goals: tuple[Reached, ...]
    best: tuple[Best, ...]
    rankings: tuple[Ranked, ...]
    spreads: tuple[Spread, ...]
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


def gather(brief: Brief | str | Path, *, draws: int | None = None, progress: Say | None = None) -> Gathered:
    """Return a brief with every statement checked, every scenario solved and every study run.

    Parameters
    ----------
    brief
        From :func:`entrepot.load_brief`, or what that takes.
    draws
        Of every fan, in place of the number in the file.
    progress
        Told what is being worked out.

    Raises
    ------
    InputError
        Something that does not fit the base year; says which line of the brief asks for it.
    NotConverged
        An equilibrium that was not found.
    """
    began = time.perf_counter()
    found = brief if isinstance(brief, Brief) else load_brief(brief)
    if draws is not None and draws < 2:
        raise InputError(f"found draws={draws}; a fan needs two or more")
    return _Gathering(found, draws, progress or (lambda text: None)).all(began)


class _Gathering:
    """The parts of one brief, each base year read once."""

    def __init__(self, brief: Brief, draws: int | None, say: Say) -> None:
        self.brief, self.draws, self.say = brief, draws, say
        self._economies: dict[str, Economy] = {}

    def all(self, began: float) -> Gathered:
        """Return everything, with the sources of all of it."""
        brief = self.brief
        checked = tuple(self.checked(n, one) for n, one in enumerate(brief.statements))
        solved = tuple(self.simulated(n, one) for n, one in enumerate(brief.scenarios))
        goals = tuple(self.reached(n, one) for n, one in enumerate(brief.goals))
        best = tuple(self.best(n, one) for n, one in enumerate(brief.best))
        ranked = tuple(self.ranked(n, one) for n, one in enumerate(brief.sensitivity))
        spreads = tuple(self.spread(n, one) for n, one in enumerate(brief.uncertainty))
        made = Gathered(brief, checked, solved, goals, best, ranked, spreads, {}, 0.0)
        sources: dict[str, Provenance | None] = {}
        for part in checked:
            sources |= summary.all_sources(part.verdicts)
        for result in made.results:
            sources |= document.sources(result)
        for entry in brief.scenarios:
            if entry.beside is not None:
                sources |= brief.scenario(entry.beside).tables()
        return replace(made, sources=sources, seconds=time.perf_counter() - began)

    def checked(self, number: int, entry: CheckedStatements) -> Checked:
        """Return verdicts on statements."""
        with self._at(("statements", number), f"checking the statements {entry.name}"):
            return Checked(entry, tuple(check(load_statements(self.brief.beside("statements", entry.name)))))

    def simulated(self, number: int, entry: Simulation) -> Simulated:
        """Return a scenario solved, or compared option by option."""
        with self._at(("scenarios", number), f"solving {entry.label or entry.name}"):
            economy, scenario = self._economy(entry.economy), self.brief.adapted(entry)
            if scenario.options:
                return Simulated(entry, scenario, None, None, trade_off(economy, scenario), None)
            result = solve(economy, scenario)
            focus = focus_of(result)
            days = self._days(economy, scenario, entry, focus) if entry.dates else None
            return Simulated(entry, scenario, result, focus, None, days)

    def reached(self, number: int, entry: Goal) -> Reached:
        """Return what a goal takes."""
        with self._at(("goals", number), f"seeking: {entry.title}"):
            bounds = (None, None) if entry.between is None else entry.between
            given = None if entry.given is None else self.brief.scenario(entry.given)
            unknowns = dict.fromkeys(entry.using, bounds)
            return Reached(entry, seek(self._economy(entry.economy), unknowns, entry.target, given=given))

    def best(self, number: int, entry: BestResponse) -> Best:
        """Return the best taxes of one government."""
        with self._at(("best", number), f"looking for {entry.title}"):
            given = None if entry.given is None else self.brief.scenario(entry.given)
            answer = optimal_tariff(
                self._economy(entry.economy), entry.government, entry.by, instruments=entry.tax,
                partners=entry.partners, given=given,
            )  # fmt: skip
            return Best(entry, answer)

    def ranked(self, number: int, entry: Ranking) -> Ranked:
        """Return what moves an outcome most."""
        with self._at(("sensitivity", number), f"what moves {entry.of} most"):
            economy = self._economy(entry.economy)
            result = solve(economy, Shock() if entry.given is None else self.brief.scenario(entry.given))
            slopes = sensitivity(result, entry.of)
            table = sensitivity_report.strongest(slopes, economy, entry.by)
            if entry.sectors == "goods":
                table = table[table[SECTOR].isin(economy.goods)]
            return Ranked(entry, table.head(entry.top).reset_index(drop=True), slopes, result)

    def spread(self, number: int, entry: Fan) -> Spread:
        """Return draws, the other rules for imbalances, and one paper's elasticities after another."""
        draws = self.draws or entry.draws
        with self._at(("uncertainty", number), f"drawing {entry.scenario} {draws} times"):
            economy, scenario = self._economy(entry.economy), self.brief.scenario(entry.scenario)
            answer = uncertainty(
                economy, scenario, inputs=entry.vary, draws=draws, seed=entry.seed, outcomes=entry.of,
            )  # fmt: skip
            grid = sweep(economy, scenario, over=["elasticities"], outcomes=entry.of)
            there = grid.table[grid.table[PROBLEM] == ""].set_index("elasticities")
            papers = pd.DataFrame(
                {outcome.text: outcome.in_unit(there[outcome.text], economy) for outcome in answer.outcomes}
            )
            return Spread(entry, answer, by_deficits(answer.default), papers)

    def _days(self, economy: Economy, scenario: Scenario, entry: Simulation, focus: Focus) -> pd.DataFrame:
        """Return one row a day: the duty, and what it does."""
        rows = {}
        goods = {"origin": focus.exporter, "destination": focus.importer, "sector": economy.goods}
        weight = economy.trade.sel(goods)
        other = None if entry.beside is None else self.brief.scenario(entry.beside)
        for day in entry.dates:
            self.say(f"solving {entry.label or entry.name} as of {day}")
            result = solve(economy, scenario.on(day))
            numbers = key_numbers(result, focus)
            row = {
                "duty": 100 * float((result.tariff_cf.sel(goods) * weight).sum() / max(float(weight.sum()), TINY)),
                "income": numbers.exporter_income_pct,
                "flow": numbers.flow_pct,
            }
            if other is not None:
                beside = key_numbers(solve(economy, other.on(day)), focus)
                row |= {"income_beside": beside.exporter_income_pct, "flow_beside": beside.flow_pct}
            rows[day] = row
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("date")

    def _economy(self, name: str) -> Economy:
        if name not in self._economies:
            economy = load_economy(self.brief.beside("economies", name))
            self._economies[name] = economy
            require_country(economy, self.brief.country)
        return self._economies[name]

    @contextmanager
    def _at(self, place: Place, doing: str) -> Iterator[None]:
        """Say what is being done, and which line of the brief asked for it where it cannot be."""
        self.say(doing)
        try:
            yield
        except InputError as error:
            lines = [f"{self.brief.where(place)}: {line}" for line in str(error).splitlines()]
            raise InvalidDocument("\n".join(lines)) from error
        except EntrepotError as error:
            raise type(error)(f"{self.brief.where(place)}: {error}") from error


def _there(result: Result | None) -> Result:
    assert result is not None
    return result
