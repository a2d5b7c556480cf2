"""The file of a joined brief: which statements, scenarios and studies come together in one document."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema, model_validator

from entrepot.core.errors import InputError, InvalidDocument, UnknownLabel, nearest
from entrepot.core.provenance import IsoDate, NonBlankStr
from entrepot.core.units import parse_bounds, parse_rate
from entrepot.core.wedges import RANKED
from entrepot.data import shipped
from entrepot.data.documents import Document, Place, read_yaml, validated
from entrepot.economy.load import DEFAULT, shipped_economies
from entrepot.policy.load import load_scenario
from entrepot.policy.scenario import Scenario
from entrepot.statements.statement import load_statements

Chart = Literal["map", "ranking", "sectors", "output", "suppliers", "customers"]
DRAWS = 300
"""Some seconds on two cores; 15 of them lie outside the band of nine draws in ten on either side."""
FILES = frozenset({".yaml", ".yml", ".nc", ".csv", ".xlsx"})


def _many(written: object) -> object:
    """Return one word as a list of one."""
    return (written,) if isinstance(written, str) else written


def _value(written: object) -> object:
    """Return the value of a parameter, once it is known to be a rate."""
    parse_rate(written)
    return written


def _range(written: object) -> object:
    """Return two bounds as they are written, -30%..0% or 1..5; either end may be left out."""
    return parse_bounds(written) if isinstance(written, str) else written


_ONE_OR_MORE = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
_AS_WRITTEN = WithJsonSchema({"type": ["number", "string"]})
WordList = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), Field(min_length=1), _ONE_OR_MORE]
ParsedBounds = Annotated[tuple[float | None, float | None], BeforeValidator(_range), WithJsonSchema({"type": "string"})]
ScenarioParameter = Annotated[Any, BeforeValidator(_value), _AS_WRITTEN]


class BriefPart(BaseModel):
    """What every part of a brief may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckedStatements(BriefPart):
    """Statements that are checked, and those whose figures are drawn."""

    name: NonBlankStr = Field(description="Shipped statements by name, or a YAML file beside this one.")
    charts: tuple[NonBlankStr, ...] = Field(default=(), description="Ids of the statements whose figures get a chart.")


class Simulation(BriefPart):
    """A scenario that is solved, on a day, with numbers, in a base year; or compared option by option."""

    name: NonBlankStr = Field(description="A shipped scenario by name, or a YAML file beside this one.")
    label: NonBlankStr | None = Field(default=None, description="What tables and charts call it; left out, its title.")
    economy: NonBlankStr = Field(
        default=DEFAULT, description="The base year: a shipped economy, or a file beside this one."
    )
    date: IsoDate | None = Field(default=None, description="The rules of another day than the scenario's.")
    parameters: dict[NonBlankStr, ScenarioParameter] = Field(
        default_factory=dict, description="Numbers of the scenario: {cut: -20 %}."
    )
    option: NonBlankStr | None = Field(default=None, description="One of its options; left out, they are compared.")
    dates: tuple[IsoDate, ...] = Field(default=(), description="Days whose rules are compared in a table.")
    beside: NonBlankStr | None = Field(default=None, description="A scenario shown beside it on each of these days.")
    chart: Chart | None = Field(default=None, description="What is drawn; left out, nothing but an option's curves.")


class Goal(BriefPart):
    """What is wanted, and what may move, as in `entrepot seek`."""

    title: NonBlankStr
    target: WordList = Field(description="balance:IND:RUS=-30bn; one or more.")
    using: WordList = Field(description="iceberg:IND:RUS:pharma; as many as targets.")
    between: ParsedBounds | None = Field(default=None, description="Bounds of everything that may move: -40%..0%.")
    given: NonBlankStr | None = Field(default=None, description="A scenario in force besides.")
    economy: NonBlankStr = DEFAULT

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.target) != len(self.using):
            raise ValueError(f"{len(self.target)} targets and {len(self.using)} unknowns; give as many")
        return self


