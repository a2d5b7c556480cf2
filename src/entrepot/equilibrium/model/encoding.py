"""Labelled arrays go in as bare ones and come out again: the only module that knows both orders of the axes."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.economy.economy import Deficits, Economy
from entrepot.equilibrium.model.equations import equilibrium_map
from entrepot.equilibrium.model.feasibility import require_payable, still_there
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.model.problem import Array, Problem, Unknowns
from entrepot.policy.shock import Shock

DEFICITS: tuple[Deficits, ...] = ("fixed", "scaled", "zero")
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
    shock
        On the economy's labels (`Shock.on`), without limits that are still to be kept.
    model
        Its dials; those that are off leave None in the problem.
    deficits
        The rule for imbalances.
    deficit_left
        The part of the base year's imbalances that the rule ``"zero"`` leaves: on a path they go with the shock.
    """

    economy: Economy
    shock: Shock
    model: Model
    deficits: Deficits
    deficit_left: float = 0.0


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
    economy, shock, model, deficits = exercise.economy, exercise.shock, exercise.model, exercise.deficits
    if deficits not in DEFICITS:
        hint = nearest(str(deficits), DEFICITS)
        raise UnknownLabel(f"no rule {deficits!r} for deficits{hint}; choose {', '.join(DEFICITS)}")
    if model.incomes_held and deficits != "fixed":
        raise InvalidShock(
            f"model {model.name}: incomes are held, imbalances with them; found deficits={deficits!r}, use 'fixed'"
        )
    weights = weights_of(economy, shock, every_instrument)
    exists = still_there(economy, weights.weight)
    transfer = np.zeros(len(economy.countries)) if shock.transfer is None else shock.transfer.values
    share = economy.deficit.values / np.where(economy.income.values > 0, economy.income.values, 1)
    asked = np.zeros_like(share) if deficits == "zero" else economy.deficit.values
    require_payable(economy, weights.weight, deficits, asked + transfer)
    kept = {"fixed": 1.0, "scaled": 0.0, "zero": exercise.deficit_left}[deficits]
    tied, psi = model.tied(economy), model.scale(economy)
    payments = economy.value_added_share.values * economy.output.values  # c s
    # Raw accounts may name a value added that sectors do not pay out; it moves with what they pay.
    paid = payments.sum(axis=1)
    to_named = np.where(paid > 0, economy.value_added.values / np.where(paid > 0, paid, 1), 1.0)
    payments = payments * to_named[:, None]
    labour = ((1 - tied) * payments).sum(axis=1)
    productivity = None if shock.productivity_hat is None else np.log(shock.productivity_hat.values.T)
    if productivity is None and every_instrument:
        productivity = np.zeros(economy.final_share.shape[::-1])
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
        deficit_share=share if deficits == "scaled" else None,
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


def weights_of(economy: Economy, shock: Shock, every_instrument: bool = False) -> Weights:
    """Return the cubes that the equations read, [sector, origin, destination].

    ``inf ** -theta`` is 0: an embargo is exact.
    """
    assert shock.tariff is not None
    wedge = wedge_of(economy, shock)
    duty = 1 + shock.tariff.values
    levy = None
    if shock.export_tax is not None or economy.taxes_exports or every_instrument:
        levy = 1 + _export_tax(economy, shock)
    weight = economy.trade_share.values * wedge**-economy.theta.values  # o d s
    net = weight / duty
    return Weights(_sector_first(weight), _sector_first(net), None if levy is None else _sector_first(net / levy))


def wedge_of(economy: Economy, shock: Shock) -> np.ndarray:
    """Return the change in trade costs and taxes together, a ratio [origin, destination, sector]; inf is an embargo."""
    assert shock.tariff is not None
    wedge = (1 + shock.tariff.values) / (1 + economy.tariff.values)
    if shock.export_tax is not None or economy.taxes_exports:
        wedge = wedge * ((1 + _export_tax(economy, shock)) / (1 + economy.export_tax.values))
    return np.asarray(wedge if shock.iceberg_hat is None else wedge * shock.iceberg_hat.values)


def _export_tax(economy: Economy, shock: Shock) -> np.ndarray:
    return np.asarray((economy.export_tax if shock.export_tax is None else shock.export_tax).values)


def baseline(economy: Economy, problem: Problem) -> np.ndarray:
    """Return the unknowns of the base year as one vector: the first guess."""
    spent = economy.expenditure.values.T
    return first_guess(np.zeros(len(economy.countries)), np.zeros(spent.shape), spent, problem)


def first_guess(
    log_wage: np.ndarray,
    log_price: np.ndarray,
    spent: np.ndarray,
    problem: Problem,
    log_rent: np.ndarray | None = None,
    log_scale: np.ndarray | None = None,
) -> np.ndarray:
    """Return unknowns as one vector; rents and scale, where the problem has them, start from the base year."""
    there = np.asarray(problem.spends) & (spent > 0)
    log_spent = np.where(there, np.log(np.where(there, spent, 1.0)), 0.0)
    unchanged = np.zeros(spent.shape)
    parts = [log_wage, log_price, log_spent]
    if problem.specific_share is not None:
        parts.append(unchanged if log_rent is None else log_rent)
    if problem.psi is not None:
        parts.append(unchanged if log_scale is None else log_scale)
    return np.concatenate([part.ravel() for part in parts])


def warm_start(unknowns: Unknowns, problem: Problem) -> np.ndarray:
    """Return the unknowns of a nearby equilibrium as one vector: a better first guess than the base year."""
    wage, price, spent, rent, scale = unknowns
    return first_guess(wage, price, np.exp(spent), problem, rent, scale)


def ravelled_map(vector: Array, problem: Problem) -> Array:
    """Return the equilibrium map of a vector: what the solver iterates."""
    return ravel(equilibrium_map(unravel(vector, problem), problem))


def ravel(unknowns: Unknowns) -> Array:
    """Return unknowns as one vector."""
    library = unknowns.log_wage.__array_namespace__()
    return library.concatenate([block.ravel() for block in unknowns if block is not None])


def unravel(vector: Array, problem: Problem) -> Unknowns:
    """Return the vector as unknowns."""
    sectors, countries = problem.final_share.shape
    cells = sectors * countries
    blocks = [vector[countries + n * cells : countries + (n + 1) * cells].reshape(sectors, countries) for n in range(4)
              if countries + n * cells < vector.shape[0]]  # fmt: skip
    price, spent, *others = blocks
    rent = others.pop(0) if problem.specific_share is not None else None
    return Unknowns(vector[:countries], price, spent, rent, others.pop(0) if problem.psi is not None else None)


def _elasticity(dial: float) -> np.ndarray | None:
    return None if abs(dial - 1) < COBB_DOUGLAS else np.asarray(float(dial))


def _flipped(matrix: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(matrix.T)


def _sector_first(cube: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(cube, -1, 0))
