"""The tables of a report: per cent and billions instead of ratios and millions."""

import numpy as np
import pandas as pd

from entrepot.core.units import pct
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.key_numbers import actor_numbers
from entrepot.equilibrium.summary.targets import targets_of
from entrepot.policy.scenario import Focus
from entrepot.policy.schedules.sector_duties import ONLY_KNOWN_TO
from entrepot.policy.wedges import Wedges
from entrepot.report.kit.wording import capital, listed_in_sentence, name_in_sentence, sector_in_sentence, signed

SMALLEST = 0.005  # billions: below, both numbers of a row round to nothing


def ranking(result: Result) -> pd.DataFrame:
    """Return one row a country, largest loss first: changes in per cent, values in billions.

    The cost of living is that of own wages: consumer prices over what factors earn.
    """
    return _incomes(result, result.countries)


def blocs(result: Result, focus: Focus) -> pd.DataFrame:
    """Return the same rows for the blocs that the change or the focus is about; none where it is about countries."""
    found: dict[tuple[str, ...], str] = {}
    sides = [side for one in targets_of(result) for side in (one.seller, one.buyer)]
    for one in [*sides, result.actor(focus.exporter), result.actor(focus.importer)]:
        if not one.single and not one.world:
            found.setdefault(one.members, one.text)
    table = result.blocs(*found.values())
    own = result.scenario.groups if result.scenario else {}
    table["name"] = [text if text in own else capital(listed_in_sentence(result.economy, text)) for text in table.index]
    return _incomes(result, table)


def _incomes(result: Result, table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": table["name"],
            "real_income_pct": pct(table["real_income_hat"]),
            "equivalent_variation_bn": table["equivalent_variation"] * result.economy.billions,
            "real_wage_pct": pct(table["real_wage_hat"]),
            "consumer_price_pct": pct(table["consumer_price_hat"]),
            "cost_of_living_pct": pct(1 / table["real_wage_hat"]),
            "exports_pct": _growth(table, "exports"),
            "imports_pct": _growth(table, "imports"),
        }
    )


def sectors(result: Result, focus: Focus) -> pd.DataFrame:
    """Return one row a sector of the exporter that sells anything.

    Output in per cent, by volume and by value; exports in billions.
    """
    table = result.sectors(focus.exporter, focus.importer)
    table = table[table["output"] > 0]
    return pd.DataFrame(
        {
            "name": table["name"],
            "volume_pct": pct(table["volume_hat"]),
            "output_pct": _growth(table, "output"),
            **_before_after(table, "exports_to_partner", result),
            "exports_to_partner_pct": _growth(table, "exports_to_partner"),
            **_before_after(table, "exports_elsewhere", result),
            "exports_elsewhere_pct": _growth(table, "exports_elsewhere"),
        }
    )


def suppliers(result: Result, focus: Focus) -> pd.DataFrame:
    """Return who sells goods to the importer, itself included: billions before and after, largest fall first."""
    return _partners(result, result.suppliers(focus.importer, result.economy.goods))


def customers(result: Result, focus: Focus) -> pd.DataFrame:
    """Return who buys goods from the exporter, itself included: billions before and after, largest fall first."""
    return _partners(result, result.customers(focus.exporter, result.economy.goods))


def prices(result: Result, focus: Focus) -> pd.DataFrame:
    """Return one row a sector: the importer's price and average duty in per cent, revenue in billions.

    The contribution to the cost of living is the change in price against own wages times the share in consumption.
    """
    table = result.prices(focus.importer)
    living = 1 + actor_numbers(result, result.actor(focus.importer)).cost_of_living_pct / 100
    against_wages = table["price_hat"] * living / (table["final_share"] * table["price_hat"]).sum()
    return pd.DataFrame(
        {
            "name": table["name"],
            "price_pct": pct(table["price_hat"]),
            "contribution_pct": table["final_share"] * pct(against_wages),
            "share_in_consumption_pct": 100 * table["final_share"],
            "average_duty_pct": 100 * table["average_duty"],
            "average_duty_cf_pct": 100 * table["average_duty_cf"],
            "revenue_bn": table["tariff_revenue"] * result.economy.billions,
            "revenue_cf_bn": table["tariff_revenue_cf"] * result.economy.billions,
        }
    )


def remarks(result: Result) -> list[str]:
    """Return what a reader must know about the days of the scenario and of its baseline, and about doubtful tariffs."""
    return [*_about_days(result), *_doubtful_tariffs(result), *_new_buyers(result)]


def beyond(result: Result) -> list[str]:
    """Return those of the remarks that headlines begin with: a day after the last one that a schedule knows."""
    return [one for one in _about_days(result) if ONLY_KNOWN_TO in one]


