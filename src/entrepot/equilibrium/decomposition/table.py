"""Where a change in real income comes from: terms of trade, tax revenue, trade costs, imbalances.

`along_path` adds up the terms of `path_terms` over partners and sectors; they add up to the exact change. `one_step` is
the formula of the published tables, at base-year weights and with ratios minus one for logs: for Mexico under NAFTA it
says +1.31 %, where the same equilibrium has +0.007 %.
"""

from typing import Literal

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.economy.economy import Economy
from entrepot.equilibrium.decomposition.path_terms import path_terms
from entrepot.equilibrium.result import Result


def decompose(result: Result, method: Literal["path", "one_step"] = "path") -> pd.DataFrame:
    """Return where each country's change in real income comes from, one row a country.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    method
        ``"path"`` integrates along the change and adds up exactly: log changes in the columns ``terms_of_trade``,
        ``volume_of_trade``, ``trade_costs``, ``productivity``, ``scale``, ``imbalances``, and ``production_taxes`` and
        ``markups`` where there are any. ``"one_step"`` is the formula of published tables, wrong for large changes:
        ratios minus one in ``terms_of_trade`` and ``volume_of_trade``. Both end with the ``sum``, the ``exact`` change
        and the ``error`` of the sum.

    Raises
    ------
    UnknownLabel
        Another method.
    InvalidShock
        A model that holds incomes: what is no equilibrium of incomes does not split.
    NotConverged
        No equilibrium at a point of the path.

    References
    ----------
    Caliendo and Parro (2015), equation 16 and Table 2.
    """
    methods = {"path": along_path, "one_step": one_step}
    if method not in methods:
        raise UnknownLabel(f"no method {method!r}{nearest(str(method), list(methods))}; choose {' or '.join(methods)}")
    if result.model.incomes_held:
        raise InvalidShock(
            f"model {result.model.name} holds nominal incomes, so its changes are no equilibrium of incomes and do not "
            "split into terms; decompose another model's result"
        )
    return methods[method](result)


def one_step(result: Result) -> pd.DataFrame:
    """Return the one-step terms as printed by Caliendo and Parro (2015), Table 2: one row a country, ratios minus one.

    Columns ``terms_of_trade``, ``volume_of_trade``, their ``sum``, the ``exact`` change and the ``error`` of the sum.
    Only meaningful for small changes in duties; trade costs have no term in it.
    """
    economy = result.economy
    before, cost = economy.trade.values, result.unit_cost_hat.values  # o d s; o s
    growth = np.where(before > 0, result.trade_cf.values / np.where(before > 0, before, 1), 1.0)
    income = np.where(economy.income.values > 0, economy.income.values, 1.0)
    terms = (np.einsum("ods,os->o", before, cost - 1) - np.einsum("ods,os->d", before, cost - 1)) / income
    duty = economy.tariff.values * before
    volume = np.einsum("ods,ods->d", duty, growth - cost[:, None, :]) / income
    exact = result.real_income_hat.values - 1
    return _table(economy, {"terms_of_trade": terms, "volume_of_trade": volume}, exact)


def along_path(result: Result) -> pd.DataFrame:
    """Return terms that add up to the exact log change in real income, one row a country.

    Columns as in `path_terms.TERMS`, their ``sum``, the ``exact`` log change and the ``error`` of the sum.

    Raises
    ------
    NotConverged
        No equilibrium at a point of the path.
    """
    return _table(result.economy, path_terms(result).totals(), np.log(result.real_income_hat.values))


def _table(economy: Economy, terms: dict[str, np.ndarray], exact: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(terms, index=pd.Index(list(economy.countries), name="country"))
    total = table.sum(axis=1)
    return table.assign(sum=total, exact=exact, error=total - exact)
