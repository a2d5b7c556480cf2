"""A trade war: taxes from which no government gains by moving alone, what they cost, and what agreement would bring."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from entrepot.core.errors import EntrepotError, InvalidShock, UnknownLabel, nearest
from entrepot.core.progress import StepProgress
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.selection import ALL
from entrepot.policy.shock import Shock
from entrepot.study.parallel import ordered_map
from entrepot.study.tariff_games.best_response import binding_bounds, move, rates_by_rule, stationary_rates
from entrepot.study.tariff_games.closed_form import sufficient_tariff
from entrepot.study.tariff_games.game import TaxGame, TaxProfile
from entrepot.study.tariff_games.optimal import BOUNDS, STILL, local_optimum, tax_game

Rule = Literal["exact", "sufficient_statistics"]
FACTORS = (0.0, 0.5, 0.9, 1.1, 1.5, 2.0)
"""What a government's own rates are multiplied with to see whether it would gain: from none to twice the rates."""
POINTS = (-0.2, 0.05, 0.2, 1.0)
"""What is added to its rates: rates near zero have no multiples, and a better one may be far away."""
SCATTERED = 3  # deviations in random directions besides, where a government has several rates
SCATTER = 0.2  # standard deviation of each, relative to the rate
SEED = 1


@dataclass(frozen=True, eq=False)
class TradeWar:
    """Taxes that answer each other.

    Attributes
    ----------
    rule
        ``"exact"``, or the closed form that governments went by.
    rates
        One row a rate: ``government, tax, partner, sector, rate, before`` and ``bound`` (blank where none binds).
    welfare
        One row a government: ``before`` (with what is in force), ``war`` (real income over the base year's) and
        ``change_pct``, from one to the other.
    deviations
        One row a government: ``gain``, the most that any deviation tried brings it, in real income over the base
        year's; ``which``, the deviation (a multiple, points on top, or random); ``tried``, how many had an equilibrium.
        Empty where none were tried.
    slope
        Largest derivative of a government's real income by a rate of its own that no bound holds.
    move
        Largest step, in logs of one plus a rate, that one more round would make.
    result
        The equilibrium.
    rounds
        Of all governments answering at once.
    between_players
        Whether governments tax each other only.
    seconds, seconds_of_deviations
        Wall time to find the rates, and to try deviations.
    """

    rule: Rule
    rates: pd.DataFrame
    welfare: pd.DataFrame
    deviations: pd.DataFrame
    slope: float
    move: float
    result: Result
    rounds: int
    seconds: float
    seconds_of_deviations: float
    game: TaxGame = field(repr=False)
    bounds: tuple[float, float] = BOUNDS
    between_players: bool = False

    @property
    def largest_gain(self) -> float:
        """The most that a government gains by a deviation, in real income over the base year's; NaN if none tried."""
        return float(self.deviations["gain"].max()) if len(self.deviations) else float("nan")

    def cooperative(self) -> "Agreement":
        """Return what the same governments would set together: the most real income for all of them in sum.

        Base-year incomes are the weights, so that a dollar counts alike whoever has it.
        """
        game = TaxGame(self.game.exercise, self.game.rates, self.game.settings, together=True)
        start = np.clip(np.zeros(len(game.rates)), *self.bounds)
        best = local_optimum(game, game.profile(start), start, self.bounds)
        table = _welfare(self.game, self.game.result_in_force(), best.result, "agreement")
        return Agreement(game.rates.table(rate=best.rates, bound=binding_bounds(best, self.bounds)), table, best.result)


@dataclass(frozen=True, eq=False)
class Agreement:
    """Taxes that governments set together.

    Attributes
    ----------
    rates
        One row a rate: ``government, tax, partner, sector, rate, bound``.
    welfare
        One row a government: ``before``, ``agreement`` and ``change_pct``.
    result
        The equilibrium.
    """

    rates: pd.DataFrame
    welfare: pd.DataFrame
    result: Result


