"""Where a change in real income comes from: terms of trade, tax revenue, trade costs, imbalances.

Along any path of the wedges, with M the trade before duty, q its price at the border (producer's price and levies), d
the iceberg cost, V sales at producers' prices c, Y output, A productivity, S scale and I the income,

    I dln W = sum M dln q of exports - sum M dln q of imports                   terms of trade
            + sum tax * M (dln M - dln q), duties and export taxes              volume of trade (revenue)
            + sum tax * V (dln V - dln c), home sales too                       production taxes
            + sum markup * V (dln V - dln c), home sales too                    markups
            - sum (1 + tariff) M dln d                                          trade costs
            + sum Y dln A                                                       productivity
            + sum Y psi dln S                                                   scale
            + dD, transfers included                                            imbalances

It follows from the envelope theorem; Caliendo and Parro (2015) print its first two terms as equation 16. `along_path`
integrates it with Gauss-Legendre nodes on the straight line in the logs of all wedges, so the terms add up to the exact
change. `one_step` is the formula of the published tables, at base-year weights and with ratios minus one for logs: for
Mexico under NAFTA it says +1.31 %, where the same equilibrium has +0.007 %.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.core.wedges import BY_NAME
from entrepot.economy.economy import Economy
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.path import Path
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings

NODES = (8, 16, 32)  # tried in turn until the error is below the next constant
PATH_ERROR = 1e-9  # of the log change: far below what is printed, above what the solver's tolerance leaves
TERMS = (
    "terms_of_trade", "volume_of_trade", "production_taxes", "markups", "trade_costs", "productivity", "scale",
    "imbalances",
)  # fmt: skip
TERM_OF_LEVY = {"export_tax": "volume_of_trade", "production_tax": "production_taxes", "markup": "markups"}
REVENUE_OF_LEVY = {"export_tax": "export_tax_revenue", "production_tax": "production_tax_revenue", "markup": "profit"}


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
    path = Path.to(result.wedges, economy)
    at_nodes = _solved(result, path, points)
    slope = _slopes(np.concatenate([[0.0], points, [1.0]]))[1:-1]  # one row a node, one column a state

    def slopes_of(base: np.ndarray, value: Callable[[Result], np.ndarray]) -> np.ndarray:
        return np.tensordot(slope, np.stack([base, *(value(state) for state in at_nodes), value(result)]), axes=1)

    levies = _levies_in(result)
    scale = result.unknowns.log_scale
    zeros = np.zeros(economy.output.shape)
    cost_slope = slopes_of(zeros, lambda state: np.log(state.unit_cost_hat.values))
    duty_slope = slopes_of(economy.tariff_revenue.values, lambda state: state.tariff_revenue_cf.values)
    levy_slopes = {
        name: slopes_of(getattr(economy, revenue).values, partial(_values_cf, revenue))
        for name, revenue in levies.items()
    }
    deficit_slope = slopes_of(economy.deficit.values, lambda state: state.deficit_cf.values)
    if scale is not None:
        scale_slope = slopes_of(zeros, lambda state: _scale(state).T)

    absent = {TERM_OF_LEVY[name] for name in ("production_tax", "markup") if name not in levies}
    totals = {name: np.zeros(len(economy.countries)) for name in TERMS if name not in absent}
    for k, (point, state) in enumerate(zip(points, at_nodes, strict=True)):
        trade, tariff = state.trade_cf.values, state.tariff_cf.values
        bought = (1 + tariff) * trade
        share = weights[k] / np.where(state.income_cf.values > 0, state.income_cf.values, 1.0)
        cost = cost_slope[k][:, None, :]  # o d s, of the producer's price
        border = cost + sum(path.flow_slope(name, point) for name in levies)
        terms_of_trade = (trade * border).sum(axis=(1, 2)) - (trade * border).sum(axis=(0, 2))
        # tax * M (dln M - dln p) = d(revenue) - M d(tax) - tax * M dln p: no logarithm of a flow that may be zero
        raised = (bought * path.flow_slope("tariff", point)).sum(axis=(0, 2))
        totals["terms_of_trade"] += share * terms_of_trade
        totals["volume_of_trade"] += share * (duty_slope[k] - raised - (tariff * trade * border).sum(axis=(0, 2)))
        for name, (rate, rate_slope) in _levy_rates(state, path, point, levies).items():
            value = trade / state.wedges.levy_factor()  # at producers' prices
            raised = (value * (rate_slope + rate * cost)).sum(axis=(1, 2))
            totals[TERM_OF_LEVY[name]] += share * (levy_slopes[name][k] - raised)
        totals["trade_costs"] -= share * (bought * path.flow_slope("iceberg_hat", point)).sum(axis=(0, 2))
        productivity = path.slope("productivity_hat", point)
        if productivity is not None:
            totals["productivity"] += share * (state.output_cf.values * productivity).sum(axis=1)
        if scale is not None:
            gained = state.output_cf.values * result.model.scale(economy) * scale_slope[k]
            totals["scale"] += share * gained.sum(axis=1)
        totals["imbalances"] += share * deficit_slope[k]
    return _table(economy, totals, np.log(result.real_income_hat.values))


def _values_cf(name: str, state: Result) -> np.ndarray:
    return np.asarray(getattr(state, f"{name}_cf").values)


def _levies_in(result: Result) -> dict[str, str]:
    """Return the levies on sales that there are, before or after, and the name of their revenue."""
    economy, wedges = result.economy, result.wedges
    return {
        name: revenue
        for name, revenue in REVENUE_OF_LEVY.items()
        if getattr(economy, name).values.any() or getattr(wedges, name).values.any()
    }


def _levy_rates(
    state: Result, path: Path, point: float, levies: Collection[str]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return what each levy earns per unit of value at producers' prices, and the slope of that rate along the path.

    They stack (`economy.levies`): a markup earns m, a production tax p (1 + m), an export tax e (1 + p) (1 + m).
    """
    wedges = state.wedges
    below: np.ndarray | float = 1.0  # price before the levy over the producer's price
    below_slope: np.ndarray | float = 0.0
    found = {}
    for name in ("markup", "production_tax", "export_tax"):
        if name not in levies:
            continue
        wedge = BY_NAME[name]
        rate = wedge.on(getattr(wedges, name).values)
        slope = path.flow_slope(name, point)  # of ln (1 + rate)
        found[name] = rate * below, (1 + rate) * slope * below + rate * below * below_slope
        below, below_slope = below * (1 + rate), below_slope + slope
    return found


def _scale(state: Result) -> np.ndarray:
    scale: np.ndarray = state.unknowns.log_scale  # type: ignore[assignment]
    return scale


def _solved(result: Result, path: Path, points: np.ndarray) -> list[Result]:
    """Return the equilibria at the points of a path, each from the one before."""
    states: list[Result] = []
    for point in points:
        there = replace(result.exercise, wedges=path.at(float(point)), limits=(), deficit_left=1 - float(point))
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
