"""The API as programs meet it, through real HTTP."""

import json
import threading
import time
from typing import Any

import httpx
import jsonschema
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

import entrepot
from entrepot.equilibrium.result import Result
from entrepot.report.result.headline import headline

from .conftest import LIMITS, PATIENCE, Running

pytestmark = pytest.mark.slow

CASE = "us-tariffs-on-india-2025"
API = "/api/v1"
TEXTILES: dict[str, Any] = {
    "title": "Ten points on textiles", "reference": "A proposal", "date": "2026-01-01",
    "instruments": [{"kind": "tariff", "add": "10 %", "origin": "IND", "destination": "USA", "sector": "textiles"}],
}  # fmt: skip


def changed(**fields: Any) -> dict[str, Any]:
    return {**TEXTILES, **fields}


def instrument(**fields: Any) -> dict[str, Any]:
    return changed(instruments=[{**TEXTILES["instruments"][0], **fields}])


def solved(client: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/solve", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """Return the first message of a fault in the one shape."""
    assert answer.status_code == status, answer.text
    said = answer.json()
    assert set(said) == {"error"}
    assert set(said["error"]) == {"code", "message", "problems"}
    assert said["error"]["code"] == code
    assert said["error"]["message"] == said["error"]["problems"][0]
    return str(said["error"]["message"])


def test_solve_answers_what_the_library_answers(client: httpx.Client, case: Result) -> None:
    answer = solved(client, scenario=CASE)
    assert "India loses 0.22" in answer["headline"]
    assert answer["focus"] == {"exporter": "IND", "importer": "USA"}
    by_code = {row["country"]: row["real_income_pct"] for row in answer["countries"]}
    assert len(by_code) == 81
    for code in ("IND", "USA", "VNM", "ROW"):
        assert by_code[code] == pytest.approx(100 * (float(case.real_income_hat.sel(country=code)) - 1), abs=1e-9)
    assert "prices" not in answer
    assert answer["solver"]["residual"] <= 1e-11


def test_a_document_yaml_and_the_library_are_one_scenario(client: httpx.Client, tmp_path: Any) -> None:
    by_document = solved(client, document=TEXTILES)
    by_yaml = solved(client, yaml=yaml.safe_dump(TEXTILES))
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(TEXTILES), encoding="utf-8")
    result = entrepot.solve(entrepot.load_economy(), entrepot.load_scenario(path))
    from entrepot.policy.scenario import Focus

    assert by_document["headline"] == by_yaml["headline"] == headline(result, Focus(exporter="IND", importer="USA"))
    assert by_document["countries"] == by_yaml["countries"]


def test_day_parameters_option_model_and_rule_mean_what_they_mean_on_the_command_line(client: httpx.Client) -> None:
    before = solved(client, scenario=CASE, on="2025-08-21", include=[])
    after = solved(client, scenario=CASE, include=[])
    assert abs(before["key_numbers"]["exporter_income_pct"]) < abs(after["key_numbers"]["exporter_income_pct"])
    small, large = (
        solved(client, scenario="india-russia-balance", parameters={"cut": cut}, include=[])["key_numbers"]["flow_pct"]
        for cut in ("-5 %", -0.3)
    )
    assert 0 < small < large
    stop = solved(client, scenario="oil-penalty-trade-off", option="stop", include=["countries"])
    assert stop["scenario"]["title"].endswith("avoid the penalty")
    scaled = solved(
        client, scenario=CASE, deficits="scaled", model="multi_sector", elasticities="uniform_4", include=[]
    )
    assert scaled["assumptions"]["elasticities"] == "uniform_4"
    assert scaled["assumptions"]["model"] == "multi_sector"
    dial = solved(client, scenario=CASE, model="nested_ces", dials={"rho": 0.8}, include=[])
    assert dial["assumptions"]["dials"]["rho"] == 0.8


def test_tables_come_where_they_are_asked_for(client: httpx.Client) -> None:
    asked = ["sectors", "suppliers", "customers", "prices", "sources", "theta"]
    answer = solved(client, scenario=CASE, include=asked, focus={"exporter": "VNM", "importer": "USA"})
    assert "countries" not in answer
    assert {"sectors", "suppliers", "customers", "prices", "sources"} <= set(answer)
    assert len(answer["assumptions"]["theta"]) == 28
    assert answer["headline"].startswith("Indian goods exports to the United States fall by 70")  # about the change
    assert answer["focus"] == {"exporter": "VNM", "importer": "USA"}
    assert "India loses 0.22" in answer["headline"]  # it is about the change, whoever is looked at


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ({}, "invalid_request", "give exactly one of `scenario`, `document` and `yaml`"),
        ({"scenario": CASE, "yaml": "title: x"}, "invalid_request", "give exactly one"),
        ({"scenario": CASE, "defcits": "zero"}, "invalid_request", "defcits: unknown field"),
        ({"scenario": CASE, "deficits": "nil"}, "invalid_request", "deficits: Input should be 'fixed'"),
        ({"scenario": "us-tariffs-india"}, "unknown_label", "nearest: us-tariffs-on-india-2025"),
        ({"scenario": CASE, "economy": "icio2010"}, "unknown_label", "no 'icio2010' among the shipped economies"),
        ({"scenario": CASE, "elasticities": "uniform"}, "unknown_label", "nearest: uniform_4"),
        ({"scenario": CASE, "model": "ricardo"}, "unknown_label", "no model 'ricardo'"),
        ({"scenario": CASE, "dials": {"roh": 1}}, "unknown_label", "no dial 'roh'; nearest: rho"),
        ({"scenario": CASE, "on": "yesterday"}, "invalid_input", "date: found 'yesterday'"),
        ({"scenario": CASE, "parameters": {"cut": 0.1}}, "unknown_label", "no parameter 'cut'; it has none"),
        ({"scenario": "oil-penalty-trade-off"}, "invalid_change", "has the options stop, keep; choose one"),
        ({"document": instrument(origin="Inda")}, "unknown_label", "unknown country 'Inda'; nearest: IND (India)"),
        ({"document": instrument(add="-120 %")}, "invalid_document", "a duty cannot fall to -100 % or below"),
        ({"document": instrument(add=1e999)}, "invalid_request", None),
        ({"document": changed(titel="x")}, "invalid_document", "titel: unknown field; nearest: title"),
        ({"yaml": "title: [1, 2"}, "invalid_document", "scenario, line 1: not YAML"),
        ({"yaml": "- 1"}, "invalid_document", "found no fields"),
        ({"scenario": CASE, "focus": {"exporter": "IND", "importer": "IND"}}, "unknown_label", "are both IND"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_shape(
    client: httpx.Client, asked: dict[str, Any], code: str, message: str | None
) -> None:
    if message is None:
        text = json.dumps(asked)  # JSON has no infinity, but Python writes one
        answer = client.post(f"{API}/solve", content=text, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
        return
    assert message in refused(client.post(f"{API}/solve", json=asked), 422, code)


def test_every_problem_of_a_document_is_told_at_once(client: httpx.Client) -> None:
    wrong = {"titel": "x", "reference": "r", "date": "soon", "instruments": [{"kind": "tarif"}]}
    said = client.post(f"{API}/solve", json={"document": wrong}).json()["error"]["problems"]
    assert len(said) == 4
    lines = client.post(f"{API}/check", json={"yaml": "title: t\nreference: r\ndate: soon\n"}).json()["error"][
        "problems"
    ]
    assert any(line.startswith("scenario, line 3: date: found 'soon'") for line in lines)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/solve", 405, "method_not_allowed"),
        ("GET", "/economies?all=1", 422, "invalid_request"),
        ("GET", "/economies/atlantis", 422, "unknown_label"),
        ("GET", "/schemas/statement", 422, "unknown_label"),
        ("GET", "/jobs/none", 404, "unknown_job"),
        ("GET", "/jobs/none/events", 404, "unknown_job"),
        ("DELETE", "/jobs/none", 404, "unknown_job"),
    ],
)
def test_wrong_addresses_are_told_in_the_same_shape(
    client: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    refused(client.request(method, API + path), status, code)


def test_lists_say_what_is_there_with_sources(client: httpx.Client) -> None:
    for kind in client.get(API).json()["get"]:
        listed = client.get(kind)
        assert listed.status_code == 200
        rows = next(iter(listed.json().values()))
        assert rows
        for row in rows:
            one = client.get(f"{kind}/{row['name'] if isinstance(row, dict) else row}")
            assert one.status_code == 200, one.text
    assert client.get(f"{API}/economies/icio2022").json()["countries"]["IND"] == "India"
    assert client.get(f"{API}/schemas/scenario").json()["title"] == "entrepot scenario"


def test_a_statement_comes_with_its_readings(client: httpx.Client) -> None:
    found = client.get(f"{API}/statements/india-russia-2025/lng-largest-buyer").json()["statements"][0]
    assert found["verdict"] == "holds under the natural reading, not under all"
    assert len(found["readings"]) == 12
    refused(client.get(f"{API}/statements/india-russia-2025/lng"), 422, "unknown_label")


def test_check_gives_a_file_that_says_the_same(client: httpx.Client, tmp_path: Any) -> None:
    text = client.post(f"{API}/check", json={"scenario": "india-russia-balance", "parameters": {"cut": "-20 %"}}).json()
    path = tmp_path / "taken.yaml"
    path.write_text(text["yaml"], encoding="utf-8")
    assert entrepot.load_scenario(path).parameters["cut"].rate == -0.2
    shipped = entrepot.load_scenario("india-russia-balance")
    assert entrepot.load_scenario(path).with_parameters(cut="-10 %").instruments == shipped.instruments


def test_sensitivity_ranks_wedges(client: httpx.Client) -> None:
    answer = client.post(f"{API}/sensitivity", json={"of": "real_income:IND", "by": ["tariff"], "top": 3}).json()
    assert [row["instrument"] for row in answer["wedges"]] == ["tariff"] * 3
    message = refused(client.post(f"{API}/sensitivity", json={"of": "real_incom:IND"}), 422, "unknown_label")
    assert "nearest: real_income" in message


def test_the_same_question_is_computed_once(client: httpx.Client, desk: Running) -> None:
    asked = {"document": instrument(add="11.25 %"), "include": []}
    cache = desk.app.state.service.cache
    answers: list[bytes] = []

    def ask() -> None:
        answers.append(httpx.post(f"{desk.url}{API}/solve", json=asked, timeout=PATIENCE).content)

    before = cache.hits, cache.misses, len(cache)
    together = [threading.Thread(target=ask) for _ in range(8)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    ask()
    assert len(set(answers)) == 1
    assert len(cache) == before[2] + 1
    assert cache.hits > before[0]


def test_answers_are_compressed_for_who_can_read_that(client: httpx.Client) -> None:
    raw = client.post(f"{API}/solve", json={"scenario": CASE}, headers={"accept-encoding": "identity"})
    packed = client.post(f"{API}/solve", json={"scenario": CASE}, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in raw.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(raw.headers["content-length"]) / 2
    assert packed.json() == raw.json()


def followed(client: httpx.Client, address: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a stream until its end."""
    events = []
    with client.stream("GET", address) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        kind = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                events.append((kind, json.loads(line.removeprefix("data: "))))
    return events


def test_a_job_is_begun_followed_and_answered(client: httpx.Client) -> None:
    asked = {
        "kind": "sweep", "scenario": "india-russia-balance", "over": ["cut=-40%..0%/3"], "of": ["balance:IND:RUS"]
    }  # fmt: skip
    begun = client.post(f"{API}/jobs", json=asked)
    assert begun.status_code == 202
    assert begun.headers["location"] == begun.json()["links"]["self"]
    events = followed(client, begun.json()["links"]["events"])
    assert [kind for kind, _ in events[:-1]] == ["progress"] * (len(events) - 1)
    assert any(said["doing"].endswith("solved") for _, said in events)
    parts = [said["part"] for _, said in events]
    assert parts == sorted(parts)
    assert events[-1][0] == "end"
    job = client.get(begun.json()["links"]["self"]).json()
    assert job["state"] == "done"
    values = [point["balance:IND:RUS"] for point in job["answer"]["points"]]
    assert len(values) == 3
    assert values == sorted(values, reverse=True)  # the more costs fall, the better India's balance: -40 % comes first
    again = client.post(f"{API}/jobs", json=asked).json()
    assert again["state"] == "done"
    assert again["seconds"] < 0.5
    assert [kind for kind, _ in followed(client, again["links"]["events"])] == ["end"]


def test_a_trade_off_finds_its_break_even(client: httpx.Client) -> None:
    asked = {"kind": "trade_off", "scenario": "oil-penalty-trade-off", "points": 5}
    begun = client.post(f"{API}/jobs", json=asked).json()
    assert followed(client, begun["links"]["events"])[-1][1]["state"] == "done"
    answer = client.get(begun["links"]["self"]).json()["answer"]
    assert answer["headline"]
    assert len(answer["curve"]) == 5


def test_a_job_that_cannot_be_answered_fails_with_the_reason(client: httpx.Client) -> None:
    begun = client.post(f"{API}/jobs", json={"kind": "sweep", "scenario": CASE, "over": ["cut=0..1/3"]}).json()
    kind, said = followed(client, begun["links"]["events"])[-1]
    assert (kind, said["state"]) == ("end", "failed")
    assert "cut" in said["error"]["message"]
    refused(client.post(f"{API}/jobs", json={"kind": "sweeep"}), 422, "invalid_request")


def test_draws_say_how_sure_a_number_is(client: httpx.Client) -> None:
    asked = {"kind": "uncertainty", "scenario": CASE, "draws": 12, "of": ["real_income:IND"]}
    begun = client.post(f"{API}/jobs", json=asked).json()
    assert followed(client, begun["links"]["events"])[-1][1]["state"] == "done"
    answer = client.get(begun["links"]["self"]).json()["answer"]
    row = answer["fan"][0]
    assert row["p5"] <= row["median"] <= row["p95"] < 0
    assert row["draws"] == 12
    assert row["default"] == pytest.approx(-0.2192, abs=5e-5)
    assert "Bands of 90 and 50 %" in client.get(f"/jobs/{begun['id']}").text


def test_a_goal_is_sought(client: httpx.Client) -> None:
    asked = {"kind": "seek", "move": ["iceberg:IND:RUS:pharma"], "targets": ["trade:IND:RUS=+10 %"]}
    begun = client.post(f"{API}/jobs", json=asked).json()
    assert followed(client, begun["links"]["events"])[-1][1]["state"] == "done"
    answer = client.get(begun["links"]["self"]).json()["answer"]
    assert answer["reached"]
    assert answer["targets"][0]["found"] == pytest.approx(1.1 * answer["targets"][0]["base_year"])
    assert answer["unknowns"][0]["value"] < 0


def test_a_study_reads_no_table_that_is_not_shipped(client: httpx.Client, tmp_path: Any) -> None:
    (tmp_path / "mine.csv").write_text("sector,theta,estimated_on\nA01,4,trade_costs\n")
    for kind, field in (("sweep", "over"), ("uncertainty", "inputs")):
        asked = {"kind": kind, "scenario": CASE, field: [f"elasticities=uniform_4|{tmp_path}/mine.csv"]}
        begun = client.post(f"{API}/jobs", json=asked).json()
        said = followed(client, begun["links"]["events"])[-1][1]
        assert said["state"] == "failed"
        assert "among the shipped elasticities" in said["error"]["message"]


LONG: dict[str, Any] = {"kind": "uncertainty", "scenario": "diversification", "draws": 2000}


def test_a_running_job_is_called_off_at_once_and_the_next_one_runs(client: httpx.Client) -> None:
    begun = client.post(f"{API}/jobs", json=LONG).json()
    until = time.monotonic() + PATIENCE
    while client.get(begun["links"]["self"]).json()["state"] == "waiting":
        assert time.monotonic() < until
        time.sleep(0.05)
    called_off = client.delete(begun["links"]["self"]).json()
    assert called_off["state"] == "cancelled"
    assert called_off["part"] < 0.5  # nobody waited for its end
    assert followed(client, begun["links"]["events"])[-1][1]["state"] == "cancelled"
    next_one = client.post(f"{API}/jobs", json={"kind": "sensitivity", "of": "real_income:VNM", "top": 2}).json()
    assert followed(client, next_one["links"]["events"])[-1][1]["state"] == "done"


def test_two_hundred_jobs_at_once_are_told_to_come_later_and_the_desk_goes_on(client: httpx.Client) -> None:
    answers = [client.post(f"{API}/jobs", json={**LONG, "seed": n}) for n in range(200)]
    taken = [answer.json() for answer in answers if answer.status_code == 202]
    turned = [answer for answer in answers if answer.status_code == 429]
    assert LIMITS.jobs_waiting <= len(taken) <= LIMITS.jobs_waiting + 1
    assert len(taken) + len(turned) == 200
    assert all(int(answer.headers["retry-after"]) > 0 for answer in turned)
    refused(turned[0], 429, "too_many_jobs")
    solved(client, document=instrument(add="12.5 %"), include=[])
    unfinished = [client.get(job["links"]["self"]).json()["state"] for job in taken]
    assert set(unfinished) <= {"waiting", "running"}  # the answer did not stand in line behind them
    for job in taken:
        assert client.delete(job["links"]["self"]).json()["state"] == "cancelled"


def test_a_client_that_hangs_up_in_the_middle_of_a_stream_leaves_nothing_open(
    client: httpx.Client, desk: Running
) -> None:
    begun = client.post(f"{API}/jobs", json={**LONG, "on": "2025-06-01"}).json()
    with client.stream("GET", begun["links"]["events"]) as stream:
        lines = stream.iter_lines()  # one that is let go closes the stream
        next(lines)
        assert desk.app.state.service.jobs.streams == 1
    client.delete(begun["links"]["self"])
    until = time.monotonic() + PATIENCE
    while desk.app.state.service.jobs.streams:
        assert time.monotonic() < until, "the stream is still open"
        time.sleep(0.05)
    assert client.get("/healthz").status_code == 200


def test_the_api_describes_itself_with_examples_that_are_right(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    schemas = described["components"]["schemas"]
    for name in (
        "SolveRequest",
        "SensitivityRequest",
        "SensitivityJob",
        "SweepJob",
        "TradeOffJob",
        "UncertaintyJob",
        "SeekJob",
    ):
        for example in schemas[name]["examples"]:
            validator = jsonschema.Draft202012Validator({**schemas[name], "components": {"schemas": schemas}})
            validator.validate(example)
    assert {"solve", "sensitivity", "jobs", "check"} <= {path.rsplit("/", 1)[-1] for path in described["paths"]}
    for example in schemas["SolveRequest"]["examples"]:
        solved(client, **example)


def test_health_and_metrics(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {
        "status": "ok", "version": entrepot.__version__, "processes": 1, "ready": 1,
    }  # fmt: skip
    solved(client, scenario=CASE)
    solved(client, scenario=CASE)  # the second one is a hit of the cache
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    numbers = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }
    solve = ("route", "/api/v1/solve")
    assert numbers["entrepot_requests_total", ("method", "POST"), solve, ("status", "200")] >= 1
    assert numbers[("entrepot_cache_hits_total",)] >= 1
    assert numbers[("entrepot_processes_ready",)] == 1
    buckets = [
        value for (name, *labels), value in numbers.items()
        if name == "entrepot_request_seconds_bucket" and solve in labels
    ]  # fmt: skip
    assert len(buckets) == 12
    assert buckets == sorted(buckets)
    assert buckets[-1] == numbers["entrepot_request_seconds_count", solve]
