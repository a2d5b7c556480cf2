"""How a brief is worked out: every statement checked, every scenario solved, every study run."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import overload

import pandas as pd

from entrepot.brief.results import (
    BestResponseResult,
    BriefResults,
    FanResult,
    GoalOutcome,
    RankingResult,
    SimulationResult,
    StatementVerdicts,
)
from entrepot.brief.single import BriefData, Say, brief_data, range_of, reasons_of
from entrepot.brief.spec import (
    BestResponse,
    Brief,
    CheckedStatements,
    Fan,
    Goal,
    SensitivityRanking,
    Simulation,
    load_brief,
)
from entrepot.core.dims import SECTOR
from entrepot.core.errors import EntrepotError, InputError, InvalidDocument
from entrepot.core.provenance import Provenance
from entrepot.data.documents import Place
from entrepot.economy.economy import Economy
from entrepot.economy.load import load_economy
from entrepot.equilibrium.derivatives.ranking import strongest
from entrepot.equilibrium.derivatives.sensitivity import sensitivity
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import solve
from entrepot.equilibrium.sources import sources
from entrepot.equilibrium.summary.focus import focus_of, require_actor
from entrepot.equilibrium.summary.key_numbers import key_numbers
from entrepot.policy.actors import actor
from entrepot.policy.scenario import Focus, Scenario
from entrepot.policy.shock import Shock
from entrepot.statements.check import check
from entrepot.statements.statement import load_statements
from entrepot.statements.verdict import all_sources
from entrepot.study.closures import by_deficits
from entrepot.study.goals.seek import seek
from entrepot.study.sampling.cases import PROBLEM
from entrepot.study.sampling.sweep import sweep
from entrepot.study.sampling.uncertainty import uncertainty
from entrepot.study.tariff_games.optimal import optimal_tariff
from entrepot.study.trade_off import trade_off

TINY = 1e-300  # nothing sold pays no duty


@overload
def gather(subject: Result, *, draws: None = None, progress: Say | None = None) -> BriefData: ...


@overload
def gather(subject: Brief | str | Path, *, draws: int | None = None, progress: Say | None = None) -> BriefResults: ...


def gather(
    subject: Result | Brief | str | Path, *, draws: int | None = None, progress: Say | None = None
) -> BriefData | BriefResults:
    """Return all that a brief shows, computed: of one result, or of a file that joins several.

    Everything that takes an equilibrium is solved here; :func:`entrepot.write_brief` only shows it.

    Parameters
    ----------
    subject
        What :func:`entrepot.solve` returned: the same change is solved under the other rules for imbalances, and its
        real incomes are decomposed. Or a brief from :func:`entrepot.load_brief`, or what that takes: every statement is
        checked, every scenario solved, every study run.
    draws
        Of every fan, in place of the number in the file.
    progress
        Told what is being worked out.

    Raises
    ------
    InputError
        Something that does not fit the base year; says which line of the brief asks for it. Draws for one result.
    NotConverged
        An equilibrium that was not found.
    """
    if isinstance(subject, Result):
        if draws is not None:
            raise InputError(
                f"found draws={draws} for one result, which has no fans; leave it out, or give a brief file"
            )
        return brief_data(subject, progress)
    began = time.perf_counter()
    brief = subject if isinstance(subject, Brief) else load_brief(subject)
    if draws is not None and draws < 2:
        raise InputError(f"found draws={draws}; a fan needs two or more")
    return _Runner(brief, draws, progress or (lambda text: None)).all(began)


class _Runner:
    """The parts of one brief, each base year read once."""

    def __init__(self, brief: Brief, draws: int | None, say: Say) -> None:
        self.brief, self.draws, self.say = brief, draws, say
        self._economies: dict[str, Economy] = {}

    def all(self, began: float) -> BriefResults:
        """Return everything, with the sources of all of it."""
        brief = self.brief
        checked = tuple(self.checked(n, one) for n, one in enumerate(brief.statements))
        solved = tuple(self.simulated(n, one) for n, one in enumerate(brief.scenarios))
        goals = tuple(self.reached(n, one) for n, one in enumerate(brief.goals))
        best = tuple(self.best(n, one) for n, one in enumerate(brief.best))
        ranked = tuple(self.ranked(n, one) for n, one in enumerate(brief.sensitivity))
        spreads = tuple(self.spread(n, one) for n, one in enumerate(brief.uncertainty))
        made = BriefResults(brief, checked, solved, goals, best, ranked, spreads, {}, 0.0)
        known: dict[str, Provenance | None] = {}
        for part in checked:
            known |= all_sources(part.verdicts)
        for result in made.results:
            known |= sources(result)
        for entry in brief.scenarios:
            if entry.beside is not None:
                known |= brief.scenario(entry.beside).tables()
        return replace(made, sources=known, seconds=time.perf_counter() - began)

    def checked(self, number: int, entry: CheckedStatements) -> StatementVerdicts:
        """Return verdicts on statements."""
        with self._at(("statements", number), f"checking the statements {entry.name}"):
            return StatementVerdicts(entry, tuple(check(load_statements(self.brief.beside("statements", entry.name)))))

    def simulated(self, number: int, entry: Simulation) -> SimulationResult:
        """Return a scenario solved, or compared option by option."""
        with self._at(("scenarios", number), f"solving {entry.label or entry.name}"):
            economy, scenario = self._economy(entry.economy), self.brief.adapted(entry)
            if scenario.options:
                return SimulationResult(entry, scenario, None, None, trade_off(economy, scenario), None)
            result = solve(economy, scenario)
            focus = focus_of(result)
            days = self._days(economy, scenario, entry, focus) if entry.dates else None
            self.say(f"range and reasons of {entry.label or entry.name}")
            about = self._about(focus)
            return SimulationResult(
                entry, scenario, result, focus, None, days, range_of(result, about), reasons_of(result, about)
            )

    def reached(self, number: int, entry: Goal) -> GoalOutcome:
        """Return what a goal takes."""
        with self._at(("goals", number), f"seeking: {entry.title}"):
            bounds = (None, None) if entry.between is None else entry.between
            given = None if entry.given is None else self.brief.scenario(entry.given)
            unknowns = dict.fromkeys(entry.using, bounds)
            return GoalOutcome(entry, seek(self._economy(entry.economy), unknowns, entry.target, given=given))

    def best(self, number: int, entry: BestResponse) -> BestResponseResult:
        """Return the best taxes of one government."""
        with self._at(("best", number), f"looking for {entry.title}"):
            given = None if entry.given is None else self.brief.scenario(entry.given)
            answer = optimal_tariff(
                self._economy(entry.economy), entry.government, entry.by, instruments=entry.tax,
                partners=entry.partners, given=given,
            )  # fmt: skip
            return BestResponseResult(entry, answer)

    def ranked(self, number: int, entry: SensitivityRanking) -> RankingResult:
        """Return what moves an outcome most."""
        with self._at(("sensitivity", number), f"what moves {entry.of} most"):
            economy = self._economy(entry.economy)
            result = solve(economy, Shock() if entry.given is None else self.brief.scenario(entry.given))
            slopes = sensitivity(result, entry.of)
            table = strongest(slopes, economy, entry.by)
            if entry.sectors == "goods":
                table = table[table[SECTOR].isin(economy.goods)]
            return RankingResult(entry, table.head(entry.top).reset_index(drop=True), slopes, result)

    def spread(self, number: int, entry: Fan) -> FanResult:
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
            return FanResult(entry, answer, by_deficits(answer.default), papers)

    def _days(self, economy: Economy, scenario: Scenario, entry: Simulation, focus: Focus) -> pd.DataFrame:
        """Return one row a day: the duty, and what it does."""
        rows = {}
        pair = (list(actor(economy, text, scenario.groups).members) for text in (focus.exporter, focus.importer))
        goods = {**dict(zip(("origin", "destination"), pair, strict=True)), "sector": economy.goods}
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

    def _about(self, focus: Focus) -> tuple[str, str]:
        """Return whose numbers a scenario is about: the pair, of which the brief's country is one, or takes a place."""
        own = self.brief.country
        return (focus.exporter, focus.importer) if own in (focus.exporter, focus.importer) else (own, focus.importer)

    def _economy(self, name: str) -> Economy:
        if name not in self._economies:
            economy = load_economy(self.brief.beside("economies", name))
            self._economies[name] = economy
            require_actor(economy, self.brief.country)
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
