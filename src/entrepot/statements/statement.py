"""A file of statements: who said what, what it claims, and what it leaves open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from entrepot.core.errors import InputError, InvalidDocument
from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.data import shipped
from entrepot.data.documents import Document, Place, read_yaml, validated
from entrepot.policy.schedules.schedule import Schedule, load_schedule
from entrepot.statements.claims import AnyStatement, Bloc, RateInForce


class Statements(BaseModel):
    """Statements with what they claim. Load them with :func:`entrepot.load_statements`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot statements")

    title: NonBlankStr
    reference: NonBlankStr = Field(description="Where and when it was said, so that a reader can look it up.")
    date: IsoDate
    summary: NonBlankStr | None = Field(default=None, description="The occasion, in a paragraph.")
    names: Mapping[NonBlankStr, NonBlankStr] = Field(
        default_factory=dict, description="Codes as sentences have them: {CHN: China}."
    )
    blocs: Mapping[NonBlankStr, Bloc] = Field(default_factory=dict)
    statements: tuple[AnyStatement, ...]

    _name: str = PrivateAttr(default="statements")
    _document: Document = PrivateAttr(default_factory=lambda: Document({}))
    _schedules: dict[str, Schedule] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _has_some(self) -> Self:
        if not self.statements:
            raise ValueError("no statements; write at least one under `statements`")
        return self

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    @property
    def schedules(self) -> Mapping[str, Schedule]:
        """The schedules of duties that statements name."""
        return self._schedules

    def name_of(self, code: str) -> str:
        """Return what a sentence calls a code."""
        return self.blocs[code].name if code in self.blocs else self.names.get(code, code)

    def located(self, place: Place, message: object) -> str:
        """Return a message with the line of the file that it is about."""
        return f"{self._document.where(place)}: {message}"


def load_statements(name_or_path: str | Path) -> Statements:
    """Return shipped statements, or those in a YAML file, with the schedules of duties that they name.

    Parameters
    ----------
    name_or_path
        ``entrepot statements`` lists the shipped names; a file is checked against the schema that
        ``entrepot schema --of statements`` prints.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what it must; every problem at once, with its line.
    """
    path = shipped.find("statements", name_or_path)
    document = read_yaml(path)
    found = validated(Statements, document)
    found._name, found._document = path.stem, document
    problems: list[str] = []
    seen: set[str] = set()
    for number, statement in enumerate(found.statements):
        place: Place = ("statements", number)
        if statement.id in seen:
            problems.append(
                found.located((*place, "id"), f"{statement.id!r} is used twice; give each statement its own")
            )
        seen.add(statement.id)
        try:
            if statement.scenario is not None:
                shipped.path_of("scenarios", statement.scenario)
        except InputError as error:
            problems.append(found.located((*place, "scenario"), error))
        if isinstance(statement, RateInForce) and statement.schedule not in found._schedules:
            try:
                found._schedules[statement.schedule] = load_schedule(_beside(statement.schedule, path))
            except InputError as error:
                problems.append(found.located((*place, "schedule"), error))
    if problems:
        raise InvalidDocument("\n".join(problems))
    return found


def statements_schema() -> dict[str, Any]:
    """Return the JSON Schema of files of statements, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Statements.model_json_schema()}


def _beside(schedule: str, path: Path) -> str | Path:
    """Return a schedule's shipped name, or its file beside the statements."""
    return path.parent / schedule if Path(schedule).suffix else schedule
