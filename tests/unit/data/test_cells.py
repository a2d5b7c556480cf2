import datetime
from pathlib import Path

import openpyxl
import pytest

from entrepot.core.errors import FileProblem, InvalidDocument
from entrepot.core.units import parse_rate_cell
from entrepot.data.facts import load_facts
from entrepot.data.tables import read_table

FLOW = ["origin", "destination", "sector", "rate"]


def read(path: Path) -> list[list[object]]:
    table = read_table(path, FLOW, optional=["date"], number="rate", parse=parse_rate_cell)
    return [list(row) for row in table.itertuples(index=False)]


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding=encoding)
    return path


def workbook(path: Path, *sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("origin,destination,sector,rate\nCHN,USA,C26,12.5 %\nIND,USA,all,0.25\n", "utf-8"),
        ("origin;destination;sector;rate\nCHN;USA;C26;12,5 %\nIND;USA;all;0,25\n", "utf-8"),
        ("origin;destination;sector;rate\r\nCHN;USA;C26;12,5%\r\nIND;USA;all;0,250\r\n", "utf-8-sig"),
        ("origin\tdestination\tsector\trate\nCHN\tUSA\tC26\t12,5 %\nIND\tUSA\tall\t25 %\n", "utf-8"),
        ('origin,destination,sector,rate\nCHN,USA,C26,"12,5 %"\nIND,USA,all,"0,25"\n', "utf-8"),
        ("sep=;\nOrigin;Destination;Sector;Rate;\nCHN;USA;C26;0,125;\nIND;USA;all;0,25;\n;;;;\n", "utf-8"),
    ],
)
def test_csv_is_read_as_any_spreadsheet_saves_it(tmp_path: Path, text: str, encoding: str) -> None:
    assert read(written(tmp_path, text, encoding)) == [["CHN", "USA", "C26", 0.125], ["IND", "USA", "all", 0.25]]


def test_a_comma_between_words_is_no_separator_where_semicolons_are(tmp_path: Path) -> None:
    path = written(tmp_path, "origin;destination;sector;rate\nIND,CHN;USA;C26,C27,C28;0,5\n")
    assert read(path) == [["IND,CHN", "USA", "C26,C27,C28", 0.5]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("origin;destination;sector;rate\nCHN;USA;C26;1.234,5\n", "line 2: rate is '1.234,5'; write it without separ"),
        ("origin;destination;sector;rate\nCHN;USA;C26;1,234,5\n", "line 2: rate is '1,234,5'; write it without separ"),
        ('origin,destination,sector,rate\nCHN,USA,C26,"1,234"\n', "its comma can be a decimal comma or a separator of"),
        ("origin;destination;sector;rate\nA;B;C;0,5\nA;B;D;0.5\n", "rate is '0,5' in line 2 and '0.5' in line 3; writ"),
        ("origin;destination;sector;rate\nCHN;USA;C26;0,5;7\n", "line 2: found 5 cells; write 4"),
        (
            "origin|destination|sector|rate\nCHN|USA|C26|0.5\n",
            "no column origin, destination, sector, rate; found orig",
        ),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        read(written(tmp_path, text))


def test_a_workbook_is_read_like_the_same_csv(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [None, None, None, None, None, None],
        ["Origin", "destination", "sector", "rate", None, "date"],
        ["CHN", "USA ", "C26", 0.123456789012345, None, datetime.datetime(2025, 8, 27)],
        [],
        ["IND", "USA", "all", "12,5 %", None, "2025-01-01"],
        ["IND", "BRA", 27, 1, None, datetime.date(2024, 2, 29)],
    ]
    path = workbook(tmp_path / "rates.xlsx", [["a note to myself"]], rows)
    assert read(path) == [
        ["CHN", "USA", "C26", 0.123456789012345, "2025-08-27"],
        ["IND", "USA", "all", 0.125, "2025-01-01"],
        ["IND", "BRA", "27", 1.0, "2024-02-29"],
    ]
    again = path.rename(tmp_path / "rates.txt")  # what a file is decides, not what it is called
    assert len(read(again)) == 3


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ([[["origin", "sector"], ["A", "B"]]], "rates.xlsx: no column destination, rate; found origin, sector"),
        ([[FLOW, ["A", "B", "C", 1]], [FLOW]], "rates.xlsx: sheets Sheet1, Sheet2 have the same columns; keep one"),
        ([[[]]], "rates.xlsx: the table is empty; write the columns origin, destination, sector, rate"),
        ([[FLOW, [], ["A", "B", "C", "high"]]], "rates.xlsx, line 3: rate is 'high'"),
        ([[FLOW, ["A", "B", "C", "#N/A"]]], "rates.xlsx, line 2: rate is '#N/A'"),
        ([[FLOW, ["A", "B", "C", "1,234"]]], "line 2: rate is '1,234'; its comma can be"),
    ],
)
def test_a_workbook_that_is_wrong_says_where(tmp_path: Path, sheets: list[list[list[object]]], message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        read(workbook(tmp_path / "rates.xlsx", *sheets))


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"PK\x03\x04 but nothing else", InvalidDocument, "not an Excel workbook that can be read; save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", InvalidDocument, "an Excel file of before 2007, or one with a password"),
        (b"\x89PNG\r\n\x1a\n", FileProblem, "is not UTF-8 text"),
        ("origin;rate\nTürkiye;1\n".encode("cp1252"), FileProblem, "save it as UTF-8"),
        (b"", InvalidDocument, "the table is empty"),
        (b"\n \n", InvalidDocument, "the table is empty"),
    ],
)
def test_anything_else_is_refused_in_one_line(
    tmp_path: Path, content: bytes, error: type[Exception], message: str
) -> None:
    path = tmp_path / "rates.xlsx"
    path.write_bytes(content)
    with pytest.raises(error, match=message) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    assert "PK" not in str(caught.value)


def test_facts_are_read_from_a_workbook(tmp_path: Path) -> None:
    header: list[object] = [
        "source",
        "reporter",
        "flow",
        "partner",
        "partner_kind",
        "product",
        "period",
        "value",
        "unit",
    ]
    row: list[object] = ["mine", "IND", "imports", "RUS", "economy", "crude", 2024, 87.5, "Mt"]
    facts = load_facts(workbook(tmp_path / "mine.xlsx", [header, row]), with_shipped=False)
    assert facts.table.to_dict("records") == [dict(zip(header, [*row[:6], "2024", 87.5, "Mt"], strict=True))]
