"""Reading and writing whole files, with one clear line where it fails."""

import os
import tempfile
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from entrepot.core.errors import FileProblem, nearest

Rest = ParamSpec("Rest")
Returned = TypeVar("Returned")


def existing(path: Path) -> Path:
    """Return `path` if it is a readable file.

    Raises
    ------
    FileProblem
        It is not there (with the names that resemble it), is a folder, or may not be read.
    """
    if target_of(path).is_dir():
        raise FileProblem(f"{path} is a folder; name a file in it")
    if not path.exists():
        beside = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        hint = nearest(path.name, beside) or f"; looked in {path.parent.resolve()}"
        raise FileProblem(f"no file {path}{hint}")
    if not os.access(path, os.R_OK):
        raise FileProblem(f"{path} may not be read; change its permissions")
    return path


def cached_by_content(
    most: int,
) -> Callable[[Callable[Concatenate[Path, Rest], Returned]], Callable[Concatenate[Path, Rest], Returned]]:
    """Return a decorator for functions of a file: what they return is kept as long as the file stays as it is.

    A study asks for the same file a thousand times. A file that was written anew has another time or size.

    Parameters
    ----------
    most
        How many answers are kept; those used longest ago go first.
    """

    def decorate(read: Callable[Concatenate[Path, Rest], Returned]) -> Callable[Concatenate[Path, Rest], Returned]:
        @lru_cache(maxsize=most)
        def kept(path: Path, changed: int, size: int, *rest: Rest.args, **named: Rest.kwargs) -> Returned:
            return read(path, *rest, **named)

        @wraps(read)
        def asked(path: Path, /, *rest: Rest.args, **named: Rest.kwargs) -> Returned:
            status = path.stat()
            return kept(path, status.st_mtime_ns, status.st_size, *rest, **named)  # type: ignore[arg-type] # hashable

        return asked

    return decorate


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file."""
    try:
        return existing(path).read_text(encoding="utf-8-sig")  # spreadsheets put a mark in front
    except UnicodeDecodeError as error:
        raise FileProblem(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def require_writable(path: Path) -> None:
    """Raise FileProblem now if `path` cannot be written later: before minutes are spent on computing it."""
    target, folder = target_of(path), target_of(path).parent
    if target.is_dir():
        raise FileProblem(f"{path} is a folder; name a file in it")
    if target.exists() and not target.is_file():
        raise FileProblem(f"{path} is no ordinary file and would be replaced by one; name a file")
    if target.exists() and not os.access(target, os.W_OK):
        raise FileProblem(f"{path} may not be written; change its permissions or choose another name")
    if not folder.is_dir():
        raise FileProblem(f"cannot write {path}: {folder} is not a folder; make it first")
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".entrepot-")
    except OSError as error:
        raise FileProblem(f"cannot write {path}: {error.strerror or error}; choose another folder") from error
    os.close(descriptor)
    os.unlink(name)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all; a file that is replaced keeps its permissions, a link its place."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, as `write_text` does."""
    require_writable(path)
    target = target_of(path)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".entrepot-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.chmod(name, mode_of(target))
        os.replace(name, target)
    except OSError as error:
        raise FileProblem(
            f"cannot write {path}: {error.strerror or error}; free space or choose another folder"
        ) from error
    finally:
        if os.path.exists(name):
            os.unlink(name)


def target_of(path: Path) -> Path:
    """Return what `path` means once links are followed."""
    try:
        path.exists()  # a name too long for the file system is found out here
        return path.resolve()
    except OSError as error:
        raise FileProblem(f"cannot use the path {str(path)[:60]}…: {error.strerror or error}; shorten it") from error


def mode_of(target: Path) -> int:
    """Return the permissions a file written there should have: its own, or what the umask leaves a new one."""
    return target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()


def _umask() -> int:
    """Return the process's umask; mkstemp makes files private, a report should be as readable as any other file."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
