"""A payment from one country to another."""

from typing import Annotated, Literal

from pydantic import Field

from entrepot.core.errors import InvalidShock
from entrepot.core.provenance import Said
from entrepot.core.units import parse_sum
from entrepot.policy.amount import NUMBER, as_written
from entrepot.policy.draft import Draft
from entrepot.policy.instrument import Instrument


class Transfer(Instrument):
    """A payment a year from one country to another, constant in the numeraire."""

    kind: Literal["transfer"]
    payer: Said = Field(description="The country that pays.")
    receiver: Said = Field(description="The country that receives.")
    amount: Annotated[float, as_written(parse_sum), NUMBER] = Field(
        description="'5 billion' in the currency of the economy."
    )

    def apply(self, draft: Draft, number: int) -> None:
        """Take from one, give to the other."""
        payer, receiver = (draft.words.countries.positions([code]) for code in (self.payer, self.receiver))
        if len(payer) != 1 or len(receiver) != 1 or payer == receiver:
            raise InvalidShock(f"from {self.payer} to {self.receiver}: name two countries")
        paid = self.amount / draft.economy.billions
        draft.transfer[payer[0]] -= paid
        draft.transfer[receiver[0]] += paid
