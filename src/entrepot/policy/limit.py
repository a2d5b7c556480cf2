"""A limit that the equilibrium keeps: a quantity, value or price, and the wedge that is found so that it holds."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr

from entrepot.core.alignment import conform
from entrepot.core.dims import FLOW
from entrepot.core.errors import InvalidShock

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy

LimitBasis = Literal["volume", "value", "price"]
Side = Literal["importer", "exporter"]


@dataclass(frozen=True, eq=False)
class Limit:
    """What may not exceed a number, and the wedge that rises from zero until it does not.

    The two are complementary: the wedge is zero where the measure stays below the limit by itself.

    Attributes
    ----------
    name
        For reports and messages.
    flows : [origin, destination, sector], 0 or 1
        What is measured together.
    of
        ``"volume"``: their sales at the border prices of the base year; ``"value"``: at border prices of the day;
        ``"price"``: the mean change of border prices (producers' prices and export taxes), weighted with trade of the
        base year; single origins may be above it.
    at_most
        Volume and value in the unit of the economy, price as a ratio to the base year.
    rent
        Who earns the wedge: ``"importer"``, as a duty; ``"exporter"``, as an export tax.
    points : [origin, destination, sector], rate
        A duty that is switched on in the place of a wedge without bounds: none of it below the limit, all of it above,
        and the part in between that holds the measure at the limit where neither is consistent with itself.
    """

    name: str
    flows: xr.DataArray
    of: LimitBasis
    at_most: float
    rent: Side = "importer"
    points: xr.DataArray | None = None

    def fitted(self, economy: "Economy") -> "Limit":
        """Return the limit on the economy's labels, or raise naming what does not fit."""

        def fit(array: xr.DataArray | None, what: str) -> xr.DataArray | None:
            return None if array is None else conform(array, f"limit {self.name}, {what}", FLOW, economy.labels)

        if self.of not in ("volume", "value", "price"):
            raise InvalidShock(f"limit {self.name}: found of={self.of!r}; write volume, value or price")
        if self.rent not in ("importer", "exporter"):
            raise InvalidShock(f"limit {self.name}: found rent={self.rent!r}; write importer or exporter")
        if self.of == "price" and self.rent == "exporter":
            raise InvalidShock(
                f"limit {self.name}: sellers who keep the rent of a price cap are paid more; write importer"
            )
        if isinstance(self.at_most, bool) or not isinstance(self.at_most, int | float | np.number):
            raise InvalidShock(f"limit {self.name}: found at_most {self.at_most!r}; give a number")
        if self.points is not None and not (self.points > 0).any():
            raise InvalidShock(f"limit {self.name}: a penalty of nothing punishes nobody; give points above 0")
        if not (np.isfinite(self.at_most) and self.at_most > 0):
            raise InvalidShock(
                f"limit {self.name}: found at_most {self.at_most:g}; give a number above 0, or use an embargo"
            )
        flows = fit(self.flows, "flows")
        assert flows is not None
        if not (flows * economy.trade).values.any():
            raise InvalidShock(f"limit {self.name}: nothing is traded there in the base year, so nothing can be held")
        if self.points is None and ((flows * economy.trade).values.sum() <= 0 or (flows < 0).any()):
            raise InvalidShock(f"limit {self.name}: flows are chosen with 1 and 0; found a negative number")
        return replace(self, flows=flows, points=fit(self.points, "points"))
