"""The state of the page as the query of its URL: readable, stable, and versioned.

    /?v=1&case=us-tariffs-on-india-2025&do=tariff_add&from=IND&to=USA&goods=textiles&by=25&look=IND&partner=USA

The n-th `do`, `from`, `to`, `goods` and `by` make the n-th row of the form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import parse_qsl, quote_plus, urlencode

from entrepot.app.web.desk.form_rows import ROW_KINDS, FormRow
from entrepot.core.errors import InvalidDocument, listed, nearest

VERSION = "1"
DEFAULT_CASE = "us-tariffs-on-india-2025"
OWN = "own"
"""The value of `case` for a scenario that starts empty."""
ROW_FIELDS = ("do", "from", "to", "goods", "by")
SINGLE_FIELDS = (
    "v",
    "case",
    "on",
    "option",
    "title",
    "baseline",
    "model",
    "deficits",
    "elasticities",
    "look",
    "partner",
)
PARAMETER_PREFIX = "set."
TRACKING_PREFIXES = ("utm_", "fbclid", "gclid", "msclkid", "mc_")
"""Fields that mail programs and social networks add to shared links; ignored."""
MAX_ROWS = 40
MAX_FIELDS = 6 * MAX_ROWS + 60
MAX_LENGTH = 16_000  # characters; forty rows have 3,000
ADD, REMOVE, KEEP = "add", "remove", "keep"
MAX_KEPT = 3


@dataclass(frozen=True)
class UrlState:
    """The state of the page.

    Attributes
    ----------
    case
        Shipped scenario to start from, or `OWN`.
    on
        Date whose rules are in force, as text; blank for that of the case.
    option
        Option of the case; blank for the first.
    title
        Title of a modified scenario.
    baseline
        What the change comes on top of; blank for the base year.
    model, deficits, elasticities
        Assumptions; blank for the default.
    look, partner
        Focus: exporter and importer; blank for those most affected.
    without
        Numbers of the instruments of the case that are left out, from 1.
    parameters
        Parameters of the case, in per cent, as text.
    rows
        Instruments that are added.
    kept
        Queries of other states, whose answers stand beside this one.
    """

    case: str = DEFAULT_CASE
    on: str = ""
    option: str = ""
    title: str = ""
    baseline: str = ""
    model: str = ""
    deficits: str = ""
    elasticities: str = ""
    look: str = ""
    partner: str = ""
    without: tuple[int, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    rows: tuple[FormRow, ...] = ()
    kept: tuple[str, ...] = ()

    def query(self) -> str:
        """Return the query string, default values left out: equal states have equal queries."""
        single = [(name, getattr(self, name)) for name in SINGLE_FIELDS[2:]]
        pairs = [("v", VERSION), ("case", self.case), *((name, value) for name, value in single if value)]
        pairs += [("without", str(number)) for number in self.without]
        pairs += [(PARAMETER_PREFIX + name, value) for name, value in sorted(self.parameters.items())]
        for row in self.rows:
            pairs += zip(ROW_FIELDS, (row.do, row.source, row.target, row.goods, row.by), strict=True)
        pairs += [(KEEP, text) for text in self.kept]
        return urlencode(pairs, quote_via=lambda text, *_: quote_plus(text, safe=",-."))

    def updated(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    @property
    def keeping(self) -> Self:
        """The same state with its own answer among those kept, the oldest dropped where there are too many."""
        own = self.updated(kept=()).query()
        return self.updated(kept=tuple(dict.fromkeys([*self.kept, own]))[-MAX_KEPT:])

    @property
    def modified(self) -> bool:
        """Whether the scenario differs from the shipped one in more than parameters and date."""
        return bool(self.rows or self.without or self.title)


def parse(query: str) -> UrlState:
    """Return the state of a query string, with its button press (a row to add or remove) applied.

    Raises
    ------
    InvalidDocument
        Unknown fields, incomplete rows, or too many fields.
    """
    if len(query) > MAX_LENGTH:
        raise InvalidDocument(f"the URL query has {len(query)} characters and is too long; use at most {MAX_LENGTH}")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InvalidDocument(f"the URL has more than {MAX_FIELDS} fields; remove some") from None
    pairs = [(name, value) for name, value in pairs if not name.startswith(TRACKING_PREFIXES)]
    known = {*SINGLE_FIELDS, *ROW_FIELDS, "without", ADD, REMOVE, KEEP}
    unknown = [name for name, _ in pairs if name not in known and not name.startswith(PARAMETER_PREFIX)]
    if unknown:
        raise InvalidDocument(
            f"the URL has the unknown field {listed(unknown)}{nearest(unknown[0], sorted(known))}; remove it"
        )
    single = {name: value.strip() for name, value in reversed(pairs) if name in SINGLE_FIELDS}  # the first one counts
    if single.pop("v", VERSION) != VERSION:
        raise InvalidDocument(f"the URL has another version; write v={VERSION}")
    state = UrlState(
        **{name: value for name, value in single.items() if value},
        without=_numbers([value for name, value in pairs if name == "without"]),
        parameters={
            name.removeprefix(PARAMETER_PREFIX): value.strip()
            for name, value in pairs
            if name.startswith(PARAMETER_PREFIX)
        },
        kept=tuple(dict.fromkeys(value for name, value in pairs if name == KEEP))[-MAX_KEPT:],
        rows=_rows({name: [value for key, value in pairs if key == name] for name in ROW_FIELDS}),
    )
    return _button_applied(state, {name: value for name, value in pairs if name in (ADD, REMOVE)})


def _numbers(texts: Sequence[str]) -> tuple[int, ...]:
    for text in texts:
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text)):
            raise InvalidDocument(f"without={text}: write the number of an instrument of the case, from 1")
    return tuple(sorted({int(text) for text in texts}))


def _rows(columns: dict[str, list[str]]) -> tuple[FormRow, ...]:
    counts = {len(column) for column in columns.values()}
    if len(counts) > 1:
        found = ", ".join(f"{len(column)} {name}" for name, column in columns.items())
        raise InvalidDocument(f"a line has one each of {', '.join(ROW_FIELDS)}; found {found}")
    if max(counts) > MAX_ROWS:
        raise InvalidDocument(f"found {max(counts)} lines; use at most {MAX_ROWS}")
    rows = tuple(FormRow(*(cell.strip() for cell in cells)) for cells in zip(*columns.values(), strict=True))
    for row in rows:
        if row.do not in ROW_KINDS:
            raise InvalidDocument(f"do={row.do}{nearest(row.do, list(ROW_KINDS))}; choose {', '.join(ROW_KINDS)}")
    return rows


def _button_applied(state: UrlState, button: dict[str, str]) -> UrlState:
    if ADD in button:
        if len(state.rows) >= MAX_ROWS:
            return state
        return state.updated(rows=(*state.rows, FormRow.following(state.rows[-1] if state.rows else None)))
    number = button.get(REMOVE, "")
    if number.isascii() and number.isdigit() and len(number) <= 3:
        kept = tuple(row for position, row in enumerate(state.rows, start=1) if position != int(number))
        return state.updated(rows=kept)
    return state
