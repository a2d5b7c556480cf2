"""Lists of what is shipped: rows of texts."""

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from entrepot.report.answer import Answer, answer_for


@dataclass(frozen=True)
class Listing:
    """Rows with the same keys.

    Attributes
    ----------
    rows
        The first key of each is its name.
    in_columns
        Whether the texts are short enough for one line a row; if not, they are printed one below the other.
    """

    rows: list[dict[str, str]]
    in_columns: bool = False


def render(listing: Listing) -> RenderableType:
    """Return a table, or a paragraph a row."""
    if listing.in_columns:
        table = _grid(headings=True)
        for heading in listing.rows[0]:
            table.add_column(heading)
        for row in listing.rows:
            table.add_row(*row.values())
        return table
    parts: list[Text | Table] = []
    for row in listing.rows:
        (_, name), *others = row.items()
        table = _grid(headings=False)
        for key, value in others:
            table.add_row(f"  {key}", value)
        parts += [Text(name, style="bold"), table]
    return Group(*parts)


def _grid(headings: bool) -> Table:
    return Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), show_header=headings)


@answer_for.register
def _answer(listing: Listing) -> Answer:
    return Answer(document=lambda: listing.rows, render=lambda: render(listing))
