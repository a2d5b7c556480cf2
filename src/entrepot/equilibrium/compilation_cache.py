"""Compiled programs kept between processes: the first derivative of a process takes one second instead of fifteen.

ENTREPOT_COMPILE_CACHE names another folder, or is `off`. A folder that JAX has been given already is left as it is.
"""

import os
import threading
import time
from pathlib import Path

import jax
from platformdirs import user_cache_dir

VARIABLE = "ENTREPOT_COMPILE_CACHE"
OFF = frozenset({"off", "0", "no", "false"})
MOST_BYTES = 256 * 2**20  # a program takes 50 to 150 KB; JAX deletes those that were used longest ago
LEAST_SECONDS = 0.05  # of compiling, below which reading a file saves nothing
TORN_AFTER = 60.0  # seconds; writing a program takes milliseconds


def switch_on() -> None:
    """Let JAX keep what it compiles in the user's cache folder, where that is wanted and possible.

    Nothing is said where the folder cannot be made or written: the programs are compiled anew then.
    """
    if jax.config.jax_compilation_cache_dir is not None:  # type: ignore[attr-defined]
        return
    folder = _folder()
    if folder is None or not _usable(folder):
        return
    _remove_torn(folder)
    _set("jax_compilation_cache_dir", str(folder))
    _set("jax_compilation_cache_max_size", MOST_BYTES)
    _set("jax_persistent_cache_min_compile_time_secs", LEAST_SECONDS)


def compile_seconds() -> float:
    """Return how long this process has traced and compiled since it began to count, all threads added up."""
    return sum(_SPENT.values())


def _count(event: str, seconds: float, **_: object) -> None:
    if event.startswith("/jax/core/compile/"):
        with _COUNTING:
            _SPENT[event] = _SPENT.get(event, 0.0) + seconds


_SPENT: dict[str, float] = {}
_COUNTING = threading.Lock()
jax.monitoring.register_event_duration_secs_listener(_count)


def _folder() -> Path | None:
    """Return the folder that is meant; None where there is to be none."""
    asked = os.environ.get(VARIABLE, "").strip()
    if asked.lower() in OFF:
        return None
    if asked:
        return Path(asked).expanduser().absolute()
    home = Path(os.path.expanduser("~"))
    folder = Path(user_cache_dir("entrepot", appauthor=False), "compiled")
    own = folder.is_absolute() and (home.is_dir() or home not in folder.parents)
    return folder if own else None  # a user without a home gets none made


def _usable(folder: Path) -> bool:
    """Return whether programs can be kept there. Compiled programs run as they are, so others must not write them."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _remove_torn(folder: Path) -> None:
    """Remove programs whose process was killed while it wrote them; JAX would warn of each for ever.

    JAX writes the time of last use after the program, so a program without one is not whole.
    """
    for program in folder.glob("*-cache"):
        try:
            whole = program.with_name(program.name.removesuffix("-cache") + "-atime").exists()
            if not whole and time.time() - program.stat().st_mtime > TORN_AFTER:
                program.unlink()
        except OSError:
            continue  # another process was faster


def _set(option: str, value: object) -> None:
    """Set an option of JAX, unless the user has set it by its environment variable."""
    if option.upper() not in os.environ:
        jax.config.update(option, value)  # type: ignore[no-untyped-call]
