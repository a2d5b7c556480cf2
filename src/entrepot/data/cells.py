"""The cells of a table that a person made: a CSV file as any spreadsheet saves it, or a sheet of an Excel workbook."""

import csv
import datetime
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from entrepot.core.errors import InvalidDocument, listed
from entrepot.data.files import existing, read_text

SEPARATORS = (",", ";", "\t")
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}(\s*%)?")

NumberedRow = tuple[int, list[str]]
"""The line in the file, and its cells."""


class Cells(NamedTuple):
    """The cells of a table as text.

    Attributes
    ----------
    header
        Names of the columns.
    rows
        One list a row, as long as the header.
    lines
        The line (of a workbook, the row) that each stands in.
    separator
        What stands between cells; blank for a workbook.
    """

    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    separator: str


def read_cells(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> Cells:
    """Return the cells of a CSV file or an Excel workbook, without blank rows and columns or spaces around texts.

    CSV is UTF-8 text, with or without a byte-order mark, separated by commas, semicolons or tabs. Of a workbook, the
    sheet that has the columns is read, with the values that its formulas had when it was saved.

    Parameters
    ----------
    path
        The file; its first row that is not blank names the columns.
    columns
        The columns that it must have: they decide between separators, and between sheets.
    optional
        Columns that it may have; names of both are found in capitals too.

    Raises
    ------
    InvalidDocument
        An empty table, a row of another length, or a file that is neither.
    FileProblem
        Missing, unreadable, or no UTF-8 text.
    """
    with existing(path).open("rb") as stream:
        start = stream.read(4)
    if start == _OLD_EXCEL:
        raise InvalidDocument(
            f"{path.name}: found an Excel file of before 2007, or one with a password; save it as .xlsx without one"
        )
    found, separator = (_sheet(path, columns), "") if start == _ZIP else _text(path, columns)
    if not found:
        raise InvalidDocument(f"{path.name}: the table is empty; write the columns {', '.join(columns)}")
    (_, header), *rest = found
    known = {name.casefold(): name for name in (*columns, *optional)}
    header = [known.get(name.casefold(), name) for name in header]
    for line, row in rest:
        if len(row) > len(header) and not any(row[len(header) :]):
            del row[len(header) :]
        if len(row) != len(header):
            what = f"found {len(row)} cells; write {len(header)}, as in the first line"
            raise InvalidDocument(f"{path.name}, line {line}: {what}")
    filled = [place for place, name in enumerate(header) if name or any(row[place] for _, row in rest)]
    kept = [[row[place] for place in filled] for _, row in rest]
    return Cells([header[place] for place in filled], kept, [line for line, _ in rest], separator)


def with_decimal_point(cell: str, separator: str) -> str:
    """Return a number as it is written in a table with a decimal point: "12.5 %" for "12,5 %".

    Raises
    ------
    ValueError
        It has a separator of thousands, or could have one: 1,234 where commas separate cells, too.
    """
    if "," not in cell:
        return cell
    if "." in cell or cell.count(",") > 1:
        raise ValueError("write it without separators of thousands")
    if separator in (",", "") and _THOUSANDS.fullmatch(cell):
        raise ValueError("its comma can be a decimal comma or a separator of thousands; write a decimal point, or none")
    return cell.replace(",", ".")


def _text(path: Path, columns: Sequence[str]) -> tuple[list[NumberedRow], str]:
    """Return the filled rows of a CSV file, and what separates its cells."""
    lines = read_text(path).splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    separator = ""
    if lines and re.fullmatch("sep=.", lines[first], re.IGNORECASE):  # Excel's own line on top
        separator, lines[first] = lines[first][4], ""
        first += 1
    separator = separator or max(SEPARATORS, key=lambda one: _likeness(lines[first : first + 1], one, columns))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        return list(_filled((reader.line_num, row) for row in reader)), separator
    except csv.Error as error:
        raise InvalidDocument(
            f"{path.name}, line {reader.line_num}: not a CSV table ({error}); check quotes"
        ) from error


def _likeness(header: Sequence[str], separator: str, columns: Sequence[str]) -> tuple[int, int]:
    """Return how many of the columns a header has if it is separated like this, and how many cells."""
    cells = [cell.strip().casefold() for line in header for cell in next(csv.reader([line], delimiter=separator), [])]
    return len({name.casefold() for name in columns}.intersection(cells)), len(cells)


def _sheet(path: Path, columns: Sequence[str]) -> list[NumberedRow]:
    """Return the filled rows of the one sheet of a workbook that has the columns; of the first if none has."""
    import openpyxl  # takes a fifth of a second: only who has a workbook waits for it

    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that hold no cells, such as lists to choose from
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheets = {}
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    sheet.reset_dimensions()  # some programs write wrong ones, and rows would be cut off
                    rows = sheet.iter_rows(values_only=True)
                    found = _filled((number, list(map(_as_text, row))) for number, row in enumerate(rows, start=1))
                    sheets[sheet.title] = _even(list(found))
    except Exception as error:  # a broken workbook fails wherever it is broken
        raise InvalidDocument(
            f"{path.name}: not an Excel workbook that can be read; save it as .xlsx or as CSV"
        ) from error
    fitting = [title for title, rows in sheets.items() if rows and _has(rows[0][1], columns)]
    if len(fitting) > 1:
        raise InvalidDocument(f"{path.name}: sheets {listed(fitting)} have the same columns; keep one of them")
    return sheets[fitting[0]] if fitting else next((rows for rows in sheets.values() if rows), [])


def _has(header: Sequence[str], columns: Sequence[str]) -> bool:
    return {name.casefold() for name in columns} <= {name.casefold() for name in header}


def _filled(rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells


def _even(rows: list[NumberedRow]) -> list[NumberedRow]:
    """Return rows of one length: a workbook leaves out blank cells at the end."""
    length = max((len(row) for _, row in rows), default=0)
    return [(line, [*row, *[""] * (length - len(row))]) for line, row in rows]


def _as_text(value: object) -> str:
    """Return the value of a cell as a CSV file would have it, numbers to the last digit."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
