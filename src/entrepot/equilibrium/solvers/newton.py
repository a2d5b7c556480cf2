"""Fixed points by Newton's method. Arithmetic only: nothing here knows what the numbers mean.

A step costs a hundred of Anderson's: each solves a linear system, by GMRES from products with the derivative alone, or
by elimination. It needs to start nearby, but it does not mind where the map is stiff.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.sparse.linalg import gmres
from jax.typing import ArrayLike

from entrepot.core.arrays import Array
from entrepot.equilibrium.solvers.anderson import Ending, Map, Settings, Solution, size
from entrepot.equilibrium.solvers.compiled import compiled

NEWTON_STEPS = 40  # quadratic once near: a dozen are enough, the rest is for the way there
SHORTEST = 2.0**-12  # part of a Newton step below which it does not lead anywhere
SLOW = 0.9  # a Newton step that leaves this much of the residual will not be quadratic
FULL_STEPS = 20  # of Newton's method by elimination, which has no line search
LONGEST = 1.0  # move of any unknown in such a step
LARGEST_DENSE = 5000  # unknowns; elimination takes seconds and 200 MB there


def newton(mapping: Map, start: ArrayLike, arguments: Any, settings: Settings) -> Solution:
    """Return where `mapping` leaves its point, by Newton's method.

    First with GMRES and steps that make the residual smaller. Where some unknowns hardly move any residual that stalls
    far from the solution; then with elimination and full steps, which may pass through larger residuals on the way.

    Parameters as in `fixed_point`; the best first guess is where that one gave up.
    """
    solution = _searching_newton(mapping, np.asarray(start), arguments, settings)
    if solution.ending is Ending.CONVERGED or solution.point.size > LARGEST_DENSE:
        return solution
    full = _full_newton(mapping, solution.point, arguments, settings)
    return full if full.residual < solution.residual else solution


def _searching_newton(mapping: Map, point: np.ndarray, arguments: Any, settings: Settings) -> Solution:
    residual = float(size(_move(mapping, point, arguments)))
    for steps in range(NEWTON_STEPS):
        if residual <= settings.tolerance:
            return Solution(point, residual, steps, Ending.CONVERGED)
        if not np.isfinite(residual):
            return Solution(point, residual, steps, Ending.BROKE_DOWN)
        direction, length = np.asarray(_newton_direction(mapping, point, arguments, settings.krylov)), 1.0
        while True:
            onward = point + length * direction
            smaller = float(size(_move(mapping, onward, arguments)))
            if smaller < residual:
                break
            length /= 2
            if length < SHORTEST:
                return Solution(point, residual, steps, Ending.STALLED)
        if smaller > SLOW * residual:
            return Solution(onward, smaller, steps, Ending.STALLED)
        point, residual = onward, smaller
    return Solution(point, residual, NEWTON_STEPS, Ending.STEPS)


def _full_newton(mapping: Map, point: np.ndarray, arguments: Any, settings: Settings) -> Solution:
    residual = np.inf
    for steps in range(FULL_STEPS):
        residual = float(size(_move(mapping, point, arguments)))
        if residual <= settings.tolerance:
            return Solution(point, residual, steps, Ending.CONVERGED)
        direction = np.asarray(_dense_direction(mapping, point, arguments))
        longest = float(np.abs(direction).max())
        if not np.isfinite(longest) or not np.isfinite(residual):
            return Solution(point, np.inf, steps, Ending.BROKE_DOWN)
        point = point + direction * min(1.0, LONGEST / max(longest, 1e-300))
    return Solution(point, residual, FULL_STEPS, Ending.STEPS)


@partial(compiled, static=(0,))
def _dense_direction(mapping: Map, point: Array, arguments: Any) -> Array:
    """Return the Newton step by elimination: what GMRES cannot find where many unknowns hardly matter."""
    move = mapping(point, arguments) - point
    slope = jax.jacfwd(mapping)(point, arguments) - jnp.eye(point.size)
    return jnp.linalg.solve(slope, -move)


@partial(compiled, static=(0, 3))
def _newton_direction(mapping: Map, point: Array, arguments: Any, krylov: int) -> Array:
    """Return the step to where the map, were it linear, would leave its point."""
    move, push = jax.linearize(lambda at: mapping(at, arguments) - at, point)
    step, _ = gmres(push, -move, tol=1e-6, restart=krylov, maxiter=5, solve_method="batched")  # type: ignore[no-untyped-call]
    return step


@partial(compiled, static=(0,))
def _move(mapping: Map, point: Array, arguments: Any) -> Array:
    return mapping(point, arguments) - point
