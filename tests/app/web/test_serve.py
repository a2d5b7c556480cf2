"""`entrepot serve` as a process: where it listens, what it logs, how it ends."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from entrepot.app.cli import root

from .conftest import PATIENCE

pytestmark = pytest.mark.slow

SAID = re.compile(r"http://127\.0\.0\.1:(\d+)/ ")


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """Yield the process, its address, and the lines of its log as they come."""
    command = [sys.executable, "-m", "entrepot", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        found = SAID.search(process.stderr.readline())
        assert found
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()), daemon=True)
        reader.start()
        yield process, f"http://127.0.0.1:{found[1]}", lines
        process.kill()
        process.wait()
        reader.join()


def test_it_warms_up_logs_in_json_and_ends_when_told_calling_off_its_jobs(
    served: tuple[subprocess.Popen[str], str, list[str]],
) -> None:
    process, url, lines = served
    until = time.monotonic() + PATIENCE
    while (health := httpx.get(f"{url}/healthz", timeout=PATIENCE)).status_code != 200:
        assert health.json()["status"] == "starting"
        assert time.monotonic() < until
        time.sleep(0.1)
    secret = "a title that nobody else has to know"
    page = httpx.get(url, params={"v": "1", "case": "own", "title": secret}, timeout=PATIENCE)
    assert page.status_code == 200
    asked = {"kind": "uncertainty", "scenario": "diversification", "draws": 2000}
    job: dict[str, Any] = httpx.post(f"{url}/api/v1/jobs", json=asked, timeout=PATIENCE).json()
    events: list[str] = []
    with httpx.stream("GET", url + job["links"]["events"], timeout=PATIENCE) as stream:
        followed = stream.iter_lines()
        events.append(next(followed))
        process.send_signal(signal.SIGTERM)
        events += list(followed)
    assert "event: end" in events
    assert '"state": "cancelled"' in "".join(events)
    assert process.wait(PATIENCE) == 0
    records = [json.loads(line) for line in lines]
    requests = [record for record in records if record["event"] == "request"]
    assert {"time", "level", "id", "method", "route", "path", "status", "ms"} <= set(requests[0])
    assert any(record["route"] == "/api/v1/jobs" and record["status"] == 202 for record in requests)
    assert all(record["level"] == "info" for record in records)
    assert secret not in "".join(lines)


def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    """Return the one line that `entrepot serve WORDS` ends with."""
    monkeypatch.setattr(sys, "argv", ["entrepot", "serve", *words])
    with pytest.raises(SystemExit) as end:
        root.main()
    assert end.value.code == 2
    return capsys.readouterr().err


def test_other_machines_are_let_in_only_when_that_is_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "add --public to allow them" in said(capsys, monkeypatch, "--host", "0.0.0.0")


def test_a_port_that_is_taken_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        line = said(capsys, monkeypatch, "--port", str(taken.getsockname()[1]))
    assert "cannot listen at 127.0.0.1" in line
    assert line.count("\n") == 1
