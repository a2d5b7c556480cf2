"""Names of columns and of tables as people read them, and how their numbers are written.

A name ends in its unit: ``_pct`` per cent, ``_bn`` billions of the economy's currency; ``_cf`` before that means after
the change. What stands in `FRACTIONS` is a share or a rate of 1.
"""

import math
from collections.abc import Collection

import pandas as pd

from entrepot.report.kit.wording import capital

COLUMNS = {
    "consumer_price_pct": "Consumer prices, change, %",
    "default_at": "Share of draws below the default",
    "equivalent_variation_bn": "Equivalent variation, {currency} billion",
    "hs6": "HS code", "id": "Statement", "of_id": "Statement",
    "output_pct": "Output value, change, %",
    "p5": "5 %", "p25": "25 %", "p75": "75 %", "p95": "95 %",
    "price_pct": "Price, change, %",
    "real_income_hat": "Real income, ratio to the base year",
    "theta": "Trade elasticity",
    "volume_pct": "Output volume, change, %",
    "walras": "Error in the unused equation",
    "why_not": "Why not",
}  # fmt: skip
SHEETS = {
    "curve": "Curve", "draws": "Draws", "fan": "Quantiles", "shares": "Variance shares", "sobol": "Sobol indices",
    "theta": "Elasticities", "wedges": "Wedges", "acts": "Legal acts", "rows": "List", "classes": "By treatment",
}  # fmt: skip
FRACTIONS = frozenset(
    {
        "rate",
        "rate_cf",
        "base",
        "added",
        "share",
        "points",
        "before_rate",
        "default_at",
        "coverage",
        "average_added",
        "turns",
    }
)
LEVELS = ("share", "duty", "revenue")
"""Words of a per cent or a sum that is no change, and gets no plus sign."""
CODED = ("country", "sector", "origin", "destination", "government")
LEAST, MOST = 1, 4  # decimals
NO_DECIMALS = 1e4


def sheet_title(key: str) -> str:
    """Return what a table of a document is called: "Variance shares" for ``shares``."""
    return SHEETS.get(key, capital(key.replace("_", " ")))


def heading(name: str, beside: Collection[str] = (), currency: str = "") -> str:
    """Return the heading of a column.

    Parameters
    ----------
    name
        Of the column.
    beside
        All columns of the table: where one is given before and after the change, both say so, and a column of codes
        beside names is called "Code".
    currency
        Of the values in billions.

    Examples
    --------
    >>> heading("revenue_bn", ["revenue_bn", "revenue_cf_bn"], "USD")
    'Revenue, before, USD billion'
    """
    if name in CODED and "name" in beside:
        return "Code"
    if name == "name":
        return next((capital(one) for one in CODED if one in beside), "Name")
    money = f"{currency} billion".strip()
    if name in COLUMNS:
        return COLUMNS[name].format(currency=currency).replace(",  ", ", ")
    stem, unit = name, ""
    for suffix, said in (("_pct", "%"), ("_bn", money)):
        if name.endswith(suffix):
            stem, unit = name.removesuffix(suffix), said
    rest = name.removeprefix(stem)
    when = ""
    if stem.endswith("_cf"):
        stem, when = stem.removesuffix("_cf"), "after"
    elif f"{stem}_cf{rest}" in beside:
        when = "before"
    elif unit == "%" and not any(word in stem for word in (*LEVELS, "change")):
        when = "change"
    return ", ".join(part for part in (capital(stem.replace("_", " ")), when, unit) if part)


def number_format(name: str, numbers: pd.Series) -> str:
    """Return Excel's format of a column of numbers, with two digits of its middle number at least.

    Parameters
    ----------
    name
        Of the column.
    numbers
        All of its numbers; of one column, all have the same decimals.
    """
    if pd.api.types.is_integer_dtype(numbers.dtype):
        return "#,##0"
    if name in FRACTIONS:
        return "0.0%"
    size = numbers.abs()
    size = size[(size > 0) & (size < math.inf)]
    middle = float(size.median()) if len(size) else 1.0
    if not (name.endswith(("_pct", "_bn")) or 1e-4 <= middle < 1e12):
        return "0.00E+00"
    decimals = max(LEAST, min(MOST, 1 - math.floor(math.log10(middle))))
    plain = "#,##0" if middle >= NO_DECIMALS else "#,##0." + "0" * decimals
    signed = (name.endswith("_pct") and not any(word in name for word in LEVELS)) or name == "change_bn"
    return f"+{plain};-{plain};{plain}" if signed else plain
