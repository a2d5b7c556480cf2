"""The page: self-contained, escaped, with the numbers of the result."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import entrepot
from economies import full_shock, random_economy, random_shock
from entrepot.brief.single import BriefData
from entrepot.core.errors import FileProblem, InputError
from entrepot.economy.closure import CLOSURES
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.report.kit import charts
from entrepot.report.kit.wording import capital
from entrepot.report.pages.single_brief import brief_html

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """Collects tags with their attributes, and checks that every element that is opened is closed in order."""

    EMPTY = frozenset({"meta", "br", "link", "img", "path", "rect", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html(gathered: BriefData) -> str:
    return brief_html(gathered, focus_of(gathered.result))


def test_the_page_needs_nothing_from_anywhere(html: str) -> None:
    page = Page(html)
    assert page.open == []
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed"}
    for _, attributes in page.tags:
        assert "src" not in attributes
        for name in ("href", "xlink:href", "style"):
            assert not re.search(r"https?:|//", attributes.get(name) or "")
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_the_headline_has_the_numbers_of_the_result(html: str, case: Result) -> None:
    text = re.sub(r"<[^>]+>", "", html).replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "Indian goods exports to the United States fall by 70 %, from USD 86.5 to 26.2 billion. "
        "India loses 0.22 % of its real income, USD 7.0 billion a year at 2022 prices; "
        "the United States loses 0.02 %, USD 5.2 billion."
    ) in text
    for part in ("Trade diversion", "Where the changes come from", "How this was computed", "Sources"):
        assert part in text
    assert f"{case.steps} steps" in text
    for source in (
        "OECD Inter-Country Input-Output",
        "Executive Orders 14257, 14326",
        "Fontagné, Guimbard and Orefice",
    ):
        assert source in text


def test_charts_come_wide_and_narrow_with_a_description_and_their_own_clip_paths(html: str) -> None:
    page = Page(html)
    drawings = [attributes for tag, attributes in page.tags if tag == "svg" and attributes.get("class") != "strip"]
    assert len(drawings) == 10
    assert sum(attributes.get("class") == "narrow" for tag, attributes in page.tags if tag == "div") == 5
    identifiers = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert html.count("aria-label") > 100


def test_texts_from_a_scenario_are_escaped_everywhere(case: Result) -> None:
    import dataclasses

    hostile = "<script>alert(1)</script>"
    scenario = Scenario.model_validate(
        {"title": hostile, "reference": hostile, "date": "2025-01-01", "summary": hostile, "instruments": []}
    )
    html = brief_html(BriefData(dataclasses.replace(case, scenario=scenario)), focus_of(case))
    assert hostile not in html
    assert "&lt;script&gt;" in html


def test_a_shock_without_scenario_on_unnamed_countries_makes_a_page_too(tmp_path: Path) -> None:
    economy = random_economy(0)
    result = entrepot.solve(economy, random_shock(economy, 0))
    entrepot.write_brief(entrepot.gather(result), tmp_path / "brief.html")
    assert "What the change does" in (tmp_path / "brief.html").read_text(encoding="utf-8")
    entrepot.write_brief(entrepot.gather(entrepot.solve(economy, Shock())), tmp_path / "none.html")
    assert "neither gains nor loses" in (tmp_path / "none.html").read_text(encoding="utf-8")


def test_a_brief_that_cannot_be_written_is_refused_before_it_is_drawn(case: Result, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="is not a folder; make it first"):
        entrepot.write_brief(case, tmp_path / "missing" / "brief.html")


def test_map_classes_widen_and_are_symmetric() -> None:
    import pandas as pd

    edges = charts.class_limits(pd.Series([-0.2228, 0.066, 0.0]))
    assert edges == pytest.approx([0.002, 0.01, 0.05, 0.2])
    names = charts.class_names(edges)
    assert names[charts.class_of(-0.2228, edges)] == "below −0.2 %"
    assert names[charts.class_of(0.066, edges)] == "+0.05 to +0.2 %"
    assert names[charts.class_of(0.0, edges)] == "within 0.002 %"
    assert len(names) == 9


def test_every_instrument_and_dial_is_told_in_the_brief(tmp_path: Path) -> None:
    economy = random_economy(4)
    model = entrepot.model("krugman", scale_share=0.4)
    every = full_shock(economy, 4)
    shock = Shock(export_tax=every.export_tax, productivity_hat=every.productivity_hat)
    result = entrepot.solve(economy, shock, model=model)
    entrepot.write_brief(entrepot.gather(result), tmp_path / "brief.html")
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    for told in ("export tax, points", "productivity, %", "scale_share 0.4", ">Productivity</th>", ">Scale</th>"):
        assert told in page


def test_a_model_that_holds_incomes_has_no_split(world: Economy, tmp_path: Path) -> None:
    held = entrepot.solve(world, entrepot.load_scenario("us-tariffs-on-india-2025"), model="conditional_gravity")
    with pytest.raises(InputError, match="holds nominal incomes.* decompose another model's result"):
        entrepot.decompose(held)
    entrepot.write_brief(entrepot.gather(held), tmp_path / "brief.html")
    page = (tmp_path / "brief.html").read_text(encoding="utf-8")
    assert "split exactly" not in page
    assert 'id="rules"' in page


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in ("fixed", "zero") else pytest.mark.long) for name in CLOSURES]
)
def test_a_brief_names_its_closure(tmp_path: Path, name: str) -> None:
    economy = random_economy(0)
    result = entrepot.solve(economy, random_shock(economy, 0), deficits=name)
    entrepot.write_brief(result, tmp_path / "brief.html")
    assert f"<dd>{capital(CLOSURES[name].title)}</dd>" in (tmp_path / "brief.html").read_text(encoding="utf-8")
