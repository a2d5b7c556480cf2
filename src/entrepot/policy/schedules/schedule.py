"""A schedule: the legal acts behind a country's duties, with dates, lists of products and how they stack."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from entrepot.core.errors import InputError, InvalidDocument, listed, nearest
from entrepot.core.provenance import IsoDate, NonBlankStr, Provenance
from entrepot.data import shipped
from entrepot.data.concordances import DEFAULT, Concordance, load_concordance
from entrepot.data.documents import Document, Place, read_yaml, validated
from entrepot.data.tables import read_table
from entrepot.data.tariff_lines import class_names, read_lines
from entrepot.policy.amount import table_path
from entrepot.policy.schedules.act import MFN, OTHERWISE, Act
from entrepot.policy.selection import ALL, Labels


class ProductList(BaseModel):
    """Products that acts refer to together: a class of the table of treatments, HS prefixes, or a file of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    in_class: NonBlankStr | None = Field(default=None, alias="class", description="A class in the table `classes`.")
    products: Labels | None = Field(default=None, description="HS prefixes in quotes.")
    file: NonBlankStr | None = Field(
        default=None, description="A CSV or Excel file beside the schedule with the column hs6."
    )

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(one is not None for one in (self.in_class, self.products, self.file)) != 1:
            raise ValueError("a list is a class, products, or a file; give exactly one of `class`, `products`, `file`")
        return self


class Schedule(BaseModel):
    """The duties of one country, act by act. Load one with :func:`entrepot.load_schedule`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot schedule")

    title: NonBlankStr
    reference: NonBlankStr
    summary: NonBlankStr
    destination: NonBlankStr = Field(description="Who levies the duties.")
    origins: Labels = Field(
        default=(ALL,), description="Whose goods the acts here are complete for; others are refused."
    )
    known_until: IsoDate = Field(description="The last day up to which acts are entered.")
    lines: NonBlankStr = Field(
        description="Imports and duties by line: a shipped table, or a CSV or Excel file beside the schedule."
    )
    classes: NonBlankStr | None = Field(
        default=None, description="How legal lists split lines: a table of the same kind."
    )
    concordance: NonBlankStr = Field(default=DEFAULT, description="From HS codes to sectors.")
    blocs: Mapping[NonBlankStr, Labels] = Field(
        default_factory=dict, description="Origins that lines know as one: EU27."
    )
    lists: Mapping[NonBlankStr, ProductList] = Field(default_factory=dict)
    measures: Annotated[
        tuple[Act, ...], BeforeValidator(lambda written: written if written else ()), Field(min_length=1)
    ]

    _name: str = PrivateAttr(default="schedule")
    _document: Document = PrivateAttr(default_factory=lambda: Document({}))

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    @property
    def folder(self) -> Path | None:
        """Where its own tables lie."""
        return self._document.file.parent if self._document.file else None

    @property
    def lines_path(self) -> Path:
        """The table of imports and duties by line."""
        return table_path(self.lines, self.folder, "lines")

    @property
    def classes_path(self) -> Path | None:
        """The table of how lists split lines."""
        return None if self.classes is None else table_path(self.classes, self.folder, "lines")

    @cached_property
    def sectors(self) -> Concordance:
        """From HS codes to sectors."""
        return load_concordance(self.concordance)

    @cached_property
    def trade(self) -> pd.DataFrame:
        """Imports and duties of all origins by line."""
        return read_lines(self.lines_path)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Every HS code of 2, 4 or 6 digits that the table of lines knows."""
        return frozenset(code[:length] for code in self.codes for length in (2, 4, 6))

    @cached_property
    def partners(self) -> frozenset[str]:
        """Every origin that the table of lines knows."""
        return frozenset(self.trade["origin"].unique())

    def listed_codes(self, name: str) -> tuple[str, ...]:
        """Return the HS prefixes on a list that is no class."""
        chosen = self.lists[name]
        if chosen.file is not None:
            table = read_table(table_path(chosen.file, self.folder, "lines"), ["hs6"], number=())
            return tuple(table["hs6"])
        return chosen.products or ()

    def in_classes(self, word: str) -> bool:
        """Return whether a word for products is a class of the table of treatments, which lines alone do not tell."""
        return word in self.lists and self.lists[word].in_class is not None

    def codes_of(self, words: Sequence[str]) -> frozenset[str]:
        """Return the HS6 lines that words for products mean; a class may be any line."""
        found: set[str] = set()
        for word in words:
            if word == ALL or self.in_classes(word):
                return self.codes
            prefixes = self.listed_codes(word) if word in self.lists else (word,)
            members = self.sectors.groups.get(word, (word,))
            found |= {code for code in self.codes if code.startswith(prefixes) or self._sector[code] in members}
        return frozenset(found)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every HS6 line that the table of lines knows."""
        return frozenset(self.trade["hs6"].unique())

    @cached_property
    def _sector(self) -> Mapping[str, str]:
        return {code: self.sectors.sector_of(code) for code in self.codes}

    def located(self, place: Place, message: object) -> str:
        """Return a message with the line of the file that it is about."""
        return f"{self._document.where(place)}: {message}"

    def sources(self) -> dict[str, Provenance | None]:
        """Return the tables behind the schedule, with their provenance where they are shipped."""
        paths = [path for path in (self.lines_path, self.classes_path) if path is not None]
        shipped_folder = shipped.path_of("lines", shipped.names("lines")[0]).parent
        return {
            path.stem: shipped.sidecar_of(path, Provenance) if path.parent == shipped_folder else None for path in paths
        }


def load_schedule(name_or_path: str | Path) -> Schedule:
    """Return a shipped schedule of duties, or the one in a YAML file, its codes and lists checked.

    Parameters
    ----------
    name_or_path
        ``entrepot schedules`` lists the shipped names.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what a schedule must: dates reversed, a rate without its per
        cent sign, HS codes, lists, authorities or origins that do not exist, a list that matches nothing. Every problem
        at once, with its line.
    """
    path = shipped.find("schedules", name_or_path)
    document = read_yaml(path)
    schedule = validated(Schedule, document)
    schedule._name = path.stem
    schedule._document = document
    problems = _wrong_tables(schedule)
    if not problems:
        problems = [*_wrong_blocs(schedule), *_wrong_lists(schedule), *_wrong_measures(schedule)]
    if problems:
        raise InvalidDocument("\n".join(problems))
    return schedule


def schedule_schema() -> dict[str, Any]:
    """Return the JSON Schema of schedules, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Schedule.model_json_schema()}


