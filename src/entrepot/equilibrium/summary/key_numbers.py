"""The numbers that a change comes to for one pair of countries or blocs: incomes, trade, cost of living, revenue."""

from dataclasses import dataclass

from entrepot.core.units import pct
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.targets import target_flow, targets_of
from entrepot.policy.actors import Actor
from entrepot.policy.scenario import Focus


@dataclass(frozen=True)
class KeyNumbers:
    """What a change means for one pair of countries or blocs.

    Attributes
    ----------
    exporter_income_pct, importer_income_pct
        Change in real income, per cent; of a bloc, the sum of equivalent variations over the sum of incomes.
    exporter_income_bn, importer_income_bn
        Equivalent variation, billions of the economy's currency a year.
    flow_pct, flow_bn, flow_cf_bn
        The exporter's sales of goods to the importer before duty: change in per cent, billions before and after.
    target_pct, target_bn, target_cf_bn
        The same of the flow that the change is aimed at: its sellers, buyers and goods. None where it is no flow.
    importer_price_pct
        Change in the importer's consumer prices relative to the world's value added, per cent.
    importer_cost_of_living_pct, exporter_cost_of_living_pct
        Change in consumer prices relative to own wages, per cent.
    revenue_bn, revenue_cf_bn
        Duty that the importer collects, billions before and after.
    """

    exporter_income_pct: float
    exporter_income_bn: float
    importer_income_pct: float
    importer_income_bn: float
    flow_pct: float
    flow_bn: float
    flow_cf_bn: float
    target_pct: float | None
    target_bn: float | None
    target_cf_bn: float | None
    importer_price_pct: float
    importer_cost_of_living_pct: float
    exporter_cost_of_living_pct: float
    revenue_bn: float
    revenue_cf_bn: float


@dataclass(frozen=True)
class ActorNumbers:
    """What a change means for one country or bloc: changes in per cent, equivalent variation and duty in billions."""

    income_pct: float
    income_bn: float
    price_pct: float
    cost_of_living_pct: float
    revenue_bn: float
    revenue_cf_bn: float


def actor_numbers(result: Result, who: Actor) -> ActorNumbers:
    """Return what a change means for a country or a bloc."""
    billions = result.economy.billions
    row = result.blocs(who.text).iloc[0]
    return ActorNumbers(
        income_pct=float(pct(row["real_income_hat"])),
        income_bn=float(row["equivalent_variation"]) * billions,
        price_pct=float(pct(row["consumer_price_hat"])),
        cost_of_living_pct=float(pct(1 / row["real_wage_hat"])),
        revenue_bn=float(row["tariff_revenue"]) * billions,
        revenue_cf_bn=float(row["tariff_revenue_cf"]) * billions,
    )


def key_numbers(result: Result, focus: Focus) -> KeyNumbers:
    """Return the numbers that tiles and machines take, for the pair in focus."""
    economy = result.economy
    exporter, importer = result.actor(focus.exporter), result.actor(focus.importer)
    seller, buyer = actor_numbers(result, exporter), actor_numbers(result, importer)
    chosen = {"origin": list(exporter.members), "destination": list(importer.members), "sector": list(economy.goods)}
    before, after = (float(flows.sel(chosen).sum()) * economy.billions for flows in (economy.trade, result.trade_cf))
    targets = [one for one in targets_of(result) if one.kind == "flow"]
    aimed = target_flow(result, targets[0]) if targets else (None, None)
    return KeyNumbers(
        exporter_income_pct=seller.income_pct,
        exporter_income_bn=seller.income_bn,
        importer_income_pct=buyer.income_pct,
        importer_income_bn=buyer.income_bn,
        flow_pct=growth(before, after),
        flow_bn=before,
        flow_cf_bn=after,
        target_pct=None if aimed[0] is None or aimed[1] is None else growth(aimed[0], aimed[1]),
        target_bn=aimed[0],
        target_cf_bn=aimed[1],
        importer_price_pct=buyer.price_pct,
        importer_cost_of_living_pct=buyer.cost_of_living_pct,
        exporter_cost_of_living_pct=seller.cost_of_living_pct,
        revenue_bn=buyer.revenue_bn,
        revenue_cf_bn=buyer.revenue_cf_bn,
    )


def growth(before: float, after: float) -> float:
    """Return a change in per cent; 0 where there was nothing."""
    return float(pct(after / before)) if before > 0 else 0.0
