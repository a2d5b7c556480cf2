"""Outcomes that one can ask the derivative of: a word and codes, ``real_income:IND`` or ``trade:IND:USA:textiles``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model.encoding import ravel, unravel
from entrepot.equilibrium.model.equations import log_consumer_price, markets
from entrepot.equilibrium.model.problem import Array, Flows, Problem, Unknowns
from entrepot.policy.selection import label_resolver

PATTERNS = {
    "real_income": ("country",),
    "real_wage": ("country",),
    "consumer_price": ("country",),
    "price": ("country", "sectors"),
    "output": ("countries", "sectors"),
    "trade": ("countries", "countries", "sectors"),
    "volume": ("countries", "countries", "sectors"),
    "exports": ("countries", "sectors"),
    "imports": ("countries", "sectors"),
    "balance": ("countries", "countries", "sectors"),
    "two_way": ("countries", "countries", "sectors"),
    "tariff_revenue": ("country",),
}
"""Words and what may follow them, several codes or groups with commas between; sectors, and the partner of a balance,
may be left out."""
RATIOS = frozenset({"real_income", "real_wage", "consumer_price", "price"})
"""Outcomes that are ratios to the base year; the others are values in the unit of the economy."""


@dataclass(frozen=True)
class Outcome:
    """One number of the world after a change.

    Attributes
    ----------
    text
        As written.
    kind
        The word it begins with.
    at
        What it is about, as weights: [country], [sector, country] or [sector, origin, destination].
    """

    text: str
    kind: str
    at: np.ndarray

    @property
    def is_ratio(self) -> bool:
        """Whether the outcome is a ratio to the base year."""
        return self.kind in RATIOS


def parse_outcome(text: str, economy: Economy) -> Outcome:
    """Return the outcome that a text means in an economy.

    Raises
    ------
    UnknownLabel
        A word, country or sector that does not exist, with the nearest ones.
    InvalidShock
        Too few or too many codes.
    """
    kind, *written = str(text).split(":")
    if kind not in PATTERNS:
        raise UnknownLabel(f"no outcome {kind!r}{nearest(kind, list(PATTERNS))}; choose {', '.join(PATTERNS)}")
    pattern = PATTERNS[kind]
    optional = sum(what == "sectors" for what in pattern) + (kind == "balance")
    if not len(pattern) - optional <= len(written) <= len(pattern):
        form = ":".join([kind, *(what.upper() for what in pattern)])
        raise InvalidShock(f"found {text!r}; write it as {form}" + (", the last may be left out" if optional else ""))
    words = label_resolver(economy, {})
    chosen: list[np.ndarray] = []
    for what, word in zip(pattern, [*written, *["all"] * (len(pattern) - len(written))], strict=True):
        vocabulary, known = (
            (words.sectors, economy.sectors) if what == "sectors" else (words.countries, economy.countries)
        )
        codes = vocabulary.resolve(word.split(","))
        if what == "country" and len(codes) != 1:
            raise UnknownLabel(f"{text!r}: {word!r} is a group; name one country")
        chosen.append(np.isin(list(known), codes).astype(float))
    return Outcome(str(text), kind, _weights(kind, chosen, economy))


def _weights(kind: str, chosen: list[np.ndarray], economy: Economy) -> np.ndarray:
    abroad = 1.0 - np.eye(len(economy.countries))
    first, *others = chosen
    at = first
    if kind in ("price", "output"):
        at = others[0][:, None] * first[None, :]
        at = at / at.sum() if kind == "price" else at
    elif kind in ("trade", "volume"):
        at = np.einsum("o,d,s->sod", first, *others)
        at = at * np.moveaxis(economy.levy_factor.values, -1, 0) if kind == "volume" else at
    elif kind == "exports":
        at = np.einsum("o,s,od->sod", first, others[0], abroad)
    elif kind == "imports":
        at = np.einsum("d,s,od->sod", first, others[0], abroad)
    elif kind in ("balance", "two_way"):
        there = np.einsum("o,d,s,od->sod", first, *others, abroad)
        back = np.swapaxes(there, 1, 2)
        at = there - back if kind == "balance" else there + back
    return np.asarray(at)


def outcome_value(kind: str, at: Array, base_income: Array, vector: Array, problem: Problem) -> Any:
    """Return an outcome at a solved vector; differentiable.

    Parameters
    ----------
    kind, at
        As in `Outcome`; besides, ``"border_price"``, a ratio to the base year weighted by `at` [sector, origin,
        destination], over one plus the base year's export tax.
    base_income : [country]
        Income of the base year, which real income is compared with; 1 where there is none.
    """
    unknowns = unravel(vector, problem)
    xp = vector.__array_namespace__()
    if kind == "price":
        return xp.exp((at * unknowns.log_price).sum())
    consumer_price = xp.exp(log_consumer_price(unknowns, problem))
    if kind == "consumer_price":
        return at @ consumer_price
    costs, cost_power, price_power, flows = markets(unknowns, problem)
    by_country: dict[str, Callable[[], Array]] = {
        "real_income": lambda: flows.income / base_income / consumer_price,
        "real_wage": lambda: _wage(unknowns, problem, flows) / consumer_price,
        "tariff_revenue": lambda: flows.duty,
    }
    if kind in by_country:
        return at @ by_country[kind]()
    if kind == "border_price":
        return (at * xp.exp(costs.unit)[:, :, None] * _taxed(problem)).sum()
    if kind == "output":
        return (at * flows.output).sum()
    weight = problem.net_weight
    if kind == "volume":  # at border prices of the base year: what producers get, over the change of their price
        weight, cost_power = problem.producer_weight, cost_power / xp.exp(costs.unit)
    return xp.einsum("sod,sod,so,sd->", at, weight, cost_power, flows.spent / price_power)


def evaluate(economy: Economy, unknowns: Unknowns, problem: Problem, wanted: Outcome) -> float:
    """Return an outcome of a solved world, by the same words as its derivative."""
    income = np.where(economy.income.values > 0, economy.income.values, 1.0)
    return float(outcome_value(wanted.kind, wanted.at, income, ravel(unknowns), problem))


BY_COUNTRY = frozenset({"real_income", "real_wage", "consumer_price", "tariff_revenue"})
"""Outcomes of which one pass gives all countries'."""


