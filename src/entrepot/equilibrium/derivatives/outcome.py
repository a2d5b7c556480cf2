"""Outcomes of one economy: what a text such as ``trade:IND:USA:textiles`` stands for, and its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from entrepot.core.errors import InvalidShock, UnknownLabel
from entrepot.core.outcomes import OutcomeKind, kind_of
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.evaluation import Chosen, outcome_value, weights
from entrepot.equilibrium.model.encoding import ravel
from entrepot.equilibrium.model.problem import Problem, Unknowns
from entrepot.policy.selection import ALL, LabelSet, label_resolver


@dataclass(frozen=True)
class Outcome:
    """One number of the world after a change; two are equal if they are written alike.

    Attributes
    ----------
    text
        As written; tables are keyed by it.
    kind
        Its row in the table of outcomes.
    at
        What it is about, as weights on the economy's axes: [country], [sector, country] or [sector, origin,
        destination].
    """

    text: str
    kind: OutcomeKind
    at: np.ndarray = field(repr=False, compare=False)

    def __str__(self) -> str:
        return self.text

    @property
    def codes(self) -> tuple[str, ...]:
        """What follows the word, as written."""
        return tuple(self.text.split(":")[1:])

    @property
    def is_ratio(self) -> bool:
        """Whether the outcome is a ratio to the base year."""
        return self.kind.is_ratio

    def unit(self, economy: Economy) -> str:
        """Return the unit in which reports show it."""
        return "change, %" if self.is_ratio else f"{economy.currency} billion"

    def in_unit(self, values: Any, economy: Economy) -> Any:
        """Return a number, or an array or table of them, in that unit: changes in per cent, or billions."""
        return 100 * (values - 1) if self.is_ratio else values * economy.billions


def parse_outcome(text: str, economy: Economy, own: Mapping[str, Sequence[str]] | None = None) -> Outcome:
    """Return the outcome that a text means in an economy; `own` are groups of a scenario.

    A bloc stands wherever a country does. Its real income is that of the members together: the sum of their equivalent
    variations over the sum of their incomes; consumer prices are means by income, real wages by value added. Its
    exports, imports and balance leave out the trade among its members.

    Raises
    ------
    UnknownLabel
        A word, country or sector that does not exist, with the nearest ones.
    InvalidShock
        Too few or too many codes.
    """
    kind, written = kind_of(text), str(text).split(":")[1:]
    pattern = kind.pattern
    if not len(pattern) - kind.optional <= len(written) <= len(pattern):
        hint = ", the last may be left out" if kind.optional else ""
        raise InvalidShock(f"found {text!r}; write it as {kind.form}{hint}")
    words = label_resolver(economy, own or {})
    chosen: list[np.ndarray] = []
    for what, word in zip(pattern, [*written, *["all"] * (len(pattern) - len(written))], strict=True):
        vocabulary, known = (
            (words.sectors, economy.sectors) if what == "sectors" else (words.countries, economy.countries)
        )
        codes = vocabulary.resolve(word.split(","))
        if not codes:
            raise UnknownLabel(f"{text!r}: {word!r} means nothing; name a country, a bloc or a sector")
        chosen.append(np.isin(list(known), codes).astype(float))
    abroad = outside(economy, written[0], words.countries)
    return Outcome(str(text), kind, weights(kind.word, Chosen(tuple(chosen), abroad), economy))


def outside(economy: Economy, text: str, countries: LabelSet) -> np.ndarray:
    """Return 1 where a flow is trade of the countries in a text with others [origin, destination], 0 elsewhere.

    Home sales are not; nor is trade among the members of a bloc that the text names. A list of countries, or all of
    them, is no bloc.
    """
    abroad = 1.0 - np.eye(len(economy.countries))
    for word in text.split(","):
        if word != ALL and not word.startswith("-"):
            inside = np.isin(list(economy.countries), countries.resolve([word]))
            abroad[np.ix_(inside, inside)] = 0.0
    return abroad


def evaluate(economy: Economy, unknowns: Unknowns, problem: Problem, wanted: Outcome) -> float:
    """Return an outcome of a solved world, by the same words as its derivative."""
    income = np.where(economy.income.values > 0, economy.income.values, 1.0)
    return float(outcome_value(wanted.kind.word, wanted.at, income, ravel(unknowns), problem))


def evaluate_all(economy: Economy, unknowns: Unknowns, problem: Problem, wanted: Sequence[Outcome]) -> list[float]:
    """Return several outcomes of a solved world; those of one kind by country together, in one pass."""
    income = np.where(economy.income.values > 0, economy.income.values, 1.0)
    vector = ravel(unknowns)
    found: dict[int, float] = {}
    for kind in dict.fromkeys(one.kind for one in wanted):
        places = [place for place, one in enumerate(wanted) if one.kind == kind]
        if kind.by_country:
            at = np.array([wanted[place].at for place in places])
            found |= zip(places, map(float, outcome_value(kind.word, at, income, vector, problem)), strict=True)
            continue
        for place in places:
            found[place] = float(outcome_value(kind.word, wanted[place].at, income, vector, problem))
    return [found[place] for place in range(len(wanted))]
