"""A claim about a duty, answered by the acts of a schedule."""

import datetime
from functools import cached_property, partial

import numpy as np

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import Provenance
from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.rates import EffectiveRates, effective_rates
from entrepot.policy.schedules.schedule import Schedule
from entrepot.policy.selection import ALL
from entrepot.statements.claims import RateInForce
from entrepot.statements.findings import Finding, Picture, missing
from entrepot.statements.readings import Reading, parse_status


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
        self.own = [number for number, measure in enumerate(schedule.measures) if _names_origins(measure)]
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

    def points(self, day: datetime.date, goods: str) -> np.ndarray | None:
        """Return what each act adds on average, on a class of goods or on all; None where there are no such goods."""
        if day not in self.days:
            self.days[day] = effective_rates(self.schedule, day, [self.origin])
        rates = self.days[day]
        weight = rates.parts["weight"].to_numpy(dtype=float)
        if goods != ALL:
            weight = weight * (rates.parts["class"] == goods).to_numpy()
        if not weight.sum() > 0:
            return None
        mean: np.ndarray = (rates.points * weight).sum(axis=1) / weight.sum()
        return mean


def evaluate_rate(statement: RateInForce, reading: Reading, duties: Duties, origin: str) -> Finding:
    """Return what acts on goods from the origin add, in force on a day or decided by then.

    Acts on goods from everywhere are not counted: the claim is about those on one origin, which a sentence calls
    `origin`.

    Raises
    ------
    UnknownLabel
        An origin, an authority or a class of goods that the schedule does not have.
    """
    status, written = parse_status(reading["status"])
    day = datetime.date.fromisoformat(written)
    schedule, own = duties.schedule, duties.own
    _refuse_unknown(statement, schedule, own)
    counted = [number for number in own if _decided(schedule.measures[number]) <= day]
    waiting = [number for number in counted if schedule.measures[number].effective > day]
    decided = status == "decided by"
    on = max([day, *(schedule.measures[number].effective for number in waiting)]) if decided else day
    points = duties.points(on, reading["goods"])
    if points is None:
        return missing(reading, f"{schedule.name} has no goods of class {reading['goods']!r} from {statement.origin}")
    added: dict[str, float] = {}
    for number in counted:
        authority = schedule.measures[number].authority
        added[authority] = added.get(authority, 0.0) + float(points[number])
    total = sum(added.values())
    claims = {"": (total, statement.rate)} | {
        name: (added.get(name, 0.0), rate) for name, rate in statement.of_which.items()
    }
    off = max(abs(found - claimed) for found, claimed in claims.values())
    notes = [] if decided else [_waiting(schedule.measures[number]) for number in waiting]
    if on > schedule.known_until:
        notes.append(f"acts are entered up to {schedule.known_until} only")
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


def _waiting(measure: Act) -> str:
    rate = f"{100 * measure.rate:g} %" if isinstance(measure.rate, float) else "rates by origin"
    return (
        f"decided, not in force: {measure.authority} {rate}, decided on {measure.decided}, in force from "
        f"{measure.effective} ({measure.act})"
    )


def _picture(statement: RateInForce, reading: Reading, duties: Duties, origin: str) -> Picture:
    """Return the rate on the reading's goods from each day on which it changed, up to the last day of any reading."""
    own = [duties.schedule.measures[number] for number in duties.own]
    until = max(datetime.date.fromisoformat(parse_status(status)[1]) for status in statement.readings.status or ())
    rows = []
    for day in sorted({measure.effective for measure in own if measure.effective <= until}):
        points = duties.points(day, reading["goods"])
        value = 0.0 if points is None else float(points[duties.own].sum())
        rows.append((f"from {day.day} {day:%b %Y}", "subject", 100 * value))
    goods = "all goods" if reading["goods"] == ALL else f"{reading['goods']} goods"
    return Picture("bars", f"Points added by acts on {goods} from {origin}", "points", tuple(rows))


def _refuse_unknown(statement: RateInForce, schedule: Schedule, own: list[int]) -> None:
    authorities = sorted({schedule.measures[number].authority for number in own})
    for name in statement.of_which:
        if name not in authorities:
            raise UnknownLabel(f"no act of {schedule.name} on {statement.origin} is by {name!r}"
                               f"{nearest(name, authorities)}; it has {', '.join(authorities)}")  # fmt: skip
    classes = [chosen.in_class for chosen in schedule.lists.values() if chosen.in_class] + ["covered", ALL]
    for goods in statement.readings.goods or ():
        if goods not in classes:
            raise UnknownLabel(f"no class of goods {goods!r}{nearest(goods, classes)}; write {', '.join(classes)}")


def _decided(measure: Act) -> datetime.date:
    return measure.decided or measure.effective


def _names_origins(measure: Act) -> bool:
    return not isinstance(measure.rate, float) or measure.origin != (ALL,)
