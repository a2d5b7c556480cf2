"""What a schedule says before anyone relies on it: contradictions on any day, lists, idle acts, and what it changes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from entrepot.core.errors import InputError, raise_all
from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.rates import EffectiveRates, aimed_at, effective_rates
from entrepot.policy.schedules.schedule import Schedule
from entrepot.policy.schedules.timeline import change_days

SMALLEST_CHANGE = 5e-6
"""Of a rate: less is rounding."""


@dataclass(frozen=True, eq=False)
class ScheduleReview:
    """What a look through a schedule has found.

    Attributes
    ----------
    schedule, beside
        The schedule, and the one that it is compared with (None where there is none).
    days
        The number of days that were worked through.
    lists
        One row a list and version: ``list, since, lines, imports`` (of all origins), ``used`` by how many acts.
    idle
        Acts that touch no goods on any day.
    changes
        One row an origin and day on which the average differs from that of `beside`: ``origin, date, before, after,
        change``. Fractions, weighted with the imports of the table.
    """

    schedule: Schedule
    beside: Schedule | None
    days: int
    lists: pd.DataFrame
    idle: tuple[Act, ...]
    changes: pd.DataFrame


def review(schedule: Schedule, beside: Schedule | None = None) -> ScheduleReview:
    """Return what a schedule says on every day on which it changes, and how it differs from another.

    Parameters
    ----------
    schedule
        From :func:`entrepot.load_schedule`, which has checked its words already.
    beside
        A schedule of the same country, such as the shipped one.

    Raises
    ------
    InputError
        Acts that contradict each other, on any day: every contradiction once, with its line.
    """
    days = change_days(schedule) if schedule.measures else []
    problems: dict[str, InputError] = {}
    averages: dict[datetime.date, pd.Series] = {}
    touched: set[str] = set()
    for day in days:
        try:
            rates = effective_rates(schedule, day, beyond=True)
        except InputError as error:
            problems.setdefault(str(error).partition("; found on")[0], error)
            continue
        averages[day] = _by_origin(rates)
        touched |= {act.id for act in rates.acts if aimed_at(act, rates.goods, day).any()}
    raise_all(list(problems.values()))
    idle = tuple(act for act in schedule.measures if act.effective is not None and act.id not in touched)
    changes = _changes(schedule, beside, averages) if beside is not None else pd.DataFrame()
    return ScheduleReview(schedule, beside, len(days), _lists(schedule), idle, changes)


def _by_origin(rates: EffectiveRates) -> pd.Series:
    return rates.mean_by(["origin"]).set_index("origin")["added"]


def _changes(schedule: Schedule, beside: Schedule, averages: Mapping[datetime.date, pd.Series]) -> pd.DataFrame:
    """Return where averages differ, on days on which an act or list that the two do not share begins or ends."""
    apart = [
        act
        for act in (*schedule.measures, *beside.measures)
        if act not in schedule.measures or act not in beside.measures
    ]
    own = {act.id for act in apart}
    days = sorted({*change_days(schedule), *change_days(beside)})
    if schedule.lists == beside.lists:
        starts = {day for act in apart for day in _span(act)}
        days = [day for day in days if day in starts]
    rows, before = [], None
    for day in days if own or schedule.lists != beside.lists else []:
        new = averages[day] if day in averages else _by_origin(effective_rates(schedule, day, beyond=True))
        old = _by_origin(effective_rates(beside, day, beyond=True)).reindex(new.index).fillna(0.0)
        differs = (new - old).where(np.abs(new - old) > SMALLEST_CHANGE, 0.0)
        for origin in new.index[differs != (0.0 if before is None else before.reindex(new.index).fillna(0.0))]:
            rows.append({"origin": origin, "date": day, "before": old[origin], "after": new[origin],
                         "change": differs[origin]})  # fmt: skip
        before = differs
    return pd.DataFrame(rows, columns=["origin", "date", "before", "after", "change"])


def _span(act: Act) -> set[datetime.date]:
    ends = {act.end + datetime.timedelta(days=1)} if act.end is not None else set()
    return ends | ({act.effective} if act.effective is not None else set())


def _lists(schedule: Schedule) -> pd.DataFrame:
    rows = []
    for name, versions in schedule.lists.items():
        used = [act.id for act in schedule.measures if name in _words(act)]
        used += [other for other, some in schedule.lists.items() for one in some.root if name in one.without]
        for one in versions.root:
            day = one.since or schedule.known_until
            goods = effective_rates(schedule, day, beyond=True).goods
            on = goods.on([name], day)
            rows.append(
                {
                    "list": name, "since": str(one.since or ""), "lines": int(goods.parts["hs6"][on].nunique()),
                    "imports": float(goods.parts["imports"].to_numpy()[on].sum()), "used": len(used),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["list", "since", "lines", "imports", "used"])


def _words(act: Act) -> set[str]:
    in_base = act.in_base if isinstance(act.in_base, Mapping) else {}
    return {*act.products, *(act.among or ()), *act.exempt, *in_base}
