"""The readings of a statement: the product of what it leaves open, minus what its author excludes with a reason."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from entrepot.core.provenance import NonBlankStr
from entrepot.core.units import parse_date, parse_rate
from entrepot.data.facts import is_fiscal, parse_period

ANY = "any"
"""In `at_least`: more than nothing."""
_AMOUNT = re.compile(r"^\s*(\d+(?:\.\d+)?)\s+(\S.*)$")
_STATUS = re.compile(r"^(in force on|decided by) (\d{4}-\d{2}-\d{2})$")


def parse_amount(written: str) -> tuple[float, str]:
    """Return 1000 and "USD million" for "1000 USD million".

    Raises
    ------
    ValueError
        Not a number and the unit that facts have.
    """
    match = _AMOUNT.match(written)
    if match is None:
        raise ValueError(f"found {written[:40]!r}; write a number and the unit of the facts, as '1000 USD million'")
    return float(match[1]), match[2].strip()


def parse_status(written: str) -> tuple[str, str]:
    """Return "in force on" or "decided by", and the day.

    Raises
    ------
    ValueError
        Not of that form, or a day that no calendar has.
    """
    match = _STATUS.match(written)
    if match is None:
        raise ValueError(f"found {written[:60]!r}; write 'in force on 2025-08-21' or 'decided by 2025-08-21'")
    return match[1], str(parse_date(match[2]))


def _many(written: object) -> object:
    """Return one word as a list of one, and years, which YAML reads as numbers, as texts."""
    words = written if isinstance(written, list | tuple) else [written]
    if not words:
        raise ValueError("found nothing; name at least one, the natural one first")
    strange = [word for word in words if not isinstance(word, str | int) or isinstance(word, bool)]
    if strange:
        raise ValueError(f"found {strange[0]!r}; write words, or years as 2024 or FY2024-25")
    texts = [str(word) if isinstance(word, int) and not isinstance(word, bool) else word for word in words]
    doubled = [word for number, word in enumerate(texts) if isinstance(word, str) and word in texts[:number]]
    if doubled:
        raise ValueError(f"{doubled[0]!r} is given twice; keep one")
    return tuple(texts)


def _each(check: Any) -> AfterValidator:
    def read(words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            check(word)
        return words

    return AfterValidator(read)


def _rate_or_any(word: str) -> None:
    if word != ANY and parse_rate(word) < 0:
        raise ValueError(f"found {word!r}; write a share that is not negative, or 'any'")


def _rise(word: str) -> None:
    if parse_rate(word) <= 0:
        raise ValueError(f"found {word!r}; write a rise above 0, as 100 % for a doubling")


def _distinct(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return products, each once in a sum, and each sum once."""
    sums = [tuple(sorted(part.strip() for part in word.split("+"))) for word in words]
    for word, parts in zip(words, sums, strict=True):
        if len(set(parts)) < len(parts):
            raise ValueError(f"{word!r} adds a product to itself; name it once")
        if sums.count(parts) > 1:
            raise ValueError(f"{word!r} is given twice; keep one")
    return words


_JSON = WithJsonSchema(
    {"anyOf": [{"type": ["string", "integer"]}, {"type": "array", "items": {"type": ["string", "integer"]}}]}
)
Words = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _JSON]
Periods = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _each(parse_period), _JSON]
Rises = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _each(_rise), _JSON]
Products = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), AfterValidator(_distinct), _JSON]
Rates = Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _each(_rate_or_any), _JSON]


def _among(*words: str) -> Any:
    """Return the type of one of some words, or a list of them."""
    one = {"enum": list(words)}
    schema = WithJsonSchema({"anyOf": [one, {"type": "array", "items": one}]})
    return Annotated[tuple[Literal[words], ...], BeforeValidator(_many), schema]  # type: ignore[valid-type]


