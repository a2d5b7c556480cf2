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
from entrepot.economy.identities import Accounts
from entrepot.economy.levies import levy_factor

DEFAULT_UNIT = "USD million"
HALF_SIXTH_DIGIT = 5e-7
SAME_ACCOUNTS = 1e-6
"""Given final shares and value added that agree with the implied ones to this share of income are the same
figures after rounding, and the implied ones are used; published accounts are printed to six figures or more."""


def parts_of_dataset(dataset: xr.Dataset, theta: object) -> dict[str, Any]:
    """Return the arguments of Economy that a dataset holds (see `Economy.from_dataset`)."""
    if not isinstance(dataset, xr.Dataset):
        raise InvalidEconomy(f"found {type(dataset).__name__}; give an xarray.Dataset with the variable trade")
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
        "export_tax": _optional(dataset, "export_tax", FLOW, labels, 0.0),
        "production_tax": _optional(dataset, "production_tax", COUNTRY_SECTOR, labels, 0.0),
        "markup": _optional(dataset, "markup", COUNTRY_SECTOR, labels, 0.0),
        **_technology(dataset, labels),
    }
    _spending(dataset, labels, figures)
    return {
        **figures,
        "unit": _unit(dataset),
        "theta": theta_by_sector(dataset["theta"] if theta is None else theta, labels[SECTOR]),
        "elasticities": theta if isinstance(theta, Elasticities) else None,
        "countries": _names(dataset, COUNTRY, labels[COUNTRY]),
        "sectors": _names(dataset, SECTOR, labels[SECTOR]),
        "country_groups": _country_groups(dataset, labels[COUNTRY]),
        "sector_groups": _sector_groups(dataset, labels[SECTOR]),
    }


def parts_with_trade(figures: Accounts, given: Mapping[str, xr.DataArray]) -> tuple[dict[str, Any], str]:
    """Return the parts of an economy with other trade and tariffs that fit each other, and a note on what moved."""
    trade, tariff = given["trade"], given["tariff"]
    levies = levy_factor(figures.export_tax, figures.production_tax, figures.markup)
    fitted = accounts.fitted_inputs(trade, tariff, levies, figures.input_share)
    sold = accounts.output(trade, levies)
    note = (
        f"Trade and tariffs are those given; inputs were scaled down in {fitted.cells} of "
        f"{fitted.value_added_share.size:,} cells, which moved {100 * fitted.moved:.2f} % of value added."
    )
    return {
        "trade": trade, "tariff": tariff, "input_share": fitted.input_share,
        "value_added_share": fitted.value_added_share,
        "final_share": accounts.final_share(trade, tariff, sold, fitted.input_share),
        "value_added": accounts.value_added(sold, fitted.value_added_share),
    }, note  # fmt: skip


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
    if isinstance(theta, int | float | np.number) and not isinstance(theta, bool):
        theta = dict.fromkeys(sectors, float(theta))
    if isinstance(theta, pd.Series | Mapping):
        if isinstance(theta, pd.Series) and not theta.index.is_unique:
            raise MisalignedLabels(f"{name}: a sector is given twice; keep one")
        try:
            by_sector = {str(key): float(value) for key, value in theta.items()}
        except (TypeError, ValueError) as error:
            raise MisalignedLabels(f"{name}: {error}; give one number for each sector") from None
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
    input_share = _optional(dataset, "input_share", INPUTS, labels, 0.0)
    value_added_share = _optional(dataset, "value_added_share", COUNTRY_SECTOR, labels, 1.0)
    total = input_share.sum(INPUT) + value_added_share
    # Shares rounded to six digits miss one by half a unit each; value added takes it up, so that the accounts close.
    if bool((abs(total - 1) <= HALF_SIXTH_DIGIT * (len(labels[SECTOR]) + 1)).all()):
        value_added_share = (value_added_share + (1 - total)).clip(0).rename("value_added_share")
    return {"input_share": input_share, "value_added_share": value_added_share}


def _spending(dataset: xr.Dataset, labels: dict[str, list[str]], parts: dict[str, xr.DataArray]) -> None:
    """Add final shares and value added to `parts`: as implied by them, or as given where raw accounts do not close."""
    trade, tariff, input_share = parts["trade"], parts["tariff"], parts["input_share"]
    made = accounts.output(trade, levy_factor(parts["export_tax"], parts["production_tax"], parts["markup"]))
    implied_share = accounts.final_share(trade, tariff, made, input_share)
    implied = accounts.value_added(made, parts["value_added_share"])
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


def _unit(dataset: xr.Dataset) -> str:
    """Return the unit of values that the attributes name, "USD million" where there are none."""
    written = [str(dataset.attrs[name]) for name in ("currency", "unit") if name in dataset.attrs]
    return " ".join(written) or DEFAULT_UNIT


def _names(dataset: xr.Dataset, axis: str, codes: list[str]) -> dict[str, str]:
    written = _texts(dataset, f"{axis}_name", axis, codes)
    return dict(zip(codes, written or codes, strict=True))


def _sector_groups(dataset: xr.Dataset, codes: list[str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for code, group in zip(codes, _texts(dataset, "sector_group", SECTOR, codes) or [], strict=False):
        groups.setdefault(group, []).append(code)
    return {group: tuple(members) for group, members in groups.items()}


def _texts(dataset: xr.Dataset, name: str, axis: str, codes: list[str]) -> list[str] | None:
    """Return the texts of an optional coordinate in the order of `codes`, matched by label and not by position."""
    written = dataset.get(name)
    if written is None:
        return None
    if written.dims != (axis,):
        raise MisalignedLabels(f"{name} has the wrong axes: found {written.dims}; give one text for each {axis}")
    if axis not in written.coords:
        if len(written) != len(codes):
            raise MisalignedLabels(f"{name} has {len(written)} texts; give one for each of the {len(codes)}")
        return [str(text) for text in written.values]
    by_code = {str(code): str(text) for code, text in zip(written[axis].values, written.values, strict=True)}
    missing = [code for code in codes if code not in by_code]
    if missing:
        raise MisalignedLabels(f"{name}: none for {listed(missing)}; give one for each {axis}")
    return [by_code[code] for code in codes]


def _country_groups(dataset: xr.Dataset, codes: list[str]) -> dict[str, tuple[str, ...]]:
    written = dataset.get("group_member")
    if written is None:
        return {}
    if set(written.dims) != {"group", COUNTRY} or "country_group" not in dataset or COUNTRY not in written.coords:
        raise MisalignedLabels(
            "group_member needs the axes (group, country), labels on country, and a coordinate country_group on group"
        )
    if written.dtype.kind not in "biu":
        raise MisalignedLabels(f"group_member holds {written.dtype}; give true or false")
    countries = [str(code) for code in written[COUNTRY].values]
    check_labels([code for code in codes if code in set(countries)], countries, "group_member, axis country")
    names = [str(name) for name in np.atleast_1d(dataset["country_group"].values)]
    if len(set(names)) != written.sizes["group"]:
        raise MisalignedLabels("country_group: give each group one name of its own")
    rows = written.transpose("group", COUNTRY).values.astype(bool)
    return {
        name: tuple(code for code, inside in zip(countries, row, strict=True) if inside)
        for name, row in zip(names, rows, strict=True)
    }
