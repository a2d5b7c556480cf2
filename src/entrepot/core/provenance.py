"""Where a number from outside comes from: the sidecar beside every shipped figure."""

import datetime
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from entrepot.core.units import parse_date

NonBlankStr = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")
]
"""A text that is not blank (provenance that may stay empty does stay empty) and holds no control characters."""

IsoDate = Annotated[datetime.date, BeforeValidator(parse_date)]
"""A day as people write it: 2025-08-27; numbers, which could be years or seconds, are refused."""


class Provenance(BaseModel):
    """Title, source, licence, year, unit and every adjustment of one shipped table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: NonBlankStr
    label: NonBlankStr | None = Field(default=None, description="A short name for sentences and tables.")
    source: NonBlankStr = Field(description="Who published the figures, where, which package_version.")
    licence: NonBlankStr
    year: NonBlankStr = Field(description="The year or date the figures are about.")
    unit: NonBlankStr
    adjustments: tuple[NonBlankStr, ...] = Field(
        default=(), description="What was done to the published figures, one a line."
    )
    caveats: tuple[NonBlankStr, ...] = Field(default=(), description="What a reader must know before quoting a figure.")
    tariff_notes: Mapping[NonBlankStr, NonBlankStr] = Field(
        default_factory=dict,
        description="By country, what is implausible about its tariffs; said with results that hinge on them.",
    )
