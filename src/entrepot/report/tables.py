"""The tables of a report: per cent and billions instead of ratios and millions."""

import pandas as pd

from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus

MILLION_PER_BILLION = 1000.0


def ranking(result: Result) -> pd.DataFrame:
    """Return one row a country, largest loss first: changes in per cent, values in USD billion."""
    table = result.countries
    return pd.DataFrame(
        {
            "name": table["name"],
            "real_income_pct": _pct(table["real_income_hat"]),
            "equivalent_variation_bn": table["equivalent_variation"] / MILLION_PER_BILLION,
            "real_wage_pct": _pct(table["real_wage_hat"]),
            "consumer_price_pct": _pct(table["consumer_price_hat"]),
            "exports_pct": _growth(table, "exports"),
            "imports_pct": _growth(table, "imports"),
        }
    )


def sectors(result: Result, focus: Focus) -> pd.DataFrame:
    """Return one row a sector of the exporter that sells anything: output in per cent, exports in USD billion."""
    table = result.sectors(focus.exporter, focus.importer)
    table = table[table["output"] > 0]
    return pd.DataFrame(
        {
            "name": table["name"],
            "output_pct": _growth(table, "output"),
            **_before_after(table, "exports_to_partner"),
            "exports_to_partner_pct": _growth(table, "exports_to_partner"),
            **_before_after(table, "exports_elsewhere"),
            "exports_elsewhere_pct": _growth(table, "exports_elsewhere"),
        }
    )


def suppliers(result: Result, focus: Focus) -> pd.DataFrame:
    """Return who sells goods to the importer, itself included: USD billion before and after, largest fall first."""
    return _partners(result.suppliers(focus.importer, result.economy.goods))


def customers(result: Result, focus: Focus) -> pd.DataFrame:
    """Return who buys goods from the exporter, itself included: USD billion before and after, largest fall first."""
    return _partners(result.customers(focus.exporter, result.economy.goods))


def prices(result: Result, focus: Focus) -> pd.DataFrame:
    """Return one row a sector: the importer's price and average duty in per cent, revenue in USD billion."""
    table = result.prices(focus.importer)
    return pd.DataFrame(
        {
            "name": table["name"],
            "price_pct": _pct(table["price_hat"]),
            "share_in_consumption_pct": 100 * table["final_share"],
            "average_duty_pct": 100 * table["average_duty"],
            "average_duty_cf_pct": 100 * table["average_duty_cf"],
            "revenue_bn": table["tariff_revenue"] / MILLION_PER_BILLION,
            "revenue_cf_bn": table["tariff_revenue_cf"] / MILLION_PER_BILLION,
        }
    )


def _partners(table: pd.DataFrame) -> pd.DataFrame:
    billions = table[["trade", "trade_cf", "change"]] / MILLION_PER_BILLION
    billions.columns = pd.Index(["before_bn", "after_bn", "change_bn"])
    return pd.concat([table["name"], billions, _growth(table, "trade").rename("change_pct")], axis=1)


def _before_after(table: pd.DataFrame, column: str) -> dict[str, pd.Series]:
    return {
        f"{column}_bn": table[column] / MILLION_PER_BILLION,
        f"{column}_cf_bn": table[f"{column}_cf"] / MILLION_PER_BILLION,
    }


def _pct(hat: pd.Series) -> pd.Series:
    return 100 * (hat - 1)


def _growth(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the change of a column in per cent; 0 where there was nothing to change."""
    before = table[column]
    return (100 * (table[f"{column}_cf"] / before.where(before > 0, 1) - 1)).where(before > 0, 0.0)