class BestResponse(BriefPart):
    """One government's best taxes, as in `entrepot optimal`."""

    title: NonBlankStr
    government: NonBlankStr = Field(description="A country, or a group that sets taxes as one.")
    partners: WordList = Field(default=("all",), description="On trade with whom.")
    by: Literal["uniform", "partner", "sector", "partner,sector"] = "sector"
    tax: tuple[Literal["tariff", "export_tax"], ...] = ("tariff",)
    given: NonBlankStr | None = Field(default=None, description="What others do: a scenario.")
    economy: NonBlankStr = DEFAULT


class SensitivityRanking(BriefPart):
    """What moves an outcome most, as in `entrepot sensitivity`."""

    of: NonBlankStr = Field(description="real_income:IND")
    by: WordList = Field(default=("tariff",), description=f"{', '.join(RANKED)}.")
    sectors: Literal["goods", "all"] = "all"
    top: int = Field(default=10, ge=1, le=50)
    given: NonBlankStr | None = Field(default=None, description="The change to stand at; left out, the base year.")
    economy: NonBlankStr = DEFAULT


class Fan(BriefPart):
    """How sure outcomes are, as in `entrepot uncertainty`, and the same under every rule and in every paper."""

    scenario: NonBlankStr
    vary: WordList = ("theta",)
    of: WordList = Field(description="Outcomes; the first one is the sentence's.")
    draws: int = Field(default=DRAWS, ge=2, le=100_000)
    seed: int = Field(default=1, ge=0)
    economy: NonBlankStr = DEFAULT


class Brief(BaseModel):
    """What a joined brief brings together. Load one with :func:`entrepot.load_brief`."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="entrepot brief")

    title: NonBlankStr
    question: NonBlankStr = Field(description="What the first screen answers, in a sentence.")
    reference: NonBlankStr = Field(description="What is spoken of, so that a reader can look it up.")
    date: IsoDate
    summary: NonBlankStr = Field(description="What the brief can and cannot say, in a paragraph.")
    country: NonBlankStr = Field(description="Whose real income the policies are compared by.")
    statements: tuple[CheckedStatements, ...] = ()
    scenarios: tuple[Simulation, ...] = Field(default=(), description="The first is the one that the brief is about.")
    goals: tuple[Goal, ...] = ()
    best: tuple[BestResponse, ...] = ()
    sensitivity: tuple[SensitivityRanking, ...] = ()
    uncertainty: tuple[Fan, ...] = ()

    _name: str = PrivateAttr(default="brief")
    _document: Document = PrivateAttr(default_factory=lambda: Document({}))

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((self.statements, self.scenarios, self.goals, self.best, self.sensitivity, self.uncertainty)):
            raise ValueError("joins nothing; name `statements`, `scenarios`, `goals` or another part")
        return self

    @property
    def name(self) -> str:
        """The shipped name, or the name of the file."""
        return self._name

    @property
    def file(self) -> Path | None:
        """The file it was read from."""
        return self._document.file

    @property
    def is_shipped(self) -> bool:
        """Whether it is one of those that `entrepot briefs` lists."""
        return self.name in shipped.names("briefs") and self.file == shipped.path_of("briefs", self.name)

    def where(self, place: Place) -> str:
        """Return "mine.yaml, line 7: goals[0]" for a part of the file."""
        return self._document.where(place)

    def beside(self, kind: shipped.Kind, name: str) -> str | Path:
        """Return a shipped name as it is, and any other as the file beside the brief that it names."""
        given = Path(name)
        if name in _known(kind) or self.file is None or given.suffix not in FILES:
            return name
        return self.file.parent / given

    def scenario(self, name: str) -> Scenario:
        """Return a scenario that the brief names."""
        return load_scenario(self.beside("scenarios", name))

    def adapted(self, entry: Simulation) -> Scenario:
        """Return the scenario of an entry with its day, its numbers and its option.

        Raises
        ------
        InputError
            A parameter or option that the scenario does not have.
        """
        return self.scenario(entry.name).adapted(on=entry.date, parameters=entry.parameters, option=entry.option)

    def inputs(self) -> list[Path]:
        """Return every file of a person's own that the brief is read from, itself included."""
        named = [("statements", one.name) for one in self.statements]
        named += [("scenarios", name) for _, name in self._scenario_names()]
        named += [("economies", name) for _, name in self._economy_names()]
        found = [self.beside(kind, name) for kind, name in named]  # type: ignore[arg-type]
        return [*([self.file] if self.file else []), *(one for one in found if isinstance(one, Path))]

    def _scenario_names(self) -> Iterator[tuple[Place, str]]:
        for number, entry in enumerate(self.scenarios):
            yield ("scenarios", number, "name"), entry.name
            if entry.beside is not None:
                yield ("scenarios", number, "beside"), entry.beside
        for kind in ("goals", "best", "sensitivity"):
            for number, one in enumerate(getattr(self, kind)):
                if one.given is not None:
                    yield (kind, number, "given"), one.given
        for number, fan in enumerate(self.uncertainty):
            yield ("uncertainty", number, "scenario"), fan.scenario

    def _economy_names(self) -> Iterator[tuple[Place, str]]:
        for kind in ("scenarios", "goals", "best", "sensitivity", "uncertainty"):
            for number, one in enumerate(getattr(self, kind)):
                yield (kind, number, "economy"), one.economy


