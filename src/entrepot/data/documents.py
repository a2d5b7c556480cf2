"""YAML that people write, with the line of every value kept for messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from entrepot.core.errors import InvalidDocument, nearest
from entrepot.data.files import read_text

Schema = TypeVar("Schema", bound=BaseModel)

DEEPEST = 30  # levels of nesting; files here have six

Place = tuple[str | int, ...]
"""Where a value stands: ("instruments", 0, "rate")."""


@dataclass(frozen=True)
class Document:
    """The content of a YAML document and where each value stands.

    One that is no file (it came in by the web) has a name at most, and nothing beside it that it could read.
    """

    content: dict[str, Any]
    lines: Mapping[Place, int] = field(default_factory=dict)
    file: Path | None = None
    name: str = ""
    sayings: Mapping[Place, str] = field(default_factory=dict)
    """What people wrote elsewhere than in a file, by the place where it now stands: options of the command line."""

    def saying(self, content: dict[str, Any], sayings: Mapping[Place, str]) -> "Document":
        """Return the document with other content, some of which people wrote elsewhere."""
        return replace(self, content=content, sayings={**self.sayings, **sayings})

    def where(self, place: Place) -> str:
        """Return "file.yaml, line 7: instruments[0].rate" for the value at `place`, or what was written elsewhere."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.sayings:
                return self.sayings[place[:length]]
        spot, name = _dotted(place), self.file.name if self.file else self.name
        if not name:
            return spot
        known = next((self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines), 1)
        return f"{name}, line {known}: {spot}" if spot else f"{name}, line {known}"


class _Loader(yaml.SafeLoader):
    """YAML without dates of its own: they stay texts, and whoever wants a date says where a wrong one stands."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Document:
    """Return the document in a YAML file.

    Raises
    ------
    InvalidDocument
        Not YAML, not a mapping, a key given twice, or aliases (which can make a small file enormous).
    FileProblem
        Missing or unreadable.
    """
    return replace(parse_yaml(read_text(path), path.name), file=path)


def parse_yaml(text: str, name: str) -> Document:
    """Return the document in a text, which messages call `name`.

    Raises
    ------
    InvalidDocument
        As for a file.
    """
    lines: dict[Place, int] = {}
    try:
        _refuse_what_grows(text, name)
        root = yaml.compose(text, Loader=_Loader)
        if not isinstance(root, yaml.MappingNode):
            raise InvalidDocument(f"{name}: found no fields; write `title:`, `instruments:` and so on")
        _note_lines(root, (), lines, name)
        content = _Loader("").construct_document(root)  # what is composed need not be parsed again
        if not isinstance(content, dict):
            raise InvalidDocument(f"{name}: found {root.tag} where fields are wanted; leave out the tag")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidDocument(
            f"{name}, line {line}: not YAML: {error.problem}; check indentation and colons"
        ) from error
    except yaml.YAMLError as error:
        found = " ".join(str(error).split())[:200]
        raise InvalidDocument(f"{name}: not YAML: {found}; save it as plain UTF-8 text") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, InvalidDocument):
            raise
        found = " ".join(str(error).split())[:120]
        raise InvalidDocument(f"{name}: a value that cannot be read ({found}); leave out tags such as !!int") from error
    except RecursionError:
        raise InvalidDocument(f"{name}: nested too deeply; a scenario needs four levels at most") from None
    return Document(content, lines, name=name)


def _refuse_what_grows(text: str, name: str) -> None:
    """Raise InvalidDocument at the first alias, or where brackets stand in brackets without end.

    Both make a small text cost minutes, so neither is read any further.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise InvalidDocument(f"{name}: YAML aliases (*name) are not read; write the values out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InvalidDocument(f"{name}: nested too deeply; a scenario needs four levels at most")


def written_yaml(content: Mapping[str, Any], inline: bool = True) -> str:
    """Return content as YAML that reads back the same, in its own order, without aliases.

    `inline` writes what holds nothing but plain values on one line, in braces.
    """
    text: str = yaml.dump(
        dict(content),
        Dumper=_Plain,
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None if inline else False,
    )
    return text


class _Plain(yaml.SafeDumper):
    """YAML as people write it: what stands twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return whether a value that stands twice is written twice."""
        return True


def validated(model: type[Schema], document: Document) -> Schema:
    """Return `document` as `model`, or raise one error that holds every problem of it, one a line.

    Raises
    ------
    InvalidDocument
        With file, line, field, what was found and what to write.
    """
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        fields = _field_names(model)
        raise InvalidDocument("\n".join(_sentence(problem, document, fields) for problem in error.errors())) from None


def _field_names(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for part in parts for name in part.get("properties", {})})


def _sentence(problem: Any, document: Document, fields: list[str]) -> str:
    place = _existing_place(problem["loc"], document.content, missing=problem["type"] == "missing")
    kind, found = problem["type"], problem.get("input")
    context = problem.get("ctx", {})
    if kind == "extra_forbidden":
        return f"{document.where(place)}: unknown field{nearest(str(place[-1]), fields)}; remove or rename it"
    if kind == "missing":
        return f"{document.where(place)}: missing; add it"
    if kind == "value_error":
        return f"{document.where(place)}: {context['error']}"
    if kind == "union_tag_not_found":
        return f"{document.where((*place, context['discriminator'].strip(chr(39))))}: missing; add it"
    if kind == "union_tag_invalid":
        return f"{document.where(place)}: found kind {context['tag']!r}; write one of {context['expected_tags']}"
    return f"{document.where(place)}: found {found!r}; {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _existing_place(loc: Place, content: Any, missing: bool) -> Place:
    """Return pydantic's location without the names of union members, which are not in the file.

    The last step of a field that is missing is not in the file either, but is what the message is about.
    """
    place: list[str | int] = []
    here = content
    for step in loc:
        inside = (isinstance(here, dict) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        )
        if inside:
            here = here[step]
            place.append(step)
    return (*place, loc[-1]) if missing else tuple(place)


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int], document: str) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                raise InvalidDocument(f"{document}, line {line}: {_dotted((*place, name))} is given twice; keep one")
            seen.add(name)
            _note_lines(value, (*place, name), lines, document)
            lines[(*place, name)] = line
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _note_lines(item, (*place, position), lines, document)


def _dotted(place: Place) -> str:
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")
