"""Anybody's xarray dataset becomes the parts of an Economy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from entrepot.core.alignment import check_labels, conform
from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW, INPUT, INPUTS, SECTOR
from entrepot.core.errors import InvalidEconomy, MisalignedLabels, listed, nearest
from entrepot.economy import accounts
from entrepot.economy.elasticities import Elasticities

SAME_ACCOUNTS = 1e-6
"""Given final shares and value added that agree with the implied ones to this share of income are the same
figures after rounding, and the implied ones are used; published accounts are printed to six figures or more."""


def parts_of_dataset(dataset: xr.Dataset, theta: object) -> dict[str, Any]:
    """Return the arguments of Economy that a dataset holds (see `Economy.from_dataset`)."""
    if "trade" not in dataset:
        raise InvalidEconomy(
            f"the dataset has no variable trade{nearest('trade', [str(name) for name in dataset])}; "
            f"give sales before duty on ({', '.join(FLOW)})"
        )
    labels = _labels(dataset["trade"])
    if theta is None and "theta" not in dataset:
        raise InvalidEconomy("no trade elasticities: give theta= (one number, or one per sector)")
    figures = {
        "trade": conform(dataset["trade"], "trade", FLOW, labels),
        "tariff": _optional(dataset, "tariff", FLOW, labels, 0.0),
        **_technology(dataset, labels),
    }
    _spending(dataset, labels, figures)
    return {
        **figures,
        "theta": theta_by_sector(dataset["theta"] if theta is None else theta, labels[SECTOR]),
        "elasticities": theta if isinstance(theta, Elasticities) else None,
        "countries": _names(dataset, COUNTRY, labels[COUNTRY]),
        "sectors": _names(dataset, SECTOR, labels[SECTOR]),
        "country_groups": _country_groups(dataset),
        "sector_groups": _sector_groups(dataset, labels[SECTOR]),
    }


def theta_by_sector(theta: object, sectors: Sequence[str]) -> xr.DataArray:
    """Return trade elasticities on the sectors of an economy.

    Parameters
    ----------
    theta
        A table of elasticities, one number for all, a mapping or Series by sector (any order), or a DataArray on
        ``sector``.
    sectors
        The codes of the economy's sectors.
    """
    name = theta.name if isinstance(theta, Elasticities) else "theta"
    if isinstance(theta, Elasticities):
        theta = theta.theta
    if isinstance(theta, int | float | np.floating) and not isinstance(theta, bool):
        theta = dict.fromkeys(sectors, float(theta))
    if isinstance(theta, pd.Series | Mapping):
        by_sector = {str(key): float(value) for key, value in theta.items()}
        missing = [sector for sector in sectors if sector not in by_sector]
        unknown = [sector for sector in by_sector if sector not in sectors]
        if missing or unknown:
            what = f"none for {listed(missing)}" if missing else f"found unknown sectors {listed(unknown)}"
            raise MisalignedLabels(f"{name}: {what}; give one elasticity for each sector of the economy")
        theta = xr.DataArray([by_sector[sector] for sector in sectors], coords={SECTOR: list(sectors)}, dims=SECTOR)
    return conform(theta, "theta", (SECTOR,), {SECTOR: sectors})


def _labels(trade: xr.DataArray) -> dict[str, list[str]]:
    """Return the economy's labels, which the axes of `trade` set."""
    if set(trade.dims) != set(FLOW):
        raise MisalignedLabels(
            f"trade has the wrong axes: found ({', '.join(map(str, trade.dims))}); give ({', '.join(FLOW)})"
        )
    absent = [dim for dim in FLOW if dim not in trade.coords]
    if absent:
        raise MisalignedLabels(f"trade has no labels on its axis {listed(absent)}: assign codes to it")
    origins, destinations, sectors = ([str(label) for label in trade[dim].values] for dim in FLOW)
    check_labels(destinations, origins, "trade, axis destination (against origin)")
    for labels, what in ((origins, COUNTRY), (sectors, SECTOR)):
        doubled = [label for label, times in pd.Series(labels).value_counts().items() if times > 1]
        if doubled:
            raise MisalignedLabels(f"trade: {what} {listed(doubled)} more than once; keep one of each or rename")
    return {COUNTRY: origins, SECTOR: sectors}


def _technology(dataset: xr.Dataset, labels: dict[str, list[str]]) -> dict[str, xr.DataArray]:
    given = [name for name in ("input_share", "value_added_share") if name in dataset]
    if len(given) == 1:
        other = {"input_share": "value_added_share", "value_added_share": "input_share"}[given[0]]
        raise InvalidEconomy(f"the dataset has {given[0]} but no {other}; give both, or neither for no input links")
    return {
        "input_share": _optional(dataset, "input_share", INPUTS, labels, 0.0),
        "value_added_share": _optional(dataset, "value_added_share", COUNTRY_SECTOR, labels, 1.0),
    }


def _spending(dataset: xr.Dataset, labels: dict[str, list[str]], parts: dict[str, xr.DataArray]) -> None:
    """Add final shares and value added to `parts`: as implied by them, or as given where raw accounts do not close."""
    trade, tariff, input_share = parts["trade"], parts["tariff"], parts["input_share"]
    implied_share = accounts.final_share(trade, tariff, input_share)
    implied = accounts.value_added(trade, parts["value_added_share"])
    parts |= {"final_share": implied_share, "value_added": implied}
    given = [name for name in ("final_share", "value_added") if name in dataset]
    if not given:
        return
    if len(given) == 1:
        raise InvalidEconomy(f"the dataset has {given[0]} alone; raw accounts need final_share and value_added, both")
    share = conform(dataset["final_share"], "final_share", COUNTRY_SECTOR, labels)
    value_added = conform(dataset["value_added"], "value_added", (COUNTRY,), labels)
    differs = abs(share - implied_share).sum(SECTOR) + abs(value_added / implied.where(implied > 0, 1) - 1)
    if bool((differs > SAME_ACCOUNTS).any()):
        parts |= {"final_share": share, "value_added": value_added}


def _optional(
    dataset: xr.Dataset, name: str, dims: Sequence[str], labels: dict[str, list[str]], absent: float
) -> xr.DataArray:
    if name in dataset:
        return conform(dataset[name], name, dims, labels)
    coords = {dim: labels[SECTOR if dim in (SECTOR, INPUT) else COUNTRY] for dim in dims}
    shape = tuple(len(axis) for axis in coords.values())
    return xr.DataArray(np.full(shape, absent), coords=coords, dims=tuple(dims), name=name)


def _names(dataset: xr.Dataset, axis: str, codes: list[str]) -> dict[str, str]:
    written = dataset.get(f"{axis}_name")
    names = codes if written is None else [str(name) for name in written.values]
    return dict(zip(codes, names, strict=True))


def _sector_groups(dataset: xr.Dataset, codes: list[str]) -> dict[str, tuple[str, ...]]:
    written = dataset.get("sector_group")
    if written is None:
        return {}
    groups: dict[str, list[str]] = {}
    for code, group in zip(codes, written.values, strict=True):
        groups.setdefault(str(group), []).append(code)
    return {group: tuple(members) for group, members in groups.items()}


def _country_groups(dataset: xr.Dataset) -> dict[str, tuple[str, ...]]:
    written = dataset.get("group_member")
    if written is None:
        return {}
    countries = [str(code) for code in dataset[COUNTRY].values]
    names = [str(name) for name in dataset["country_group"].values]
    rows = written.transpose("group", COUNTRY).values.astype(bool)
    return {
        name: tuple(code for code, inside in zip(countries, row, strict=True) if inside)
        for name, row in zip(names, rows, strict=True)
    }
