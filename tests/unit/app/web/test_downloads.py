"""Downloads of a page: the workbook, and every chart as SVG and PNG."""

import io

import openpyxl
import pytest

from entrepot.app.web.desk.downloads import DOWNLOADS, download
from entrepot.app.web.desk.url_state import DEFAULT_CASE
from entrepot.report.result.drawings import DRAWINGS

pytestmark = pytest.mark.slow
QUERY = f"case={DEFAULT_CASE}"


def test_the_workbook_of_a_page_opens() -> None:
    payload = download(("result.xlsx", QUERY), lambda **_: None)
    assert payload.filename.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(payload.body))
    assert {"Summary", "Countries", "Assumptions", "Sources"} <= set(book.sheetnames)


def test_every_chart_is_a_download() -> None:
    assert {f"{name}{suffix}" for name in DRAWINGS for suffix in (".svg", ".png")} <= set(DOWNLOADS)
    assert download(("suppliers.svg", QUERY), lambda **_: None).body.startswith(b"<svg")
    assert download(("map.png", QUERY), lambda **_: None).body.startswith(b"\x89PNG")
