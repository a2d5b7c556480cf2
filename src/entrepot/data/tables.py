"""Tables that people write, in a CSV file or an Excel workbook."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, listed, nearest
from entrepot.data.cells import read_cells, with_decimal_point


def read_table(
    path: Path,
    columns: Sequence[str],
    number: str | Sequence[str],
    parse: Callable[[str], float] = float,
    optional: Sequence[str] = (),
) -> pd.DataFrame:
    """Return a table with exactly `columns`, all text but those of numbers; its index is the line.

    CSV may be separated by commas, semicolons or tabs, and may have decimal commas; see `read_cells`.

    Parameters
    ----------
    path
        A CSV file or an Excel workbook; its first line names the columns.
    columns
        The columns it must have, in any order.
    number
        The column or columns of numbers; blank cells come back as NaN.
    optional
        Columns it may have besides.
    parse
        What reads a number, and raises ValueError with the reason where it cannot.

    Raises
    ------
    InvalidDocument
        A column is missing or unknown, a row is given twice, a number is none (with its line).
    FileProblem
        Missing or unreadable.
    """
    header, rows, lines, separator = read_cells(path, columns, optional)
    numbers = [number] if isinstance(number, str) else list(number)
    columns = [*columns, *(name for name in optional if name in header)]
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    if missing:
        raise InvalidDocument(f"{path.name}: no column {listed(missing)}; found {listed(header)}; add it")
    if unknown:
        hint = nearest(unknown[0], [*columns, *optional])
        raise InvalidDocument(f"{path.name}: unknown column {listed(unknown)}{hint}; remove it")
    if len(header) > len(columns):
        raise InvalidDocument(f"{path.name}: a column is given twice; found {listed(header)}; keep one of each")
    table = pd.DataFrame(rows, columns=header, index=pd.Index(lines, name="line"), dtype=str)[list(columns)]
    numbers = [name for name in numbers if name in table]
    keys = table.drop(columns=numbers)
    doubled = keys.duplicated()
    if doubled.any():
        position = int(doubled.to_numpy().argmax())
        line, key = lines[position], " ".join(keys.to_numpy()[position])
        raise InvalidDocument(f"{path.name}, line {line}: {key} is given twice; keep one")
    for name in numbers:
        table[name] = _numbers(table[name], path, separator, parse)
    return table


def _numbers(written: pd.Series, path: Path, separator: str, parse: Callable[[str], float]) -> pd.Series:
    _refuse_mixed_signs(written, path, separator)
    numbers = []
    for line, cell in written.items():
        where = f"{path.name}, line {line}: {written.name} is {cell[:40]!r}"
        try:
            pointed = with_decimal_point(cell, separator)
        except ValueError as error:
            raise InvalidDocument(f"{where}; {error}") from None
        try:
            number = parse(pointed) if cell else math.nan
        except ValueError as error:
            why = str(error) if parse is not float else "write a finite number"
            raise InvalidDocument(f"{where}; {why}") from None
        if cell and not math.isfinite(number):
            raise InvalidDocument(f"{where}; write a finite number")
        numbers.append(number)
    return pd.Series(numbers, index=written.index, name=written.name, dtype=float)


def _refuse_mixed_signs(written: pd.Series, path: Path, separator: str) -> None:
    """Raise InvalidDocument where a column has decimal points and decimal commas: 1.234 may then be a thousand."""
    comma, point = (written.str.contains(sign, regex=False) for sign in ",.")
    commas, points = written[comma & ~point], written[point & ~comma]
    if separator and len(commas) and len(points):
        raise InvalidDocument(
            f"{path.name}: {written.name} is {commas.iloc[0][:40]!r} in line {commas.index[0]} and "
            f"{points.iloc[0][:40]!r} in line {points.index[0]}; write one decimal sign, and none for thousands"
        )
