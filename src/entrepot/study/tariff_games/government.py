"""Governments and the taxes that are theirs to set: who, on what, with which rates free."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel, listed, nearest
from entrepot.economy.economy import Economy
from entrepot.policy.selection import ALL, label_resolver

By = Literal["uniform", "partner", "sector", "partner,sector"]
Tax = Literal["tariff", "export_tax"]
TAXES: tuple[Tax, ...] = get_args(Tax)
COLUMNS = ["government", "tax", "partner", "sector"]


@dataclass(frozen=True, eq=False)
class Government:
    """A country, or several that set taxes as one.

    Attributes
    ----------
    name
        The code or group as it was named.
    members
        Places of its countries on the axis.
    """

    name: str
    members: np.ndarray


@dataclass(frozen=True, eq=False)
class TaxRates:
    """The rates that governments are free to set, as one vector, and the flows that each applies to.

    Attributes
    ----------
    economy
        The base year as the model sees it.
    governments
        Who sets them.
    labels
        One row a rate: government, tax, partner and sector (``all`` where one rate is for all).
    of_government
        Which government sets a rate [rate].
    tariff, export_tax : [origin, destination, sector]
        Which rate a flow pays; -1 where none of these.
    """

    economy: Economy
    governments: tuple[Government, ...]
    labels: pd.DataFrame
    of_government: np.ndarray
    tariff: np.ndarray = field(repr=False)
    export_tax: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        return len(self.of_government)

    def on(self, name: Tax, rates: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
        """Return a tax on every flow [origin, destination, sector]: these rates, and what it is on all other flows."""
        at = getattr(self, name)
        return np.where(at >= 0, rates[np.maximum(at, 0)], otherwise)

    def levied(self, name: Tax) -> bool:
        """Whether any rate is of this tax."""
        return bool((getattr(self, name) >= 0).any())

    def mean(self, name: Tax, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return, for each rate of a tax, the mean over its flows [rate]; 0 for rates of another tax."""
        at = getattr(self, name)
        there = at >= 0
        total = np.bincount(at[there], (values * weights)[there], len(self))
        weight = np.bincount(at[there], weights[there], len(self))
        return total / np.where(weight > 0, weight, 1.0)

    def table(self, **columns: np.ndarray) -> pd.DataFrame:
        """Return one row a rate, with the columns beside its labels."""
        return self.labels.assign(**columns)


def governments_of(economy: Economy, players: Sequence[str] | None) -> tuple[Government, ...]:
    """Return the governments that are named: codes, groups that act as one, or every country where none is.

    Raises
    ------
    UnknownLabel
        No such country or group.
    InvalidShock
        A country in two governments, or none with any trade.
    """
    players = None if players is None else _words(players, "players")
    words = label_resolver(economy, {}).countries
    trading = economy.income.values > 0
    if players is None:
        players = [code for code, there in zip(economy.countries, trading, strict=True) if there]
    made = [Government(str(name), np.array(words.positions([str(name)]))) for name in players]
    places = np.concatenate([one.members for one in made])
    twice = [code for n, code in enumerate(economy.countries) if (places == n).sum() > 1]
    if twice:
        raise InvalidShock(f"{listed(twice)}: in two governments; a country has one")
    if len(places) == len(economy.countries) and len(made) == 1:
        raise InvalidShock(f"{made[0].name}: a government of the whole world trades with nobody; name fewer countries")
    return tuple(made)


