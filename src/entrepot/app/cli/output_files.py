"""Files that the running command writes besides what it prints: a workbook, and charts."""

import sys
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.report.answer import Answer


@dataclass(frozen=True)
class OutputFiles:
    """The files that a command was asked for.

    Attributes
    ----------
    workbook
        Excel; None for none.
    charts
        File and name of each chart; a blank name for the chart that the file is called by.
    """

    workbook: Path | None = None
    charts: tuple[tuple[Path, str], ...] = ()


ASKED: ContextVar[OutputFiles | None] = ContextVar("output_files", default=None)
"""The files of the running command; set where its options are read, so that no command hands them on."""


def write_files(answer: "Answer") -> None:
    """Write the files that the running command was asked for."""
    asked = ASKED.get()
    if asked is None:
        return
    from entrepot.report.files import write_chart, write_workbook

    if asked.workbook is not None:
        write_workbook(asked.workbook, answer)
    for path, name in asked.charts:
        write_chart(path, {} if answer.charts is None else answer.charts(), name)
    for path in (asked.workbook, *(path for path, _ in asked.charts)):
        if path is not None:
            print(f"wrote {path}", file=sys.stderr)
