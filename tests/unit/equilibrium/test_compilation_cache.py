import os
import subprocess
import sys
from pathlib import Path

import pytest

from entrepot.equilibrium import compilation_cache

PROGRAM = """
import warnings
warnings.simplefilter("error")
import jax
from entrepot.equilibrium import compilation_cache
hits = []
jax.monitoring.register_event_listener(lambda event, **_: hits.append(event) if event.endswith("cache_hits") else None)
assert float(jax.jit(lambda x: jax.numpy.sin(x) ** 2 + x)(0.0)) == 0.0
print(jax.config.jax_compilation_cache_dir, bool(hits))
"""


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (compilation_cache.VARIABLE, "JAX_COMPILATION_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


def in_a_process(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_a_second_process_uses_what_the_first_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet" / "there"
    assert in_a_process(ENTREPOT_COMPILE_CACHE=str(folder)) == f"{folder} False"
    assert list(folder.glob("*-cache"))
    assert folder.stat().st_mode & 0o077 == 0, "compiled programs run as they are: they are the user's own"
    assert in_a_process(ENTREPOT_COMPILE_CACHE=str(folder)) == f"{folder} True"


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert in_a_process(ENTREPOT_COMPILE_CACHE=str(tmp_path / "file" / "compiled")) == "None False"


def test_it_can_be_switched_off_and_a_folder_given_to_jax_is_left_alone(tmp_path: Path) -> None:
    assert in_a_process(ENTREPOT_COMPILE_CACHE="off", HOME=str(tmp_path)) == "None False"
    assert not list(tmp_path.iterdir())
    own = tmp_path / "own"
    assert in_a_process(JAX_COMPILATION_CACHE_DIR=str(own), HOME=str(tmp_path)) == f"{own} False"
    assert list(tmp_path.iterdir()) == [own]


@pytest.mark.skipif(sys.platform != "linux", reason="where caches belong differs by operating system")
def test_the_folder_is_the_users_cache_and_no_home_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert compilation_cache._folder() == tmp_path / ".cache" / "entrepot" / "compiled"
    monkeypatch.setenv("HOME", str(tmp_path / "nonexistent"))
    assert compilation_cache._folder() is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert compilation_cache._folder() == tmp_path / "caches" / "entrepot" / "compiled"
    monkeypatch.setenv(compilation_cache.VARIABLE, "OFF")
    assert compilation_cache._folder() is None


def test_a_folder_that_may_not_be_written_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert compilation_cache._usable(tmp_path)
    assert not list(tmp_path.iterdir())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refused)
    assert not compilation_cache._usable(tmp_path)


def test_a_program_that_was_not_written_to_its_end_is_removed_and_a_new_one_is_not(tmp_path: Path) -> None:
    for name in ("whole-cache", "whole-atime", "torn-cache", "being_written-cache"):
        (tmp_path / name).touch()
    for name in ("whole-cache", "torn-cache"):
        os.utime(tmp_path / name, (0, 0))
    compilation_cache._remove_torn(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["being_written-cache", "whole-atime", "whole-cache"]
