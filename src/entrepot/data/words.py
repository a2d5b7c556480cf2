"""Words that people use for countries, blocs and sectors: names, adjectives, synonyms and what they stand for."""

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from entrepot.data import shipped
from entrepot.data.files import read_text

Subject = Literal["country", "sector"]
"""What a word is about."""
_TABLES: dict[Subject, str] = {"country": "countries", "sector": "sectors"}


REST_OF_WORLD = "ROW"
"""The code that tables use for all other countries together; no country has it."""


@dataclass(frozen=True)
class SpokenName:
    """The words for one code.

    Attributes
    ----------
    code
        Of a country, bloc, sector or group of sectors.
    article
        ``"the"``, or blank.
    name
        As a sentence has it after the article: "United States", "motor vehicles".
    adjective
        Of a country: "Chinese"; blank where there is none.
    synonyms
        Other words that mean the code, ambiguous ones included.
    remark
        What the code holds besides what a synonym says; blank for countries.
    """

    code: str
    article: str
    name: str
    adjective: str
    synonyms: tuple[str, ...]
    remark: str = ""

    @property
    def spoken(self) -> str:
        """The name with its article: "the United States"."""
        return f"{self.article} {self.name}".strip()

    @property
    def possessive(self) -> str:
        """The name as an owner: "India's", "the United States'"."""
        plural = self.name.endswith("s") and bool(self.article)
        return self.spoken + ("'" if plural else "'s")


@lru_cache(maxsize=2)
def names(subject: Subject) -> Mapping[str, SpokenName]:
    """Return all names of the shipped table by code."""
    path = shipped.path_of("words", _TABLES[subject])
    rows = csv.DictReader(read_text(path).splitlines())
    return {
        row["code"]: SpokenName(
            row["code"],
            row.get("article", ""),
            row["name"],
            row.get("adjective", ""),
            tuple(word.strip() for word in row["synonyms"].split(";") if word.strip()),
            row.get("remark", ""),
        )
        for row in rows
    }


def product_name(hs: str) -> str:
    """Return what a product code is about, the short name of its chapter; blank where no chapter begins like it."""
    return _chapters().get(hs[:2], "")


@lru_cache(maxsize=1)
def _chapters() -> Mapping[str, str]:
    rows = csv.DictReader(read_text(shipped.path_of("words", "chapters")).splitlines())
    return {row["code"]: row["name"] for row in rows}


def name_of(subject: Subject, code: str) -> SpokenName:
    """Return the words for a code; one that the table does not have is its own name."""
    return names(subject).get(code) or SpokenName(code, "", code, "", ())


def codes_meant(
    subject: Subject, word: str, codes: Mapping[str, str], groups: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the codes and groups that a word may mean: one, several where it is ambiguous, none where it is unknown.

    A code or group as written wins, then one that differs in case only, then names, adjectives and synonyms.

    Parameters
    ----------
    subject
        What the word is about.
    word
        As a person writes it: "CHN", "China", "Chinese", "the United States".
    codes, groups
        What exists: codes with their names, groups with their members.
    """
    if word in groups or word in codes:
        return (word,)
    plain = _plain(word)
    by_case = tuple(one for one in [*codes, *groups] if _plain(one) == plain)
    if by_case:
        return by_case
    named = [code for code, name in codes.items() if _plain(name) == plain]
    listed = [code for code in _index(subject).get(plain, ()) if code in codes or code in groups]
    return tuple(dict.fromkeys([*named, *listed]))


def known_elsewhere(subject: Subject, word: str) -> SpokenName | None:
    """Return the words for what a word means where the shipped table knows it, whatever an economy has."""
    found = _index(subject).get(_plain(word), ())
    return names(subject)[found[0]] if found else None


def is_country(code: str) -> bool:
    """Return whether a code is one of ISO 3166 for a country, not a group or the rest of a world."""
    return len(code) == 3 and code.isalpha() and code.isupper() and code != REST_OF_WORLD


def country_code(word: str) -> str:
    """Return the code of a country or bloc that a word names; a word without meaning stays as it is."""
    known = known_elsewhere("country", word)
    return known.code if known is not None else word


def spellings(subject: Subject, codes: Iterable[str]) -> dict[str, str]:
    """Return every name and synonym of some codes with its code, to find what resembles a word."""
    return {word: name.code for code in codes if (name := names(subject).get(code)) for word in _words_of(name)}


@lru_cache(maxsize=2)
def _index(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in names(subject).values():
        for word in (name.code, *_words_of(name)):
            found.setdefault(_plain(word), []).append(name.code)
    return {word: tuple(dict.fromkeys(codes)) for word, codes in found.items()}


def _words_of(name: SpokenName) -> tuple[str, ...]:
    adjective = (name.adjective,) if name.adjective else ()
    return name.name, *adjective, *name.synonyms


def _plain(word: str) -> str:
    """Return a word without what people write differently: case, accents, hyphens, article, apostrophe of an owner."""
    letters = unicodedata.normalize("NFKD", word.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold())
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    text = " ".join(text.replace("_", " ").replace("-", " ").split())
    return text.removeprefix("the ").removesuffix("'s").removesuffix("'")
