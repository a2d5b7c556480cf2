"""Facts: every figure with its source, side by side, and one's own files beside the shipped ones."""

import hashlib
from pathlib import Path

import pytest

import entrepot
from entrepot.core.errors import FileProblem, InvalidDocument, UnknownLabel
from entrepot.data.facts import FACT, Facts, parse_period

HEAD = ",".join(FACT) + "\n"
ROW = "mine,RUS,exports,CHN,economy,crude,2024,108.5,Mt\n"


@pytest.fixture(scope="module")
def facts() -> Facts:
    return entrepot.load_facts()


def mine(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "mine.csv"
    path.write_text(head + rows, encoding="utf-8")
    return path


# By source: rows, the sum of all figures by unit, the beginning of the SHA-256 of the rows as CSV. They were taken when
# the shipped tables equalled those that the sources' figures were collected in. A total says how much has changed, the
# checksum that anything has: who corrects a figure enters it here too.
CHECKED = {
    "energy_institute_2024": (50, {"Mt": 331.678, "bcm": 414.353}, "b707acf72ca70be9"),
    "energy_institute_2026": (61, {"Mt": 351.232, "bcm": 2153.538}, "eeaa9ef8bcc43d81"),
    "imf_imts": (3313, {"USD million": 9_373_418.667}, "8cdc16047d9d51f1"),
    "india_tradestat": (193, {"Mt": 2198.865, "USD million": 4_532_334.02}, "77415759d8892c99"),
}


@pytest.mark.parametrize("source", CHECKED)
def test_no_figure_of_a_source_has_changed_since_it_was_checked(facts: Facts, source: str) -> None:
    count, totals, checksum = CHECKED[source]
    rows = facts.table.loc[facts.table["source"] == source, FACT]
    assert len(rows) == count
    assert rows.groupby("unit")["value"].sum().to_dict() == pytest.approx(totals, abs=0.0005)
    written = rows.to_csv(index=False, lineterminator="\n").encode()
    assert hashlib.sha256(written).hexdigest().startswith(checksum)


def test_every_source_says_where_it_is_from_and_what_to_beware_of(facts: Facts) -> None:
    assert set(facts.table["source"]) == set(facts.sources)
    for source in facts.sources.values():
        assert source is not None
        assert source.licence
        assert source.caveats
        assert source.adjustments


def test_rows_are_found_by_any_column(facts: Facts) -> None:
    rows = facts.rows(reporter=["RUS"], product=["crude"], period=["2025"], partner=["CHN", "IND"])
    assert dict(zip(rows["partner"], rows["value"], strict=True)) == {"CHN": 100.718, "IND": 84.859}
    assert set(rows["source"]) == {"energy_institute_2026"}


def test_a_word_that_no_fact_has_is_refused_with_the_nearest(facts: Facts) -> None:
    with pytest.raises(UnknownLabel, match="no product 'crud' in the facts; nearest: crude"):
        facts.rows(product=["crud"])
    with pytest.raises(UnknownLabel, match="facts have no column 'prodct'; nearest: product"):
        facts.rows(prodct=["crude"])


def test_figures_of_two_sources_stand_side_by_side(tmp_path: Path) -> None:
    path = mine(tmp_path, "mine,RUS,exports,CHN,economy,crude,2025,99.0,Mt\n")
    rows = entrepot.load_facts(path).rows(reporter=["RUS"], product=["crude"], period=["2025"], partner=["CHN"])
    assert dict(zip(rows["source"], rows["value"], strict=True)) == {"energy_institute_2026": 100.718, "mine": 99.0}


def test_a_file_of_ones_own_may_have_a_sidecar(tmp_path: Path) -> None:
    path = mine(tmp_path, ROW)
    assert entrepot.load_facts(path).sources["mine"] is None
    (tmp_path / "mine.yaml").write_text(
        "title: T\nsource: S\nlicence: L\nyear: 2024\nunit: Mt\n".replace("2024", "'2024'")
    )
    source = entrepot.load_facts(path, with_shipped=False).sources["mine"]
    assert source is not None
    assert source.title == "T"
    (tmp_path / "mine.yaml").write_text("title: T\n")
    with pytest.raises(InvalidDocument, match=r"mine.yaml, line 1: source: missing"):
        entrepot.load_facts(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROW + ROW, "mine.csv, line 3: mine RUS exports CHN economy crude 2024 Mt is given twice; keep one"),
        (ROW + ROW.replace("economy", "region").replace("108.5", "1"), "line 3: .* is given twice; keep one"),
        (ROW.replace("mine", "imf_imts"), "line 2: source 'imf_imts' is shipped; call yours otherwise"),
        (
            ROW.replace("exports", "export"),
            "line 2: flow is 'export'; nearest: exports, imports; write one of exports, imports",
        ),
        (ROW.replace("economy", "country"), "line 2: partner_kind is 'country'"),
        (
            ROW.replace("2024", "FY2024-26"),
            "line 2: period: found 'FY2024-26'; write a period as 2024, or as FY2024-25",
        ),
        (ROW.replace("108.5", "many"), "line 2: value is 'many'; write a finite number"),
        (ROW.replace("108.5", ""), "line 2: value is blank"),
        (ROW.replace("108.5", "-3"), "line 2: value is -3; trade is not negative"),
        (ROW.replace("CHN", ""), "line 2: partner is blank; fill it in"),
        (ROW.replace(",Mt", ""), "line 2: found 8 cells; write 9"),
    ],
)
def test_a_wrong_row_is_one_clear_line_with_its_place(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message) as caught:
        entrepot.load_facts(mine(tmp_path, rows))
    assert len(str(caught.value).splitlines()) == 1


def test_two_files_cannot_have_a_source_in_common(tmp_path: Path) -> None:
    first = mine(tmp_path, ROW)
    second = tmp_path / "other.csv"
    second.write_text(HEAD + ROW.replace("CHN", "IND"))
    with pytest.raises(InvalidDocument, match=r"other.csv, line 2: source 'mine' is read already"):
        entrepot.load_facts(first, second)
    with pytest.raises(FileProblem, match="no file"):
        entrepot.load_facts(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("written", ["2024", "FY2024-25", "FY1999-00", 2024])
def test_periods_are_calendar_or_fiscal_years(written: object) -> None:
    assert parse_period(written) == str(written)


@pytest.mark.parametrize("written", ["24", "FY2024-26", "FY2024", "2024-25", "2024Q1"])
def test_other_periods_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="write a period as 2024"):
        parse_period(written)
