"""The Shock: what a user changes, as labelled arrays. What is left out does not change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import xarray as xr

from entrepot.core.alignment import cells, conform
from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW, SECTOR
from entrepot.core.errors import InvalidShock, listed
from entrepot.core.wedges import BY_NAME, WEDGES
from entrepot.economy.economy import Economy
from entrepot.policy.limit import Limit
from entrepot.policy.wedges import Wedges

BALANCED = 1e-9  # of all that is paid: transfers add up to zero but for rounding


class FittedShock(NamedTuple):
    """A shock on the labels of an economy: every wedge filled in, limits apart."""

    wedges: Wedges
    limits: tuple[Limit, ...] = ()

    def as_shock(self, economy: Economy) -> "Shock":
        """Return the shock that a user would write: the tariff, and the other wedges that differ from the base year."""
        names = [wedge.name for wedge in WEDGES if wedge.name == "tariff" or self.wedges.changed(wedge.name, economy)]
        return Shock(**{name: getattr(self.wedges, name) for name in names}, limits=self.limits)


@dataclass(frozen=True, eq=False)
class Shock:
    """What changes, as far as the user says it.

    Attributes
    ----------
    tariff : [origin, destination, sector], rate
        The ad valorem duty after the change (not the difference): 0.5 is 50 %. Above -1.
    iceberg_hat : [origin, destination, sector], ratio
        Change in non-tariff trade cost; 1.1 is ten per cent dearer, ``inf`` an embargo (exactly zero trade).
    export_tax : [origin, destination, sector], rate
        The ad valorem tax on exports after the change; negative is a subsidy. Above -1.
    productivity_hat : [country, sector], ratio
        Change in the productivity of all factors and inputs; 1.1 makes ten per cent more of the same.
    transfer : [country], the unit of the economy
        Payment received from the others, constant in the numeraire; adds up to zero.
    limits
        Quotas, price caps and conditional penalties: wedges that :func:`entrepot.solve` finds (`Limit`).
    production_tax : [country, sector], rate
        The ad valorem tax on production after the change, at home and abroad; negative is a subsidy. Above -1.
    markup : [country, sector], rate
        Price over cost after the change, minus one. Above -1.
    """

    tariff: xr.DataArray | None = None
    iceberg_hat: xr.DataArray | None = None
    export_tax: xr.DataArray | None = None
    productivity_hat: xr.DataArray | None = None
    transfer: xr.DataArray | None = None
    limits: tuple[Limit, ...] = ()
    production_tax: xr.DataArray | None = None
    markup: xr.DataArray | None = None

    def on(self, economy: Economy) -> FittedShock:
        """Return every wedge and limit on the economy's labels, or raise naming what does not fit.

        Raises
        ------
        MisalignedLabels
            Axes or labels differ from the economy's.
        MissingValue
            A NaN.
        InvalidShock
            A rate of -100 % or below, a ratio that is not positive, transfers that do not add up to zero, limits of one
            name or limits that do not fit.
        """
        given = {}
        for wedge in WEDGES:
            array = getattr(self, wedge.name)
            if array is not None:
                given[wedge.name] = conform(array, wedge.name, wedge.dims, economy.labels)
        return fitted(given, self.limits, economy)


def fitted(changed: Mapping[str, xr.DataArray], limits: Sequence[Limit], economy: Economy) -> FittedShock:
    """Return wedges that have the economy's labels already as a fitted shock, their values checked.

    Raises
    ------
    InvalidShock
        As :meth:`Shock.on`.
    """
    for array in changed.values():
        check_values(array)
    if not isinstance(limits, tuple | list) or not all(isinstance(one, Limit) for one in limits):
        raise InvalidShock("limits: give a tuple of entrepot.Limit")
    names = [limit.name for limit in limits]
    if len(set(names)) < len(names):
        raise InvalidShock(f"two limits are called {max(names, key=names.count)!r}; keep one of them")
    wedges = replace(Wedges.of_base(economy), **changed) if changed else Wedges.of_base(economy)
    return FittedShock(wedges, tuple(limit.fitted(economy) for limit in limits))


def merged(wedges: Wedges, economy: Economy, one: Economy) -> Wedges:
    """Return wedges on an economy's labels as the same economy with all sectors merged into one sees them.

    Rates are averages over what they are levied on, productivity is a geometric mean over output, and a change in trade
    cost is the one that moves the merged flow as the changes in its parts would at given prices, embargoes included.

    Parameters
    ----------
    wedges
        On the labels of `economy`.
    economy
        With its sectors.
    one
        The same with a single sector.
    """
    sold, theta = economy.trade, float(one.theta[0])
    total = sold.sum(SECTOR)
    traded = total > 0
    whole = total.where(traded, 1)

    def flows(array: xr.DataArray, otherwise: xr.DataArray, name: str) -> xr.DataArray:
        kept = array.where(traded, otherwise.isel(sector=0, drop=True))
        return one.labelled(kept.transpose(*FLOW[:2]).values[:, :, None], FLOW, name)

    def places(array: np.ndarray, name: str) -> xr.DataArray:
        return one.labelled(array[:, None], COUNTRY_SECTOR, name)

    merged_wedges = {"tariff": flows((sold * wedges.tariff).sum(SECTOR) / whole, one.tariff, "tariff")}
    if wedges.changed("iceberg_hat", economy):
        spent = sold * (1 + economy.tariff)
        left = (spent * wedges.iceberg_hat**-theta).sum(SECTOR) / spent.sum(SECTOR).where(traded, 1)
        with np.errstate(divide="ignore"):
            merged_wedges["iceberg_hat"] = flows(left ** (-1 / theta), xr.ones_like(one.tariff), "iceberg_hat")
    if any(wedges.changed(name, economy) for name in ("export_tax", "production_tax", "markup")):
        value = sold / wedges.levy_factor()
        made = value.sum(DESTINATION).values  # c s, at producers' prices
        priced = made * (1 + wedges.markup.values)
        taxed = priced * (1 + wedges.production_tax.values)
        sums = [np.where(array.sum(axis=1) > 0, array.sum(axis=1), 1.0) for array in (made, priced, taxed)]
        at_home = sums[2] / sums[0]
        merged_wedges["markup"] = places(sums[1] / sums[0] - 1, "markup")
        merged_wedges["production_tax"] = places(sums[2] / sums[1] - 1, "production_tax")
        before = value.sum(SECTOR).where(traded, 1) * at_home[:, None]
        merged_wedges["export_tax"] = flows(whole / before - 1, one.export_tax, "export_tax")
    if wedges.changed("productivity_hat", economy):
        output = economy.output.rename({FLOW[0]: COUNTRY})
        logs = (output * xr.ufuncs.log(wedges.productivity_hat)).sum(SECTOR)
        logs = logs / output.sum(SECTOR).where(lambda x: x > 0, 1)
        merged_wedges["productivity_hat"] = places(np.exp(logs.values), "productivity_hat")
    return replace(Wedges.of_base(one), transfer=wedges.transfer, **merged_wedges)


def check_values(array: xr.DataArray) -> None:
    """Raise InvalidShock where a wedge, which its array names, has a value without meaning; says in which cells."""
    wedge = BY_NAME[str(array.name)]
    if wedge.form == "rate":
        _refuse(array <= -1, array, "a rate of -100 % or below would give the goods away; stay above -1")
        remedy = "an infinite rate has no revenue; use iceberg_hat = inf for an embargo"
        _refuse(xr.ufuncs.isinf(array), array, remedy)
    if wedge.form == "ratio":
        _refuse(array <= 0, array, "a change is a positive ratio; 1 is no change")
    if wedge.name == "productivity_hat":
        _refuse(xr.ufuncs.isinf(array), array, "productivity must stay finite")
    if wedge.form == "payment" and not abs(float(array.sum())) <= BALANCED * float(abs(array).sum()):
        raise InvalidShock(f"{wedge.name} adds up to {float(array.sum()):g}; what one receives another must pay")


def _refuse(wrong: xr.DataArray, array: xr.DataArray, remedy: str) -> None:
    index = np.argwhere(wrong.values)
    if len(index):
        labels = [[str(label) for label in array[dim].values] for dim in array.dims]
        found = float(array.values[tuple(index[0])])
        raise InvalidShock(f"{array.name} at {listed(cells(index, labels))}: found {found:g}; {remedy}")
