"""The type of bare arrays, for code that runs on NumPy and on JAX."""

from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = Any
"""A numpy.ndarray or a jax.Array, all of one kind in a call."""


def shares_of(size: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return weights that add up to one: by size among what is chosen (1, else 0), alike where nothing has a size."""
    sized = among * size
    return np.asarray(sized / sized.sum() if sized.sum() > 0 else among / among.sum())
