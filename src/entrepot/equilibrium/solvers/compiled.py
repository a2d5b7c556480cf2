"""Functions compiled once for each size of problem: fast to run where it is large, fast to compile where small."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import jax
import numpy as np

SMALL = 5_000
"""Numbers in the largest array of a problem whose program takes longer to optimise than to run."""
UNOPTIMISED = {"xla_backend_optimization_level": 0}

Operands = ParamSpec("Operands")
Computed = TypeVar("Computed")


def compiled(function: Callable[Operands, Computed], static: Sequence[int] = ()) -> Callable[Operands, Computed]:
    """Return a function that is compiled when it is first called with arguments of a size.

    Parameters
    ----------
    function
        Of arrays; not called from within another compiled function.
    static
        Places of arguments that are no arrays: a program is compiled for each value.
    """
    quick: Callable[Operands, Computed] = jax.jit(function, static_argnums=tuple(static), compiler_options=UNOPTIMISED)
    full: Callable[Operands, Computed] = jax.jit(function, static_argnums=tuple(static))

    @wraps(function)
    def call(*given: Operands.args, **named: Operands.kwargs) -> Computed:
        found: Computed = (quick if _largest((given, named)) < SMALL else full)(*given, **named)
        return found

    return call


def _largest(arguments: Any) -> int:
    return max((np.size(leaf) for leaf in jax.tree.leaves(arguments)), default=0)
