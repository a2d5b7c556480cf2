"""How a rate is written: one number, or a table of them, dated where it changes in time."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from entrepot.core.dims import FLOW
from entrepot.core.errors import InputError, InvalidShock, UnknownLabel
from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.core.units import parse_date, parse_rate_cell
from entrepot.data import shipped
from entrepot.data.files import cached_by_content, existing
from entrepot.data.tables import read_table
from entrepot.policy.selection import LabelResolver, LabelSetKey


class RateTable(BaseModel):
    """Rates in a CSV or Excel file with the columns origin, destination, sector, rate; a column date says from when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: NonBlankStr = Field(description="A CSV or Excel file beside the scenario.")
    as_of: IsoDate | None = Field(default=None, description="The day whose rates are meant; left out, the scenario's.")


def as_written(parse: Callable[[object], float]) -> BeforeValidator:
    """Return what reads a number as people write it, and leaves tables of numbers to the fields that take them."""
    return BeforeValidator(lambda written: written if isinstance(written, dict | BaseModel) else parse(written))


def kind_of_amount(written: object) -> str:
    """Return which of its forms an amount has: one mistake is then one message."""
    if isinstance(written, dict):
        return "a schedule" if "schedule" in written else "a table"
    return {"RateTable": "a table", "ScheduleRates": "a schedule"}.get(type(written).__name__, "a number")


NUMBER = WithJsonSchema({"type": ["number", "string"]})
Number = Annotated[float, NUMBER, Tag("a number")]
Table = Annotated[RateTable, Tag("a table")]
NumberOrTable = Annotated[Number | Table, Discriminator(kind_of_amount)]


def remark(written: RateTable, folder: Path | None, date: datetime.date) -> str:
    """Return what a reader must know about the day of a dated table, blank where nothing."""
    path = existing(rate_file(written.table, folder))
    span = _span(path)
    if span is None:
        return ""
    day, first, last = written.as_of or date, *span
    if day < first:
        return f"Table {path.stem} has no rates before {first}; none are added."
    return f"Table {path.stem} has changes up to {last} only; later ones are missing." if day > last else ""


