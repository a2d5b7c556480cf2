"""Rates as people write them."""

import math
import re

LARGEST_BARE_RATE = 5.0  # 5 = 500 %. The highest tariff in any economy we ship or test is 351 %; 25 is a forgotten %.

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
        return float(match[1]) / 100
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise ValueError(f"found {written!r}; write a rate as 0.25 or as '25 %'")  # noqa: TRY004 (pydantic reads it)
    rate = float(written)
    if not math.isfinite(rate):
        raise ValueError(f"found {written}; a rate must be a finite number")
    if abs(rate) > LARGEST_BARE_RATE:
        raise ValueError(f"found {written:g}, which is {100 * rate:g} %; write '{written:g} %' if you mean per cent")
    return rate
