"""The wedges of limits: where they stand, what is measured for them, how they end and what they earn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from entrepot.core.outcomes import BORDER_PRICE
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.policy.limit import Limit
from entrepot.policy.wedges import Wedges

if TYPE_CHECKING:
    from entrepot.equilibrium.result import Result


@dataclass(frozen=True)
class LimitOutcome:
    """How a limit ended: a quota, a price cap, a conditional penalty.

    Attributes
    ----------
    name
        As in :class:`~entrepot.policy.limit.Limit`.
    of, at_most, reached, base
        What is measured; the limit, what it came to, what it was in the base year. Volume and value in the unit of the
        economy, price as a ratio.
    wedge
        What the equilibrium found: the rent as a rate on what buyers would pay without it (duty included where the
        importer earns it), or the part of the penalty in force.
    penalty
        Whether the wedge is part of a given penalty, between 0 and 1.
    binding
        Whether the wedge is above zero.
    rent, rent_to
        What it earns a year in the unit of the economy, and whom.
    complementarity
        The smaller of wedge and distance from the limit, in logs: zero but for the error of the search.
    note
        What else is to be said.
    """

    name: str
    of: str
    at_most: float
    reached: float
    base: float
    wedge: float
    penalty: bool
    binding: bool
    rent: float
    rent_to: str
    complementarity: float
    note: str


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


def amount(limit: Limit, result: "Result") -> float:
    """Return what a limit holds: a value, a volume at border prices of the base year, or a mean price ratio."""
    economy, flows = result.economy, limit.flows.values
    trade, levy_hat = result.trade_cf.values, result.wedges.levy_factor() / economy.levy_factor.values
    if limit.of == "value":
        return float((flows * trade).sum())
    price = result.unit_cost_hat.values[:, None, :] * levy_hat
    if limit.of == "volume":
        return float((flows * trade / price).sum())
    base = flows * economy.trade.values
    return float((base * price).sum() / base.sum())


def held_limits(
    result: "Result", limits: tuple[Limit, ...], wedges: np.ndarray, excess: np.ndarray, note: str
) -> tuple[LimitOutcome, ...]:
    """Return how each limit ended."""
    rents = _rents(result, limits, wedges)
    found = []
    for limit, wedge, over, rent in zip(limits, wedges, np.abs(excess), rents, strict=True):
        penalty = limit.points is not None
        flows = limit.flows * result.economy.trade
        found.append(
            LimitOutcome(
                name=limit.name,
                of=limit.of,
                at_most=limit.at_most,
                reached=amount(limit, result),
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


def _rents(result: "Result", limits: tuple[Limit, ...], wedges: np.ndarray) -> list[float]:
    """Return what each wedge earns a year; where several stand on one flow, in proportion to their logs.

    A wedge w on a price multiplies it by e^w, ordinary duty included where the importer earns the rent: of what is
    paid, 1 - e^-w is rent. What a penalty earns is its points.
    """
    trade = result.trade_cf.values
    paid = {"importer": (1 + result.tariff_cf.values) * trade, "exporter": trade}
    together = {side: np.zeros(trade.shape) for side in paid}
    for limit, wedge in zip(limits, wedges, strict=True):
        if limit.points is None:
            together[limit.rent] += wedge * limit.flows.values
    earned = {side: paid[side] * -np.expm1(-logs) for side, logs in together.items()}
    rents = []
    for limit, wedge in zip(limits, wedges, strict=True):
        if limit.points is not None:
            rents.append(float(wedge * (limit.points.values * trade).sum()))
            continue
        logs = together[limit.rent]
        part = np.divide(wedge * limit.flows.values, logs, out=np.zeros_like(logs), where=logs > 0)
        rents.append(float((part * earned[limit.rent]).sum()))
    return rents


def measured(limit: Limit, result: "Result") -> tuple[str, np.ndarray]:
    """Return what a limit measures as a kind of outcome and its weights [sector, origin, destination]."""
    economy, flows = result.economy, limit.flows.values
    untaxed = economy.levy_factor.values
    if limit.of == "value":
        kind, at = "trade", flows
    elif limit.of == "volume":
        kind, at = "volume", flows * untaxed
    else:
        base = flows * economy.trade.values
        kind, at = BORDER_PRICE, base / base.sum() / untaxed
    return kind, np.moveaxis(at, -1, 0)


def wedge_direction(limit: Limit, result: "Result") -> tuple[np.ndarray, np.ndarray]:
    """Return how the logs of duties and of export taxes move with a limit's wedge [origin, destination, sector]."""
    nothing = np.zeros(limit.flows.shape)
    if limit.points is not None:
        return limit.points.values / (1 + result.exercise.wedges.tariff.values + penalties(result)), nothing
    chosen = limit.flows.values
    return (chosen, nothing) if limit.rent == "importer" else (nothing, chosen)


def penalties(result: "Result") -> np.ndarray | float:
    """Return the points of duty from penalties that are in force, all or part [origin, destination, sector]."""
    return sum(
        (held.wedge * limit.points.values
         for limit, held in zip(result.exercise.limits, result.held, strict=True) if limit.points is not None),
        start=0.0,
    )  # fmt: skip
