"""The type of bare arrays, for code that runs on NumPy and on JAX."""

from typing import Any, TypeAlias

Array: TypeAlias = Any
"""A numpy.ndarray or a jax.Array, all of one kind in a call."""
