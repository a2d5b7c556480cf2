"""Reading and writing whole files, with one clear line where it fails."""

import os
import tempfile
from pathlib import Path

from entrepot.core.errors import FileProblem, nearest


def existing(path: Path) -> Path:
    """Return `path` if it is a readable file.

    Raises
    ------
    FileProblem
        It is not there (with the names that resemble it), is a folder, or may not be read.
    """
    if path.is_dir():
        raise FileProblem(f"{path} is a folder; name a file in it")
    if not path.exists():
        beside = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
        hint = nearest(path.name, beside) or f"; looked in {path.parent.resolve()}"
        raise FileProblem(f"no file {path}{hint}")
    if not os.access(path, os.R_OK):
        raise FileProblem(f"{path} may not be read; change its permissions")
    return path


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file."""
    try:
        return existing(path).read_text(encoding="utf-8-sig")  # spreadsheets put a mark in front
    except UnicodeDecodeError as error:
        raise FileProblem(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error


def require_writable(path: Path) -> None:
    """Raise FileProblem now if `path` cannot be written later: before minutes are spent on computing it."""
    folder = path.parent
    if path.is_dir():
        raise FileProblem(f"{path} is a folder; name a file in it")
    if not folder.is_dir():
        raise FileProblem(f"cannot write {path}: {folder} is not a folder; make it first")
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".entrepot-")
    except OSError as error:
        raise FileProblem(f"cannot write {path}: {error.strerror or error}; choose another folder") from error
    os.close(descriptor)
    os.unlink(name)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all."""
    require_writable(path)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".entrepot-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except OSError as error:
        raise FileProblem(
            f"cannot write {path}: {error.strerror or error}; free space or choose another folder"
        ) from error
    finally:
        if os.path.exists(name):
            os.unlink(name)


def _umask() -> int:
    """Return the process's umask; mkstemp makes files private, a report should be as readable as any other file."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
