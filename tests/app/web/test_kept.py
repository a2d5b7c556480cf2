"""Answers that the desk keeps, what they are compared with, and blocs on the page."""

from html import unescape
from urllib.parse import quote_plus

import httpx
import pytest

from entrepot.app.web.desk.url_state import MAX_KEPT, UrlState, parse
from entrepot.data import shipped

from .test_api import followed

pytestmark = pytest.mark.slow
OPTIONS = "oil-penalty-trade-off"  # it has to be chosen which
CARS = "v=1&case=own&on=2026-04-10&do=tariff_add&from=CHN&to=EU27&goods=C29&by=30"
TEN = "v=1&case=own&on=2026-04-10&do=tariff_add&from=CHN&to=USA&goods=goods&by=10"


def page(client: httpx.Client, query: str) -> str:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 200, answer.text[:400]
    return unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def test_a_duty_of_a_bloc_is_shown_for_the_bloc(client: httpx.Client) -> None:
    shown = page(client, CARS)
    assert "Chinese motor vehicles to the EU fall by 92 %, from USD 16.0 to 1.3 billion." in shown
    assert ">The EU</a>" in shown
    assert "Compared with the duties of the base year 2022." in shown
    assert 'optgroup label="Blocs"' in shown


def test_a_kept_answer_stands_beside_the_next_one(client: httpx.Client) -> None:
    shown = page(client, f"{TEN}&keep={quote_plus(CARS)}")
    assert "Answers side by side" in shown
    assert shown.count("Drop “") == 1
    assert "Answers side by side" not in page(client, TEN)


def test_the_switch_to_measures_in_force_changes_the_answer(client: httpx.Client) -> None:
    plain, in_force = page(client, TEN), page(client, f"{TEN}&baseline=in_force")
    assert "on 10 April 2026" in in_force
    assert "on 10 April 2026" not in plain
    headlines = [one.split('class="headline">')[1].split("</h1>")[0] for one in (plain, in_force)]
    assert headlines[0] != headlines[1]


def test_a_state_keeps_itself_once_and_a_few_others() -> None:
    state = UrlState(case="diversification")
    kept = state.keeping
    assert kept.keeping == kept
    assert parse(kept.query()) == kept
    many = UrlState(kept=tuple(f"v=1&case=own&title={n}" for n in range(MAX_KEPT)))
    assert len(many.keeping.kept) == MAX_KEPT


def test_a_kept_state_that_is_none_is_said_on_the_page(client: httpx.Client) -> None:
    answer = client.get(f"/?{TEN}&keep=v%3D1%26nothing%3D1")
    assert answer.status_code == 422
    assert "unknown field" in answer.text


@pytest.mark.parametrize(
    ("kind", "of", "says"), [("range", ["real_income:EU27"], "combinations"), ("why", "EU27", "terms of trade")]
)
def test_how_sure_and_why_are_jobs(client: httpx.Client, kind: str, of: object, says: str) -> None:
    asked = {"kind": kind, "of": of, "document": {
        "title": "Cars", "reference": "A proposal", "date": "2026-01-01",
        "instruments": [{"kind": "tariff", "add": "30 %", "origin": "CHN", "destination": "EU27", "sector": "C29"}],
    }}  # fmt: skip
    begun = client.post("/api/v1/jobs", json=asked).json()
    assert followed(client, begun["links"]["events"])[-1][1]["state"] == "done"
    assert says in unescape(client.get(f"/jobs/{begun['id']}").text)


def test_a_range_that_nobody_waits_for_is_taken_back_unless_it_runs(client: httpx.Client) -> None:
    asked = {"kind": "range", "scenario": "diversification", "of": ["real_income:IND"]}
    draws = {"kind": "uncertainty", "scenario": "us-tariffs-world", "draws": 2000}
    long, waiting = (client.post("/api/v1/jobs", json=draws | {"seed": seed}).json()["id"] for seed in (81, 82))
    assert client.post("/range", json=asked).status_code == 204
    client.delete(f"/range/{waiting}")
    assert client.get(f"/api/v1/jobs/{waiting}").json()["state"] == "cancelled"
    client.delete(f"/range/{long}")
    assert client.get(f"/api/v1/jobs/{long}").json()["state"] in ("waiting", "running")
    begun = client.post("/range", json=asked)
    assert begun.status_code == 202
    client.delete(f"/api/v1/jobs/{long}")
    assert followed(client, begun.json()["links"]["events"])[-1][1]["state"] == "done"
    again = client.post("/range", json=asked).json()
    assert again["state"] == "done", "the same range is computed once"


@pytest.mark.parametrize("case", [name for name in shipped.names("scenarios") if name != OPTIONS])
def test_every_shipped_case_has_a_page_with_a_map_and_links_to_its_blocs(client: httpx.Client, case: str) -> None:
    shown = page(client, f"v=1&case={case}")
    assert '<figure class="map">' in shown
    assert 'href=""' not in shown


def test_a_list_of_countries_can_be_looked_at(client: httpx.Client) -> None:
    shown = page(client, "v=1&case=diversification")
    assert "look=all,-USA" in shown
    assert "real income of all countries but the United States" in page(
        client, "v=1&case=diversification&look=all%2C-USA"
    )
