"""An event to hold predictions against: the base year, the duties that came, and what was observed afterwards."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.data import shipped
from entrepot.data.documents import Document, read_yaml, validated
from entrepot.policy.selection import Labels, MaybeLabels

Design = Literal["share", "diversion", "buyers", "agreements", "frozen"]
RateKind = Literal["statutory", "collected"]


VARIANTS: Mapping[str, float | str] = {"long-run": 1.0, "years-2-3": 0.38, "uniform 4": "uniform_4"}
"""Predictions by default: the default elasticities, their level for years 2 and 3, and one number for all sectors."""


class EventDuties(BaseModel):
    """Duties by importer, origin, sector, measure and year in a table; which measures make up each kind of rate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: NonBlankStr = Field(description="A shipped table of what was observed.")
    timing: Literal["mean", "end"] = Field(default="mean", description="Mean of the days of a year, or its last day.")
    statutory: Labels = Field(description="Measures as the law has them.")
    collected: MaybeLabels = Field(default=(), description="The same with what was collected in place of the law.")
    alone: NonBlankStr | None = Field(
        default=None, description="A measure that replaces all others of an importer on an origin where it is known."
    )


class Series(BaseModel):
    """One source of outcomes, and the years that it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: NonBlankStr = Field(description="A short name: Census.")
    source: NonBlankStr = Field(description="As the table of outcomes calls it.")
    to: tuple[int, ...] = Field(min_length=1, description="Years of the outcome.")
    duties_of: int | None = Field(default=None, description="The year whose duties are taken; left out, the outcome's.")
    note: NonBlankStr | None = Field(default=None, description="What a reader must know about these years.")


class Observed(BaseModel):
    """Where outcomes stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: NonBlankStr = Field(description="A shipped table of what was observed.")
    event: NonBlankStr | None = Field(default=None, description="As the table calls the event.")
    base: int = Field(description="The year before the event.")
    series: tuple[Series, ...] = Field(min_length=1)


class Claim(BaseModel):
    """What the product claims about a score, from which a verdict follows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: NonBlankStr
    says: NonBlankStr = Field(description="The criterion in words.")
    score: Literal["error", "slope", "signs", "correlation_log", "against_proportional", "factor"]
    variant: NonBlankStr = Field(description="Of which prediction.")
    years: tuple[int | NonBlankStr, ...] = Field(min_length=1, description="Of the outcome, or horizons of agreements.")
    series: MaybeLabels = Field(default=(), description="Of which series; left out, all.")
    rates: MaybeLabels = Field(default=(), description="Of which kind of rates; left out, both.")
    what: NonBlankStr | None = Field(default=None, description="For `factor`: of which observation.")
    expected: Literal["holds", "fails"] = Field(
        description="What was recorded; another outcome is a change of behaviour."
    )
    why: NonBlankStr = Field(description="The reason for what was recorded.")


class Event(BaseModel):
    """An event. Load one with :func:`entrepot.study.backtests.event.load_event`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot backtest")

    title: NonBlankStr
    reference: NonBlankStr
    summary: NonBlankStr = Field(description="What is compared, and what the comparison cannot show.")
    design: Design
    economy: NonBlankStr = Field(description="The base year: a shipped economy by name.")
    importer: NonBlankStr | None = Field(default=None, description="Whose imports.")
    origin: NonBlankStr | None = Field(default=None, description="Whose share.")
    lost: Labels | None = Field(default=None, description="For `buyers`: who no longer buys from the origin.")
    sectors: MaybeLabels = Field(default=(), description="Left out, all goods.")
    duties: EventDuties | None = None
    observed: Observed | None = None
    scenario: NonBlankStr | None = Field(default=None, description="For `frozen`: the scenario that was predicted.")
    frozen: NonBlankStr | None = Field(default=None, description="For `frozen`: the shipped table of predictions.")
    frozen_on: IsoDate | None = Field(default=None, description="The day on which predictions were made.")
    sha256: NonBlankStr | None = Field(default=None, description="Of the predictions.")
    variants: Mapping[NonBlankStr, float | NonBlankStr] = Field(
        default_factory=lambda: dict(VARIANTS),
        description="Predictions by name: a factor on the default elasticities, or a table of them.",
    )
    claims: tuple[Claim, ...] = ()

    _name: str = PrivateAttr(default="backtest")

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    @model_validator(mode="after")
    def _has_what_its_design_needs(self) -> Self:
        needed = {
            "share": ("importer", "origin", "duties", "observed"),
            "diversion": ("importer", "origin", "duties", "observed"),
            "buyers": ("origin", "lost", "observed", "sectors"),
            "agreements": ("duties", "observed"),
            "frozen": ("scenario", "frozen", "frozen_on", "sha256"),
        }[self.design]
        missing = [name for name in needed if not getattr(self, name)]
        if missing:
            raise ValueError(f"a design of {self.design} needs {', '.join(missing)}; add it")
        unknown = [claim.id for claim in self.claims if claim.variant not in self.variants]
        if unknown:
            raise ValueError(f"claims {', '.join(unknown)} name no variant; write one of {', '.join(self.variants)}")
        return self


def load_event(name_or_path: str | Path) -> Event:
    """Return a shipped event, or the one in a YAML file.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what an event must; every problem at once, with its line.
    """
    path = shipped.find("backtests", name_or_path)
    document: Document = read_yaml(path)
    event = validated(Event, document)
    event._name = path.stem
    return event
