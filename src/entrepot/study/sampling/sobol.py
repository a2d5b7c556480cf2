"""Sobol's indices: how much of an outcome's variance an input accounts for, alone and with all it interacts with."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from entrepot.core.errors import NotConverged
from entrepot.core.progress import TotalProgress
from entrepot.study.sampling.cases import PROBLEM, Study
from entrepot.study.sampling.designs import groups, problem, saltelli
from entrepot.study.sampling.fingerprint import question
from entrepot.study.sampling.inputs import Input
from entrepot.study.sampling.runner import run_cases

COLUMNS = {"first": "S1", "first_margin": "S1_conf", "total": "ST", "total_margin": "ST_conf"}


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
    """Return Sobol's indices by the SALib library, with bootstrapped 95 % margins.

    Parameters
    ----------
    study, inputs
        What is asked, and what varies; inputs that were asked for together (`theta`) are one.
    base
        Of the design (Saltelli 2002): it takes `base` times the number of groups plus two solves.
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
    from SALib.analyze import sobol  # it brings a plotting library along

    cases = saltelli(inputs, base, seed)
    asked = question(study, "sobol", inputs, seed=seed, base=base)
    table = run_cases(study, cases, asked, to=to, scheduler=scheduler, workers=workers, progress=progress)
    without = table[table[PROBLEM] != ""]
    if len(without):
        raise NotConverged(
            f"{len(without)} of {len(table)} cases for Sobol's indices have no equilibrium (first: "
            f"{without[PROBLEM].iloc[0][:120]}); vary inputs less widely"
        )
    rows = []
    for outcome in study.columns:
        numbers = table[outcome].to_numpy()
        varies = numbers.std() > 0
        found = sobol.analyze(problem(inputs), numbers, calc_second_order=False, seed=seed) if varies else None
        for place, group in enumerate(groups(inputs)):
            row: dict[str, object] = {"outcome": outcome, "input": group}
            for name, key in (
                ("first", "S1"),
                ("first_margin", "S1_conf"),
                ("total", "ST"),
                ("total_margin", "ST_conf"),
            ):
                row[name] = float("nan") if found is None else float(found[key][place])
            rows.append(row)
    return pd.DataFrame(rows)
