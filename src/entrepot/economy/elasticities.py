"""Trade elasticities: one table per paper, a named default, and a rule for the sectors a paper leaves out."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat

from entrepot.core.errors import InvalidDocument, UnknownLabel, listed, nearest
from entrepot.core.provenance import NonBlankStr, Provenance
from entrepot.data import shipped
from entrepot.data.tables import read_table

DEFAULT = "fontagne_guimbard_orefice_2022_gtap"
"""Product-level tariff elasticities on data to 2016, the most recent estimates that cover nearly every goods sector."""


class GapRule(BaseModel):
    """What fills the sectors that a paper does not estimate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    services: PositiveFloat
    others_from: NonBlankStr | None = None
    reason: NonBlankStr


class ElasticityProvenance(Provenance):
    """The sidecar of a table of elasticities."""

    table: NonBlankStr
    gaps: GapRule | None = None
    not_estimates: Mapping[NonBlankStr, NonBlankStr] = Field(
        default_factory=dict,
        description="Sectors whose number is no estimate, with what it is; `all` where the table does not count "
        "among published papers.",
    )


@dataclass(frozen=True)
class Elasticities:
    """Trade elasticities by sector and where each comes from.

    Attributes
    ----------
    name
        The shipped name, or the file.
    theta
        Positive, by sector.
    filled
        Sectors that the source leaves out, with what filled them.
    provenance
        None for a user's own file.
    se
        Standard errors by sector, NaN where there is none; None for a table without. No shipped table has them.
    rest
        The table that has the sectors which a user's own file leaves out; None where nothing is left out.
    note
        Which sectors are whose, in a sentence; blank where all are from one table.
    """

    name: str
    theta: pd.Series
    filled: dict[str, str]
    provenance: ElasticityProvenance | None
    se: pd.Series | None = None
    rest: "Elasticities | None" = None
    note: str = ""

    def __repr__(self) -> str:
        return (
            f"Elasticities({self.name!r}: {len(self.theta)} sectors, {self.theta.min():.3g} to {self.theta.max():.3g})"
        )

    def over(self, rest: "Elasticities | pd.Series") -> "Elasticities":
        """Return a user's own table, its missing sectors filled from another; every other table as it is.

        Parameters
        ----------
        rest
            The elasticities of all sectors of an economy: a table, or numbers by sector that are of no table.

        Raises
        ------
        UnknownLabel
            The file has a sector that the other table does not have.
        """
        table = rest if isinstance(rest, Elasticities) else None
        theta = rest.theta if isinstance(rest, Elasticities) else rest
        missing = [sector for sector in theta.index if sector not in self.theta.index]
        if self.provenance is not None or not missing:
            return self
        sectors = [str(sector) for sector in theta.index]
        unknown = [str(sector) for sector in self.theta.index if sector not in sectors]
        if unknown:
            raise UnknownLabel(
                f"{self.name}: no sector {listed(unknown)} in the economy{nearest(unknown[0], sectors)}; "
                "`entrepot economies NAME` lists its sectors"
            )
        whose = f"table {table.name}" if table else "the economy itself"
        note = (
            f"Elasticities of {', '.join(map(str, self.theta.index))} are those of {Path(self.name).name}; "
            f"those of the other {len(missing)} sectors are those of {whose}."
        )
        filled = {sector: what for sector, what in table.filled.items() if sector in missing} if table else {}
        se = None if self.se is None and (table is None or table.se is None) else pd.Series(math.nan, theta.index)
        for one in (table.se if table else None, self.se):
            if se is not None and one is not None:
                se.update(one)
        return Elasticities(self.name, self.theta.combine_first(theta).loc[sectors], filled, None, se, table, note)

    @property
    def label(self) -> str:
        """Its short name, or authors and year: "Caliendo and Parro (2015)"; the name where the sidecar has neither."""
        if self.provenance and self.provenance.label:
            return self.provenance.label
        cited = re.match(r"[^()]*\(\d{4}\)", self.provenance.source) if self.provenance else None
        return cited[0] if cited else self.name


def notes_with(notes: tuple[str, ...], before: Elasticities | None, after: Elasticities | None) -> tuple[str, ...]:
    """Return the notes of an economy whose elasticities were exchanged: each table's own note goes with it."""
    kept = tuple(note for note in notes if before is None or note != before.note)
    return (*kept, after.note) if after is not None and after.note else kept


def load_elasticities(name_or_path: str | Path = DEFAULT) -> Elasticities:
    """Return the elasticities of a paper, or of a file with the columns ``sector``, ``theta`` and, maybe, ``se``.

    Parameters
    ----------
    name_or_path
        A shipped name (``entrepot elasticities`` lists them), or a CSV file or Excel workbook. A file may have some
        sectors only: :func:`load_economy` takes the others from the economy's own table (`Elasticities.over`).

    Raises
    ------
    UnknownLabel
        No such table is shipped.
    InvalidDocument
        A blank that no gap rule fills, a theta that is not positive, or a standard error that is negative.
    """
    path = shipped.find("elasticities", name_or_path)
    own = path.stem not in shipped.names("elasticities") or path != shipped.path_of("elasticities", path.stem)
    provenance = None if own else shipped.sidecar_of(path, ElasticityProvenance)
    table = read_table(path, ["sector", "theta"], number=("theta", "se"), optional=["se"]).set_index("sector")
    se = table.get("se")
    theta, filled = _fill(table["theta"], provenance.gaps if provenance else None)
    blank = theta.index[theta.isna()]
    if len(blank):
        raise InvalidDocument(f"{path.name}: no theta for {listed(blank)}; give a positive number for each")
    wrong = theta.index[theta <= 0]
    if len(wrong):
        raise InvalidDocument(f"{path.name}: theta is not positive for {listed(wrong)}; give theta = sigma - 1 > 0")
    if se is not None and (se < 0).any():
        raise InvalidDocument(f"{path.name}: se is negative for {listed(se.index[se < 0])}; give a standard error")
    return Elasticities(path.stem if provenance else str(path), theta, filled, provenance, se)


def _fill(theta: pd.Series, rule: GapRule | None) -> tuple[pd.Series, dict[str, str]]:
    if rule is None:
        return theta, {}
    filled = {}
    theta = theta.copy()
    others = load_elasticities(rule.others_from).theta if rule.others_from else None
    for sector in theta.index[theta.isna()]:
        if sector == "SERVICES":
            theta[sector], filled[sector] = rule.services, f"{rule.services:g}, the gap rule"
        elif others is not None:
            theta[sector], filled[sector] = others[sector], f"{others[sector]:g}, from {rule.others_from}"
    return theta, filled


def elasticities() -> pd.DataFrame:
    """Return the shipped tables of trade elasticities, one row a table: range, paper, and what fills its gaps."""
    rows = {}
    for name in shipped.names("elasticities"):
        table = load_elasticities(name)
        assert table.provenance is not None
        rows[name] = {
            "default": name == DEFAULT,
            "least": float(table.theta.min()),
            "most": float(table.theta.max()),
            "source": f"{table.provenance.source}; {table.provenance.table}",
            "gaps": ", ".join(f"{sector}: {what}" for sector, what in table.filled.items()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")
