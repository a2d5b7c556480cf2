"""Where a number from outside comes from: the sidecar beside every shipped figure."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""A text that is not blank (provenance that may stay empty does stay empty) and holds no control characters."""


class Provenance(BaseModel):
    """Title, source, licence, year, unit and every adjustment of one shipped table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Said
    source: Said = Field(description="Who published the figures, where, which edition.")
    licence: Said
    year: Said = Field(description="The year or date the figures are about.")
    unit: Said
    adjustments: tuple[Said, ...] = Field(default=(), description="What was done to the published figures, one a line.")
    caveats: tuple[Said, ...] = Field(default=(), description="What a reader must know before quoting a figure.")
