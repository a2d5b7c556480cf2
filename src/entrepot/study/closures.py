"""The same change under every rule for trade imbalances: what a headline may say and what depends on the rule."""

import pandas as pd

from entrepot.core.errors import EntrepotError
from entrepot.equilibrium.limits import solve_with_limits
from entrepot.equilibrium.model.encoding import DEFICITS, Exercise
from entrepot.equilibrium.rebalance import rebalance
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.report.kit.wording import pct


def by_deficits(result: Result) -> pd.DataFrame:
    """Return the change in real income in per cent, one row a country, one column a rule for imbalances.

    ``"zero"`` shocks the base year rebalanced to zero. A rule under which no equilibrium is found is left out.
    """
    columns = {}
    for rule in DEFICITS:
        try:
            if rule == result.deficits:
                solved = result
            else:
                base = rebalance(result.economy, "zero") if rule == "zero" else result.economy
                solved = solve_with_limits(Exercise(base, result.question, result.model, rule), Settings())
        except EntrepotError:
            continue
        columns[rule] = pct(solved.real_income_hat.to_series())
    return pd.DataFrame(columns)


def same_sign(table: pd.DataFrame) -> set[str]:
    """Return the countries that gain under every rule, or lose under every rule."""
    return set(table.index[((table > 0).all(axis=1)) | ((table < 0).all(axis=1))])
