"""Non-tariff trade costs: goods that melt on the way, red tape, freight. They earn nobody revenue."""

import math
from typing import Annotated, Literal

from pydantic import Field

from entrepot.core.units import parse_rate
from entrepot.policy.instrument import NUMBER_OR_TABLE, Instrument, RateTable, number_or_table

EMBARGO = "embargo"


def _change(written: object) -> float:
    if written == EMBARGO:
        return math.inf
    change = parse_rate(written)
    if change <= -1:
        raise ValueError(f"found {100 * change:g} %; a trade cost cannot fall by 100 % or more")
    return change


Amount = Annotated[float | RateTable, number_or_table(_change), NUMBER_OR_TABLE]


class Iceberg(Instrument):
    """A change in non-tariff trade cost, per cent of the delivered cost; several on one flow multiply."""

    kind: Literal["iceberg"]
    change: Amount = Field(description="-0.1 or '-10 %' for ten per cent cheaper; 'embargo' for no trade.")

    @property
    def amount(self) -> float | RateTable:
        """The change or table of changes."""
        return self.change
