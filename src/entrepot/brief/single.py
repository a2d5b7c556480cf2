"""What a brief on one result needs besides the result: it takes further equilibria, so a page does not compute it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from entrepot.equilibrium.decomposition.table import decompose
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.study.closures import by_deficits, same_sign
from entrepot.study.ensemble import Ensemble, ensemble_of
from entrepot.study.reasons import Reasons, why

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class BriefData:
    """A result with what its brief says about it; :func:`entrepot.write_brief` makes it a page.

    Attributes
    ----------
    result
        What :func:`entrepot.solve` returned.
    rules
        Change in real income in per cent, one row a country, one column a rule for imbalances; None where it was not
        computed.
    decomposition
        As :func:`entrepot.decompose` returns it, one row a country; None where it was not computed, or where the model
        holds incomes and the change does not split.
    ensemble
        Real income of the pair in focus under other models, closures, elasticities and horizons; None where it was not
        computed.
    reasons
        Where the real income of the pair in focus comes from; empty where there is no decomposition.
    """

    result: Result
    rules: pd.DataFrame | None = None
    decomposition: pd.DataFrame | None = None
    ensemble: Ensemble | None = None
    reasons: tuple[Reasons, ...] = ()

    @property
    def robust(self) -> set[str]:
        """Countries whose real income changes in the same direction under every rule; empty where none was tried."""
        return set() if self.rules is None else same_sign(self.rules)


def brief_data(result: Result, progress: Say | None = None) -> BriefData:
    """Return a result with the same change under every rule for imbalances, and with its decomposition.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    progress
        Told what is being solved.

    Raises
    ------
    NotConverged
        No equilibrium at a point of the path that the decomposition integrates along.
    """
    say = progress or (lambda text: None)
    say("solving under the other rules for imbalances")
    rules = by_deficits(result)
    say("solving under other models and elasticities")
    focus = focus_of(result)
    pair = focus.exporter, focus.importer
    members = range_of(result, pair)
    if result.model.incomes_held:
        return BriefData(result, rules, ensemble=members)
    say("decomposing the change")
    return BriefData(result, rules, decompose(result), members, reasons_of(result, pair))


def range_of(result: Result, actors: Sequence[str]) -> Ensemble:
    """Return the real incomes of countries and blocs under other models, closures, elasticities and horizons."""
    return ensemble_of(result, [f"real_income:{text}" for text in actors])


def reasons_of(result: Result, actors: Sequence[str]) -> tuple[Reasons, ...]:
    """Return where the real incomes of countries and blocs come from; nothing where the model holds incomes."""
    return () if result.model.incomes_held else tuple(why(result, text) for text in actors)
