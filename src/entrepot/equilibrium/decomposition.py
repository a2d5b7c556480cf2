"""Where a change in real income comes from: terms of trade, tariff revenue, trade costs, imbalances.

Along any path of the wedges, with M the trade before duty, q its price at the border (producer's price and export
tax), d the iceberg cost, Y output, A productivity, S scale and I the income,

    I dln W = sum M dln q of exports - sum M dln q of imports                   terms of trade
            + sum tax * M (dln M - dln q), duties and export taxes              volume of trade (revenue)
            - sum (1 + tariff) M dln d                                          trade costs
            + sum Y dln A                                                       productivity
            + sum Y psi dln S                                                   scale
            + dD, transfers included                                            imbalances

It follows from the envelope theorem; Caliendo and Parro (2015) print its first two terms as equation 16. `along_path`
integrates it with Gauss-Legendre nodes on the straight line in the logs of all wedges, so the terms add up to the exact
change. `one_step` is the formula of the published tables, at base-year weights and with ratios minus one for logs: for
Mexico under NAFTA it says +1.31 %, where the same equilibrium has +0.007 %.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.economy.economy import Economy
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.path import Path
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings

NODES = (8, 16, 32)  # tried in turn until the error is below the next constant
PATH_ERROR = 1e-9  # of the log change: far below what is printed, above what the solver's tolerance leaves
TERMS = ("terms_of_trade", "volume_of_trade", "trade_costs", "productivity", "scale", "imbalances")


def decompose(result: Result, method: Literal["path", "one_step"] = "path") -> pd.DataFrame:
    """Return where each country's change in real income comes from, one row a country.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    method
        ``"path"`` integrates along the change and adds up exactly: log changes in the columns ``terms_of_trade``,
        ``volume_of_trade``, ``trade_costs``, ``productivity``, ``scale``, ``imbalances``. ``"one_step"`` is the formula
        of published tables, wrong for large changes: ratios minus one in ``terms_of_trade`` and ``volume_of_trade``.
        Both end with the ``sum``, the ``exact`` change and the ``error`` of the sum.

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

    Columns as in `TERMS`, their ``sum``, the ``exact`` log change and the ``error`` of the sum. The number of nodes is
    raised until the largest error is below 1e-9, or stays at the last number tried: the error column says how good it
    is.

    Raises
    ------
    NotConverged
        No equilibrium at a node.
    """
    table = pd.DataFrame()
    for nodes in NODES:
        table = _integrated(result, nodes)
        if float(table["error"].abs().max()) <= PATH_ERROR:
            break
    return table


def _integrated(result: Result, nodes: int) -> pd.DataFrame:
    """Return the path terms from `nodes` Gauss-Legendre nodes.

    Slopes of wedges along the path are known; those of costs, revenue and imbalances are the slopes of the polynomial
    through all nodes and both ends: as accurate as the quadrature, and all they need are the equilibria there.
    """
    economy = result.economy
    points, weights = np.polynomial.legendre.leggauss(nodes)
    points, weights = (points + 1) / 2, weights / 2
    path = Path.to(result.shock, economy)
    at_nodes = _solved(result, path, points)
    slope = _slopes(np.concatenate([[0.0], points, [1.0]]))[1:-1]  # one row a node, one column a state

    def slopes_of(base: np.ndarray, value: Callable[[Result], np.ndarray]) -> np.ndarray:
        return np.tensordot(slope, np.stack([base, *(value(state) for state in at_nodes), value(result)]), axes=1)

    taxes = economy.taxes_exports or path.log_levy is not None
    scale = result.unknowns.log_scale
    zeros = np.zeros(economy.output.shape)
    cost_slope = slopes_of(zeros, lambda state: np.log(state.unit_cost_hat.values))
    duty_slope = slopes_of(economy.tariff_revenue.values, lambda state: state.tariff_revenue_cf.values)
    levy_slope = slopes_of(economy.export_tax_revenue.values, lambda state: state.export_tax_revenue_cf.values)
    deficit_slope = slopes_of(economy.deficit.values, lambda state: state.deficit_cf.values)
    if scale is not None:
        scale_slope = slopes_of(zeros, lambda state: _scale(state).T)

    totals = {name: np.zeros(len(economy.countries)) for name in TERMS}
    for k, (point, state) in enumerate(zip(points, at_nodes, strict=True)):
        trade, tariff = state.trade_cf.values, state.tariff_cf.values
        bought = (1 + tariff) * trade
        share = weights[k] / np.where(state.income_cf.values > 0, state.income_cf.values, 1.0)
        border = cost_slope[k][:, None, :]  # o d s, of the price at the border
        untaxed: np.ndarray | float = 1.0
        if taxes:
            untaxed = 1 / (1 + state.export_tax_cf.values)
            border = border + (0.0 if path.log_levy is None else path.log_levy)
        terms_of_trade = (trade * border).sum(axis=(1, 2)) - (trade * border).sum(axis=(0, 2))
        # tax * M (dln M - dln p) = d(revenue) - M d(tax) - tax * M dln p: no logarithm of a flow that may be zero
        volume = duty_slope[k] - (bought * path.log_duty).sum(axis=(0, 2)) - (tariff * trade * border).sum(axis=(0, 2))
        if taxes:
            levied = (1 - untaxed) * trade  # e / (1 + e) * M
            raised = 0.0 if path.log_levy is None else (untaxed * trade * path.log_levy).sum(axis=(1, 2))
            volume = volume + levy_slope[k] - raised - (levied * border).sum(axis=(1, 2))
        totals["terms_of_trade"] += share * terms_of_trade
        totals["volume_of_trade"] += share * volume
        totals["trade_costs"] -= share * (bought * path.iceberg_slope(point)).sum(axis=(0, 2))
        if path.log_productivity is not None:
            totals["productivity"] += share * (state.output_cf.values * path.log_productivity).sum(axis=1)
        if scale is not None:
            gained = state.output_cf.values * result.model.scale(economy) * scale_slope[k]
            totals["scale"] += share * gained.sum(axis=1)
        totals["imbalances"] += share * deficit_slope[k]
    return _table(economy, totals, np.log(result.real_income_hat.values))


def _scale(state: Result) -> np.ndarray:
    scale: np.ndarray = state.unknowns.log_scale  # type: ignore[assignment]
    return scale


def _solved(result: Result, path: Path, points: np.ndarray) -> list[Result]:
    """Return the equilibria at the points of a path, each from the one before."""
    states: list[Result] = []
    for point in points:
        there = replace(result.exercise, shock=path.at(float(point)), deficit_left=1 - float(point))
        states.append(counterfactual(there, Settings(), start=states[-1] if states else None))
    return states


def _slopes(points: np.ndarray) -> np.ndarray:
    """Return the matrix that takes values at `points` to the slopes there of the polynomial through them.

    Berrut and Trefethen (2004), Barycentric Lagrange interpolation, SIAM Review 46, section 9.3.
    """
    gaps = points[:, None] - points[None, :] + np.eye(len(points))
    weights = 1 / gaps.prod(axis=1)
    matrix: np.ndarray = weights[None, :] / weights[:, None] / gaps
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    return matrix


def _table(economy: Economy, terms: dict[str, np.ndarray], exact: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(terms, index=pd.Index(list(economy.countries), name="country"))
    total = table.sum(axis=1)
    return table.assign(sum=total, exact=exact, error=total - exact)
