"""Words that people use for countries, blocs and sectors: names, adjectives, synonyms and what they stand for."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from entrepot.data import shipped
from entrepot.data.files import read_text

Subject = Literal["country", "sector"]
"""What a word is about."""
_TABLES: dict[Subject, str] = {"country": "countries", "sector": "sectors"}


@dataclass(frozen=True)
class Name:
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
def names(subject: Subject) -> Mapping[str, Name]:
    """Return all names of the shipped table by code."""
    path = shipped.path_of("words", _TABLES[subject])
    rows = csv.DictReader(read_text(path).splitlines())
    return {
        row["code"]: Name(
            row["code"],
            row.get("article", ""),
            row["name"],
            row.get("adjective", ""),
            tuple(word.strip() for word in row["synonyms"].split(";") if word.strip()),
            row.get("remark", ""),
        )
        for row in rows
    }


def name_of(subject: Subject, code: str) -> Name:
    """Return the words for a code; one that the table does not have is its own name."""
    return names(subject).get(code) or Name(code, "", code, "", ())
