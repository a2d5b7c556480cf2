"""Outcomes over a grid of parameters, dates, dials and elasticities."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from entrepot.core.progress import TotalProgress
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.study.sampling.cases import PROBLEM, Study, study_of
from entrepot.study.sampling.designs import grid
from entrepot.study.sampling.fingerprint import question
from entrepot.study.sampling.inputs import Input, inputs_of
from entrepot.study.sampling.runner import run_cases
from entrepot.study.sampling.uncertainty import EVERYWHERE


@dataclass(frozen=True, eq=False)
class Sweep:
    """Outcomes over a grid.

    Attributes
    ----------
    study
        The base year, the change, the model, the outcomes.
    inputs
        What changes over the grid.
    table
        One row a point: ``number``, the inputs, the outcomes, ``steps``, ``residual``, and ``problem``: blank, or why
        there is no equilibrium, in which case outcomes are NaN.
    """

    study: Study
    inputs: tuple[Input, ...]
    table: pd.DataFrame

    @property
    def economy(self) -> Economy:
        """The base year."""
        return self.study.economy

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was asked for, in the order of the columns of the table."""
        return self.study.outcomes

    @property
    def failed(self) -> pd.DataFrame:
        """The points without equilibrium: number and reason."""
        return self.table.loc[self.table[PROBLEM] != "", ["number", PROBLEM]].reset_index(drop=True)


def sweep(
    economy: Economy,
    scenario: Scenario | Shock,
    *,
    over: Sequence[str] | str,
    outcomes: Sequence[str] | str = EVERYWHERE,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    to: str | Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: TotalProgress | None = None,
) -> Sweep:
    """Return outcomes at every combination of the inputs' values.

    Parameters
    ----------
    over
        Inputs with their points: ``cut=-40%..0%/11``, ``date=2025-08-21|2025-08-27``, ``dial:rho=0.5..1/6``,
        ``theta:C26=2..8/7``, ``elasticities`` (every paper), ``option`` (every course), ``deficits`` (every rule).
    economy, scenario, model, deficits, settings, outcomes, to, scheduler, workers, progress
        As in :func:`entrepot.uncertainty`.

    Raises
    ------
    InputError
        An input without points, an outcome or folder that does not fit.
    """
    inputs = inputs_of(over, economy, scenario)
    study = study_of(economy, scenario, model, deficits, settings, outcomes)
    cases = grid(inputs)
    asked = question(study, "sweep", inputs)
    return Sweep(
        study, inputs, run_cases(study, cases, asked, to=to, scheduler=scheduler, workers=workers, progress=progress)
    )
