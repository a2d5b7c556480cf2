"""How each kind of outcome is computed at a solved vector: its weights and its value, which is differentiable.

One row of `EVALUATIONS` for each word in the table of outcomes (`core.outcomes`).
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from entrepot.core.arrays import Array, shares_of
from entrepot.core.outcomes import BORDER_PRICE
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model.encoding import unravel
from entrepot.equilibrium.model.equations import log_consumer_price, markets
from entrepot.equilibrium.model.problem import Flows, Markets, Problem, Unknowns


class SolvedVector:
    """A solved vector with what follows from it, each part computed when it is first asked for.

    Parameters
    ----------
    vector
        The unknowns as one vector.
    problem
        The economy under its shock.
    base_income : [country]
        Income of the base year, which real income is compared with; 1 where there is none.
    """

    def __init__(self, vector: Array, problem: Problem, base_income: Array) -> None:
        self.problem, self.base_income = problem, base_income
        self.unknowns: Unknowns = unravel(vector, problem)
        self.xp: Any = vector.__array_namespace__()

    @cached_property
    def consumer_price(self) -> Array:
        """Change in the price of what a country consumes [country]."""
        return self.xp.exp(log_consumer_price(self.unknowns, self.problem))

    @cached_property
    def markets(self) -> Markets:
        """Costs, prices and values."""
        return markets(self.unknowns, self.problem)

    @property
    def flows(self) -> Flows:
        """Values."""
        return self.markets.flows

    def sales(self, at: Array, weight: Array, cost_power: Array) -> Array:
        """Return the sum of sales at weights [sector, origin, destination]."""
        powers = self.flows.spent / self.markets.price_power
        return self.xp.einsum("sod,sod,so,sd->", at, weight, cost_power, powers)


class Chosen(NamedTuple):
    """What the codes of an outcome mean.

    Attributes
    ----------
    labels
        One array for each code, 1 where a label of its axis is meant: [country] or [sector].
    abroad : [origin, destination]
        1 where a flow leaves the country, or the bloc, that the first code names.
    """

    labels: tuple[np.ndarray, ...]
    abroad: np.ndarray


WeightFunction = Callable[[Chosen, Economy], np.ndarray]
"""Takes what is meant, returns weights."""
ValueFunction = Callable[[Array, SolvedVector], Any]
"""Takes weights and a solved vector, returns the number."""


class Evaluation(NamedTuple):
    """How one kind of outcome is computed."""

    weights: WeightFunction
    value: ValueFunction


def _sum_of_countries(chosen: Chosen, economy: Economy) -> np.ndarray:
    return chosen.labels[0]


def _by_income(chosen: Chosen, economy: Economy) -> np.ndarray:
    return shares_of(economy.income.values, chosen.labels[0])


def _by_value_added(chosen: Chosen, economy: Economy) -> np.ndarray:
    return shares_of(economy.value_added.values, chosen.labels[0])


def _country_sector(chosen: Chosen, economy: Economy) -> np.ndarray:
    return np.asarray(chosen.labels[1][:, None] * chosen.labels[0][None, :])


def _mean_of_sectors(chosen: Chosen, economy: Economy) -> np.ndarray:
    """Every sector alike; in each, the members of a bloc by what they spend."""
    sectors = chosen.labels[1] / chosen.labels[1].sum()
    spent = economy.expenditure.values.T
    return np.stack([share * shares_of(size, chosen.labels[0]) for share, size in zip(sectors, spent, strict=True)])


def _flow(chosen: Chosen, economy: Economy) -> np.ndarray:
    return np.asarray(np.einsum("o,d,s->sod", *chosen.labels))


def _untaxed_flow(chosen: Chosen, economy: Economy) -> np.ndarray:
    return np.asarray(_flow(chosen, economy) * np.moveaxis(economy.levy_factor.values, -1, 0))


def _sold_abroad(chosen: Chosen, economy: Economy) -> np.ndarray:
    return np.asarray(np.einsum("o,s,od->sod", *chosen.labels, chosen.abroad))


def _bought_abroad(chosen: Chosen, economy: Economy) -> np.ndarray:
    return np.asarray(np.einsum("d,s,od->sod", *chosen.labels, chosen.abroad))


def _net_flow(chosen: Chosen, economy: Economy) -> np.ndarray:
    there = np.einsum("o,d,s,od->sod", *chosen.labels, chosen.abroad)
    return np.asarray(there - np.swapaxes(there, 1, 2))


def _gross_flow(chosen: Chosen, economy: Economy) -> np.ndarray:
    there = np.einsum("o,d,s,od->sod", *chosen.labels, chosen.abroad)
    return np.asarray(there + np.swapaxes(there, 1, 2))


def _real_income(at: Array, solved: SolvedVector) -> Array:
    return at @ (solved.flows.income / solved.base_income / solved.consumer_price)


def _real_wage(at: Array, solved: SolvedVector) -> Array:
    return at @ (_wage(solved.unknowns, solved.problem, solved.flows) / solved.consumer_price)


def _consumer_price(at: Array, solved: SolvedVector) -> Array:
    return at @ solved.consumer_price


def _price(at: Array, solved: SolvedVector) -> Array:
    return solved.xp.exp((at * solved.unknowns.log_price).sum())


def _output(at: Array, solved: SolvedVector) -> Array:
    return (at * solved.flows.output).sum()


def _sales(at: Array, solved: SolvedVector) -> Array:
    return solved.sales(at, solved.problem.net_weight, solved.markets.cost_power)


def _volume(at: Array, solved: SolvedVector) -> Array:
    """At border prices of the base year: what producers get, over the change of their price."""
    costs = solved.markets.costs
    return solved.sales(at, solved.problem.producer_weight, solved.markets.cost_power / solved.xp.exp(costs.unit))


def _tariff_revenue(at: Array, solved: SolvedVector) -> Array:
    return at @ solved.flows.duty


def _border_price(at: Array, solved: SolvedVector) -> Array:
    unit_cost = solved.xp.exp(solved.markets.costs.unit)
    return (at * unit_cost[:, :, None] * _taxed(solved.problem)).sum()


EVALUATIONS = {
    "real_income": Evaluation(_by_income, _real_income),
    "real_wage": Evaluation(_by_value_added, _real_wage),
    "consumer_price": Evaluation(_by_income, _consumer_price),
    "price": Evaluation(_mean_of_sectors, _price),
    "output": Evaluation(_country_sector, _output),
    "trade": Evaluation(_flow, _sales),
    "volume": Evaluation(_untaxed_flow, _volume),
    "exports": Evaluation(_sold_abroad, _sales),
    "imports": Evaluation(_bought_abroad, _sales),
    "balance": Evaluation(_net_flow, _sales),
    "two_way": Evaluation(_gross_flow, _sales),
    "tariff_revenue": Evaluation(_sum_of_countries, _tariff_revenue),
}


def weights(word: str, chosen: Chosen, economy: Economy) -> np.ndarray:
    """Return the weights of an outcome of one kind on the axes of the base year."""
    return EVALUATIONS[word].weights(chosen, economy)


def outcome_value(word: str, at: Array, base_income: Array, vector: Array, problem: Problem) -> Any:
    """Return an outcome at a solved vector; differentiable.

    Parameters
    ----------
    word
        Which kind, or `BORDER_PRICE`, whose weights are over one plus the levies of the base year.
    at
        Its weights: [country], [sector, country] or [sector, origin, destination]. Of an outcome by country, several
        rows of weights give as many values.
    base_income : [country]
        Income of the base year, which real income is compared with; 1 where there is none.
    vector, problem
        The unknowns as one vector, and what they solve.
    """
    value = _border_price if word == BORDER_PRICE else EVALUATIONS[word].value
    return value(at, SolvedVector(vector, problem, base_income))


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
