"""Downloads of a page: the workbook, and every chart as SVG and PNG."""

import io
import shutil

import openpyxl
import pytest

from entrepot.app.web.desk import downloads
from entrepot.app.web.desk.downloads import DOWNLOADS, download
from entrepot.app.web.desk.url_state import DEFAULT_CASE
from entrepot.app.web.messages.error_schema import error_info
from entrepot.core.errors import MissingExtra
from entrepot.report.kit import pdf
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


def test_the_brief_is_printed_where_something_prints() -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no Chromium on this machine; Debian's package `chromium` has it")
    payload = download(("brief.pdf", QUERY), lambda **_: None)
    assert payload.body.startswith(b"%PDF-")
    assert payload.media_type == "application/pdf"
    assert payload.filename.endswith("brief.pdf")
    assert payload.body.count(b"/Type /Page\n") >= 4


def test_without_a_program_that_prints_a_pdf_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "BROWSERS", ())
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    monkeypatch.setattr(downloads, "brief_data", None)  # it would fail otherwise: nothing is gathered
    with pytest.raises(MissingExtra) as told:
        download(("brief.pdf", QUERY), lambda **_: None)
    assert str(told.value) == (
        "a PDF takes Chromium, Chrome or Edge, or the package weasyprint, and the server finds none of them; "
        "download the brief as HTML and print it from your browser"
    )
    assert error_info(told.value).status == 422
