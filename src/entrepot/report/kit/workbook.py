"""Excel workbooks: tables with headings, formats and widths; what is a text stays a text."""

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from entrepot.core.errors import InputError
from entrepot.core.version import package_version
from entrepot.report.kit.headings import heading, number_format

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 1_048_576
LONGEST_NAME = 31
NOT_IN_NAMES = str.maketrans("[]:*?/\\", "()-----")
NARROWEST, WIDEST = 9, 60  # letters of a column
LABEL_WIDTH, TEXT_WIDTH, LETTERS = 34, 96, 1.25  # letters of a text for each digit that a column is wide
FONT, LINE = "Calibri", 15  # points of a line of text
HEADER_FILL, RULE = "ECE9E2", "8A8578"

Pairs = Sequence[tuple[str, object]]
"""What a thing is called, and what it is: a number or a text."""


def workbook(
    title: str, said: Pairs, tables: Mapping[str, pd.DataFrame], more: Mapping[str, Pairs], currency: str
) -> bytes:
    """Return an Excel workbook.

    Parameters
    ----------
    title
        The first line of the first sheet.
    said
        What the first sheet says below it, before the list of sheets.
    tables
        One sheet a table: all labels in columns.
    more
        Further sheets of two columns: assumptions, sources.
    currency
        Of columns in billions.

    Raises
    ------
    InputError
        A table has more rows than a sheet.
    """
    from openpyxl import Workbook  # takes a fifth of a second: only who wants a workbook waits for it
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    long = [name for name, table in tables.items() if len(table) >= MOST_ROWS]
    if long:
        raise InputError(f"{long[0]} has {len(tables[long[0]]):,} rows, an Excel sheet {MOST_ROWS:,}; use --csv")
    book = Workbook()
    book.properties.creator = f"entrepot {package_version()}"
    book.properties.title = _text(title)
    first = book.active
    assert first is not None
    first.title = "Summary"
    names = _sheet_names(["Summary", *tables, *more])
    _fill_pairs(first, [(title, None), *said])
    first["A1"].font = Font(FONT, 14, bold=True)
    first.append([])
    _put(first.cell(first.max_row + 2, 1), "Sheets").font = Font(FONT, 11, bold=True)
    for name, given in zip(names[1:], [*tables, *more], strict=True):
        row = first.max_row + 1
        link = _put(first.cell(row, 1), name)
        place = f"'{name.replace(chr(39), 2 * chr(39))}'!A1"
        link.hyperlink, link.style = Hyperlink(ref=link.coordinate, location=place), "Hyperlink"
        if given in tables:
            _put(first.cell(row, 2), f"{len(tables[given]):,} rows")
    for name, table in zip(names[1 : 1 + len(tables)], tables.values(), strict=True):
        _fill_table(book.create_sheet(name), table, currency)
    for name, pairs in zip(names[1 + len(tables) :], more.values(), strict=True):
        _fill_pairs(book.create_sheet(name), pairs)
    for sheet in book.worksheets:
        _set_for_print(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_table(sheet: "Worksheet", table: pd.DataFrame, currency: str) -> None:
    """Write a table with its header: the header and the first column stay in view."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    columns, lines = [str(name) for name in table.columns], 1
    if "name" in columns:  # names lead, codes follow
        columns = ["name", *(name for name in columns if name != "name")]
    for place, name in enumerate(columns, start=1):
        values = table[name]
        numbers = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
        written = number_format(name, values) if numbers else "General"
        said = heading(name, columns, currency)
        head = _put(sheet.cell(1, place), said)
        head.font, head.fill = Font(FONT, 11, bold=True), PatternFill("solid", fgColor=HEADER_FILL)
        head.border = Border(bottom=Side("thin", color=RULE))
        head.alignment = Alignment(horizontal="right" if numbers else "left", vertical="bottom", wrap_text=True)
        longest = 0
        for row, value in enumerate(values, start=2):
            cell = _put(sheet.cell(row, place), value)
            cell.number_format = written
            longest = max(longest, _length(value, written))
            if not numbers:
                cell.alignment = Alignment(vertical="top", wrap_text=_length(value, written) > WIDEST)
        words = max(len(word) for word in said.split())
        width = max(NARROWEST, min(WIDEST, longest + 2), words + 4)
        sheet.column_dimensions[get_column_letter(place)].width = width
        lines = max(lines, len(textwrap.wrap(said, int(width) - 1)))
    sheet.row_dimensions[1].height = LINE * lines + 3
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"


def _fill_pairs(sheet: "Worksheet", pairs: Pairs) -> None:
    """Write labels and texts; a label without a text is a heading."""
    from openpyxl.styles import Alignment, Font

    for row, (label, value) in enumerate(pairs, start=1):
        first, second = _put(sheet.cell(row, 1), label), _put(sheet.cell(row, 2), value)
        first.alignment = Alignment(vertical="top", wrap_text=value is not None)
        second.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        lines = len(textwrap.wrap(value, round(LETTERS * TEXT_WIDTH))) if isinstance(value, str) else 1
        if lines > 1:
            sheet.row_dimensions[row].height = LINE * lines
        if isinstance(value, float) and abs(value) < 1e-3:
            second.number_format = "0.0E+00"
        if value is None:
            first.font = Font(FONT, 11, bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = LABEL_WIDTH, TEXT_WIDTH
    sheet.sheet_view.showGridLines = False


def _put(cell: "Cell", value: object) -> "Cell":
    """Write a value: numbers as numbers, truth as words, everything else as a text, also where it begins with "="."""
    if hasattr(value, "item"):  # of NumPy
        value = value.item()
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return cell
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, int | float) and math.isfinite(value):
        cell.value = value
    else:
        cell.value = _text(value)
        cell.data_type = "s"  # no formula, whatever the text looks like
    return cell


def _text(value: object) -> str:
    """Return a text that a workbook may hold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", str(value))


def _length(value: Any, written: str) -> int:
    """Return how many letters a cell shows."""
    if isinstance(value, float) and written != "General":
        whole = f"{abs(value):,.0f}"
        decimals = 0 if "." not in written else len(written.partition(".")[2].partition(";")[0])
        return len(whole) + decimals + 2
    return max(map(len, str(value).splitlines()), default=0)


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Return names that Excel takes: at most 31 letters, none of its signs, each once."""
    found: list[str] = []
    for one in wanted:
        name = _text(one).translate(NOT_IN_NAMES).strip("' ")[:LONGEST_NAME] or "Sheet"
        number = 2
        while name.casefold() in {other.casefold() for other in found}:
            name = f"{name[: LONGEST_NAME - 4]} {number}"
            number += 1
        found.append(name)
    return found


def _set_for_print(sheet: "Worksheet") -> None:
    """Print on A4 across, as wide as the page, with the sheet's name and page numbers."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
