"""Whether an equilibrium with scale economies is the one that a small change leads to.

Scale economies compound through input links: a cheaper input makes a sector larger, which makes it cheaper still.
Where that grows without end, the equations still have solutions, but on another branch: more productivity, less income.
The map around the circle of the economy tells: at the equilibrium that follows from small changes its derivative has no
real eigenvalue of 1 or more.
"""

from typing import Any

import jax
import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

from entrepot.core.arrays import Array
from entrepot.core.errors import Infeasible
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.model.problem import Problem
from entrepot.equilibrium.solvers.compiled import compiled

DENSE = 600  # unknowns, up to which all eigenvalues are cheap
MARGIN = 1e-6  # nearly closed countries bring eigenvalues this near to 1 from below; they are harmless


def compounds(economy: Economy, model: Model) -> bool:
    """Return whether there are scale economies and input links for them to compound through."""
    return bool(model.scale(economy).any() and economy.input_share.values.any())


def require_stable(model: Model, problem: Problem, vector: np.ndarray, where: str) -> None:
    """Raise Infeasible where scale economies that compound make an equilibrium unstable.

    Parameters
    ----------
    problem, vector
        The equilibrium.
    where
        What it is, for the message.
    """
    largest = largest_real_eigenvalue(problem, vector)
    if largest >= 1 + MARGIN:
        raise Infeasible(
            f"model {model.name}: {where}, scale economies compound through input links faster than they die out "
            f"(largest eigenvalue {largest:.4g}, must be below 1), so the equilibrium found is not one that a change "
            "leads to; lower scale_share or psi, or set inputs=False"
        )


def largest_real_eigenvalue(problem: Problem, vector: np.ndarray) -> float:
    """Return the largest real part of the eigenvalues of the map's derivative."""
    if vector.size <= DENSE:
        return float(np.linalg.eigvals(np.asarray(_slope(vector, problem))).real.max())
    operator = LinearOperator(
        (vector.size, vector.size), matvec=lambda push: np.asarray(_push(vector, push.ravel(), problem)), dtype=float
    )
    try:
        found: Any = eigs(operator, k=3, which="LR", tol=1e-4, maxiter=300, v0=np.ones(vector.size),
                          return_eigenvectors=False)  # fmt: skip
    except ArpackNoConvergence:
        found = np.linalg.eigvals(np.asarray(_slope(vector, problem)))
    return float(np.real(found).max())


@compiled
def _push(vector: Array, push: Array, problem: Problem) -> Array:
    return jax.jvp(lambda at: encoding.ravelled_map(at, problem), (vector,), (push,))[1]


@compiled
def _slope(vector: Array, problem: Problem) -> Array:
    return jax.jacfwd(encoding.ravelled_map)(vector, problem)
