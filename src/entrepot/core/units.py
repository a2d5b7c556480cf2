"""Rates as people write them, and ratios as per cent."""

import datetime
import math
import re
import sys
from collections.abc import Callable
from typing import Any

LARGEST_BARE_RATE = 5.0  # 5 = 500 %. The highest tariff in any economy we ship or test is 351 %; 25 is a forgotten %.

BILLIONS = {"": 1e-9, "thousand": 1e-6, "million": 1e-3, "billion": 1.0}
"""Units of values in files, in billions."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SUM = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*(thousand|million|billion|bn|m)s?\s*$")
_SHORT = {"bn": "billion", "m": "million"}
_MONEY = re.compile(r"^\s*([A-Z]{3})\b(?:\s+(thousand|million|billion)s?\b)?")
_PERCENT = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*%\s*$")


def parse_rate(written: object) -> float:
    """Return the rate, 0.25 for ``0.25`` and for ``"25 %"``.

    Raises
    ------
    ValueError
        Not a finite rate, or a bare number so large that its per cent sign was forgotten.
    """
    if isinstance(written, str):
        match = _PERCENT.match(written)
        if match is None:
            raise ValueError(f"found {written!r}; write a rate as 0.25 or as '25 %'")
        return _finite(float(match[1]) / 100, written)
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise ValueError(f"found {written!r}; write a rate as 0.25 or as '25 %'")  # noqa: TRY004 (pydantic reads it)
    rate = _finite(float(written) if abs(written) < sys.float_info.max else math.inf, written)
    if abs(rate) > LARGEST_BARE_RATE:
        raise ValueError(f"found {written:g}, which is {100 * rate:g} %; write '{written:g} %' if you mean per cent")
    return rate


def parse_rate_cell(written: str) -> float:
    """Return the rate in a cell of a table, where numbers are text too: "0.25" and "25 %"."""
    try:
        number = float(written)
    except ValueError:
        return parse_rate(written)
    return parse_rate(number)


def rate_where(allowed: Callable[[float], bool], why: str) -> Callable[[object], float]:
    """Return what reads a rate as `parse_rate` does, and refuses those that are not allowed, with the reason."""

    def read(written: object) -> float:
        rate = parse_rate(written)
        if not allowed(rate):
            raise ValueError(f"found {100 * rate:g} %; {why}")
        return rate

    return read


def parse_bounds(written: str) -> tuple[float | None, float | None]:
    """Return the lower and the upper bound, (-0.4, 0.0) for ``"-40%..0%"``; an end that is left out is None.

    Raises
    ------
    ValueError
        No two dots, no end at all, or an end that is not a number.
    """
    low, dots, high = written.partition("..")
    if not dots or not (low.strip() or high.strip()):
        raise ValueError(f"found {written!r}; write two bounds with two dots between, as -40%..0%")
    return _bound(low.strip(), written), _bound(high.strip(), written)


def _bound(text: str, whole: str) -> float | None:
    try:
        return None if not text else float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise ValueError(f"found {whole!r}: {text!r} is no number; write bounds as -40%..0%") from None


def parse_date(written: object) -> datetime.date:
    """Return what can only be meant as a day: numbers, which could be seconds or years, are refused.

    Raises
    ------
    ValueError
        Not a date as 2025-08-27, or one that no calendar has.
    """
    if isinstance(written, datetime.datetime) and written.time() == datetime.time():
        return written.date()
    if isinstance(written, datetime.date) and not isinstance(written, datetime.datetime):
        return written
    text = str(written).strip()
    if not isinstance(written, int | float) and _DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"found {text!r}: {error}; write a date as 2025-08-27") from None
    raise ValueError(f"found {str(written)[:40]!r}; write a date as 2025-08-27")


def parse_sum(written: object) -> float:
    """Return a sum of money in billions: 30 for ``"30 billion"`` and ``"30bn"``, 0.5 for ``"500 million"``.

    Raises
    ------
    ValueError
        Not of that form; a bare number does not say its unit.
    """
    match = _SUM.match(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError(f"found {str(written)[:40]!r}; write a sum as '30 billion' or '500 million'")
    return float(match[1]) * BILLIONS[_SHORT.get(match[2], match[2])]


def _finite(rate: float, written: object) -> float:
    if not math.isfinite(rate):
        raise ValueError(f"found {str(written)[:40]}; a rate must be a finite number")
    return rate


def parse_money(written: str) -> tuple[str, float]:
    """Return the currency and the factor that turns values into billions of it.

    "USD million" is ("USD", 0.001) and "EUR" alone ("EUR", 1e-9). A text that names no currency is taken as millions
    of XXX, the code of ISO 4217 for none: the figures are right up to their unit, which a reader is told is unknown.
    """
    match = _MONEY.match(written)
    if match is None:
        return "XXX", BILLIONS["million"]
    return match[1], BILLIONS[match[2] or ""]


def pct(hat: Any) -> Any:
    """Return a ratio, or a column of them, as a change in per cent."""
    return 100 * (hat - 1)
