"""One row of the form: an instrument with its countries, goods and amount."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from entrepot.core.errors import InvalidDocument


@dataclass(frozen=True)
class RowKind:
    """A kind of instrument that the form offers.

    Attributes
    ----------
    label
        Label in the form.
    low, high, default
        Range and start value of the slider, in per cent; the ends are None for a kind without an amount.
    unit
        Unit of the amount; blank for a kind without one.
    instrument
        Returns the instrument of a scenario document, without countries and goods, for an amount.
    one_country
        Whether it applies to production in a country instead of trade between two.
    """

    label: str
    low: float | None
    high: float | None
    default: float
    unit: str
    instrument: Callable[[float], dict[str, Any]]
    one_country: bool = False


def _percent(number: float) -> str:
    return f"{number!r} %" if number != int(number) else f"{int(number)} %"


ROW_KINDS = {
    "tariff_add": RowKind("Importer raises tariff", 0, 100, 25, "percentage points",
                          lambda by: {"kind": "tariff", "add": _percent(by)}),
    "tariff_set": RowKind("Importer sets tariff", 0, 100, 0, "% of value",
                          lambda by: {"kind": "tariff", "set": _percent(by)}),
    "iceberg": RowKind("Non-tariff trade cost changes", -50, 100, -10, "%",
                       lambda by: {"kind": "iceberg", "change": _percent(by)}),
    "export_tax": RowKind("Exporter raises export tax", -30, 60, 10, "percentage points",
                          lambda by: {"kind": "export_tax", "add": _percent(by)}),
    "quota": RowKind("Import quota", 5, 150, 80, "% of base-year volume",
                     lambda by: {"kind": "quota", "at_most": _percent(by), "rent": "importer"}),
    "embargo": RowKind("Embargo", None, None, 0, "", lambda by: {"kind": "embargo"}),
    "productivity": RowKind("Productivity changes", -30, 50, 5, "%",
                            lambda by: {"kind": "productivity", "change": _percent(by)}, one_country=True),
}  # fmt: skip


@dataclass(frozen=True)
class FormRow:
    """A row of the form, as text.

    Attributes
    ----------
    do
        Kind, a key of `ROW_KINDS`.
    source, target, goods
        Labels as in a scenario, separated by commas.
    by
        Amount in per cent.
    """

    do: str = "tariff_add"
    source: str = "all"
    target: str = "all"
    goods: str = "goods"
    by: str = "25"

    @classmethod
    def following(cls, last: "FormRow | None") -> "FormRow":
        """Return a new row with the countries of the last one."""
        return cls(source=last.source, target=last.target) if last else cls(source="IND", target="USA")

    @property
    def kind(self) -> RowKind:
        """The kind of the row."""
        return ROW_KINDS[self.do]

    @property
    def number(self) -> float:
        """The amount in per cent.

        Raises
        ------
        InvalidDocument
            Not a finite number.
        """
        try:
            number = float(self.by.removesuffix("%").replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InvalidDocument(f"by={self.by[:40]}: write per cent as a number, as 25 or -7.5")
        return number

    def instrument(self) -> dict[str, Any]:
        """Return the row as an instrument of a scenario document.

        Raises
        ------
        InvalidDocument
            The kind needs an amount, and it is not a number.
        """
        instrument = self.kind.instrument(self.number if self.kind.unit else 0.0)
        if self.kind.one_country:
            return instrument | {"country": _labels(self.source), "sector": _labels(self.goods)}
        return instrument | {
            "origin": _labels(self.source), "destination": _labels(self.target), "sector": _labels(self.goods),
        }  # fmt: skip


def _labels(text: str) -> str | list[str]:
    labels = [label.strip() for label in text.split(",") if label.strip()]
    return labels[0] if len(labels) == 1 else labels or "all"
