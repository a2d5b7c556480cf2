"""Files that commands write, and tables that they read, through the command line."""

from pathlib import Path

import openpyxl
import pytest
import typer
from test_cli import entrepot_says  # noqa: F401 (a fixture)

from entrepot.app.cli.root import app

CASE = "us-tariffs-on-india-2025"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_every_command_that_prints_json_writes_workbooks_and_charts() -> None:
    options = {name: {one.opts[0] for one in command.params} for name, command in COMMANDS.items()}
    answering = {name for name, found in options.items() if "--json" in found}
    solving = {"simulate", "sensitivity", "sweep", "uncertainty", "seek", "optimal", "nash"}
    assert solving | {"tariffs", "exposure", "facts", "check", "scenarios", "elasticities"} <= answering
    assert {name for name, found in options.items() if {"--xlsx", "--chart"} <= found} == answering


def test_a_workbook_of_figures_is_written_beside_what_is_printed(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    query = ("facts", "--reporter", "RUS", "--product", "crude", "--period", "2025")
    code, out, err = entrepot_says(*query, "--csv", "--xlsx", tmp_path / "facts.xlsx")
    assert (code, err) == (0, f"wrote {tmp_path / 'facts.xlsx'}\n")
    sheet = openpyxl.load_workbook(tmp_path / "facts.xlsx")["Figures"]
    lines = out.splitlines()
    assert sheet.max_row == len(lines)
    assert float(lines[1].split(",")[7]) == sheet["H2"].value


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--xlsx", "list.csv"], "list.csv: found .csv; call the file list.xlsx"),
        (["--xlsx", "missing/list.xlsx"], "missing is not a folder; make it first"),
        (["--chart", "map=list.pdf"], "list.pdf: found .pdf; call the file list.svg or list.png"),
        (["--chart", "list.svg"], "list.svg: this answer has no chart; leave out --chart"),
    ],
)
def test_files_that_cannot_be_are_refused_in_one_line(  # type: ignore[no-untyped-def]
    entrepot_says,  # noqa: F811
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = entrepot_says("models", *words)
    assert (code, len(err.splitlines())) == (2, 1)
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_an_input_is_not_replaced_by_a_workbook(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    path = tmp_path / "theta.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["sector", "theta"])
    book.save(path)
    kept = path.read_bytes()
    code, _, err = entrepot_says("simulate", CASE, "--elasticities", path, "--xlsx", path)
    assert (code, path.read_bytes()) == (2, kept)
    assert "is an input of this command" in err


@pytest.mark.slow
def test_rates_and_elasticities_from_excel_give_the_same_as_from_csv(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    rates = [("origin", "destination", "sector", "rate"), ("IND", "USA", "goods", 0.125)]
    scenario = """title: Own rates\nreference: test\ndate: 2025-08-27\nsummary: none\ninstruments:
  - {kind: tariff, add: {table: %s}, origin: IND, destination: USA, sector: goods}\n"""
    (tmp_path / "rates.csv").write_text("origin;destination;sector;rate\nIND;USA;goods;12,5 %\n", encoding="utf-8-sig")
    (tmp_path / "theta.csv").write_text("sector;theta;estimated_on\nC26;9,5;trade_costs\n", encoding="utf-8-sig")
    for name, rows in {
        "rates": rates,
        "theta": [("sector", "theta", "estimated_on"), ("C26", 9.5, "trade_costs")],
    }.items():
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / f"{name}.xlsx")
    said = {}
    for kind in ("csv", "xlsx"):
        (tmp_path / f"{kind}.yaml").write_text(scenario % f"rates.{kind}")
        code, out, err = entrepot_says(
            "simulate", tmp_path / f"{kind}.yaml", "--elasticities", tmp_path / f"theta.{kind}", "--csv"
        )
        assert code == 0, err
        said[kind] = out
    assert said["csv"] == said["xlsx"]
    _, printed, _ = entrepot_says("simulate", tmp_path / "xlsx.yaml", "--elasticities", tmp_path / "theta.xlsx")
    assert "Elasticities of C26 are those of theta.xlsx; those of the other 27 sectors" in " ".join(printed.split())


@pytest.mark.parametrize("option", ["--economy", "--elasticities"])
def test_what_is_no_table_is_refused_without_its_bytes(entrepot_says, option: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # noqa: F811
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04\x14\x00")
    code, _, err = entrepot_says("simulate", CASE, option, path)
    assert (code, len(err.splitlines())) == (2, 1)
    assert "PK" not in err
    assert "x.xlsx: " in err
