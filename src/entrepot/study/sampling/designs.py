"""Three ways to make a list of cases: draws, grids, and the design that Sobol's indices need."""

import hashlib
from collections.abc import Sequence
from itertools import product

import numpy as np

from entrepot.core.errors import InputError
from entrepot.study.sampling.cases import Case
from entrepot.study.sampling.inputs import Input

MOST_CASES = 1_000_000  # of a grid: a day on two cores
ABOVE_ZERO = 2.0**-54  # a draw of exactly 0 would be minus infinity of a normal distribution


def draws(inputs: Sequence[Input], count: int, seed: int) -> list[Case]:
    """Return random cases. Each value follows from the seed, the case's number and the input's name alone.

    So the first 100 of 1,000 draws are those of 100 draws, in whatever order they are worked out, and an input has the
    same draws whether others vary beside it or not.

    Raises
    ------
    InputError
        A count below 1 or a seed that is no whole number of 0 or more.
    """
    for what, number, least in (("draws", count, 1), ("seed", seed, 0)):
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            raise InputError(f"found {what}={number!r}; give a whole number of {least} or more")
    keys = {one.name: int.from_bytes(hashlib.sha256(one.name.encode()).digest()[:4]) for one in inputs}
    return [
        Case(number, {one.name: one.distribution.at(_share(seed, number, keys[one.name])) for one in inputs})
        for number in range(count)
    ]


def grid(inputs: Sequence[Input]) -> list[Case]:
    """Return every combination of the inputs' values, the last input's changing first.

    Raises
    ------
    InputError
        An input without points, or more combinations than can be meant.
    """
    values = [one.distribution.grid() for one in inputs]
    total = int(np.prod([float(len(one)) for one in values]))
    if total > MOST_CASES:
        raise InputError(f"the grid has {total:,} cases; take fewer points, at most {MOST_CASES:,}")
    names = [one.name for one in inputs]
    return [Case(number, dict(zip(names, point, strict=True))) for number, point in enumerate(product(*values))]


def saltelli(inputs: Sequence[Input], base: int, seed: int) -> list[Case]:
    """Return the design for Sobol's indices (Saltelli et al. 2010): `base` times the number of groups plus two cases.

    Each row of a scrambled Sobol sequence in twice as many dimensions as there are inputs is two points, A and B. It
    becomes a block of cases: A; A with the inputs of one group taken from B, group by group; B.

    Raises
    ------
    InputError
        A base that is no power of two, or only one group of inputs.
    """
    from scipy.stats import qmc  # slow to import, and no other study needs it

    if isinstance(base, bool) or not isinstance(base, int) or base < 2 or base & (base - 1):
        raise InputError(f"found sobol={base!r}; give a power of two, as 64")
    if len(groups(inputs)) < 2:
        raise InputError("Sobol's indices compare inputs; vary two or more")
    # `seed`, not `rng`: SciPy spawns a child from the latter, and saved designs would have other points.
    pairs = qmc.Sobol(2 * len(inputs), scramble=True, seed=seed).random(base)
    a, b = pairs[:, None, : len(inputs)], pairs[:, None, len(inputs) :]  # [base, 1, input]
    member = np.array([[_group(one) == group for one in inputs] for group in groups(inputs)])  # [group, input]
    points = np.concatenate([a, np.where(member, b, a), b], axis=1).reshape(-1, len(inputs))
    return [
        Case(number, {one.name: one.distribution.at(float(share)) for one, share in zip(inputs, point, strict=True)})
        for number, point in enumerate(np.clip(points, ABOVE_ZERO, 1 - 2.0**-53))
    ]


def groups(inputs: Sequence[Input]) -> list[str]:
    """Return the groups, in order: inputs that were asked for together, as `theta`, are one."""
    return list(dict.fromkeys(_group(one) for one in inputs))


def _group(one: Input) -> str:
    return one.written.partition("=")[0]


def _share(seed: int, number: int, key: int) -> float:
    sequence = np.random.SeedSequence(seed, spawn_key=(number, key))
    return float(np.random.Generator(np.random.PCG64(sequence)).random()) + ABOVE_ZERO
