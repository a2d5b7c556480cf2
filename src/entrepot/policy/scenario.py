"""A scenario: a file that says what changes, when, and by which act."""

import copy
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from entrepot.core.errors import InputError, InvalidShock, UnknownLabel, nearest, raise_all
from entrepot.core.extensions import NamedRepr
from entrepot.core.legal import IN_FORCE, LegalReading, legal_reading
from entrepot.core.provenance import IsoDate, NonBlankStr, Provenance
from entrepot.core.units import parse_date
from entrepot.data.documents import Document, Place, validated
from entrepot.economy.economy import Economy
from entrepot.policy.changes import answered, changes_document, met, multiplied, titled, with_lines
from entrepot.policy.parameters import Parameter, filled_in, named_in
from entrepot.policy.rate_sources import remarks_on, tables_of
from entrepot.policy.scenario_parts import AnyInstrument, Focus, Option, Question
from entrepot.policy.schedules.sector_duties import ScheduleRates
from entrepot.policy.selection import Labels, label_resolver
from entrepot.policy.shock import FittedShock, Shock
from entrepot.policy.shock_builder import ShockBuilder

__all__ = ["AnyInstrument", "Focus", "Option", "Question", "Scenario"]


class Scenario(NamedRepr, BaseModel):
    """What changes, when, and by which act. Load one with :func:`entrepot.load_scenario`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot scenario")

    title: NonBlankStr
    reference: NonBlankStr = Field(description="The legal acts or the proposal, so that a reader can look them up.")
    date: IsoDate = Field(description="The day whose rules are meant.")
    reading: LegalReading = Field(
        default=IN_FORCE,
        description="Which acts of a schedule count on the day: in-force by law, collected by customs, or announced.",
    )
    beyond: bool = Field(default=False, description="Allow a day after the last one that a schedule knows.")
    summary: NonBlankStr | None = Field(
        default=None, description="What the scenario can and cannot say, in a paragraph."
    )
    baseline: NonBlankStr | None = Field(
        default=None,
        description="What the change comes on top of: base_year, in_force (the shipped measures in force on the date), "
        "in_force:2026-01-01, or a scenario by name.",
    )
    focus: Focus | None = None
    groups: Mapping[NonBlankStr, Labels] = Field(
        default_factory=dict, description="Own groups of countries or sectors."
    )
    parameters: Mapping[NonBlankStr, Parameter] = Field(
        default_factory=dict, description="Numbers that instruments name as $name, to be set from outside."
    )
    instruments: tuple[AnyInstrument, ...] = Field(default=(), description="What changes, whichever option is taken.")
    options: Mapping[NonBlankStr, Option] = Field(default_factory=dict, description="Courses to choose between.")
    question: Question | None = None
    by_lines: NonBlankStr | None = Field(default=None, description="The same by tariff line: a name, or a YAML file.")

    _name: str = PrivateAttr(default="scenario")
    _document: Document = PrivateAttr(default_factory=lambda: Document({}))
    _place: Place = PrivateAttr(default=())
    _factors: tuple[Mapping[tuple[str, str], float], ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.options and "instruments" not in self.model_fields_set:
            raise ValueError("changes nothing; give `instruments`, or `options` to choose between")
        if len(self.options) == 1:
            raise ValueError("one option is no choice; give two or more, or write its instruments at the top")
        if self.question is not None and (not self.options or self.question.over not in self.parameters):
            raise ValueError(f"a question needs options, and a parameter {self.question.over!r} that they depend on")
        if self.question is not None and self.parameters[self.question.over].upto is None:
            raise ValueError(f"the parameter {self.question.over!r} needs a range: give it `from` and `to`")
        return self

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    @classmethod
    def of_document(cls, document: Document) -> "Scenario":
        """Return the scenario in a document, its parameters filled in.

        Raises
        ------
        InputError
            It does not say what a scenario must; every problem at once, with its line.
        """
        scenario = validated(cls, filled_in(document))
        scenario._document = document
        if document.file is not None:
            scenario._name = document.file.stem
        return scenario

    @classmethod
    def from_changes(
        cls, *, title: str | None = None, date: datetime.date | str | None = None, **changes: Sequence[str] | str | None
    ) -> "Scenario":
        """Return a scenario made of lines: ``from_changes(tariff="CHN:EU27:cars=+30%", embargo=["RUS:EU27:C19"])``.

        Parameters
        ----------
        title
            Left out, the changes in words.
        date
            The day whose rules are meant; left out, today.
        changes
            One line or several by kind, a key of `core.changes.CHANGES`, as the options of the command line take them.
        """
        made = cls.of_document(changes_document(changes, title, date))
        return made if title is not None else cls.of_document(titled(made._document, made.instruments))

    def with_changes(self, **changes: Sequence[str] | str | None) -> "Scenario":
        """Return the scenario with changes added to its instruments, as :meth:`from_changes` takes them."""
        common = len(self._document.content.get("instruments", ()))
        made = Scenario.of_document(with_lines(self._document, changes))
        return self._again(titled(made._document, made.instruments[common:], self._document.content["title"]))

    def with_answer(self, kind: Literal["in-kind", "in-force"] = "in-kind") -> "Scenario":
        """Return the scenario with an answer to its duties.

        In kind it is hypothetical: whose goods bear a new import duty levies the same on the same sectors of whoever
        levied it, unless the scenario has an answer. In force, shipped schedules on its goods are added.
        """
        return self._again(answered(self.content, kind) if kind == "in-kind" else met(self.content, self.date))

    def adapted(
        self,
        *,
        on: object = None,
        parameters: Mapping[str, object] | None = None,
        option: str | None = None,
        baseline: str | None = None,
        reading: str | None = None,
        beyond: bool = False,
    ) -> "Scenario":
        """Return the scenario with parameters set, under the rules of another day, with one of its options chosen.

        Parameters
        ----------
        on
            As for :meth:`on`; None keeps the day.
        parameters
            As for :meth:`with_parameters`, by name; none keeps them all.
        option
            As for :meth:`option`; None keeps all options.
        baseline
            What the change comes on top of, as in a file; None keeps what the file says.
        reading, beyond
            As in a file; None and False keep what it says.

        Raises
        ------
        InputError
            Not a date, or a parameter or option that the scenario does not have.
        """
        scenario = self.with_parameters(**parameters) if parameters else self
        if on is not None:
            scenario = scenario.on(on)
        law = {"reading": reading and legal_reading(reading), "beyond": beyond or None, "baseline": baseline}
        said = {name: one for name, one in law.items() if one is not None}
        scenario = scenario._like(scenario.model_copy(update=said)) if said else scenario
        return scenario if option is None else scenario.option(option)

    def on(self, date: object) -> "Scenario":
        """Return the scenario under the rules of another day, a date or a text such as 2025-08-21."""
        try:
            return self._like(self.model_copy(update={"date": parse_date(date)}))
        except ValueError as error:
            raise InputError(f"date: {error}") from None

    def with_parameters(self, **values: object) -> "Scenario":
        """Return the scenario with parameters set otherwise, as numbers or as people write them.

        Raises
        ------
        UnknownLabel
            No parameter of that name.
        InvalidDocument
            A value that the instruments cannot take.
        """
        for name in values:
            if name not in self.parameters:
                known = f"; it has {', '.join(self.parameters)}" if self.parameters else "; it has none"
                raise UnknownLabel(f"{self.name}: no parameter {name!r}{nearest(name, list(self.parameters)) or known}")
        content = copy.deepcopy(self._document.content)
        for name, value in values.items():
            content["parameters"][name]["value"] = value
        return self._again(content)

    def with_factors(self, factors: Mapping[tuple[str, str], float]) -> "Scenario":
        """Return the scenario with acts of its schedules taken at so many times their ``rate`` or their ``content``.

        Parameters
        ----------
        factors
            By id of the act and ``"rate"`` or ``"content"``; 1 leaves it as it is. They multiply what the file says.

        Raises
        ------
        UnknownLabel
            No schedule of the scenario has such an act.
        """
        acts = self.acts()
        for act, _ in factors:
            if act not in acts:
                hint = nearest(act, list(acts))
                raise UnknownLabel(f"{self.name}: no act {act!r}{hint}; `entrepot tariffs` lists them")

        def scaled(instruments: tuple[AnyInstrument, ...]) -> tuple[AnyInstrument, ...]:
            return tuple(multiplied(one, acts, factors) for one in instruments)

        options = {name: one.model_copy(update={"instruments": scaled(one.instruments)})
                   for name, one in self.options.items()}  # fmt: skip
        made = self._like(self.model_copy(update={"instruments": scaled(self.instruments), "options": options}))
        made._factors = (*self._factors, factors)
        return made

    def acts(self) -> dict[str, str]:
        """Return the ids of all acts in the schedules that the scenario reads, each with its schedule."""
        every = [*self.instruments, *(one for option in self.options.values() for one in option.instruments)]
        read = [one for instrument in every for one in instrument.tables if isinstance(one, ScheduleRates)]
        return {act.id: one.schedule for one in read for act in one.loaded(self._folder).measures}

    def option(self, name: str) -> "Scenario":
        """Return one of the options as a scenario of its own, with the parameters that its instruments name.

        Raises
        ------
        UnknownLabel
            No option of that name.
        """
        if name not in self.options:
            known = ", ".join(self.options) or "none"
            raise UnknownLabel(f"{self.name}: no option {name!r}{nearest(name, list(self.options))}; it has {known}")
        chosen = self.options[name]
        made = self._like(
            self.model_copy(
                update={
                    "title": f"{self.title}: {chosen.title}",
                    "instruments": (*self.instruments, *chosen.instruments),
                    "parameters": {key: one for key, one in self.parameters.items() if self.depends(name, key)},
                    "options": {},
                    "question": None,
                }
            )
        )
        made._name, made._place = f"{self.name}, {name}", ("options", name)
        return made

    def depends(self, option: str, parameter: str) -> bool:
        """Return whether an option, or what all options share, names a parameter."""
        content = self._document.content
        written = [content.get("instruments"), content.get("options", {}).get(option)]
        return parameter in named_in(written)

    def shock(self, economy: Economy) -> Shock:
        """Return what changes, on the labels of `economy`; raises as :meth:`on_economy`."""
        return self.on_economy(economy).as_shock(economy)

    def on_economy(self, economy: Economy) -> FittedShock:
        """Return every wedge and limit of the scenario on the labels of `economy`.

        Raises
        ------
        InputError
            Unknown codes, flows that two instruments set, rates out of range; every problem of the file at once, each
            with its line. A scenario with options is not one change: choose one.
        """
        if self.options:
            raise InvalidShock(
                f"{self.name} has the options {', '.join(self.options)}; choose one with --option NAME or "
                "scenario.option(...); `entrepot simulate` and entrepot.trade_off compare them"
            )
        try:
            words = label_resolver(economy, self.groups)
        except InputError as error:
            raise type(error)(self._located(("groups",), error)) from None
        builder = ShockBuilder(economy, words, self._folder, self.date, self.reading, self.beyond)
        problems: list[InputError] = []
        for number, instrument in enumerate(self.instruments):
            try:
                instrument.apply(builder, number)
            except InputError as error:
                problems.append(type(error)(self._located(self._where_stands(number), error)))
        raise_all(problems)
        try:
            return builder.fitted()
        except InputError as error:
            raise type(error)(self._located(("instruments",), error)) from None

    def remarks(self, economy: Economy | None = None) -> tuple[str, ...]:
        """Return what a reader must know: rates not of the day; with `economy`, words that stand for wider sectors."""
        found = remarks_on(self.instruments, self._folder, self.date)
        if economy is not None:
            sectors = label_resolver(economy, self.groups).sectors
            words = (word for instrument in self.instruments for word in instrument.sector_words)
            found += [sectors.reading(word.removeprefix("-")) for word in words]
        return tuple(dict.fromkeys(one for one in found if one))

    def tables(self) -> dict[str, Provenance | None]:
        """Return the tables of rates that the scenario reads, with their provenance where they are shipped."""
        options = [one for option in self.options.values() for one in option.instruments]
        return tables_of([*self.instruments, *options], self._folder)

    @property
    def has_dated_rules(self) -> bool:
        """Whether any instrument reads rates that depend on the day."""
        return any(instrument.tables for instrument in self.instruments)

    @property
    def content(self) -> dict[str, Any]:
        """The document as it was written, parameters not filled in; a copy."""
        return copy.deepcopy(self._document.content)

    @property
    def _folder(self) -> Path | None:
        return self._document.file.parent if self._document.file else None

    def _again(self, content: dict[str, Any] | Document) -> "Scenario":
        """Return the scenario that another content of its file means, on the same day, with the same option."""
        document = content if isinstance(content, Document) else replace(self._document, content=content)
        made = Scenario.of_document(document)
        if self._document.file is None:
            made._name = self._name
        made = made.on(self.date).adapted(baseline=self.baseline, reading=self.reading, beyond=self.beyond)
        for factors in self._factors:
            made = made.with_factors(factors)
        return made.option(str(self._place[1])) if self._place else made

    def _like(self, made: "Scenario") -> "Scenario":
        made._name, made._document, made._place = self._name, self._document, self._place
        made._factors = self._factors
        return made

    def _where_stands(self, number: int) -> Place:
        """Return where in the file the instrument stands: those of an option come after those of all."""
        common = len(self._document.content.get("instruments", ())) if self._place else len(self.instruments)
        return ("instruments", number) if number < common else (*self._place, "instruments", number - common)

    def _located(self, place: Place, error: InputError) -> str:
        return f"{self._document.where(place)}: {error}"
