"""Trade by tariff line: what was imported from whom under each HS6 code, what duty it paid, which lists it is on.

Three tables, Parquet where shipped, CSV or Excel where people write them. *Lines* have the columns ``origin, hs6,
imports, duties`` (values in one unit). *Classes* say how legal lists split a line: ``origin, hs6, class, imports``,
where a class is the lists that goods are on (``steel + annex-2``), and ``as_of`` where the lists change; lists name
codes of eight or ten digits, so one line of six can be partly on a list. *Shares* are parts of the value of a line that
something applies to, from a day on: ``hs6, from, share``, and ``origin`` where it differs by origin.
"""

import datetime
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, listed
from entrepot.core.units import parse_date
from entrepot.data.files import cached_by_content, existing
from entrepot.data.store import columns_of, read_parquet
from entrepot.data.tables import read_table

LINE = ["origin", "hs6", "imports", "duties"]
CLASS = ["origin", "hs6", "class", "imports"]
SHARE = ["hs6", "from", "share"]
AS_OF = "as_of"
AND = " + "
"""Between the names of the lists that goods are on."""
DIGITS = 6


def read_lines(path: Path, origins: Sequence[str] | None = None) -> pd.DataFrame:
    """Return imports and duties by origin and line, for all origins or for some.

    Raises
    ------
    InvalidDocument
        Columns are missing, a code does not have six digits, a value is missing or negative.
    """
    return _read(path, LINE, ["imports", "duties"], origins)


def read_classes(path: Path, date: datetime.date) -> tuple[pd.DataFrame, str]:
    """Return how lists split lines on a day, and the day the lists are of: the last before, else the first known.

    The day is blank where the table has none: its lists then are what they are, and acts say which counts when.

    Raises
    ------
    InvalidDocument
        Columns are missing, a code does not have six digits, a value is missing or negative, a date is none.
    """
    classes = _classes(existing(path))
    if AS_OF not in classes:
        return classes, ""
    days = sorted(classes[AS_OF].unique())
    earlier = [day for day in days if day <= str(date)]
    chosen = earlier[-1] if earlier else days[0]
    return classes[classes[AS_OF] == chosen].drop(columns=AS_OF).reset_index(drop=True), str(chosen)


@cached_by_content(8)
def _classes(path: Path) -> pd.DataFrame:
    table = _read(path, CLASS, ["imports"], None, [AS_OF])
    return _dated(table, AS_OF, path) if AS_OF in table and len(table) else table.drop(columns=AS_OF, errors="ignore")


def read_shares(path: Path, by_origin: bool = False) -> pd.DataFrame:
    """Return shares by line, ``hs6, from, share``, with ``origin`` first where they differ by origin; in order of days.

    Raises
    ------
    InvalidDocument
        Columns are missing, a code does not have six digits, a share is not between 0 and 1, a date is none.
    """
    return _shares(existing(path), by_origin)


@cached_by_content(8)
def _shares(path: Path, by_origin: bool) -> pd.DataFrame:
    table = _dated(_read(path, ["origin", *SHARE] if by_origin else SHARE, ["share"], None, most=1.0), "from", path)
    return table.sort_values("from", kind="stable").reset_index(drop=True)


def _dated(table: pd.DataFrame, column: str, path: Path) -> pd.DataFrame:
    try:
        return table.assign(
            **{column: table[column].map({day: str(parse_date(day)) for day in table[column].unique()})}
        )
    except ValueError as error:
        raise InvalidDocument(f"{path.name}, column {column}: {error}") from None


def _read(
    path: Path,
    columns: list[str],
    numbers: list[str],
    origins: Sequence[str] | None,
    optional: Sequence[str] = (),
    most: float = math.inf,
) -> pd.DataFrame:
    if path.suffix == ".parquet":
        columns = [*columns, *(name for name in optional if name in columns_of(path))]
        table = read_parquet(path, columns, None if origins is None else {"origin": origins})
    else:
        table = read_table(path, columns, number=numbers, optional=optional)
        if origins is not None:
            table = table[table["origin"].isin(origins)]
    wrong = ~table["hs6"].str.fullmatch(rf"\d{{{DIGITS}}}")
    if wrong.any():
        raise InvalidDocument(
            f"{_at(path, table, wrong)}: {listed(table['hs6'][wrong].unique())} not an HS code of six digits; "
            "keep leading zeros"
        )
    for name in numbers:
        bad = table[name].isna() | (table[name] < 0)
        if bad.any():
            codes = listed(table["hs6"][bad].unique())
            raise InvalidDocument(f"{_at(path, table, bad)}: {name} missing or negative in {codes}; give a number")
        over = table[name] > most
        if over.any():
            codes = listed(table["hs6"][over].unique())
            raise InvalidDocument(f"{_at(path, table, over)}: {name} above {most:g} in {codes}; write a share")
    return table.reset_index(drop=True)


def _at(path: Path, table: pd.DataFrame, wrong: pd.Series) -> str:
    """Return the file, and in one that people write the first line that is wrong."""
    return path.name if path.suffix == ".parquet" else f"{path.name}, line {table.index[wrong.to_numpy()][0]}"


def class_names(path: Path) -> list[str]:
    """Return the names of the lists in a table of classes."""
    found = _classes(existing(path))["class"].unique()
    return sorted({name for one in found for name in one.split(AND) if name})
