"""The equilibrium in exact hats, on bare arrays: Caliendo and Parro (2015) and its relatives as settings of one system.

Einsum letters: s sector, o origin, d destination, c country, u input. The sector comes first here, so that the products
over the cube (sector, origin, destination) run along contiguous memory. Kernels over a cube take any number of origins
and destinations: with square arrays alone, swapping the two goes unnoticed.

Unknowns are logs of wages, prices and expenditure, and where a dial asks for them of rents and of scale.
`equilibrium_map` takes them once around the circle of the economy; an equilibrium is what it leaves where it is. A
dial that is off is None in `Problem` and leaves no trace in the compiled map. Every function asks its arguments which
library they are of: on JAX arrays it is compiled into the solver, on NumPy arrays it answers at once.
"""

from typing import Any

from entrepot.core.arrays import Array
from entrepot.equilibrium.model.problem import Costs, Flows, Markets, Problem, Unknowns

NEWTON_STEPS = 8  # quadratic convergence from within a few per cent of the root: 4 are enough, 8 for extreme economies


def equilibrium_map(unknowns: Unknowns, problem: Problem) -> Unknowns:
    """Return the unknowns after one round of cost, sourcing, sales, income and demand."""
    costs, _, price_power, flows = markets(unknowns, problem)
    xp = _library(price_power)
    demand = flows.used + final_share(unknowns, problem) * flows.income
    to_numeraire = problem.world_income / (flows.labour.sum() + (0.0 if flows.rents is None else flows.rents.sum()))
    wage = _ratio(problem.earns, flows.labour * to_numeraire, problem.labour_income)
    if problem.held_income is not None:  # what factors earn is given: their price moves until it is what they earn
        wage = xp.exp(unknowns.log_wage) * wage ** (1 / (1 + problem.theta.mean()))
        wage = wage * (problem.world_income / (wage * problem.labour_income).sum())
    rent = scale = None
    if flows.rents is not None:
        rent = xp.log(_ratio(problem.rent_income > 0, flows.rents * to_numeraire, problem.rent_income))
    if problem.psi is not None:
        scale = xp.where(problem.makes, xp.log(_ratio(problem.makes, flows.output, problem.output)) - costs.bundle, 0.0)
    return Unknowns(
        log_wage=xp.log(wage),
        log_price=-xp.log(price_power) / problem.theta[:, None],
        log_expenditure=_log_where(problem.spends, demand),
        log_rent=rent,
        log_scale=scale,
    )


def markets(unknowns: Unknowns, problem: Problem) -> Markets:
    """Return costs, sourcing and the values that follow from unknowns."""
    costs = unit_costs(unknowns, problem)
    cost_power = to_minus_theta(costs.unit, problem)
    price_power = sourcing_price_power(problem.weight, cost_power, problem.supplied)
    return Markets(costs, cost_power, price_power, market_flows(unknowns, problem, costs, cost_power, price_power))


def unit_costs(unknowns: Unknowns, problem: Problem) -> Costs:
    """Return changes in the costs of production: nested CES, Cobb-Douglas where a dial is off."""
    factors = log_factor_price(unknowns, problem)
    inputs = None
    if problem.rho is None and problem.mu is None:
        bought = _library(unknowns.log_price).einsum("cus,uc->sc", problem.input_share, unknowns.log_price)
        bundle = problem.value_added_share * factors + bought
    else:
        inputs = log_input_price(unknowns, problem)
        bundle = _log_mean(problem.value_added_share, factors, inputs, problem.rho)
    unit = bundle if problem.log_productivity is None else bundle - problem.log_productivity
    if problem.psi is not None:
        unit = unit - problem.psi[:, None] * unknowns.log_scale
    return Costs(factors, inputs, bundle, unit)


def log_factor_price(unknowns: Unknowns, problem: Problem) -> Array:
    """Return ln of the change in the price of value added [1 or s, c]: wages, rents, or a Cobb-Douglas mix."""
    if problem.specific_share is None:
        return unknowns.log_wage[None, :]
    tied = problem.specific_share[:, None]
    return (1 - tied) * unknowns.log_wage + tied * unknowns.log_rent


def log_input_price(unknowns: Unknowns, problem: Problem) -> Array:
    """Return ln of the change in the price of a sector's bundle of inputs [s, c]; 0 where it uses none."""
    xp = _library(unknowns.log_price)
    total = 1 - problem.value_added_share
    uses = total > 0
    divisor = xp.where(uses, total, 1.0)
    if problem.mu is None:
        return xp.einsum("cus,uc->sc", problem.input_share, unknowns.log_price) / divisor
    power = 1 - problem.mu
    mean = xp.einsum("cus,uc->sc", problem.input_share, xp.expm1(power * unknowns.log_price)) / divisor
    return xp.where(uses, xp.log1p(mean), 0.0) / power


