"""Merge countries or sectors so that every identity still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW, INPUT, INPUTS, ORIGIN, SECTOR
from entrepot.core.errors import InvalidEconomy, UnknownLabel, nearest
from entrepot.economy.dataset import parts_of_dataset
from entrepot.economy.economy import Economy


def aggregate(economy: Economy, countries: Mapping[str, str], sectors: Mapping[str, str], theta: object) -> Economy:
    """Return the economy with countries and sectors merged (see `Economy.aggregate`).

    Values add up; tariffs are averages over trade, input and value-added shares averages over output, so spending,
    output and value added of a merged cell are the sums of its parts. Trade between merged countries becomes domestic
    trade and keeps its duty.
    """
    if not economy.closed:
        raise InvalidEconomy(
            f"{economy.name}: raw accounts that do not close cannot be merged; use .rebalanced() first"
        )
    by_country = _targets(countries, economy.countries, "country")
    by_sector = _targets(sectors, economy.sectors, "sector")
    goes = {ORIGIN: by_country, DESTINATION: by_country, COUNTRY: by_country, SECTOR: by_sector, INPUT: by_sector}

    output = economy.output.rename({ORIGIN: COUNTRY})
    trade = _merged(economy.trade, FLOW, goes)
    duty = _merged(economy.trade * economy.tariff, FLOW, goes)
    merged_output = _merged(output, COUNTRY_SECTOR, goes)
    inputs = _merged(economy.input_share * output, INPUTS, goes)
    value_added = _merged(economy.value_added_share * output, COUNTRY_SECTOR, goes)
    made = merged_output > 0
    dataset = xr.Dataset(
        {
            "trade": trade,
            "tariff": (duty / trade.where(trade > 0, 1)).where(trade > 0, 0.0),
            "input_share": (inputs / merged_output.where(made, 1)).where(made, 0.0).transpose(*INPUTS),
            # A sector that makes nothing has no recipe; value added alone is one that sums to one.
            "value_added_share": (value_added / merged_output.where(made, 1)).where(made, 1.0),
        }
    )
    parts = parts_of_dataset(dataset, _theta(economy, goes) if theta is None else theta)
    if theta is None:
        parts["elasticities"] = economy.elasticities  # their means; the note says what was merged
    parts |= {
        "countries": _names(by_country, economy.countries),
        "sectors": _names(by_sector, economy.sectors),
        "country_groups": _groups(economy.country_groups, by_country),
        "sector_groups": _groups(economy.sector_groups, by_sector),
    }
    note = (
        f"Merged from {len(economy.countries)} x {len(economy.sectors)} to {len(trade[ORIGIN])} x {len(trade[SECTOR])}."
    )
    return replace(economy, **parts, notes=(*economy.notes, note))


def _targets(mapping: Mapping[str, str], known: Mapping[str, str], what: str) -> dict[str, str]:
    for code in mapping:
        if code not in known:
            hint = nearest(code, list(known), list(known.values()))
            raise UnknownLabel(f"cannot merge the {what} {code!r}: the economy has none{hint}")
    return {code: mapping.get(code, code) for code in known}


def _merged(array: xr.DataArray, dims: Sequence[str], goes: Mapping[str, Mapping[str, str]]) -> xr.DataArray:
    """Return sums over the members of each new label, on `dims`, new labels in order of first appearance."""
    values = array.transpose(*dims).values
    coords = {}
    for axis, dim in enumerate(dims):
        olds = list(goes[dim])
        news = list(dict.fromkeys(goes[dim].values()))
        member = np.zeros((len(olds), len(news)))
        member[np.arange(len(olds)), [news.index(goes[dim][old]) for old in olds]] = 1.0
        values = np.moveaxis(np.tensordot(values, member, axes=(axis, 0)), -1, axis)
        coords[dim] = news
    return xr.DataArray(values, coords=coords, dims=tuple(dims))


def _theta(economy: Economy, goes: Mapping[str, Mapping[str, str]]) -> xr.DataArray:
    """Return elasticities as means over cross-border trade: what an elasticity of trade is about."""
    own = xr.DataArray(~np.eye(len(economy.countries), dtype=bool), dims=(ORIGIN, DESTINATION))
    crossing = (economy.trade * own).sum((ORIGIN, DESTINATION))
    weight = _merged(crossing, (SECTOR,), goes)
    counted = _merged(xr.ones_like(crossing), (SECTOR,), goes)
    weighted = _merged(crossing * economy.theta, (SECTOR,), goes) / weight.where(weight > 0, 1)
    plain = _merged(economy.theta, (SECTOR,), goes) / counted
    return weighted.where(weight > 0, plain)


def _names(targets: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Return names of the new codes: a code that existed keeps its name, a new one is its own name."""
    return {code: names.get(code, code) for code in dict.fromkeys(targets.values())}


def _groups(groups: Mapping[str, tuple[str, ...]], targets: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the groups whose members were merged only among themselves."""
    kept = {}
    for group, members in groups.items():
        new = dict.fromkeys(targets[member] for member in members)
        if all(old in members for old, code in targets.items() if code in new):
            kept[group] = tuple(new)
    return kept
