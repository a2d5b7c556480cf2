"""What duties do to a partner's goods line by line, before anything else in the economy moves.

Partial equilibrium in every HS6 line, in exact ratios. Buyers choose between origins, home included, with a constant
elasticity: with pi the share of an origin in spending on the line, r the ratio of one plus its duty after and before,
and producers' prices as they were,

    P^-theta = sum pi r^-theta,   spending on an origin = its share * (r / P)^-theta * P^(1 - eta)

and imports are spending before duty. A line that is partly on a legal list is several goods there, each with its duty.
This is the model behind SMART and its relatives without their linearisation; with one line, no inputs and fixed
incomes it is one market of `equilibrium`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel, listed, nearest
from entrepot.economy.economy import Economy
from entrepot.policy.amount import rates_in_force
from entrepot.policy.schedules.rates import EffectiveRates, effective_rates, parse_day
from entrepot.policy.schedules.schedule import Schedule

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
        ``bill`` (duty added on the imports of the base year), ``imports_cf``, ``change``, ``rivals`` and ``home``
        (change in purchases from all other origins, and from home), ``gainers`` (who gains most, with amounts). NaN
        where the line belongs to no sector, so that no elasticity is known.
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
    *,
    eta: float = 1.0,
    rivals: Mapping[tuple[str, str], float] | None = None,
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
    rivals
        Points of duty added on other origins, by origin and sector; left out, theirs stay as they were.

    Raises
    ------
    UnknownLabel
        Nothing is imported from that partner.
    InvalidShock
        An elasticity that is negative.
    """
    if partner not in schedule.partners:
        known = sorted(schedule.partners)
        raise UnknownLabel(
            f"{schedule.name} has no imports from {partner!r}{nearest(partner, known)}; it has {listed(known)}"
        )
    if not 0 <= eta <= LARGEST_ETA:
        raise InvalidShock(f"found eta={eta}; an elasticity of spending is between 0 and {LARGEST_ETA:g}")
    if any(not one > 0 for one in theta.values()) or any(not 0 <= one < 1 for one in home_share.values()):
        raise InvalidShock("elasticities are above 0 and home shares at least 0 and below 1; correct them")
    rates = effective_rates(schedule, on, [partner])
    parts = rates.parts
    codes = np.unique(parts["hs6"].to_numpy(dtype=str))
    sector = np.array(schedule.sectors.sectors_of(list(codes)))
    power = np.array([theta.get(one, np.nan) for one in sector])
    market = schedule.trade[schedule.trade["hs6"].isin(codes)]
    origins = np.unique(market["origin"].to_numpy(dtype=str))
    line, origin = (
        np.searchsorted(codes, market["hs6"].to_numpy(str)),
        np.searchsorted(origins, market["origin"].to_numpy(str)),
    )
    imports, duties = np.zeros((len(codes), len(origins))), np.zeros((len(codes), len(origins)))
    imports[line, origin] = market["imports"]
    duties[line, origin] = market["duties"]
    rate = np.divide(duties, imports, out=np.zeros_like(imports), where=imports > 0)
    spent = imports + duties

    points = np.zeros_like(rate)
    if rivals is not None:
        _refuse_unrated(origins, rivals, partner)
        for number, code in enumerate(origins):
            points[:, number] = [rivals.get((code, one), 0.0) for one in sector]
    hat = (1 + rate + points) / (1 + rate)
    kept = hat ** -power[:, None]  # of spending at given prices of the line
    net = kept / (1 + rate + points)
    here = int(np.searchsorted(origins, partner))
    at = np.searchsorted(codes, parts["hs6"].to_numpy(str))
    added = (1 + parts["rate"].to_numpy()) / (1 + parts["base"].to_numpy())
    weight = parts["imports"].to_numpy() / np.bincount(at, parts["imports"], len(codes))[at]
    part_kept = weight * added ** -power[at]
    kept[:, here] = np.bincount(at, part_kept, len(codes))
    net[:, here] = np.bincount(at, part_kept / (1 + parts["rate"].to_numpy()), len(codes))

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
            "rate_cf": np.bincount(at, weight * parts["rate"].to_numpy(), len(codes)),
            "imports_cf": imports_cf[:, here],
            "change": change[:, here],
            "rivals": change.sum(axis=1) - change[:, here],
            "home": at_home * (onward - 1),
        }
    )
    table["bill"] = table["imports"] * (table["rate_cf"] - table["rate"])
    table["gainers"] = _gainers(np.delete(change, here, axis=1), np.delete(origins, here))
    order = table.sort_values(["bill", "imports"], ascending=False, kind="stable")
    columns = [
        "hs6",
        "sector",
        "imports",
        "rate",
        "rate_cf",
        "bill",
        "imports_cf",
        "change",
        "rivals",
        "home",
        "gainers",
    ]
    by_origin = pd.Series(np.nansum(change, axis=0), index=pd.Index(origins, name="origin"), name="change")
    ranked = by_origin.sort_values(ascending=False)
    return Exposure(rates, partner, order[columns].reset_index(drop=True), ranked, rivals is not None)


def _refuse_unrated(origins: np.ndarray, rivals: Mapping[tuple[str, str], float], partner: str) -> None:
    """Raise UnknownLabel where an origin has no rate at all: it would seem to gain from paying nothing."""
    rated = {origin for origin, _ in rivals}
    without = [str(code) for code in origins if code not in rated and code != partner]
    if without:
        raise UnknownLabel(
            f"rivals: no rates for {listed(without)}; use a table with every partner, as "
            "us-additional-duties-by-partner, 0 for none"
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


def added_on_rivals(schedule: Schedule, on: object, table: str) -> dict[tuple[str, str], float]:
    """Return the points of duty that a table adds on a day, by origin as the schedule's lines know it and sector.

    Parameters
    ----------
    table
        A shipped measure by name, or a CSV or Excel file; a flow whose first row is later has none yet.
    """
    path, day = Path(table), parse_day(on)
    name, folder = (path.name, path.parent) if path.suffix else (table, None)
    every = rates_in_force(name, folder, datetime.date.max)
    every = every[every["destination"] == schedule.destination]
    rows = rates_in_force(name, folder, day)
    rows = rows[rows["destination"] == schedule.destination]
    found = {(str(origin), str(sector)): 0.0 for origin, sector in zip(every["origin"], every["sector"], strict=True)}
    for origin, sector, rate in zip(rows["origin"], rows["sector"], rows["rate"], strict=True):
        found[str(origin), str(sector)] = float(rate)
    return found
