"""Files of statements: what they must say, and where a wrong one is wrong."""

from pathlib import Path

import pytest

import entrepot
from entrepot.core.errors import InvalidDocument
from entrepot.statements.readings import Dimensions, Exclusion, parse_amount, readings

GOOD = """title: T
reference: R
date: 2025-08-21
summary: S
statements:
  - id: one
    speaker: A
    claim: C
    kind: rank
    reporter: RUS
    who: CHN
    readings:
      flow: exports
      product: crude
      period: [2025, 2023]
"""


def load(folder: Path, text: str) -> entrepot.Statements:
    path = folder / "said.yaml"
    path.write_text(text, encoding="utf-8")
    return entrepot.load_statements(path)


def test_years_need_no_quotes_and_one_value_no_list(tmp_path: Path) -> None:
    given = load(tmp_path, GOOD).statements[0].readings.given
    assert given == {"flow": ("exports",), "product": ("crude",), "period": ("2025", "2023")}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    claim: C\n", "", "line 6: statements[0].claim: missing; add it"),
        ("claim: C", "claim: ' '", "line 8: statements[0].claim: found ' '"),
        ("kind: rank", "kind: ranking", "line 6: statements[0]: found kind 'ranking'; write one of 'rank', 'compare'"),
        ("who: CHN", "whom: CHN", "line 11: statements[0].whom: unknown field; nearest: who"),
        ("flow: exports", "flow: export", "line 13: statements[0].readings.flow"),
        ("[2025, 2023]", "[2025, 25]", "line 15: statements[0].readings.period: found '25'; write a period as 2024"),
        ("[2025, 2023]", "[]", "statements[0].readings.period: found nothing; name at least one"),
        ("[2025, 2023]", "[2025, 2025]", "statements[0].readings.period: '2025' is given twice; keep one"),
        ("      flow: exports\n", "", "readings: flow missing; write exports, imports or two-way"),
        ("      product: crude\n", "", "readings: product missing; say which is meant, the natural one first"),
        ("      product: crude\n", "      product: crude\n      goods: all\n", "goods says nothing here"),
        ("      product: crude\n", "      product: crude\n      base: 2021\n", "`base` goes with measure `change`"),
        ("      product: crude\n", "      product: crude\n      measure: change\n", "`base` goes with measure"),
        ("      product: crude\n", "      product: crude\n      minimum: big\n", "write a number and the unit"),
        ("    reporter: RUS\n", "", "give either `reporter` or, in readings, `scope`"),
        ("id: one", "id: The One", "statements[0].id: found 'The One'"),
        ("    who: CHN\n", "    who: CHN\n    scenario: nowhere\n", "scenario: no 'nowhere' among the shipped"),
        (
            "    who: CHN\n",
            "    who: CHN\n    exclude: [{period: 2024, because: B}]\n",
            "exclude: period '2024' is no reading of this statement",
        ),
        (
            "    who: CHN\n",
            "    who: CHN\n    exclude: [{period: 2025, because: B}]\n",
            "the natural reading, the first value of every dimension, is excluded",
        ),
        ("    who: CHN\n", "    who: CHN\n    exclude: [{because: B}]\n", "excludes everything; name the values"),
        ("statements:", "statement:", "line 5: statement: unknown field; nearest: statements"),
    ],
)  # fmt: skip
def test_a_malformed_file_says_file_line_and_what_to_write(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(InvalidDocument) as caught:
        load(tmp_path, GOOD.replace(old, new))
    lines = str(caught.value).splitlines()
    assert any(message in line for line in lines), lines
    assert all(line.startswith("said.yaml, line ") for line in lines)


def test_an_id_stands_once(tmp_path: Path) -> None:
    entry = GOOD[GOOD.index("  - id") :]
    with pytest.raises(InvalidDocument, match=r"line 16: statements\[1\].id: 'one' is used twice"):
        load(tmp_path, GOOD + entry)


def test_readings_are_the_product_minus_what_is_excluded_with_a_reason() -> None:
    dimensions = Dimensions(product=("crude", "lng"), period=("2025", "2024", "2023"))
    kept, out = readings(dimensions, (Exclusion(product=("lng",), period=("2024", "2023"), because="B"),))
    assert [tuple(reading.options.values()) for reading in kept] == [
        ("crude", "2025"), ("crude", "2024"), ("crude", "2023"), ("lng", "2025"),
    ]  # fmt: skip
    assert [reading.natural for reading in kept] == [True, False, False, False]
    assert [excluded.because for excluded in out] == ["B", "B"]


def test_a_change_to_an_earlier_year_is_no_reading() -> None:
    kept, out = readings(Dimensions(period=("2024", "2022"), base=("2021", "2023")), ())
    assert [(reading["period"], reading["base"]) for reading in kept] == [
        ("2024", "2021"), ("2024", "2023"), ("2022", "2021"),
    ]  # fmt: skip
    assert [excluded.because for excluded in out] == ["a change is measured from an earlier period"]


def test_amounts_carry_their_unit() -> None:
    assert parse_amount("1000 USD million") == (1000.0, "USD million")
    with pytest.raises(ValueError, match="write a number and the unit"):
        parse_amount("1000")
