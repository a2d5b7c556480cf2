"""A schedule: the legal acts behind a country's duties, with dates, lists of products and how they stack."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, TypeAdapter, model_validator

from entrepot.core.errors import InvalidDocument, UnknownLabel, listed
from entrepot.core.provenance import IsoDate, NonBlankStr, Provenance
from entrepot.data import shipped
from entrepot.data.concordances import DEFAULT, Concordance, load_concordance
from entrepot.data.documents import Document, Place, read_yaml, validated
from entrepot.data.tables import read_table
from entrepot.data.tariff_lines import read_lines
from entrepot.policy.amount import table_path
from entrepot.policy.schedules.act import Act, ShareTable
from entrepot.policy.schedules.problems import problems_of
from entrepot.policy.schedules.product_lists import ListInTime, ProductList
from entrepot.policy.selection import ALL, Labels, MaybeLabels


class NotEntered(BaseModel):
    """An act that is known and not computed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: NonBlankStr = Field(description="The legal act.")
    effective: IsoDate | None = Field(default=None, description="The first day in force, where known.")
    why: NonBlankStr = Field(description="Why it is not entered, and what it would change.")


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
    lines: NonBlankStr | None = Field(
        default=None,
        description="Imports and duties by line: a shipped table, or a CSV or Excel file beside the schedule. Left out "
        "only where no act is entered.",
    )
    lines_hold: Literal["all goods", "listed goods"] = Field(
        default="all goods",
        description="listed goods: the table has only what lists name; the rest is the economy's figure.",
    )
    classes: MaybeLabels = Field(
        default=(),
        description="How legal lists split lines; of two tables with a line of an origin, the later counts.",
    )
    collected: NonBlankStr | None = Field(
        default=None,
        description="Duties collected by month: a shipped table, or a CSV or Excel file beside the schedule.",
    )
    concordance: NonBlankStr = Field(default=DEFAULT, description="From HS codes to sectors.")
    blocs: Mapping[NonBlankStr, Labels] = Field(
        default_factory=dict, description="Origins that lines know as one: EU27."
    )
    lists: Mapping[NonBlankStr, ListInTime] = Field(default_factory=dict)
    measures: Annotated[tuple[Act, ...], BeforeValidator(lambda written: written if written else ())]
    not_entered: tuple[NotEntered, ...] = Field(default=(), description="Acts that are known and not computed.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.measures and not self.not_entered:
            raise ValueError("has no act; write `measures`, or `not_entered` for acts that are only known")
        if self.measures and self.lines is None:
            raise ValueError("has acts and no goods; write `lines`, the table of imports by line")
        return self

    _name: str = PrivateAttr(default="schedule")
    _kept: dict[tuple[object, ...], Any] = PrivateAttr(default_factory=dict)
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
    def kept(self) -> dict[tuple[object, ...], Any]:
        """What was worked out on its goods, which copies with other acts share."""
        return self._kept

    def table_path(self, name: str) -> Path:
        """Return the file of a table of lines: beside the schedule, else a shipped one."""
        return table_path(name, self.folder, "lines")

    @property
    def lines_path(self) -> Path:
        """The table of imports and duties by line."""
        if self.lines is None:
            raise InvalidDocument(f"{self.name}: none of the acts that it knows is entered; nothing can be computed")
        return self.table_path(self.lines)

    @property
    def classes_paths(self) -> list[Path]:
        """The tables of how lists split lines."""
        return [self.table_path(name) for name in self.classes]

    @property
    def collected_path(self) -> Path:
        """The table of duties collected by month."""
        if self.collected is None:
            raise InvalidDocument(f"{self.name}: no table of duties collected; write `collected`")
        return table_path(self.collected, self.folder, "collected")

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

    def listed_codes(self, chosen: ProductList) -> tuple[str, ...]:
        """Return the HS prefixes on a list."""
        if chosen.file is None:
            return chosen.products
        table = read_table(self.table_path(chosen.file), ["hs6"], number=())
        return (*chosen.products, *table["hs6"])

    def within_lines(self, word: str) -> bool:
        """Return whether a word for products may mean parts of lines, so that codes alone do not tell what it means."""
        return word in self.lists and any(one.in_class or one.claims for one in self.lists[word].root)

    def codes_of(self, words: Sequence[str]) -> frozenset[str]:
        """Return the HS6 lines that words for products mean; a list of parts of lines may be any line."""
        found: set[str] = set()
        for word in words:
            if word == ALL or self.within_lines(word):
                return self.codes
            versions = self.lists[word].root if word in self.lists else ()
            prefixes = tuple(code for one in versions for code in self.listed_codes(one)) or (word,)
            members = self.sectors.groups.get(word, (word,))
            found |= {code for code in self.codes if code.startswith(prefixes) or self._sector[code] in members}
        return frozenset(found)

    def concerning(self, origins: Sequence[str]) -> tuple[Act, ...]:
        """Return the acts on goods from some origins, or their blocs; those on everybody too."""
        wanted = {*origins, *(bloc for bloc, members in self.blocs.items() if {*members} & {*origins}), ALL}
        wanted |= {member for origin in origins for member in self.blocs.get(origin, ())}
        return tuple(
            act
            for act in self.measures
            if wanted & {*(act.rate if isinstance(act.rate, Mapping) else act.origin)}
            and not {*origins} <= {*act.not_origin}
        )

    def aimed_at(self, origins: Sequence[str]) -> tuple[Act, ...]:
        """Return the acts on goods from some origins by authorities that name them: not those that treat all alike."""
        acts = self.concerning(origins)
        naming = {act.authority for act in acts if act.names_origins}
        return tuple(act for act in acts if act.authority in naming)

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
        shipped_folder = shipped.path_of("lines", shipped.names("lines")[0]).parent
        return {
            path.stem: shipped.sidecar_of(path, Provenance) if path.parent == shipped_folder else None
            for path in self.tables()
        }

    def files(self) -> list[Path]:
        """Return the file of the schedule, where it is one, and those of its tables."""
        return [*([self._document.file] if self._document.file else []), *self.tables()]

    def tables(self) -> list[Path]:
        """Return the files of the tables that it reads, each once."""
        shares = [act.content.table for act in self.measures if isinstance(act.content, ShareTable)]
        lists = [one for versions in self.lists.values() for one in versions.root]
        others = [name for one in lists for name in (one.claims, one.file)]
        names = dict.fromkeys(name for name in (self.lines, *self.classes, *shares, *others) if name is not None)
        return [self.table_path(name) for name in names]


class ScheduleView(BaseModel):
    """A part of another schedule: the acts on goods from some origins, under a title of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    view_of: NonBlankStr = Field(description="A shipped schedule by name, or a YAML file beside this one.")
    title: NonBlankStr
    summary: NonBlankStr
    origins: Labels = Field(description="Whose goods.")


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
    if isinstance(document.content, dict) and "view_of" in document.content:
        return _view(validated(ScheduleView, document), document, path)
    schedule = validated(Schedule, document)
    schedule._name = path.stem
    schedule._document = document
    problems = problems_of(schedule)
    if problems:
        raise InvalidDocument("\n".join(problems))
    return schedule


def _view(view: ScheduleView, document: Document, path: Path) -> Schedule:
    whole = load_schedule(
        path.parent / f"{view.view_of}.yaml" if "." not in view.view_of else path.parent / view.view_of
    )
    unknown = [code for code in view.origins if code not in whole.partners and code not in whole.blocs]
    if unknown:
        where = document.where(("origins",))
        raise UnknownLabel(
            f"{where}: {whole.name} has no origin {listed(unknown)}; it has {listed(sorted(whole.partners))}"
        )
    acts = whole.concerning(view.origins)
    part = whole.model_copy(
        update={"title": view.title, "summary": view.summary, "origins": view.origins, "measures": acts}
    )
    part._name = path.stem
    return part


def schedule_schema() -> dict[str, Any]:
    """Return the JSON Schema of schedules, for editors."""
    forms: TypeAdapter[Any] = TypeAdapter(Schedule | ScheduleView)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "entrepot schedule",
        **forms.json_schema(),
    }
