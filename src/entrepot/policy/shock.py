"""The Shock: every wedge after the change, as labelled arrays. What is left out does not change."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from entrepot.core.alignment import cells, conform
from entrepot.core.dims import FLOW
from entrepot.core.errors import InvalidShock, listed
from entrepot.economy.economy import Economy


@dataclass(frozen=True, eq=False)
class Shock:
    """What changes, ready for the solver.

    Attributes
    ----------
    tariff : [origin, destination, sector], rate
        The ad valorem duty after the change (not the difference): 0.5 is 50 %. Above -1.
    iceberg_hat : [origin, destination, sector], ratio
        Change in non-tariff trade cost; 1.1 is ten per cent dearer, ``inf`` an embargo (exactly zero trade).
    """

    tariff: xr.DataArray | None = None
    iceberg_hat: xr.DataArray | None = None

    def on(self, economy: Economy) -> "Shock":
        """Return the shock with every wedge on the economy's labels, or raise naming what does not fit.

        Raises
        ------
        MisalignedLabels
            Axes or labels differ from the economy's.
        MissingValue
            A NaN.
        InvalidShock
            A duty of -100 % or below, an iceberg change that is not positive.
        """
        tariff, iceberg_hat = economy.tariff, None
        if self.tariff is not None:
            tariff = conform(self.tariff, "tariff", FLOW, economy.labels)
            _refuse(tariff <= -1, tariff, "a duty of -100 % or below would give the goods away; stay above -1")
            _refuse(
                xr.ufuncs.isinf(tariff), tariff, "an infinite duty has no revenue; use iceberg_hat = inf for an embargo"
            )
        if self.iceberg_hat is not None:
            iceberg_hat = conform(self.iceberg_hat, "iceberg_hat", FLOW, economy.labels)
            _refuse(iceberg_hat <= 0, iceberg_hat, "a change in cost is a positive ratio; 1 is no change")
        return Shock(tariff=tariff, iceberg_hat=iceberg_hat)


def _refuse(wrong: xr.DataArray, array: xr.DataArray, remedy: str) -> None:
    index = np.argwhere(wrong.values)
    if len(index):
        labels = [[str(label) for label in array[dim].values] for dim in FLOW]
        found = float(array.values[tuple(index[0])])
        raise InvalidShock(f"{array.name} at {listed(cells(index, labels))}: found {found:g}; {remedy}")
