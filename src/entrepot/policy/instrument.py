"""What every instrument shares: where it applies, and that it writes what it changes into the draft of a shock."""

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from entrepot.core.provenance import Said
from entrepot.policy.amount import RateTable, painted
from entrepot.policy.draft import Draft
from entrepot.policy.schedule_rates import ScheduleRates, brought_up
from entrepot.policy.selection import ALL, Labels, Words


class Instrument(BaseModel):
    """One thing that a government changes; each kind writes it into the draft in its own way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    only_goods: ClassVar[bool] = False
    """Whether `all` sectors means all goods, as at customs."""

    note: Said | None = Field(default=None, description="The legal act, or why.")

    def apply(self, draft: Draft, number: int) -> None:
        """Write what changes into the draft; `number` is the instrument's place in the scenario."""
        raise NotImplementedError

    def words(self, draft: Draft) -> Words:
        """Return what words mean to this instrument."""
        return draft.words.of_goods(draft.economy) if self.only_goods else draft.words

    @property
    def tables(self) -> tuple[RateTable | ScheduleRates, ...]:
        """The tables and schedules that the instrument reads."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value for value in values if isinstance(value, RateTable | ScheduleRates))


class OnFlows(Instrument):
    """An instrument on what countries sell to each other; what is left out means all."""

    origin: Labels = Field(default=(ALL,), description="Who sells: codes, groups, or all.")
    destination: Labels = Field(default=(ALL,), description="Who buys: codes, groups, or all.")
    sector: Labels = Field(default=(ALL,), description="Which goods: codes, groups, goods, or all.")

    def flows(self, draft: Draft) -> np.ndarray:
        """Return the cross-border cells it touches [origin, destination, sector].

        Raises
        ------
        InputError
            Unknown words, or no cross-border flow among them.
        """
        return self.words(draft).flows(self.origin, self.destination, self.sector)

    def rates(self, amount: "float | RateTable | ScheduleRates", draft: Draft) -> tuple[np.ndarray, np.ndarray]:
        """Return which cells it touches and its rate there, [origin, destination, sector] both.

        A table or schedule says where its rates stand; the instrument's own words narrow it.
        """
        touched = self.flows(draft)
        if isinstance(amount, RateTable):
            table = painted(amount, self.words(draft), draft.folder, draft.date)
            return touched & table.touched, np.where(touched, table.rates, 0.0)
        if isinstance(amount, ScheduleRates):
            brought = brought_up(amount, draft)
            touched = touched & brought.touched
            if brought.cost_hat is not None:
                draft.raise_costs(touched, brought.cost_hat)
            return touched, np.where(touched, brought.points, 0.0)
        return touched, np.where(touched, amount, 0.0)


class InPlaces(Instrument):
    """An instrument on what is made in some countries and sectors."""

    country: Labels = Field(description="Where: codes, groups, or all.")
    sector: Labels = Field(default=(ALL,), description="Which sectors: codes, groups, goods, or all.")

    def places(self, draft: Draft) -> np.ndarray:
        """Return the cells it touches [country, sector]."""
        return self.words(draft).places(self.country, self.sector)