def rates_of(
    economy: Economy,
    governments: Sequence[Government],
    by: str = "uniform",
    taxes: Sequence[str] = ("tariff",),
    partners: Sequence[str] = (ALL,),
    sectors: Sequence[str] = ("goods",),
    named: bool = True,
) -> TaxRates:
    """Return the rates that governments are free to set, each on the flows with countries outside.

    Parameters
    ----------
    economy
        The base year.
    governments
        Who sets taxes.
    by
        One rate for all (``"uniform"``), for each ``"partner"``, each ``"sector"``, or each ``"partner,sector"``.
    taxes
        ``"tariff"``, ``"export_tax"`` or both.
    partners, sectors
        On trade with whom and in what; services pay no duty unless they are named.
    named
        Whether governments were named, so that one without anything to tax is a mistake; else it is left out.

    Raises
    ------
    UnknownLabel, InvalidShock
        A word without meaning, or no flow that a rate would apply to.
    """
    by = "partner,sector" if by == "sector,partner" else by
    if by not in get_args(By):
        raise UnknownLabel(f"no rates by {by!r}{nearest(by, list(get_args(By)))}; choose {listed(get_args(By))}")
    for tax in _words(taxes, "instruments"):
        if tax not in TAXES:
            raise UnknownLabel(f"no tax {tax!r}{nearest(tax, list(TAXES))}; choose {', '.join(TAXES)}")
    chosen = [tax for tax in TAXES if tax in _words(taxes, "instruments")]
    words = label_resolver(economy, {})
    partner = np.isin(np.arange(len(economy.countries)), words.countries.positions(_words(partners, "partners")))
    sector = np.isin(np.arange(len(economy.sectors)), words.sectors.positions(_words(sectors, "sectors")))
    traded = economy.trade.values > 0
    shape = traded.shape
    at: dict[Tax, np.ndarray] = {tax: np.full(shape, -1) for tax in TAXES}
    labels: list[tuple[str, str, str, str]] = []
    codes, goods = list(economy.countries), list(economy.sectors)
    for government in governments:
        inside = np.isin(np.arange(shape[0]), government.members)
        before = len(labels)
        for tax in chosen:
            own, other = (inside[None, :], (partner & ~inside)[:, None])
            flows = (own & other)[:, :, None] & sector[None, None, :]
            flows = (flows if tax == "tariff" else np.swapaxes(flows, 0, 1)) & traded
            number, places = _numbered(flows, by, tax)
            at[tax][flows] = len(labels) + number
            names = ((codes[one] if one >= 0 else ALL, goods[other] if other >= 0 else ALL) for one, other in places)
            labels += [(government.name, tax, *name) for name in names]
        if len(labels) == before and named:
            raise InvalidShock(f"{government.name}: nothing is traded that a rate could apply to; name other flows")
    table = pd.DataFrame(labels, columns=COLUMNS)
    governments = [one for one in governments if one.name in set(table["government"])]
    if not governments:
        raise InvalidShock("nobody trades anything that a rate could apply to; name other partners or sectors")
    order = {government.name: n for n, government in enumerate(governments)}
    owner = table["government"].map(order).to_numpy()
    return TaxRates(economy, tuple(governments), table, owner, at["tariff"], at["export_tax"])


def _numbered(flows: np.ndarray, by: str, tax: str) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Return which rate of its own each flow has, and the places of partner and sector of each rate, -1 for all."""
    countries, goods = np.arange(flows.shape[0]), np.arange(flows.shape[2])
    side = countries[:, None, None] if tax == "tariff" else countries[None, :, None]
    partner = side if "partner" in by else np.array(-1)
    sector = goods if "sector" in by else np.array(-1)
    width = flows.shape[2] + 1
    key = np.broadcast_to((partner + 1) * width + sector + 1, flows.shape)[flows]
    keys, number = np.unique(key, return_inverse=True)
    return number, [(int(one) // width - 1, int(one) % width - 1) for one in keys]


def _words(written: object, what: str) -> tuple[str, ...]:
    """Return one word or several as a tuple, or raise InvalidShock where there is none: none is no filter."""
    words = (written,) if isinstance(written, str) else written
    if not isinstance(words, list | tuple) or not words or not all(isinstance(one, str) and one for one in words):
        raise InvalidShock(f"{what}: found {written!r:.60}; give one name or a list of names")
    return tuple(words)


def weights_of(economy: Economy, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Return what an objective counts of each country's real income [objective, country]: shares of base income."""
    income = economy.income.values
    weights = np.zeros((len(groups), len(income)))
    for row, members in zip(weights, groups, strict=True):
        row[members] = income[members] / income[members].sum()
    return weights
