"""The joined brief through the front doors: the shipped one whole, and what goes wrong."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from test_cli import run

import entrepot
from entrepot.brief.results import BriefResults
from entrepot.report.answers import seek, sensitivity, tariff_games, trade_off, uncertainty

pytestmark = pytest.mark.slow

CASE = "india-russia-2025"
ROOT = Path(__file__).parents[2]


class Page(HTMLParser):
    """Collects ids, links within the page, and everything that could ask for something from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.links.append((value or "")[1:])
            elif name in ("href", "xlink:href", "src", "srcset", "action", "data", "poster"):
                self.outside.append(f"{tag} {name}={value}")


@pytest.fixture
def entrepot_says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    return lambda *words: run(capsys, monkeypatch, *map(str, words))


@pytest.fixture(scope="module")
def found() -> BriefResults:
    return entrepot.gather(CASE, draws=6)


@pytest.fixture(scope="module")
def page(found: BriefResults, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("brief") / "brief.html"
    entrepot.write_brief(found, path)
    return path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_solver")
def test_drawing_what_was_gathered_solves_nothing(found: BriefResults, page: str, tmp_path: Path) -> None:
    entrepot.write_brief(found, tmp_path / "brief.html")
    assert (tmp_path / "brief.html").read_text(encoding="utf-8") == page
    for goal in found.goals:
        assert seek.document(goal.answer)
        assert seek.render(goal.answer)
    for best in found.best:
        assert tariff_games.best_document(best.answer)
        assert tariff_games.best_render(best.answer)
    for one in found.rankings:
        assert sensitivity.document(one.table, one.slopes, one.result.economy)
        assert sensitivity.render(one.table, one.slopes, one.result)
    for fan in found.spreads:
        assert uncertainty.document(fan.answer)
        assert uncertainty.render(fan.answer)
    for choice in (one.choice for one in found.simulations if one.choice):
        assert trade_off.document(choice)
        assert trade_off.render(choice)


def plain(html: str) -> str:
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", html, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(text.split())


def test_the_page_has_every_section_and_every_link_leads_somewhere(page: str) -> None:
    read = Page(page)
    assert len(read.ids) == len(set(read.ids))
    assert not set(read.links) - set(read.ids)
    sections = [
        "statements",
        "simulations",
        "goals",
        "best",
        "sensitivity",
        "uncertainty",
        "method",
        "sources",
        "reproduce",
    ]
    assert [name for name in read.ids if name in sections] == sections
    assert len(read.links) > 30


def test_the_page_needs_nothing_from_anywhere_and_is_small(page: str) -> None:
    read = Page(page)
    assert read.outside == []
    assert not read.tags & {"script", "link", "img", "iframe", "object", "embed", "form"}
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert len(page.encode()) < 1_500_000


def test_charts_have_descriptions_and_their_own_names(page: str) -> None:
    drawings = re.findall(r"<svg[^>]*>", page)
    strips = [one for one in drawings if 'class="strip"' in one]
    assert len(strips) == 10, "two real incomes of each of five scenarios"
    assert all("members, " in one for one in strips)
    assert len(drawings) - 10 == page.count('<div class="wide">') + page.count('<div class="narrow">') == 28
    for kind in ("wide", "narrow"):
        assert page.count(f'<div class="{kind}"><svg') == 14
    assert page.count('role="graphics-symbol"') > 500
    clips = re.findall(r'<clipPath id="([^"]+)"', page)
    assert len(clips) == len(set(clips))


def test_the_first_screen_has_the_numbers_of_the_results(page: str, found: BriefResults) -> None:
    first = plain(page.split('<dl class="answers">')[1].split("</dl>", maxsplit=1)[0])
    tariffs = found.simulations[0].result
    assert tariffs is not None
    loss = 100 * (1 - float(tariffs.real_income_hat.sel(country="IND")))
    worth = -float(tariffs.equivalent_variation.sel(country="IND")) * tariffs.economy.billions
    assert f"India loses {loss:.2f} % of its real income, USD {worth:.1f} billion a year at 2022 prices" in first
    for goal in found.goals[:2]:
        assert f"{-100 * goal.answer.unknowns['value'].iloc[0]:.1f} %" in first
    near = found.goals[2].answer.targets["found"].iloc[0] * tariffs.economy.billions
    assert f"is out of reach, the nearest is USD −{-near:.2f} billion" in first
    rates = 100 * found.best[0].answer.rates["rate"]
    assert f"between {rates.min():.1f} and {rates.max():.1f} %" in first
    (crossing,) = next(one.choice for one in found.simulations if one.choice).crossings
    assert f"is {100 * crossing.at:.1f} %: below it" in first
    fan = 100 * (found.spreads[0].answer.fan.loc["real_income:IND", ["p5", "p95"]].astype(float) - 1)
    assert f"between −{-fan['p5']:.3f} and −{-fan['p95']:.3f} % in nine of ten of 6 draws" in first
    outcomes = [one.outcome.value for one in found.statements[0].verdicts]
    known = [one for one in outcomes if one != "cannot be checked"]
    assert f"Of {len(outcomes)} statements {len(known)} can be checked" in first
    assert f"{outcomes.count('holds under every reading')} hold under every reading" in first


def test_every_statement_scenario_and_source_is_there(page: str, found: BriefResults) -> None:
    text = plain(page).replace("&amp;", "&")
    for verdict in found.statements[0].verdicts:
        assert verdict.statement.claim in text
    for one in found.simulations:
        assert one.label in text
        assert one.scenario.title in text
    for source in found.sources.values():
        assert source is not None
        assert source.licence in text
    assert "entrepot brief india-russia-2025 --draws 6" in text
    assert "--draws 300" not in text


def test_the_command_writes_the_page_and_says_what_it_does(entrepot_says, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(
        "title: T\nquestion: Q\nreference: R\ndate: 2025-08-21\nsummary: S\ncountry: IND\n"
        "statements: [{name: india-russia-2025}]\nscenarios: [{name: india-russia-balance}]\n",
        encoding="utf-8",
    )
    code, out, err = entrepot_says("brief", "mine.yaml")
    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "wrote mine.html"
    assert "checking the statements india-russia-2025 …" in err
    assert "India gains" in plain((tmp_path / "mine.html").read_text(encoding="utf-8"))


def test_what_is_being_read_is_not_replaced(entrepot_says, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    mine = tmp_path / "mine.html"
    text = (
        "title: T\nquestion: Q\nreference: R\ndate: 2025-08-21\nsummary: S\ncountry: IND\n"
        "scenarios: [{name: india-russia-balance}]\n"
    )
    mine.write_text(text, encoding="utf-8")
    for words in (["brief", mine, "--out", mine],):
        code, out, err = entrepot_says(*words)
        assert (code, out) == (2, "")
        assert "is an input of this command; choose another output file" in err
    assert mine.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["brief", "india-rusia"], "no 'india-rusia' among the shipped briefs; nearest: india-russia-2025"),
        (["brief", "missing.yaml"], "no file missing.yaml"),
        (["brief", CASE, "--out", "missing/brief.html"], "missing is not a folder; make it first"),
        (["brief", CASE, "--draws", "1"], "--draws"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(entrepot_says, words: list[str], message: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = entrepot_says(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_briefs_are_listed_with_their_questions(entrepot_says) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = entrepot_says("briefs", "--json")
    assert code == 0
    (row,) = [row for row in json.loads(out) if row["name"] == CASE]
    assert row["question"].endswith("?")


def test_make_brief_makes_the_shipped_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"BRIEF  := {CASE}" in makefile
    assert "entrepot brief $(BRIEF) --out out/brief.html" in makefile
