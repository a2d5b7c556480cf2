"""The wedges of limits: where they stand, what is measured for them, how they end and what they earn."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from entrepot.core.outcomes import BORDER_PRICE
from entrepot.economy.economy import Economy
from entrepot.equilibrium.limit_outcome import LimitOutcome
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.policy.limit import Limit
from entrepot.policy.wedges import Wedges


class TradeState(NamedTuple):
    """Trade at a trial equilibrium, as far as limits measure it."""

    trade: np.ndarray  # o d s, before duty
    unit_cost_hat: np.ndarray  # o s
    tariff: np.ndarray  # o d s
    levy_factor: np.ndarray  # o d s, border price over the producer's price


def with_wedges(exercise: Exercise, wedge: np.ndarray) -> Wedges:
    """Return the wedges of an exercise with those of its limits at given sizes."""
    rates = {"tariff": np.array(exercise.wedges.tariff.values)}
    if any(limit.rent == "exporter" for limit in exercise.limits):
        rates["export_tax"] = np.array(exercise.wedges.export_tax.values)
    for limit, size in zip(exercise.limits, wedge, strict=True):
        if limit.points is not None:
            rates["tariff"] += size * limit.points.values
    for limit, size in zip(exercise.limits, wedge, strict=True):
        if limit.points is None:
            onto = rates["tariff" if limit.rent == "importer" else "export_tax"]
            onto[...] = (1 + onto) * np.exp(size * limit.flows.values) - 1
    return exercise.wedges.with_values(exercise.economy, **rates)


def amount(limit: Limit, economy: Economy, at: TradeState) -> float:
    """Return what a limit holds: a value, a volume at border prices of the base year, or a mean price ratio."""
    flows = limit.flows.values
    if limit.of == "value":
        return float((flows * at.trade).sum())
    price = at.unit_cost_hat[:, None, :] * (at.levy_factor / economy.levy_factor.values)
    if limit.of == "volume":
        return float((flows * at.trade / price).sum())
    base = flows * economy.trade.values
    return float((base * price).sum() / base.sum())


def held_limits(
    limits: Sequence[Limit], economy: Economy, at: TradeState, wedges: np.ndarray, excess: np.ndarray, note: str
) -> tuple[LimitOutcome, ...]:
    """Return how each limit ended, given its wedge and by how much, in logs, it is exceeded."""
    rents = _rents(limits, at, wedges)
    found = []
    for limit, wedge, over, rent in zip(limits, wedges, np.abs(excess), rents, strict=True):
        penalty = limit.points is not None
        flows = limit.flows * economy.trade
        found.append(
            LimitOutcome(
                name=limit.name,
                of=limit.of,
                at_most=limit.at_most,
                reached=amount(limit, economy, at),
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


def _rents(limits: Sequence[Limit], at: TradeState, wedges: np.ndarray) -> list[float]:
    """Return what each wedge earns a year; where several stand on one flow, in proportion to their logs.

    A wedge w on a price multiplies it by e^w, ordinary duty included where the importer earns the rent: of what is
    paid, 1 - e^-w is rent. What a penalty earns is its points.
    """
    paid = {"importer": (1 + at.tariff) * at.trade, "exporter": at.trade}
    together = {side: np.zeros(at.trade.shape) for side in paid}
    for limit, wedge in zip(limits, wedges, strict=True):
        if limit.points is None:
            together[limit.rent] += wedge * limit.flows.values
    earned = {side: paid[side] * -np.expm1(-logs) for side, logs in together.items()}
    rents = []
    for limit, wedge in zip(limits, wedges, strict=True):
        if limit.points is not None:
            rents.append(float(wedge * (limit.points.values * at.trade).sum()))
            continue
        logs = together[limit.rent]
        part = np.divide(wedge * limit.flows.values, logs, out=np.zeros_like(logs), where=logs > 0)
        rents.append(float((part * earned[limit.rent]).sum()))
    return rents


def measured(limit: Limit, economy: Economy) -> tuple[str, np.ndarray]:
    """Return what a limit measures as a kind of outcome and its weights [sector, origin, destination]."""
    flows = limit.flows.values
    untaxed = economy.levy_factor.values
    if limit.of == "value":
        kind, at = "trade", flows
    elif limit.of == "volume":
        kind, at = "volume", flows * untaxed
    else:
        base = flows * economy.trade.values
        kind, at = BORDER_PRICE, base / base.sum() / untaxed
    return kind, np.moveaxis(at, -1, 0)


def wedge_direction(limit: Limit, tariff: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how the logs of duties and of export taxes move with a limit's wedge [origin, destination, sector].

    `tariff` is the duty in force with all penalties, before the wedges of quotas and price caps.
    """
    nothing = np.zeros(limit.flows.shape)
    if limit.points is not None:
        return limit.points.values / (1 + tariff), nothing
    chosen = limit.flows.values
    return (chosen, nothing) if limit.rent == "importer" else (nothing, chosen)


def penalties(limits: Sequence[Limit], held: Sequence[LimitOutcome]) -> np.ndarray | float:
    """Return the points of duty from penalties that are in force, all or part [origin, destination, sector]."""
    return sum(
        (outcome.wedge * limit.points.values
         for limit, outcome in zip(limits, held, strict=True) if limit.points is not None),
        start=0.0,
    )  # fmt: skip
