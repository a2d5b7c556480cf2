"""Output of the command line: answers in the form asked for, pages in files, progress on standard error."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.app.cli.output_files import write_files
from entrepot.core.errors import InputError

if TYPE_CHECKING:
    from entrepot.report.answer import Answer

MINUS = "\N{MINUS SIGN}"
WIDTH = 80
"""Columns that tables need; a narrower terminal wraps their lines, it must not cut their digits."""


class Form(StrEnum):
    """Forms of output."""

    terminal = "terminal"
    json = "json"
    csv = "csv"


def form_of(as_json: bool, as_csv: bool = False) -> Form:
    """Return the form that ``--json`` and ``--csv`` choose.

    Raises
    ------
    InputError
        Both are given.
    """
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other; choose one")
    return Form.json if as_json else Form.csv if as_csv else Form.terminal


def emit(answer: "Answer", form: Form, page: Path | None = None, hint: str = "") -> None:
    """Print an answer in one form, and write the files that were asked for: its page, a workbook, charts.

    The hint is the last line on a terminal, in faint letters.
    """
    if page is not None:
        _write_page(answer, page)
    if form is Form.json:
        print_json(answer.document())
    elif form is Form.csv:
        assert answer.table is not None, "a command without a table has no --csv"
        write(answer.table().to_csv(index=False, lineterminator="\n"))
    else:
        print_rich(answer.render())
        from entrepot.core.version import package_version

        print(f"entrepot {package_version()}")
        if hint:
            from rich.text import Text

            print_rich(Text(hint, style="dim"))
    if page is not None:
        print(f"wrote {page}", file=sys.stderr)
    write_files(answer)


def _write_page(answer: "Answer", path: Path) -> None:
    from entrepot.report.files import write_page

    assert answer.page is not None, "a command without a page takes no file for one"
    with progress() as (say, _):
        say("writing the page")
        write_page(path, answer.page())


def require_page(path: Path | None, inputs: Sequence[str | Path | None] = ()) -> None:
    """Check a page that is to be written, and what draws or prints it, before anything is computed.

    Raises
    ------
    InputError
        As `require_output`; a package is not installed.
    """
    if path is not None:
        from entrepot.report.files import PAGES, require_suffix

        require_output(path, inputs)
        require_suffix(path, PAGES)


def require_output(path: Path | None, inputs: Sequence[str | Path | None] = ()) -> None:
    """Check an output file before anything is computed.

    Raises
    ------
    InputError
        It cannot be written, or it is one of the input files.
    """
    if path is None:
        return
    from entrepot.data.files import require_writable

    require_writable(path)
    for name in inputs:
        if name is not None and path.exists() and Path(name).exists() and path.samefile(name):
            raise InputError(f"{path} is an input of this command; choose another output file")


def print_rich(what: object) -> None:
    """Print anything that Rich can draw."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.width = max(console.width, WIDTH)
    with console.capture() as captured:
        console.print(what)
    write(captured.get())


def print_json(document: object) -> None:
    """Print a JSON document; letters that the terminal lacks are written as escapes."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    write(json.dumps(document, ensure_ascii=plain, indent=2, allow_nan=False) + "\n")


def write(text: str) -> None:
    """Print a text as it is; a sign that the terminal lacks becomes the nearest one that it has."""
    if sys.stdout is None:
        return
    if not _speaks(sys.stdout.encoding, MINUS):
        text = text.replace(MINUS, "-")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        stop_printing()  # `entrepot ... | head` is no fault


def _speaks(encoding: str | None, letter: str) -> bool:
    try:
        letter.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def stop_printing() -> None:
    """Let nothing that is still to be printed fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def progress() -> Iterator[tuple[Callable[[str], None], Callable[[int, float], None]]]:
    """Yield two functions that keep one status line on a terminal: for the current task, and for the solver's steps."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield (lambda text: None), (lambda steps, residual: None)
        return
    with console.status("starting") as status:
        yield (
            status.update,
            lambda steps, residual: status.update(f"solving: step {steps}, residual {residual:.1e}"),
        )


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function that keeps a progress bar with the time left; None where there is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
