"""The desk under load: fifty people for half a minute, then two thousand solves and what they leave in memory.

    .venv/bin/python benchmarks/load.py              # serves by itself, on loopback
    .venv/bin/python benchmarks/load.py --seconds 10

Not a test: it takes two minutes and the whole machine. The numbers of the last run stand in docs/desk.md.
"""

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import time
from pathlib import Path

CLIENTS, SECONDS, SOLVES = 50, 30.0, 2000
THOUGHT = 1.0  # seconds that somebody who moves a slider looks at an answer
MOST = {"kept": 0.050, "fresh": 0.400}
CASE = {"scenario": "us-tariffs-on-india-2025"}
READY = re.compile(r"http://127\.0\.0\.1:(\d+)/")


class Client:
    """One connection that is kept open; written out, because a client library costs more than the server."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> "Client":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def ask(self, path: str, asked: object | None = None) -> tuple[int, bytes]:
        """Return status and body."""
        body = b"" if asked is None else json.dumps(asked).encode()
        method = "GET" if asked is None else "POST"
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n"
        self._writer.write(f"{head}content-type: application/json\r\n\r\n".encode() + body)
        await self._writer.drain()
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length"))
        return int(lines[0].split()[1]), await self._reader.readexactly(length)


def fresh(default: bool = True) -> dict[str, object]:
    """Return the case with a line that nobody had before."""
    by = round(random.uniform(0.1, 60), 9)
    line = {"kind": "tariff", "add": f"{by} %", "origin": "IND", "destination": "USA", "sector": "textiles"}
    if not default:
        return {"document": {"title": "t", "reference": "r", "date": "2026-01-01", "instruments": [line]}}
    given = {"kind": "tariff", "add": {"schedule": "us-duties"}, "origin": "IND", "destination": "USA"}
    return {"document": {"title": "t", "reference": "r", "date": "2025-08-27", "instruments": [given, line]}}


async def crowd(port: int, kind: str, seconds: float, thought: float) -> list[tuple[float, int]]:
    """Return how long each request took and its status."""
    until, taken = time.perf_counter() + seconds, []

    async def one() -> None:
        async with Client(port) as client:
            await asyncio.sleep(random.uniform(0, max(thought, 0.05)))
            while time.perf_counter() < until:
                began = time.perf_counter()
                status, _ = await client.ask("/api/v1/solve", CASE if kind == "kept" else fresh())
                taken.append((time.perf_counter() - began, status))
                if thought:
                    await asyncio.sleep(random.uniform(0.5, 1.5) * thought)

    await asyncio.gather(*(one() for _ in range(CLIENTS)))
    return taken


def say(name: str, taken: list[tuple[float, int]], seconds: float, most: float | None) -> bool:
    times = sorted(second for second, _ in taken)
    faults = sum(status != 200 for _, status in taken)
    p50, p95, p99 = (times[min(len(times) - 1, int(part * len(times)))] for part in (0.5, 0.95, 0.99))
    good = not faults and (most is None or p95 < most)
    limit = "" if most is None else f" (at most {1000 * most:.0f})"
    print(
        f"{name:34} {len(times):6} answers, {len(times) / seconds:7.1f} a second, {faults} faults; "
        f"p50 {1000 * p50:.1f} ms, p95 {1000 * p95:.1f} ms{limit}, p99 {1000 * p99:.1f} ms"
    )
    return good


def memory(process: int) -> int:
    """Return megabytes of a process and of those it started."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    own = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return (int(own[1]) // 1024 if own else 0) + sum(memory(int(child)) for child in children)


async def solves(port: int, process: int) -> bool:
    """Return whether two thousand solves leave memory where the first five hundred left it."""
    done, noted = 0, []

    async def one() -> None:
        nonlocal done
        async with Client(port) as client:
            while done < SOLVES:
                done += 1
                status, _ = await client.ask("/api/v1/solve", fresh(default=bool(done % 2)))
                assert status == 200
                if done % 250 == 0:
                    noted.append((done, memory(process)))

    await asyncio.gather(*(one() for _ in range(4)))
    print("memory of all processes, MB: " + ", ".join(f"{megabytes} after {count}" for count, megabytes in noted))
    return noted[-1][1] <= 1.05 * noted[1][1]


async def all_of_it(port: int, process: int, seconds: float) -> bool:
    async with Client(port) as client:
        while (await client.ask("/healthz"))[0] != 200:
            await asyncio.sleep(0.2)
        await client.ask("/api/v1/solve", CASE)
    good = [
        say("kept, no thought", await crowd(port, "kept", seconds, 0.0), seconds, MOST["kept"]),
        say(f"fresh, {THOUGHT:g} s of thought", await crowd(port, "fresh", seconds, THOUGHT), seconds, MOST["fresh"]),
    ]
    both = await asyncio.gather(crowd(port, "kept", seconds, THOUGHT), crowd(port, "fresh", seconds, 2 * THOUGHT))
    good.append(say("kept, beside 50 who compute", both[0], seconds, MOST["kept"]))
    say("fresh, beside 50 who do not", both[1], seconds, MOST["fresh"])
    say("fresh, no thought (all it can do)", await crowd(port, "fresh", seconds, 0.0), seconds, None)
    good.append(await solves(port, process))
    return all(good)


def main() -> None:
    """Serve, load, say."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=SECONDS)
    words.add_argument("--workers", type=int, default=2)
    said = words.parse_args()
    command = [sys.executable, "-m", "entrepot", "serve", "--port", "0", "--workers", str(said.workers)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        found = READY.search(server.stderr.readline())
        assert found, "the server says where it is"
        log = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)  # a full pipe would stop it
        try:
            good = asyncio.run(all_of_it(int(found[1]), server.pid, said.seconds))
        finally:
            server.terminate()
            server.wait(30)
            log.wait(5)
    print(f"the server ended with {server.returncode}")
    sys.exit(0 if good and server.returncode == 0 else 1)


if __name__ == "__main__":
    main()
