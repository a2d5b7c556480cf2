"""The terms of a change in real income on every flow, integrated along the path of the wedges.

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

It follows from the envelope theorem; Caliendo and Parro (2015) print its first two terms as equation 16. Every term but
the last is a sum over flows: a cell here is what one partner and one sector add to it. What a country makes, and its
own home sales, have the country itself as partner.

Two measures of the same terms. Divided by I they add up to the log change of real income. Divided by the price of
consumption P (base year 1) they add up to the equivalent variation, because W = I / (P I_0) and d EV = I_0 dW =
(I dln W) / P: money that can be added over countries.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np

from entrepot.core.wedges import BY_NAME
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
IMBALANCES = "imbalances"
TERM_OF_LEVY = {"export_tax": "volume_of_trade", "production_tax": "production_taxes", "markup": "markups"}

Part = tuple[str, str]
"""A term, and which of a country's flows it is on: ``"exports"``, ``"imports"``, ``"production"``."""


@dataclass(frozen=True, eq=False)
class PathTerms:
    """The terms of the change in real income of every country.

    Attributes
    ----------
    log, money
        By part: what each partner and sector adds [country, partner, sector], to the log change of real income and to
        the equivalent variation (currency of the economy).
    log_imbalances, money_imbalances : [country]
        The term that stands on no flow.
    """

    log: dict[Part, np.ndarray]
    money: dict[Part, np.ndarray]
    log_imbalances: np.ndarray
    money_imbalances: np.ndarray

    def totals(self) -> dict[str, np.ndarray]:
        """Return the terms of the log change [country], in the order of `TERMS`; those that cannot arise are absent."""
        found = {
            name: sum((values.sum(axis=(1, 2)) for (term, _), values in self.log.items() if term == name), 0.0)
            for name in TERMS
            if name not in TERM_OF_LEVY.values() or any(term == name for term, _ in self.log)
        }
        zeros = np.zeros_like(self.log_imbalances)
        return {name: zeros + value for name, value in (found | {IMBALANCES: self.log_imbalances}).items()}


def path_terms(result: Result) -> PathTerms:
    """Return the terms along the path from the base year to a result; kept as long as the result is.

    The number of nodes is raised until the sum of the terms is within 1e-9 of the log change of every country, or stays
    at the last number tried.

    Raises
    ------
    NotConverged
        No equilibrium at a node.
    """
    if result not in _KNOWN:
        exact = np.log(result.real_income_hat.values)
        for nodes in NODES:
            found = _integrated(result, nodes)
            if float(np.abs(sum(found.totals().values()) - exact).max()) <= PATH_ERROR:
                break
        _KNOWN[result] = found
    return _KNOWN[result]


_KNOWN: "WeakKeyDictionary[Result, PathTerms]" = WeakKeyDictionary()


class _Sums:
    """Terms added up over the nodes, in both measures."""

    def __init__(self) -> None:
        self.log: dict[Part, np.ndarray] = {}
        self.money: dict[Part, np.ndarray] = {}

    def add(self, part: Part, cells: np.ndarray, weights: tuple[np.ndarray, np.ndarray]) -> None:
        """Add a node's cells [country, partner, sector] to a part, at the node's weights [country] for each measure."""
        for sums, weight in zip((self.log, self.money), weights, strict=True):
            weighted = weight[:, None, None] * cells
            sums[part] = sums[part] + weighted if part in sums else weighted