def _wrong_tables(schedule: Schedule) -> list[str]:
    """Return what is wrong with the tables that a schedule names."""
    wrong = []
    for field, read in (
        ("lines", lambda: schedule.trade),
        ("classes", lambda: schedule.classes_path and class_names(schedule.classes_path)),
        ("concordance", lambda: schedule.sectors),
    ):
        try:
            read()
        except InputError as error:
            wrong.append(schedule.located((field,), error))
    return wrong


def _wrong_blocs(schedule: Schedule) -> list[str]:
    members = [code for codes in schedule.blocs.values() for code in codes]
    doubled = sorted({code for code in members if members.count(code) > 1})
    if not doubled:
        return []
    return [schedule.located(("blocs",), f"{listed(doubled)} in two blocs at once; keep one")]


def _wrong_lists(schedule: Schedule) -> list[str]:
    wrong = []
    classes = _classes(schedule)
    for name, chosen in schedule.lists.items():
        place: Place = ("lists", name)
        if name.isdigit() or name == ALL or name in {*schedule.sectors.sectors.values(), *schedule.sectors.groups}:
            wrong.append(schedule.located(place, f"{name!r} means something already; choose another name"))
            continue
        if chosen.in_class is not None:
            if chosen.in_class not in classes:
                hint = nearest(chosen.in_class, classes) or f"; the table has {listed(classes) or 'none'}"
                wrong.append(
                    schedule.located(place, f"class {chosen.in_class!r} matches nothing{hint}; correct its name")
                )
            continue
        try:
            codes = schedule.listed_codes(name)
        except InputError as error:
            wrong.append(schedule.located(place, error))
            continue
        unknown = [code for code in codes if _unknown_code(code, schedule)]
        if not codes or len(unknown) == len(codes):
            wrong.append(
                schedule.located(place, f"matches nothing: found {listed(codes) or 'no code'}; write HS codes in use")
            )
        elif unknown:
            wrong.append(schedule.located(place, f"unknown HS code {listed(unknown)}; write 2, 4 or 6 digits in use"))
    return wrong


