"""How a limit ended in an equilibrium."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LimitOutcome:
    """How a limit ended: a quota, a price cap, a conditional penalty.

    Attributes
    ----------
    name
        As in :class:`~entrepot.policy.limit.Limit`.
    of, at_most, reached, base
        What is measured; the limit, what it came to, what it was in the base year. Volume and value in the unit of the
        economy, price as a ratio.
    wedge
        What the equilibrium found: the rent as a rate on what buyers would pay without it (duty included where the
        importer earns it), or the part of the penalty in force.
    penalty
        Whether the wedge is part of a given penalty, between 0 and 1.
    binding
        Whether the wedge is above zero.
    rent, rent_to
        What it earns a year in the unit of the economy, and whom.
    complementarity
        The smaller of wedge and distance from the limit, in logs: zero but for the error of the search.
    note
        What else is to be said.
    """

    name: str
    of: str
    at_most: float
    reached: float
    base: float
    wedge: float
    penalty: bool
    binding: bool
    rent: float
    rent_to: str
    complementarity: float
    note: str