def _about_days(result: Result) -> list[str]:
    of_scenario = result.scenario.remarks(result.economy) if result.scenario else ()
    first = result.baseline.scenario if result.baseline else None
    return [*of_scenario, *(f"Baseline: {one}" for one in (first.remarks() if first else ()))]


LOST, LARGE_LOSS = 0.05, 0.2
"""A flow is lost below this part of what it was; a loss is large above this share of the seller's exports of a good."""


def _new_buyers(result: Result) -> list[str]:
    """Return that the model cannot create a flow, where a change takes a seller's large buyers of a good away."""
    if not result.wedges.changed("iceberg_hat", result.economy):
        return []
    before, after = result.economy.trade.values.copy(), result.trade_cf.values
    np.einsum("iij->ij", before)[:] = 0.0  # across borders only
    lost = np.where(after < LOST * before, before, 0.0).sum(axis=1)
    exports = before.sum(axis=1)
    share = lost / np.where(exports > 0, exports, 1.0)
    lost[share < LARGE_LOSS] = 0.0
    if not lost.any():
        return []
    seller, good = np.unravel_index(int(lost.argmax()), lost.shape)
    who = capital(name_in_sentence(result.economy, list(result.economy.countries)[seller]))
    what = sector_in_sentence(result.economy, list(result.economy.sectors)[good])
    return [
        f"{who} loses the buyers of {100 * share[seller, good]:.0f} % of its exports of {what}. Who bought next to "
        "nothing of it in the base year stays a small buyer, because shares scale with what was bought before: after "
        "2022 India's share of Russian crude was missed by a factor of six (`entrepot backtest russian-crude-2022`). "
        "Start from a base year that has the flow, or bring one to it (Economy.rebased)."
    ]


def _doubtful_tariffs(result: Result) -> list[str]:
    """Return what is known to be implausible about the tariffs of countries whose imports the change is about."""
    provenance, base = result.economy.provenance, Wedges.of_base(result.economy)
    found = []
    for country, note in (provenance.tariff_notes if provenance else {}).items():
        if country not in result.economy.countries:
            continue
        at = list(result.economy.countries).index(country)
        moved = (
            getattr(result.wedges, name).values[:, at] != getattr(base, name).values[:, at]
            for name in ("tariff", "export_tax", "iceberg_hat")
        )
        if any(one.any() for one in moved):
            found.append(note)
    return found


def limits(result: Result) -> list[dict[str, str]]:
    """Return how each quota, price cap and conditional penalty ended, in words and numbers."""
    billions, currency = result.economy.billions, result.economy.currency

    def said(value: float, of: str) -> str:
        return f"{signed(pct(value))} %" if of == "price" else f"{currency} {value * billions:,.2f} bn"

    found = []
    for held in result.held:
        if held.penalty:
            wedge = f"{100 * held.wedge:.0f} % of the penalty in force"
        else:
            wedge = f"{100 * held.wedge:.2f} %" if held.binding else "slack"
        rent = f"{currency} {held.rent * billions:,.2f} bn to the {held.rent_to}" if held.binding else "none"
        found.append(
            {
                "name": held.name,
                "limit": f"{held.of} {said(held.at_most, held.of)}",
                "reached": said(held.reached, held.of),
                "wedge": wedge,
                "rent": rent,
                "note": held.note,
            }
        )
    return found


def largest_prices(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the rows of `prices` that contribute most to the change in the cost of living."""
    order = table["contribution_pct"].abs().sort_values(ascending=False, kind="stable").index[:count]
    return table.loc[order]


def largest_flows(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the partners whose trade moves most, in billions, largest fall first; what rounds to nothing is out."""
    order = table["change_bn"].abs().sort_values(ascending=False, kind="stable").index[:count]
    moved = table.loc[order]
    return moved[moved["change_bn"].abs() > SMALLEST].sort_values("change_bn", kind="stable")


def _partners(result: Result, table: pd.DataFrame) -> pd.DataFrame:
    billions = table[["trade", "trade_cf", "change"]] * result.economy.billions
    billions.columns = pd.Index(["before_bn", "after_bn", "change_bn"])
    return pd.concat([table["name"], billions, _growth(table, "trade").rename("change_pct")], axis=1)


def _before_after(table: pd.DataFrame, column: str, result: Result) -> dict[str, pd.Series]:
    return {
        f"{column}_bn": table[column] * result.economy.billions,
        f"{column}_cf_bn": table[f"{column}_cf"] * result.economy.billions,
    }


def _growth(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the change of a column in per cent; 0 where there was nothing to change."""
    before = table[column]
    return (100 * (table[f"{column}_cf"] / before.where(before > 0, 1) - 1)).where(before > 0, 0.0)
