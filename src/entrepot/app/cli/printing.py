"""What the command line prints: tables that fit a terminal, JSON, progress on standard error."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]
MINUS = "\N{MINUS SIGN}"
WIDTH = 80
"""Columns that tables need; a narrower terminal wraps their lines, it must not cut their digits."""


def list_rows(rows: list[dict[str, str]], as_json: bool, columns: bool = False) -> None:
    """Print rows as JSON, as columns, or one below the other where their texts are long."""
    if as_json:
        print_json(rows)
        return
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    def grid(headings: bool) -> Table:
        return Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), show_header=headings)

    if columns:
        table = grid(headings=True)
        for heading in rows[0]:
            table.add_column(heading)
        for row in rows:
            table.add_row(*row.values())
        print_rich(table)
        return
    parts: list[Text | Table] = []
    for row in rows:
        name, *others = row.items()
        table = grid(headings=False)
        for key, value in others:
            table.add_row(f"  {key}", value)
        parts += [Text(name[1], style="bold"), table]
    print_rich(Group(*parts))


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
    """Yield two functions that keep one line on a terminal: what is being done, and how far the solver is."""
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
