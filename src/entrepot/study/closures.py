"""The same change under every standard closure: what a headline may say and what depends on the closure."""

import pandas as pd

from entrepot.core.errors import EntrepotError
from entrepot.core.units import pct
from entrepot.economy.closure import standard_closures
from entrepot.equilibrium.limits import solve_with_limits
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import under
from entrepot.equilibrium.solvers.anderson import Settings


def by_deficits(result: Result) -> pd.DataFrame:
    """Return the change in real income in per cent, one row a country, one column a standard closure.

    A closure under which no equilibrium is found is left out.
    """
    columns = {}
    for rule in standard_closures():
        try:
            same = rule == result.deficits
            solved = result if same else solve_with_limits(under(result.exercise, rule), Settings())
        except EntrepotError:
            continue
        columns[rule] = pct(solved.real_income_hat.to_series())
    return pd.DataFrame(columns)


def same_sign(table: pd.DataFrame) -> set[str]:
    """Return the countries that gain under every rule, or lose under every rule."""
    return set(table.index[((table > 0).all(axis=1)) | ((table < 0).all(axis=1))])
