"""Answers as files: a workbook, a page as HTML or PDF, a chart as SVG or PNG. What a file is called says what it is."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.core.errors import InputError, UnknownLabel, nearest
from entrepot.core.extras import require
from entrepot.data.files import write_bytes, write_text

if TYPE_CHECKING:
    import altair as alt

    from entrepot.report.answer import Answer

PAGES, CHARTS, WORKBOOKS = (".html", ".htm", ".pdf"), (".svg", ".png"), (".xlsx",)
WIDTH, SCALE = 900, 2.0
"""Pixels of a chart, and how many of a PNG there are to each."""
BACKGROUND = "#ffffff"


def require_suffix(path: Path, suffixes: tuple[str, ...]) -> None:
    """Raise InputError where a file is called as if it were something else; PDF and charts need their programs.

    Raises
    ------
    InputError
        Another suffix.
    MissingExtra
        The packages that draw, or a program that prints, are not installed.
    """
    if path.suffix.lower() not in suffixes:
        found = f"found {path.suffix}" if path.suffix else "no suffix"
        raise InputError(f"{path}: {found}; call the file {' or '.join(path.stem + one for one in suffixes)}")
    if suffixes != WORKBOOKS:
        require("charts")
    if path.suffix.lower() == ".pdf":
        from entrepot.report.kit.pdf import require_printer

        require_printer()


def write_page(path: Path, html: str) -> None:
    """Write a page as HTML, or as PDF if the file is called so; whole or not at all."""
    if path.suffix.lower() != ".pdf":
        write_text(path, html)
        return
    from entrepot.report.kit.pdf import pdf_of

    write_bytes(path, pdf_of(html))


def write_workbook(path: Path, answer: "Answer") -> None:
    """Write the workbook of an answer, whole or not at all."""
    from entrepot.report.workbook import workbook_of

    write_bytes(path, workbook_of(answer))


def write_chart(path: Path, charts: "Mapping[str, Callable[[int], alt.LayerChart]]", name: str = "") -> None:
    """Write a chart as SVG or PNG, whole or not at all.

    Parameters
    ----------
    path
        Where to write; it may be called as the chart.
    charts
        What draws each chart of an answer.
    name
        Of the chart; blank for the one that the file is called by, or for the only one.

    Raises
    ------
    UnknownLabel
        There is no chart of that name, or several and none is named.
    """
    if not charts:
        raise InputError(f"{path}: this answer has no chart; leave out --chart")
    stem = path.stem if path.stem in charts else next(iter(charts)) if len(charts) == 1 else ""
    chosen = name or stem
    if chosen not in charts:
        known = list(charts)
        said = f"no chart {name!r}{nearest(name, known)}" if name else "which chart"
        raise UnknownLabel(f"{path}: {said}; there are {', '.join(known)}; write {known[0]}={path.name}")
    write_bytes(path, chart_bytes(charts[chosen](WIDTH), path.suffix.lower()))


def chart_bytes(chart: "alt.LayerChart", suffix: str) -> bytes:
    """Return a chart on white as the content of an SVG or PNG file."""
    import vl_convert

    document = {**chart.to_dict(validate=False), "background": BACKGROUND}
    if suffix == ".png":
        drawn: bytes = vl_convert.vegalite_to_png(document, scale=SCALE)
        return drawn
    svg: str = vl_convert.vegalite_to_svg(document)
    return svg.encode()