def nash(
    economy: Economy,
    players: Sequence[str] | None = None,
    by: str = "uniform",
    *,
    rule: Rule = "exact",
    instruments: Sequence[str] = ("tariff",),
    bounds: tuple[float, float] = BOUNDS,
    sectors: Sequence[str] = ("goods",),
    given: Scenario | Shock | None = None,
    between_players: bool = False,
    deviations: bool = True,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    progress: StepProgress | None = None,
) -> TradeWar:
    """Return the taxes at which every government does best given all others', and what they do to everybody.

    Parameters
    ----------
    economy
        The base year.
    players
        Countries, and groups that set taxes as one (``"EU27"``); left out, every country. All others keep the taxes
        they have.
    by
        One rate for all trade (``"uniform"``), for each ``"partner"``, ``"sector"`` or ``"partner,sector"``.
    rule
        ``"exact"`` best responses; or ``"sufficient_statistics"``: each sets the uniform tariff of the closed form
        (:func:`sufficient_tariff`) at the shares that all these tariffs lead to.
    instruments
        ``"tariff"``, ``"export_tax"`` or both.
    bounds
        The smallest and the largest rate.
    sectors
        What is taxed; goods unless services are named.
    given
        What is in force besides.
    between_players
        Whether players tax each other only; on trade with everybody else they keep the taxes they have.
    deviations
        Whether to look for a government that would gain by moving alone.
    model, deficits, settings
        As in :func:`entrepot.solve`.
    progress
        Told after each round.

    Raises
    ------
    InputError
        Words without meaning, a country in two governments.
    NotConverged
        Rates go on moving; says whose.

    Notes
    -----
    All governments take a Newton step on their own derivative at once, accelerated (`stationary_rates`). Derivatives of
    all are found together, exactly. An equilibrium in pure strategies is found, not all of them;
    that no government would leave it is tried, not proven.
    """
    if rule not in get_args(Rule):
        raise UnknownLabel(
            f"no rule {rule!r}{nearest(str(rule), list(get_args(Rule)))}; choose {', '.join(get_args(Rule))}"
        )
    taxes = [instruments] if isinstance(instruments, str) else list(instruments)
    if rule == "sufficient_statistics" and (by != "uniform" or taxes != ["tariff"]):
        raise InvalidShock(
            f"the closed form is one tariff for all trade; found rates by {by!r}, taxes {', '.join(taxes)}"
        )
    partners = _partners(players, between_players, rule)
    began = time.perf_counter()
    game = tax_game(economy, players, by, taxes, partners, sectors, bounds, given, model, deficits, settings)
    standing = game.rates_in_force()
    before = game.result_in_force()
    rounds = 0

    def count(number: int, length: float) -> None:
        nonlocal rounds
        rounds = number + 1
        if progress is not None:
            progress(number, length)

    start = np.clip(standing, *bounds)
    if rule == "sufficient_statistics":
        start = rates_by_rule(game, start, bounds, lambda result: _rule(game, result), STILL, count)
        profile = game.profile(start)
    else:
        profile = stationary_rates(game, game.profile(start), bounds, STILL, count)
    found = time.perf_counter()
    tried = _deviations(game, profile, bounds) if deviations else pd.DataFrame(columns=["gain", "which", "tried"])
    held = binding_bounds(profile, bounds)
    return TradeWar(
        rule=rule,
        rates=game.rates.table(rate=profile.rates, before=standing, bound=held),
        welfare=_welfare(game, before, profile.result, "war"),
        deviations=tried,
        slope=float(np.abs(profile.slope[held == ""]).max(initial=0.0)),
        move=float(np.abs(move(game, profile, bounds)).max()),
        result=profile.result,
        rounds=rounds,
        seconds=found - began,
        seconds_of_deviations=time.perf_counter() - found,
        game=game,
        bounds=bounds,
        between_players=between_players,
    )


def _partners(players: Sequence[str] | None, between_players: bool, rule: Rule) -> tuple[str, ...]:
    """Return whose trade is taxed."""
    if not between_players:
        return (ALL,)
    if rule == "sufficient_statistics":
        raise InvalidShock("the closed form is one tariff on trade with everybody; leave out between_players")
    if players is None:
        raise InvalidShock("between_players: name the players, as USA,CHN; without names every country is one")
    named = (players,) if isinstance(players, str) else tuple(players)
    if len(named) == 1:
        raise InvalidShock(f"between_players: found one player, {named[0]}; name two or more")
    return named


def _rule(game: TaxGame, result: Result) -> np.ndarray:
    return np.array([sufficient_tariff(result, government.members) for government in game.rates.governments])


def _welfare(game: TaxGame, before: Result, after: Result, name: str) -> pd.DataFrame:
    one, other = game.value(before), game.value(after)
    governments = pd.Index([government.name for government in game.rates.governments], name="government")
    return pd.DataFrame({"before": one, name: other, "change_pct": 100 * (other / one - 1)}, index=governments)


def _deviations(game: TaxGame, profile: TaxProfile, bounds: tuple[float, float]) -> pd.DataFrame:
    """Return the most that each government gains by deviations of its own."""
    random = np.random.default_rng(SEED)
    trials: list[tuple[int, str, np.ndarray]] = []
    for number in range(len(game.rates.governments)):
        own = game.rates.of_government == number
        moved = {f"times {factor:g}": profile.rates * factor for factor in FACTORS}
        moved |= {f"{100 * points:+g} points": profile.rates + points for points in POINTS}
        for scattered in range(SCATTERED if own.sum() > 1 else 0):
            scatter = 1 + SCATTER * random.standard_normal(len(own))
            moved[f"random {scattered + 1}"] = profile.rates * scatter
        trials += [
            (number, name, np.where(own, np.clip(rates, *bounds), profile.rates)) for name, rates in moved.items()
        ]

    def gain(trial: tuple[int, str, np.ndarray]) -> float:
        number, _, rates = trial
        try:
            return float(game.value(game.result(rates, profile.result))[number] - profile.value[number])
        except EntrepotError:
            return -np.inf  # a deviation after which there is no equilibrium is none that a government could choose

    gains = [found for _, found in ordered_map(trials, gain, None)]
    table = pd.DataFrame({"number": [one[0] for one in trials], "gain": gains, "which": [one[1] for one in trials]})
    of_government = table.groupby("number")["gain"]
    best = table.loc[of_government.idxmax()].drop(columns="number")
    best["tried"] = np.isfinite(table["gain"]).groupby(table["number"]).sum().to_numpy()
    best.index = pd.Index([government.name for government in game.rates.governments], name="government")
    return best