def to_minus_theta(log_unit_cost: Array, problem: Problem) -> Array:
    """Return unit_cost_hat^-theta [s, o]."""
    return _library(log_unit_cost).exp(-problem.theta[:, None] * log_unit_cost)


def sourcing_price_power(weight: Array, cost_power: Array, supplied: Array) -> Array:
    """Return price_hat^-theta [s, d]; 1 in a market that nobody supplies."""
    xp = _library(cost_power)
    return xp.where(supplied, xp.einsum("sod,so->sd", weight, cost_power), 1.0)


def sales(net_weight: Array, cost_power: Array, spent_per_power: Array) -> Array:
    """Return what each origin earns from all destinations [s, o].

    `spent_per_power` is spending / price_hat^-theta [s, d]: times weight and cost_hat^-theta it is an origin's share of
    the spending. With `net_weight` the earnings are before duty, with `producer_weight` also before export tax.
    """
    return cost_power * _library(cost_power).einsum("sod,sd->so", net_weight, spent_per_power)


def border_share(net_weight: Array, cost_power: Array, price_power: Array) -> Array:
    """Return what of a dollar spent is left after duty [s, d]: the average of 1 / (1 + tariff) over suppliers."""
    return _library(cost_power).einsum("sod,so->sd", net_weight, cost_power) / price_power


def market_flows(unknowns: Unknowns, problem: Problem, costs: Costs, cost_power: Array, price_power: Array) -> Flows:
    """Return output, input demand, revenue, imbalances and income.

    Income contains the duty on what it is spent on. That circle is closed here in one step (income is what is earned,
    over the share of a dollar of final spending that does not come back as duty): going around it once a round would
    never settle where imports are subsidised.
    """
    xp = _library(cost_power)
    spent = xp.where(problem.spends, xp.exp(unknowns.log_expenditure), 0.0)
    per_power = spent / price_power
    at_border = sales(problem.net_weight, cost_power, per_power)
    output = at_border
    levies = xp.zeros_like(problem.deficit)
    if problem.producer_weight is not None:
        output = sales(problem.producer_weight, cost_power, per_power)
        levies = (at_border - output).sum(axis=0)
    kept = border_share(problem.net_weight, cost_power, price_power)
    used = input_demand(unknowns, problem, costs, output)

    factor_payment = output * value_added_share(problem, costs)
    labour, rents = factor_payment.sum(axis=0), None
    earned = labour if problem.held_income is not None else xp.exp(unknowns.log_wage) * problem.labour_income
    if problem.specific_share is not None:
        tied = problem.specific_share[:, None]
        labour, rents = ((1 - tied) * factor_payment).sum(axis=0), tied * factor_payment
        earned = earned + (xp.exp(unknowns.log_rent) * problem.rent_income).sum(axis=0)

    before = earned + levies + ((1 - kept) * used).sum(axis=0)
    returned = ((1 - kept) * final_share(unknowns, problem)).sum(axis=0)
    given = problem.deficit if problem.spending_multiple is None else problem.deficit + _multiplied(at_border, problem)
    income = incomes(before, returned, given, problem) if problem.held_income is None else problem.held_income
    duty = ((1 - kept) * used).sum(axis=0) + returned * income
    return Flows(
        output, spent, kept * spent, used, labour, rents, duty, levies, income - before - returned * income, income
    )


def _multiplied(at_border: Array, problem: Problem) -> Array:
    """Return imbalances where spending is a multiple of sales [c].

    The multiples of the base year cannot add up once sales change at different rates; all are therefore scaled by one
    number. Baier, Yotov and Zylkin (2019) close their one-sector model in this way.
    """
    sold = at_border.sum(axis=0)
    spent = problem.spending_multiple * sold
    scale = 1.0 if problem.leaks is not None else sold.sum() / spent.sum()
    return scale * spent - sold


