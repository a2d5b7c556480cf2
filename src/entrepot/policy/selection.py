"""Which cells an instrument touches: origins, destinations and sectors by code, by group, or all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field, WithJsonSchema

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.core.provenance import NonBlankStr
from entrepot.economy.blocs import groups_of
from entrepot.economy.economy import Economy

ALL = "all"


def _as_tuple(written: object) -> object:
    if isinstance(written, str):
        return (written,)
    for one in written if isinstance(written, list | tuple) else [written]:
        if not isinstance(one, str):
            raise ValueError(f"found {one!r}; put codes in quotes: a bare number loses its leading zeros")  # noqa: TRY004
    return written


_ONE_OR_MORE = WithJsonSchema(
    {"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string"}}]}
)
MaybeLabels = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_as_tuple), _ONE_OR_MORE]
"""The same, or none."""
Labels = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_as_tuple), Field(min_length=1), _ONE_OR_MORE]
"""Codes and groups as people write them: one, or a list."""


@dataclass(frozen=True)
class LabelSet:
    """What the words of a scenario mean in one economy: codes, names and groups, the scenario's own groups included."""

    codes: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    what: str

    def resolve(self, words: Sequence[str]) -> list[str]:
        """Return the codes that `words` mean, each once, in the economy's order; ``-USA`` takes out what it means.

        Raises
        ------
        UnknownLabel
            A word that is neither code nor group, with the nearest ones.
        """
        plus = [word for word in words if not word.startswith("-")]
        minus = [word[1:] for word in words if word.startswith("-")]
        chosen = {code for word in plus or [ALL] for code in self._meant(word)}
        chosen -= {code for word in minus for code in self._meant(word)}
        return [code for code in self.codes if code in chosen]

    def _meant(self, word: str) -> tuple[str, ...]:
        if word in self.codes:
            return (word,)
        if word in self.groups:
            return self.groups[word]
        known = [*self.codes, *self.groups]
        names = [*self.codes.values(), *(f"group of {len(members)}" for members in self.groups.values())]
        raise UnknownLabel(
            f"unknown {self.what} {word!r}{nearest(word, known, names)}; `entrepot economies` lists them"
        )

    @property
    def meaning(self) -> "LabelSetKey":
        """All codes and groups, as something that can be a key."""
        groups = tuple((name, tuple(members)) for name, members in self.groups.items())
        return tuple(self.codes.items()), groups, self.what

    def positions(self, words: Sequence[str]) -> list[int]:
        """Return where the codes that `words` mean stand on the axis."""
        asked = tuple(words)
        if asked not in self._places:  # the same few words stand in every row of a table
            chosen = set(self.resolve(asked))
            self._places[asked] = [position for position, code in enumerate(self.codes) if code in chosen]
        return self._places[asked]

    @cached_property
    def _places(self) -> dict[tuple[str, ...], list[int]]:
        return {}


LabelSetKey = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[str, ...]], ...], str]
"""A vocabulary as something that can be a key: codes with names, groups with members, what it is about."""


@dataclass(frozen=True)
class LabelResolver:
    """The words for countries and for sectors in one economy, and where they stand on its axes."""

    countries: LabelSet
    sectors: LabelSet

    @cached_property
    def said(self) -> tuple[LabelSetKey, LabelSetKey]:
        """All words and what they mean: the same for two economies whose words mean the same."""
        return self.countries.meaning, self.sectors.meaning

    @classmethod
    def of(cls, said: tuple[LabelSetKey, LabelSetKey]) -> "LabelResolver":
        """Return the words that `said` holds."""
        countries, sectors = (LabelSet(dict(codes), dict(groups), what) for codes, groups, what in said)
        return cls(countries, sectors)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Origins, destinations and sectors of the economy."""
        return len(self.countries.codes), len(self.countries.codes), len(self.sectors.codes)

    @cached_property
    def crossing(self) -> np.ndarray:
        """Whether a flow crosses a border [origin, destination, 1]."""
        return ~np.eye(len(self.countries.codes), dtype=bool)[:, :, None]

    def of_goods(self, economy: Economy) -> "LabelResolver":
        """Return the words as customs mean them: ``all`` sectors are all goods; a service has to be named."""
        groups = {**self.sectors.groups, ALL: tuple(economy.goods)}
        return LabelResolver(self.countries, LabelSet(self.sectors.codes, groups, self.sectors.what))

    def cells(self, origin: Sequence[str], destination: Sequence[str], sector: Sequence[str]) -> tuple[np.ndarray, ...]:
        """Return the index of the block of cells [origin, destination, sector] between those words.

        Raises
        ------
        UnknownLabel
            A word without meaning.
        InvalidShock
            No flow of the block crosses a border.
        """
        sellers, buyers = self.countries.positions(origin), self.countries.positions(destination)
        if not sellers or not buyers or (sellers == buyers and len(sellers) == 1):
            raise InvalidShock(
                f"no cross-border flow from {', '.join(origin)} to {', '.join(destination)} in {', '.join(sector)}; "
                "name another origin or destination"
            )
        return np.ix_(sellers, buyers, self.sectors.positions(sector))

    def flows(self, origin: Sequence[str], destination: Sequence[str], sector: Sequence[str]) -> np.ndarray:
        """Return the cross-border cells [origin, destination, sector] between those words, as booleans."""
        chosen = np.zeros(self.shape, dtype=bool)
        chosen[self.cells(origin, destination, sector)] = True
        return np.asarray(chosen & self.crossing)

    def places(self, country: Sequence[str], sector: Sequence[str]) -> np.ndarray:
        """Return the cells [country, sector] of those words, as booleans."""
        chosen = np.zeros(self.shape[1:], dtype=bool)
        chosen[np.ix_(self.countries.positions(country), self.sectors.positions(sector))] = True
        return chosen


def label_resolver(economy: Economy, own: Mapping[str, Sequence[str]]) -> LabelResolver:
    """Return the words of an economy: codes, blocs, its groups, a scenario's own groups, ``all``, ``goods``.

    Raises
    ------
    UnknownLabel
        An own group with a member that is neither among the countries nor, like its fellows, among the sectors.
    """
    country_groups = {**groups_of(economy), ALL: tuple(economy.countries)}
    sector_groups = {**economy.sector_groups, "goods": tuple(economy.goods), ALL: tuple(economy.sectors)}
    # an own group may replace a shipped bloc: the file then says who is meant
    taken = {*economy.countries, *economy.sectors, *economy.country_groups, ALL, *sector_groups}
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
    return LabelResolver(
        LabelSet(economy.countries, country_groups, "country"), LabelSet(economy.sectors, sector_groups, "sector")
    )
