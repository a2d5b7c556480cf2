"""The desk as a person meets it, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import entrepot

from .browser import FLAGS, chromium, watched
from .conftest import Running

OWN = "/?v=1&case=own"
TEXTILES = "/?v=1&case=own&on=2026-01-01&do=tariff_add&from=IND&to=USA&goods=textiles&by=25"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def test_a_scenario_is_built_from_nothing_changed_shared_and_taken_away(
    browser: Any, desk: Running, tmp_path: Path
) -> None:
    with watched(browser, desk.url, accept_downloads=True) as window:
        page = window.open(OWN)
        empty = window.headline()
        assert empty.startswith("Nothing changes yet")
        page.click("button.add")
        page.wait_for_selector("#do-1:focus")
        first = window.changes(empty)
        page.select_option("#goods-1", "textiles")
        second = window.changes(first)
        page.fill("#by-1", "60")
        third = window.changes(second)
        assert third.startswith("India loses")
        assert len({empty, first, second, third}) == 4
        page.eval_on_selector(
            "input[data-with=by-1]", "it => { it.value = 12; it.dispatchEvent(new Event('input', {bubbles: true})) }"
        )
        fourth = window.changes(third)
        assert page.input_value("#by-1") == "12"
        page.select_option("#from-1", "VNM")
        fifth = window.changes(fourth)
        assert fifth.startswith("Viet Nam loses")
        address = page.url
        for part in ("v=1", "case=own", "do=tariff_add", "from=VNM", "to=USA", "goods=textiles", "by=12", "on=20"):
            assert part in address

        with page.expect_download() as taken:
            page.click("text=Scenario (YAML)")
        path = tmp_path / "taken.yaml"
        taken.value.save_as(path)
        assert taken.value.suggested_filename.endswith(".yaml")
        scenario = entrepot.load_scenario(path)
        assert len(scenario.instruments) == 1
        with page.expect_download() as table:
            page.click("text=Countries (CSV)")
        table.value.save_as(tmp_path / "countries.csv")
        assert (tmp_path / "countries.csv").read_text(encoding="utf-8").count("\n") == 82

        page.go_back()
        assert window.changes(fifth) == fourth
        page.go_forward()
        assert window.changes(fourth) == fifth

    with watched(browser, desk.url) as other:
        other.page.goto(address)
        assert other.headline() == fifth
        assert other.page.input_value("#by-1") == "12"
        other.page.wait_for_selector("html.scripted")
        other.page.click("text=Remove line 1")
        other.changes(fifth)
        assert other.page.locator("#lines .line").count() == 0


def test_the_case_its_slider_its_options_and_another_country(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/")
        case = window.headline()
        assert case.startswith("India loses 0.22 % of its real income")
        page.select_option("#case", "india-russia-balance")
        balance = window.changes(case)
        page.fill("#set-cut", "-30")
        more = window.changes(balance)
        assert "set.cut=-30" in page.url
        page.select_option("#look", "RUS")
        other = window.changes(more)
        assert other.startswith("The Russian Federation")
        page.select_option("#case", "oil-penalty-trade-off")
        stop = window.changes(other)
        page.select_option("#option", "keep")
        assert window.changes(stop) != stop
        page.select_option("#case", "us-tariffs-on-india-2025")
        again = window.changes(window.headline())
        assert again == case
        page.check("text=Leave out")
        assert window.changes(case).startswith("Nothing changes yet")
        page.uncheck("text=Leave out")
        window.changes("Nothing changes yet. Add a line: who does what to whose goods, by how much.")
        page.click("table.rows a:has-text('Viet Nam')")
        assert window.changes(case).startswith("Viet Nam gains")


def test_a_job_shows_its_progress_and_its_answer(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/?v=1&case=india-russia-balance")
        page.click("button[data-job=sweep]")
        page.wait_for_selector(".job svg", timeout=40_000)
        page.click("button[data-job=sensitivity]")
        page.wait_for_selector(".job caption:has-text('What moves real_income:IND most')", timeout=40_000)
        assert page.locator(".job").count() == 2


def test_a_statement_is_gone_through(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/")
        page.click("nav >> text=Statements")
        page.wait_for_selector("body.reading")
        page.click("ol.index a >> nth=2")
        assert page.url.endswith("#lng-largest-buyer")
        card = page.locator("#lng-largest-buyer")
        assert "natural reading" in card.inner_text()
        card.locator("summary:has-text('readings in words')").click()
        assert card.locator("tbody tr").count() == 12
        page.click("article a:has-text('open it at the desk') >> nth=0")
        page.wait_for_selector("html.scripted")
        assert "case=" in page.url


def test_the_keyboard_alone_is_enough(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open(OWN)
        before = window.headline()

        def until(what: str, key: str = "Tab", most: int = 60) -> None:
            for _ in range(most):
                page.keyboard.press(key)
                if page.evaluate("what => document.activeElement.matches(what)", what):
                    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                    assert outline != "none", f"{what} does not show that it has the focus"
                    return
            pytest.fail(f"{what} is not reached with {key}")

        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        until("button.add")
        page.keyboard.press("Enter")
        page.wait_for_selector("#do-1:focus")
        first = window.changes(before)
        until("#goods-1")
        page.keyboard.type("Textiles")
        second = window.changes(first)
        until("input[type=range]")
        page.keyboard.press("ArrowRight")
        third = window.changes(second)
        assert page.input_value("#by-1") == "26"
        until("button.remove")
        page.keyboard.press("Enter")
        assert window.changes(third) == before
        page.wait_for_selector(".add:focus")


@pytest.mark.parametrize("path", ["/", TEXTILES, OWN, "/statements/india-russia-2025"])
def test_nothing_is_wider_than_a_telephone(browser: Any, desk: Running, path: str) -> None:
    with watched(browser, desk.url, viewport={"width": 400, "height": 850}) as window:
        page = window.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        if path != "/statements/india-russia-2025":
            headline, form = (page.locator(what).bounding_box()["y"] for what in ("h1", "form"))
            assert headline < form


def test_it_is_dark_where_people_want_it_dark(browser: Any, desk: Running) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        with watched(browser, desk.url, color_scheme=scheme) as window:
            page = window.open("/")
            seen[scheme] = [
                page.eval_on_selector(what, "it => getComputedStyle(it)[" + repr(which) + "]")
                for what, which in (("body", "backgroundColor"), ("body", "color"), (".map .c4", "fill"))
            ]
    lights = {
        scheme: [sum(map(float, re.findall(r"[\d.]+", colour)[:3])) for colour in found]
        for scheme, found in seen.items()
    }
    (paper, ink, none), (dark_paper, dark_ink, dark_none) = lights["light"], lights["dark"]
    assert min(paper, dark_ink, none) > 600
    assert max(ink, dark_paper, dark_none) < 250


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", TEXTILES, OWN, "/?v=1&case=own&do=x", "/statements/india-russia-2025"])
def test_axe_finds_nothing_serious(browser: Any, desk: Running, path: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = browser.new_context(color_scheme=scheme, bypass_csp=True)  # axe is a script of the test, not of the page
    page = opened.new_page()
    page.goto(desk.url + path)
    page.wait_for_selector("html.scripted, body.reading")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]
    opened.close()
    told = [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert told == []


def test_without_scripts_the_form_still_computes(browser: Any, desk: Running) -> None:
    opened = browser.new_context(java_script_enabled=False)
    page = opened.new_page()
    page.goto(desk.url + OWN)
    page.click("button.add")
    page.select_option("#goods-1", "textiles")
    page.fill("#by-1", "40")
    page.click(".compute button")
    assert page.inner_text("h1").startswith("India loses")
    assert "goods=textiles" in page.url
    opened.close()


def test_the_map_names_every_economy_and_chooses_one(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/")
        before = window.headline()
        said = page.eval_on_selector_all(
            ".map path[data-look]", "all => all.map(it => [it.dataset.look, it.textContent])"
        )
        assert len({code for code, _ in said}) == 80
        assert all(re.fullmatch(r".+: [+−]?[\d.]+\s%", text) for _, text in said)
        page.locator(".map path[data-look=BRA]").click()
        assert window.changes(before).startswith("Brazil")


def test_a_title_with_a_script_in_it_stays_a_title(browser: Any, desk: Running) -> None:
    title = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
    from urllib.parse import quote_plus

    with watched(browser, desk.url) as window:
        page = window.open(TEXTILES + "&title=" + quote_plus(title))
        assert title in page.inner_text(".kicker")
        assert page.title() != "taken"
        brief = page.request.get(
            desk.url + "/download/brief.html" + TEXTILES[1:] + "&title=" + quote_plus(title)
        ).text()
        assert "<script" not in brief
        assert "&lt;script&gt;" in brief
        assert (
            yaml.safe_load(
                page.request.get(
                    desk.url + "/download/scenario.yaml" + TEXTILES[1:] + "&title=" + quote_plus(title)
                ).text()
            )["title"]
            == title
        )
