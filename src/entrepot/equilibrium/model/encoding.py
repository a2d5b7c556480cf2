"""Labelled arrays go in as bare ones and come out again: the only module that knows both orders of the axes."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from entrepot.core.arrays import Array
from entrepot.core.errors import InvalidShock
from entrepot.core.wedges import WEDGES
from entrepot.economy.closure import Closure
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model.equations import equilibrium_map
from entrepot.equilibrium.model.feasibility import require_payable, still_there
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.model.problem import Problem, Unknowns, blocks_of
from entrepot.policy.limit import Limit
from entrepot.policy.wedges import Wedges

COBB_DOUGLAS = 1e-9  # an elasticity this near to 1 is 1: the power 1 / (1 - elasticity) would only add noise


class Weights(NamedTuple):
    """What a shock does to sourcing, [sector, origin, destination] each."""

    weight: np.ndarray
    net_weight: np.ndarray
    producer_weight: np.ndarray | None


@dataclass(frozen=True, eq=False)
class Exercise:
    """A counterfactual exercise: what is changed where, under which assumptions.

    Attributes
    ----------
    economy
        The base year as the model sees it; raw accounts are allowed, because closing them is such an exercise too.
    wedges
        Every wedge after the change, on the economy's labels.
    model
        Its dials; those that are off leave None in the problem.
    closure
        The rule for imbalances.
    limits
        Quotas, price caps and penalties that are still to be kept.
    deficit_left
        The part of the base year's imbalances that a closure without imbalances leaves: on a path they go with the
        shock.
    given
        The economy as it was handed in, before the closure balanced it and the model simplified it; None where it is
        the same.
    """

    economy: Economy
    wedges: Wedges
    model: Model
    closure: Closure
    limits: tuple[Limit, ...] = ()
    deficit_left: float = 0.0
    given: Economy | None = None


def build_problem(exercise: Exercise, every_instrument: bool = False) -> Problem:
    """Return the problem of finding the equilibrium of an exercise.

    Parameters
    ----------
    exercise
        What is changed where.
    every_instrument
        Whether instruments that the shock does not use are there all the same, so that one can differentiate by them.

    Raises
    ------
    InvalidShock
        An embargo after which no equilibrium exists, or a rule for imbalances in a model that holds incomes.
    """
    economy, wedges, model, closure = exercise.economy, exercise.wedges, exercise.model, exercise.closure
    if model.incomes_held and closure.constant != 1:
        raise InvalidShock(
            f"model {model.name}: incomes are held, imbalances with them; found deficits={closure.name!r}, use 'fixed'"
        )
    weights = weights_of(economy, wedges, every_instrument)
    exists = still_there(economy, weights.weight)
    transfer = wedges.transfer.values
    balanced = closure.constant == 0 and closure.share_of is None
    asked = np.zeros_like(transfer) if balanced else economy.deficit.values
    require_payable(economy, weights.weight, closure.name, asked + transfer)
    kept = exercise.deficit_left if balanced else closure.constant
    tied, psi = model.tied(economy), model.scale(economy)
    payments = economy.value_added_share.values * economy.output.values  # c s
    # Raw accounts may name a value added that sectors do not pay out; it moves with what they pay.
    paid = payments.sum(axis=1)
    to_named = np.where(paid > 0, economy.value_added.values / np.where(paid > 0, paid, 1), 1.0)
    payments = payments * to_named[:, None]
    labour = ((1 - tied) * payments).sum(axis=1)
    productivity = None
    if every_instrument or wedges.changed("productivity_hat", economy):
        productivity = np.log(wedges.productivity_hat.values.T)
    return Problem(
        weight=weights.weight,
        net_weight=weights.net_weight,
        producer_weight=weights.producer_weight,
        theta=economy.theta.values,
        input_share=economy.input_share.values,
        value_added_share=_flipped(economy.value_added_share.values),
        final_share=_flipped(economy.final_share.values),
        labour_income=labour,
        rent_income=_flipped(tied * payments * exists.makes) if tied.any() else None,
        world_income=np.asarray(economy.value_added.values.sum()),
        deficit=kept * economy.deficit.values + transfer,
        deficit_share=_over(economy.deficit.values, economy.income.values) if closure.share_of == "income" else None,
        spending_multiple=_spending_multiple(economy) if closure.share_of == "sales" else None,
        leaks=None if closure.adds_up else np.zeros(()),
        held_income=economy.income.values if model.incomes_held else None,
        log_productivity=productivity,
        rho=_elasticity(model.rho),
        mu=_elasticity(model.mu),
        eta=_elasticity(model.eta),
        specific_share=tied if tied.any() else None,
        psi=psi if psi.any() else None,
        output=_flipped(economy.output.values) if psi.any() else None,
        spends=exists.spends.T,
        supplied=exists.supplied.T,
        makes=exists.makes.T,
        earns=exists.earns & (labour > 0),
    )


def weights_of(economy: Economy, wedges: Wedges, every_instrument: bool = False) -> Weights:
    """Return the cubes that the equations read, [sector, origin, destination].

    ``inf ** -theta`` is 0: an embargo is exact.
    """
    wedge = wedge_of(economy, wedges)
    duty = 1 + wedges.tariff.values
    levy = wedges.levy_factor() if every_instrument or _has_levies(economy, wedges) else None
    weight = economy.trade_share.values * wedge**-economy.theta.values  # o d s
    net = weight / duty
    return Weights(_sector_first(weight), _sector_first(net), None if levy is None else _sector_first(net / levy))


def wedge_of(economy: Economy, wedges: Wedges) -> np.ndarray:
    """Return the change in trade costs and taxes together, a ratio [origin, destination, sector]; inf is an embargo."""
    wedge = (1 + wedges.tariff.values) / (1 + economy.tariff.values)
    if _has_levies(economy, wedges):
        wedge = wedge * (wedges.levy_factor() / economy.levy_factor.values)
    return np.asarray(wedge * wedges.iceberg_hat.values if wedges.changed("iceberg_hat", economy) else wedge)


def _has_levies(economy: Economy, wedges: Wedges) -> bool:
    """Return whether there is any export tax, production tax or markup, before or after."""
    levies = (wedge.name for wedge in WEDGES if wedge.lever == "log_levy")
    return economy.has_levies or any(wedges.changed(name, economy) for name in levies)


def _spending_multiple(economy: Economy) -> np.ndarray:
    """Return spending over sales [country], home sales in both, at border prices; 1 where nothing is sold."""
    spent, sold = economy.trade.values.sum(axis=(0, 2)), economy.trade.values.sum(axis=(1, 2))
    return np.where(sold > 0, _over(spent, sold), 1.0)


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return part / np.where(whole > 0, whole, 1)


def baseline(economy: Economy, problem: Problem) -> np.ndarray:
    """Return the unknowns of the base year as one vector: the first guess."""
    return _first_guess(problem, log_expenditure=_log_spending(economy.expenditure.values.T, problem))


def warm_start(unknowns: Unknowns, problem: Problem) -> np.ndarray:
    """Return the unknowns of a nearby equilibrium as one vector: a better first guess than the base year."""
    known = {name: block for name, block in unknowns._asdict().items() if block is not None}
    return _first_guess(
        problem, **known | {"log_expenditure": _log_spending(np.exp(unknowns.log_expenditure), problem)}
    )


def _first_guess(problem: Problem, **known: np.ndarray) -> np.ndarray:
    """Return a vector of the blocks that are known; the others, in logs of ratios to the base year, start at zero."""
    blocks = (known.get(block.name, np.zeros(block.shape(problem))) for block in blocks_of(problem))
    return np.concatenate([np.ravel(block) for block in blocks])


def _log_spending(spent: np.ndarray, problem: Problem) -> np.ndarray:
    there = np.asarray(problem.spends) & (spent > 0)
    return np.where(there, np.log(np.where(there, spent, 1.0)), 0.0)


def ravelled_map(vector: Array, problem: Problem) -> Array:
    """Return the equilibrium map of a vector: what the solver iterates."""
    return ravel(equilibrium_map(unravel(vector, problem), problem))


def ravel(unknowns: Unknowns) -> Array:
    """Return unknowns as one vector, in the order of `BLOCKS`."""
    library = unknowns.log_wage.__array_namespace__()
    return library.concatenate([block.ravel() for block in unknowns if block is not None])


def unravel(vector: Array, problem: Problem) -> Unknowns:
    """Return the vector as unknowns."""
    blocks, start = {}, 0
    for block in blocks_of(problem):
        shape = block.shape(problem)
        end = start + math.prod(shape)
        blocks[block.name] = vector[start:end].reshape(shape)
        start = end
    return Unknowns(**blocks)


def _elasticity(dial: float) -> np.ndarray | None:
    return None if abs(dial - 1) < COBB_DOUGLAS else np.asarray(float(dial))


def _flipped(matrix: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(matrix.T)


def _sector_first(cube: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(cube, -1, 0))
