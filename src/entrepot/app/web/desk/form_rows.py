"""One line of the page: who does what to whose goods, by how much, and the instrument that it is."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from entrepot.core.errors import InvalidDocument


@dataclass(frozen=True)
class Kind:
    """What a line can do.

    Attributes
    ----------
    label
        As the page offers it.
    low, high, usual
        Of its slider, in per cent; None where it has no number.
    unit
        What the number is.
    instrument
        The instrument of a scenario, without its countries and goods.
    one_country
        Whether it is about what is made in a country, not about what is sold to another.
    """

    label: str
    low: float | None
    high: float | None
    usual: float
    unit: str
    instrument: Callable[[float], dict[str, Any]]
    one_country: bool = False


def _percent(number: float) -> str:
    return f"{number!r} %" if number != int(number) else f"{int(number)} %"


KINDS = {
    "tariff_add": Kind("Buyer adds import duty", 0, 100, 25, "points",
                       lambda by: {"kind": "tariff", "add": _percent(by)}),
    "tariff_set": Kind("Buyer sets import duty", 0, 100, 0, "% of value",
                       lambda by: {"kind": "tariff", "set": _percent(by)}),
    "iceberg": Kind("Other costs of trade change", -50, 100, -10, "%",
                    lambda by: {"kind": "iceberg", "change": _percent(by)}),
    "export_tax": Kind("Seller taxes exports", -30, 60, 10, "points",
                       lambda by: {"kind": "export_tax", "add": _percent(by)}),
    "quota": Kind("Buyer limits the quantity", 5, 150, 80, "% of today's",
                  lambda by: {"kind": "quota", "at_most": _percent(by), "rent": "importer"}),
    "embargo": Kind("No trade at all", None, None, 0, "", lambda by: {"kind": "embargo"}),
    "productivity": Kind("Makers become more productive", -30, 50, 5, "%",
                         lambda by: {"kind": "productivity", "change": _percent(by)}, one_country=True),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Who does what to whose goods, by how much: words of a scenario, several with commas; `by` in per cent."""

    do: str = "tariff_add"
    source: str = "all"
    target: str = "all"
    goods: str = "goods"
    by: str = "25"

    @classmethod
    def fresh(cls, last: "Line | None") -> "Line":
        """Return what a new line begins as: the last one's countries, other goods to be chosen."""
        return cls(source=last.source, target=last.target) if last else cls(source="IND", target="USA")

    @property
    def kind(self) -> Kind:
        """What it does."""
        return KINDS[self.do]

    @property
    def number(self) -> float:
        """By how much, in per cent."""
        try:
            number = float(self.by.removesuffix("%").replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InvalidDocument(f"by={self.by[:40]}: write per cent as a number, as 25 or -7.5")
        return number

    def instrument(self) -> dict[str, Any]:
        """Return the line as an instrument of a scenario document.

        Raises
        ------
        InvalidDocument
            No number where one is needed.
        """
        made = self.kind.instrument(self.number if self.kind.unit else 0.0)
        if self.kind.one_country:
            return made | {"country": _words(self.source), "sector": _words(self.goods)}
        return made | {
            "origin": _words(self.source), "destination": _words(self.target), "sector": _words(self.goods),
        }  # fmt: skip


def _words(text: str) -> str | list[str]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    return words[0] if len(words) == 1 else words or "all"
