"""The equilibrium in exact hats: Caliendo and Parro (2015), equations 10 to 15, on bare arrays.

Einsum letters: s sector, o origin, d destination, c country, u input. The sector comes first here, so that the products
over the cube (sector, origin, destination) run along contiguous memory. Kernels over a cube take any number of origins
and destinations: with square arrays alone, swapping the two goes unnoticed.

Unknowns are the logs of wages, prices and expenditure. `equilibrium_map` takes them once around the circle of the
economy; an equilibrium is what it leaves where it is. Every function asks its arguments which library they are of: on
JAX arrays it is compiled into the solver, on NumPy arrays it answers at once.
"""

from typing import Any, NamedTuple, TypeAlias

Array: TypeAlias = Any  # jax.Array or numpy.ndarray, all of one kind in a call

NEWTON_STEPS = 8  # quadratic convergence from within a few per cent of the root: 4 are enough, 8 for extreme economies


class Unknowns(NamedTuple):
    """What the equilibrium is solved for, in logs."""

    log_wage: Array  # c, of the ratio to the baseline
    log_price: Array  # s d, of the ratio to the baseline
    log_expenditure: Array  # s d, of the value; 0 where nothing is spent


class Problem(NamedTuple):
    """One economy under one shock: all that the equations read."""

    weight: Array  # s o d, trade share * (change in trade cost and duty)^-theta; 0 for an embargo
    net_weight: Array  # s o d, weight / (1 + tariff_cf): what of a dollar spent reaches the seller
    theta: Array  # s
    input_share: Array  # c u s
    value_added_share: Array  # s c
    final_share: Array  # s c
    value_added: Array  # c
    deficit: Array  # c, imbalance that is constant in the numeraire
    deficit_share: Array | None  # c, imbalance as a share of income, in place of constants; None costs nothing
    spends: Array  # s d, whether anything is spent
    supplied: Array  # s d, whether anybody supplies
    earns: Array  # c, whether there is value added


class Flows(NamedTuple):
    """Values that follow from the unknowns."""

    output: Array  # s o, at producer prices
    spent: Array  # s d, duty included
    bought: Array  # s d, the same before duty
    duty: Array  # c, revenue
    deficit: Array  # c
    income: Array  # c


def equilibrium_map(unknowns: Unknowns, problem: Problem) -> Unknowns:
    """Return wages, prices and expenditure after one round of cost, sourcing, sales, income and demand."""
    cost_power = unit_cost_power(unknowns, problem)
    price_power = sourcing_price_power(problem.weight, cost_power, problem.supplied)
    flows = market_flows(unknowns, problem, cost_power, price_power)
    xp = _library(price_power)
    return Unknowns(
        log_wage=_log_where(problem.earns, wage_hat(flows.output, problem)),
        log_price=-xp.log(price_power) / problem.theta[:, None],
        log_expenditure=_log_where(problem.spends, expenditure(flows, problem)),
    )


def log_unit_cost(unknowns: Unknowns, problem: Problem) -> Array:
    """Return ln of the change in the cost of a bundle of labour and inputs [s, c] (Cobb-Douglas; equation 10)."""
    inputs = _library(unknowns.log_price).einsum("cus,uc->sc", problem.input_share, unknowns.log_price)
    return problem.value_added_share * unknowns.log_wage + inputs


def unit_cost_power(unknowns: Unknowns, problem: Problem) -> Array:
    """Return unit_cost_hat^-theta [s, o]."""
    return _library(unknowns.log_wage).exp(-problem.theta[:, None] * log_unit_cost(unknowns, problem))


def sourcing_price_power(weight: Array, cost_power: Array, supplied: Array) -> Array:
    """Return price_hat^-theta [s, d] (equation 11); 1 in a market that nobody supplies."""
    xp = _library(cost_power)
    return xp.where(supplied, xp.einsum("sod,so->sd", weight, cost_power), 1.0)


def sales(net_weight: Array, cost_power: Array, spent_per_power: Array) -> Array:
    """Return what each origin earns from all destinations before duty [s, o].

    `spent_per_power` is spending / price_hat^-theta [s, d]: times weight and cost_hat^-theta it is an origin's share of
    the spending (equation 12).
    """
    return cost_power * _library(cost_power).einsum("sod,sd->so", net_weight, spent_per_power)


def purchases(net_weight: Array, cost_power: Array, spent_per_power: Array) -> Array:
    """Return what each destination buys from all origins, before duty [s, d]."""
    return spent_per_power * _library(cost_power).einsum("sod,so->sd", net_weight, cost_power)


def market_flows(unknowns: Unknowns, problem: Problem, cost_power: Array, price_power: Array) -> Flows:
    """Return output, purchases, revenue, imbalances and income (equations 13 and 14)."""
    xp = _library(cost_power)
    spent = xp.where(problem.spends, xp.exp(unknowns.log_expenditure), 0.0)
    per_power = spent / price_power
    output = sales(problem.net_weight, cost_power, per_power)
    bought = purchases(problem.net_weight, cost_power, per_power)
    earned = xp.exp(unknowns.log_wage) * problem.value_added
    duty = (spent - bought).sum(axis=0)
    deficit = deficits(earned + duty, problem)
    return Flows(output, spent, bought, duty, deficit, earned + duty + deficit)


def deficits(own_income: Array, problem: Problem) -> Array:
    """Return imbalances [c]: given constants, or shares of income moved by so much that the world's add up to zero.

    Shares of income that stay constant cannot add up to zero once incomes change; all therefore move by the same
    `shift`. Income is own_income / (1 - share + shift); imbalances add up to zero where it adds up to own income:
    where the mean of 1 - share + shift, harmonic and weighted by own income, is 1. That mean is increasing and concave
    in the shift, so Newton's method cannot miss; `NEWTON_STEPS` bring it to rounding error.
    """
    if problem.deficit_share is None:
        return problem.deficit
    xp = _library(own_income)
    weight = own_income / own_income.sum()
    kept = 1 - problem.deficit_share
    shift, smallest = 0.0, -kept.min()
    for _ in range(NEWTON_STEPS):
        inverse = weight / (kept + shift)
        mean = 1 / inverse.sum()
        slope = (inverse / (kept + shift)).sum() * mean**2
        # Half way to the pole at most: from the right of the root, the first step may be too long.
        shift = xp.maximum(shift - (mean - 1) / slope, (shift + smallest) / 2)
    return own_income / (kept + shift) - own_income


def expenditure(flows: Flows, problem: Problem) -> Array:
    """Return spending on inputs and on final goods [s, d] (equation 13)."""
    inputs = _library(flows.output).einsum("cus,sc->uc", problem.input_share, flows.output)
    return inputs + problem.final_share * flows.income


def wage_hat(output: Array, problem: Problem) -> Array:
    """Return the change in what factors earn [c]; the world's value added is the numeraire."""
    xp = _library(output)
    earned = (problem.value_added_share * output).sum(axis=0)
    earned = earned * (problem.value_added.sum() / earned.sum())
    return xp.where(problem.earns, earned / xp.where(problem.earns, problem.value_added, 1.0), 1.0)


def _log_where(there: Array, value: Array) -> Array:
    """Return ln value where there is one, 0 elsewhere, without a NaN in the branch not taken."""
    xp = _library(value)
    return xp.where(there, xp.log(xp.where(there, value, 1.0)), 0.0)


def _library(array: Array) -> Any:
    """Return jax.numpy or numpy, whichever `array` belongs to."""
    return array.__array_namespace__()
