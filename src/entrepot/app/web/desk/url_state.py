"""The state of the page as its address: readable, stable, numbered, and what it means as a question.

    /?v=1&case=us-tariffs-on-india-2025&do=tariff_add&from=IND&to=USA&goods=textiles&by=25&look=IND&partner=USA

A line is what stands at the same place in `do`, `from`, `to`, `goods` and `by`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import parse_qsl, quote_plus, urlencode

from entrepot.app.web.desk.form_rows import KINDS, Line
from entrepot.core.errors import InvalidDocument, listed, nearest

VERSION = "1"
CASE = "us-tariffs-on-india-2025"
OWN = "own"
"""The case of who begins with nothing."""
LINE = ("do", "from", "to", "goods", "by")
ONCE = ("v", "case", "on", "option", "title", "model", "deficits", "elasticities", "look", "partner")
SETTING = "set."
TRACKERS = ("utm_", "fbclid", "gclid", "msclkid", "mc_")
"""Beginnings of fields that others add to an address that is passed on; they are no part of the state."""
MOST_LINES = 40
LONGEST = 16_000  # letters of an address; forty lines have 3,000
ADD, REMOVE = "add", "remove"


@dataclass(frozen=True)
class Address:
    """What the page shows.

    Attributes
    ----------
    case
        A shipped scenario to begin with, or `OWN`.
    without
        Which of the case's instruments are left out, from 1.
    settings
        Parameters of the case, in per cent.
    lines
        What is added.
    """

    case: str = CASE
    on: str = ""
    option: str = ""
    title: str = ""
    model: str = ""
    deficits: str = ""
    elasticities: str = ""
    look: str = ""
    partner: str = ""
    without: tuple[int, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()

    def text(self) -> str:
        """Return the query of the address, fields that say nothing left out: the same state is always the same text."""
        said = [(name, getattr(self, name)) for name in ONCE[2:]]
        pairs = [("v", VERSION), ("case", self.case), *((name, value) for name, value in said if value)]
        pairs += [("without", str(number)) for number in self.without]
        pairs += [(SETTING + name, value) for name, value in sorted(self.settings.items())]
        for line in self.lines:
            pairs += zip(LINE, (line.do, line.source, line.target, line.goods, line.by), strict=True)
        return urlencode(pairs, quote_via=lambda text, *_: quote_plus(text, safe=",-."))

    def like(self, **changes: Any) -> Self:
        """Return the same with something else."""
        return replace(self, **changes)

    @property
    def changed(self) -> bool:
        """Whether the case is no longer the shipped one but for its parameters and date."""
        return bool(self.lines or self.without or self.title)


def read(query: str) -> Address:
    """Return the state that an address describes, what was pressed on it (a line to add or remove) already done.

    Raises
    ------
    InvalidDocument
        Fields that do not exist, lines of which a part is missing, too much of anything.
    """
    if len(query) > LONGEST:
        raise InvalidDocument(f"an address of {len(query)} letters is too long; {LONGEST} is the most")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=6 * MOST_LINES + 60)
    except ValueError:
        raise InvalidDocument(f"the address has more than {6 * MOST_LINES + 60} fields; leave some out") from None
    pairs = [(name, value) for name, value in pairs if not name.startswith(TRACKERS)]
    known = {*ONCE, *LINE, "without", ADD, REMOVE}
    unknown = [name for name, _ in pairs if name not in known and not name.startswith(SETTING)]
    if unknown:
        raise InvalidDocument(
            f"the address has the unknown field {listed(unknown)}{nearest(unknown[0], sorted(known))}; remove it"
        )
    found = {name: value.strip() for name, value in reversed(pairs) if name in ONCE}  # the first one counts
    if found.pop("v", VERSION) != VERSION:
        raise InvalidDocument(f"the address is of another version; this desk reads v={VERSION}")
    address = Address(
        **{name: value for name, value in found.items() if value},
        without=_numbers([value for name, value in pairs if name == "without"]),
        settings={name.removeprefix(SETTING): value.strip() for name, value in pairs if name.startswith(SETTING)},
        lines=_lines({name: [value for key, value in pairs if key == name] for name in LINE}),
    )
    pressed = {name: value for name, value in pairs if name in (ADD, REMOVE)}
    return _pressed(address, pressed)


def _numbers(written: Sequence[str]) -> tuple[int, ...]:
    for text in written:
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text)):
            raise InvalidDocument(f"without={text}: write the number of an instrument of the case, from 1")
    return tuple(sorted({int(text) for text in written}))


def _lines(columns: dict[str, list[str]]) -> tuple[Line, ...]:
    counts = {len(column) for column in columns.values()}
    if len(counts) > 1:
        said = ", ".join(f"{len(column)} {name}" for name, column in columns.items())
        raise InvalidDocument(f"a line has one each of {', '.join(LINE)}; found {said}")
    if max(counts) > MOST_LINES:
        raise InvalidDocument(f"found {max(counts)} lines; {MOST_LINES} is the most")
    lines = tuple(Line(*(part.strip() for part in parts)) for parts in zip(*columns.values(), strict=True))
    for line in lines:
        if line.do not in KINDS:
            raise InvalidDocument(f"do={line.do}{nearest(line.do, list(KINDS))}; choose {', '.join(KINDS)}")
    return lines


def _pressed(address: Address, pressed: dict[str, str]) -> Address:
    if ADD in pressed:
        fresh = Line.fresh(address.lines[-1] if address.lines else None)
        return address.like(lines=(*address.lines, fresh)) if len(address.lines) < MOST_LINES else address
    number = pressed.get(REMOVE, "")
    if number.isascii() and number.isdigit() and len(number) <= 3:
        gone = int(number)
        kept = tuple(line for number, line in enumerate(address.lines, start=1) if number != gone)
        return address.like(lines=kept)
    return address
