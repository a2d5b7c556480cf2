"""Non-tariff barriers: costs that earn nobody anything, embargoes, and barriers that somebody earns a rent from."""

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from entrepot.core.units import rate_where
from entrepot.policy.amount import NUMBER, NumberOrTable, RateTable, as_written
from entrepot.policy.instruments.instrument import OnFlows
from entrepot.policy.instruments.phrases import percent, signed_percent, source
from entrepot.policy.limit import Side
from entrepot.policy.shock_builder import ShockBuilder

EMBARGO = "embargo"


_finite_change = rate_where(lambda change: change > -1, "a trade cost cannot fall by 100 % or more")
_equivalent = rate_where(
    lambda rate: rate > 0,
    "a barrier that earns a rent can only be added: the rent of one that is taken away is not in the accounts of the "
    "base year. Use `kind: iceberg` for a cost that falls",
)


def _change(written: object) -> float:
    return math.inf if written == EMBARGO else _finite_change(written)


class Iceberg(OnFlows):
    """A change in non-tariff trade cost, per cent of the delivered cost; several on one flow multiply."""

    kind: Literal["iceberg"]
    change: Annotated[NumberOrTable, as_written(_change)] = Field(
        description="-0.1 or '-10 %' for ten per cent cheaper; 'embargo' for no trade."
    )

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Multiply the cost."""
        touched, changes = self.rates(self.change, builder)
        builder.raise_costs(touched, 1 + changes)

    def phrase(self) -> str:
        """Return the instrument in words."""
        if isinstance(self.change, RateTable):
            return f"trade cost changed by {source(self.change)}: {self.where()}"
        what = EMBARGO if math.isinf(self.change) else f"trade cost {signed_percent(self.change)}"
        return f"{what}: {self.where()}"


class Embargo(OnFlows):
    """No trade at all on the flows it names."""

    kind: Literal["embargo"]

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Make the cost infinite: exactly nothing is traded."""
        touched = self.flows(builder)
        builder.raise_costs(touched, np.full(touched.shape, math.inf))

    def phrase(self) -> str:
        """Return the instrument in words."""
        return f"{EMBARGO}: {self.where()}"


class Barrier(OnFlows):
    """A new non-tariff barrier of which somebody earns a rent: licences, required agents, minimum prices."""

    only_goods: ClassVar[bool] = True

    kind: Literal["barrier"]
    equivalent: Annotated[float, as_written(_equivalent), NUMBER] = Field(
        description="Its ad valorem equivalent: 0.1 or '10 %' of the price at the border."
    )
    rent: Side = Field(description="Who earns it: importer, or exporter.")

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Raise the price as a duty or an export tax does, which is where the rent then is."""
        touched = self.flows(builder)
        if self.rent == "importer":
            builder.taxes["tariff"].add(touched, np.where(touched, self.equivalent, 0.0))
        else:
            builder.taxes["export_tax"].multiply(touched, 1 + self.equivalent)

    def phrase(self) -> str:
        """Return the instrument in words."""
        return f"non-tariff barrier of {percent(self.equivalent)}, rent to the {self.rent}: {self.where()}"
