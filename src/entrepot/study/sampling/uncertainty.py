"""How sure a number is: draws of what is not known, the fan of outcomes around today's value, where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from entrepot.core.errors import InputError
from entrepot.core.progress import TotalProgress
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.study.sampling import first_order, sobol
from entrepot.study.sampling.cases import PROBLEM, Study, study_of
from entrepot.study.sampling.designs import draws as drawn
from entrepot.study.sampling.fingerprint import question
from entrepot.study.sampling.inputs import OPTION, Input, held_of, inputs_of
from entrepot.study.sampling.runner import run_cases

EVERYWHERE = ("real_income:all",)
DRAWS = 1000  # of which 50 lie outside the 90 % band on either side
BANDS = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
INDICES = "sobol"
"""The folder, in that of the draws, of the cases for Sobol's indices."""


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How sure the outcomes of a change are.

    Attributes
    ----------
    study
        The base year, the change, the model, the outcomes.
    inputs
        What was drawn, each with its spread and where that comes from.
    seed
        That all draws follow from.
    table
        One row a draw: ``number``, the inputs, the outcomes (ratios to the base year, or the unit of the economy),
        ``steps``, ``residual``, and ``problem``: blank, or why there is no equilibrium, in which case outcomes are NaN.
    default
        The equilibrium with nothing drawn.
    shares
        Which input the spread of each outcome comes from, to first order (`first_order.shares`).
    indices
        Sobol's indices, where they were asked for (`sobol.indices`).
    """

    study: Study
    inputs: tuple[Input, ...]
    seed: int
    table: pd.DataFrame
    default: Result
    shares: pd.DataFrame
    indices: pd.DataFrame | None

    @property
    def economy(self) -> Economy:
        """The base year."""
        return self.study.economy

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was asked for, in the order of the columns of the table."""
        return self.study.outcomes

    @property
    def scenario(self) -> Scenario | None:
        """What changes, where it is a scenario."""
        return self.study.change if isinstance(self.study.change, Scenario) else None

    @property
    def held(self) -> tuple[str, ...]:
        """Sectors that ``theta`` leaves as they are: no standard error, and no two papers that estimate them."""
        return held_of(self.inputs, self.economy)

    @property
    def failed(self) -> pd.DataFrame:
        """The draws without equilibrium: number and reason."""
        return self.table.loc[self.table[PROBLEM] != "", ["number", PROBLEM]].reset_index(drop=True)

    @cached_property
    def fan(self) -> pd.DataFrame:
        """One row an outcome: median, bands of 50 and 90 %, and where today's value sits among the draws.

        Columns ``p5, p25, median, p75, p95``; ``default``; ``default_at``, the share of draws below it; ``draws`` that
        have an equilibrium and ``failed``, which have none and count in no band.
        """
        solved = self.table[self.table[PROBLEM] == ""]
        now = self.study.read(self.default)
        rows = {}
        for outcome in self.study.columns:
            numbers = solved[outcome].to_numpy()
            bands = np.quantile(numbers, list(BANDS.values())) if len(numbers) else np.full(len(BANDS), np.nan)
            below = (numbers < now[outcome]).mean() + (numbers == now[outcome]).mean() / 2 if len(numbers) else np.nan
            rows[outcome] = {**dict(zip(BANDS, map(float, bands), strict=True)),
                             "default": now[outcome], "default_at": float(below)}  # fmt: skip
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("outcome")
        return table.assign(draws=len(solved), failed=len(self.table) - len(solved))

    @cached_property
    def explained(self) -> pd.Series:
        """Part of the variance of the draws that first-order shares stand for [outcome]; far from 1 they mislead."""
        solved = self.table[self.table[PROBLEM] == ""]
        first = (self.shares["deviation"] ** 2).groupby(self.shares["outcome"]).sum()
        variance = solved[self.study.columns].var()
        return (first / variance.where(variance > 0)).reindex(self.study.columns).rename("explained")


def uncertainty(
    economy: Economy,
    scenario: Scenario | Shock,
    *,
    inputs: Sequence[str] | str = ("theta",),
    draws: int = DRAWS,
    seed: int = 1,
    outcomes: Sequence[str] | str = EVERYWHERE,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    to: str | Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    indices: int = 0,
    progress: TotalProgress | None = None,
) -> Uncertainty:
    """Return how sure outcomes are: draws of the inputs, the fan around today's value, where the spread comes from.

    Parameters
    ----------
    economy, scenario, model, deficits, settings
        As in :func:`entrepot.solve`.
    inputs
        What is not known, as texts: ``theta`` (each sector's elasticity, as far as its standard error, or where the
        table has none as papers are apart), ``theta:C26=3..6``, ``theta=+-0.3`` (in logs), ``elasticities`` (one paper
        or another), ``dial:rho=0.5..1``, ``set:cut=-20%..0%``, ``date=2025-08-21|2025-08-27``,
        ``measure:metal-content-50:content=0.5..1.5``, ``coverage=0.8..1``, ``deficits``.
    draws
        How many; more of the same seed go on where fewer ended.
    seed
        Draw n follows from it and n alone: the same whatever the number of workers, the scheduler, or interruptions.
    outcomes
        As in :meth:`Result.sensitivity`; ``real_income:all`` for every country.
    to
        A folder that draws are kept in as they come. The same question goes on with what is there.
    scheduler
        The address of a Dask scheduler; left out, the cores of this machine.
    workers
        Threads, where there is no scheduler; left out, one for each core.
    indices
        Base of a design for Sobol's indices, a power of two such as 64; 0 for none. It takes so many times the number
        of inputs plus two solves, `theta` as one input.
    progress
        Told how many draws are done, and how many there are.

    Raises
    ------
    InputError
        An input, outcome or folder that does not fit.
    NotConverged
        Today's values have no equilibrium. Draws that have none are rows of the table.
    """
    chosen = inputs_of(inputs, economy, scenario)
    if any(one.name == OPTION for one in chosen):
        raise InputError("option: which course is taken is no uncertainty; choose one, or compare them in a sweep")
    study = study_of(economy, scenario, model, deficits, settings, outcomes)
    cases = drawn(chosen, draws, seed)
    default = study.solved({})
    asked = question(study, "draws", chosen, seed=seed)
    table = run_cases(study, cases, asked, to=to, scheduler=scheduler, workers=workers, progress=progress)
    found = None
    if indices:
        folder = None if to is None else Path(to) / INDICES
        found = sobol.indices(
            study, chosen, indices, seed, to=folder, scheduler=scheduler, workers=workers, progress=progress
        )
    shares = first_order.shares(study, chosen, default, workers)
    return Uncertainty(study, chosen, seed, table, default, shares, found)
