"""From an economy and a shock to the labelled world after it: pack, iterate, unpack, check."""

import time
from dataclasses import replace

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW, PURCHASES, SALES
from entrepot.core.errors import NotConverged
from entrepot.core.progress import StepProgress
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.equations import markets
from entrepot.equilibrium.model.stability import compounds, require_stable
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.search import Found, find
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.wedges import Wedges

WALRAS_TOLERANCE = 1e-7  # of a country's income; a converged solve leaves about 1e-11


def counterfactual(
    exercise: Exercise, settings: Settings, progress: StepProgress | None = None, start: Result | None = None
) -> Result:
    """Return the equilibrium of an exercise, raw accounts included.

    Parameters
    ----------
    exercise
        What is changed where, under which assumptions.
    settings, progress
        Of the solver.
    start
        A result near the one wanted, as the first guess; left out, the base year.

    Raises
    ------
    InvalidShock
        An embargo that leaves a market without supplier.
    NotConverged
        No equilibrium was found, or one that fails the unused equation.
    """
    began = time.perf_counter()
    economy, model = exercise.economy, exercise.model
    unknowns = None if start is None else start.unknowns
    if start is None and compounds(economy, model):  # a later point of a path has had its base year looked at
        before = encoding.build_problem(replace(exercise, wedges=Wedges.of_base(economy), deficit_left=1.0))
        require_stable(model, before, encoding.baseline(economy, before), "in the base year")
    found = find(exercise, settings, progress, unknowns)
    if compounds(economy, model):
        require_stable(model, found.problem, found.solution.point, "after the change")
    result = _labelled(exercise, found)
    if exercise.closure.adds_up and not result.walras <= WALRAS_TOLERANCE:
        raise NotConverged(
            f"the solution misses the unused equation, exports + deficit = imports, by {result.walras:.1e} of a "
            "country's income; solve with a smaller settings.tolerance"
        )
    return replace(result, seconds=time.perf_counter() - began)


def _labelled(exercise: Exercise, found: Found) -> Result:
    """Return the solved unknowns as labelled flows, and the error of the equation that the solver did not use."""
    economy = exercise.economy
    problem, solution, route = found
    unknowns = encoding.unravel(solution.point, problem)
    costs, cost_power, price_power, flows = markets(unknowns, problem)
    share = problem.weight * (cost_power[:, :, None] / price_power[:, None, :])  # s o d
    trade = problem.net_weight * (cost_power[:, :, None] * (flows.spent / price_power)[:, None, :])
    exports, imports = trade.sum(axis=(0, 2)), trade.sum(axis=(0, 1))
    imbalance = np.abs(exports + flows.deficit - imports) / np.where(flows.income > 0, flows.income, 1.0)
    value_added = flows.labour + (0.0 if flows.rents is None else flows.rents.sum(axis=0))
    base = economy.value_added.values
    average = np.where(base > 0, value_added / np.where(base > 0, base, 1.0), 1.0)
    wage_hat = np.where(problem.labour_income > 0, np.exp(unknowns.log_wage), average)

    def on(dims: tuple[str, ...], values: np.ndarray, name: str) -> xr.DataArray:
        return economy.labelled(values, dims, name)

    return Result(
        exercise=exercise,
        wedges=exercise.wedges,
        scenario=None,
        wage_hat=on((COUNTRY,), wage_hat, "wage_hat"),
        factor_price_hat=on(
            COUNTRY_SECTOR, np.exp(np.broadcast_to(costs.factors, flows.output.shape)).T, "factor_price_hat"
        ),
        price_hat=on(PURCHASES, np.exp(unknowns.log_price).T, "price_hat"),
        unit_cost_hat=on(SALES, np.exp(costs.unit).T, "unit_cost_hat"),
        trade_share_cf=on(FLOW, np.moveaxis(share, 0, -1), "trade_share_cf"),
        trade_cf=on(FLOW, np.moveaxis(trade, 0, -1), "trade_cf"),
        expenditure_cf=on(PURCHASES, flows.spent.T, "expenditure_cf"),
        output_cf=on(SALES, flows.output.T, "output_cf"),
        value_added_cf=on((COUNTRY,), value_added, "value_added_cf"),
        income_cf=on((COUNTRY,), flows.income, "income_cf"),
        tariff_revenue_cf=on((COUNTRY,), flows.duty, "tariff_revenue_cf"),
        deficit_cf=on((COUNTRY,), flows.deficit, "deficit_cf"),
        unknowns=unknowns,
        residual=solution.residual,
        walras=float(imbalance.max()),
        steps=solution.steps,
        route=route,
        seconds=0.0,
    )
