"""The table of outcomes: every number of the world after a change that can be asked for by name.

An outcome is written as a word and codes, ``real_income:IND`` or ``trade:IND:USA:textiles``. All facts about a word
that need no arrays stand in one row here; texts, help and checks read them. How an outcome is computed stands in
`equilibrium.derivatives.evaluation`, by the same words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from entrepot.core.errors import UnknownLabel, nearest

LabelKind = Literal["country", "countries", "sectors"]
"""What one code after the word may be: one country; countries or groups; sectors or groups."""

BORDER_PRICE = "border_price"
"""What price caps measure: a mean ratio to the base year, an outcome that has no text of its own."""
PLACEHOLDER = "{outcomes}"
"""Stands in a docstring where the list of outcomes belongs; see `with_outcomes`."""


@dataclass(frozen=True)
class OutcomeKind:
    """One kind of outcome.

    Attributes
    ----------
    word
        What the text of an outcome begins with.
    pattern
        What follows, separated by colons. Sectors may be left out.
    phrase
        In a sentence: "the balance of trade".
    example
        As a user would write it.
    note
        For the documentation, where the phrase leaves something open.
    is_ratio
        Whether it is a ratio to the base year, shown as a change in per cent; else a value in the unit of the economy.
    by_country
        Whether one pass computes it for all countries, so that ``all`` may stand for the country in a study.
    never_negative
        Whether it is a sum of sales or output; ratios are above zero besides.
    better
        Which direction is an improvement where a question does not say.
    between
        Joins two countries in a sentence: sales of India *to* the United States.
    partner_optional
        Whether the second code may be left out and then stands for all countries.
    """

    word: str
    pattern: tuple[LabelKind, ...]
    phrase: str
    example: str
    note: str = ""
    is_ratio: bool = False
    by_country: bool = False
    never_negative: bool = False
    better: Literal["higher", "lower"] = "higher"
    between: str = "with"
    partner_optional: bool = False

    @property
    def optional(self) -> int:
        """How many codes at the end may be left out."""
        return sum(place == "sectors" for place in self.pattern) + self.partner_optional

    @property
    def form(self) -> str:
        """How it is written: ``price:COUNTRY:SECTORS``."""
        return ":".join([self.word, *(place.upper() for place in self.pattern)])

    @property
    def described(self) -> str:
        """The phrase with the note: "sales (before duty)"."""
        return f"{self.phrase} ({self.note})" if self.note else self.phrase

    @property
    def label(self) -> str:
        """The word as a heading: "real income"."""
        return self.word.replace("_", " ")


_COUNTRY: tuple[LabelKind, ...] = ("country",)
_GOODS: tuple[LabelKind, ...] = ("countries", "sectors")
_FLOW: tuple[LabelKind, ...] = ("countries", "countries", "sectors")
_KINDS = (
    OutcomeKind("real_income", _COUNTRY, "real income", "real_income:IND", is_ratio=True, by_country=True),
    OutcomeKind("real_wage", _COUNTRY, "the real wage", "real_wage:IND", is_ratio=True, by_country=True),
    OutcomeKind(
        "consumer_price", _COUNTRY, "consumer prices", "consumer_price:USA",
        is_ratio=True, by_country=True, better="lower",
    ),
    OutcomeKind(
        "price", ("country", "sectors"), "prices", "price:USA:C26", "duty included", is_ratio=True, better="lower",
    ),
    OutcomeKind("output", _GOODS, "output", "output:IND:textiles", "at producer prices", never_negative=True),
    OutcomeKind("trade", _FLOW, "sales", "trade:IND:USA", "before duty", never_negative=True, between="to"),
    OutcomeKind(
        "volume", _FLOW, "sales by volume", "volume:IND:USA", "at border prices of the base year",
        never_negative=True, between="to",
    ),
    OutcomeKind("exports", _GOODS, "exports", "exports:IND", "before duty", never_negative=True),
    OutcomeKind("imports", _GOODS, "imports", "imports:IND", "before duty", never_negative=True),
    OutcomeKind(
        "balance", _FLOW, "the balance of trade", "balance:IND:RUS", "exports less imports, before duty",
        partner_optional=True,
    ),
    OutcomeKind(
        "two_way", _FLOW, "two-way trade", "two_way:IND:RUS", "exports and imports, before duty",
        never_negative=True, between="and",
    ),
    OutcomeKind("tariff_revenue", _COUNTRY, "duty collected", "tariff_revenue:USA", by_country=True),
)  # fmt: skip

OUTCOMES = {kind.word: kind for kind in _KINDS}
"""Every kind of outcome by its word, in the order of help texts."""


def kind_of(text: str) -> OutcomeKind:
    """Return the kind of outcome that a text begins with.

    Raises
    ------
    UnknownLabel
        No such word, with the nearest one.
    """
    word = str(text).partition(":")[0]
    if word not in OUTCOMES:
        raise UnknownLabel(f"no outcome {word!r}{nearest(word, list(OUTCOMES))}; choose {', '.join(OUTCOMES)}")
    return OUTCOMES[word]


def examples() -> str:
    """Return one example of every kind, for help texts."""
    return ", ".join(kind.example for kind in OUTCOMES.values())


Function = TypeVar("Function", bound=Callable[..., Any])


def with_outcomes(function: Function) -> Function:
    """Return a function with the list of outcomes in its docstring, one line each, in place of ``{outcomes}``."""
    if function.__doc__:  # none under python -OO
        before, found, after = function.__doc__.partition(PLACEHOLDER)
        indent = " " * (len(before) - len(before.rstrip(" ")))
        lines = (f"- ``{kind.example}``: {kind.described}" for kind in OUTCOMES.values())
        function.__doc__ = before + (f"\n{indent}".join(lines) if found else "") + after
    return function
