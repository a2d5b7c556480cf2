"""Rows on disk: whole or not there, each once, whatever happens."""

import errno
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import entrepot
from entrepot.data import store
from entrepot.study.sampling import checkpoint as module
from entrepot.study.sampling.checkpoint import Checkpoint

COLUMNS = ["number", "value", "problem"]
ASKED = {"kind": "draws", "seed": 1}


def row(number: int) -> dict[str, object]:
    return {"number": number, "value": 1 / (number + 3), "problem": "" if number % 7 else "none"}


def written(folder: Path, numbers: Iterator[int] | range) -> pd.DataFrame:
    with Checkpoint(folder, ASKED, COLUMNS) as checkpoint:
        for number in numbers:
            if number not in checkpoint.done:
                checkpoint.add([row(number)])
        return checkpoint.table()


def interrupted(folder: Path, numbers: range) -> None:
    with Checkpoint(folder, ASKED, COLUMNS) as checkpoint:
        for number in numbers:
            checkpoint.add([row(number)])
        raise KeyboardInterrupt


def test_rows_come_back_bit_for_bit_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    table = written(tmp_path, reversed(range(200)))  # type: ignore[arg-type]
    expected = pd.DataFrame([row(number) for number in range(200)])
    assert table.equals(expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "manifest.json", "parts", "table.parquet"]
    assert list((tmp_path / "parts").iterdir()) == []


def test_the_table_is_readable_by_others(tmp_path: Path) -> None:
    import duckdb

    written(tmp_path, range(100))
    found = duckdb.sql(f"select count(*), sum(number) from '{tmp_path}/table.parquet'").fetchall()
    assert found == [(100, 4950)]


def test_a_later_run_goes_on_and_the_file_is_the_same_to_the_byte(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    written(whole, range(300))
    parts = tmp_path / "parts"
    with pytest.raises(KeyboardInterrupt):
        interrupted(parts, range(0, 300, 3))
    assert not (parts / "table.parquet").exists()
    with Checkpoint(parts, ASKED, COLUMNS) as checkpoint:
        assert checkpoint.done == set(range(0, 300, 3))
    written(parts, range(300))
    assert (parts / "table.parquet").read_bytes() == (whole / "table.parquet").read_bytes()


def test_more_rows_join_those_of_a_run_that_was_done(tmp_path: Path) -> None:
    written(tmp_path, range(50))
    assert list(written(tmp_path, range(80))["number"]) == list(range(80))


def test_a_run_killed_between_joining_and_removing_counts_nothing_twice(tmp_path: Path) -> None:
    with Checkpoint(tmp_path, ASKED, COLUMNS) as checkpoint:
        checkpoint.add([row(number) for number in range(64)])
        part = (tmp_path / "parts" / "00000000.parquet").read_bytes()
        checkpoint.table()
    (tmp_path / "parts" / "00000000.parquet").write_bytes(part)
    (tmp_path / "parts" / ".00000064.parquet.123").write_bytes(b"half")
    table = written(tmp_path, range(70))
    assert list(table["number"]) == list(range(70))
    assert list((tmp_path / "parts").iterdir()) == []


def test_another_question_is_refused_in_one_line_that_names_the_difference(tmp_path: Path) -> None:
    written(tmp_path, range(5))
    with pytest.raises(
        entrepot.InputError, match=r"answers another question: seed differ \(seed 1 there, 2 here\)"
    ) as no:
        Checkpoint(tmp_path, {**ASKED, "seed": 2}, COLUMNS).__enter__()
    assert "\n" not in str(no.value)
    assert len(written(tmp_path, range(5))) == 5  # the refusal left no lock behind


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(entrepot.InputError, match="holds thesis.docx but no manifest.json"):
        written(tmp_path, range(5))
    assert (tmp_path / "thesis.docx").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_manifest_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(entrepot.InputError, match="is not JSON"):
        written(tmp_path, range(5))


def test_two_runs_do_not_write_one_folder(tmp_path: Path) -> None:
    with (
        Checkpoint(tmp_path, ASKED, COLUMNS),
        pytest.raises(entrepot.InputError, match="is being written by another run"),
    ):
        written(tmp_path, range(5))


def test_a_disk_that_fills_up_loses_nothing_that_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk has room for two parts; after it was cleared the run goes on where it stopped."""
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(entrepot.InputError, match="No space left on device; free space"):
        written(tmp_path / "full", range(300))
    monkeypatch.undo()
    kept = sorted(path.name for path in (tmp_path / "full" / "parts").iterdir())
    assert kept == ["00000000.parquet", "00000064.parquet"]
    with Checkpoint(tmp_path / "full", ASKED, COLUMNS) as checkpoint:
        assert checkpoint.done == set(range(128))
    written(tmp_path / "full", range(300))
    written(tmp_path / "other", range(300))
    assert (tmp_path / "full/table.parquet").read_bytes() == (tmp_path / "other/table.parquet").read_bytes()


class Disk:
    """A folder that takes only so much, until there is room."""

    def __init__(self, place: Path) -> None:
        self.place = place
        place.mkdir()

    def room(self) -> None:
        """Let the folder take all that comes."""

    def close(self) -> None:
        """Take the limit away."""


class SmallDisk(Disk):
    """A disk of 48 KB; only users who may mount one have it."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", place], capture_output=True, check=True)

    def room(self) -> None:
        subprocess.run(["mount", "-o", "remount,size=8m", self.place], check=True)

    def close(self) -> None:
        subprocess.run(["umount", self.place], check=True)


class ShortFiles(Disk):
    """A folder in which no file grows beyond 100 KB: parts are smaller, the table is not. Every user may ask for it."""

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, self._before[1]))

    def room(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)

    close = room


def disks() -> list[type[Disk]]:
    """Return what this user can fill: which that is shows in the names of the tests, none is skipped."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            SmallDisk(Path(folder) / "disk").close()
        except (OSError, subprocess.CalledProcessError):
            return [ShortFiles]
    return [ShortFiles, SmallDisk]


@pytest.fixture(params=disks(), ids=lambda kind: kind.__name__)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    found: Disk = request.param(tmp_path / "disk")
    yield found
    found.close()


def test_what_the_system_no_longer_takes_costs_nothing_that_was_written(disk: Disk, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).random((2000, 20))
    columns = ["number", *(f"x{n}" for n in range(20))]

    def run(folder: Path) -> pd.DataFrame:
        with Checkpoint(folder, ASKED, columns) as checkpoint:
            for number in range(2000):
                if number not in checkpoint.done:
                    checkpoint.add([{"number": number, **dict(zip(columns[1:], noise[number], strict=True))}])
            return checkpoint.table()

    folder = disk.place / "draws"
    with pytest.raises(entrepot.InputError, match="free space or choose another folder"):
        run(folder)
    assert not [path.name for path in (folder / "parts").iterdir() if path.name.startswith(".")]
    with Checkpoint(folder, ASKED, columns) as checkpoint:
        kept = checkpoint.done
    assert kept == set(range(len(kept)))  # whole parts, in the order they were written
    assert kept
    assert not (folder / "table.parquet").exists()
    disk.room()
    assert run(folder).equals(run(tmp_path / "other"))
    assert (folder / "table.parquet").read_bytes() == (tmp_path / "other/table.parquet").read_bytes()


def test_rows_wait_for_some_seconds_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_AT_MOST", 0.0)
    with Checkpoint(tmp_path, ASKED, COLUMNS) as checkpoint:
        checkpoint.add([row(0)])
        assert len(list((tmp_path / "parts").glob("*.parquet"))) == 1