def _integrated(result: Result, nodes: int) -> PathTerms:
    """Return the terms from `nodes` Gauss-Legendre nodes.

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
    own = np.arange(len(economy.countries))
    cost_slope = slopes_of(zeros, lambda state: np.log(state.unit_cost_hat.values))
    duty_slope = slopes_of(economy.tariff.values * economy.trade.values, _duty_by_flow)
    levied = {name: _levied_by_flow(result, name, levies) for name in levies}
    levy_slopes = {name: slopes_of(value(None), value) for name, value in levied.items()}
    deficit_slope = slopes_of(economy.deficit.values, lambda state: state.deficit_cf.values)
    if scale is not None:
        scale_slope = slopes_of(zeros, lambda state: _scale(state).T)

    sums = _Sums()
    log_imbalances, money_imbalances = np.zeros(len(own)), np.zeros(len(own))
    for k, (point, state) in enumerate(zip(points, at_nodes, strict=True)):
        trade, tariff = state.trade_cf.values, state.tariff_cf.values
        bought = (1 + tariff) * trade
        share = weights[k] / np.where(state.income_cf.values > 0, state.income_cf.values, 1.0)
        both = share, weights[k] / state.consumer_price_hat.values
        cost = cost_slope[k][:, None, :]  # o d s, of the producer's price
        border = cost + sum(path.flow_slope(name, point) for name in levies)
        moved = trade * border
        moved[own, own] = 0.0  # home sales: what the seller gains the buyer loses
        sums.add(("terms_of_trade", "exports"), moved, both)
        sums.add(("terms_of_trade", "imports"), -_of_buyer(moved), both)
        # tax * M (dln M - dln p) = d(revenue) - M d(tax) - tax * M dln p: no logarithm of a flow that may be zero
        raised = bought * path.flow_slope("tariff", point) + tariff * trade * border
        sums.add(("volume_of_trade", "imports"), _of_buyer(duty_slope[k] - raised), both)
        for name, (rate, rate_slope) in _levy_rates(state, path, point, levies).items():
            value = trade / state.wedges.levy_factor()  # at producers' prices
            on = "exports" if name == "export_tax" else "production"
            sums.add((TERM_OF_LEVY[name], on), levy_slopes[name][k] - value * (rate_slope + rate * cost), both)
        sums.add(("trade_costs", "imports"), -_of_buyer(bought * path.flow_slope("iceberg_hat", point)), both)
        productivity = path.slope("productivity_hat", point)
        if productivity is not None:
            sums.add(("productivity", "production"), _at_home(state.output_cf.values * productivity), both)
        if scale is not None:
            gained = state.output_cf.values * result.model.scale(economy) * scale_slope[k]
            sums.add(("scale", "production"), _at_home(gained), both)
        log_imbalances += both[0] * deficit_slope[k]
        money_imbalances += both[1] * deficit_slope[k]
    return PathTerms(sums.log, sums.money, log_imbalances, money_imbalances)


def _of_buyer(flows: np.ndarray) -> np.ndarray:
    """Return flows [origin, destination, sector] as the buyer's [country, partner, sector]."""
    return flows.swapaxes(0, 1)


def _at_home(made: np.ndarray) -> np.ndarray:
    """Return what is made [country, sector] with the country itself as partner [country, partner, sector]."""
    cells = np.zeros((len(made), len(made), made.shape[1]))
    cells[np.arange(len(made)), np.arange(len(made))] = made
    return cells


def _duty_by_flow(state: Result) -> np.ndarray:
    return np.asarray(state.tariff_cf.values * state.trade_cf.values)


def _levied_by_flow(result: Result, name: str, levies: Collection[str]) -> Callable[[Result | None], np.ndarray]:
    """Return what gives the revenue of a levy on each flow [origin, destination, sector], of the base year for None."""

    def value(state: Result | None) -> np.ndarray:
        holder = result.economy if state is None else state.wedges
        trade = result.economy.trade.values if state is None else state.trade_cf.values
        factor = np.ones_like(trade)
        revenue = np.zeros_like(trade)
        for levy in ("export_tax", "production_tax", "markup"):  # from the border price down to the producer's price
            if levy not in levies:
                continue
            rate = BY_NAME[levy].on(getattr(holder, levy).values)
            factor = factor * (1 + rate)
            if levy == name:
                revenue = trade * rate / factor
        return revenue

    return value


def _levies_in(result: Result) -> tuple[str, ...]:
    """Return the levies on sales that there are, before or after."""
    economy, wedges = result.economy, result.wedges
    return tuple(
        name for name in TERM_OF_LEVY if getattr(economy, name).values.any() or getattr(wedges, name).values.any()
    )


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
