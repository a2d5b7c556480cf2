"""One legal act in a schedule of duties: whose, on what, from when, how much, and how it stands to other acts."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.core.units import rate_where
from entrepot.policy.selection import ALL, Labels, MaybeLabels

MFN = "MFN"
"""In `tops_up`: the duty that a line pays anyway."""
OTHERWISE = "otherwise"
"""In `content`: lines that no prefix names."""


_duty = rate_where(lambda rate: rate >= 0, "an act that lowers a duty is written by ending the one it replaces")
_share = rate_where(lambda share: 0 <= share <= 1, "a share of the value is between 0 and 100 %")


def _one_or_by_name(parse: Any) -> BeforeValidator:
    def read(written: object) -> object:
        if not isinstance(written, Mapping):
            return parse(written)
        if not written:
            raise ValueError("found nothing; write a number, or name: number")
        return {str(name): parse(value) for name, value in written.items()}

    return BeforeValidator(read)


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
    decided: IsoDate | None = Field(default=None, description="The day the act was signed.")
    effective: IsoDate = Field(description="The first day in force.")
    last_day: IsoDate | None = Field(default=None, description="The last day in force; left out, it has no end yet.")
    origin: Labels = Field(default=(ALL,), description="From whom: codes or blocs.")
    products: Labels = Field(
        default=(ALL,),
        description='HS prefixes of 2, 4 or 6 digits in quotes ("8517"), lists, sectors, groups, or all.',
    )
    among: Labels | None = Field(default=None, description="Of these products only those that are also on these lists.")
    exempt: MaybeLabels = Field(default=(), description="Products and lists that it does not touch.")
    rate: Annotated[float | Mapping[str, float], _one_or_by_name(_duty), _NUMBER_OR_NAMED] = Field(
        description="'25 %', or by origin: {IND: 25 %, VNM: 20 %}, which then says who pays."
    )
    content: Annotated[float | Mapping[str, float] | None, _one_or_by_name(_share), _NUMBER_OR_NAMED] = Field(
        default=None,
        description="The share of the value that it applies to, as the metal content of a product; by HS prefix: "
        '{"73": 80 %, otherwise: 20 %}. What it excludes applies to the rest.',
    )
    excludes: MaybeLabels = Field(default=(), description="Authorities whose acts do not apply where this one does.")
    tops_up: Labels | None = Field(
        default=None,
        description="The larger of two: it adds only what is missing from its rate to what these authorities, or MFN, "
        "take already.",
    )

    in_base: Annotated[float, BeforeValidator(_duty), WithJsonSchema({"type": ["number", "string"]})] = Field(
        default=0.0,
        description="Its rate when the duties of the base year were collected: up to this, what a line paid then was "
        "this act's duty and is not added again.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.last_day is not None and self.last_day < self.effective:
            raise ValueError(f"ends on {self.last_day}, before it starts on {self.effective}; exchange the dates")
        if self.decided is not None and self.decided > self.effective:
            raise ValueError(f"is in force from {self.effective}, before it was decided on {self.decided}")
        if isinstance(self.rate, Mapping) and self.origin != (ALL,):
            raise ValueError("rate says by origin who pays; remove `origin`")
        if self.authority in self.excludes:
            raise ValueError(f"excludes its own authority {self.authority!r}; remove it from `excludes`")
        return self

    def in_force(self, date: datetime.date) -> bool:
        """Return whether the act applies on a day."""
        return self.effective <= date and (self.last_day is None or date <= self.last_day)

    def when_not(self, date: datetime.date) -> str:
        """Return why the act does not apply on a day, blank where it does."""
        if date < self.effective:
            decided = "decided" if self.decided is not None and self.decided <= date else "not yet decided"
            return f"{decided}, in force from {self.effective}"
        return "" if self.in_force(date) else f"ended on {self.last_day}"
