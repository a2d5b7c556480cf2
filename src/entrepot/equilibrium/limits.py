"""Quotas, price caps and conditional penalties: the wedges that make an equilibrium keep its limits.

A limit and its wedge are complementary: either the measure stays below the limit and the wedge is zero, or the wedge is
what holds the measure at the limit. The wedge of a quota or a price cap is a rate without bound, in logs here; that of
a penalty is the part of it that is in force, between 0 and 1; neither only where the measure is at the threshold.
`complementarity` finds them; each look it takes is an equilibrium, the first guess of the next.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np

from entrepot.core.dims import FLOW
from entrepot.core.errors import Infeasible, NotConverged
from entrepot.economy.economy import Economy
from entrepot.equilibrium.complementarity import COMPLEMENTARY, complementary, violation
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.packing import Exercise
from entrepot.equilibrium.result import Held, Result
from entrepot.equilibrium.solver import Progress, Settings
from entrepot.policy.limit import Limit
from entrepot.policy.shock import Shock

MOST_REGIMES = 32  # combinations of penalties that are off or in force: five penalties


def settled(exercise: Exercise, settings: Settings, progress: Progress | None = None) -> Result:
    """Return the equilibrium of an exercise whose shock may have limits, these kept.

    Raises
    ------
    Infeasible
        A limit that no wedge can hold.
    NotConverged
        No equilibrium, or no wedges, were found.
    """
    limits = exercise.shock.limits
    if not limits:
        return counterfactual(exercise, settings, progress)
    last: Result | None = None
    began, steps = time.perf_counter(), 0

    def at(wedge: np.ndarray) -> Result:
        nonlocal last, steps
        trial = _with_wedges(exercise.economy, exercise.shock, wedge)
        last = counterfactual(replace(exercise, shock=trial), settings, progress, last)
        steps += last.steps
        return last

    def excess(wedge: np.ndarray) -> np.ndarray:
        result = at(wedge)
        return np.array([_log(_measure(limit, result) / limit.at_most) for limit in limits])

    wedge, over, note = _found(limits, excess)
    result = at(wedge)
    held = _held(result, exercise.shock, wedge, over, note)
    return replace(result, asked=exercise.shock, held=held, steps=steps, seconds=time.perf_counter() - began)


Look = Callable[[np.ndarray], np.ndarray]


def _found(limits: tuple[Limit, ...], excess: Look) -> tuple[np.ndarray, np.ndarray, str]:
    """Return wedges that keep all limits, the excess there, and what is to be said about penalties.

    A penalty is off, in force, or in part. The first two are tried for all penalties, none in force before all, with
    the other limits kept in each case; only where none of these is consistent with itself, parts are looked for.
    """
    most = np.array([np.inf if limit.points is None else 1.0 for limit in limits])
    bounded = np.flatnonzero(np.isfinite(most))
    regimes = list(product((0.0, 1.0), repeat=len(bounded)))[:MOST_REGIMES] if len(bounded) else []
    consistent: list[tuple[np.ndarray, np.ndarray]] = []
    for regime in sorted(regimes, key=sum):
        wedge = np.zeros(len(limits))
        wedge[bounded] = regime
        try:
            wedge, over = _kept(limits, excess, most, np.flatnonzero(np.isinf(most)), wedge)
        except (Infeasible, NotConverged):
            continue
        if violation(wedge, over, most).max() <= COMPLEMENTARY:
            consistent.append((wedge, over))
    if consistent:
        others = len(consistent) - 1
        note = f"not the only equilibrium: {others} more with other penalties in force" if others else ""
        return *consistent[0], note
    return *_kept(limits, excess, most, np.arange(len(limits)), np.zeros(len(limits))), ""


def _kept(
    limits: tuple[Limit, ...], excess: Look, most: np.ndarray, free: np.ndarray, wedge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return wedges of which some are free to keep their limits, and the excess of all."""

    def look(chosen: np.ndarray) -> np.ndarray:
        trial = wedge.copy()
        trial[free] = chosen
        return np.asarray(excess(trial)[free])

    if not len(free):
        return wedge, excess(wedge)
    ending = complementary(look, most[free], wedge[free])
    if ending.worst is not None and len(free) > 1:
        return _kept_one_by_one(limits, excess, most, free, wedge)
    if ending.unholdable is not None:
        limit = limits[free[ending.unholdable]]
        raise Infeasible(_why_unholdable(limit, ending.wedge[ending.unholdable], ending.excess[ending.unholdable]))
    if ending.worst is not None:
        raise NotConverged(_stuck(limits[free[ending.worst]], float(ending.excess[ending.worst])))
    found = wedge.copy()
    found[free] = ending.wedge
    return found, excess(found)


