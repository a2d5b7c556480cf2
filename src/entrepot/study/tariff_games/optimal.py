"""The taxes that serve one government best, given what everybody else does: found by gradient, checked twice."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from entrepot.core.errors import InvalidShock, NotConverged
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import prepared
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.study.tariff_games.best_response import binding_bounds, move, stationary_rates
from entrepot.study.tariff_games.closed_form import sufficient_tariff
from entrepot.study.tariff_games.game import TaxGame, TaxProfile
from entrepot.study.tariff_games.government import governments_of, rates_of

BOUNDS = (-0.5, 5.0)
"""From half off to 500 %: wider than any tariff on goods in any economy we ship, and still solvable throughout."""
STILL = 1e-8  # of one plus a rate: a Newton step shorter than a millionth of a point ends the search
MOST_STEPS = 500
NEARLY = 1e-10  # of real income: below it, values are rounding and only derivatives show the way
SMALL = 60  # rates up to which every second derivative is taken
STEP = 1e-4  # of rates, for differences between derivatives
SEED = 1


@dataclass(frozen=True, eq=False)
class Optimum:
    """The best rates of one government.

    Attributes
    ----------
    government, by
        Who, and what has a rate of its own.
    rates
        One row a rate: ``government, tax, partner, sector, rate, before`` and ``bound`` (blank where none binds).
    before, value
        The government's real income over that of the base year: with what is in force, and at its best.
    slope
        Largest derivative of real income by a rate that no bound holds, per unit of the rate.
    move
        Largest change that one more Newton step would make to a rate.
    curvature
        The largest second derivative over the sharpest, in units in which rates matter alike: below zero the best is a
        maximum in every direction; about zero where some direction hardly matters, as where duties and export taxes can
        offset each other (Lerner); ``nan`` where a bound holds every rate.
    starts
        One row a start: ``value`` where it ended, ``apart``, the largest difference of a rate from the best one's; NaN
        where it led nowhere.
    rule
        The uniform tariff of the closed form at the equilibrium's shares (`sufficient_tariff`).
    result
        The equilibrium at the best rates.
    evaluations, seconds
        Equilibria with their derivatives, over all starts; wall time.
    """

    government: str
    by: str
    rates: pd.DataFrame
    before: float
    value: float
    slope: float
    move: float
    curvature: float
    starts: pd.DataFrame
    rule: float
    result: Result
    evaluations: int
    seconds: float

    @property
    def gain_pct(self) -> float:
        """What the government gains over what is in force, per cent of real income."""
        return 100 * (self.value / self.before - 1)


def optimal_tariff(
    economy: Economy,
    country: str,
    by: str = "uniform",
    *,
    instruments: Sequence[str] = ("tariff",),
    bounds: tuple[float, float] = BOUNDS,
    partners: Sequence[str] = ("all",),
    sectors: Sequence[str] = ("goods",),
    given: Scenario | Shock | None = None,
    starts: int = 3,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
) -> Optimum:
    """Return the taxes on trade that maximise one government's real income, all others' as they are.

    Parameters
    ----------
    economy
        The base year.
    country
        A country, or a group that sets taxes as one (``"EU27"``): it counts its members' real income.
    by
        One rate for all trade (``"uniform"``), for each ``"partner"``, ``"sector"`` or ``"partner,sector"``.
    instruments
        ``"tariff"``, ``"export_tax"`` or both.
    bounds
        The smallest and the largest rate.
    partners, sectors
        On trade with whom and in what; all other rates stay. ``partners=["USA"]`` with ``given`` is retaliation.
    given
        What others do: the best response to it is returned.
    starts
        From how many points to look: what is in force, the closed form, then random ones (seeded).
    model, deficits, settings
        As in :func:`entrepot.solve`.

    Raises
    ------
    InputError
        Words without meaning, bounds that are empty.
    NotConverged
        An equilibrium on the way, or the best rates, were not found.

    Notes
    -----
    Quasi-Newton steps within bounds (L-BFGS-B, Byrd, Lu, Nocedal and Zhu 1995, as in SciPy), in units in which a small
    country's rates would all matter alike, with the derivatives of one adjoint a step. A local maximum is found; that
    it is one is checked by second derivatives, and that there is no better one is only made likely by other starts.
    """
    began = time.perf_counter()
    if isinstance(starts, bool) or not isinstance(starts, int) or starts < 1:
        raise InvalidShock(f"found starts={starts!r:.60}; give 1 or more")
    game = tax_game(economy, [country], by, instruments, partners, sectors, bounds, given, model, deficits, settings)
    rates, members = game.rates, game.rates.governments[0].members
    standing = game.rates_in_force()
    before = game.result_in_force()
    first = game.profile(np.clip(standing, *bounds))
    rule = sufficient_tariff(before, members)
    random = np.random.default_rng(SEED)
    points = {"in force": standing, "closed form": np.full(len(rates), rule)}
    points |= {f"random {number}": random.uniform(0, 2 * rule, len(rates)) for number in range(1, starts - 1)}
    found: dict[str, TaxProfile | NotConverged] = {}
    for name, point in list(points.items())[:starts]:
        try:
            found[name] = local_optimum(game, first, np.clip(point, *bounds), bounds)
        except NotConverged as error:  # one start that leads nowhere takes nothing from the others
            found[name] = error
    ended = [one for one in found.values() if isinstance(one, TaxProfile)]
    if not ended:
        raise next(one for one in found.values() if isinstance(one, NotConverged))
    best = max(ended, key=lambda one: float(one.value[0]))
    held = binding_bounds(best, bounds)
    return Optimum(
        government=country,
        by=by,
        rates=rates.table(rate=best.rates, before=standing, bound=held),
        before=float(game.value(before)[0]),
        value=float(best.value[0]),
        slope=float(np.abs(best.slope[held == ""]).max(initial=0.0)),
        move=float(np.abs(move(game, best, bounds)).max()),
        curvature=curvature(game, best, bounds),
        starts=pd.DataFrame(
            {
                "value": [float(one.value[0]) if isinstance(one, TaxProfile) else np.nan for one in found.values()],
                "apart": [
                    float(np.abs(one.rates - best.rates).max()) if isinstance(one, TaxProfile) else np.nan
                    for one in found.values()
                ],
            },
            index=pd.Index(list(found), name="start"),
        ),
        rule=sufficient_tariff(best.result, members),
        result=best.result,
        evaluations=game.solves,
        seconds=time.perf_counter() - began,
    )


def tax_game(
    economy: Economy,
    players: Sequence[str] | None,
    by: str,
    taxes: Sequence[str],
    partners: Sequence[str],
    sectors: Sequence[str],
    bounds: tuple[float, float],
    given: Scenario | Shock | None,
    model: str | Model,
    deficits: ClosureName,
    settings: Settings | None,
) -> TaxGame:
    """Return the governments that are named, with the rates that are free.

    Raises
    ------
    InputError
        As :func:`optimal_tariff`.
    """
    numbers = isinstance(bounds, tuple | list) and len(bounds) == 2 and all(isinstance(x, int | float) for x in bounds)
    if not numbers or not -1 < bounds[0] < bounds[1] or not np.isfinite(bounds[1]):
        raise InvalidShock(f"found the bounds {bounds!r:.60}; give a smallest rate above -1 and a larger largest one")
    if not isinstance(by, str):
        raise InvalidShock(f"found by={by!r:.60}; write uniform, partner, sector or partner,sector")
    exercise = prepared(economy, Shock() if given is None else given, model, deficits)
    if exercise.model.incomes_held:
        raise InvalidShock(f"model {exercise.model.name} holds incomes, so no tax can raise them; choose another model")
    if exercise.limits:
        raise InvalidShock("quotas, price caps and penalties move with every rate; take them out of what is given")
    base = exercise.economy
    rates = rates_of(base, governments_of(base, players), by, taxes, partners, sectors, named=players is not None)
    return TaxGame(exercise, rates, settings or Settings())


def local_optimum(game: TaxGame, first: TaxProfile, start: np.ndarray, bounds: tuple[float, float]) -> TaxProfile:
    """Return the best profile that steps from a start lead to: uphill first, then to where nothing moves.

    Parameters
    ----------
    game
        With one objective.
    first
        Any profile, whose curvature sets the units.
    start
        Rates to begin with.
    bounds
        The smallest and the largest rate.
    """
    unit = 1 / np.sqrt(game.curvature(first))  # of each rate: one unit costs alike
    low, high = bounds
    last = first

    def loss(scaled: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal last
        try:
            last = game.profile(np.clip(scaled * unit, low, high), last)
        except NotConverged:
            return 0.0, np.zeros(len(scaled))  # as if all income were lost: the line search turns back
        return -float(last.value[0]), -last.slope * unit

    ended = minimize(
        loss,
        start / unit,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(low / unit, high / unit, strict=True)),
        options={"maxiter": MOST_STEPS, "maxcor": 20, "ftol": NEARLY, "gtol": 1e-10},
    )
    top = game.profile(np.clip(ended.x * unit, low, high), last)
    stationary = stationary_rates(game, top, bounds, STILL)
    if stationary.value[0] < top.value[0] - 10 * NEARLY:
        raise NotConverged(
            "the last steps lead downhill: slopes vanish at rates that are no maximum; try other starts or bounds"
        )
    return stationary


def curvature(game: TaxGame, profile: TaxProfile, bounds: tuple[float, float]) -> float:
    """Return the largest second derivative over the sharpest, among rates that no bound holds; NaN if none is free."""
    free = np.flatnonzero(binding_bounds(profile, bounds) == "")
    if not len(free):
        return float("nan")
    unit = 1 / np.sqrt(game.curvature(profile))

    def second(direction: np.ndarray) -> np.ndarray:
        way = np.zeros(len(profile.rates))
        way[free] = np.ravel(direction) * unit[free]
        step = STEP / max(float(np.abs(way).max()), 1e-300)
        ends = [game.profile(profile.rates + sign * step * way, profile) for sign in (1, -1)]
        return np.asarray((ends[0].slope - ends[1].slope)[free] * unit[free] / (2 * step))

    if len(free) <= SMALL:
        matrix = np.array([second(one) for one in np.eye(len(free))])
        values = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    else:
        operator = LinearOperator((len(free), len(free)), matvec=second, dtype=float)
        try:
            values = eigsh(operator, k=2, which="BE", tol=1e-3, return_eigenvectors=False, v0=unit[free])
        except ArpackNoConvergence as error:
            values = error.eigenvalues
    return float(values.max() / np.abs(values).max())
