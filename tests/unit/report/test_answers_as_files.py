"""Answers as files: workbooks opened again, charts, PDF; and objects as Python shows them."""

import html
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import entrepot
from entrepot.core.errors import FileProblem, InputError, MissingExtra, UnknownLabel
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.report import files
from entrepot.report.answer import Answer, answer_for
from entrepot.report.answers.listing import Listing
from entrepot.report.kit import pdf
from entrepot.report.kit.headings import heading, number_format
from entrepot.report.result import headline, tables
from entrepot.report.workbook import workbook_of

IDENTIFIER = r"^[a-z0-9]+_[a-z0-9_]+$"


def opened(folder: Path, answer: Answer) -> Any:
    path = folder / "answer.xlsx"
    files.write_workbook(path, answer)
    return openpyxl.load_workbook(path)


def column(sheet: Any, said: str) -> list[Any]:
    headings = [cell.value for cell in sheet[1]]
    place = headings.index(said)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def test_a_workbook_has_the_numbers_of_the_result_as_numbers(tmp_path: Path, case: Result) -> None:
    case.to_excel(tmp_path / "case.xlsx")
    book = openpyxl.load_workbook(tmp_path / "case.xlsx")
    assert book.sheetnames == [
        "Summary", "Countries", "Sectors of India", "Suppliers of the United States", "Customers of India",
        "Prices in the United States", "Elasticities", "Scenario", "Assumptions", "Sources",
    ]  # fmt: skip
    sheet = book["Countries"]
    hat = case.real_income_hat.to_series()
    codes = column(sheet, "Code")
    countries = case.economy.countries
    assert set(codes) >= set(countries)  # blocs of the scenario besides
    names = dict(zip(codes, column(sheet, "Country"), strict=True))
    assert {code: names[code] for code in countries} == countries
    income = dict(zip(codes, column(sheet, "Real income, change, %"), strict=True))
    assert {code: income[code] for code in countries} == pytest.approx(
        (100 * (hat - 1)).to_dict(), abs=1e-12, rel=1e-12
    )
    variation = dict(zip(codes, column(sheet, "Equivalent variation, USD billion"), strict=True))
    assert {code: variation[code] for code in countries} == pytest.approx(
        (case.equivalent_variation.to_series() * 1e-3).to_dict(), rel=1e-12
    )
    sold = case.trade_cf.sel(origin="IND", destination="USA").to_series() * 1e-3
    sectors = book["Sectors of India"]
    found = dict(
        zip(column(sectors, "Code"), column(sectors, "Exports to the United States, after, USD billion"), strict=True)
    )
    assert found == pytest.approx(sold[list(found)].to_dict(), rel=1e-12, abs=1e-12)
    theta = dict(
        zip(column(book["Elasticities"], "Code"), column(book["Elasticities"], "Trade elasticity"), strict=True)
    )
    assert theta == pytest.approx(case.economy.theta.to_series().to_dict(), rel=1e-12)


def test_a_workbook_is_made_for_reading(tmp_path: Path, case: Result) -> None:
    book = opened(tmp_path, answer_for(case))
    for sheet in book.worksheets[1:7]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(sheet.column_dimensions[cell.column_letter].width >= 9 for cell in sheet[1])
        assert not [cell.value for cell in sheet[1] if pd.Series([cell.value]).str.match(IDENTIFIER).any()]
    formats = {cell.value: book["Countries"][f"{cell.column_letter}2"].number_format for cell in book["Countries"][1]}
    assert formats["Country"] == "General"
    assert formats["Real income, change, %"].startswith("+#,##0.0")
    assert formats["Equivalent variation, USD billion"].startswith("#,##0.0")
    texts = [cell.value for row in book["Summary"].iter_rows() for cell in row if cell.value]
    assert texts[0] == case.scenario.title  # type: ignore[union-attr]
    assert headline.headline(case, focus_of(case)) in texts
    links = [cell.hyperlink.location for row in book["Summary"].iter_rows() for cell in row if cell.hyperlink]
    assert [link for link in links if "Countries" in str(link)]
    assumed = {row[0].value: row[1].value for row in book["Assumptions"].iter_rows()}
    assert assumed["Model"] == "caliendo_parro"
    assert assumed["Elasticities"] == "fontagne_guimbard_orefice_2022_gtap"
    assert assumed["Made with"] == f"entrepot {entrepot.__version__}"
    assert "icio2022" in [row[0].value for row in book["Sources"].iter_rows()]


