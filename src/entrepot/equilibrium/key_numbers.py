"""The numbers that a change comes to for one pair of countries: incomes, trade between them, prices, revenue."""

from dataclasses import dataclass

from entrepot.core.units import pct
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus


@dataclass(frozen=True)
class KeyNumbers:
    """What a change means for one pair of countries.

    Attributes
    ----------
    exporter_income_pct, importer_income_pct
        Change in real income, per cent.
    exporter_income_bn, importer_income_bn
        Equivalent variation, billions of the economy's currency a year.
    flow_pct, flow_bn, flow_cf_bn
        The exporter's sales of goods to the importer before duty: change in per cent, billions before and after.
    importer_price_pct
        Change in the importer's consumer prices, per cent.
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
    importer_price_pct: float
    revenue_bn: float
    revenue_cf_bn: float


def key_numbers(result: Result, focus: Focus) -> KeyNumbers:
    """Return the numbers that a headline and its tiles are made of, for the pair in focus."""
    exporter, importer, billions = focus.exporter, focus.importer, result.economy.billions
    seller, buyer = (list(result.economy.countries).index(code) for code in (exporter, importer))
    goods = [at for at, code in enumerate(result.economy.sectors) if code in set(result.economy.goods)]
    before, after = (
        float(flows.values[seller, buyer, goods].sum()) * billions for flows in (result.economy.trade, result.trade_cf)
    )
    return KeyNumbers(
        exporter_income_pct=pct(float(result.real_income_hat.sel(country=exporter))),
        exporter_income_bn=float(result.equivalent_variation.sel(country=exporter)) * billions,
        importer_income_pct=pct(float(result.real_income_hat.sel(country=importer))),
        importer_income_bn=float(result.equivalent_variation.sel(country=importer)) * billions,
        flow_pct=pct(after / before) if before > 0 else 0.0,
        flow_bn=before,
        flow_cf_bn=after,
        importer_price_pct=pct(float(result.consumer_price_hat.sel(country=importer))),
        revenue_bn=float(result.economy.tariff_revenue.sel(country=importer)) * billions,
        revenue_cf_bn=float(result.tariff_revenue_cf.sel(country=importer)) * billions,
    )
