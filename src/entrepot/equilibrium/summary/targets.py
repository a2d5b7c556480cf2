"""What a change is aimed at: whose sales to whom of which goods, heaviest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from entrepot.core.wedges import BY_NAME
from entrepot.equilibrium.path import Path
from entrepot.equilibrium.result import Result
from entrepot.policy.actors import Actor, actor
from entrepot.policy.instruments.instrument import InPlaces, OnFlows
from entrepot.policy.instruments.transfer import Transfer
from entrepot.policy.selection import ALL, label_resolver

EMBARGO = 10.0
"""Log wedge that an embargo counts as: more than any duty."""


@dataclass(frozen=True)
class TargetedFlow:
    """Trade flows that a change is aimed at.

    Attributes
    ----------
    seller, buyer
        Who sells and who buys; of an instrument on production both are the country where it is, of a payment the payer
        and the receiver.
    sectors
        Codes of the goods; none of a payment.
    burden
        Base-year trade times the absolute log change of its wedges: what targets are ranked by.
    kind
        ``"flow"``, ``"production"`` or ``"payment"``.
    """

    seller: Actor
    buyer: Actor
    sectors: tuple[str, ...]
    burden: float
    kind: str = "flow"


def flow_burden(result: Result) -> np.ndarray:
    """Return base-year trade times the absolute log change of the wedges on flows [origin, destination, sector]."""
    economy = result.economy
    path = Path.to(result.wedges, economy)
    wedge = sum((np.abs(log) for name, log in path.logs.items() if BY_NAME[name].on_flows), np.zeros(1))
    wedge = wedge + EMBARGO * path.embargoed
    return np.asarray(economy.trade.values * ~np.eye(len(economy.countries), dtype=bool)[:, :, None] * wedge)


def targets_of(result: Result) -> list[TargetedFlow]:
    """Return what a change is aimed at, heaviest first.

    The instruments of a scenario say it; of a bare shock, the cells that change do. Instruments on the same pair are
    one target.
    """
    if result not in _TARGETS:  # headline, tables, tiles and focus of one page all ask
        _TARGETS[result] = tuple(_found(result))
    return list(_TARGETS[result])


_TARGETS: "WeakKeyDictionary[Result, tuple[TargetedFlow, ...]]" = WeakKeyDictionary()


def _found(result: Result) -> list[TargetedFlow]:
    burden = flow_burden(result)
    written = list(_written(result)) if result.scenario is not None else [_changed(result, burden)]
    merged: dict[tuple[object, ...], TargetedFlow] = {}
    for one in written:
        if one is None:
            continue
        weighed = _weighed(one, result, burden) if one.kind == "flow" else one
        key = (one.kind, one.seller.members, one.buyer.members)
        before = merged.get(key)
        if before is None:
            merged[key] = weighed
        else:
            sectors = tuple(code for code in result.economy.sectors if code in {*before.sectors, *weighed.sectors})
            merged[key] = replace(before, sectors=sectors, burden=before.burden + weighed.burden)
    return sorted(merged.values(), key=lambda one: -one.burden)


def target_flow(result: Result, target: TargetedFlow) -> tuple[float, float]:
    """Return sales of a target before duty, before and after, in billions; trade inside a bloc is left out."""
    economy = result.economy
    cells = _cells(result, target)
    return tuple(float(flows.values[cells].sum()) * economy.billions for flows in (economy.trade, result.trade_cf))  # type: ignore[return-value]


def _cells(result: Result, target: TargetedFlow) -> np.ndarray:
    """Return the flows of a target [origin, destination, sector], as booleans."""
    economy = result.economy
    codes = np.array(list(economy.countries))
    origin, destination = np.isin(codes, target.seller.members), np.isin(codes, target.buyer.members)
    inside = np.eye(len(codes), dtype=bool)
    for one in (target.seller, target.buyer):
        if not one.world and len(one.words) == 1:  # one bloc: trade among its members is not what is meant
            members = np.isin(codes, one.members)
            inside |= np.outer(members, members)
    sectors = np.isin(list(economy.sectors), target.sectors)
    return np.asarray((np.outer(origin, destination) & ~inside)[:, :, None] & sectors)


def _weighed(target: TargetedFlow, result: Result, burden: np.ndarray) -> TargetedFlow:
    return replace(target, burden=float(burden[_cells(result, target)].sum()))


def _written(result: Result) -> Iterator[TargetedFlow]:
    """Yield one target an instrument, as the scenario writes it."""
    scenario, economy = result.scenario, result.economy
    assert scenario is not None
    words = label_resolver(economy, scenario.groups)
    goods = words.of_goods(economy)
    for one in scenario.instruments:
        if isinstance(one, OnFlows):
            seller, buyer = (actor(economy, text, scenario.groups) for text in (one.origin, one.destination))
            chosen = (goods if one.only_goods else words).sectors.resolve(one.sector)
            yield TargetedFlow(seller, buyer, tuple(chosen), 0.0)
        elif isinstance(one, InPlaces):
            where = actor(economy, one.country, scenario.groups)
            chosen = (goods if one.only_goods else words).sectors.resolve(one.sector)
            yield TargetedFlow(where, where, tuple(chosen), 0.0, "production")
        elif isinstance(one, Transfer):
            payer, receiver = (actor(economy, text, scenario.groups) for text in (one.payer, one.receiver))
            yield TargetedFlow(payer, receiver, (), 0.0, "payment")


def _changed(result: Result, burden: np.ndarray) -> TargetedFlow | None:
    """Return the smallest block that holds every flow that a shock changes; None where it changes none."""
    economy = result.economy
    if not burden.any():
        return None
    codes = list(economy.countries)
    seller, buyer = (list(np.array(codes)[burden.sum(axis=axes) > 0]) for axes in ((1, 2), (0, 2)))
    sectors = tuple(np.array(list(economy.sectors))[burden.sum(axis=(0, 1)) > 0])
    return TargetedFlow(_named(result, seller, buyer), _named(result, buyer, seller), sectors, 0.0)


def _named(result: Result, found: list[str], others: list[str]) -> Actor:
    """Return countries by the name of the group that they are; nearly all, but for the other side, are the world."""
    economy = result.economy
    everybody = {*found, *others} == set(economy.countries) and len(found) > len(others)
    for name, group in label_resolver(economy, {}).countries.groups.items():
        if set(group) == set(found) and name != ALL:
            return actor(economy, name)
    return actor(economy, ALL if everybody else found)
