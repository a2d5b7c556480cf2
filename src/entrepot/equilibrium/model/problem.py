"""What the equations read and what they find, as bare arrays. The sector comes first in every cube.

None is a dial that is off: it leaves no trace in the compiled map.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from entrepot.core.arrays import Array


class Unknowns(NamedTuple):
    """What the equilibrium is solved for, in logs."""

    log_wage: Array  # c, of the ratio to the baseline
    log_price: Array  # s d, of the ratio to the baseline
    log_expenditure: Array  # s d, of the value; 0 where nothing is spent
    log_rent: Array | None = None  # s c, return to what is tied to a sector, ratio to the baseline
    log_scale: Array | None = None  # s c, quantity of the input bundle, ratio to the baseline


class Problem(NamedTuple):
    """One economy under one shock: all that the equations read. None is a dial that is off."""

    weight: Array  # s o d, trade share * (change in trade cost and taxes)^-theta; 0 for an embargo
    net_weight: Array  # s o d, weight / (1 + tariff_cf): what of a dollar spent reaches the border
    producer_weight: Array | None  # s o d, net_weight / levy factor: what of it reaches the producer
    theta: Array  # s
    input_share: Array  # c u s
    value_added_share: Array  # s c
    final_share: Array  # s c
    labour_income: Array  # c, of the base year: what is paid to factors that move between sectors
    rent_income: Any  # s c or None, of the base year: what is paid to factors tied to their sector
    world_income: Array  # scalar, value added of the world, the numeraire
    deficit: Array  # c, imbalance and transfers that are constant in the numeraire
    deficit_share: Array | None  # c, imbalance as a share of income, besides those constants
    spending_multiple: Array | None  # c, spending over sales at border prices, besides those constants
    leaks: Array | None  # scalar; where it is there, shares and multiples stay as they are and do not add up
    held_income: Array | None  # c, income that is held at the base year's
    log_productivity: Array | None  # s c
    rho: Array | None  # scalar, elasticity of substitution between value added and inputs; None is Cobb-Douglas
    mu: Array | None  # scalar, among inputs
    eta: Array | None  # scalar, among goods in final demand
    specific_share: Array | None  # s, of value added, paid to factors tied to the sector
    psi: Array | None  # s, elasticity of productivity with respect to scale
    output: Array | None  # s c, of the base year; only where psi is on
    spends: Array  # s d, whether anything is spent
    supplied: Array  # s d, whether anybody supplies
    makes: Array  # s c, whether anything is produced
    earns: Array  # c, whether labour earns anything


class Block(NamedTuple):
    """One block of unknowns: a field of `Unknowns`, its axes, and whether a problem has it."""

    name: str
    axes: str
    exists: Callable[[Problem], bool]

    def shape(self, problem: Problem) -> tuple[int, ...]:
        """Return its shape in a problem."""
        sectors, countries = problem.final_share.shape
        return tuple({"s": sectors, "c": countries, "d": countries}[axis] for axis in self.axes)


BLOCKS = (
    Block("log_wage", "c", lambda problem: True),
    Block("log_price", "sd", lambda problem: True),
    Block("log_expenditure", "sd", lambda problem: True),
    Block("log_rent", "sc", lambda problem: problem.specific_share is not None),
    Block("log_scale", "sc", lambda problem: problem.psi is not None),
)
"""The layout of the vector that solvers iterate: a new unknown is a field of `Unknowns` and a row here."""
assert tuple(block.name for block in BLOCKS) == Unknowns._fields


def blocks_of(problem: Problem) -> tuple[Block, ...]:
    """Return the blocks that a problem has, in the order of the vector."""
    return tuple(block for block in BLOCKS if block.exists(problem))


class Costs(NamedTuple):
    """Logs of changes in costs, [s, c] each."""

    factors: Array  # price of value added
    inputs: Array | None  # price of the bundle of inputs; None where production is Cobb-Douglas throughout
    bundle: Array  # price of value added and inputs together
    unit: Array  # producer's price: bundle over productivity


class Flows(NamedTuple):
    """Values that follow from the unknowns."""

    output: Array  # s o, at producer prices
    spent: Array  # s d, duty included
    bought: Array  # s d, the same before duty
    used: Array  # s d, spending on inputs
    labour: Array  # c, paid to factors that move
    rents: Array | None  # s c, paid to factors that do not
    duty: Array  # c, import duty collected
    levies: Array  # c, export tax, production tax and profits
    deficit: Array  # c, transfers included
    income: Array  # c


class Markets(NamedTuple):
    """What follows from unknowns in one pass: costs, prices, values."""

    costs: Costs
    cost_power: Array  # s o, unit_cost_hat^-theta
    price_power: Array  # s d, price_hat^-theta
    flows: Flows
