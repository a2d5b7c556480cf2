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

pytestmark = pytest.mark.slow

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
        assert empty.startswith("No changes yet")
        page.click("button.add")
        page.wait_for_selector("#do-1:focus")
        first = window.changes(empty)
        page.select_option("#goods-1", "textiles")
        second = window.changes(first)
        page.fill("#by-1", "60")
        third = window.changes(second)
        assert "India loses" in third
        assert len({empty, first, second, third}) == 4
        page.eval_on_selector(
            "input[data-with=by-1]", "it => { it.value = 12; it.dispatchEvent(new Event('input', {bubbles: true})) }"
        )
        fourth = window.changes(third)
        assert page.input_value("#by-1") == "12"
        page.select_option("#from-1", "VNM")
        fifth = window.changes(fourth)
        assert "Vietnam loses" in fifth
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
        assert "India loses 0.22 % of its real income" in case
        page.select_option("#case", "india-russia-balance")
        balance = window.changes(case)
        page.fill("#set-cut", "-30")
        more = window.changes(balance)
        assert "set.cut=-30" in page.url
        page.select_option("#look", "RUS")
        assert window.looks_at("Russia") == more
        page.select_option("#case", "oil-penalty-trade-off")
        stop = window.changes(more)
        page.select_option("#option", "keep")
        assert window.changes(stop) != stop
        page.select_option("#case", "us-tariffs-on-india-2025")
        again = window.changes(window.headline())
        assert again == case
        page.check("text=Leave out")
        assert window.changes(case).startswith("No changes yet")
        page.uncheck("text=Leave out")
        window.changes("No changes yet. Add a line with an instrument, countries, goods and an amount.")
        page.click("table.rows a:has-text('Viet Nam')")
        assert window.looks_at("Vietnam") == again


