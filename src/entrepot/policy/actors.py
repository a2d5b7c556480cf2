"""Actors: a country, a bloc or several of them, whose outcomes are looked at as one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from entrepot.core.errors import UnknownLabel
from entrepot.economy.economy import Economy
from entrepot.policy.selection import ALL, LabelSet, label_resolver


@dataclass(frozen=True)
class Actor:
    """Countries that are looked at as one.

    Attributes
    ----------
    text
        As written: ``IND``, ``EU27``, ``MEX,CAN``, ``all``.
    members
        Codes of the countries, in the order of the economy.
    world
        Whether these are all countries.
    """

    text: str
    members: tuple[str, ...]
    world: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one country."""
        return len(self.members) == 1

    @property
    def broad(self) -> bool:
        """Whether it is the world, or the world without some: nobody in particular."""
        return self.world or any(word.startswith("-") for word in self.words)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What it was written with, one word each."""
        return tuple(self.text.split(","))


def actor(economy: Economy, text: str | Sequence[str], own: Mapping[str, Sequence[str]] | None = None) -> Actor:
    """Return the countries that a text means.

    Parameters
    ----------
    economy
        The base year.
    text
        A code, a bloc, a group, or several with commas between them; a single country comes back by its code.
    own
        A scenario's own groups.

    Raises
    ------
    UnknownLabel
        A word that is neither, with the nearest ones.
    """
    known = label_resolver(economy, own or {}).countries
    written = tuple(word.strip() for word in (text.split(",") if isinstance(text, str) else text))
    words = tuple(_code(known, word) for word in written)
    found = tuple(known.resolve(words))
    if not found:
        raise UnknownLabel(f"{','.join(words)!r} means no country of {economy.name}; `entrepot economies` lists them")
    world = len(found) == len(economy.countries)
    return Actor(found[0] if len(found) == 1 else ALL if world else ",".join(words), found, world)


def _code(known: LabelSet, word: str) -> str:
    """Return the code or group that a word means: EU27 for "the EU"; a word that takes out stays."""
    if word in known.codes or word in known.groups or word.startswith("-"):
        return word
    found = known.resolve([word])
    if len(found) == 1:
        return found[0]
    return next((name for name, group in known.groups.items() if set(group) == set(found)), word)


def members(economy: Economy, text: str, own: Mapping[str, Sequence[str]] | None = None) -> tuple[str, ...]:
    """Return the codes of the countries that a text means; raises as :func:`actor`."""
    return actor(economy, text, own).members