def test_a_text_is_never_a_formula_and_a_number_never_a_text(tmp_path: Path) -> None:
    rows = [
        {"name": '=HYPERLINK("http://x")', "value_pct": -0.25, "count": 3, "yes": True, "why": None},
        {"name": "#N/A", "value_pct": float("nan"), "count": 4, "yes": False, "why": "+1\x07"},
    ]
    table = pd.DataFrame(rows)
    answer = Answer(
        document=lambda: {"title": "=1+1"},
        render=lambda: "",
        tables=lambda: {"a/b [c]" * 6: table, "A/B [C]" * 6: table},
    )
    book = opened(tmp_path, answer)
    sheet = book.worksheets[1]
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len({name.casefold() for name in book.sheetnames}) == len(book.sheetnames)
    assert [cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row] == [
        "s",
        "n",
        "n",
        "s",
        "n",
        "s",
        "n",
        "n",
        "s",
        "s",
    ]
    assert [cell.value for cell in sheet[2]] == ['=HYPERLINK("http://x")', -0.25, 3, "yes", None]
    assert [cell.value for cell in sheet[3]] == ["#N/A", None, 4, "no", "+1\N{REPLACEMENT CHARACTER}"]
    assert book["Summary"]["A1"].data_type == "s"


def test_every_list_of_a_document_is_a_sheet_and_lists_in_rows_are_sheets_too(tmp_path: Path) -> None:
    document = {
        "headline": "Two hold.", "notes": ["One.", "Two."], "model": "m", "entrepot": "0", "empty": [],
        "statements": [{"id": "a", "readings": [{"holds": True}, {"holds": False}]}, {"id": "b", "readings": []}],
        "gains": {"IND": 1.5, "USA": -2.0}, "sources": {"table": {"title": "T", "caveats": ["x", "y"]}, "mine": None},
    }  # fmt: skip
    book = opened(tmp_path, Answer(document=lambda: document, render=lambda: ""))
    assert book.sheetnames == ["Summary", "Statements", "Readings", "Gains", "Assumptions", "Sources"]
    assert [[cell.value for cell in row] for row in book["Readings"].iter_rows()] == [
        ["Statement", "Holds"], ["a", "yes"], ["a", "no"],
    ]  # fmt: skip
    assert [[cell.value for cell in row] for row in book["Gains"].iter_rows()][1:] == [["IND", 1.5], ["USA", -2.0]]
    said = [[cell.value for cell in row] for row in book["Summary"].iter_rows(min_row=2, max_row=4)]
    assert said == [["Headline", "Two hold."], ["Notes", "One."], ["Notes", "Two."]]
    assert ["Caveats", "x; y"] in [[cell.value for cell in row] for row in book["Sources"].iter_rows()]


def test_headings_are_words_with_units() -> None:
    beside = ["sector", "name", "revenue_bn", "revenue_cf_bn"]
    assert [heading(name, beside, "EUR") for name in beside] == [
        "Code", "Sector", "Revenue, before, EUR billion", "Revenue, after, EUR billion",
    ]  # fmt: skip
    assert heading("average_duty_cf_pct", ["average_duty_pct", "average_duty_cf_pct"]) == "Average duty, after, %"
    assert heading("exports_pct") == "Exports, change, %"
    assert heading("change_pct") == "Change, %"
    assert number_format("rate", pd.Series([0.1])) == "0.0%"
    assert number_format("exports_bn", pd.Series([0.012, 0.03])) == "#,##0.000"
    assert number_format("imports", pd.Series([2.5e6])) == "#,##0"
    assert number_format("draws", pd.Series([3])) == "#,##0"


def test_a_list_too_long_for_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.report.kit import workbook

    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="List has 3 rows, an Excel sheet 3; use --csv"):
        workbook_of(answer_for(Listing([{"name": one} for one in "abc"])))


