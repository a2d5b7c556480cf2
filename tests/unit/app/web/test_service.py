"""How long a task may take in a worker process."""

import asyncio
from typing import Any

import pytest

from entrepot.app.web.limits import Limits
from entrepot.app.web.messages.payload import Payload
from entrepot.app.web.workers.cache import Cache
from entrepot.app.web.workers.service import Service


class Recorder:
    """A pool that notes how long it may take."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def run(self, kind: str, request: Any, seconds: float) -> Payload:
        self.seconds.append(seconds)
        return Payload(b"", "text/plain")


@pytest.mark.parametrize(("kind", "seconds"), [("download", 90.0), ("solve", 3.0), ("desk_page", 3.0)])
def test_a_file_to_download_has_its_own_limit(kind: str, seconds: float) -> None:
    service = object.__new__(Service)
    pool = Recorder()
    service.limits, service.cache = Limits(seconds=3.0, download_seconds=90.0), Cache(1000)
    service.pool = pool  # type: ignore[assignment]
    asyncio.run(service.run(kind, ("brief.html", "")))
    assert pool.seconds == [seconds]


def test_a_brief_has_minutes_and_still_a_limit() -> None:
    assert 60 < Limits().download_seconds <= 300