def _classes(schedule: Schedule) -> list[str]:
    if schedule.classes_path is None:
        return []
    return class_names(schedule.classes_path)


def _wrong_measures(schedule: Schedule) -> list[str]:
    wrong: list[str] = []
    seen: set[str] = set()
    for number, measure in enumerate(schedule.measures):
        place: Place = ("measures", number)
        if measure.id in seen:
            wrong.append(schedule.located((*place, "id"), f"{measure.id!r} is used twice; give each act its own"))
        seen.add(measure.id)
        for field, problem in [*_wrong_goods(measure, schedule), *_wrong_names(measure, schedule)]:
            wrong.append(schedule.located((*place, field), problem))
    return wrong


def _wrong_goods(measure: Act, schedule: Schedule) -> list[tuple[str, str]]:
    """Return the fields of a measure that name goods which do not exist, with what is wrong."""
    found = [
        (field, _wrong_product(word, schedule))
        for field in ("products", "among", "exempt")
        for word in getattr(measure, field) or ()
    ]
    if not any(problem for _, problem in found):
        aimed = schedule.codes_of(measure.products)
        found += [
            ("exempt", f"{word!r} matches none of the products of this act; remove it or correct one of the two")
            for word in measure.exempt
            if not schedule.in_classes(word) and not aimed & schedule.codes_of([word])
        ]
    content = measure.content if isinstance(measure.content, Mapping) else {}
    found += [
        ("content", f"unknown HS code {word!r}; write 2, 4 or 6 digits in use")
        for word in content
        if word != OTHERWISE and _unknown_code(word, schedule)
    ]
    return [(field, problem) for field, problem in found if problem]


def _wrong_names(measure: Act, schedule: Schedule) -> list[tuple[str, str]]:
    """Return the fields of a measure that name authorities or origins which do not exist, with what is wrong."""
    authorities = {one.authority for one in schedule.measures}
    found = []
    for field, extra in (("excludes", ()), ("tops_up", (MFN,))):
        for word in getattr(measure, field) or ():
            if word not in authorities and word not in extra:
                hint = nearest(word, [*authorities, *extra])
                found.append((field, f"no act here is by authority {word!r}{hint}; name one that is"))
    by_name = isinstance(measure.rate, Mapping)
    payers: Sequence[str] = list(measure.rate) if isinstance(measure.rate, Mapping) else measure.origin
    for word in payers:
        if not (word == ALL or word in schedule.blocs or (len(word) == 3 and word.isupper() and word.isalpha())):
            hint = nearest(word, [*schedule.partners, *schedule.blocs])
            found.append(("rate" if by_name else "origin", f"unknown origin {word!r}{hint}; write a code or a bloc"))
    return found


def _unknown_code(code: str, schedule: Schedule) -> bool:
    return code not in schedule.prefixes


def _wrong_product(word: str, schedule: Schedule) -> str:
    """Return what is wrong with a word for products; blank where nothing is."""
    sectors = {*schedule.sectors.sectors.values(), *schedule.sectors.groups}
    if word == ALL or word in schedule.lists or word in sectors:
        return ""
    if word.isdigit():
        return f"unknown HS code {word!r}; write 2, 4 or 6 digits in use" if _unknown_code(word, schedule) else ""
    hint = nearest(word, [*schedule.lists, *sorted(sectors)])
    return f"unknown product {word!r}{hint}; write an HS prefix, a list of this schedule, a sector or a group"
