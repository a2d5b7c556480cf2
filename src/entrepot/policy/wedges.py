"""Every wedge after a change, filled in on the labels of an economy."""

from dataclasses import dataclass, fields, replace
from weakref import WeakKeyDictionary

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, DESTINATION, ORIGIN
from entrepot.core.wedges import BY_NAME, WEDGES, Wedge
from entrepot.economy.economy import Economy


@dataclass(frozen=True, eq=False)
class Wedges:
    """Every wedge after a change, each filled in on the labels of an economy.

    Attributes
    ----------
    tariff, export_tax : [origin, destination, sector], rate
    production_tax, markup : [country, sector], rate
    iceberg_hat : [origin, destination, sector], ratio; inf is an embargo
    productivity_hat : [country, sector], ratio
    transfer : [country], in the unit of the economy
    """

    tariff: xr.DataArray
    export_tax: xr.DataArray
    production_tax: xr.DataArray
    markup: xr.DataArray
    iceberg_hat: xr.DataArray
    productivity_hat: xr.DataArray
    transfer: xr.DataArray

    @classmethod
    def of_base(cls, economy: Economy) -> "Wedges":
        """Return the wedges of the base year: no change."""
        if economy not in _BASE:
            _BASE[economy] = cls(**{wedge.name: _neutral(wedge, economy) for wedge in WEDGES})
        return _BASE[economy]

    def changed(self, name: str, economy: Economy) -> bool:
        """Return whether a wedge differs anywhere from the base year."""
        mine, neutral = getattr(self, name), getattr(Wedges.of_base(economy), name)
        return mine is not neutral and bool((mine.values != neutral.values).any())

    def with_values(self, economy: Economy, **values: np.ndarray) -> "Wedges":
        """Return the wedges with some arrays replaced by bare values on the wedges' axes."""
        return replace(
            self, **{name: economy.labelled(array, BY_NAME[name].dims, name) for name, array in values.items()}
        )

    @property
    def at_home_factor(self) -> np.ndarray:
        """(1 + production_tax) (1 + markup) [country, sector]."""
        return np.asarray((1 + self.production_tax.values) * (1 + self.markup.values))

    def levy_factor(self) -> np.ndarray:
        """Return one plus all levies on sales [origin, destination, sector]; see `economy.levies`."""
        factor = 1 + self.export_tax.values
        if self.production_tax.values.any() or self.markup.values.any():
            factor = factor * self.at_home_factor[:, None, :]
        return np.asarray(factor)


assert [field.name for field in fields(Wedges)] == [wedge.name for wedge in WEDGES]
_BASE: "WeakKeyDictionary[Economy, Wedges]" = WeakKeyDictionary()


def _neutral(wedge: Wedge, economy: Economy) -> xr.DataArray:
    if wedge.form == "rate":
        rate: xr.DataArray = getattr(economy, wedge.name)
        return rate
    countries, sectors = len(economy.countries), len(economy.sectors)
    size = {COUNTRY: countries, ORIGIN: countries, DESTINATION: countries}
    shape = tuple(size.get(dim, sectors) for dim in wedge.dims)
    return economy.labelled(np.full(shape, 1.0 if wedge.form == "ratio" else 0.0), wedge.dims, wedge.name)
