"""Trade by tariff line: what was imported from whom under each HS6 code, what duty it paid, which list it is on.

Two tables, Parquet where shipped and CSV where people write them. *Lines* have the columns ``origin, hs6, imports,
duties`` (values in one unit). *Classes* say how legal lists split a line: ``as_of, origin, hs6, class, imports``; lists
name codes of eight or ten digits, so one line of six can be partly on a list.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, listed
from entrepot.core.units import parse_date
from entrepot.data.store import read_parquet
from entrepot.data.tables import read_table

LINE = ["origin", "hs6", "imports", "duties"]
CLASS = ["as_of", "origin", "hs6", "class", "imports"]
DIGITS = 6


def read_lines(path: Path, origins: Sequence[str] | None = None) -> pd.DataFrame:
    """Return imports and duties by origin and line, for all origins or for some.

    Raises
    ------
    InvalidDocument
        Columns are missing, a code does not have six digits, a value is missing or negative.
    """
    return _read(path, LINE, ["imports", "duties"], origins)


def read_classes(path: Path, date: datetime.date, origins: Sequence[str] | None = None) -> tuple[pd.DataFrame, str]:
    """Return how lists split lines on a day, and the day the lists are of: the last before, else the first known.

    Raises
    ------
    InvalidDocument
        Columns are missing, a code does not have six digits, a value is missing or negative, a date is none.
    """
    classes = _read(path, CLASS, ["imports"], origins)
    days = sorted(classes["as_of"].unique())
    if not days:
        return classes.drop(columns="as_of"), ""
    try:
        earlier = [day for day in days if parse_date(day) <= date]
    except ValueError as error:
        raise InvalidDocument(f"{path.name}, column as_of: {error}") from None
    chosen = earlier[-1] if earlier else days[0]
    return classes[classes["as_of"] == chosen].drop(columns="as_of").reset_index(drop=True), str(chosen)


def _read(path: Path, columns: list[str], numbers: list[str], origins: Sequence[str] | None) -> pd.DataFrame:
    if path.suffix == ".parquet":
        table = read_parquet(path, columns, None if origins is None else {"origin": origins})
    else:
        table = read_table(path, columns, number=numbers)
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
    return table.reset_index(drop=True)


def _at(path: Path, table: pd.DataFrame, wrong: pd.Series) -> str:
    """Return the file, and in one that people write the first line that is wrong."""
    return path.name if path.suffix == ".parquet" else f"{path.name}, line {table.index[wrong.to_numpy()][0]}"


def class_names(path: Path) -> list[str]:
    """Return the names of the classes in a table of them."""
    if path.suffix == ".parquet":
        return sorted(read_parquet(path, ["class"])["class"].unique())
    return sorted(_read(path, CLASS, ["imports"], None)["class"].unique())
