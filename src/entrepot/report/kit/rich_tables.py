"""Tables on the terminal that fit eighty columns."""

from collections.abc import Sequence

from rich.table import Table

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
GIVING_WAY = ("country", "sector", "act", "limit", "rent", "gainers", "why not", "what moves", "member")
"""Headings of columns whose texts may be cut, or folded, where a terminal is narrow."""
FOLDED = ("act", "limit", "rent", "why not", "gainers", "what moves", "member")
FOLDED_WIDTH = 14  # letters before a text is folded
NAME_WIDTH = 22  # of a country or sector; the code beside it is never cut


def ranked_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table whose names give way on a narrow terminal; numbers and codes are never cut."""
    table = Table(
        title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for position, heading in enumerate(headings):
        if heading in FOLDED:
            table.add_column(heading, overflow="fold", min_width=FOLDED_WIDTH)
            continue
        if heading in GIVING_WAY:
            table.add_column(heading, no_wrap=True, overflow="ellipsis", max_width=NAME_WIDTH)
            continue
        width = max(len(cell) for cell in [heading, *(row[position] for row in rows)])
        table.add_column(heading, justify="left" if heading in TEXTS else "right", no_wrap=True, min_width=width)
    for row in rows:
        table.add_row(*row)
    return table
