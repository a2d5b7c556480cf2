"""Which cells an instrument touches: origins, destinations and sectors by code, by group, or all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field, WithJsonSchema

from entrepot.core.errors import InvalidShock, UnknownLabel, listed, nearest
from entrepot.core.provenance import NonBlankStr
from entrepot.data.headings import LEAST_OF_CODE, MEASURED_ON, Heading, heading
from entrepot.data.words import Subject, codes_meant, known_elsewhere, name_of, spellings
from entrepot.economy.blocs import groups_of
from entrepot.economy.economy import Economy

ALL = "all"
_HS = re.compile(r"hs\s*([\d. ]+)", re.IGNORECASE)


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
    what: Subject

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

    def code(self, word: str) -> str:
        """Return the one code that a word means.

        Raises
        ------
        UnknownLabel
            A word without meaning, or a group.
        """
        codes = self._meant(word)
        if len(codes) != 1:
            raise UnknownLabel(f"{word!r} is a group; name one {self.what}")
        return codes[0]

    def knows(self, word: str) -> bool:
        """Return whether a word means something here, be it ambiguous."""
        return bool(hs_digits(word) if self.what == "sector" else "") or bool(self._candidates(word))

    def _too_little(self, part: Heading) -> str:
        main, spread = part.main, part.spread()
        if spread:
            return f"HS {part.code} is spread over {listed(spread)}; name the sectors that you mean"
        share, name = _share(part.of_sector[main]), self.codes.get(main, main)
        return (
            f"HS {part.code} is {share} of {main} ({name}) in {MEASURED_ON}, too small a part to stand for it; "
            f"write {main} if you mean the whole sector"
        )

    def reading(self, word: str) -> str:
        """Return what a reader must know about a word that stands for something wider or narrower; else blank.

        Codes, groups and names are read as they stand: only synonyms of sectors and HS codes have a remark.
        """
        found = () if self.what != "sector" else self._candidates(word)
        if found:
            name = name_of(self.what, found[0])
            said = {word.casefold() for word in (name.code, name.name, self._name(found[0]))}
            remark = name.remark if word.casefold() not in said else ""
            return f"{word} is read as {found[0]}: {remark}." if remark else ""
        digits = hs_digits(word)
        if not digits:
            return ""
        part = heading(digits)
        meant = part.meant()
        held = " and ".join(f"{sector} ({self.codes.get(sector, sector)})" for sector in meant)
        shares = " and ".join(_share(part.of_sector[sector]) for sector in meant)
        rest = 1 - sum(part.of_code[sector] for sector in meant)
        beyond = f"; {_share(rest)} of HS {digits} belongs to other sectors" if rest > LEAST_OF_CODE else ""
        return f"HS {digits} is read as {held} and is {shares} of that in {MEASURED_ON}{beyond}." if held else ""

    def _candidates(self, word: str) -> tuple[str, ...]:
        return codes_meant(self.what, word, self.codes, self.groups)

    def _meant(self, word: str) -> tuple[str, ...]:
        if word in self.codes:
            return (word,)
        if word in self.groups:
            return self.groups[word]
        found = {self.groups.get(one, (one,)): one for one in reversed(self._candidates(word))}
        if len(found) == 1:
            return next(iter(found))
        if found:
            which = " or ".join(f"{one} ({self._name(one)})" for one in reversed(found.values()))
            raise UnknownLabel(f"{self.what} {word!r} may mean {which}; write one of them")
        digits = hs_digits(word) if self.what == "sector" else ""
        if digits:
            return self._of_heading(digits)
        raise UnknownLabel(f"unknown {self.what} {word!r}{self._hint(word)}; `entrepot economies` lists them")

    def _name(self, one: str) -> str:
        return self.codes.get(one) or f"group of {len(self.groups[one])}"

    def _hint(self, word: str) -> str:
        """Return what is known of a word without meaning here: a country elsewhere, or what resembles it."""
        elsewhere = known_elsewhere(self.what, word)
        if elsewhere is not None:
            rest = ", it is part of ROW" if self.what == "country" and "ROW" in self.codes else ""
            return f": {elsewhere.spoken} ({elsewhere.code}) is not in this economy{rest}"
        if word.isdigit() and self.what == "sector":
            return f"; write HS {word} for a product code"
        known = [*self.codes, *self.groups]
        return nearest(word, known, [self._name(one) for one in known], spellings(self.what, known))

    def _of_heading(self, digits: str) -> tuple[str, ...]:
        """Return the sectors that an HS code stands for.

        Raises
        ------
        UnknownLabel
            It is a small part of every sector: a change of whole sectors would answer another question.
        """
        part = heading(digits)
        meant = part.meant()
        if not meant:
            raise UnknownLabel(f"{self._too_little(part)} (`entrepot exposure --hs {digits}` computes by product)")
        missing = [sector for sector in meant if sector not in self.codes]
        if missing:
            raise UnknownLabel(f"HS {digits} belongs to {listed(missing)}, which this economy does not have")
        return meant

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


def hs_digits(word: str) -> str:
    """Return the digits of a product code written as "HS 8703" or "hs 87.03"; blank for any other word."""
    found = _HS.fullmatch(word.strip())
    digits = found[1].replace(".", "").replace(" ", "") if found else ""
    return digits if len(digits) in (2, 4, 6) else ""


def _share(part: float) -> str:
    return f"{100 * part:.0f} %" if part >= 0.01 else "less than 1 %"


LabelSetKey = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, tuple[str, ...]], ...], Subject]
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
    countries, sectors = LabelSet(economy.countries, {}, "country"), LabelSet(economy.sectors, {}, "sector")
    for name, members in own.items():
        if name in taken:
            raise UnknownLabel(f"groups.{name}: the economy has a code or group of that name already; choose another")
        of_sectors = any(sectors.knows(member) for member in members)
        known = sectors if of_sectors else countries
        try:
            codes = tuple(code for member in members for code in known.resolve([member]))
        except UnknownLabel as error:
            raise UnknownLabel(f"groups.{name}: {error}") from None
        (sector_groups if of_sectors else country_groups)[name] = tuple(dict.fromkeys(codes))
    return LabelResolver(
        LabelSet(economy.countries, country_groups, "country"), LabelSet(economy.sectors, sector_groups, "sector")
    )
