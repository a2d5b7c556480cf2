"""The Shock: every wedge after the change, as labelled arrays. What is left out does not change."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from entrepot.core.alignment import cells, conform
from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW, SECTOR
from entrepot.core.errors import InvalidShock, listed
from entrepot.economy.economy import Economy
from entrepot.policy.limit import Limit

BALANCED = 1e-9  # of all that is paid: transfers add up to zero but for rounding


@dataclass(frozen=True, eq=False)
class Shock:
    """What changes, ready for the solver.

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
    """

    tariff: xr.DataArray | None = None
    iceberg_hat: xr.DataArray | None = None
    export_tax: xr.DataArray | None = None
    productivity_hat: xr.DataArray | None = None
    transfer: xr.DataArray | None = None
    limits: tuple[Limit, ...] = ()

    def on(self, economy: Economy) -> "Shock":
        """Return the shock on the economy's labels, or raise naming what does not fit.

        Raises
        ------
        MisalignedLabels
            Axes or labels differ from the economy's.
        MissingValue
            A NaN.
        InvalidShock
            A duty or export tax of -100 % or below, a ratio that is not positive, transfers that do not add up to zero.
        """

        def fitted(name: str, dims: tuple[str, ...]) -> xr.DataArray | None:
            given = getattr(self, name)
            return None if given is None else conform(given, name, dims, economy.labels)

        tariff, export_tax = fitted("tariff", FLOW), fitted("export_tax", FLOW)
        iceberg_hat, productivity_hat = fitted("iceberg_hat", FLOW), fitted("productivity_hat", COUNTRY_SECTOR)
        transfer = fitted("transfer", (COUNTRY,))
        for rate in (tariff, export_tax):
            if rate is not None:
                _refuse(rate <= -1, rate, "a rate of -100 % or below would give the goods away; stay above -1")
                infinite = xr.ufuncs.isinf(rate)
                _refuse(infinite, rate, "an infinite rate has no revenue; use iceberg_hat = inf for an embargo")
        for hat in (iceberg_hat, productivity_hat):
            if hat is not None:
                _refuse(hat <= 0, hat, "a change is a positive ratio; 1 is no change")
        if productivity_hat is not None:
            infinite = xr.ufuncs.isinf(productivity_hat)
            _refuse(infinite, productivity_hat, "productivity must stay finite")
        if transfer is not None and not abs(float(transfer.sum())) <= BALANCED * float(abs(transfer).sum()):
            raise InvalidShock(f"transfer adds up to {float(transfer.sum()):g}; what one receives another must pay")
        if not isinstance(self.limits, tuple | list) or not all(isinstance(one, Limit) for one in self.limits):
            raise InvalidShock("limits: give a tuple of entrepot.Limit")
        names = [limit.name for limit in self.limits]
        if len(set(names)) < len(names):
            raise InvalidShock(f"two limits are called {max(names, key=names.count)!r}; keep one of them")
        limits = tuple(limit.fitted(economy) for limit in self.limits)
        tariff = economy.tariff if tariff is None else tariff
        return Shock(tariff, iceberg_hat, export_tax, productivity_hat, transfer, limits)


def merged(shock: Shock, economy: Economy, one: Economy) -> Shock:
    """Return a shock on an economy's labels as the same economy with all sectors merged into one sees it.

    Duties and export taxes are averages over trade, productivity is a geometric mean over output, and a change in trade
    cost is the one that moves the merged flow as the changes in its parts would at given prices, embargoes included.

    Parameters
    ----------
    shock
        On the labels of `economy` (`Shock.on`).
    economy
        With its sectors.
    one
        The same with a single sector.
    """
    if shock.limits:
        raise InvalidShock(
            f"{listed(limit.name for limit in shock.limits)}: limits are not asked of a model that merges all "
            "sectors into one; choose another model"
        )
    sold, theta = economy.trade, float(one.theta[0])
    total = sold.sum(SECTOR)
    traded = total > 0

    def flows(array: xr.DataArray, otherwise: xr.DataArray, name: str) -> xr.DataArray:
        kept = array.where(traded, otherwise.isel(sector=0, drop=True))
        return one.labelled(kept.transpose(*FLOW[:2]).values[:, :, None], FLOW, name)

    whole = total.where(traded, 1)
    tariff = iceberg_hat = export_tax = productivity_hat = None
    if shock.tariff is not None:
        tariff = flows((sold * shock.tariff).sum(SECTOR) / whole, one.tariff, "tariff")
    if shock.iceberg_hat is not None:
        spent = sold * (1 + economy.tariff)
        left = (spent * shock.iceberg_hat**-theta).sum(SECTOR) / spent.sum(SECTOR).where(traded, 1)
        with np.errstate(divide="ignore"):
            iceberg_hat = flows(left ** (-1 / theta), xr.ones_like(one.tariff), "iceberg_hat")
    if shock.export_tax is not None:
        untaxed = (sold / (1 + shock.export_tax)).sum(SECTOR)
        export_tax = flows(whole / untaxed.where(traded, 1) - 1, one.export_tax, "export_tax")
    if shock.productivity_hat is not None:
        made = economy.output.rename({FLOW[0]: COUNTRY})
        logs = (made * xr.ufuncs.log(shock.productivity_hat)).sum(SECTOR) / made.sum(SECTOR).where(lambda x: x > 0, 1)
        productivity_hat = one.labelled(np.exp(logs.values)[:, None], COUNTRY_SECTOR, "productivity_hat")
    return Shock(tariff, iceberg_hat, export_tax, productivity_hat, shock.transfer)


def _refuse(wrong: xr.DataArray, array: xr.DataArray, remedy: str) -> None:
    index = np.argwhere(wrong.values)
    if len(index):
        labels = [[str(label) for label in array[dim].values] for dim in array.dims]
        found = float(array.values[tuple(index[0])])
        raise InvalidShock(f"{array.name} at {listed(cells(index, labels))}: found {found:g}; {remedy}")
