"""What every instrument shares: where it applies, how a rate or a table of rates is written."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from entrepot.core.dims import FLOW
from entrepot.core.errors import InputError, InvalidShock
from entrepot.core.provenance import Said
from entrepot.core.units import parse_rate_cell
from entrepot.data import shipped
from entrepot.data.tables import read_table
from entrepot.economy.economy import Economy
from entrepot.policy.selection import ALL, Labels, Words, mask


class RateTable(BaseModel):
    """Rates in a CSV file with the columns origin, destination, sector, rate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: Said = Field(description="A shipped measure by name, or a CSV file beside the scenario.")


def number_or_table(parse: Callable[[object], float]) -> BeforeValidator:
    """Return what reads a field that holds a number as people write it, or a table of them: ``{table: name}``."""
    return BeforeValidator(lambda written: written if isinstance(written, dict | RateTable) else parse(written))


NUMBER_OR_TABLE = WithJsonSchema({"anyOf": [{"type": ["number", "string"]}, RateTable.model_json_schema()]})


class Instrument(BaseModel):
    """Where an instrument applies; what is left out means all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: Labels = Field(default=(ALL,), description="Who sells: codes, groups, or all.")
    destination: Labels = Field(default=(ALL,), description="Who buys: codes, groups, or all.")
    sector: Labels = Field(default=(ALL,), description="Which goods: codes, groups, goods, or all.")
    note: Said | None = Field(default=None, description="The legal act, or why.")


def where_and_how_much(
    instrument: Instrument, amount: float | RateTable, economy: Economy, words: Words, folder: Path | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return which cells an instrument touches and its rate there, both [origin, destination, sector].

    Raises
    ------
    InputError
        Unknown words, no cross-border flow selected, a table whose rows overlap.
    """
    if isinstance(amount, RateTable):
        return _painted_from_table(amount, economy, words, folder)
    touched = _cells(economy, words, instrument.origin, instrument.destination, instrument.sector)
    return touched, np.where(touched, amount, 0.0)


def _cells(economy: Economy, words: Words, origin: Labels, destination: Labels, sector: Labels) -> np.ndarray:
    origins, destinations = words.countries.resolve(origin), words.countries.resolve(destination)
    touched = mask(economy, origins, destinations, words.sectors.resolve(sector))
    if not touched.any():
        raise InvalidShock(
            f"no cross-border flow from {', '.join(origin)} to {', '.join(destination)} in {', '.join(sector)}; "
            "name another origin or destination"
        )
    return touched


def _painted_from_table(
    written: RateTable, economy: Economy, words: Words, folder: Path | None
) -> tuple[np.ndarray, np.ndarray]:
    path = table_path(written.table, folder)
    table = read_table(path, [*FLOW, "rate"], number="rate", parse=parse_rate_cell)
    touched = np.zeros(economy.trade.shape, dtype=bool)
    rates = np.zeros(economy.trade.shape)
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        try:
            if np.isnan(row["rate"]):
                raise InvalidShock("no rate; write a number, 0 for none")
            here = _cells(economy, words, *((row[axis],) for axis in FLOW))
            if (touched & here).any():
                raise InvalidShock("a flow that an earlier line has already; keep one of them")
        except InputError as error:
            raise type(error)(f"{path.name}, line {line}: {error}") from None
        touched |= here
        rates[here] = row["rate"]
    return touched, rates


def table_path(name: str, folder: Path | None) -> Path:
    """Return the file of a table: beside the scenario if there is one, else a shipped measure.

    Only plain names are looked up, so a scenario from a stranger cannot reach into other folders.

    Raises
    ------
    UnknownLabel
        Neither there nor shipped.
    InvalidShock
        A path where a name should be.
    """
    if Path(name).name != name:
        raise InvalidShock(f"table {name!r} is a path; put the file beside the scenario and give its name")
    if len(name) > 200:
        raise InvalidShock(f"table {name[:40]!r}… is too long a name; shorten it")
    if folder is not None and (folder / name).is_file():
        return folder / name
    return shipped.path_of("measures", name.removesuffix(".csv"))