def incomes(before: Array, returned: Array, constant: Array, problem: Problem) -> Array:
    """Return income [c]: what comes in before duty on final goods, imbalances, and that duty.

    Imbalances are constants, or shares of income moved by so much that the world's add up to zero. Shares of income
    that stay constant cannot add up to zero once incomes change; all therefore move by the same `shift`. Income is then
    `before` / (1 - returned - share + shift), and imbalances add up to zero where the mean of (1 - returned) over
    (1 - returned - share + shift), weighted by `before`, is 1. One over that mean is increasing and concave in the
    shift, so from the left of the root Newton's method cannot miss; `NEWTON_STEPS` bring it to rounding error.

    Parameters
    ----------
    before : [c]
        Factor income, levies, duty on inputs.
    returned : [c]
        Share of a dollar of final spending that comes back as duty.
    constant : [c]
        Imbalances and transfers that do not depend on income.
    """
    given = before + constant
    if problem.deficit_share is None:
        return given / (1 - returned)
    xp = _library(before)
    kept = 1 - returned - problem.deficit_share
    if problem.leaks is not None:
        return given / kept
    weight = given * (1 - returned) / given.sum()
    # No term of a mean of 1 is larger than 1, so the root is not left of this. From the right of it the first step may
    # go further, beyond the pole, where a country on which the others' surpluses rest has lost most of its own income.
    shift, least = 0.0, (weight - kept).max()
    for _ in range(NEWTON_STEPS):
        inverse = weight / (kept + shift)
        mean = 1 / inverse.sum()
        slope = (inverse / (kept + shift)).sum() * mean**2
        shift = xp.maximum(shift - (mean - 1) / slope, least)
    return given / (kept + shift)


def value_added_share(problem: Problem, costs: Costs) -> Array:
    """Return the share of value added in output after the change [s, c]."""
    if problem.rho is None:
        return problem.value_added_share
    xp = _library(costs.bundle)
    return problem.value_added_share * xp.exp((1 - problem.rho) * (costs.factors - costs.bundle))


def input_demand(unknowns: Unknowns, problem: Problem, costs: Costs, output: Array) -> Array:
    """Return spending of all sectors on each input [u, c]."""
    xp = _library(output)
    if problem.rho is None and problem.mu is None:
        return xp.einsum("cus,sc->uc", problem.input_share, output)
    # share_cf = share * (price / inputs)^(1 - mu) * (inputs / bundle)^(1 - rho), taken apart so that no cube is made
    spent = output
    if problem.rho is not None:
        spent = spent * xp.exp((1 - problem.rho) * (costs.inputs - costs.bundle))
    if problem.mu is None:
        return xp.einsum("cus,sc->uc", problem.input_share, spent)
    spent = spent * xp.exp((problem.mu - 1) * costs.inputs)
    price_power = xp.exp((1 - problem.mu) * unknowns.log_price)
    return price_power * xp.einsum("cus,sc->uc", problem.input_share, spent)


def final_share(unknowns: Unknowns, problem: Problem) -> Array:
    """Return the shares of final demand after the change [s, c]."""
    if problem.eta is None:
        return problem.final_share
    xp = _library(unknowns.log_price)
    relative = unknowns.log_price - log_consumer_price(unknowns, problem)[None, :]
    return problem.final_share * xp.exp((1 - problem.eta) * relative)


def log_consumer_price(unknowns: Unknowns, problem: Problem) -> Array:
    """Return ln of the change in the price of final demand [c]."""
    if problem.eta is None:
        return (problem.final_share * unknowns.log_price).sum(axis=0)
    xp = _library(unknowns.log_price)
    power = 1 - problem.eta
    return xp.log1p((problem.final_share * xp.expm1(power * unknowns.log_price)).sum(axis=0)) / power


def _log_mean(share: Array, log_one: Array, log_other: Array, elasticity: Array | None) -> Array:
    """Return ln of the CES mean of two prices, the first with weight `share`; elasticity None is Cobb-Douglas."""
    if elasticity is None:
        return share * log_one + (1 - share) * log_other
    xp = _library(log_other)
    power = 1 - elasticity
    # expm1 and log1p keep all digits where the power is small: near Cobb-Douglas, 1 / power is large.
    return xp.log1p(share * xp.expm1(power * log_one) + (1 - share) * xp.expm1(power * log_other)) / power


def _ratio(there: Array, value: Array, base: Array) -> Array:
    """Return value / base where there is one, 1 elsewhere, without a NaN in the branch not taken."""
    xp = _library(value)
    return xp.where(there, xp.where(there, value, 1.0) / xp.where(there, base, 1.0), 1.0)


def _log_where(there: Array, value: Array) -> Array:
    """Return ln value where there is one, 0 elsewhere, without a NaN in the branch not taken."""
    xp = _library(value)
    return xp.where(there, xp.log(xp.where(there, value, 1.0)), 0.0)


def _library(array: Array) -> Any:
    """Return jax.numpy or numpy, whichever `array` belongs to."""
    return array.__array_namespace__()
