"""A claim about a duty, answered by the acts of a schedule."""

import datetime
from collections.abc import Sequence
from functools import cached_property, partial

import numpy as np

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import Provenance
from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.rates import EffectiveRates, effective_rates, rate_for
from entrepot.policy.schedules.schedule import Schedule
from entrepot.policy.selection import ALL
from entrepot.statements.claims import RateInForce
from entrepot.statements.findings import Finding, Picture, missing
from entrepot.statements.readings import Reading, parse_status

COVERED = "covered"
"""Goods on which the acts in question apply to the full value."""


class Duties:
    """The duties of a schedule on goods from one origin, worked out once for each day.

    Parameters
    ----------
    schedule
        Whose duties.
    origin
        Whose goods.
    """

    def __init__(self, schedule: Schedule, origin: str) -> None:
        self.schedule, self.origin = schedule, origin
        self.own = schedule.aimed_at([origin])
        self.days: dict[datetime.date, EffectiveRates] = {}

    @cached_property
    def sources(self) -> dict[str, Provenance | None]:
        """The schedule's acts, and the tables of goods behind them."""
        acts = Provenance(
            title=self.schedule.title,
            source=self.schedule.reference,
            licence="Legal acts; each is named in the schedule.",
            year=f"acts up to {self.schedule.known_until}",
            unit="points of the value of goods",
            caveats=(self.schedule.summary,),
        )
        return {self.schedule.name: acts} | self.schedule.sources()

    def points(self, day: datetime.date, acts: Sequence[Act], goods: str) -> dict[str, float] | None:
        """Return what each of some acts adds on average, by its id; None where there are no such goods.

        Parameters
        ----------
        day
            The day.
        acts
            Those that matter; what is not in force adds nothing.
        goods
            ``covered``: the goods on which all of the acts in force apply to the full value; ``all``; or a list of the
            schedule.
        """
        if day not in self.days:
            self.days[day] = effective_rates(self.schedule, day, [self.origin])
        rates = self.days[day]
        among = np.ones(len(rates.parts), dtype=bool)
        if goods == COVERED:
            for number, act in enumerate(rates.acts):
                if act in acts:
                    among &= rates.share[number] > 1 - 1e-9
        elif goods != ALL:
            among = rates.goods.on([goods], day)
        if not (among * rates.parts["weight"].to_numpy()).sum() > 0:
            return None
        means = dict(zip((act.id for act in rates.acts), rates.mean_points(among), strict=True))
        return {act.id: float(means.get(act.id, 0.0)) for act in acts}


def evaluate_rate(statement: RateInForce, reading: Reading, duties: Duties, origin: str) -> Finding:
    """Return what acts on goods from the origin add, in force on a day or decided by then.

    Acts by authorities that treat all origins alike are not counted: the claim is about those on one origin, which a
    sentence calls `origin`.

    Raises
    ------
    UnknownLabel
        An origin, an authority or a class of goods that the schedule does not have.
    """
    status, written = parse_status(reading["status"])
    day = datetime.date.fromisoformat(written)
    schedule = duties.schedule
    _refuse_unknown(statement, schedule, duties.own)
    counted = [act for act in duties.own if act.effective is not None and (act.decided or act.effective) <= day]
    waiting = [act for act in counted if act.effective is not None and act.effective > day]
    decided = status == "decided by"
    on = max([day, *(act.effective for act in waiting if act.effective is not None)]) if decided else day
    points = duties.points(on, counted, reading["goods"])
    if points is None:
        return missing(reading, f"{schedule.name} has no {reading['goods']} goods from {statement.origin} on {on}")
    added: dict[str, float] = {}
    for act in counted:
        added[act.authority] = added.get(act.authority, 0.0) + points[act.id]
    total = sum(added.values())
    claims = {"": (total, statement.rate)} | {
        name: (added.get(name, 0.0), rate) for name, rate in statement.of_which.items()
    }
    off = max(abs(found - claimed) for found, claimed in claims.values())
    notes = [] if decided else [_waiting(act, statement.origin, schedule) for act in waiting]
    numbers = {"added_rate": total} | {f"{name}_rate": value for name, value in added.items() if value}
    return Finding(
        reading, off <= statement.within, _said(added, total, statement.rate), numbers, "rate",
        statement.within - off, tuple(duties.sources), tuple(notes),
        partial(_picture, statement, reading, duties, origin) if reading.natural else None,
    )  # fmt: skip


def _said(added: dict[str, float], total: float, claimed: float) -> str:
    parts = ", ".join(f"{name} {100 * value:.1f}" for name, value in added.items() if value > 0)
    of = f" ({parts})" if parts else ""
    return f"{100 * total:.1f} points added{of}, claimed {100 * claimed:g}"


def _waiting(act: Act, origin: str, schedule: Schedule) -> str:
    rate = 100 * rate_for(act, origin, schedule)
    return (
        f"decided, not in force: {act.authority} {rate:g} %, decided on {act.decided}, in force from {act.effective} "
        f"({act.act})"
    )


def _picture(statement: RateInForce, reading: Reading, duties: Duties, origin: str) -> Picture:
    """Return the rate on the reading's goods from each day on which it changed, up to the last day of any reading."""
    until = max(datetime.date.fromisoformat(parse_status(status)[1]) for status in statement.readings.status or ())
    rows = []
    for day in sorted({act.effective for act in duties.own if act.effective is not None and act.effective <= until}):
        points = duties.points(day, [act for act in duties.own if act.counts(day)], reading["goods"])
        value = 0.0 if points is None else sum(points.values())
        rows.append((f"from {day.day} {day:%b %Y}", "subject", 100 * value))
    goods = "all goods" if reading["goods"] == ALL else f"{reading['goods']} goods"
    return Picture("bars", f"Points added by acts on {goods} from {origin}", "points", tuple(rows))


def _refuse_unknown(statement: RateInForce, schedule: Schedule, own: Sequence[Act]) -> None:
    authorities = sorted({act.authority for act in own})
    for name in statement.of_which:
        if name not in authorities:
            raise UnknownLabel(f"no act of {schedule.name} on {statement.origin} is by {name!r}"
                               f"{nearest(name, authorities)}; it has {', '.join(authorities)}")  # fmt: skip
    known = [COVERED, ALL, *schedule.lists]
    for goods in statement.readings.goods or ():
        if goods not in known:
            raise UnknownLabel(f"no list of goods {goods!r}{nearest(goods, known)}; write {COVERED}, {ALL} or a list")
