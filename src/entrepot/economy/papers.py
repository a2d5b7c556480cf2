"""How far published papers are apart on trade elasticities: what stands for a standard error where none is shipped."""

import math
from functools import cache

import pandas as pd

from entrepot.data import shipped
from entrepot.economy.elasticities import Elasticities, load_elasticities

WHOLE = "all"
"""In `not_estimates`: the table is none to count among published papers."""


@cache
def papers() -> tuple[str, ...]:
    """Return the shipped tables that count as a paper of their own, each paper once."""
    return tuple(name for name in shipped.names("elasticities") if WHOLE not in _not_estimates(load_elasticities(name)))


@cache
def estimates() -> pd.DataFrame:
    """Return what papers estimate, one row a sector, one column a paper; NaN where a paper has no estimate.

    Placeholders, gaps that another table fills, and what a sidecar calls an artefact are left out.
    """
    tables = {name: load_elasticities(name) for name in papers()}
    return pd.DataFrame({name: estimated(table) for name, table in tables.items()})


def estimated(table: Elasticities) -> pd.Series:
    """Return a table's own estimates by sector, NaN where its number is none."""
    blank = {*_not_estimates(table), *table.filled}
    return table.theta.where(~table.theta.index.isin(sorted(blank)))


@cache
def dispersion() -> pd.Series:
    """Return the standard deviation of ln theta between papers by sector, NaN where fewer than two estimate it."""
    return estimates().map(math.log, na_action="ignore").std(axis=1, ddof=1)


def _not_estimates(table: Elasticities) -> set[str]:
    return set() if table.provenance is None else set(table.provenance.not_estimates)
