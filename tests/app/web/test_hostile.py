"""What somebody might send who means no good: a clear answer, and the desk goes on."""

import socket
import time
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from entrepot.app.web.http.app import TASKS_MODULE
from entrepot.app.web.limits import Limits
from entrepot.app.web.messages.error_schema import RequestRejected
from entrepot.app.web.workers.pool import Pool, Task

from . import idle_tasks
from .conftest import LIMITS, PATIENCE, Running
from .test_api import API, CASE, changed, instrument, refused, solved

pytestmark = pytest.mark.slow

JSON = {"content-type": "application/json"}


@pytest.fixture(autouse=True)
def goes_on(client: httpx.Client) -> Any:
    yield
    assert client.get("/healthz").status_code == 200
    assert "India loses 0.22" in solved(client, scenario=CASE, include=[])["headline"]


def raw(desk: Running, sent: bytes, wait: float = PATIENCE) -> bytes:
    """Return what comes back for bytes as they are, up to the end of its head, or until `wait` is over."""
    at = urlsplit(desk.url)
    found = b""
    with socket.create_connection((at.hostname, at.port), timeout=wait) as line:
        try:
            line.sendall(sent)
            while b"\r\n\r\n" not in found and (part := line.recv(65536)):
                found += part
        except OSError:
            pass
    return found


def test_fifty_megabytes_are_refused(client: httpx.Client) -> None:
    try:
        answer = client.post(f"{API}/solve", content=b'{"yaml": "' + b"x" * 50_000_000 + b'"}', headers=JSON)
    except httpx.TransportError:  # the server closed the line while we were still talking
        return
    assert "too large" in refused(answer, 413, "too_large")


def test_a_body_without_a_declared_length_is_measured(client: httpx.Client) -> None:
    def endless() -> Any:
        for _ in range(400):
            yield b"x" * 1000

    try:
        answer = client.post(f"{API}/solve", content=endless(), headers=JSON)
    except httpx.TransportError:
        return
    refused(answer, 413, "too_large")


def test_a_body_just_below_the_limit_is_read(client: httpx.Client) -> None:
    note = "x" * (LIMITS.body - 1000)
    assert solved(client, document=instrument(note=note), include=[])["headline"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]), "aliases"),
        ("[" * 5000, "nested too deeply"),
        ("{a: " * 3000 + "1" + "}" * 3000, "nested too deeply"),
        ("!!python/object/apply:os.system ['id']", "not YAML|found no fields"),
        ("a: !!python/name:os.system", "not YAML"),
        ("title: \x00", "not YAML"),
        ("? [a, b]\n: 1", "not YAML|unhashable|given|missing"),
    ],
)
def test_yaml_that_means_no_good(client: httpx.Client, text: str, message: str) -> None:
    import re

    answer = client.post(f"{API}/solve", json={"yaml": text})
    assert answer.status_code == 422
    assert re.search(message, str(answer.json()))


def test_json_that_means_no_good(client: httpx.Client) -> None:
    deep = '{"document": ' + '{"a": ' * 20_000 + "1" + "}" * 20_000 + "}"
    shallow = '{"document": ' + '{"a": ' * 400 + "1" + "}" * 400 + "}"
    for text in (deep, shallow, "{", "[]", "null", '"x"', "\xff", '{"document": {"title": "\\ud800"}}', "1" * 9000):
        answer = client.post(f"{API}/solve", content=text.encode("latin-1"), headers=JSON)
        assert answer.status_code in (400, 422), text[:40]
        assert set(answer.json()) == {"error"}


