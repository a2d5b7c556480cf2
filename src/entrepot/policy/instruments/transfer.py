"""A payment from one country to another."""

from typing import Annotated, Literal

from pydantic import Field

from entrepot.core.errors import InvalidShock
from entrepot.core.provenance import NonBlankStr
from entrepot.core.units import parse_sum
from entrepot.policy.amount import NUMBER, as_written
from entrepot.policy.instruments.instrument import Instrument
from entrepot.policy.instruments.phrases import billions, countries
from entrepot.policy.shock_builder import ShockBuilder


class Transfer(Instrument):
    """A payment a year from one country to another, constant in the numeraire."""

    kind: Literal["transfer"]
    payer: NonBlankStr = Field(description="The country that pays.")
    receiver: NonBlankStr = Field(description="The country that receives.")
    amount: Annotated[float, as_written(parse_sum), NUMBER] = Field(
        description="'5 billion' in the currency of the economy."
    )

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Take from one, give to the other."""
        payer, receiver = (builder.words.countries.positions([code]) for code in (self.payer, self.receiver))
        if len(payer) != 1 or len(receiver) != 1 or payer == receiver:
            raise InvalidShock(f"from {self.payer} to {self.receiver}: name two countries")
        paid = self.amount / builder.economy.billions
        builder.factors["transfer"][payer[0]] -= paid
        builder.factors["transfer"][receiver[0]] += paid

    def phrase(self) -> str:
        """Return the instrument in words."""
        return (
            f"transfer of {billions(self.amount)} a year from {countries([self.payer])} to {countries([self.receiver])}"
        )
