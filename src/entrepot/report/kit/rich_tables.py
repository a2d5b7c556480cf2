"""Tables on the terminal that fit eighty columns."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.table import Table
from rich.text import Text

TEXTS = (
    "",
    "wedge",
    "from",
    "to",
    "act",
    "goods",
    "authority",
    "limit",
    "at most",
    "reached",
    "rent",
    "gainers",
    "why not",
    "outcome",
    "input",
    "spread",
    "method",
    "what moves",
    "by",
    "tax",
    "partner",
    "at bound",
    "term",
    "member",
)
"""Headings of columns that hold no numbers."""
NAMES = ("country", "sector")
"""Headings of columns with names: cut where a terminal is narrow, in full where there is room."""
FOLDED = ("act", "limit", "rent", "why not", "gainers", "what moves", "member", "outcome")
"""Headings of columns whose texts are folded where a terminal is narrow."""
LEAST_WIDTH = 14  # letters that a name or a folded text keeps


class RankedTable:
    """A table under its title: names and long texts get the room that numbers and codes leave.

    Parameters
    ----------
    title
        Printed above the table, over the full width of the terminal.
    headings
        What the columns are; `NAMES`, `FOLDED` and `TEXTS` say how each is set.
    rows
        One text a column.
    """

    def __init__(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.title, self.headings, self.rows = title, tuple(headings), [tuple(row) for row in rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(f"\n{self.title}", style="bold")
        yield self._table(options.max_width)

    def _table(self, room: int) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
        for heading, width in zip(self.headings, self._widths(room), strict=True):
            if heading in FOLDED:
                table.add_column(heading, overflow="fold", width=width)
            elif heading in NAMES:
                table.add_column(heading, no_wrap=True, overflow="ellipsis", width=width)
            else:
                side: JustifyMethod = "left" if heading in TEXTS else "right"
                table.add_column(heading, justify=side, no_wrap=True, min_width=width)
        for row in self.rows:
            table.add_row(*row)
        return table

    def _widths(self, room: int) -> list[int]:
        """Return the width of each column: the longest text, the widest names and folded texts cut to the room."""
        widths = [max(map(cell_len, column)) for column in zip(self.headings, *self.rows, strict=True)]
        giving = [n for n, heading in enumerate(self.headings) if heading in NAMES or heading in FOLDED]
        missing = sum(widths) + len(widths) - 1 - room
        while missing > 0 and giving:
            widest = max(giving, key=lambda n: widths[n])
            if widths[widest] <= LEAST_WIDTH:
                break
            widths[widest] -= 1
            missing -= 1
        return widths


def ranked_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> RankedTable:
    """Return a table whose names give way on a narrow terminal; numbers and codes are never cut."""
    return RankedTable(title, headings, rows)