def _kept_one_by_one(
    limits: tuple[Limit, ...], excess: Look, most: np.ndarray, free: np.ndarray, wedge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same by keeping the limit that is missed most, then those still missed: for limits that overlap."""
    kept: list[int] = []
    found, over = wedge, excess(wedge)
    while True:
        missed = violation(found, over, most)
        others = [int(k) for k in free if k not in kept]
        worst = max(others, key=lambda k: float(missed[k]), default=None)
        if worst is None or missed[worst] <= COMPLEMENTARY:
            return found, over
        kept.append(worst)
        if len(kept) == len(free):  # all together is what was tried before
            raise NotConverged(_stuck(limits[worst], float(over[worst])))
        found, over = _kept(limits, excess, most, np.array(sorted(kept)), found)


def _stuck(limit: Limit, over: float) -> str:
    return (
        f"no wedge found for {limit.name}: it stays {100 * abs(over):.2g} % off its limit; try a limit nearer to "
        "the base year's, or fewer limits at once"
    )


def _with_wedges(economy: Economy, shock: Shock, wedge: np.ndarray) -> Shock:
    """Return the shock with every limit's wedge at a given size, and no limits left to find."""
    tariff = np.array((economy.tariff if shock.tariff is None else shock.tariff).values)
    levy = np.array((economy.export_tax if shock.export_tax is None else shock.export_tax).values)
    for limit, size in zip(shock.limits, wedge, strict=True):
        if limit.points is not None:
            tariff = tariff + size * limit.points.values
    for limit, size in zip(shock.limits, wedge, strict=True):
        if limit.points is None:
            onto = tariff if limit.rent == "importer" else levy
            onto[...] = (1 + onto) * np.exp(size * _raised_on(limit)) - 1
    taxed = shock.export_tax is not None or any(limit.rent == "exporter" for limit in shock.limits)
    return replace(
        shock,
        tariff=economy.labelled(tariff, FLOW, "tariff"),
        export_tax=economy.labelled(levy, FLOW, "export_tax") if taxed else None,
        limits=(),
    )


def _log(ratio: float) -> float:
    """Return the log of a ratio; very small where nothing is left, as under an embargo."""
    return float(np.log(max(ratio, 1e-300)))


def _measure(limit: Limit, result: Result) -> float:
    """Return what a limit holds: a value, a volume at border prices of the base year, or a mean price ratio."""
    economy, flows = result.economy, limit.flows.values
    trade, levy_hat = result.trade_cf.values, (1 + result.export_tax_cf.values) / (1 + economy.export_tax.values)
    if limit.of == "value":
        return float((flows * trade).sum())
    price = result.unit_cost_hat.values[:, None, :] * levy_hat
    if limit.of == "volume":
        return float((flows * trade / price).sum())
    base = flows * economy.trade.values
    return float((base * price).sum() / base.sum())


def _held(result: Result, shock: Shock, wedges: np.ndarray, excess: np.ndarray, note: str) -> tuple[Held, ...]:
    """Return how each limit ended."""
    rents = _rents(result, shock, wedges)
    found = []
    for limit, wedge, over, rent in zip(shock.limits, wedges, np.abs(excess), rents, strict=True):
        penalty = limit.points is not None
        flows = limit.flows * result.economy.trade
        found.append(
            Held(
                name=limit.name,
                of=limit.of,
                at_most=limit.at_most,
                reached=_measure(limit, result),
                base=1.0 if limit.of == "price" else float(flows.sum()),
                wedge=float(wedge if penalty else np.expm1(wedge)),
                penalty=penalty,
                binding=bool(wedge > 0),
                rent=rent,
                rent_to=limit.rent,
                complementarity=float(min(wedge, over, 1 - wedge) if penalty else min(wedge, over)),
                note=note if penalty else "",
            )
        )
    return tuple(found)


def _rents(result: Result, shock: Shock, wedges: np.ndarray) -> list[float]:
    """Return what each wedge earns a year; where several stand on one flow, in proportion to their logs.

    A wedge w on a price multiplies it by e^w, ordinary duty included where the importer earns the rent: of what is
    paid, 1 - e^-w is rent. What a penalty earns is its points.
    """
    trade = result.trade_cf.values
    paid = {"importer": (1 + result.tariff_cf.values) * trade, "exporter": trade}
    together = {side: np.zeros(trade.shape) for side in paid}
    for limit, wedge in zip(shock.limits, wedges, strict=True):
        if limit.points is None:
            together[limit.rent] += wedge * _raised_on(limit)
    earned = {side: paid[side] * -np.expm1(-logs) for side, logs in together.items()}
    rents = []
    for limit, wedge in zip(shock.limits, wedges, strict=True):
        if limit.points is not None:
            rents.append(float(wedge * (limit.points.values * trade).sum()))
            continue
        logs = together[limit.rent]
        part = np.divide(wedge * _raised_on(limit), logs, out=np.zeros_like(logs), where=logs > 0)
        rents.append(float((part * earned[limit.rent]).sum()))
    return rents


def _raised_on(limit: Limit) -> np.ndarray:
    return np.asarray((limit.flows if limit.on is None else limit.on).values)


def _why_unholdable(limit: Limit, wedge: float, excess: float) -> str:
    reached = limit.at_most * np.exp(excess)
    how_far = f"at {100 * np.expm1(wedge):.3g} % the {limit.of} is {reached:.4g} and falls no further"
    if wedge == 0:
        how_far = f"the {limit.of} is {reached:.4g}, and a wedge raises it (as where a smaller sector is a dearer one)"
    return (
        f"{limit.name}: no wedge holds it: {how_far}, the limit is {limit.at_most:.4g}; raise it, include more buyers, "
        "or use an embargo"
    )


def measured(limit: Limit, result: Result) -> tuple[str, np.ndarray]:
    """Return what a limit measures as a kind of outcome and its weights [sector, origin, destination]."""
    economy, flows = result.economy, limit.flows.values
    untaxed = 1 + economy.export_tax.values
    if limit.of == "value":
        kind, at = "trade", flows
    elif limit.of == "volume":
        kind, at = "volume", flows * untaxed
    else:
        base = flows * economy.trade.values
        kind, at = "border_price", base / base.sum() / untaxed
    return kind, np.moveaxis(at, -1, 0)


def wedge_direction(limit: Limit, result: Result) -> tuple[np.ndarray, np.ndarray]:
    """Return how the logs of duties and of export taxes move with a limit's wedge [origin, destination, sector]."""
    nothing = np.zeros(limit.flows.shape)
    if limit.points is not None:
        tariff = result.question.tariff
        assert tariff is not None
        return limit.points.values / (1 + tariff.values + penalties(result)), nothing
    chosen = _raised_on(limit)
    return (chosen, nothing) if limit.rent == "importer" else (nothing, chosen)


def penalties(result: Result) -> np.ndarray | float:
    """Return the points of duty from penalties that are in force, all or part [origin, destination, sector]."""
    return sum(
        (held.wedge * limit.points.values
         for limit, held in zip(result.question.limits, result.held, strict=True) if limit.points is not None),
        start=0.0,
    )  # fmt: skip