def test_a_job_shows_its_progress_and_its_answer(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/?v=1&case=india-russia-balance")
        page.click("button[data-job=sweep]")
        page.wait_for_selector(".job svg")
        page.click("button[data-job=sensitivity]")
        page.wait_for_selector(".job caption:has-text('Largest effects on real_income:IND')")
        assert page.locator(".job").count() == 2


def test_the_range_comes_by_itself_below_the_headline(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/")
        assert "is being computed" in page.inner_text("#range")
        page.wait_for_selector("#range .strip")
        said = " ".join(page.inner_text("#range").split())
        assert re.search(r"−0\.40 to −0\.1\d % Real income of India", said), said
        assert "Real income of the United States" in said
        assert page.locator("#range .strip").count() == 2
        assert page.locator("#jobs > *").count() == 0, "it is no job of the page's own list"
        page.select_option("#look", "BRA")
        page.wait_for_selector("#range .strip[aria-label] >> nth=0")
        page.wait_for_selector("#range:has-text('Real income of Brazil')")
        page.select_option("#case", "oil-penalty-trade-off")
        page.wait_for_selector("#range:has-text('is being computed')")
        page.select_option("#case", "us-tariffs-on-india-2025")
        page.wait_for_selector("#range:has-text('Real income of India')")


def test_the_range_stays_a_button_where_other_jobs_wait(browser: Any, desk: Running) -> None:
    question = "/?v=1&case=own&on=2026-01-01&do=tariff_add&from=VNM&to=USA&goods=textiles&by=17"
    jobs = desk.url + "/api/v1/jobs"
    with watched(browser, desk.url) as window:
        asked = [
            window.page.request.post(
                jobs, data={"kind": "uncertainty", "scenario": "us-tariffs-world", "draws": 2000, "seed": seed}
            ).json()["id"]
            for seed in (71, 72)
        ]
        page = window.open(question)
        page.wait_for_selector("#range:has-text('waits for other jobs')")
        assert page.locator("#range .strip").count() == 0
        for name in asked:
            page.request.delete(f"{jobs}/{name}")
        page.click("#range button")
        page.wait_for_selector("#range .strip")


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
        page.click("article a:has-text('open it on the desk') >> nth=0")
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
    assert "India loses" in page.inner_text("h1")
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
        assert window.looks_at("Brazil") == before


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


TWO_LINES = TEXTILES + "&do=tariff_add&from=VNM&to=USA&goods=textiles&by=10"


@pytest.mark.parametrize("field", ["#by-2", "#on", "#set-cut"])
def test_enter_in_a_field_computes_and_leaves_the_lines_alone(browser: Any, desk: Running, field: str) -> None:
    case = "&case=india-russia-balance" if field == "#set-cut" else "&case=own"
    with watched(browser, desk.url) as window:
        page = window.open(TWO_LINES.replace("&case=own", case))
        before = page.url
        value = {"#by-2": "35", "#on": "2026-03-01", "#set-cut": "-40"}[field]
        page.fill(field, value)
        with page.expect_response(lambda answer: "/?" in answer.url):
            page.press(field, "Enter")
        page.wait_for_function(
            "before => location.href !== before && !document.querySelector('[aria-busy=true]')", arg=before
        )
        assert value in page.url
        assert page.locator("#lines .line").count() == 2
        assert page.input_value("#from-1") == "IND"
        assert "remove=" not in page.url


def test_enter_computes_without_scripts_too(browser: Any, desk: Running) -> None:
    opened = browser.new_context(java_script_enabled=False)
    page = opened.new_page()
    page.goto(desk.url + TWO_LINES)
    page.fill("#by-2", "35")
    page.press("#by-2", "Enter")
    page.wait_for_url("**by=35*")
    assert page.locator("#lines .line").count() == 2
    opened.close()


@pytest.mark.parametrize("path", ["/", OWN, "/?v=1&case=own&do=x", "/?v=1&case=none"])
def test_the_headline_is_a_heading_in_a_region_that_is_read_aloud(browser: Any, desk: Running, path: str) -> None:
    with watched(browser, desk.url) as window:
        page = browser_page(window, path)
        role = "status" if path in ("/", OWN) else "alert"
        heading = page.get_by_role(role).get_by_role("heading", level=1)
        assert heading.count() == 1
        page.evaluate("window.kept = document.querySelector('.says')")
        before = window.headline()
        page.select_option("#case", "oil-penalty-trade-off")
        window.changes(before)
        assert page.get_by_role("status").get_by_role("heading", level=1).count() == 1
        assert page.evaluate("window.kept === document.querySelector('.says')"), "a new region is not read aloud"


def browser_page(window: Any, path: str) -> Any:
    """Open a page that may be refused: the browser notes each 422 on its console, as it should."""
    page = window.open(path)
    forgive(window)
    return page


def forgive(window: Any) -> None:
    window.said[:] = [line for line in window.said if not line.startswith("Failed to load resource")]


def test_the_skip_link_moves_the_focus_and_loads_nothing(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open(TEXTILES)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**#main")
        page.wait_for_selector("main:focus")
        page.go_back()
        page.wait_for_timeout(400)
        assert asked == []


def test_the_answer_of_a_job_stays_until_the_question_changes(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open("/?v=1&case=india-russia-balance")
        page.click("button[data-job=sweep]")
        page.wait_for_selector(".job svg")
        before = window.headline()
        page.select_option("#look", "BRA")
        assert window.looks_at("Brazil") == before
        assert page.locator(".job svg").count() >= 1
        page.click("table.rows a:has-text('Kazakhstan')")
        assert window.looks_at("Kazakhstan") == before
        assert page.locator(".job svg").count() >= 1
        page.go_back()
        assert window.looks_at("Brazil") == before
        page.go_back()
        assert window.looks_at("India") == before
        assert page.locator(".job svg").count() >= 1
        page.fill("#set-cut", "-35")
        window.changes(before)
        assert page.locator(".job").count() == 0


def test_a_slider_that_moves_is_one_step_back(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = window.open(TEXTILES)
        said = first = window.headline()
        steps = page.evaluate("history.length")
        for value in (40, 55, 70):
            page.eval_on_selector(
                "input[data-with=by-1]",
                "(it, to) => { it.value = to; it.dispatchEvent(new Event('input', {bubbles: true})) }",
                value,
            )
            said = window.changes(said)
        assert page.evaluate("history.length") == steps + 1
        page.dispatch_event("input[data-with=by-1]", "change")
        page.press("#by-1", "Enter")  # the same state once more
        page.wait_for_timeout(500)
        assert page.evaluate("history.length") == steps + 1
        page.select_option("#from-1", "VNM")
        other = window.changes(said)
        assert page.evaluate("history.length") == steps + 2
        page.go_back()
        assert window.changes(other) == said
        page.go_back()
        assert window.changes(said) == first


def test_an_address_that_cannot_be_read_stays_to_be_put_right(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url) as window:
        page = browser_page(window, "/?v=1&case=own&tariff=25#main")
        assert page.url.endswith("/?v=1&case=own&tariff=25#main")
        assert "unknown field" in window.headline()
        page.select_option("#look, #case", "own")
        page.wait_for_url("**/?v=1&case=own*")


@pytest.mark.parametrize("kind", ["json", "page", "silence"])
def test_a_refusal_is_told_in_the_servers_words_and_the_old_answer_marked(
    browser: Any, desk: Running, kind: str
) -> None:
    words = "the queue is full of tests; ask again later"
    told = {
        "json": {"status": 429, "content_type": "application/json", "body": '{"error": {"message": "' + words + '"}}'},
        "page": {"status": 503, "content_type": "text/html", "body": f"<main><p>503</p><h1>{words}</h1></main>"},
    }
    with watched(browser, desk.url) as window:
        page = window.open(TEXTILES)
        before, address = window.headline(), page.url

        def refuse(route: Any) -> None:
            if kind == "silence":
                route.abort()
            else:
                route.fulfill(**told[kind])

        page.route("**/?*", refuse)
        page.fill("#by-1", "60")
        refusal = window.changes(before)
        assert refusal == ("The server does not respond. Try again in a moment." if kind == "silence" else words)
        assert page.get_by_role("alert").get_by_role("heading", level=1).count() == 1
        assert "previous settings" in page.inner_text("#headline")
        assert page.locator("#headline .downloads").count() == 0, "they would be those of the settings before"
        assert page.eval_on_selector("#answer", "it => Number(getComputedStyle(it).opacity)") < 1
        assert page.url == address
        page.unroute("**/?*")
        page.get_by_role("button", name="Retry").click()
        assert "India loses" in window.changes(refusal)
        page.wait_for_function("() => getComputedStyle(document.getElementById('answer')).opacity === '1'")
        assert "by=60" in page.url
        page.route("**/api/v1/jobs", refuse)
        page.click("button[data-job=sensitivity]")
        page.wait_for_selector(f".job:has-text('{'does not respond' if kind != 'json' else words}')")
        forgive(window)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_result_of_a_slider_is_in_sight_and_covers_no_focus(
    browser: Any, desk: Running, scheme: str
) -> None:
    size = {"width": 400, "height": 850}
    with watched(browser, desk.url, viewport=size, color_scheme=scheme) as window:
        page = window.open("/?v=1&case=india-russia-balance")
        slim = page.locator("#slim")
        assert not slim.is_visible(), "the headline is in sight"
        page.eval_on_selector("input[type=range]", "it => it.scrollIntoView({block: 'center'})")
        page.wait_for_selector("#slim.needed")
        before = slim.inner_text()
        assert re.search(r"\d", before)
        said = window.headline()
        page.focus("input[type=range]")
        page.keyboard.press("Home")
        window.changes(said)
        assert slim.inner_text() != before
        box, slider = slim.bounding_box(), page.locator("input[type=range]").first.bounding_box()
        assert box["y"] == 0
        assert box["height"] <= 48
        assert slider["y"] >= box["height"]
        colour = "getComputedStyle(document.getElementById('slim')).backgroundColor"
        assert page.evaluate(colour) == page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.focus(".foot a, #answer details:last-of-type summary")
        for _ in range(25):
            page.keyboard.press("Shift+Tab")
            top = page.evaluate("document.activeElement.getBoundingClientRect().top")
            hidden = page.evaluate("document.querySelector('#slim.needed')?.getBoundingClientRect().bottom ?? 0")
            assert top >= hidden, page.evaluate("document.activeElement.outerHTML.slice(0, 100)")


def test_on_a_phone_links_are_large_enough_for_a_thumb(browser: Any, desk: Running) -> None:
    with watched(browser, desk.url, viewport={"width": 400, "height": 850}) as window:
        page = window.open("/")
        heights = page.eval_on_selector_all(
            ".downloads a, .downloads button, tbody a",
            "all => all.map(it => it.getBoundingClientRect().height).filter(it => it > 0)",
        )
        assert len(heights) > 15
        assert min(heights) >= 24


@pytest.mark.parametrize("path", [OWN, "/?v=1&case=own&do=x"])
def test_a_form_without_a_result_says_what_to_do(browser: Any, desk: Running, path: str) -> None:
    with watched(browser, desk.url) as window:
        page = browser_page(window, path)
        assert page.locator("#answer h2").inner_text() == ("Getting started" if path == OWN else "What to do")
        page.click("#answer .cases a >> nth=0")
        page.wait_for_selector("html.scripted #answer .map")