def load_brief(name_or_path: str | Path) -> Brief:
    """Return a shipped brief, or the brief in a YAML file; :func:`entrepot.gather` works it out.

    Parameters
    ----------
    name_or_path
        ``entrepot briefs`` lists the shipped names; a file is checked against the schema that ``entrepot schema brief``
        prints, and so is every file that it names.

    Raises
    ------
    InputError
        Nothing of that name, or a file that does not say what a brief must; every problem at once, with its line.
    """
    path = shipped.find("briefs", name_or_path)
    document = read_yaml(path)
    found = validated(Brief, document)
    found._name, found._document = path.stem, document
    problems = [
        f"{document.where(place)}: {line}" for place, error in _wrong(found) for line in str(error).splitlines()
    ]
    if problems:
        raise InvalidDocument("\n".join(dict.fromkeys(problems)))
    return found


def brief_schema() -> dict[str, Any]:
    """Return the JSON Schema of files of briefs, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Brief.model_json_schema()}


def _known(kind: shipped.Kind) -> list[str]:
    return sorted(shipped_economies()) if kind == "economies" else shipped.names(kind)


def _wrong(brief: Brief) -> Iterator[tuple[Place, InputError]]:
    """Yield what the files that a brief names do not have, and where the brief says it."""
    for number, part in enumerate(brief.statements):
        try:
            known = [one.id for one in load_statements(brief.beside("statements", part.name)).statements]
        except InputError as error:
            yield ("statements", number, "name"), error
            continue
        for position, name in enumerate(part.charts):
            if name not in known:
                hint = nearest(name, known) or f"; there are {', '.join(known)}"
                yield ("statements", number, "charts", position), UnknownLabel(f"no statement {name!r}{hint}")
    sound = set()
    for place, name in brief._scenario_names():
        try:
            brief.scenario(name)
            sound.add(name)
        except InputError as error:
            yield place, error
    for place, name in brief._economy_names():
        if isinstance(brief.beside("economies", name), str) and name not in _known("economies"):
            hint = nearest(name, _known("economies"))
            yield place, UnknownLabel(f"no economy {name!r}{hint}; `entrepot economies` lists them")
    for number, entry in enumerate(brief.scenarios):
        if entry.name in sound:
            try:
                brief.adapted(entry)
            except InputError as error:
                yield ("scenarios", number), error
