"""A shock while the instruments of a scenario write it: one after another, each on the same arrays."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from entrepot.core.alignment import cells
from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW
from entrepot.core.errors import InvalidShock, listed
from entrepot.economy.economy import Economy
from entrepot.policy.limit import Limit
from entrepot.policy.selection import LabelResolver
from entrepot.policy.shock import Shock


class TaxBuilder:
    """A tax on flows [origin, destination, sector]: set by one instrument, raised by any number, then multiplied."""

    def __init__(self, base: np.ndarray, what: str, economy: Economy) -> None:
        self._what, self._labels = what, [list(economy.countries), list(economy.countries), list(economy.sectors)]
        self._base, self._rate = base, np.array(base)
        self._added, self._factor = np.zeros_like(base), np.ones_like(base)
        self._set_by = np.full(base.shape, -1)

    def set(self, touched: np.ndarray, rates: np.ndarray, number: int) -> None:
        """Set the rate; each flow once."""
        both = touched & (self._set_by >= 0)
        if both.any():
            first = int(self._set_by[both].min())
            raise InvalidShock(
                f"sets the {self._what} on flows that instruments[{first}] sets already: "
                f"{listed(cells(np.argwhere(both), self._labels))}; set each flow once, or use `add`"
            )
        self._set_by[touched] = number
        self._rate[touched] = rates[touched]

    def add(self, touched: np.ndarray, points: np.ndarray) -> None:
        """Add points to whatever the rate is."""
        self._added[touched] += points[touched]

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
    date
        The day whose rules are meant.
    """

    economy: Economy
    words: LabelResolver
    folder: Path | None
    date: datetime.date
    limits: list[Limit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tariff = TaxBuilder(self.economy.tariff.values, "tariff", self.economy)
        self.export_tax = TaxBuilder(self.economy.export_tax.values, "export tax", self.economy)
        self.iceberg_hat = np.ones(self.words.shape)
        self.productivity_hat = np.ones(self.words.shape[1:])
        self.transfer = np.zeros(self.words.shape[0])

    def raise_costs(self, touched: np.ndarray, hats: np.ndarray) -> None:
        """Multiply trade costs, or raise where finite ones grow beyond all numbers."""
        with np.errstate(over="ignore"):
            product = self.iceberg_hat[touched] * hats[touched]
        if (np.isinf(product) & np.isfinite(self.iceberg_hat[touched]) & np.isfinite(hats[touched])).any():
            raise InvalidShock("raises a cost beyond all numbers; write `kind: embargo` if no trade is meant")
        self.iceberg_hat[touched] = product

    def shock(self) -> Shock:
        """Return the shock that was written, on the economy's labels."""
        on = self.economy.labelled
        hat, made = self.iceberg_hat, self.productivity_hat
        return Shock(
            tariff=on(self.tariff.rates, FLOW, "tariff"),
            iceberg_hat=on(hat, FLOW, "iceberg_hat") if (hat != 1).any() else None,
            export_tax=on(self.export_tax.rates, FLOW, "export_tax") if self.export_tax.changed else None,
            productivity_hat=on(made, COUNTRY_SECTOR, "productivity_hat") if (made != 1).any() else None,
            transfer=on(self.transfer, (COUNTRY,), "transfer") if self.transfer.any() else None,
            limits=tuple(self.limits),
        ).on(self.economy)