def evaluate_all(economy: Economy, unknowns: Unknowns, problem: Problem, wanted: Sequence[Outcome]) -> list[float]:
    """Return several outcomes of a solved world; those of one kind by country together, in one pass."""
    income = np.where(economy.income.values > 0, economy.income.values, 1.0)
    vector = ravel(unknowns)
    found: dict[int, float] = {}
    for kind in dict.fromkeys(one.kind for one in wanted):
        places = [place for place, one in enumerate(wanted) if one.kind == kind]
        if kind in BY_COUNTRY:
            at = np.array([wanted[place].at for place in places])
            found |= zip(places, map(float, outcome_value(kind, at, income, vector, problem)), strict=True)
            continue
        for place in places:
            found[place] = float(outcome_value(kind, wanted[place].at, income, vector, problem))
    return [found[place] for place in range(len(wanted))]


def _taxed(problem: Problem) -> Array:
    """Return one plus all levies on sales [s, o, d]; 1 where nothing is traded."""
    xp = problem.net_weight.__array_namespace__()
    net, left = problem.net_weight, problem.producer_weight
    if left is None:
        return xp.ones_like(net)
    return xp.where(left > 0, net / xp.where(left > 0, left, 1.0), 1.0)


def _wage(unknowns: Unknowns, problem: Problem, flows: Flows) -> Array:
    """Return the change in wages, or where all factors are tied to their sector in what they earn [c]."""
    xp = unknowns.log_wage.__array_namespace__()
    wage = xp.exp(unknowns.log_wage)
    if flows.rents is None:
        return wage
    base = problem.labour_income + problem.rent_income.sum(axis=0)
    average = (flows.labour + flows.rents.sum(axis=0)) / xp.where(base > 0, base, 1.0)
    return xp.where(problem.labour_income > 0, wage, average)
