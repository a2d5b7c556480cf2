"""Trade elasticities: one table per paper, a named default, and a rule for the sectors a paper leaves out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat

from entrepot.core.errors import InvalidDocument, listed
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
    """

    name: str
    theta: pd.Series
    filled: dict[str, str]
    provenance: ElasticityProvenance | None
    se: pd.Series | None = None

    @property
    def label(self) -> str:
        """Authors and year: "Caliendo and Parro (2015)"; the name where the sidecar cites no paper."""
        cited = re.match(r"[^()]*\(\d{4}\)", self.provenance.source) if self.provenance else None
        return cited[0] if cited else self.name


def load_elasticities(name_or_path: str | Path = DEFAULT) -> Elasticities:
    """Return the elasticities of a paper, or of a CSV file with the columns ``sector``, ``theta`` and, maybe, ``se``.

    Parameters
    ----------
    name_or_path
        A shipped name (``entrepot elasticities`` lists them) or a file.

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
