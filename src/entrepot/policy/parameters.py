"""Numbers of a scenario that are set from outside: instruments name them as ``$name``."""

import re
from dataclasses import replace
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from entrepot.core.errors import InvalidDocument, nearest
from entrepot.core.provenance import NonBlankStr
from entrepot.core.units import parse_rate
from entrepot.data.documents import Document, Place

_NAME = re.compile(r"\$([A-Za-z_]\w*)")
TEXTS = ("note", "title")
_AS_WRITTEN = WithJsonSchema({"type": ["number", "string"]})


def _number(written: object) -> object:
    """Return what is written, once it is known to be a rate."""
    parse_rate(written)
    return written


ParameterRate = Annotated[Any, BeforeValidator(_number), _AS_WRITTEN]


class Parameter(BaseModel):
    """A rate or change with its usual value, and the range in which it makes sense."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: ParameterRate = Field(description="Unless it is set: 0.1 or '10 %'.")
    what: NonBlankStr = Field(description="What it is, in a few words.")
    since: ParameterRate | None = Field(default=None, alias="from", description="The smallest value that makes sense.")
    upto: ParameterRate | None = Field(default=None, alias="to", description="The largest.")

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        if (self.since is None) != (self.upto is None):
            raise ValueError("a range has two ends; give both `from` and `to`, or neither")
        if self.since is not None:
            low, high, value = parse_rate(self.since), parse_rate(self.upto), parse_rate(self.value)
            if not low < high:
                raise ValueError(f"the range from {100 * low:g} % to {100 * high:g} % is empty; exchange its ends")
            if not low <= value <= high:
                raise ValueError(f"found {100 * value:g} %; stay between {100 * low:g} % and {100 * high:g} %")
        return self

    @property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest value."""
        return parse_rate(self.since), parse_rate(self.upto)

    @property
    def rate(self) -> float:
        """The value as a number."""
        return parse_rate(self.value)


def named_in(written: Any) -> set[str]:
    """Return the parameters that a part of a document names."""
    if isinstance(written, dict):
        return {name for value in written.values() for name in named_in(value)}
    if isinstance(written, list):
        return {name for value in written for name in named_in(value)}
    named = _NAME.fullmatch(written) if isinstance(written, str) else None
    return {named[1]} if named else set()


def filled_in(document: Document) -> Document:
    """Return a document with the value of its parameter in the place of every ``$name``.

    Raises
    ------
    InvalidDocument
        A name that no parameter has, or a parameter that nothing names; with its line.
    """
    written = document.content.get("parameters")
    parameters = written if isinstance(written, dict) else {}
    used: set[str] = set()

    def filled(value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            return {key: filled(inner, (*place, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner, (*place, number)) for number, inner in enumerate(value)]
        named = _NAME.fullmatch(value) if isinstance(value, str) else None
        if named is None:
            inside = _NAME.search(value) if isinstance(value, str) and place[-1] not in TEXTS else None
            if inside is not None:
                raise InvalidDocument(
                    f"{document.where(place)}: found {value!r}; write {inside[0]} alone, and change its value"
                )
            return value
        if named[1] in parameters and not isinstance(parameters[named[1]], dict):
            used.add(named[1])
            return value  # what is wrong with it is told where the parameter stands
        if named[1] not in parameters or "value" not in parameters[named[1]]:
            hint = nearest(named[1], [str(name) for name in parameters])
            raise InvalidDocument(f"{document.where(place)}: no parameter {named[1]!r}{hint}; add it to `parameters`")
        used.add(named[1])
        return parameters[named[1]]["value"]

    content = {
        key: filled(value, (key,)) if key in ("instruments", "options") else value
        for key, value in document.content.items()
    }
    idle = [str(name) for name in parameters if name not in used]
    if idle:
        raise InvalidDocument(
            f"{document.where(('parameters', idle[0]))}: no instrument names it; write ${idle[0]}, or remove it"
        )
    return replace(document, content=content)
