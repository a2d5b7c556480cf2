"""Objects in Python: a result as text, as a table, as a workbook and as charts; what a notebook shows of it."""

from collections.abc import Sequence
from functools import singledispatch
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.data.files import require_writable
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.scenario import Focus, Scenario
from entrepot.report.answer import answer_for
from entrepot.report.files import WORKBOOKS, require_suffix, write_workbook
from entrepot.report.kit.headings import heading
from entrepot.report.kit.wording import MINUS, signed
from entrepot.report.result import headline, tables, terminal

if TYPE_CHECKING:
    import altair as alt

ENDS = 5  # countries at each end of a short ranking
SHORT = ("name", "real_income_pct", "equivalent_variation_bn", "real_wage_pct")
FRAMES = ("countries", "sectors", "suppliers", "customers", "prices")
WIDTH = 640  # pixels of a chart


def summary(result: Result) -> str:
    """Return the headline of a result, who loses and gains most, and what was assumed, as a text."""
    from rich.console import Console

    console = Console(width=80, highlight=False, markup=False, color_system=None)
    with console.capture() as captured:
        console.print(terminal.short(result, focus_of(result), ENDS))
    return captured.get().strip()


def to_frame(result: Result, table: str = "countries") -> pd.DataFrame:
    """Return a table of a result in per cent and billions; see :meth:`entrepot.Result.to_frame`."""
    if table not in FRAMES:
        raise UnknownLabel(f"no table {table!r}{nearest(table, FRAMES)}; there are {', '.join(FRAMES)}")
    if table == "countries":
        return tables.ranking(result)
    made: pd.DataFrame = getattr(tables, table)(result, focus_of(result))
    return made


def to_excel(result: Result, path: str | Path) -> None:
    """Write a result to an Excel workbook; see :meth:`entrepot.Result.to_excel`."""
    target = Path(path)
    require_writable(target)
    require_suffix(target, WORKBOOKS)
    write_workbook(target, answer_for(result))


class ResultPlots:
    """The charts of a result, as Altair objects; Jupyter draws them, ``.save("chart.html")`` writes them.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    """

    def __init__(self, result: Result) -> None:
        self._result = result

    def __repr__(self) -> str:
        return "Charts: countries(), map(), sectors(), output(), suppliers(), customers()"

    def countries(self, width: int = WIDTH) -> "alt.LayerChart":
        """Return the largest losses and gains of real income as bars."""
        return self._drawn("ranking", width)

    def map(self, width: int = WIDTH) -> "alt.LayerChart":
        """Return the map of changes in real income."""
        return self._drawn("map", width)

    def sectors(self, width: int = WIDTH, focus: Focus | None = None) -> "alt.LayerChart":
        """Return what the exporter sells to the importer by sector, before and after."""
        return self._drawn("sectors", width, focus)

    def output(self, width: int = WIDTH, focus: Focus | None = None) -> "alt.LayerChart":
        """Return the change in the exporter's output by sector."""
        return self._drawn("output", width, focus)

    def suppliers(self, width: int = WIDTH, focus: Focus | None = None) -> "alt.LayerChart":
        """Return who sells more and less to the importer."""
        return self._drawn("suppliers", width, focus)

    def customers(self, width: int = WIDTH, focus: Focus | None = None) -> "alt.LayerChart":
        """Return who buys more and less from the exporter."""
        return self._drawn("customers", width, focus)

    def _drawn(self, name: str, width: int, focus: Focus | None = None) -> "alt.LayerChart":
        from entrepot.report.result.drawings import DRAWINGS  # charts are slow to load, and an extra

        return DRAWINGS[name](self._result, focus or focus_of(self._result), width)


@singledispatch
def repr_html(shown: object) -> str:
    """Return what a notebook shows of an object: a few lines and a table, without scripts or styles of a page."""
    return f"<pre>{escape(repr(shown))}</pre>"


@repr_html.register
def _of_result(result: Result) -> str:
    ranking = tables.ranking(result)[list(SHORT)]
    shown = ranking if len(ranking) <= 2 * ENDS else pd.concat([ranking.head(ENDS), ranking.tail(ENDS)])
    title = result.scenario.title if result.scenario else "What the change does"
    columns = [heading(name, ["country", *SHORT], result.economy.currency) for name in SHORT]
    rows = [[str(row["name"]), *(signed(float(row[name]), 3) for name in SHORT[1:])] for _, row in shown.iterrows()]
    if len(shown) < len(ranking):
        rows.insert(ENDS, [f"… {len(ranking) - len(shown)} more: .to_frame()", "", "", ""])
    said = headline.headline(result, focus_of(result))
    return _html(title, [said], columns, rows, terminal.solved_how(result))


@repr_html.register
def _of_economy(economy: Economy) -> str:
    title = economy.provenance.title if economy.provenance else economy.name
    billions = economy.billions
    largest = economy.value_added.to_series().sort_values(ascending=False).head(ENDS)
    rows = [[economy.countries[str(code)], str(code), f"{value * billions:,.1f}"] for code, value in largest.items()]
    table = economy.elasticities.name if economy.elasticities else "as given"
    said = [
        f"{economy.name}: {len(economy.countries)} countries, {len(economy.sectors)} sectors, {economy.unit}; "
        f"elasticities {table}.",
        *economy.notes,
    ]
    columns = ["Largest economies", "Code", f"Value added, {economy.currency} billion"]
    groups = ", ".join([*economy.country_groups, *economy.sector_groups])
    return _html(title, said, columns, rows, f"Groups: {groups}." if groups else "")


@repr_html.register
def _of_scenario(scenario: Scenario) -> str:
    rows = [["always" if scenario.options else "", one.phrase()] for one in scenario.instruments]
    for name, option in scenario.options.items():
        rows += [[name, one.phrase()] for one in option.instruments] or [[name, "no change"]]
    columns = ["Option" if scenario.options else "", "What changes"]
    said = [f"{scenario.reference} ({scenario.date})", *scenario.remarks()]
    return _html(scenario.title, said, columns, rows, scenario.summary or "")


def _html(title: str, said: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[str]], note: str) -> str:
    """Return a heading, sentences, a table with numbers to the right, and a note; every text is escaped."""
    right = [bool(rows) and all(_is_number(cell) for cell in column) for column in zip(*rows, strict=True)]
    sides = ["right" if one else "left" for one in right] or ["left"] * len(columns)

    def line(tag: str, cells: Sequence[str]) -> str:
        pairs = zip(sides, cells, strict=True)
        made = [f'<{tag} style="text-align: {side}">{escape(cell)}</{tag}>' for side, cell in pairs]
        return f"<tr>{''.join(made)}</tr>"

    return "".join(
        [
            f"<div><h4>{escape(title)}</h4>", *(f"<p>{escape(one)}</p>" for one in said),
            f"<table><thead>{line('th', columns)}</thead><tbody>", *(line("td", row) for row in rows),
            f"</tbody></table><p><small>{escape(note)}</small></p></div>",
        ]
    )  # fmt: skip


def _is_number(cell: str) -> bool:
    return not cell or (cell[-1].isdigit() and cell[0] in "+0123456789" + MINUS)
