"""One legal act in a schedule of duties: whose, on what, from when, how much, and how it stands to other acts."""

import datetime
from collections.abc import Callable, Mapping
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from entrepot.core.legal import ANNOUNCED, COLLECTED, IN_FORCE, LegalReading
from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.core.units import rate_where
from entrepot.policy.selection import ALL, Labels, MaybeLabels

MFN = "MFN"
"""In `tops_up`: the duty that a line pays anyway."""
OTHERWISE = "otherwise"
"""In `content`: lines that no prefix names."""

_DAY = datetime.timedelta(days=1)


_duty = rate_where(lambda rate: rate >= 0, "an act that lowers a duty is written by ending the one it replaces")
_share = rate_where(lambda share: 0 <= share <= 1, "a share of the value is between 0 and 100 %")


def _one_or_by_name(parse: Callable[[object], float]) -> Callable[[object], object]:
    def read(written: object) -> object:
        if not isinstance(written, Mapping):
            return parse(written)
        if not written:
            raise ValueError("found nothing; write a number, or name: number")
        return {str(name): parse(value) for name, value in written.items()}

    return read


_named_duties, _named_shares = _one_or_by_name(_duty), _one_or_by_name(_share)


class ShareTable(BaseModel):
    """Shares of the value by line in a table with the columns hs6, from, share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: NonBlankStr = Field(description="A shipped table of lines, or a CSV or Excel file beside the schedule.")
    times: float = Field(default=1.0, ge=0, description="What the shares are multiplied with; at most 1 counts.")


def _read_content(written: object) -> object:
    if written is None or isinstance(written, ShareTable):
        return written
    if isinstance(written, Mapping) and "table" in written:
        return ShareTable.model_validate(written)
    return _named_shares(written)


_content = BeforeValidator(_read_content)
_NUMBER_OR_NAMED = WithJsonSchema(
    {
        "anyOf": [
            {"type": ["number", "string"]},
            {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
        ]
    }
)


class Act(BaseModel):
    """A duty by one authority under one act. What is left out means all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: NonBlankStr = Field(description="A short name, once in a schedule.")
    authority: NonBlankStr = Field(description="By which power: two acts of one authority never add up.")
    law: NonBlankStr | None = Field(
        default=None, description="The law behind the authority, for sums; left out, the authority."
    )
    act: NonBlankStr = Field(description="The legal act, so that a reader can look it up.")
    announced: IsoDate | None = Field(
        default=None, description="The day it was made public, where before the decision."
    )
    decided: IsoDate | None = Field(default=None, description="The day the act was signed.")
    effective: IsoDate | None = Field(
        default=None, description="The first day in force; left out, it was announced and never came into force."
    )
    retroactive: bool = Field(default=False, description="Whether it applies from a day before it was decided.")
    last_day: IsoDate | None = Field(
        default=None,
        description="The last day in force, where it expired or was replaced; left out, it has no end yet.",
    )
    suspended: IsoDate | None = Field(default=None, description="The first day on which it is suspended.")
    void: IsoDate | None = Field(default=None, description="The first day on which it has no basis in law.")
    collected_to: IsoDate | None = Field(
        default=None, description="The last day on which it was collected, where after its end in law."
    )
    origin: Labels = Field(default=(ALL,), description="From whom: codes or blocs.")
    not_origin: MaybeLabels = Field(
        default=(), description="From whom not: codes or blocs that `origin` would include."
    )
    products: Labels = Field(
        default=(ALL,),
        description='HS prefixes of 2, 4 or 6 digits in quotes ("8517"), lists, sectors, groups, or all.',
    )
    among: Labels | None = Field(default=None, description="Of these products only those that are also on these lists.")
    exempt: MaybeLabels = Field(default=(), description="Products and lists that it does not touch.")
    rate: Annotated[float | Mapping[str, float], BeforeValidator(_named_duties), _NUMBER_OR_NAMED] = Field(
        description="'25 %', or by origin: {IND: 25 %, VNM: 20 %}, which then says who pays."
    )
    content: Annotated[float | Mapping[str, float] | ShareTable | None, _content, _NUMBER_OR_NAMED] = Field(
        default=None,
        description="The share of the value that it applies to, as the metal content of a product; by HS prefix: "
        '{"73": 80 %, otherwise: 20 %}; or by line from a table: {table: us-metal-content}. What it excludes applies '
        "to the rest.",
    )
    excludes: MaybeLabels = Field(default=(), description="Authorities whose acts do not apply where this one does.")
    gives_way_to: MaybeLabels = Field(
        default=(), description="Authorities, or laws, where whose acts apply this one does not: `excludes`, reversed."
    )
    tops_up: Labels | None = Field(
        default=None,
        description="The larger of two: it adds only what is missing from its rate to what these authorities, or MFN, "
        "take already.",
    )

    in_base: Annotated[float | Mapping[str, float], BeforeValidator(_named_duties), _NUMBER_OR_NAMED] = Field(
        default=0.0,
        description="Its rate when the duties of the base year were collected: up to this, what a line paid then was "
        "this act's duty and is not added again; by list or HS prefix: {steel: 25 %, aluminium: 10 %}.",
    )
    note: NonBlankStr | None = Field(default=None, description="A choice made in entering it, or what is left out.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        ends = {name: day for name in ("last_day", "suspended", "void") if (day := getattr(self, name)) is not None}
        if len(ends) > 1:
            raise ValueError(f"ends twice ({' and '.join(ends)}); keep the one that ended it")
        if self.effective is None:
            if self.announced is None and self.decided is None:
                raise ValueError("has no day; write `effective`, or `announced` where it never came into force")
        elif self.end is not None and self.end < self.effective:
            raise ValueError(f"ends on {self.end}, before it starts on {self.effective}; exchange the dates")
        if self.collected_to is not None and (self.end is None or self.collected_to < self.end):
            raise ValueError(f"is collected to {self.collected_to}, before its end in law; correct one of the two")
        if self.decided is not None and self.effective is not None and self.decided > self.effective:
            if not self.retroactive:
                raise ValueError(
                    f"is in force from {self.effective}, before it was decided on {self.decided}; correct one, or "
                    "write `retroactive: true`"
                )
        elif self.retroactive:
            raise ValueError("is not retroactive: it was decided before it came into force; remove `retroactive`")
        if self.announced is not None and self.decided is not None and self.announced > self.decided:
            raise ValueError(f"was announced on {self.announced}, after it was decided on {self.decided}")
        if isinstance(self.rate, Mapping) and self.origin != (ALL,):
            raise ValueError("rate says by origin who pays; remove `origin`")
        for field in ("excludes", "gives_way_to"):
            if self.authority in getattr(self, field):
                raise ValueError(f"names its own authority {self.authority!r} in `{field}`; remove it there")
        return self

    def yields_to(self, other: "Act") -> bool:
        """Return whether the act does not apply where another one does."""
        return self.authority in other.excludes or bool({other.authority, other.law} & {*self.gives_way_to})

    @property
    def end(self) -> datetime.date | None:
        """The last day in force by law; None where it has no end yet."""
        first_without = self.suspended or self.void
        return self.last_day if first_without is None else first_without - _DAY

    @property
    def names_origins(self) -> bool:
        """Whether it is about some origins, not about goods from everywhere."""
        return isinstance(self.rate, Mapping) or self.origin != (ALL,)

    @property
    def on_everything(self) -> bool:
        """Whether it is about all goods, exemptions not counted."""
        return self.products == (ALL,) and self.among is None

    @property
    def known_from(self) -> datetime.date:
        """The day since which it counts as announced."""
        day = self.announced or self.decided or self.effective
        assert day is not None  # checked above
        return day

    def counts(self, date: datetime.date, reading: LegalReading = IN_FORCE) -> bool:
        """Return whether the act applies on a day, by one reading of what applies."""
        if reading == ANNOUNCED:
            return self.known_from <= date and (self.end is None or date <= self.end)
        if self.effective is None or date < self.effective:
            return False
        last = (self.collected_to or self.end) if reading == COLLECTED else self.end
        return last is None or date <= last

    def when_not(self, date: datetime.date, reading: LegalReading = IN_FORCE) -> str:
        """Return why the act does not apply on a day, blank where it does."""
        if self.counts(date, reading):
            return ""
        if date < self.known_from:
            return "not yet announced" if self.effective is None else f"not yet decided, in force from {self.effective}"
        if self.effective is None:
            return "announced, never in force"
        if self.end is not None and date > self.end:
            return self._ended()
        decided = "decided" if self.decided is not None and self.decided <= date else "announced"
        return f"{decided}, in force from {self.effective}"

    def _ended(self) -> str:
        if self.suspended is not None:
            return f"suspended from {self.suspended}"
        if self.void is None:
            return f"ended on {self.end}"
        collected = "" if self.collected_to is None else f", collected to {self.collected_to}"
        return f"void from {self.void}{collected}"

    def statuses(self) -> dict[str, datetime.date]:
        """Return the days of the act, in the order in which they came."""
        days = {
            "announced": self.announced, "decided": self.decided, "in force": self.effective,
            "suspended": self.suspended, "void": self.void, "ended": self.last_day, "collected to": self.collected_to,
        }  # fmt: skip
        return dict(sorted(((name, day) for name, day in days.items() if day is not None), key=lambda one: one[1]))
