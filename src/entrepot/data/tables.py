"""CSV tables that people write."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, listed, nearest
from entrepot.data.files import existing


def read_table(path: Path, columns: Sequence[str], number: str) -> pd.DataFrame:
    """Return a CSV table with exactly `columns`, all text but the one called `number`.

    Parameters
    ----------
    path
        The file; its first line names the columns.
    columns
        The columns it must have, in any order.
    number
        The column of numbers; blank cells come back as NaN.

    Raises
    ------
    InvalidDocument
        A column is missing or unknown, a row is given twice, a number is none (with its line).
    FileProblem
        Missing or unreadable.
    """
    try:
        table = pd.read_csv(existing(path), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise InvalidDocument(
            f"{path.name}: not a CSV table ({reason}); write the columns {', '.join(columns)}"
        ) from error
    missing = [name for name in columns if name not in table.columns]
    unknown = [name for name in table.columns if name not in columns]
    if missing:
        raise InvalidDocument(f"{path.name}: no column {listed(missing)}; found {listed(table.columns)}; add it")
    if unknown:
        hint = nearest(unknown[0], list(columns))
        raise InvalidDocument(f"{path.name}: unknown column {listed(unknown)}{hint}; remove it")
    table = pd.DataFrame({name: table[name].str.strip() for name in columns})
    keys = [name for name in columns if name != number]
    doubled = table.duplicated(keys)
    if doubled.any():
        line = int(doubled.to_numpy().argmax()) + 2
        raise InvalidDocument(
            f"{path.name}, line {line}: {' '.join(table[keys].iloc[line - 2].tolist())} is given twice; keep one"
        )
    table[number] = _numbers(table[number], path)
    return table


def _numbers(written: pd.Series, path: Path) -> pd.Series:
    numbers = pd.to_numeric(written, errors="coerce")
    wrong = (numbers.isna() & (written != "")) | numbers.isin([float("inf"), float("-inf")])
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        raise InvalidDocument(
            f"{path.name}, line {row + 2}: {written.name} is {written.iloc[row]!r}; write a finite number"
        )
    return numbers.astype(float)
