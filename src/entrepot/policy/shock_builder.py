"""A shock under construction: the instruments of a scenario write one after another, each on the same arrays."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from entrepot.core.alignment import cells
from entrepot.core.dims import LABELS_OF
from entrepot.core.errors import InvalidShock, listed
from entrepot.core.legal import IN_FORCE, LegalReading
from entrepot.core.wedges import WEDGES, Wedge
from entrepot.economy.economy import Economy
from entrepot.policy.limit import Limit
from entrepot.policy.selection import LabelResolver
from entrepot.policy.shock import FittedShock, fitted
from entrepot.policy.wedges import Wedges


class TaxBuilder:
    """A rate on the axes of its wedge: set by one instrument, raised by any number, then multiplied."""

    def __init__(self, wedge: Wedge, economy: Economy) -> None:
        base = getattr(economy, wedge.name).values
        self._what, self._cell = wedge.title, "flow" if wedge.on_flows else "sector"
        self._labels = [economy.labels[LABELS_OF[dim]] for dim in wedge.dims]
        self._base, self._rate = base, np.array(base)
        self._added, self._factor = np.zeros_like(base), np.ones_like(base)
        self._set_by = np.full(base.shape, -1)
        ordinary = economy.ordinary_tariff if wedge.name == "tariff" else None
        self._ordinary = None if ordinary is None else ordinary.values
        self._by_law = np.zeros(base.shape, dtype=bool)

    def set(self, touched: np.ndarray, rates: np.ndarray, number: int) -> None:
        """Set the rate; each cell once."""
        both = touched & (self._set_by >= 0)
        if both.any():
            first = int(self._set_by[both].min())
            raise InvalidShock(
                f"sets the {self._what} on {self._cell}s that instruments[{first}] sets already: "
                f"{listed(cells(np.argwhere(both), self._labels))}; set each {self._cell} once, or use `add`"
            )
        self._set_by[touched] = number
        self._rate[touched] = rates[touched]

    def add(self, touched: np.ndarray, points: np.ndarray) -> None:
        """Add points to whatever the rate is."""
        self._added[touched] += points[touched]

    def add_by_law(self, touched: np.ndarray, points: np.ndarray) -> None:
        """Add what a shipped measure adds to the ordinary duty; in a world where it is in force, that changes nothing.

        Whatever measures are in force on those cells already are replaced.
        """
        if self._ordinary is not None:
            first = touched & ~self._by_law
            self._rate[first] = self._ordinary[first]
            self._by_law |= touched
        self.add(touched, points)

    def multiply(self, touched: np.ndarray, factor: np.ndarray | float) -> None:
        """Multiply one plus the rate, after everything that was set and added."""
        self._factor[touched] *= np.broadcast_to(factor, touched.shape)[touched]

    @property
    def rates(self) -> np.ndarray:
        """The rate after all instruments."""
        # no detour over 1 + rate where nothing multiplies: 0.1 stays 0.1 to the last digit
        summed = self._rate + self._added
        return np.asarray(np.where(self._factor == 1, summed, (1 + summed) * self._factor - 1))

    @property
    def changed(self) -> bool:
        """Whether any rate differs from the base year's."""
        return bool((self.rates != self._base).any())


@dataclass
class ShockBuilder:
    """What the instruments have changed so far.

    Attributes
    ----------
    economy, words
        The base year and what words mean in it.
    folder
        Where the scenario's own tables lie.
    date, reading, beyond
        The day whose rules are meant, what counts on it, and whether it may be after the last day that is known.
    taxes
        The wedges that are rates, by name.
    factors
        The wedges that are ratios or payments, by name: bare arrays to change in place.
    limits
        Quotas, price caps, penalties.
    """

    economy: Economy
    words: LabelResolver
    folder: Path | None
    date: datetime.date
    reading: LegalReading = IN_FORCE
    beyond: bool = False
    limits: list[Limit] = field(default_factory=list)

    def __post_init__(self) -> None:
        neutral = Wedges.of_base(self.economy)
        self.taxes = {wedge.name: TaxBuilder(wedge, self.economy) for wedge in WEDGES if wedge.form == "rate"}
        self.factors = {
            wedge.name: np.array(getattr(neutral, wedge.name).values) for wedge in WEDGES if wedge.form != "rate"
        }

    def raise_costs(self, touched: np.ndarray, hats: np.ndarray) -> None:
        """Multiply trade costs, or raise where finite ones grow beyond all numbers."""
        costs = self.factors["iceberg_hat"]
        with np.errstate(over="ignore"):
            product = costs[touched] * hats[touched]
        if (np.isinf(product) & np.isfinite(costs[touched]) & np.isfinite(hats[touched])).any():
            raise InvalidShock("raises a cost beyond all numbers; write `kind: embargo` if no trade is meant")
        costs[touched] = product

    def fitted(self) -> FittedShock:
        """Return the shock that was written, on the economy's labels.

        Raises
        ------
        InvalidShock
            A rate of -100 % or below, a limit that does not fit.
        """
        written = {name: tax.rates for name, tax in self.taxes.items() if tax.changed} | self.factors
        neutral = Wedges.of_base(self.economy)
        changed = {
            wedge.name: self.economy.labelled(written[wedge.name], wedge.dims, wedge.name)
            for wedge in WEDGES
            if wedge.name in written and (written[wedge.name] != getattr(neutral, wedge.name).values).any()
        }
        return fitted(changed, self.limits, self.economy)
