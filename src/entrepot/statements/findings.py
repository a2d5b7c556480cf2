"""What the figures say under one reading, in numbers and in words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from entrepot.statements.readings import ANY, Reading, parse_amount
from entrepot.statements.statement import Statements

MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
PRODUCTS = {"all_goods": "all goods", "oil_products": "oil products", "lng": "LNG", "pipeline_gas": "pipeline gas"}
DIMENSIONS = {
    "scope": "whose trade", "base": "base year", "at_least": "threshold", "minimum": "smallest partner",
    "bloc": "bloc or members", "measure": "amount or per cent", "unit": "value or volume", "status": "day",
}  # fmt: skip
"""What a reader calls the dimensions, where that is another word."""
UNITS = {"USD million": "dollars", "Mt": "tonnes", "bcm": "cubic metres"}


@dataclass(frozen=True)
class Picture:
    """What the chart of a card shows: bars of a ranking, or lines over years.

    Attributes
    ----------
    kind
        ``bars`` or ``lines``.
    title, unit
        What is shown.
    rows
        Label, series, value; the series of a bar is ``subject`` or ``other``.
    """

    kind: str
    title: str
    unit: str
    rows: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Finding:
    """What one reading comes to.

    Attributes
    ----------
    reading
        Which.
    holds
        Whether the claim holds under it; None where it could not be evaluated.
    said
        The numbers in words, or why it could not be evaluated.
    numbers
        By name, in `unit` unless the name says otherwise (``_share`` and ``_rate`` are fractions).
    unit
        Of the numbers.
    gap
        How far the claim is from turning, positive where it holds: a share of the larger of the two things compared.
    sources
        Names of what was read.
    notes
        What a reader must know: kinds of years, partners left out, lower bounds.
    draw
        What makes the card's chart, of the natural reading only; it costs time, so it waits until it is wanted.
    """

    reading: Reading
    holds: bool | None
    said: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    gap: float | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draw: Callable[[], Picture | None] | None = None

    @property
    def picture(self) -> Picture | None:
        """The card's chart."""
        return self.draw() if self.draw is not None else None


def missing(reading: Reading, why: str, sources: tuple[str, ...] = ()) -> Finding:
    """Return the finding of a reading that could not be evaluated."""
    return Finding(reading, None, why, sources=sources)


def lead(one: float, other: float) -> float:
    """Return by how much one number is above another, as a share of the larger in size."""
    size = max(abs(one), abs(other))
    return (one - other) / size if size else 0.0


def quantity(value: float, unit: str, sign: bool = False) -> str:
    """Return "USD 58.93 billion" or "100.7 Mt"."""
    if unit == "USD million" and abs(value) >= 1000:
        value, before, after = value / 1000, "USD ", " billion"
    elif unit == "USD million":
        before, after = "USD ", " million"
    else:
        before, after = "", f" {unit}"
    mark = MINUS if value < 0 else "+" if sign else ""
    decimals = 2 if abs(value) < 100 else 1
    return f"{before}{mark}{abs(value):,.{decimals}f}{after}".replace(" ", NO_BREAK)


def round_amount(written: str) -> str:
    """Return "USD 1 billion" for "1000 USD million"."""
    value, unit = parse_amount(written)
    return re.sub(r"\.0+(?=\D)", "", quantity(value, unit))


def per_cent(share: float, sign: bool = False, decimals: int = 1) -> str:
    """Return "−12.3 %" for -0.123."""
    mark = MINUS if share < 0 else "+" if sign else ""
    return f"{mark}{100 * abs(share):,.{decimals}f}{NO_BREAK}%"


def product_name(written: str) -> str:
    """Return what a sentence calls a product of the facts, or a sum of them."""
    words = [word.strip() for word in written.split("+")]
    chapters = [word[2:] for word in words if word.startswith("hs")]
    names = [PRODUCTS.get(word, word) for word in words if not word.startswith("hs")]
    if chapters:
        names.append(f"HS chapter{'s' if len(chapters) > 1 else ''} {joined(chapters)}")
    return joined(names)


def phrase(dimension: str, value: str, reading: Reading, statements: Statements) -> str:
    """Return what a sentence calls one value of a dimension: "in dollars", "against 2021", "for crude"."""
    return {
        "scope": value,
        "flow": "for two-way trade" if value == "two-way" else f"for {value}",
        "product": f"for {product_name(value)}",
        "period": f"in {value}",
        "base": f"against {value}",
        "measure": _measure(value, reading),
        "unit": f"in {UNITS.get(value, value)}",
        "bloc": _bloc(value, statements),
        "minimum": f"among partners of at least {round_amount(value)}" if dimension == "minimum" else "",
        "source": f"by {value}",
        "at_least": "if anything counts" if value == ANY else f"if only {value} or more counts",
        "amount": f"for {value}",
        "increase": f"with a rise of {value}",
        "status": f"as {value}",
        "goods": "averaged over all goods" if value == "all" else f"on {value} goods",
    }[dimension]


def joined(words: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def in_words(reading: Reading, statements: Statements, only: set[str] | None = None) -> str:
    """Return a reading in words, all its dimensions or only some."""
    return ", ".join(
        phrase(name, value, reading, statements)
        for name, value in reading.options.items()
        if only is None or name in only
    )


def short(dimension: str, value: str) -> str:
    """Return a value of a dimension as the rows of a grid have it: few letters."""
    if dimension == "product":
        return product_name(value)
    if dimension == "minimum":
        return f"from {round_amount(value)}"
    if dimension in ("at_least", "increase"):
        return value if value == ANY else f"{'from ' if dimension == 'at_least' else '+'}{value}"
    return {"base": f"since {value}", "goods": f"{value} goods"}.get(dimension, value)


def _measure(value: str, reading: Reading) -> str:
    if value == "per cent":
        return "in per cent"
    unit = UNITS.get(reading.get("unit", "USD million"), "")
    return f"in {unit}" if value == "change" else "by amount"


def _bloc(value: str, statements: Statements) -> str:
    if value == "by member":
        return "by single states"
    return f"with {' and '.join(bloc.name for bloc in statements.blocs.values())} as one"
