"""Lists of products that the acts of a schedule refer to, as they are on a day."""

import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.policy.selection import MaybeLabels


class ProductList(BaseModel):
    """Products that acts refer to together: lists in the table of classes, HS prefixes, a file of them, or claims."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    in_class: MaybeLabels = Field(default=(), alias="class", description="Lists in the table `classes`.")
    products: MaybeLabels = Field(default=(), description="HS prefixes in quotes.")
    since: IsoDate | None = Field(default=None, description="The day since which the list is this one.")
    file: NonBlankStr | None = Field(
        default=None, description="A CSV or Excel file beside the schedule with the column hs6."
    )
    without: MaybeLabels = Field(default=(), description="Lists and HS prefixes whose goods are taken out again.")
    claims: NonBlankStr | None = Field(
        default=None,
        description="Goods that claim a preference: a table of lines with the columns origin, hs6, from, share.",
    )

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        goods = bool(self.in_class or self.products or self.file)
        if goods == bool(self.claims):
            raise ValueError(
                "names no goods, or goods and claims at once; give `class`, `products`, `file` or `claims`"
            )
        if self.claims and self.without:
            raise ValueError("claims are shares of lines, nothing can be taken out of them; remove `without`")
        return self


def _one_or_more(written: object) -> object:
    return written if isinstance(written, list | tuple) else (written,)


def _one_or_many(schema: dict[str, Any]) -> None:
    """Let a schema of versions take one without the list around it."""
    versions = {name: schema.pop(name) for name in ("type", "items", "minItems") if name in schema}
    schema.pop("minLength", None)
    schema["anyOf"] = [versions["items"], {**versions, "minItems": 1}]


class ListInTime(RootModel[Annotated[tuple[ProductList, ...], BeforeValidator(_one_or_more), Field(min_length=1)]]):
    """A list of goods, or one after the other where it changes: each but the first says since when."""

    model_config = ConfigDict(json_schema_extra=_one_or_many)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [one.since for one in self.root[1:]]
        if None in days or any(early >= late for early, late in zip(self.days, self.days[1:], strict=False)):
            raise ValueError("changes without saying since when; write `since` in each, the earliest first")
        if len(self.root) > 1 and any(one.claims for one in self.root):
            raise ValueError("claims change in their own table; write the list once")
        return self

    @property
    def days(self) -> list[datetime.date]:
        """The days since which each version counts; the first, where it has none, always has."""
        return [one.since or datetime.date.min for one in self.root]

    def on(self, date: datetime.date) -> tuple[int, ProductList]:
        """Return the version that counts on a day with its number: the last one before, else the first."""
        number = max([number for number, day in enumerate(self.days) if day <= date], default=0)
        return number, self.root[number]

    @property
    def claims(self) -> str | None:
        """The table of claims, where the list is one of goods that claim a preference."""
        return self.root[0].claims
