"""A file of statements: who said what, what it claims, and what it leaves open."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema, model_validator

from entrepot.core.errors import InputError, InvalidDocument, listed, nearest
from entrepot.core.provenance import Said
from entrepot.core.units import parse_date, parse_rate
from entrepot.data import shipped
from entrepot.data.documents import Document, Place, read_yaml, validated
from entrepot.data.facts import is_fiscal
from entrepot.policy.schedule import Schedule, load_schedule
from entrepot.policy.selection import Labels
from entrepot.statements.readings import Dimensions, Exclusion, readings

EACH = "each"
"""As the reporter of a scope: reporters are compared with one another, each with the same partner."""
Day = Annotated[datetime.date, BeforeValidator(parse_date)]
Rate = Annotated[float, BeforeValidator(parse_rate), WithJsonSchema({"type": ["number", "string"]})]


class Bloc(BaseModel):
    """Partners that may count as one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Said
    members: Labels = Field(description="Codes of partners, and remainders of the sources that are wholly inside.")


class Scope(BaseModel):
    """Whose trade is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reporter: Said = Field(description="Whose figures; `each` compares reporters with one another.")
    partner: Said | None = Field(default=None, description="With whom; left out, the statement's `who`.")
    flow: Literal["exports", "imports", "two-way"] | None = Field(
        default=None, description="As this reporter sees it, in the place of the reading's flow."
    )


class Stated(BaseModel):
    """What every statement says, whatever it claims."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    needs: ClassVar[tuple[str, ...]] = ()
    may: ClassVar[tuple[str, ...]] = ()

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="A short name, once in a file.")]
    speaker: Said
    date: Day | None = Field(default=None, description="The day it was said; left out, the day of the file.")
    claim: Said = Field(description="The claim in the file's own words, not a quotation.")
    note: Said | None = Field(default=None, description="What a reader must know that figures do not say.")
    scenario: Said | None = Field(default=None, description="A shipped scenario that computes what would follow.")
    readings: Dimensions = Field(default_factory=Dimensions)
    exclude: tuple[Exclusion, ...] = Field(default=(), description="Combinations that are not read, with the reason.")

    @model_validator(mode="after")
    def _reads_as_it_should(self) -> Self:
        given = self.readings.given
        missing = [name for name in self.needs if name not in given]
        extra = [name for name in given if name not in (*self.needs, *self.may)]
        if missing:
            raise ValueError(f"readings: {listed(missing)} missing; say which is meant, the natural one first")
        if extra:
            raise ValueError(f"readings: {extra[0]} says nothing here; remove it")
        for exclusion in self.exclude:
            for name, values in exclusion.given.items():
                strange = [value for value in values if value not in given.get(name, ())]
                if strange:
                    raise ValueError(f"exclude: {name} {strange[0]!r} is no reading of this statement; correct it")
        kept, _ = readings(self.readings, self.exclude)
        if not kept or not kept[0].natural:
            raise ValueError("the natural reading, the first value of every dimension, is excluded; put another first")
        return self


class Figured(Stated):
    """A statement that figures decide."""

    needs: ClassVar[tuple[str, ...]] = ("product", "period")
    may: ClassVar[tuple[str, ...]] = ("flow", "scope", "unit", "bloc", "source")
    one_way: ClassVar[bool] = True

    reporter: Said | None = Field(default=None, description="Whose figures; left out where `scope` says it.")
    who: Said = Field(description="The partner that the statement is about.")
    scopes: Mapping[Said, Scope] = Field(default_factory=dict, description="Whose trade may be meant, by name.")
    across_years: Said | None = Field(
        default=None, description="Why a fiscal year may be compared with a calendar year; without it that is refused."
    )

    @model_validator(mode="after")
    def _knows_whose(self) -> Self:
        named = self.readings.scope or ()
        if (self.reporter is None) == (not named):
            raise ValueError("give either `reporter` or, in readings, `scope`")
        unknown = [name for name in named if name not in self.scopes]
        if unknown:
            raise ValueError(f"readings: no scope {unknown[0]!r}{nearest(unknown[0], list(self.scopes))}; add it")
        in_scopes = bool(named) and all(self.scopes[name].flow for name in named)
        if self.one_way and not self.readings.flow and not in_scopes:
            raise ValueError("readings: flow missing; write exports, imports or two-way, here or in every scope")
        mixed = {is_fiscal(period) for period in (*(self.readings.period or ()), *(self.readings.base or ()))}
        if self.readings.base and len(mixed) > 1 and self.across_years is None:
            raise ValueError("compares fiscal with calendar years; use one of them, or say why in `across_years`")
        return self


class Moving(Figured):
    """A statement on amounts, or on how they changed."""

    may: ClassVar[tuple[str, ...]] = (*Figured.may, "measure", "base", "minimum")

    @model_validator(mode="after")
    def _has_a_base(self) -> Self:
        changes = {"change", "per cent"} & set(self.readings.measure or ())
        if bool(changes) != (self.readings.base is not None):
            raise ValueError("readings: `base` goes with measure `change` or `per cent`, and they with it")
        return self


class Ranking(Moving):
    """Somebody is the largest, or is not."""

    kind: Literal["rank"]
    expect: Literal["first", "not first"] = "first"
    leave_out: Mapping[Said, Said] = Field(
        default_factory=dict, description="Partners whose figures are not credible, each with the reason."
    )


