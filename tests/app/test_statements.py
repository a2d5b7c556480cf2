"""Statements and facts through the front doors: the command line, the page, Python."""

import csv
import io
import json
import re
import resource
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from test_cli import run

import entrepot
from entrepot.data import shipped
from entrepot.data.facts import FACT
from entrepot.report.verdicts.page import page_html
from entrepot.statements.statement import statements_schema
from entrepot.statements.verdict import Verdict

CASE = "india-russia-2025"
SAID = """title: <b>T</b>
reference: R & S
date: 2025-08-21
summary: S
statements:
  - id: one
    speaker: A
    claim: C
    kind: rank
    reporter: RUS
    who: CHN
    readings: {flow: exports, product: crude, period: 2025}
"""


@pytest.fixture
def entrepot_says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    return lambda *words: run(capsys, monkeypatch, *map(str, words))


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return entrepot.check(entrepot.load_statements(CASE), entrepot.load_facts())


@pytest.fixture(scope="module")
def page(verdicts: list[Verdict]) -> str:
    return page_html(verdicts)


def flat(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_check_prints_verdict_numbers_share_what_decides_and_sources(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says("check", CASE)
    assert (code, err) == (0, "")
    said = flat(out)
    for part in (
        "oil-largest-buyer HOLDS UNDER EVERY READING",
        "China first with 100.7 Mt, India 84.86 Mt",
        "holds under 4 of 4 readings (100 %); 2 more could not be evaluated",
        "True with the European Union as one, false by single states",
        "balance USD \N{MINUS SIGN}58.93 billion",
        "AN ESTIMATE",
        "entrepot simulate make-in-india-technology",
        "Energy Institute, Statistical Review of World Energy 2026",
        "never take the difference of two editions",
    ):
        assert part in said, part
    assert max(len(line) for line in out.splitlines()) <= 80


def test_explain_shows_every_reading_and_what_was_not_read(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = entrepot_says("check", CASE, "--explain", "trade-imbalanced")
    assert len(re.findall(r"^(?:holds|fails|open)", out, flags=re.MULTILINE)) == 8
    assert "6 combinations: figures for Russia are of calendar years" in flat(out)
    assert "2 combinations: India's figures are of fiscal years" in flat(out)
    _, out, _ = entrepot_says("check", CASE, "--explain", "oil-largest-buyer")
    assert len(re.findall(r"^open", out, flags=re.MULTILINE)) == 2
    assert "no source has crude of Russia in 2024" in flat(out).replace("No source", "no source")


@pytest.mark.slow
def test_without_a_name_the_shipped_case_is_meant_by_whatever_name(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    _, expected, _ = entrepot_says("check", CASE, "--explain", "oil-largest-buyer")
    assert entrepot_says("check", "--explain", "oil-largest-buyer") == (0, expected, "")
    for name in (f"statements/{CASE}", f"statements/{CASE}.yaml"):
        assert entrepot_says("check", name, "--explain", "oil-largest-buyer")[1] == expected


def test_json_holds_every_reading_with_numbers_and_reasons(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = entrepot_says("check", CASE, "--json")
    document = json.loads(out)
    assert code == 0
    assert len(document["statements"]) == 10
    surge = next(one for one in document["statements"] if one["id"] == "trade-surge")
    assert surge["readings"][0]["natural"]
    assert len(surge["readings"]) == 24
    assert surge["share"] == pytest.approx(surge["holding"] / surge["evaluated"])
    assert {one["dimension"] for one in surge["deciding"]} == {"flow", "measure"}
    assert set(document["sources"]) >= set(surge["sources"])
    assert all(document["sources"][name]["licence"] for name in document["sources"])
    _, out, _ = entrepot_says("check", CASE, "--json", "--explain", "trade-surge")
    assert [one["id"] for one in json.loads(out)["statements"]] == ["trade-surge"]


def python(code: str) -> tuple[str, float]:
    """Return what a process of its own prints, and the processor's seconds that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.slow
def test_check_answers_soon_and_without_the_solver() -> None:
    code = (
        "import sys; sys.argv = ['entrepot', 'check', 'india-russia-2025']\n"
        "from entrepot.app.cli.root import main\n"
        "main()\n"
        "print('LOADED', [name for name in ('jax', 'altair', 'scipy', 'h5netcdf') if name in sys.modules])"
    )
    said, taken = python(code)
    assert "LOADED []" in said
    # On a busy machine even the processor's seconds are three times as many, so they are compared with those of what an
    # answer needs at least, its libraries: it took three times that.
    _, least = python("import pandas, duckdb, pydantic, typer, rich")
    assert taken < 5 * least


def test_facts_are_listed_by_choice(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    words = ("facts", "--reporter", "RUS", "--product", "crude", "--period", "2025")
    code, out, err = entrepot_says(*words)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "energy_institute_2026"
    assert len(out.splitlines()) == 2 + 9 + 1  # the last line names the version
    assert re.search(r"RUS\s+exports\s+crude\s+2025\s+CHN\s+100\.718\s+Mt", out.splitlines()[2])
    rows = json.loads(entrepot_says(*words, "--partner", "IND", "--json")[1])
    assert [row["value"] for row in rows] == [84.859]
    rows = list(csv.DictReader(io.StringIO(entrepot_says(*words, "--unit", "Mt", "--flow", "exports", "--csv")[1])))
    assert list(rows[0]) == FACT
    assert len(rows) == 9


def test_facts_without_a_choice_list_their_sources(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    rows = json.loads(entrepot_says("facts", "--json")[1])
    assert [row["name"] for row in rows] == shipped.names("facts")
    assert all(row["licence"] for row in rows)
    assert "TradeStat" in flat(entrepot_says("facts")[1])


def test_what_is_printed_as_csv_can_be_read_as_ones_own_facts(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = entrepot_says("facts", "--source", "india_tradestat", "--product", "crude", "--csv")
    mine = tmp_path / "mine.csv"
    mine.write_text(out.replace("india_tradestat", "mine"), encoding="utf-8")
    words = ("facts", "--facts", mine, "--reporter", "IND", "--partner", "USA", "--product", "crude", "--period")
    rows = json.loads(entrepot_says(*words, "FY2024-25", "--unit", "Mt", "--json")[1])
    assert [(row["source"], row["value"]) for row in rows] == [("india_tradestat", 10.547), ("mine", 10.547)]
    document = json.loads(entrepot_says("check", CASE, "--facts", mine, "--explain", "us-oil-increased", "--json")[1])
    (oil,) = document["statements"]
    assert [one["sources"] for one in oil["readings"][:2]] == [["india_tradestat"], ["mine"]]
    assert len(oil["readings"]) == 28


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "india-russia"], "no 'india-russia' among the shipped statements; nearest: india-russia-2025"),
        (["check", "nowhere/said.yaml"], "no file nowhere/said.yaml"),
        (["check", CASE, "--explain", "oil"], "no statement 'oil'"),
        (["check", CASE, "--explain", "oil-largest-buyr"], "nearest: oil-largest-buyer"),
        (["check", CASE, "--facts", "nowhere.csv"], "no file nowhere.csv"),
        (["check", CASE, "--html", "missing/page.html"], "missing is not a folder; make it first"),
        (["facts", "--product", "crud"], "no product 'crud' in the facts; nearest: crude"),
        (["facts", "--partner", "XYZ"], "no partner 'XYZ' in the facts"),
        (["facts", "--json", "--csv"], "--json and --csv exclude each other"),
        (["comtrade", "missing/x.csv", "--reporter", "IND", "--period", "2024"], "missing is not a folder"),
        (["schema", "statement"], "'statement' is not one of"),
    ],
)
def test_bad_input_is_one_clear_line(entrepot_says, words: list[str], message: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says(*words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("entrepot: ")
    assert message in err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    claim: C\n", "", "said.yaml, line 6: statements[0].claim: missing; add it"),
        ("who: CHN", "who: CHINA", "said.yaml, line 11: statements[0].who: no partner 'CHINA' in the facts"),
        ("product: crude", "product: crude + lng", "line 12: statements[0].readings: crude in Mt and lng in bcm"),
        ("statements:", "statements: [", "not YAML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_clear_line(entrepot_says, tmp_path: Path, old: str, new: str, message: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "said.yaml"
    path.write_text(SAID.replace(old, new), encoding="utf-8")
    code, out, err = entrepot_says("check", path)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert message in err


def test_facts_given_twice_are_one_clear_line(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    row = "mine,RUS,exports,CHN,economy,crude,2024,108.5,Mt\n"
    mine = tmp_path / "mine.csv"
    mine.write_text(",".join(FACT) + "\n" + row + row, encoding="utf-8")
    code, _, err = entrepot_says("check", CASE, "--facts", mine)
    assert code == 2
    assert err == "entrepot: mine.csv, line 3: mine RUS exports CHN economy crude 2024 Mt is given twice; keep one\n"


class Page(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.slow
def test_the_page_needs_nothing_from_anywhere(page: str) -> None:
    tags = Page(page).tags
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "embed"}
    for _, attributes in tags:
        assert "src" not in attributes
        for name in ("href", "xlink:href", "style"):
            assert not re.search(r"https?:|//", attributes.get(name) or "")
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_the_page_has_a_card_a_statement_with_chart_and_grid(page: str, verdicts: list[Verdict]) -> None:
    identifiers = [attributes.get("id") for tag, attributes in Page(page).tags if tag == "article"]
    assert identifiers == [verdict.statement.id for verdict in verdicts] + ["sources"]
    cards = page.split("<article ")[1:]
    for card, verdict in zip(cards, verdicts, strict=False):
        drawn = 4 if verdict.evaluated > 1 else 0  # chart and grid, each for a wide and for a narrow screen
        assert card.count("<svg") == drawn
        assert verdict.outcome.value in flat(card).lower()
    text = flat(re.sub(r"<[^>]+>", "", page))
    for part in ("100.7 Mt", "20.26 bcm", "USD +95.22 billion", "10.55 Mt in FY2024-25 after 7.95 Mt", "25.0 points"):
        assert part in text


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    tags = Page(page).tags
    known = [attributes["id"] for _, attributes in tags if attributes.get("id")]
    assert len(known) == len(set(known))
    for _, attributes in tags:
        href = attributes.get("href") or ""
        assert not href.startswith("#") or href[1:] in known


def test_the_page_is_written_and_texts_are_escaped(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    said, out = tmp_path / "said.yaml", tmp_path / "page.html"
    said.write_text(SAID, encoding="utf-8")
    code, _, err = entrepot_says("check", said, "--html", out)
    assert (code, err) == (0, f"wrote {out}\n")
    written = out.read_text(encoding="utf-8")
    assert "<b>T</b>" not in written
    assert "&lt;b&gt;T&lt;/b&gt;" in written
    assert "R &amp; S" in written
    code, _, err = entrepot_says("check", said, "--html", said)
    assert code == 2
    assert "is an input of this command" in err
    assert said.read_text(encoding="utf-8") == SAID


def test_statements_are_listed_and_their_schema_accepts_them_and_refuses_a_typo(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    import jsonschema
    import yaml

    rows = json.loads(entrepot_says("statements", "--json")[1])
    assert [row["name"] for row in rows] == shipped.names("statements") == [CASE]
    schema = json.loads(entrepot_says("schema", "statements")[1])
    assert schema == statements_schema()
    validator = jsonschema.Draft202012Validator(schema)
    document = yaml.safe_load(shipped.path_of("statements", CASE).read_text(encoding="utf-8"))
    document["date"] = str(document["date"])
    validator.validate(document)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**document, "titel": "typo"})
    document["statements"][1]["kind"] = "ranking"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(document)


def test_comtrade_writes_facts_and_where_they_are_from(
    entrepot_says, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    import pandas as pd

    row = ["un_comtrade", "IND", "imports", "RUS", "economy", "crude", "2024", 50.0, "Mt"]
    monkeypatch.setattr("entrepot.data.comtrade.download", lambda *asked: pd.DataFrame([row], columns=FACT))
    target = tmp_path / "mine.csv"
    code, _, err = entrepot_says("comtrade", target, "--reporter", "IND", "--partner", "RUS", "--period", "2024")
    assert code == 0
    assert "wrote 1 rows" in err
    source = entrepot.load_facts(target).sources["un_comtrade"]
    assert source is not None
    assert "UN Comtrade" in source.title
