"""Trade elasticities: one table per paper, a named default, and a rule for the sectors a paper leaves out."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat

from entrepot.core.errors import InvalidDocument, UnknownLabel, listed, nearest
from entrepot.core.provenance import NonBlankStr, Provenance
from entrepot.data import shipped
from entrepot.data.tables import read_table
from entrepot.data.words import codes_meant, name_of, spellings

DEFAULT = "fontagne_guimbard_orefice_2022_gtap"
"""Product-level tariff elasticities on data to 2016, the most recent estimates that cover nearly every goods sector."""


EstimatedOn = Literal["values_before_duty", "values_with_duty", "trade_costs", "unknown"]
"""What an estimate is of: the response to a duty of trade valued before or with the duty, or that to other trade costs.

In the equations a duty lowers the value of trade with duty by theta per cent for each per cent, as other costs do, and
the value before duty by 1 + theta (decision 27).
"""

UNITS: tuple[EstimatedOn, ...] = get_args(EstimatedOn)
BEFORE_DUTY: EstimatedOn = "values_before_duty"
UNKNOWN: EstimatedOn = "unknown"

_HS = re.compile(r"hs\s*([\d. ]+)", re.IGNORECASE)


class GapRule(BaseModel):
    """What fills the sectors that a paper does not estimate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    services: PositiveFloat
    others_from: NonBlankStr | None = None
    reason: NonBlankStr


class ElasticityProvenance(Provenance):
    """The sidecar of a table of elasticities."""

    table: NonBlankStr
    estimated_on: EstimatedOn = Field(
        description="What the published numbers are of. Those on values before duty are loaded less one; those that "
        "are unknown as theta, and `entrepot ensemble` has the other reading."
    )
    estimated_where: NonBlankStr = Field(description="The place that says so, or why it is unknown.")
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
    unknown
        Sectors with an estimate of which it is unknown whether trade was valued before or with the duty.
    """

    name: str
    theta: pd.Series
    filled: dict[str, str]
    provenance: ElasticityProvenance | None
    se: pd.Series | None = None
    rest: "Elasticities | None" = None
    note: str = ""
    unknown: frozenset[str] = frozenset()

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
            The file has a sector that the other table does not have, or a word that may mean several.
        InvalidDocument
            Two rows of the file mean one sector.
        """
        table = rest if isinstance(rest, Elasticities) else None
        theta = rest.theta if isinstance(rest, Elasticities) else rest
        missing = [sector for sector in theta.index if sector not in self.theta.index]
        if self.provenance is not None or not missing:
            return self
        sectors = [str(sector) for sector in theta.index]
        words = {str(word): _sector_meant(str(word), sectors, self.name) for word in self.theta.index}
        given = _renamed(self.theta, words, self.name)
        given_se = None if self.se is None else _renamed(self.se, words, self.name)
        missing = [sector for sector in sectors if sector not in given.index]
        if not missing:
            return replace(self, theta=given, se=given_se, unknown=frozenset(words[word] for word in self.unknown))
        whose = f"table {table.name}" if table else "the economy itself"
        own = ", ".join(code if code == word else f"{code} ({word})" for word, code in words.items())
        note = (
            f"Elasticities of {own} are those of {Path(self.name).name}; "
            f"those of the other {len(missing)} sectors are those of {whose}."
        )
        filled = {sector: what for sector, what in table.filled.items() if sector in missing} if table else {}
        se = None if given_se is None and (table is None or table.se is None) else pd.Series(math.nan, theta.index)
        for one in (table.se if table else None, given_se):
            if se is not None and one is not None:
                se.update(one)
        unknown = frozenset(words[word] for word in self.unknown)
        unknown |= (table.unknown if table else frozenset()) & set(missing)
        return Elasticities(self.name, given.combine_first(theta).loc[sectors], filled, None, se, table, note, unknown)

    def before_duty(self) -> "Elasticities":
        """Return the other reading of estimates in unknown units: on values before duty, so that theta is one less.

        An estimate of one or less cannot be of values before duty, because theta is positive: it stays.
        """
        other = self.theta.index.isin(sorted(self.unknown)) & (self.theta > 1)
        return replace(self, theta=self.theta - other)

    @property
    def label(self) -> str:
        """Its short name, or authors and year: "Caliendo and Parro (2015)"; the name where the sidecar has neither."""
        if self.provenance and self.provenance.label:
            return self.provenance.label
        cited = re.match(r"[^()]*\(\d{4}\)", self.provenance.source) if self.provenance else None
        return cited[0] if cited else self.name


def _sector_meant(word: str, sectors: Sequence[str], file: str) -> str:
    """Return the one sector of an economy that a word of a file means: a code, a name, a synonym or an HS code.

    Raises
    ------
    UnknownLabel
        It means none, or may mean several; says which.
    """
    named = {code: name_of("sector", code).name for code in sectors}
    product = _HS.fullmatch(word)
    found = codes_meant("sector", word, named, {}) if product is None else _of_product(product[1], named, file)
    if len(found) == 1:
        return found[0]
    if found:
        which = " or ".join(f"{code} ({named[code]})" for code in found)
        raise UnknownLabel(f"{file}: sector {word!r} may mean {which}; write the code of one")
    hint = (
        f"; write HS {word} for a product code"
        if word.isdigit()
        else nearest(word, list(sectors), list(named.values()), spellings("sector", sectors))
    )
    raise UnknownLabel(f"{file}: no sector {word} in the economy{hint}; `entrepot economies NAME` lists its sectors")


