"""A Dask cluster of this machine's own processes: the same rows as threads, whoever dies on the way."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.core.errors import ClusterLost
from entrepot.study.sampling import cluster as module

pytestmark = pytest.mark.slow

ECONOMY = random_economy(7)
SHOCK = random_shock(ECONOMY, 1, 0.2)
DRAWS = 240


@pytest.fixture
def cluster() -> Iterator["LocalCluster"]:  # type: ignore[name-defined] # noqa: F821
    distributed = pytest.importorskip("distributed", reason="the extra entrepot[cluster] is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as one:
        yield one


def asked(**options: object) -> "entrepot.study.sampling.uncertainty.Uncertainty":  # type: ignore[name-defined]
    arguments = {"inputs": "theta=+-0.2", "draws": DRAWS, "seed": 2, "outcomes": "real_income:all"} | options
    return entrepot.uncertainty(ECONOMY, SHOCK, **arguments)  # type: ignore[arg-type]


def test_a_worker_that_is_killed_loses_no_draw_and_changes_no_bit(cluster, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    threads = asked(to=tmp_path / "threads")
    victim = next(iter(cluster.workers.values())).process.process
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done >= DRAWS // 8 and not killed:
            os.kill(victim.pid, signal.SIGKILL)
            killed.append(done)

    answer = asked(scheduler=cluster.scheduler_address, progress=kill, to=tmp_path / "dask")
    assert killed
    assert killed[0] < DRAWS
    victim_is_gone(victim.pid)
    assert answer.table.equals(threads.table)
    assert (tmp_path / "dask/table.parquet").read_bytes() == (tmp_path / "threads/table.parquet").read_bytes()


def victim_is_gone(pid: int) -> None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    assert state == "Z"


def test_a_scheduler_that_ends_keeps_what_was_done_and_threads_go_on(cluster, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    closing: list[threading.Thread] = []

    def end(done: int, total: int) -> None:
        if done >= 80 and not closing:
            closing.append(threading.Thread(target=cluster.close))
            closing[0].start()

    with pytest.raises(ClusterLost, match=r"run it again: what is in the\s+folder is kept"):
        asked(scheduler=cluster.scheduler_address, progress=end, to=tmp_path, draws=4000)
    closing[0].join()
    kept = len(list((tmp_path / "parts").glob("*.parquet")))
    assert kept >= 1
    assert asked(to=tmp_path).table.equals(asked().table)


def test_an_address_where_nobody_answers_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra entrepot[cluster] is not installed")
    monkeypatch.setattr(module, "PATIENCE", 1)
    with pytest.raises(entrepot.InputError, match="no Dask scheduler at tcp://127.0.0.1:9") as caught:
        asked(scheduler="tcp://127.0.0.1:9", draws=2)
    assert "\n" not in str(caught.value)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(entrepot.InputError, match=r"install it: pip install 'entrepot\[cluster\]'"):
        asked(scheduler="tcp://127.0.0.1:9", draws=2)


def test_a_worker_of_another_version_is_refused() -> None:
    with pytest.raises(entrepot.InputError, match="install the same on both"):
        module._unpacked(b"", "0.0.1")
