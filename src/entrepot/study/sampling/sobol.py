"""Sobol's indices: how much of an outcome's variance an input accounts for, alone and with all it interacts with."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from entrepot.core.errors import NotConverged
from entrepot.core.progress import TotalProgress
from entrepot.study.sampling.cases import PROBLEM, Study
from entrepot.study.sampling.designs import groups, saltelli
from entrepot.study.sampling.fingerprint import question
from entrepot.study.sampling.inputs import Input
from entrepot.study.sampling.runner import run_cases

RESAMPLES = 100  # of the bootstrap
NORMAL_95 = 1.959963984540054  # standard deviations on either side of the mean


class SobolIndices(NamedTuple):
    """Sobol's indices of one outcome and their 95 % margins, each [group]."""

    first: np.ndarray
    first_margin: np.ndarray
    total: np.ndarray
    total_margin: np.ndarray


def indices(
    study: Study,
    inputs: Sequence[Input],
    base: int,
    seed: int,
    *,
    to: Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: TotalProgress | None = None,
) -> pd.DataFrame:
    """Return Sobol's indices with bootstrapped 95 % margins.

    Parameters
    ----------
    study, inputs
        What is asked, and what varies; inputs that were asked for together (`theta`) are one.
    base
        Of the design (Saltelli et al. 2010): it takes `base` times the number of groups plus two solves.
    seed
        Of the design and of the bootstrap.
    to, scheduler, workers, progress
        As in `run_cases`.

    Returns
    -------
    pandas.DataFrame
        One row an outcome and group: ``first`` (its own part of the variance), ``total`` (with interactions), and their
        margins ``first_margin``, ``total_margin``. NaN for an outcome that does not vary.

    Raises
    ------
    NotConverged
        A case without equilibrium: the design has no place for holes.
    """
    cases = saltelli(inputs, base, seed)
    asked = question(study, "sobol", inputs, seed=seed, base=base)
    table = run_cases(study, cases, asked, to=to, scheduler=scheduler, workers=workers, progress=progress)
    without = table[table[PROBLEM] != ""]
    if len(without):
        raise NotConverged(
            f"{len(without)} of {len(table)} cases for Sobol's indices have no equilibrium (first: "
            f"{without[PROBLEM].iloc[0][:120]}); vary inputs less widely"
        )
    tables = []
    for outcome in study.columns:
        numbers = table[outcome].to_numpy()
        columns = estimate(numbers, len(groups(inputs)), seed)._asdict() if numbers.std() > 0 else _UNKNOWN
        tables.append(pd.DataFrame({"outcome": outcome, "input": groups(inputs), **columns}))
    return pd.concat(tables, ignore_index=True)


_UNKNOWN = dict.fromkeys(SobolIndices._fields, float("nan"))


def estimate(numbers: np.ndarray, count: int, seed: int) -> SobolIndices:
    """Return Sobol's indices of one outcome by the estimators of Saltelli et al. (2010), table 2, (b) and (f).

    Parameters
    ----------
    numbers
        The outcome of each case of `designs.saltelli` [case], not all the same.
    count
        How many groups the design has.
    seed
        Of the bootstrap, which draws rows of the design: A, B and all that are made of them together.
    """
    blocks = ((numbers - numbers.mean()) / numbers.std()).reshape(-1, count + 2)  # [base, A then groups then B]
    chosen = np.random.default_rng(seed).integers(len(blocks), size=(len(blocks), RESAMPLES))
    first, total = _indices(blocks[:, None])
    drawn_first, drawn_total = _indices(blocks[chosen])
    return SobolIndices(
        first[0], NORMAL_95 * drawn_first.std(axis=0, ddof=1), total[0], NORMAL_95 * drawn_total.std(axis=0, ddof=1)
    )


def _indices(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first-order and total indices, each [sample, group], of blocks [base, sample, A then groups then B].

    Zero where A and B do not vary.
    """
    a, crossed, b = blocks[..., :1], blocks[..., 1:-1], blocks[..., -1:]
    variance = np.concatenate([a, b]).var(axis=0)
    varies = variance > np.finfo(float).eps
    parts = (b * (crossed - a)).mean(axis=0), 0.5 * ((a - crossed) ** 2).mean(axis=0)
    first, total = (np.divide(part, variance, out=np.zeros_like(part), where=varies) for part in parts)
    return first, total