@cached_by_content(16)
def _span(path: Path) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the last day that a table has rates of; None where it is not dated."""
    table = _as_read(path)
    return (min(table["date"]), max(table["date"])) if "date" in table and len(table) else None


class CellRates(NamedTuple):
    """Which cells a table of rates touches and its rate there, both [origin, destination, sector]."""

    touched: np.ndarray
    rates: np.ndarray


def painted(written: RateTable, words: LabelResolver, folder: Path | None, date: datetime.date) -> CellRates:
    """Return the rates of a table that are in force on a day.

    Of rows on the same flow with different dates, the last one not after the day counts; a flow whose first row is
    later is not touched.

    Raises
    ------
    InputError
        Unknown words, a row without cross-border flow, rows in force that overlap; names the line.
    """
    path = existing(rate_file(written.table, folder))
    at_once = _rates_at_once(path, written.as_of or date, words.said)
    if at_once is not None:
        return at_once
    table = rates_in_force(written.table, folder, written.as_of or date)
    touched, rates = np.zeros(words.shape, dtype=bool), np.zeros(words.shape)
    for line, rate, *flow in zip(table.index, table["rate"], *(table[axis] for axis in FLOW), strict=True):
        try:
            if np.isnan(rate):
                raise InvalidShock("no rate; write a number, 0 for none")
            here = words.cells(*((word,) for word in flow))
            crossing = here[0] != here[1]
            if (touched[here] & crossing).any():
                raise InvalidShock("a flow that an earlier line has already; keep one of them")
        except InputError as error:
            raise type(error)(f"{path.name}, line {line}: {error}") from None
        touched[here] |= crossing
        rates[here] = np.where(crossing, rate, rates[here])
    return CellRates(touched, rates)


def rates_in_force(name: str, folder: Path | None, date: datetime.date) -> pd.DataFrame:
    """Return the rows of a table of rates that count on a day: ``origin, destination, sector, rate``."""
    path = existing(rate_file(name, folder))
    return _in_force(path, date).copy()


@cached_by_content(64)
def _in_force(path: Path, date: datetime.date) -> pd.DataFrame:
    """Return the rows that count on a day; kept, because whoever moves a slider asks for the same day again."""
    table = _as_read(path)
    if "date" not in table:
        return table
    known = table[table["date"] <= date].sort_values("date", kind="stable")
    return known.drop_duplicates(subset=list(FLOW), keep="last").sort_index()


@cached_by_content(8)
def _rates_at_once(path: Path, date: datetime.date, said: tuple[LabelSetKey, LabelSetKey]) -> CellRates | None:
    """Return the rates of a table, rows that name one flow by its codes all together; None where a row is at fault.

    Of a large table these are nearly all, and together they take a hundredth of the time. Kept, like the table.
    """
    table, words = _in_force(path, date), LabelResolver.of(said)
    known = (words.countries.codes, words.countries.codes, words.sectors.codes)
    places = [
        table[axis].map({code: at for at, code in enumerate(codes)}).to_numpy(dtype=float)
        for axis, codes in zip(FLOW, known, strict=True)
    ]
    single: np.ndarray = np.asarray(~np.isnan(places).any(axis=0))
    cells = tuple(place[single].astype(int) for place in places)
    given = table["rate"].to_numpy(dtype=float)
    doubled = len(np.unique(np.ravel_multi_index(cells, words.shape))) < single.sum()
    if np.isnan(given).any() or (cells[0] == cells[1]).any() or doubled:
        return None
    touched, rates = np.zeros(words.shape, dtype=bool), np.zeros(words.shape)
    touched[cells], rates[cells] = True, given[single]
    for rate, *flow in zip(given[~single], *(table[axis].to_numpy()[~single] for axis in FLOW), strict=True):
        try:
            here = words.cells(*((word,) for word in flow))
        except InputError:
            return None
        crossing = here[0] != here[1]
        if (touched[here] & crossing).any():
            return None
        touched[here] |= crossing
        rates[here] = np.where(crossing, rate, rates[here])
    touched.flags.writeable = rates.flags.writeable = False  # what is kept is for many
    return CellRates(touched, rates)


@cached_by_content(16)
def _as_read(path: Path) -> pd.DataFrame:
    """Return a table of rates, its dates read."""
    table = read_table(path, [*FLOW, "rate"], optional=["date"], number="rate", parse=parse_rate_cell)
    if "date" not in table:
        return table
    dates = []
    for line, cell in table["date"].items():
        try:
            dates.append(parse_date(cell))
        except ValueError as error:
            raise InvalidShock(f"{path.name}, line {line}: {error}") from None
    return table.assign(date=dates)


def rate_file(name: str, folder: Path | None) -> Path:
    """Return the file of a table of rates, which lies beside the scenario.

    Raises
    ------
    UnknownLabel
        It is not there.
    InvalidShock
        A path where a name should be.
    """
    path = _beside(name, folder)
    if path is None:
        where = "; the scenario has no folder" if folder is None else f" in {folder.resolve()}"
        raise UnknownLabel(
            f"no table {name!r}{where}; put it beside the scenario, or use a schedule (`entrepot schedules`)"
        )
    return path


def table_path(name: str, folder: Path | None, kind: shipped.Kind) -> Path:
    """Return the file of a table: beside the file that names it if there is one, else a shipped one.

    Only plain names are looked up, so a file from a stranger cannot reach into other folders.

    Raises
    ------
    UnknownLabel
        Neither there nor shipped.
    InvalidShock
        A path where a name should be.
    """
    path = _beside(name, folder)
    if path is not None:
        return path
    return shipped.path_of(kind, name.removesuffix(Path(name).suffix) if "." in name else name)


def _beside(name: str, folder: Path | None) -> Path | None:
    """Return the file of a name in a folder, None where there is none."""
    if Path(name).name != name:
        raise InvalidShock(f"table {name!r} is a path; put the file beside the scenario and give its name")
    if len(name.encode()) > 200:
        raise InvalidShock(f"table {name[:40]!r}… is too long a name; shorten it")
    return folder / name if folder is not None and (folder / name).is_file() else None