def _of_product(digits: str, named: Mapping[str, str], file: str) -> tuple[str, ...]:
    """Return the sectors of an economy that an HS code stands for, or is spread over.

    Raises
    ------
    UnknownLabel
        No product has the code, or it is a small part of one sector.
    """
    from entrepot.data.headings import heading  # it loads a database that most processes do not need

    try:
        part = heading("".join(digits.replace(".", " ").split()))
    except UnknownLabel as error:
        raise UnknownLabel(f"{file}: {error}") from None
    found = tuple(code for code in part.meant() or part.spread() if code in named)
    if not found and part.main in named:
        part_of = part.of_sector[part.main]
        share = f"{100 * part_of:.0f} %" if part_of >= 0.01 else "less than 1 %"
        raise UnknownLabel(
            f"{file}: HS {part.code} is {share} of {part.main} ({named[part.main]}), too small a part to stand "
            f"for it; write {part.main} if you mean the whole sector"
        )
    return found


def _renamed(numbers: pd.Series, words: Mapping[str, str], file: str) -> pd.Series:
    """Return the numbers of a file by sector.

    Raises
    ------
    InvalidDocument
        Two rows mean one sector.
    """
    codes = [words[str(word)] for word in numbers.index]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            first = numbers.index[codes.index(code)]
            raise InvalidDocument(f"{file}: {first} and {numbers.index[at]} both mean {code}; keep one row")
    return numbers.set_axis(pd.Index(codes, name=numbers.index.name))


def notes_with(notes: tuple[str, ...], before: Elasticities | None, after: Elasticities | None) -> tuple[str, ...]:
    """Return the notes of an economy whose elasticities were exchanged: each table's own note goes with it."""
    kept = tuple(note for note in notes if before is None or note != before.note)
    return (*kept, after.note) if after is not None and after.note else kept


def load_elasticities(name_or_path: str | Path = DEFAULT) -> Elasticities:
    """Return the elasticities of a paper, or of a file: ``sector``, ``theta``, ``estimated_on`` and, maybe, ``se``.

    Parameters
    ----------
    name_or_path
        A shipped name (``entrepot elasticities`` lists them), or a CSV file or Excel workbook. A file may have some
        sectors only: :func:`load_economy` takes the others from the economy's own table (`Elasticities.over`). Its
        sectors may be codes, names ("cars", "motor vehicles") or HS codes that mean one sector. ``estimated_on`` says
        what each number is of (`EstimatedOn`); those on values before duty are taken less one.

    Raises
    ------
    UnknownLabel
        No such table is shipped.
    InvalidDocument
        A file that does not say what its numbers are of, a blank that no gap rule fills, a theta that is not positive,
        or a standard error that is negative.
    """
    path = shipped.find("elasticities", name_or_path)
    own = path.stem not in shipped.names("elasticities") or path != shipped.path_of("elasticities", path.stem)
    provenance = None if own else shipped.sidecar_of(path, ElasticityProvenance)
    table = read_table(path, ["sector", "theta"], number=("theta", "se"), optional=["se", "estimated_on"])
    doubled = table["sector"].duplicated()
    if doubled.any():
        again = table["sector"][doubled]
        raise InvalidDocument(f"{path.name}, line {again.index[0]}: {again.iloc[0]} is given twice; keep one")
    table = table.set_index("sector")
    se = table.get("se")
    units = _units(table, path.name) if provenance is None else _published_units(table, provenance)
    theta, filled = _fill(table["theta"] - (units == BEFORE_DUTY), provenance.gaps if provenance else None)
    blank = theta.index[theta.isna()]
    if len(blank):
        raise InvalidDocument(f"{path.name}: no theta for {listed(blank)}; give a positive number for each")
    wrong = theta.index[theta <= 0]
    if len(wrong):
        less_one = (units[wrong] == BEFORE_DUTY).any()
        give = "an estimate on values before duty above 1" if less_one else "theta = sigma - 1 > 0"
        raise InvalidDocument(f"{path.name}: theta is not positive for {listed(wrong)}; give {give}")
    if se is not None and (se < 0).any():
        raise InvalidDocument(f"{path.name}: se is negative for {listed(se.index[se < 0])}; give a standard error")
    unknown = frozenset(str(sector) for sector in theta.index[(units == UNKNOWN) & ~theta.index.isin(sorted(filled))])
    return Elasticities(path.stem if provenance else str(path), theta, filled, provenance, se, unknown=unknown)


def _units(table: pd.DataFrame, file: str) -> pd.Series:
    """Return what each number of a user's own file is of.

    Raises
    ------
    InvalidDocument
        It is not said, or in other words than those of `EstimatedOn`.
    """
    choices = f"{', '.join(UNITS[:-1])} or {UNITS[-1]}"
    if "estimated_on" not in table:
        raise InvalidDocument(f"{file}: no column estimated_on; say in each row what theta was estimated on: {choices}")
    units = table["estimated_on"]
    wrong = units[~units.isin(UNITS)]
    if len(wrong):
        raise InvalidDocument(f"{file}: estimated_on of {wrong.index[0]} is {wrong.iloc[0][:40]!r}; write {choices}")
    return units


def _published_units(table: pd.DataFrame, provenance: ElasticityProvenance) -> pd.Series:
    """Return what each number of a shipped table is of; a number that is no estimate is theta as it stands."""
    units = pd.Series(provenance.estimated_on, index=table.index, dtype=object)
    return units.mask(table.index.isin(sorted(provenance.not_estimates)), "trade_costs")


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
            "estimated_on": table.provenance.estimated_on,
            "gaps": ", ".join(f"{sector}: {what}" for sector, what in table.filled.items()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")
