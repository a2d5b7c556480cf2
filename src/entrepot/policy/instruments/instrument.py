"""What every instrument shares: where it applies, and that it writes what it changes into the builder of a shock."""

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from entrepot.core.errors import InvalidShock, listed
from entrepot.core.provenance import NonBlankStr
from entrepot.policy.amount import RateTable, painted
from entrepot.policy.instruments import phrases
from entrepot.policy.schedules.sector_duties import ScheduleRates, sector_duties
from entrepot.policy.selection import ALL, LabelResolver, Labels
from entrepot.policy.shock_builder import ShockBuilder


class Instrument(BaseModel):
    """One thing that a government changes; each kind writes it into the builder in its own way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    only_goods: ClassVar[bool] = False
    """Whether `all` sectors means all goods, as at customs."""

    note: NonBlankStr | None = Field(default=None, description="The legal act, or why.")

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Write what changes into the builder; `number` is the instrument's place in the scenario."""
        raise NotImplementedError

    def words(self, builder: ShockBuilder) -> LabelResolver:
        """Return what words mean to this instrument."""
        return builder.words.of_goods(builder.economy) if self.only_goods else builder.words

    @property
    def tables(self) -> tuple[RateTable | ScheduleRates, ...]:
        """The tables and schedules that the instrument reads."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value for value in values if isinstance(value, RateTable | ScheduleRates))

    @property
    def sector_words(self) -> tuple[str, ...]:
        """The words for sectors, as written; none where the instrument has no sectors."""
        return tuple(getattr(self, "sector", ()))

    def phrase(self) -> str:
        """Return the instrument in words: what, how much, where."""
        raise NotImplementedError


class OnFlows(Instrument):
    """An instrument on what countries sell to each other; what is left out means all."""

    origin: Labels = Field(default=(ALL,), description="Who sells: codes, groups, or all.")
    destination: Labels = Field(default=(ALL,), description="Who buys: codes, groups, or all.")
    sector: Labels = Field(default=(ALL,), description="Which goods: codes, groups, goods, or all.")

    def flows(self, builder: ShockBuilder) -> np.ndarray:
        """Return the cross-border cells it touches [origin, destination, sector].

        Raises
        ------
        InputError
            Unknown words, or no cross-border flow among them.
        """
        return self.words(builder).flows(self.origin, self.destination, self.sector)

    def rates(
        self, amount: "float | RateTable | ScheduleRates", builder: ShockBuilder
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return which cells it touches and its rate there, [origin, destination, sector] both.

        A table or schedule says where its rates stand; the instrument's own words narrow it.
        """
        touched = self.flows(builder)
        if isinstance(amount, RateTable):
            table = painted(amount, self.words(builder), builder.folder, builder.date)
            return touched & table.touched, np.where(touched, table.rates, 0.0)
        if isinstance(amount, ScheduleRates):
            brought = sector_duties(amount, builder)
            self._refuse_uncovered(touched, brought.touched, amount.schedule, builder)
            touched = touched & brought.touched
            if brought.cost_hat is not None:
                builder.raise_costs(touched, brought.cost_hat)
            return touched, np.where(touched, brought.points, 0.0)
        return touched, np.where(touched, amount, 0.0)

    def _refuse_uncovered(self, asked: np.ndarray, covered: np.ndarray, schedule: str, builder: ShockBuilder) -> None:
        """Raise InvalidShock where a country is named that a schedule says nothing about: its duty would seem nil."""
        codes = list(builder.economy.countries)
        for words, axes, what in ((self.origin, (1, 2), "from"), (self.destination, (0, 2), "to")):
            missing: np.ndarray = np.asarray(asked.any(axis=axes) & ~covered.any(axis=axes))
            if words != (ALL,) and missing.any():
                who = listed(code for code, one in zip(codes, missing, strict=True) if one)
                raise InvalidShock(
                    f"schedule {schedule} has no acts on goods {what} {who}; name the countries it is about"
                )

    def where(self) -> str:
        """Return the flows in words: ``textiles from IND to USA``."""
        return phrases.flows(self.origin, self.destination, self.sector, self.only_goods)


class InPlaces(Instrument):
    """An instrument on what is made in some countries and sectors."""

    country: Labels = Field(description="Where: codes, groups, or all.")
    sector: Labels = Field(default=(ALL,), description="Which sectors: codes, groups, goods, or all.")

    def places(self, builder: ShockBuilder) -> np.ndarray:
        """Return the cells it touches [country, sector]."""
        return self.words(builder).places(self.country, self.sector)

    def where(self) -> str:
        """Return the places in words: ``textiles made in IND``."""
        return phrases.production(self.country, self.sector, self.only_goods)
