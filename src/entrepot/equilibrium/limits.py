"""Quotas, price caps and conditional penalties: the wedges that make an equilibrium keep its limits.

A limit and its wedge are complementary: either the measure stays below the limit and the wedge is zero, or the wedge is
what holds the measure at the limit. The wedge of a quota or a price cap is a rate without bound, in logs here; that of
a penalty is the part of it that is in force, between 0 and 1; neither only where the measure is at the threshold.
`complementarity` finds them; each look it takes is an equilibrium, the first guess of the next.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from entrepot.core.dims import FLOW
from entrepot.core.errors import Infeasible, NotConverged
from entrepot.economy.economy import Economy
from entrepot.equilibrium.complementarity import complementary
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.packing import Exercise
from entrepot.equilibrium.result import Held, Result
from entrepot.equilibrium.solver import Progress, Settings
from entrepot.policy.limit import Limit
from entrepot.policy.shock import Shock


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
        return np.array([np.log(_measure(limit, result) / limit.at_most) for limit in limits])

    ending = complementary(excess, np.array([np.inf if limit.points is None else 1.0 for limit in limits]))
    if ending.unholdable is not None:
        raise Infeasible(_why_unholdable(limits[ending.unholdable], ending.wedge, ending.excess, ending.unholdable))
    if ending.worst is not None:
        off = 100 * abs(float(ending.excess[ending.worst]))
        raise NotConverged(
            f"no wedge found for {limits[ending.worst].name}: it stays {off:.2g} % off its limit; try a limit nearer "
            "to the base year's, or fewer limits at once"
        )
    result = at(ending.wedge)
    held = tuple(_held(limit, k, ending.wedge, ending.excess, result) for k, limit in enumerate(limits))
    deserved = [_also_deserved(limit, k, ending.wedge, excess) for k, limit in enumerate(limits)]
    held = tuple(replace(one, note=note) for one, note in zip(held, deserved, strict=True))
    return replace(result, asked=exercise.shock, held=held, steps=steps, seconds=time.perf_counter() - began)


def _also_deserved(limit: Limit, number: int, wedge: np.ndarray, excess: Callable[[np.ndarray], np.ndarray]) -> str:
    """Return that a penalty which is not in force would justify itself if it were, blank where it would not."""
    if limit.points is None or wedge[number] > 0:
        return ""
    on = wedge.copy()
    on[number] = 1.0
    if excess(on)[number] < 0:
        return ""
    return "there is a second equilibrium, in which the penalty is in force and deserved"


def _with_wedges(economy: Economy, shock: Shock, wedge: np.ndarray) -> Shock:
    """Return the shock with every limit's wedge at a given size, and no limits left to find."""
    tariff = np.array((economy.tariff if shock.tariff is None else shock.tariff).values)
    levy = np.array((economy.export_tax if shock.export_tax is None else shock.export_tax).values)
    for limit, size in zip(shock.limits, wedge, strict=True):
        if limit.points is not None:
            tariff = tariff + size * limit.points.values
    for limit, size in zip(shock.limits, wedge, strict=True):
        if limit.points is None:
            chosen = (limit.flows if limit.on is None else limit.on).values
            onto = tariff if limit.rent == "importer" else levy
            onto[...] = (1 + onto) * np.exp(size * chosen) - 1
    taxed = shock.export_tax is not None or any(limit.rent == "exporter" for limit in shock.limits)
    return replace(
        shock,
        tariff=economy.labelled(tariff, FLOW, "tariff"),
        export_tax=economy.labelled(levy, FLOW, "export_tax") if taxed else None,
        limits=(),
    )


def _measure(limit: Limit, result: Result) -> float:
    """Return what a limit holds: a value, a volume at border prices of the base year, or a mean price ratio."""
    economy, flows = result.economy, limit.flows.values
    trade, levy_hat = result.trade_cf.values, (1 + result.export_tax_cf.values) / (1 + economy.export_tax.values)
    if limit.of == "value":
        return float((flows * trade).sum())
    price = result.unit_cost_hat.values[:, None, :] * levy_hat
    if limit.of == "volume":
        return float((flows * trade / price).sum())
    if limit.rent == "exporter":  # what producers get: the rent is not part of it
        price = np.broadcast_to(result.unit_cost_hat.values[:, None, :], price.shape)
    base = flows * economy.trade.values
    return float((base * price).sum() / base.sum())


def _held(limit: Limit, number: int, wedges: np.ndarray, excess: np.ndarray, result: Result) -> Held:
    """Return how a limit ended."""
    economy, wedge, over = result.economy, float(wedges[number]), float(abs(excess[number]))
    if limit.points is None:
        chosen = (limit.flows if limit.on is None else limit.on).values.astype(bool)
        sold = float(result.trade_cf.values[chosen].sum())
        rent = sold * float(np.expm1(wedge) if limit.rent == "importer" else -np.expm1(-wedge))
        size, gap = float(np.expm1(wedge)), min(wedge, over)
    else:
        rent = wedge * float((limit.points.values * result.trade_cf.values).sum())
        size, gap = wedge, min(wedge, over, 1 - wedge)
    return Held(
        name=limit.name,
        of=limit.of,
        at_most=limit.at_most,
        reached=_measure(limit, result),
        base=1.0 if limit.of == "price" else float((limit.flows * economy.trade).sum()),
        wedge=size,
        penalty=limit.points is not None,
        binding=wedge > 0,
        rent=rent,
        rent_to=limit.rent,
        complementarity=gap,
        note="",
    )


def _why_unholdable(limit: Limit, wedge: np.ndarray, excess: np.ndarray, number: int) -> str:
    reached = limit.at_most * np.exp(excess[number])
    return (
        f"{limit.name}: no wedge holds it: at {100 * np.expm1(wedge[number]):.3g} % the {limit.of} is {reached:.4g} "
        f"and falls no further, the limit is {limit.at_most:.4g}; raise it, include more buyers, or use an embargo"
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
        kind = "border_price" if limit.rent == "importer" else "producer_price"
        at = base / base.sum() / (untaxed if limit.rent == "importer" else 1.0)
    return kind, np.moveaxis(at, -1, 0)


def wedge_direction(limit: Limit, result: Result) -> tuple[np.ndarray, np.ndarray]:
    """Return how the logs of duties and of export taxes move with a limit's wedge [origin, destination, sector]."""
    nothing = np.zeros(limit.flows.shape)
    if limit.points is not None:
        tariff = result.question.tariff
        assert tariff is not None
        return limit.points.values / (1 + tariff.values + penalties(result)), nothing
    chosen = (limit.flows if limit.on is None else limit.on).values
    return (chosen, nothing) if limit.rent == "importer" else (nothing, chosen)


def penalties(result: Result) -> np.ndarray | float:
    """Return the points of duty from penalties that are in force, all or part [origin, destination, sector]."""
    return sum(
        (held.wedge * limit.points.values
         for limit, held in zip(result.question.limits, result.held, strict=True) if limit.points is not None),
        start=0.0,
    )  # fmt: skip
