"""Where a change in real income comes from: terms of trade, tariff revenue, trade costs, imbalances.

Along any path of the wedges, with M the trade before duty, c the producer's price, d the iceberg cost and I the income,

    I[c] dln W[c] = sum_{d,s} M[c,d,s] dln c[c,s] - sum_{o,s} M[o,c,s] dln c[o,s]        terms of trade
                  + sum_{o,s} tariff[o,c,s] M[o,c,s] (dln M[o,c,s] - dln c[o,s])         volume of trade (revenue)
                  - sum_{o,s} (1 + tariff[o,c,s]) M[o,c,s] dln d[o,c,s]                  trade costs
                  + dD[c]                                                                imbalances

It follows from the envelope theorem; Caliendo and Parro (2015) print its first two terms as equation 16. `along_path`
integrates it with Gauss-Legendre nodes on the straight line in the logs of all wedges, so the terms add up to the exact
change. `one_step` is the formula of the published tables, at base-year weights and with ratios minus one for logs: for
Mexico under NAFTA it says +1.31 %, where the same equilibrium has +0.007 %.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from entrepot.core.dims import FLOW
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.economy.economy import Economy
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.packing import labelled
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solver import Settings
from entrepot.policy.shock import Shock

NODES = (8, 16, 32)  # tried in turn until the error is below the next constant
PATH_ERROR = 1e-9  # of the log change: far below what is printed, above what the solver's tolerance leaves
TERMS = ("terms_of_trade", "volume_of_trade", "trade_costs", "imbalances")


def decompose(result: Result, method: Literal["path", "one_step"] = "path") -> pd.DataFrame:
    """Return where each country's change in real income comes from, one row a country.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    method
        ``"path"`` integrates along the change and adds up exactly: log changes in the columns ``terms_of_trade``,
        ``volume_of_trade``, ``trade_costs``, ``imbalances``. ``"one_step"`` is the formula of published tables, wrong
        for large changes: ratios minus one in ``terms_of_trade`` and ``volume_of_trade``. Both end with the ``sum``,
        the ``exact`` change and the ``error`` of the sum.

    Raises
    ------
    UnknownLabel
        Another method.
    NotConverged
        No equilibrium at a point of the path.

    References
    ----------
    Caliendo and Parro (2015), equation 16 and Table 2.
    """
    methods = {"path": along_path, "one_step": one_step}
    if method not in methods:
        raise UnknownLabel(f"no method {method!r}{nearest(str(method), list(methods))}; choose {' or '.join(methods)}")
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

    Columns ``terms_of_trade``, ``volume_of_trade``, ``trade_costs``, ``imbalances``, their ``sum``, the ``exact`` log
    change and the ``error`` of the sum. The number of nodes is raised until the largest error is below 1e-9, or stays
    at the last number tried: the error column says how good it is.

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
    path = _Path.of(result)
    at_nodes = path.solved(result, points)
    slope = _slopes(np.concatenate([[0.0], points, [1.0]]))[1:-1]  # one row a node, one column a state
    every = [*at_nodes, result]
    cost_slope = np.tensordot(slope[:, 1:], np.stack([np.log(state.unit_cost_hat.values) for state in every]), axes=1)
    revenue_slope = slope @ np.stack([economy.tariff_revenue.values, *(s.tariff_revenue_cf.values for s in every)])
    deficit_slope = slope @ np.stack([economy.deficit.values, *(s.deficit_cf.values for s in every)])

    totals = {name: np.zeros(len(economy.countries)) for name in TERMS}
    for k, (point, state) in enumerate(zip(points, at_nodes, strict=True)):
        trade, tariff, cost = state.trade_cf.values, state.tariff_cf.values, cost_slope[k]
        bought = (1 + tariff) * trade
        share = weights[k] / np.where(state.income_cf.values > 0, state.income_cf.values, 1.0)
        terms_of_trade = np.einsum("ods,os->o", trade, cost) - np.einsum("ods,os->d", trade, cost)
        # tariff * M dln M = tariff * dM = d(revenue) - M d(tariff): no logarithm of a flow that may be zero
        duty_raised = (bought * path.log_duty).sum(axis=(0, 2))
        volume = revenue_slope[k] - duty_raised - np.einsum("ods,os->d", tariff * trade, cost)
        totals["terms_of_trade"] += share * terms_of_trade
        totals["volume_of_trade"] += share * volume
        totals["trade_costs"] -= share * (bought * path.iceberg_slope(point)).sum(axis=(0, 2))
        totals["imbalances"] += share * deficit_slope[k]
    return _table(economy, totals, np.log(result.real_income_hat.values))


@dataclass(frozen=True)
class _Path:
    """The straight line in the logs of all wedges, from the base year (0) to the shock (1).

    An embargo has no straight line in logs. There cost^-theta, which is what the equations read, goes to zero linearly.
    """

    log_duty: np.ndarray  # o d s, of (1 + tariff_cf) / (1 + tariff)
    log_iceberg: np.ndarray  # o d s, 0 where embargoed
    embargoed: np.ndarray  # o d s
    theta: np.ndarray  # s

    @classmethod
    def of(cls, result: Result) -> "_Path":
        """Return the path to a result's shock."""
        economy = result.economy
        log_duty = np.log1p(result.tariff_cf.values) - np.log1p(economy.tariff.values)
        iceberg = result.shock.iceberg_hat
        hat = np.ones(log_duty.shape) if iceberg is None else iceberg.values
        embargoed = np.isinf(hat)
        return cls(log_duty, np.log(np.where(embargoed, 1.0, hat)), embargoed, economy.theta.values)

    def shock_at(self, economy: Economy, point: float) -> Shock:
        """Return the shock a fraction `point` of the way."""
        tariff = (1 + economy.tariff.values) * np.exp(point * self.log_duty) - 1
        iceberg_hat = np.where(self.embargoed, (1 - point) ** (-1 / self.theta), np.exp(point * self.log_iceberg))
        return Shock(
            tariff=labelled(economy, tariff, FLOW, "tariff"),
            iceberg_hat=labelled(economy, iceberg_hat, FLOW, "iceberg_hat"),
        )

    def iceberg_slope(self, point: float) -> np.ndarray:
        """Return d ln iceberg_hat / d point [origin, destination, sector]."""
        return np.where(self.embargoed, 1 / (self.theta * (1 - point)), self.log_iceberg)

    def solved(self, result: Result, points: np.ndarray) -> list[Result]:
        """Return the equilibria at the points, each from the one before."""
        states: list[Result] = []
        for point in points:
            shock = self.shock_at(result.economy, float(point))
            states.append(
                counterfactual(
                    result.economy, shock, result.model, result.deficits, Settings(),
                    start=states[-1] if states else None, deficit_left=1 - float(point),
                )
            )  # fmt: skip
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
