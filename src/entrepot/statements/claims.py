"""What a statement can claim, and what each kind of claim must say."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from entrepot.core.errors import listed, nearest
from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.core.units import parse_rate
from entrepot.data.facts import is_fiscal
from entrepot.policy.selection import Labels
from entrepot.statements.readings import ANY, Dimensions, Exclusion, readings

EACH = "each"
"""As the reporter of a scope: reporters are compared with one another, each with the same partner."""
Rate = Annotated[float, BeforeValidator(parse_rate), WithJsonSchema({"type": ["number", "string"]})]


class Bloc(BaseModel):
    """Partners that may count as one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: NonBlankStr
    members: Labels = Field(description="Codes of partners, and remainders of the sources that are wholly inside.")


class Scope(BaseModel):
    """Whose trade is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reporter: NonBlankStr = Field(description="Whose figures; `each` compares reporters with one another.")
    partner: NonBlankStr | None = Field(default=None, description="With whom; left out, the statement's `who`.")
    flow: Literal["exports", "imports", "two-way"] | None = Field(
        default=None, description="As this reporter sees it, in the place of the reading's flow."
    )


class Stated(BaseModel):
    """What every statement says, whatever it claims."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    needs: ClassVar[tuple[str, ...]] = ()
    may: ClassVar[tuple[str, ...]] = ()

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="A short name, once in a file.")]
    speaker: NonBlankStr
    date: IsoDate | None = Field(default=None, description="The day it was said; left out, the day of the file.")
    claim: NonBlankStr = Field(description="The claim in the file's own words, not a quotation.")
    note: NonBlankStr | None = Field(default=None, description="What a reader must know that figures do not say.")
    scenario: NonBlankStr | None = Field(
        default=None, description="A shipped scenario that computes what would follow."
    )
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

    reporter: NonBlankStr | None = Field(default=None, description="Whose figures; left out where `scope` says it.")
    who: NonBlankStr = Field(description="The partner that the statement is about.")
    scopes: Mapping[NonBlankStr, Scope] = Field(default_factory=dict, description="Whose trade may be meant, by name.")
    across_years: NonBlankStr | None = Field(
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
    """Somebody is the largest, or the second largest and so on, or is not."""

    kind: Literal["rank"]
    rank: int = Field(default=1, ge=1, le=50, description="The place that is claimed: 2 for the second largest.")
    expect: Literal["first", "not first"] = Field(
        default="first", description="not first, if the statement denies the place, be it another than the first."
    )
    leave_out: Mapping[NonBlankStr, NonBlankStr] = Field(
        default_factory=dict, description="Partners whose figures are not credible, each with the reason."
    )

    @model_validator(mode="after")
    def _is_ranked(self) -> Self:
        if self.who in self.leave_out:
            raise ValueError(f"leaves out {self.who}, which it is about; remove it from `leave_out`")
        return self

    @property
    def denied(self) -> bool:
        """Whether the statement denies the place."""
        return self.expect == "not first"


class ComparisonClaim(Moving):
    """Somebody has more than somebody else."""

    kind: Literal["compare"]
    than: NonBlankStr

    @model_validator(mode="after")
    def _compares_two(self) -> Self:
        if self.than == self.who:
            raise ValueError(f"compares {self.who} with itself; name another in `than`")
        return self


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

    @model_validator(mode="after")
    def _is_a_part(self) -> Self:
        for word in self.readings.at_least or ():
            if word != ANY and parse_rate(word) > 1:
                raise ValueError(f"found at_least {word}; a part of a whole is 100 % at most")
        return self


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
    schedule: NonBlankStr
    origin: NonBlankStr
    rate: Rate = Field(description="What the acts on goods from the origin are claimed to add.")
    of_which: Mapping[NonBlankStr, Rate] = Field(default_factory=dict, description="Parts of it, by authority.")
    within: Rate = Field(default=0.005, description="Half a point: rates are said in whole points.")


class Estimate(Figured):
    """What a rise of some exports would do to an imbalance: arithmetic under an assumption, not an observation."""

    kind: Literal["estimate"]
    needs: ClassVar[tuple[str, ...]] = ("product", "period", "increase", "at_least")
    one_way = False
    part_of: NonBlankStr = Field(
        description="The partner, or region, for which exports of these products are published."
    )
    assumption: NonBlankStr


class NotCheckable(Stated):
    """What no figures decide."""

    kind: Literal["not_checkable"]
    reason: NonBlankStr


AnyStatement = Annotated[
    Ranking | ComparisonClaim | Change | Share | Level | Balance | RateInForce | Estimate | NotCheckable,
    Field(discriminator="kind"),
]
