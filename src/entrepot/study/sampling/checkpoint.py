"""Rows of a study on disk: small parts, each whole or not there, that a later run goes on from.

manifest.json        which question the folder answers, in words and as hashes
parts/00000000.parquet   some rows, by the number of their first; while the study runs
table.parquet        all rows by number, when it is done; the parts are gone then
"""

import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from entrepot.core.errors import FileProblem, InvalidDocument, listed
from entrepot.data.files import read_text, write_text
from entrepot.data.store import read_parquet, write_parquet
from entrepot.study.sampling.cases import NUMBER, in_rows

ROWS_AT_ONCE = 64  # a part
SECONDS_AT_MOST = 5.0  # that rows wait to be written: what a power cut costs
MANIFEST, PARTS, TABLE, LOCK = "manifest.json", "parts", "table.parquet", ".lock"


class Checkpoint:
    """The rows of one study in a folder, kept as they come.

    Parameters
    ----------
    folder
        Where; made if its own folder exists. One that answers another question is refused.
    question
        What the rows answer: plain values by name.
    columns
        Of every row.
    """

    def __init__(self, folder: Path, question: Mapping[str, Any], columns: Iterable[str]) -> None:
        self.folder, self.columns = folder, list(columns)
        self.question = json.loads(json.dumps(question))  # as it will be read back
        self.waiting: list[Mapping[str, Any]] = []
        self.written_at = time.monotonic()
        self._lock: int | None = None

    def __enter__(self) -> Self:
        try:
            (self.folder / PARTS).mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.folder / LOCK, os.O_CREAT | os.O_RDWR, 0o666)
        except OSError as error:
            raise FileProblem(f"cannot write {self.folder}: {error.strerror}; choose another folder") from error
        if not _locked(self._lock):
            os.close(self._lock)
            raise FileProblem(f"{self.folder} is being written by another run; wait for it, or choose another")
        try:
            self._agree()
            for left in (self.folder / PARTS).glob(".*"):
                left.unlink()  # of a run that was killed while it wrote
            self.done = self._numbers()
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.flush()
        finally:
            if self._lock is not None:
                os.close(self._lock)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep rows; they are on disk after a moment."""
        self.waiting.extend(rows)
        if len(self.waiting) >= ROWS_AT_ONCE or time.monotonic() - self.written_at > SECONDS_AT_MOST:
            self.flush()

    def flush(self) -> None:
        """Write what waits as one part."""
        if not self.waiting:
            return
        part, self.waiting = in_rows(self.waiting), []  # what cannot be written now will be worked out again
        write_parquet(self.folder / PARTS / f"{int(part[NUMBER].iloc[0]):08d}.parquet", part[self.columns])
        self.done |= set(part[NUMBER])
        self.written_at = time.monotonic()

    def table(self) -> pd.DataFrame:
        """Return all rows by number, each once, and leave them as one file."""
        self.flush()
        parts = sorted((self.folder / PARTS).glob("*.parquet"))
        whole = self.folder / TABLE
        if parts or not whole.exists():
            tables = [self._read(path) for path in ([whole] if whole.exists() else []) + parts]
            if not tables:
                return pd.DataFrame(columns=self.columns)
            table = pd.concat(tables, ignore_index=True).drop_duplicates(NUMBER)  # killed between joining and removing
            write_parquet(whole, table.sort_values(NUMBER, kind="stable").reset_index(drop=True))
            for path in parts:
                path.unlink()
        return self._read(whole)

    def _read(self, path: Path) -> pd.DataFrame:
        return read_parquet(path, self.columns)

    def _numbers(self) -> set[int]:
        found: set[int] = set()
        for path in [*sorted((self.folder / PARTS).glob("*.parquet")), self.folder / TABLE]:
            if path.exists():
                found |= {int(one) for one in read_parquet(path, [NUMBER])[NUMBER]}
        return found

    def _agree(self) -> None:
        """Raise unless the folder is empty or answers this question."""
        path = self.folder / MANIFEST
        if not path.exists():
            strangers = [entry.name for entry in self.folder.iterdir() if entry.name not in (PARTS, LOCK)]
            if strangers or any((self.folder / PARTS).glob("*.parquet")):
                (self.folder / LOCK).unlink()
                if not any((self.folder / PARTS).iterdir()):
                    (self.folder / PARTS).rmdir()  # a stranger's folder is left as it was
                raise FileProblem(
                    f"{self.folder} holds {listed(sorted(strangers) or [PARTS])} but no {MANIFEST}; choose an "
                    "empty folder"
                )
            write_text(path, json.dumps(self.question, indent=2, ensure_ascii=False) + "\n")
            return
        try:
            there = json.loads(read_text(path))
        except ValueError as error:
            raise InvalidDocument(f"{path} is not JSON ({error}); choose another folder") from None
        other = [name for name in {**self.question, **there} if there.get(name) != self.question.get(name)]
        if other:
            first = other[0]
            raise InvalidDocument(
                f"{self.folder} answers another question: {listed(other)} differ ({first} {_short(there.get(first))} "
                f"there, {_short(self.question.get(first))} here); choose another folder"
            )


def _locked(descriptor: int) -> bool:
    """Return whether the lock is ours now; it goes with the process, however that ends."""
    try:
        import fcntl
    except ImportError:
        return True  # a system without such locks: two runs in one folder are the user's to avoid
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
