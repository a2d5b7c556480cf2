"""Scenarios made of changes that are written in one line each (`core.changes`)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.core.changes import ALL, CHANGES, parse_change
from entrepot.core.errors import InvalidShock, listed
from entrepot.data import shipped
from entrepot.data.documents import Document, Place
from entrepot.policy.instruments.instrument import Instrument
from entrepot.policy.scenario_parts import AnyInstrument
from entrepot.policy.schedules.schedule import load_schedule
from entrepot.policy.schedules.sector_duties import ScheduleRates

Changes = Mapping[str, Sequence[str] | str | None]
"""Lines by kind: ``{"tariff": ["CHN:EU27:cars=+30%"]}``; one line may stand alone."""
REFERENCE = "User-defined; no legal act"
MOST_NAMED = 3  # changes in a title; more are counted


def changes_document(changes: Changes, title: str | None, date: datetime.date | str | None) -> Document:
    """Return the scenario document that lines of changes mean.

    Parameters
    ----------
    changes
        At least one line.
    title
        Left out, the scenario makes one of its instruments.
    date
        The day whose rules are meant; left out, today.

    Raises
    ------
    InputError
        A line that is not of its form, or no line at all.
    """
    content = {
        "title": title or REFERENCE,
        "reference": REFERENCE,
        "date": str(date or datetime.datetime.now(tz=datetime.UTC).date()),
        "instruments": [],
    }
    return with_lines(Document(content), changes)


def with_lines(document: Document, changes: Changes) -> Document:
    """Return a scenario document with changes added to its instruments; messages name the line.

    Raises
    ------
    InputError
        As `changes_document`.
    """
    lines = [
        (kind, line) for kind, some in changes.items() for line in ([some] if isinstance(some, str) else some or ())
    ]
    if not lines:
        first = next(iter(CHANGES.values()))
        raise InvalidShock(f"no change is given; write one, such as {first.option} {first.example}")
    before: list[Any] = document.content.get("instruments", [])
    places: dict[Place, str] = {
        ("instruments", len(before) + number): f"{CHANGES[kind].option} {line}" if kind in CHANGES else line
        for number, (kind, line) in enumerate(lines)
    }
    added = [parse_change(kind, line) for kind, line in lines]
    return document.saying({**document.content, "instruments": [*before, *added]}, places)


def titled(document: Document, instruments: Sequence[Instrument], before: str = "") -> Document:
    """Return a document whose title says in words what some instruments change, after the title `before`."""
    phrases = [one.phrase() for one in instruments[:MOST_NAMED]]
    if len(instruments) > MOST_NAMED:
        phrases.append(f"{len(instruments) - MOST_NAMED} more changes")
    title = "; ".join([before, *phrases] if before else phrases)
    return document.saying({**document.content, "title": title[:1].upper() + title[1:]}, {})


def answered(content: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the content of a scenario with an answer to every import duty that the other side does not meet already.

    Parameters
    ----------
    content
        May be changed.
    kind
        A value of the field ``answer`` of tariffs.

    Raises
    ------
    InvalidShock
        There is no duty to answer.
    """
    lists = [content.get("instruments", []), *(one["instruments"] for one in content.get("options", {}).values())]
    found = 0
    for instruments in lists:
        duties = [one for one in (*lists[0], *(instruments if instruments is not lists[0] else ()))
                  if one["kind"] == "tariff"]  # fmt: skip
        sides = [(_side(one, "origin"), _side(one, "destination")) for one in duties]
        for duty, (origin, destination) in zip(duties, sides, strict=True):
            if (destination, origin) not in sides:
                duty["answer"] = kind
                found += 1
    if not found:
        raise InvalidShock("there is no import duty to answer: each has its answer already, or there is none")
    content["title"] = f"{content['title']}, answered in kind"
    return content


def met(content: dict[str, Any], date: datetime.date) -> dict[str, Any]:
    """Return the content of a scenario with the answers in force on a day: schedules of other countries.

    Parameters
    ----------
    content
        May be changed.
    date
        The day.

    Raises
    ------
    InvalidShock
        No shipped schedule has acts in force on that day on goods from a country that levies a duty here.
    """
    lists = [content.get("instruments", []), *(one["instruments"] for one in content.get("options", {}).values())]
    levying = {word for some in lists for one in some if one["kind"] == "tariff" for word in _side(one, "destination")}
    found = []
    for name in shipped.names("schedules"):
        schedule = load_schedule(name)
        acts = [act for act in schedule.measures if act.counts(date)]
        if acts and levying & {*schedule.origins}:
            found.append({"kind": "tariff", "add": {"schedule": name}, "destination": schedule.destination,
                          "origin": sorted(levying & {*schedule.origins})})  # fmt: skip
    if not found:
        raise InvalidShock(
            f"no shipped schedule has acts in force on {date} on goods from {listed(sorted(levying)) or 'nobody'}; "
            "choose another day, or answer in kind"
        )
    content["instruments"] = [*lists[0], *found]
    content["title"] = f"{content['title']}, with the answers in force"
    return content


def multiplied(
    instrument: AnyInstrument, acts: Mapping[str, str], factors: Mapping[tuple[str, str], float]
) -> AnyInstrument:
    """Return an instrument whose schedule, if it reads one, has its acts multiplied."""
    rates = getattr(instrument, "add", None)
    if not isinstance(rates, ScheduleRates):
        return instrument
    return instrument.model_copy(update={"add": rates.multiplied(acts, factors)})


def _side(instrument: Mapping[str, Any], name: str) -> frozenset[str]:
    written = instrument.get(name, ALL)
    return frozenset([written] if isinstance(written, str) else written)