PATHS = ["../../../../etc/passwd", "/etc/passwd", "..%2f..%2fetc%2fpasswd", "us-imports-2024.parquet/../../x",
         "C:\\secrets", "x\x00y", "./pyproject.toml", "~/.ssh/id_rsa", "scenarios/us-tariffs-world.yaml"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_name_that_is_a_path_reads_no_file(client: httpx.Client, path: str) -> None:
    asked: list[dict[str, Any]] = [
        {"scenario": path},
        {"scenario": CASE, "economy": path},
        {"scenario": CASE, "elasticities": path},
        {"document": instrument(add={"table": path})},
        {"document": instrument(add={"schedule": path})},
    ]
    for one in asked:
        answer = client.post(f"{API}/solve", json=one)
        assert answer.status_code == 422, answer.text
        assert "root:" not in answer.text
    for kind in ("economies", "scenarios", "elasticities", "statements", "schemas", "models"):
        answer = client.get(f"{API}/{kind}/{quote(path, safe='')}")
        assert answer.status_code in (404, 422)
        assert "root:" not in answer.text
    for page in (
        f"/static/x/{quote(path, safe='')}",
        f"/download/{quote(path, safe='')}",
        f"/statements/{quote(path, safe='')}",
    ):
        assert client.get(page).status_code in (404, 422)
    assert client.get("/", params={"v": "1", "case": path}).status_code == 422


def test_a_table_in_the_servers_folder_is_not_found_by_name(
    client: httpx.Client, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.csv").write_text("origin,destination,sector,rate\nIND,USA,C26,0.5\n")
    monkeypatch.chdir(tmp_path)
    for name in ("mine.csv", "mine"):
        message = refused(
            client.post(f"{API}/solve", json={"document": instrument(add={"table": name})}), 422, "unknown_label"
        )
        assert "put it beside the scenario" in message


def test_a_scenario_that_cannot_converge_says_so(client: httpx.Client) -> None:
    everywhere = {"kind": "iceberg", "change": "-99.9 %", "origin": "all", "destination": "all", "sector": "all"}
    asked = {"document": changed(instruments=[everywhere]), "model": "krugman", "dials": {"scale_share": 0.999}}
    answer = client.post(f"{API}/solve", json=asked)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] in ("not_converged", "infeasible")


def test_what_takes_too_long_is_stopped_and_the_process_replaced(desk: Running) -> None:
    from entrepot.app.web.messages.requests import UncertaintyJob

    pool = Pool(1, 4, tasks_module=TASKS_MODULE, eager=False)
    try:
        asked = UncertaintyJob(kind="uncertainty", scenario="diversification", draws=2000)
        task = pool.submit(Task("job:uncertainty", asked, seconds=1.0))
        with pytest.raises(RequestRejected, match="not finished after 1 seconds"):
            task.result.result(timeout=PATIENCE)
        assert pool.restarts == 1
    finally:
        pool.close()


def test_a_full_queue_answers_503(desk: Running) -> None:
    pool = Pool(1, 2, tasks_module=TASKS_MODULE, eager=False)
    try:

        def submit_all() -> None:
            for _ in range(40):
                pool.submit(Task("catalogue", ("models", None), 30.0))

        with pytest.raises(RequestRejected) as refusal:
            submit_all()
        assert refusal.value.info.status == 503
        assert refusal.value.info.retry_after
    finally:
        pool.close()


def test_half_a_request_and_nonsense_do_no_harm(desk: Running) -> None:
    assert raw(desk, b"\x00\x01\x02\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert raw(desk, b"GET / HTTP/9.9\r\n\r\n").startswith(b"HTTP/1.1 400")
    raw(desk, b"POST /api/v1/solve HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{", wait=0.5)
    raw(desk, b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", wait=0.5)


def test_a_title_with_a_script_is_escaped_everywhere(client: httpx.Client) -> None:
    title = "</title><script>alert(1)</script>"
    query = {"v": "1", "case": "own", "on": "2026-01-01", "title": title, "do": "tariff_add", "from": "IND",
             "to": "USA", "goods": "textiles", "by": "25"}  # fmt: skip
    page = client.get("/", params=query)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    for value in ('"><script>alert(2)</script>', "' onload='alert(2)", "IND<b>"):
        for field in ("from", "goods", "case", "look", "model", "on", "set.x"):
            answer = client.get("/", params={**query, field: value})
            assert "<script>alert(2)" not in answer.text
            assert "onload='alert" not in answer.text.replace("&#39;", "")
            assert "IND<b>" not in answer.text
    brief = client.get("/download/brief.html", params=query)
    assert brief.status_code == 200
    assert "<script>alert" not in brief.text
    assert brief.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in brief.headers["content-security-policy"]
    assert "\n" not in brief.headers["content-disposition"]


def test_every_answer_has_its_policy_and_no_page_has_inline_code(client: httpx.Client) -> None:
    import re

    for path in ("/", "/statements/india-russia-2025", "/healthz", f"{API}/models", "/nothing", "/static/x/desk.js"):
        headers = client.get(path, headers={"accept": "text/html"}).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    for path in ("/", "/statements/india-russia-2025"):
        text = client.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        assert all("src=" in one for one in re.findall(r"<script[^>]*>", text))
        assert not re.search(r"https?://(?!www\.w3\.org)[^\s\"<]+\.(js|css|png|svg|woff)", text)


def test_a_desk_that_is_stopped_calls_off_its_jobs_and_ends_its_processes() -> None:
    own = Running(Limits(grace=0.1))
    with httpx.Client(base_url=own.url, timeout=PATIENCE) as client:
        begun = client.post(
            f"{API}/jobs", json={"kind": "seek", "move": ["tariff:USA:IND"], "targets": ["trade:IND:USA=-1 %"]}
        ).json()
        assert begun["state"] == "waiting"
    service = own.app.state.service
    own.close()
    assert service.jobs.get(begun["id"]).state == "cancelled"
    assert service.pool.ready == service.job_pool.ready == 0
    with pytest.raises(RequestRejected):
        service.pool.submit(Task("catalogue", ("models", None), 1.0))


@pytest.mark.parametrize(
    "text",
    [
        "title: " + "9" * 5000,
        "title: !!bool maybe",
        "title: !!int abc",
        "date: !!timestamp 2001-99-99",
        "!!set {title}",
    ],
)
def test_values_that_yaml_cannot_make_are_a_clear_answer(client: httpx.Client, text: str) -> None:
    answer = client.post(f"{API}/check", json={"yaml": text})
    assert answer.status_code == 422, answer.text
    assert "\n" not in answer.json()["error"]["message"]


@pytest.mark.parametrize("query", ["v=1&remove=%C2%B2", "v=1&remove=" + "1" * 5000, "v=1" + "&without=1" * 310])
def test_addresses_that_nobody_writes_are_a_page_with_a_reason(client: httpx.Client, query: str) -> None:
    assert client.get(f"/?{query}").status_code in (200, 422)


def test_what_others_add_to_an_address_is_no_part_of_it(client: httpx.Client) -> None:
    plain = "v=1&case=own&on=2026-01-01&title=Mine&do=tariff_add&from=IND&to=USA&goods=goods&by=25"
    passed_on = client.get(f"/?{plain}&fbclid=abc&utm_source=news")
    assert passed_on.status_code == 200
    assert "Mine" in passed_on.text


def test_a_large_declared_body_is_refused_before_any_of_it_arrives(desk: Running) -> None:
    head = (
        b"POST /api/v1/solve HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2000000\r\n\r\n"
    )
    # Nothing of it is ever sent: whoever read it first would not answer.
    assert b" 413 " in raw(desk, head).split(b"\r\n")[0]


def test_jobs_that_were_called_off_keep_no_place(client: httpx.Client) -> None:
    asked = {"kind": "uncertainty", "scenario": CASE, "draws": 2000}
    begun = [client.post(f"{API}/jobs", json={**asked, "seed": seed}) for seed in range(1 + LIMITS.jobs_waiting)]
    for job in begun:
        if job.status_code < 300:
            client.delete(f"{API}/jobs/{job.json()['id']}")
    again = client.post(f"{API}/jobs", json={**asked, "seed": 99})
    assert again.status_code < 300, again.text
    client.delete(f"{API}/jobs/{again.json()['id']}")


def test_a_process_that_dies_while_nobody_asks_is_replaced_before_somebody_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = Pool(1, 8, tasks_module=idle_tasks.__name__, eager=True)
    try:
        handle = pool._workers[0]
        until = time.monotonic() + 2 * PATIENCE
        while not pool.ready and time.monotonic() < until:
            time.sleep(0.1)
        assert handle._process is not None
        handle._process.kill()
        handle._process.join()
        assert pool.ready == 0
        while not pool.ready and time.monotonic() < until:
            time.sleep(0.1)
        assert pool.ready == 1
        monkeypatch.setattr(type(handle), "_exchange", lambda *_: 1 / 0)  # whatever happens to one task
        lost = pool.submit(Task("solve", None, 5.0))
        with pytest.raises(RequestRejected, match="ended unexpectedly"):
            lost.result.result(timeout=PATIENCE)
        assert handle.is_alive()
    finally:
        pool.close()