@pytest.mark.parametrize(
    ("name", "message"),
    [("case.xls", "found .xls; call the file case.xlsx"), ("case", "no suffix; call the file case.xlsx")],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, case: Result, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        case.to_excel(tmp_path / name)
    with pytest.raises(FileProblem, match="is not a folder"):
        case.to_excel(tmp_path / "nowhere" / "case.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_charts_are_found_by_the_name_of_the_file_or_their_own(tmp_path: Path, case: Result) -> None:
    answer = answer_for(case)
    assert answer.charts is not None
    charts = answer.charts()
    assert list(charts) == ["map", "ranking", "sectors", "output", "suppliers", "customers"]
    files.write_chart(tmp_path / "ranking.svg", charts)
    text = (tmp_path / "ranking.svg").read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "Viet Nam" in text
    files.write_chart(tmp_path / "mine.png", charts, "sectors")
    assert (tmp_path / "mine.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UnknownLabel, match=r"which chart; there are map, ranking.*; write map=mine.svg"):
        files.write_chart(tmp_path / "mine.svg", charts)
    with pytest.raises(UnknownLabel, match="no chart 'sector'; nearest: sectors"):
        files.write_chart(tmp_path / "mine.svg", charts, "sector")
    with pytest.raises(InputError, match="this answer has no chart"):
        files.write_chart(tmp_path / "mine.svg", {})
    assert not (tmp_path / "mine.svg").exists()


def test_a_page_is_printed_by_the_browser_of_the_machine(tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no Chromium on this machine; Debian's package `chromium` has it")
    files.write_page(tmp_path / "page.pdf", "<title>Page</title><p>Größe &amp; Zahl</p>")
    content = (tmp_path / "page.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/Count 1" in content or b"/Type /Page" in content
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, check=True).stdout
        assert text.decode().strip() == "Größe & Zahl"


def test_without_a_printer_a_pdf_is_refused_before_anything_is_made(
    tmp_path: Path, case: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "BROWSERS", ("no-such-browser",))
    if pdf.find_spec("weasyprint") is not None:
        pytest.skip("WeasyPrint prints here")
    with pytest.raises(MissingExtra, match="a PDF takes Chromium.*install one of them, or write .html") as caught:
        entrepot.write_brief(case, tmp_path / "brief.pdf")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="found .docx; call the file brief.html or brief.htm or brief.pdf"):
        entrepot.write_brief(case, tmp_path / "brief.docx")
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_fails_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\necho cannot open display >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(pdf, "BROWSERS", (str(broken),))
    with pytest.raises(FileProblem, match="browser did not print the page .cannot open display."):
        pdf.pdf_of("<p>")


def test_objects_are_short_in_python(case: Result, world: Economy) -> None:
    scenario = case.scenario
    for one in (case, world, scenario, world.elasticities):
        assert len(repr(one)) < 140, repr(one)
    assert repr(scenario) == "Scenario('us-tariffs-on-india-2025': US tariffs of 50 % on goods from India)"


def test_a_notebook_shows_names_numbers_and_no_markup_of_others(case: Result, world: Economy) -> None:
    shown = case._repr_html_()
    assert "<h4>US tariffs of 50 % on goods from India</h4>" in shown
    assert html.escape(headline.headline(case, focus_of(case))) in shown
    assert shown.count("<tr>") == 12  # a header, five at each end, and what is left out
    assert '<td style="text-align: right">−0.219</td>' in shown
    assert "81 countries, 28 sectors" in world._repr_html_()
    assert "on Indian goods" in case.scenario._repr_html_()  # type: ignore[union-attr]
    evil = case.scenario.model_copy(update={"title": "<script>alert(1)</script>"})  # type: ignore[union-attr]
    assert "<script>" not in evil._repr_html_()


def test_a_result_says_what_it_is_as_text_table_and_chart(case: Result) -> None:
    text = case.summary()
    said = headline.headline(case, focus_of(case))
    assert " ".join(text.split()).startswith(" ".join(f"US tariffs of 50 % on goods from India {said}".split()))
    assert "Viet Nam" in text
    assert max(map(len, text.splitlines())) <= 80
    frame = case.to_frame()
    assert frame.loc["IND", "real_income_pct"] == pytest.approx(
        100 * (float(case.real_income_hat.sel(country="IND")) - 1)
    )
    pd.testing.assert_frame_equal(case.to_frame("sectors"), tables.sectors(case, focus_of(case)))
    with pytest.raises(UnknownLabel, match="no table 'sector'; nearest: sectors"):
        case.to_frame("sector")
    for name in ("countries", "map", "sectors", "output", "suppliers", "customers"):
        chart = getattr(case.plot, name)(width=300)
        assert chart.to_dict(validate=False)["width"] == 300
    assert "countries()" in repr(case.plot)
