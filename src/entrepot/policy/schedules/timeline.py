"""The duties of a schedule over time: the average on each day on which it changes, and beside what was collected."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from entrepot.core.errors import InputError
from entrepot.core.legal import ANNOUNCED, COLLECTED, IN_FORCE, LegalReading
from entrepot.data.monthly import DUTIES, EVERYBODY, read_collected
from entrepot.data.tariff_lines import read_shares
from entrepot.policy.schedules.rates import effective_rates, parse_day, require_known
from entrepot.policy.schedules.schedule import Schedule

_DAY = datetime.timedelta(days=1)
WHOLE = ("date", "base", "added", "rate")
"""The columns of `Timeline.days` before those of the authorities."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """The average duty on goods from some origins, from each day on which it changes.

    Attributes
    ----------
    schedule, origins, reading, until
        Whose duties, on whose goods (all where empty), by which reading, to which day.
    days
        One row a day on which the average changes: ``date, base`` (duty paid anyway), ``added``, ``rate`` (the two
        together), then one column an authority with what it adds. Fractions, weighted with the imports of the table.
    months
        One row a month and series: ``month, statutory`` (mean of the days of the month), ``series, collected,
        difference``; NaN where nothing is known. Empty where the schedule has no table of duties collected.
    claims
        One row a month: ``month, origin, series, share`` of imports that claimed a preference; may be empty.
    """

    schedule: Schedule
    origins: tuple[str, ...]
    reading: LegalReading
    until: datetime.date
    days: pd.DataFrame
    months: pd.DataFrame
    claims: pd.DataFrame


def timeline(
    schedule: Schedule,
    since: object,
    until: object = None,
    origins: Sequence[str] = (),
    reading: LegalReading = IN_FORCE,
    beyond: bool = False,
) -> Timeline:
    """Return the average duty on each day on which it changes, and by month beside what was collected.

    Parameters
    ----------
    schedule
        From :func:`entrepot.load_schedule`.
    since, until
        The first and the last day; `until` left out, the last day up to which acts are entered.
    origins
        As for `effective_rates`; empty for all.
    reading, beyond
        As for `effective_rates`.

    Raises
    ------
    InputError
        Days in the wrong order, or after the last one that is known.
    """
    first = parse_day(since)
    last = schedule.known_until if until is None else parse_day(until)
    if last < first:
        raise InputError(f"timeline from {first} to {last}: the last day is before the first; exchange them")
    require_known(schedule, last, beyond)
    rows = []
    for day in [first, *(day for day in change_days(schedule, origins, reading) if first < day <= last)]:
        rates = effective_rates(schedule, day, list(origins) or None, reading, beyond)
        weight = rates.parts["weight"].to_numpy()
        base = float((rates.parts["base"].to_numpy() * weight).sum() / max(weight.sum(), 1e-300))
        added = dict.fromkeys((act.authority for act in schedule.measures), 0.0)
        for act, points in zip(rates.acts, rates.mean_points(), strict=True):
            added[act.authority] += float(points)
        total = sum(added.values())
        rows.append({"date": day, "base": base, "added": total, "rate": base + total, **added})
    days = pd.DataFrame(rows)
    same = days.drop(columns="date").diff().abs().max(axis=1) < 1e-9
    days = days[~same].reset_index(drop=True)
    days = days.loc[:, [name in WHOLE or days[name].any() for name in days]]
    months, claims = _by_month(schedule, tuple(origins), days, last)
    return Timeline(schedule, tuple(origins), reading, last, days, months, claims)


def change_days(
    schedule: Schedule, origins: Sequence[str] = (), reading: LegalReading = IN_FORCE
) -> list[datetime.date]:
    """Return every day on which an act begins or ends, a list changes, or shares of content and claims do."""
    acts = schedule.concerning(list(origins)) if origins else schedule.measures
    found: set[datetime.date] = set()
    for act in acts:
        start = act.known_from if reading == ANNOUNCED else act.effective
        end = (act.collected_to or act.end) if reading == COLLECTED else act.end
        found |= {day for day in (start, None if end is None else end + _DAY) if day is not None}
    for versions in schedule.lists.values():
        found |= {one.since for one in versions.root if one.since is not None}
        if versions.claims is not None:
            shares = read_shares(schedule.table_path(versions.claims), by_origin=True)
            if not origins or shares["origin"].isin(origins).any():
                found |= {datetime.date.fromisoformat(day) for day in shares["from"].unique()}
    return sorted(found)


def _by_month(
    schedule: Schedule, origins: tuple[str, ...], days: pd.DataFrame, last: datetime.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    nothing = pd.DataFrame(columns=["month", "statutory", "series", "collected", "difference"])
    if schedule.collected is None:
        return nothing, pd.DataFrame(columns=["month", "origin", "series", "share"])
    known = read_collected(schedule.collected_path)
    dates = pd.date_range(days["date"].iloc[0], last, freq="D")
    starts = pd.DatetimeIndex(days["date"])
    daily = days["rate"].to_numpy()[np.searchsorted(starts, dates, side="right") - 1]
    whole = dates.to_period("M")
    statutory = pd.Series(daily, index=whole).groupby(level=0).mean()
    complete = statutory.index[[(whole == month).sum() == month.days_in_month for month in statutory.index]]
    statutory = statutory[complete]
    statutory.index = statutory.index.astype(str)
    wanted = known[known["month"].isin(statutory.index)]
    duties = wanted[
        (wanted["what"] == DUTIES) & (wanted["origin"] == (EVERYBODY if not origins else "+".join(origins)))
    ]
    months = duties.assign(statutory=duties["month"].map(statutory), collected=duties["value"] / duties["imports"])
    months["difference"] = months["statutory"] - months["collected"]
    claims = wanted[(wanted["what"] != DUTIES) & (wanted["origin"].isin(origins) | (not origins))]
    claims = claims.assign(share=claims["value"] / claims["imports"], series=claims["what"])
    months = months if len(months) else nothing
    return (
        months[["month", "statutory", "series", "collected", "difference"]].reset_index(drop=True),
        claims[["month", "origin", "series", "share"]].reset_index(drop=True),
    )
