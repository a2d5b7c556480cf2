"""CSV tables that people write."""

import csv
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, listed, nearest
from entrepot.data.files import read_text


def read_table(
    path: Path,
    columns: Sequence[str],
    number: str | Sequence[str],
    parse: Callable[[str], float] = float,
    optional: Sequence[str] = (),
) -> pd.DataFrame:
    """Return a CSV table with exactly `columns`, all text but those of numbers; its index is the line.

    Parameters
    ----------
    path
        The file; its first line names the columns.
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
    header, rows, lines = _cells(path, columns)
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
        table[name] = _numbers(table[name], path, parse)
    return table


def _cells(path: Path, columns: Sequence[str]) -> tuple[list[str], list[list[str]], list[int]]:
    """Return the header, the rows and the line of each row, without blank lines and without spaces around cells."""
    reader = csv.reader(read_text(path).splitlines(), strict=True)
    try:
        filled = [
            (reader.line_num, [cell.strip() for cell in row]) for row in reader if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise InvalidDocument(
            f"{path.name}, line {reader.line_num}: not a CSV table ({error}); check quotes"
        ) from error
    if not filled:
        raise InvalidDocument(f"{path.name}: not a CSV table: it is empty; write the columns {', '.join(columns)}")
    (_, header), *rest = filled
    for line, row in rest:
        if len(row) != len(header):
            what = f"found {len(row)} cells; write {len(header)}, as in the first line"
            raise InvalidDocument(f"{path.name}, line {line}: {what}")
    return header, [row for _, row in rest], [line for line, _ in rest]


def _numbers(written: pd.Series, path: Path, parse: Callable[[str], float]) -> pd.Series:
    numbers = []
    for line, cell in written.items():
        try:
            number = parse(cell) if cell else math.nan
        except ValueError as error:
            why = str(error) if parse is not float else "write a finite number"
            raise InvalidDocument(f"{path.name}, line {line}: {written.name} is {cell[:40]!r}; {why}") from None
        if cell and not math.isfinite(number):
            raise InvalidDocument(f"{path.name}, line {line}: {written.name} is {cell[:40]!r}; write a finite number")
        numbers.append(number)
    return pd.Series(numbers, index=written.index, name=written.name, dtype=float)
