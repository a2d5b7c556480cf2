"""Import duties and export taxes: set to a rate, or raised by so many points."""

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from entrepot.core.units import parse_rate
from entrepot.policy.amount import Number, Table, as_written, kind_of_amount
from entrepot.policy.instruments import phrases
from entrepot.policy.instruments.instrument import OnFlows
from entrepot.policy.instruments.phrases import percent, source
from entrepot.policy.schedules.sector_duties import ScheduleRates
from entrepot.policy.shock_builder import ShockBuilder

Amount = Annotated[
    Number | Table | Annotated[ScheduleRates, Tag("a schedule")], Discriminator(kind_of_amount), as_written(parse_rate)
]


class _AdValorem(OnFlows):
    """A rate on value: ``set`` replaces the one in force, ``add`` adds to it; ``all`` sectors means all goods."""

    only_goods: ClassVar[bool] = True

    set: Amount | None = Field(default=None, description="The rate after the change: 0.25, '25 %', or a table.")
    add: Amount | None = Field(default=None, description="Points on top of the rate in force, or a table.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.set is None) == (self.add is None):
            what = type(self).__name__.lower().replace("exporttax", "n export tax").replace("tariff", " tariff")
            raise ValueError(f"a{what} either sets a rate or adds to it; give exactly one of `set` and `add`")
        if isinstance(self, ExportTax) and self.add is not None and kind_of_amount(self.add) == "a schedule":
            raise ValueError("a schedule has import duties; write an export tax as a number or a table")
        if self.set is not None and kind_of_amount(self.set) == "a schedule":
            raise ValueError("a schedule has what acts add to ordinary duties; write `add: {schedule: ...}`")
        for name, rate in (("set", self.set), ("add", self.add)):
            if isinstance(rate, float) and (rate <= -1 if name == "set" else rate < -1):
                raise ValueError(f"{name} is {100 * rate:g} %; a duty cannot fall to -100 % or below")
        return self

    def _write(self, builder: ShockBuilder, number: int, onto: str, answered: bool = False) -> None:
        levy = builder.taxes[onto]
        amount = self.add if self.add is not None else self.set
        assert amount is not None
        ways = [self.rates(amount, builder)]
        if answered:  # origins and destinations change places
            touched, rates = (np.ascontiguousarray(one.swapaxes(0, 1)) for one in ways[0])
            ways.append((touched, rates))
        for way, (touched, rates) in enumerate(ways):
            if self.add is None:
                levy.set(touched, rates, number)
            elif way == 0 and isinstance(self.add, ScheduleRates):
                levy.add_by_law(touched, rates)
            else:
                levy.add(touched, rates)

    def _phrase(self, tax: str, onto: str) -> str:
        """Return the levy in words; `tax` names it with who levies it, `onto` is what it falls on."""
        if isinstance(self.add, float):
            more = percent(abs(self.add)).replace(" %", " points") + (" less " if self.add < 0 else " more ")
            return f"{more}{tax} on {onto}"
        if isinstance(self.set, float):
            return f"{percent(self.set)} {tax} on {onto}"
        by = f"raised by {source(self.add)}" if self.add is not None else f"set by {source(self.set)}"  # type: ignore[arg-type]
        return f"{tax} on {onto}, {by}"


class Tariff(_AdValorem):
    """An ad valorem import duty: the importing country's treasury earns it."""

    kind: Literal["tariff"]
    answer: Literal["in-kind"] | None = Field(
        default=None,
        description="in-kind: every country whose goods bear the duty levies the same on the same sectors of the "
        "country that levies it; a hypothetical equal answer.",
    )

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Set or add duty, and the same the other way round where it is answered in kind."""
        self._write(builder, number, "tariff", answered=self.answer is not None)

    def phrase(self) -> str:
        """Return the instrument in words."""
        onto = phrases.goods_from(self.origin, self.sector, self.only_goods)
        said = self._phrase(f"duty of {phrases.countries(self.destination)}", onto)
        return f"{said}, answered in kind" if self.answer else said


class ExportTax(_AdValorem):
    """An ad valorem tax on exports, on the producer's price: the exporting country earns it; negative is a subsidy."""

    kind: Literal["export_tax"]

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Set or add export tax."""
        self._write(builder, number, "export_tax")

    def phrase(self) -> str:
        """Return the instrument in words."""
        onto = phrases.goods_to(self.destination, self.sector, self.only_goods)
        return self._phrase(f"export tax of {phrases.countries(self.origin)}", onto)
