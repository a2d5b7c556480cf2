"""Which cells an instrument touches: origins, destinations and sectors by code, by group, or all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import Said
from entrepot.economy.economy import Economy

ALL = "all"


def _as_tuple(written: object) -> object:
    return (written,) if isinstance(written, str) else written


Labels = Annotated[tuple[Said, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
"""Codes and groups as people write them: one, or a list."""


@dataclass(frozen=True)
class Vocabulary:
    """What the words of a scenario mean in one economy: codes, names and groups, the scenario's own groups included."""

    codes: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    what: str

    def resolve(self, words: Sequence[str]) -> list[str]:
        """Return the codes that `words` mean, each once, in the economy's order.

        Raises
        ------
        UnknownLabel
            A word that is neither code nor group, with the nearest ones.
        """
        chosen: set[str] = set()
        for word in words:
            if word in self.codes:
                chosen.add(word)
            elif word in self.groups:
                chosen.update(self.groups[word])
            else:
                known = [*self.codes, *self.groups]
                names = [*self.codes.values(), *(f"group of {len(members)}" for members in self.groups.values())]
                raise UnknownLabel(
                    f"unknown {self.what} {word!r}{nearest(word, known, names)}; `entrepot economies` lists them"
                )
        return [code for code in self.codes if code in chosen]


@dataclass(frozen=True)
class Words:
    """The words for countries and for sectors in one economy."""

    countries: Vocabulary
    sectors: Vocabulary

    def as_meant_by(self, kind: str, economy: Economy) -> "Words":
        """Return the words as an instrument of that kind means them: to a tariff, ``all`` sectors are all goods.

        Customs duties are levied on goods. Who means a service names its sector.
        """
        if kind != "tariff":
            return self
        groups = {**self.sectors.groups, ALL: tuple(economy.goods)}
        return Words(self.countries, Vocabulary(self.sectors.codes, groups, self.sectors.what))


def words_of(economy: Economy, own: Mapping[str, Sequence[str]]) -> Words:
    """Return the words of an economy: codes, its groups, a scenario's own groups, ``all``, ``goods``.

    Raises
    ------
    UnknownLabel
        An own group with a member that is neither among the countries nor, like its fellows, among the sectors.
    """
    country_groups = {**economy.country_groups, ALL: tuple(economy.countries)}
    sector_groups = {**economy.sector_groups, "goods": tuple(economy.goods), ALL: tuple(economy.sectors)}
    taken = {*economy.countries, *economy.sectors, *country_groups, *sector_groups}
    for name, members in own.items():
        if name in taken:
            raise UnknownLabel(f"groups.{name}: the economy has a code or group of that name already; choose another")
        of_sectors = any(member in economy.sectors for member in members)
        known = economy.sectors if of_sectors else economy.countries
        for member in members:
            if member not in known:
                what = "sector" if of_sectors else "country"
                hint = nearest(member, list(known), list(known.values()))
                raise UnknownLabel(f"groups.{name}: unknown {what} {member!r}{hint}; `entrepot economies` lists them")
        (sector_groups if of_sectors else country_groups)[name] = tuple(members)
    return Words(
        Vocabulary(economy.countries, country_groups, "country"), Vocabulary(economy.sectors, sector_groups, "sector")
    )


def mask(economy: Economy, origins: Sequence[str], destinations: Sequence[str], sectors: Sequence[str]) -> np.ndarray:
    """Return the cross-border cells [origin, destination, sector] between those codes, as booleans."""
    rows = np.isin(list(economy.countries), list(origins))
    columns = np.isin(list(economy.countries), list(destinations))
    goods = np.isin(list(economy.sectors), list(sectors))
    crossing = ~np.eye(len(economy.countries), dtype=bool)
    return (rows[:, None] & columns[None, :] & crossing)[:, :, None] & goods[None, None, :]
