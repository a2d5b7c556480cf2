"""A scenario: a file that says what changes, when, and by which act."""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import xarray as xr
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from entrepot.core.alignment import cells
from entrepot.core.dims import DESTINATION, FLOW, ORIGIN, SECTOR
from entrepot.core.errors import InputError, InvalidDocument, InvalidShock, listed
from entrepot.core.provenance import Provenance, Said
from entrepot.data import shipped
from entrepot.data.documents import Document, Place, read_yaml, validated
from entrepot.economy.economy import Economy
from entrepot.policy.iceberg import Iceberg
from entrepot.policy.instrument import RateTable, table_path, where_and_how_much
from entrepot.policy.selection import Labels, words_of
from entrepot.policy.shock import Shock
from entrepot.policy.tariff import Tariff


def _iso_date(written: object) -> object:
    """Return what can only be meant as a date: numbers, which could be seconds or years, are refused."""
    if isinstance(written, datetime.date) and not isinstance(written, datetime.datetime):
        return written
    if isinstance(written, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", written.strip()):
        return written.strip()
    raise ValueError(f"found {str(written)[:40]!r}; write a date as 2025-08-27")


class Focus(BaseModel):
    """The pair of countries that a report looks at most closely."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exporter: Said
    importer: Said


class Scenario(BaseModel):
    """What changes, when, and by which act. Load one with :func:`entrepot.load_scenario`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot scenario")

    title: Said
    reference: Said = Field(description="The legal acts or the proposal, so that a reader can look them up.")
    date: Annotated[datetime.date, BeforeValidator(_iso_date)] = Field(description="The day whose rules are meant.")
    summary: Said | None = Field(default=None, description="What the scenario can and cannot say, in a paragraph.")
    focus: Focus | None = None
    groups: Mapping[Said, Labels] = Field(default_factory=dict, description="Own groups of countries or sectors.")
    instruments: tuple[Annotated[Tariff | Iceberg, Field(discriminator="kind")], ...]

    _name: str = PrivateAttr(default="scenario")
    _document: Document = PrivateAttr(default_factory=lambda: Document({}))

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    def shock(self, economy: Economy) -> Shock:
        """Return what changes, on the labels of `economy`.

        Raises
        ------
        InputError
            Unknown codes, flows that two instruments set, rates out of range; every problem of the file at once, each
            with its line.
        """
        words = words_of(economy, self.groups)
        folder = self._document.file.parent if self._document.file else None
        problems: list[InputError] = []
        tariff = np.array(economy.tariff.values)
        added = np.zeros_like(tariff)
        iceberg_hat = np.ones_like(tariff)
        set_by = np.full(tariff.shape, -1)
        for number, instrument in enumerate(self.instruments):
            try:
                touched, rates = where_and_how_much(
                    instrument, instrument.amount, economy, words.as_meant_by(instrument.kind, economy), folder
                )
                if isinstance(instrument, Iceberg):
                    iceberg_hat[touched] = _multiplied(iceberg_hat[touched], 1 + rates[touched])
                elif instrument.add is not None:
                    added[touched] += rates[touched]
                else:
                    _refuse_overlap(economy, touched, set_by, number)
                    set_by[touched] = number
                    tariff[touched] = rates[touched]
            except InputError as error:
                problems.append(type(error)(self._located(("instruments", number), error)))
        _raise_all(problems)
        coords = {ORIGIN: list(economy.countries), DESTINATION: list(economy.countries), SECTOR: list(economy.sectors)}
        try:
            return Shock(
                tariff=xr.DataArray(tariff + added, coords=coords, dims=FLOW),
                iceberg_hat=xr.DataArray(iceberg_hat, coords=coords, dims=FLOW) if (iceberg_hat != 1).any() else None,
            ).on(economy)
        except InputError as error:
            raise type(error)(self._located(("instruments",), error)) from None

    def tables(self) -> dict[str, Provenance | None]:
        """Return the tables of rates that the scenario reads, with their provenance where they are shipped."""
        folder = self._document.file.parent if self._document.file else None
        found: dict[str, Provenance | None] = {}
        for instrument in self.instruments:
            if isinstance(instrument.amount, RateTable):
                path = table_path(instrument.amount.table, folder)
                own = path.stem not in shipped.names("measures") or path != shipped.path_of("measures", path.stem)
                found[path.stem] = None if own else shipped.sidecar_of(path, Provenance)
        return found

    def _located(self, place: Place, error: InputError) -> str:
        return f"{self._document.where(place)}: {error}"


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return a shipped scenario, or the scenario in a YAML file.

    Parameters
    ----------
    name_or_path
        ``entrepot scenarios`` lists the shipped names; a file is checked against the schema that ``entrepot schema``
        prints.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what a scenario must; every problem at once, with its line.
    """
    path = shipped.find("scenarios", name_or_path)
    document = read_yaml(path)
    scenario = validated(Scenario, document)
    scenario._name = path.stem
    scenario._document = document
    return scenario


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def _refuse_overlap(economy: Economy, touched: np.ndarray, set_by: np.ndarray, number: int) -> None:
    both = touched & (set_by >= 0)
    if both.any():
        labels = [list(economy.countries), list(economy.countries), list(economy.sectors)]
        first = int(set_by[both].min())
        raise InvalidShock(
            f"sets the tariff on flows that instruments[{first}] sets already: "
            f"{listed(cells(np.argwhere(both), labels))}; set each flow once, or use `add`"
        )


def _multiplied(hat: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Return the product of changes in cost, or raise where finite ones grow beyond all numbers."""
    with np.errstate(over="ignore"):
        product = hat * change
    if (np.isinf(product) & np.isfinite(hat) & np.isfinite(change)).any():
        raise InvalidShock("raises a cost beyond all numbers; write `change: embargo` if no trade is meant")
    return np.asarray(product)


def _raise_all(problems: list[InputError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise InvalidDocument("\n".join(str(problem) for problem in problems))