class Comparison(Moving):
    """Somebody has more than somebody else."""

    kind: Literal["compare"]
    than: Said


class Change(Figured):
    """Something rose or fell."""

    kind: Literal["change"]
    needs: ClassVar[tuple[str, ...]] = (*Figured.needs, "base")
    expect: Literal["rose", "fell"]


class Share(Figured):
    """A part of the total that is at least, or at most, so large."""

    kind: Literal["share"]
    needs: ClassVar[tuple[str, ...]] = (*Figured.needs, "at_least")
    expect: Literal["at least", "at most"] = "at least"


class Level(Figured):
    """An amount that is at least, at most or about so large."""

    kind: Literal["level"]
    needs: ClassVar[tuple[str, ...]] = (*Figured.needs, "amount")
    expect: Literal["at least", "at most", "about"] = "about"
    within: Rate = Field(default=0.05, description="What `about` allows. 5 %: a round figure is often said so.")


class Balance(Figured):
    """Exports against imports: a surplus, a deficit, or an imbalance either way."""

    kind: Literal["balance"]
    needs: ClassVar[tuple[str, ...]] = ("product", "period", "at_least")
    one_way = False
    expect: Literal["surplus", "deficit", "imbalanced"]


class RateInForce(Stated):
    """A duty on a day, answered by a schedule of legal acts."""

    kind: Literal["rate_in_force"]
    needs: ClassVar[tuple[str, ...]] = ("status", "goods")
    schedule: Said
    origin: Said
    rate: Rate = Field(description="What the acts on goods from the origin are claimed to add.")
    of_which: Mapping[Said, Rate] = Field(default_factory=dict, description="Parts of it, by authority.")
    within: Rate = Field(default=0.005, description="Half a point: rates are said in whole points.")


class Estimate(Figured):
    """What a rise of some exports would do to an imbalance: arithmetic under an assumption, not an observation."""

    kind: Literal["estimate"]
    needs: ClassVar[tuple[str, ...]] = ("product", "period", "increase", "at_least")
    one_way = False
    part_of: Said = Field(description="The partner, or region, for which exports of these products are published.")
    assumption: Said


class NotCheckable(Stated):
    """What no figures decide."""

    kind: Literal["not_checkable"]
    reason: Said


AnyStatement = Annotated[
    Ranking | Comparison | Change | Share | Level | Balance | RateInForce | Estimate | NotCheckable,
    Field(discriminator="kind"),
]


class Statements(BaseModel):
    """Statements with what they claim. Load them with :func:`entrepot.load_statements`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot statements")

    title: Said
    reference: Said = Field(description="Where and when it was said, so that a reader can look it up.")
    date: Day
    summary: Said
    names: Mapping[Said, Said] = Field(default_factory=dict, description="Codes as sentences have them: {CHN: China}.")
    blocs: Mapping[Said, Bloc] = Field(default_factory=dict)
    statements: tuple[AnyStatement, ...]

    _name: str = PrivateAttr(default="statements")
    _document: Document = PrivateAttr(default_factory=lambda: Document({}))
    _schedules: dict[str, Schedule] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _has_some(self) -> Self:
        if not self.statements:
            raise ValueError("no statements; write at least one under `statements`")
        return self

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    @property
    def schedules(self) -> Mapping[str, Schedule]:
        """The schedules of duties that statements name."""
        return self._schedules

    def name_of(self, code: str) -> str:
        """Return what a sentence calls a code."""
        return self.blocs[code].name if code in self.blocs else self.names.get(code, code)

    def located(self, place: Place, message: object) -> str:
        """Return a message with the line of the file that it is about."""
        return f"{self._document.where(place)}: {message}"


def load_statements(name_or_path: str | Path) -> Statements:
    """Return shipped statements, or those in a YAML file, with the schedules of duties that they name.

    Parameters
    ----------
    name_or_path
        ``entrepot statements`` lists the shipped names; a file is checked against the schema that
        ``entrepot schema --of statements`` prints.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what it must; every problem at once, with its line.
    """
    path = shipped.find("statements", name_or_path)
    document = read_yaml(path)
    found = validated(Statements, document)
    found._name, found._document = path.stem, document
    problems: list[str] = []
    seen: set[str] = set()
    for number, statement in enumerate(found.statements):
        place: Place = ("statements", number)
        if statement.id in seen:
            problems.append(
                found.located((*place, "id"), f"{statement.id!r} is used twice; give each statement its own")
            )
        seen.add(statement.id)
        try:
            if statement.scenario is not None:
                shipped.path_of("scenarios", statement.scenario)
        except InputError as error:
            problems.append(found.located((*place, "scenario"), error))
        if isinstance(statement, RateInForce) and statement.schedule not in found._schedules:
            try:
                found._schedules[statement.schedule] = load_schedule(_beside(statement.schedule, path))
            except InputError as error:
                problems.append(found.located((*place, "schedule"), error))
    if problems:
        raise InvalidDocument("\n".join(problems))
    return found


def statements_schema() -> dict[str, Any]:
    """Return the JSON Schema of files of statements, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Statements.model_json_schema()}


def _beside(schedule: str, path: Path) -> str | Path:
    """Return a schedule's shipped name, or its file beside the statements."""
    return path.parent / schedule if Path(schedule).suffix else schedule
