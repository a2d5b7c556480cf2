"""What duties do to a partner's goods line by line, before anything else in the economy moves.

Partial equilibrium in every HS6 line, in exact ratios. Buyers choose between origins, home included, with a constant
elasticity: with pi the share of an origin in spending on the line, r the ratio of one plus its duty after and before,
and producers' prices as they were,

    P^-theta = sum pi r^-theta,   spending on an origin = its share * (r / P)^-theta * P^(1 - eta)

and imports are spending before duty. A line that is partly on a legal list is several goods there, each with its duty.
This is the model behind SMART and its relatives without their linearisation; with one line, no inputs and fixed
incomes it is one market of `equilibrium`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel, listed, nearest
from entrepot.core.legal import IN_FORCE, LegalReading
from entrepot.economy.economy import Economy
from entrepot.policy.schedules.rates import EffectiveRates, effective_rates
from entrepot.policy.schedules.schedule import Schedule
from entrepot.policy.selection import ALL

LARGEST_ETA = 20.0  # trade elasticities themselves hardly exceed it
NAMED = 3  # gainers that a line names


@dataclass(frozen=True, eq=False)
class Exposure:
    """A partner's goods under duties, line by line.

    Attributes
    ----------
    rates
        The duties behind it.
    partner
        Whose goods.
    lines
        One row an HS6 line, the largest duty bill first: ``hs6, sector, imports`` (base year), ``rate``, ``rate_cf``,
        ``bill`` (duty added on the imports of the base year), ``paid`` and ``paid_cf`` (all duty, on the imports of the
        base year and on those after), ``imports_cf``, ``change``, ``rivals`` and ``home`` (change in purchases from all
        other origins, and from home), ``gainers`` (who gains most, with amounts). NaN where the line belongs to no
        sector, so that no elasticity is known.
    gains
        Change in imports by origin over all lines, the largest gain first.
    rivals_pay
        Whether duties of the others change too.
    """

    rates: EffectiveRates
    partner: str
    lines: pd.DataFrame
    gains: pd.Series
    rivals_pay: bool = False


def exposure(
    schedule: Schedule,
    on: object,
    partner: str,
    theta: Mapping[str, float],
    home_share: Mapping[str, float],
    eta: float = 1.0,
    rivals_pay: bool = False,
    reading: LegalReading = IN_FORCE,
    beyond: bool = False,
) -> Exposure:
    """Return what the duties in force on a day do to a partner's goods, line by line.

    Parameters
    ----------
    schedule
        Of the importing country.
    on
        A day.
    partner
        The origin, as the schedule's lines know it.
    theta, home_share
        By sector: the trade elasticity, and the share of home goods in spending, which every line is taken to have.
    eta
        Elasticity of spending on a line with respect to its price; 1 leaves spending as it is.
    rivals_pay
        Whether the duties of other origins change too, by the same schedule; else theirs stay as they were.
    reading, beyond
        As for :func:`entrepot.policy.schedules.rates.effective_rates`.

    Raises
    ------
    UnknownLabel
        Nothing is imported from that partner.
    InvalidShock
        An elasticity that is negative, or a schedule that does not know all lines.
    """
    if partner not in schedule.partners:
        known = sorted(schedule.partners)
        raise UnknownLabel(
            f"{schedule.name} has no imports from {partner!r}{nearest(partner, known)}; it has {listed(known)}"
        )
    if schedule.lines_hold != "all goods":
        raise InvalidShock(f"{schedule.name} knows the listed goods only; exposure needs the imports of all lines")
    if not 0 <= eta <= LARGEST_ETA:
        raise InvalidShock(f"found eta={eta}; an elasticity of spending is between 0 and {LARGEST_ETA:g}")
    if any(not one > 0 for one in theta.values()) or any(not 0 <= one < 1 for one in home_share.values()):
        raise InvalidShock("elasticities are above 0 and home shares at least 0 and below 1; correct them")
    rates = effective_rates(schedule, on, [partner], reading, beyond)
    everybody = rivals_pay and ALL in schedule.origins
    taxed = effective_rates(schedule, on, None, reading, beyond) if everybody else rates
    market = _Market.of(schedule, np.unique(rates.parts["hs6"].to_numpy(dtype=str)))
    codes, origins, imports, rate, spent = market.codes, market.origins, market.imports, market.rate, market.spent
    sector = np.array(schedule.sectors.sectors_of(list(codes)))
    power = np.array([theta.get(one, np.nan) for one in sector])
    kept, net, after = market.under(taxed, power)
    here = int(np.searchsorted(origins, partner))
    home = np.array([home_share.get(one, 0.0) for one in sector])
    abroad = spent.sum(axis=1)
    total = abroad / (1 - home)
    at_home = home * total
    price_power = (at_home + (spent * kept).sum(axis=1)) / total  # P^-theta
    onward = price_power ** (-(1 - eta) / power) / price_power
    imports_cf = spent * net * onward[:, None]
    change = imports_cf - imports
    table = pd.DataFrame(
        {
            "hs6": codes,
            "sector": sector,
            "imports": imports[:, here],
            "rate": rate[:, here],
            "rate_cf": after[:, here],
            "imports_cf": imports_cf[:, here],
            "change": change[:, here],
            "rivals": change.sum(axis=1) - change[:, here],
            "home": at_home * (onward - 1),
        }
    )
    table["bill"] = table["imports"] * (table["rate_cf"] - table["rate"])
    table["paid"] = table["imports"] * table["rate"]
    table["paid_cf"] = (spent[:, here] * kept[:, here] * onward) - table["imports_cf"]
    table["gainers"] = _gainers(np.delete(change, here, axis=1), np.delete(origins, here))
    order = table.sort_values(["bill", "imports"], ascending=False, kind="stable")
    columns = [
        "hs6",
        "sector",
        "imports",
        "rate",
        "rate_cf",
        "bill",
        "paid",
        "paid_cf",
        "imports_cf",
        "change",
        "rivals",
        "home",
        "gainers",
    ]
    by_origin = pd.Series(np.nansum(change, axis=0), index=pd.Index(origins, name="origin"), name="change")
    ranked = by_origin.sort_values(ascending=False)
    return Exposure(rates, partner, order[columns].reset_index(drop=True), ranked, everybody)


@dataclass(frozen=True)
class _Market:
    """Imports of some lines: all arrays [line, origin], sorted by code."""

    codes: np.ndarray
    origins: np.ndarray
    imports: np.ndarray
    rate: np.ndarray  # duty of the base year
    spent: np.ndarray  # duty included

    @classmethod
    def of(cls, schedule: Schedule, codes: np.ndarray) -> "_Market":
        """Return the imports of some lines from everywhere."""
        trade = schedule.trade[schedule.trade["hs6"].isin(codes)]
        origins = np.unique(trade["origin"].to_numpy(dtype=str))
        cell = (
            np.searchsorted(codes, trade["hs6"].to_numpy(str)),
            np.searchsorted(origins, trade["origin"].to_numpy(str)),
        )
        imports, duties = np.zeros((len(codes), len(origins))), np.zeros((len(codes), len(origins)))
        imports[cell], duties[cell] = trade["imports"], trade["duties"]
        rate = np.divide(duties, imports, out=np.zeros_like(imports), where=imports > 0)
        return cls(codes, origins, imports, rate, imports + duties)

    def under(self, rates: EffectiveRates, power: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what is kept of spending at given prices of the line, the part of it that is no duty, and the duty.

        Parts of a line with duties of their own are goods of their own. Origins without rates keep theirs.
        """
        parts = rates.parts[rates.parts["hs6"].isin(self.codes) & (rates.parts["weight"] > 0)]
        line = np.searchsorted(self.codes, parts["hs6"].to_numpy(str))
        cell = np.ravel_multi_index(
            (line, np.searchsorted(self.origins, parts["origin"].to_numpy(str))), self.imports.shape
        )

        def added_up(values: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
            total = np.bincount(cell, values, self.imports.size).reshape(self.imports.shape)
            return np.where(there, total, otherwise)

        there = np.bincount(cell, minlength=self.imports.size).reshape(self.imports.shape) > 0
        share = parts["imports"].to_numpy() / np.bincount(cell, parts["imports"], self.imports.size)[cell]
        after = 1 + parts["rate"].to_numpy()
        kept = share * (after / (1 + parts["base"].to_numpy())) ** -power[line]
        return (
            added_up(kept, np.ones_like(self.imports)),
            added_up(kept / after, 1 / (1 + self.rate)),
            added_up(share * (after - 1), self.rate),
        )


def _gainers(change: np.ndarray, origins: np.ndarray) -> list[str]:
    """Return the origins that gain most in each line, with amounts in millions."""
    filled = np.nan_to_num(change, nan=0.0)
    most = np.argsort(-filled, axis=1)[:, :NAMED]
    said = []
    for row, places in zip(filled, most, strict=True):
        said.append(", ".join(f"{origins[one]} {row[one] / 1e6:+.1f}" for one in places if row[one] >= 5e4))
    return said


def by_sector(economy: Economy, schedule: Schedule) -> tuple[dict[str, float], dict[str, float]]:
    """Return elasticities and the importer's share of home goods in spending, by sector of an economy.

    Raises
    ------
    UnknownLabel
        The economy does not have the importing country.
    """
    codes = list(economy.countries)
    if schedule.destination not in codes:
        raise UnknownLabel(
            f"{economy.name} has no country {schedule.destination!r}{nearest(schedule.destination, codes)}"
        )
    home = economy.trade_share.sel(origin=schedule.destination, destination=schedule.destination)
    pairs = zip(economy.sectors, economy.theta.values, home.values, strict=True)
    found = [(code, float(theta), float(share)) for code, theta, share in pairs]
    return {code: theta for code, theta, _ in found}, {code: share for code, _, share in found}
