"""Import duties: set to a rate, or raised by so many points."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from entrepot.core.units import parse_rate
from entrepot.policy.instrument import NUMBER_OR_TABLE, Instrument, RateTable, number_or_table

Amount = Annotated[float | RateTable, number_or_table(parse_rate), NUMBER_OR_TABLE]


class Tariff(Instrument):
    """An ad valorem import duty. ``set`` replaces the rate in force, ``add`` adds to it; ``all`` means all goods."""

    kind: Literal["tariff"]
    set: Amount | None = Field(default=None, description="The rate after the change: 0.25, '25 %', or a table.")
    add: Amount | None = Field(default=None, description="Points on top of the rate in force, or a table.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.set is None) == (self.add is None):
            raise ValueError("a tariff either sets a rate or adds to it; give exactly one of `set` and `add`")
        for name, rate in (("set", self.set), ("add", self.add)):
            if isinstance(rate, float) and (rate <= -1 if name == "set" else rate < -1):
                raise ValueError(f"{name} is {100 * rate:g} %; a duty cannot fall to -100 % or below")
        return self

    @property
    def amount(self) -> float | RateTable:
        """The rate or table, whichever way it is applied."""
        amount = self.add if self.set is None else self.set
        assert amount is not None
        return amount
