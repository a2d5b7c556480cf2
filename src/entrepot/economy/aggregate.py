"""Merge countries or sectors so that every identity still holds.

Values add up; taxes are averages over trade, input and value-added shares averages over output, so spending, output
and value added of a merged cell are the sums of its parts. Trade between merged countries becomes domestic trade and
keeps its duty.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW, INPUT, INPUTS, ORIGIN, SECTOR
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy import accounts
from entrepot.economy.identities import Accounts
from entrepot.economy.levies import at_home_factor

Targets = Mapping[str, str]
"""Every old code and the code it goes to, in the order of the axis."""


class Named(Protocol):
    """What has codes with names, and groups of codes."""

    @property
    def countries(self) -> Mapping[str, str]:
        """Codes mapped to names."""

    @property
    def sectors(self) -> Mapping[str, str]:
        """Codes mapped to names."""

    @property
    def country_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Names mapped to codes."""

    @property
    def sector_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Names mapped to codes."""

    @property
    def unit(self) -> str:
        """Of all values."""


def targets(mapping: Mapping[str, str], known: Mapping[str, str], what: str) -> dict[str, str]:
    """Return where every code goes; what `mapping` leaves out keeps its own.

    Raises
    ------
    UnknownLabel
        A code that is not known, with the nearest ones.
    """
    for code in mapping:
        if code not in known:
            hint = nearest(code, list(known), list(known.values()))
            raise UnknownLabel(f"cannot merge the {what} {code!r}: the economy has none{hint}")
    return {code: mapping.get(code, code) for code in known}


def merged(figures: Accounts, by_country: Targets, by_sector: Targets) -> xr.Dataset:
    """Return the figures with countries and sectors merged, as a dataset that `Economy.from_dataset` takes."""
    goes = {ORIGIN: by_country, DESTINATION: by_country, COUNTRY: by_country, SECTOR: by_sector, INPUT: by_sector}
    output = accounts.output(figures.trade, figures.levy_factor).rename({ORIGIN: COUNTRY})
    trade = _sums(figures.trade, FLOW, goes)
    made = _sums(output, COUNTRY_SECTOR, goes)
    untaxed = _sums(figures.trade / figures.levy_factor, FLOW, goes)
    with_markup = output * (1 + figures.markup)
    markup = _ratio(_sums(with_markup, COUNTRY_SECTOR, goes), made, 1.0) - 1
    taxed = _sums(with_markup * (1 + figures.production_tax), COUNTRY_SECTOR, goes)
    production_tax = _ratio(taxed, _sums(with_markup, COUNTRY_SECTOR, goes), 1.0) - 1
    at_home = at_home_factor(production_tax, markup)
    # Where parts of a merged flow bear different levies, its export tax takes up the difference from their average.
    before_export_tax = untaxed if at_home is None else (untaxed * at_home.rename({COUNTRY: ORIGIN})).transpose(*FLOW)
    return xr.Dataset(
        {
            "trade": trade,
            "tariff": _ratio(_sums(figures.trade * figures.tariff, FLOW, goes), trade, 0.0),
            "export_tax": _ratio(trade, before_export_tax, 1.0) - 1,
            "production_tax": production_tax,
            "markup": markup,
            "input_share": _ratio(_sums(figures.input_share * output, INPUTS, goes), made, 0.0).transpose(*INPUTS),
            # A sector that makes nothing has no recipe; value added alone is one that sums to one.
            "value_added_share": _ratio(_sums(figures.value_added_share * output, COUNTRY_SECTOR, goes), made, 1.0),
            "theta": _theta(figures, goes),
        }
    )


def surviving_groups(groups: Mapping[str, tuple[str, ...]], goes: Targets) -> dict[str, tuple[str, ...]]:
    """Return the groups whose members were merged only among themselves."""
    kept = {}
    for group, members in groups.items():
        new = dict.fromkeys(goes[member] for member in members)
        if all(old in members for old, code in goes.items() if code in new):
            kept[group] = tuple(new)
    return kept


def names_of_merged(
    figures: Named, parts: Mapping[str, Any], by_country: Targets, by_sector: Targets
) -> dict[str, Any]:
    """Return names, groups and unit of an economy whose countries and sectors were merged; new codes are their name."""
    return {
        "countries": {code: figures.countries.get(code, code) for code in parts["countries"]},
        "sectors": {code: figures.sectors.get(code, code) for code in parts["sectors"]},
        "country_groups": surviving_groups(figures.country_groups, by_country),
        "sector_groups": surviving_groups(figures.sector_groups, by_sector),
        "unit": figures.unit,
    }


def _sums(array: xr.DataArray, dims: Sequence[str], goes: Mapping[str, Targets]) -> xr.DataArray:
    """Return sums over the members of each new label, on `dims`, new labels in order of first appearance."""
    values = array.transpose(*dims).values
    coords = {}
    for axis, dim in enumerate(dims):
        news = list(dict.fromkeys(goes[dim].values()))
        member = np.array([[new == code for new in news] for code in goes[dim].values()], dtype=float)
        values = np.moveaxis(np.tensordot(values, member, axes=(axis, 0)), -1, axis)
        coords[dim] = news
    return xr.DataArray(values, coords=coords, dims=tuple(dims))


def _ratio(part: xr.DataArray, whole: xr.DataArray, otherwise: float) -> xr.DataArray:
    return (part / whole.where(whole > 0, 1)).where(whole > 0, otherwise)


def _theta(figures: Accounts, goes: Mapping[str, Targets]) -> xr.DataArray:
    """Return elasticities as means over cross-border trade: what an elasticity of trade is about."""
    abroad = figures.trade.where(figures.trade[ORIGIN] != figures.trade[DESTINATION], 0.0).sum((ORIGIN, DESTINATION))
    plain = _sums(figures.theta, (SECTOR,), goes) / _sums(xr.ones_like(figures.theta), (SECTOR,), goes)
    weight = _sums(abroad, (SECTOR,), goes)
    return _ratio(_sums(abroad * figures.theta, (SECTOR,), goes), weight, np.nan).fillna(plain)
