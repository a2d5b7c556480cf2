"""The table of wedges: everything that policy or technology can put between what is paid and what is received.

A new wedge is a row here, its place in the equations (`equilibrium/model/encoding.py`), and an instrument that writes
it (`policy/instruments`). Shocks, paths, derivatives, goal seek, reports and the command line loop over the table.
"""

from dataclasses import dataclass, fields, replace
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW, ORIGIN
from entrepot.economy.economy import Economy

Lever = Literal["log_cost", "log_duty", "log_levy", "log_productivity", "transfer"]


@dataclass(frozen=True)
class Wedge:
    """One row of the table.

    Attributes
    ----------
    name
        Attribute of `Shock` and `Wedges`, variable of :func:`entrepot.sensitivity`.
    word
        What the command line and goal seek call it.
    title
        For headings and sentences.
    dims
        Axes of its array.
    form
        ``"rate"`` is ad valorem, neutral at the rate of the base year; ``"ratio"`` is a change, neutral at 1;
        ``"payment"`` is a sum in the unit of the economy, neutral at 0.
    lever
        Through which lever of the equations it acts (`equilibrium.derivatives.sensitivity`).
    levied_by
        Whose treasury or households earn it: ``"destination"``, ``"origin"`` or nobody (None).
    goods_only
        Whether ``all`` sectors means all goods, as at customs.
    step
        A standard small change, for rankings.
    help
        What it is, in one line.
    """

    name: str
    word: str
    title: str
    dims: tuple[str, ...]
    form: Literal["rate", "ratio", "payment"]
    lever: Lever
    levied_by: Literal["destination", "origin"] | None
    goods_only: bool
    step: str
    help: str

    @property
    def on_flows(self) -> bool:
        """Whether it is levied flow by flow [origin, destination, sector]."""
        return self.dims == FLOW

    def summed(self, values: np.ndarray) -> np.ndarray:
        """Return values on flows summed to the wedge's axes; values on its own axes stay as they are."""
        return values.sum(axis=FLOW.index(DESTINATION)) if values.ndim > len(self.dims) else values

    def on(self, values: np.ndarray) -> np.ndarray:
        """Return values on the wedge's axes so that they broadcast over [origin, destination, sector]."""
        return values[:, None, :] if self.dims == COUNTRY_SECTOR else values


WEDGES = (
    Wedge(
        "tariff", "tariff", "tariff", FLOW, "rate", "log_duty", "destination", True, "tariff, +1 point",
        "ad valorem import duty",
    ),
    Wedge(
        "export_tax", "export_tax", "export tax", FLOW, "rate", "log_levy", "origin", True, "export tax, +1 point",
        "ad valorem tax on exports; negative is a subsidy",
    ),
    Wedge(
        "production_tax", "production_tax", "production tax", COUNTRY_SECTOR, "rate", "log_levy", "origin", False,
        "production tax, +1 point", "ad valorem tax on production, whoever buys; negative is a subsidy",
    ),
    Wedge(
        "markup", "markup", "markup", COUNTRY_SECTOR, "rate", "log_levy", "origin", False, "markup, +1 point",
        "price over cost, minus one; profits go to households of the producing country",
    ),
    Wedge(
        "iceberg_hat", "iceberg", "trade cost", FLOW, "ratio", "log_cost", None, False, "trade cost, +1 %",
        "non-tariff trade cost",
    ),
    Wedge(
        "productivity_hat", "productivity", "productivity", COUNTRY_SECTOR, "ratio", "log_productivity", None, False,
        "productivity, +1 %", "productivity of all factors and inputs",
    ),
    Wedge(
        "transfer", "transfer", "transfer", (COUNTRY,), "payment", "transfer", None, False, "transfer",
        "payment received from other countries",
    ),
)  # fmt: skip
"""Every wedge, in the order in which reports list them."""
BY_NAME = {wedge.name: wedge for wedge in WEDGES}
BY_WORD = {wedge.word: wedge for wedge in WEDGES}


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
