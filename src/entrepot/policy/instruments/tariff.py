"""Import duties and export taxes: set to a rate, or raised by so many points."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from entrepot.core.units import parse_rate
from entrepot.policy.amount import Number, RateTable, Table, as_written, is_shipped, kind_of_amount
from entrepot.policy.instruments.instrument import OnFlows
from entrepot.policy.instruments.phrases import percent, points, source
from entrepot.policy.schedules.sector_duties import ScheduleRates
from entrepot.policy.shock_builder import ShockBuilder

Amount = Annotated[
    Number | Table | Annotated[ScheduleRates, Tag("a schedule")], Discriminator(kind_of_amount), as_written(parse_rate)
]


def is_law(amount: object, folder: Path | None) -> bool:
    """Return whether an amount is a measure in force: a schedule, or a shipped table of rates."""
    if isinstance(amount, ScheduleRates):
        return True
    return isinstance(amount, RateTable) and is_shipped(amount, folder)


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

    def _write(self, builder: ShockBuilder, number: int, onto: str) -> None:
        levy = builder.taxes[onto]
        if self.add is not None:
            add = levy.add_by_law if is_law(self.add, builder.folder) else levy.add
            add(*self.rates(self.add, builder))
        elif self.set is not None:
            levy.set(*self.rates(self.set, builder), number)

    def _phrase(self, tax: str) -> str:
        if self.add is not None:
            change = points(self.add) if isinstance(self.add, float) else f"raised by {source(self.add)}"
        else:
            assert self.set is not None
            change = f"of {percent(self.set)}" if isinstance(self.set, float) else f"set by {source(self.set)}"
        return f"{tax} {change}: {self.where()}"


class Tariff(_AdValorem):
    """An ad valorem import duty: the importing country's treasury earns it."""

    kind: Literal["tariff"]

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Set or add duty."""
        self._write(builder, number, "tariff")

    def phrase(self) -> str:
        """Return the instrument in words."""
        return self._phrase("tariff")


class ExportTax(_AdValorem):
    """An ad valorem tax on exports, on the producer's price: the exporting country earns it; negative is a subsidy."""

    kind: Literal["export_tax"]

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Set or add export tax."""
        self._write(builder, number, "export_tax")

    def phrase(self) -> str:
        """Return the instrument in words."""
        return self._phrase("export tax")