class Dimensions(BaseModel):
    """What a statement leaves open: for each dimension one value, or several with the natural one first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scope: Words | None = Field(default=None, description="Names of `scopes` of the statement: whose trade is meant.")
    flow: _among("exports", "imports", "two-way") | None = Field(  # type: ignore[valid-type]
        default=None, description="As the reporter sees it."
    )
    product: Products | None = Field(default=None, description="As in the facts; 'crude + oil_products' adds them up.")
    period: Periods | None = Field(default=None, description="2024, or FY2024-25 for April to March.")
    base: Periods | None = Field(default=None, description="The earlier period that a change is measured from.")
    measure: _among("amount", "change", "per cent") | None = Field(  # type: ignore[valid-type]
        default=None, description="The amount itself, its change since the base, or that change in per cent."
    )
    unit: Words | None = Field(default=None, description="Value or volume: USD million, Mt, bcm.")
    bloc: _among("as one", "by member") | None = Field(  # type: ignore[valid-type]
        default=None, description="Whether the file's `blocs` count as one partner each."
    )
    minimum: Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _each(parse_amount), _JSON] | None = Field(
        default=None, description="Only partners with this much in the base period (else the period): 1000 USD million."
    )
    source: Words | None = Field(
        default=None, description="Names of sources; left out, each source that has the figures is a reading."
    )
    at_least: Rates | None = Field(default=None, description="A share that must be reached: 10 %, or any.")
    amount: Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _each(parse_amount), _JSON] | None = Field(
        default=None, description="What a level is compared with: 100 Mt."
    )
    increase: Rises | None = Field(default=None, description="The rise that an estimate assumes: 100 % doubles.")
    status: Annotated[tuple[NonBlankStr, ...], BeforeValidator(_many), _each(parse_status), _JSON] | None = Field(
        default=None, description="Which duties: 'in force on 2025-08-21', or 'decided by 2025-08-21'."
    )
    goods: Words | None = Field(default=None, description="A class of goods of the schedule, or all.")

    @property
    def given(self) -> dict[str, tuple[str, ...]]:
        """The dimensions that the statement names, with their values."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


class Exclusion(Dimensions):
    """Combinations that no reasonable reader means, with the reason."""

    because: NonBlankStr

    @model_validator(mode="after")
    def _names_some(self) -> Self:
        if not self.given:
            raise ValueError("excludes everything; name the values of at least one dimension")
        return self

    @property
    def given(self) -> dict[str, tuple[str, ...]]:
        """The dimensions named, with their values."""
        return {name: value for name in Dimensions.model_fields if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Reading:
    """One way to understand a statement.

    Attributes
    ----------
    options
        By dimension, the value chosen.
    natural
        Whether it is the one that the author of the file takes to be meant.
    """

    options: Mapping[str, str]
    natural: bool

    def __getitem__(self, dimension: str) -> str:
        return self.options[dimension]

    def get(self, dimension: str, default: str) -> str:
        """Return the value chosen, or the default where the statement does not name the dimension."""
        return self.options.get(dimension, default)

    def on_another(self, source: str) -> "Reading":
        """Return the reading on the figures of a further source, which is not the natural one."""
        return Reading({**self.options, "source": source}, natural=False)


@dataclass(frozen=True)
class Excluded:
    """A combination that is not read, and why."""

    options: Mapping[str, str]
    because: str


def readings(dimensions: Dimensions, exclude: tuple[Exclusion, ...]) -> tuple[list[Reading], list[Excluded]]:
    """Return every reading, the natural one first, and every combination that is excluded.

    A change from a period to itself or to an earlier one is excluded without being named.
    """
    kept: list[Reading] = []
    out: list[Excluded] = []
    for number, options in enumerate(_product(dimensions)):
        because = _why_not(options, exclude)
        if options.get("measure") == "amount" and dimensions.base and options["base"] != dimensions.base[0]:
            because = because or "an amount is the same whatever the base"
        if because:
            out.append(Excluded(options, because))
        else:
            kept.append(Reading(options, natural=number == 0))
    return kept, out


def _product(dimensions: Dimensions) -> Iterator[dict[str, str]]:
    given = dimensions.given
    for values in itertools.product(*given.values()):
        yield dict(zip(given, values, strict=True))


def _starts(period: str) -> float:
    """Return when a period starts, in years; a fiscal year in April."""
    return float(period.removeprefix("FY")[:4]) + (0.25 if is_fiscal(period) else 0.0)


def _why_not(options: Mapping[str, str], exclude: tuple[Exclusion, ...]) -> str:
    for exclusion in exclude:
        if all(options.get(name) in values for name, values in exclusion.given.items()):
            return exclusion.because
    base, period = options.get("base"), options.get("period")
    if base and period and _starts(base) >= _starts(period):
        return "a change is measured from an earlier period"
    return ""
