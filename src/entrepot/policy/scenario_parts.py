"""Parts of a scenario file: the union of instruments, the pair in focus, options and the question they answer."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from entrepot.core.outcomes import kind_of
from entrepot.core.provenance import NonBlankStr
from entrepot.policy.instruments.discount import Discount
from entrepot.policy.instruments.iceberg import Barrier, Embargo, Iceberg
from entrepot.policy.instruments.limits import Penalty, PriceCap, Quota
from entrepot.policy.instruments.production import LocalContent, ProductionTax, Productivity
from entrepot.policy.instruments.tariff import ExportTax, Tariff
from entrepot.policy.instruments.transfer import Transfer

AnyInstrument = Annotated[
    Tariff | ExportTax | Iceberg | Barrier | Embargo | Quota | PriceCap | Discount | Penalty | Productivity
    | LocalContent | ProductionTax | Transfer,
    Field(discriminator="kind"),
]  # fmt: skip


class Focus(BaseModel):
    """The pair of countries or blocs that a report looks at most closely."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exporter: NonBlankStr
    importer: NonBlankStr


class Option(BaseModel):
    """One of several courses that a government could take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: NonBlankStr
    instruments: tuple[AnyInstrument, ...]


class Question(BaseModel):
    """Which option is better, by an outcome, as a parameter changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: NonBlankStr = Field(description="As for `entrepot sensitivity`: real_income:IND.")
    over: NonBlankStr = Field(description="The parameter, which must have a range.")
    better: Literal["higher", "lower"] | None = Field(
        default=None, description="Which is better; left out, lower for prices and higher for all else."
    )

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return -1 if (self.better or kind_of(self.outcome).better) == "lower" else 1
