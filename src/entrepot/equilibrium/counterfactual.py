"""From an economy and a shock to the labelled world after it: pack, iterate, unpack, check."""

import time
from dataclasses import replace

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, FLOW, PURCHASES, SALES, SECTOR
from entrepot.core.errors import NotConverged, listed
from entrepot.economy.economy import Deficits, Economy
from entrepot.equilibrium import packing
from entrepot.equilibrium.equations import (
    Problem,
    Unknowns,
    equilibrium_map,
    log_unit_cost,
    market_flows,
    sourcing_price_power,
    unit_cost_power,
)
from entrepot.equilibrium.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solver import Outcome, Progress, Settings, Solution, fixed_point
from entrepot.policy.shock import Shock

WALRAS_TOLERANCE = 1e-7  # of a country's income; a converged solve leaves about 1e-11


def counterfactual(
    economy: Economy,
    shock: Shock,
    model: Model,
    deficits: Deficits,
    settings: Settings,
    progress: Progress | None = None,
    start: Result | None = None,
    deficit_left: float = 0.0,
) -> Result:
    """Return the equilibrium of an economy, raw accounts included, after a shock on its labels.

    Parameters
    ----------
    start
        A result near the one wanted, as the first guess; left out, the base year.
    deficit_left
        The part of the base year's imbalances that the rule ``"zero"`` leaves: on a path they go with the shock.

    Raises
    ------
    InvalidShock
        An embargo that leaves a market without supplier.
    NotConverged
        No equilibrium was found, or one that fails the unused equation.
    """
    began = time.perf_counter()
    problem = packing.pack(economy, shock, deficits, deficit_left)
    if start is None:
        guess = packing.baseline(economy, problem)
    else:
        guess = packing.near(start.wage_hat, start.price_hat, start.expenditure_cf, problem)
    solution = fixed_point(packing.flat_map, guess, problem, settings, progress)
    if solution.outcome is not Outcome.CONVERGED:
        raise NotConverged(_where_it_stuck(economy, problem, solution))
    result = _labelled(economy, shock, model, deficits, problem, solution)
    _refuse_negative_incomes(result)
    if not result.walras <= WALRAS_TOLERANCE:
        raise NotConverged(
            f"the solution misses the unused equation, exports + deficit = imports, by {result.walras:.1e} of a "
            "country's income; solve with a smaller settings.tolerance"
        )
    return replace(result, seconds=time.perf_counter() - began)


def _refuse_negative_incomes(result: Result) -> None:
    """Raise NotConverged where the equations balance only because somebody spends less than nothing."""
    broke = (result.income_cf <= 0) & (result.economy.income > 0)
    if bool(broke.any()):
        who = result.economy.income.where(broke, drop=True).country.values
        raise NotConverged(
            f"no equilibrium found with positive incomes: {listed(who)} would spend less than nothing, because a "
            f"surplus or a subsidy is larger than what is earned (deficits {result.deficits}); try a smaller change, "
            "or deficits='scaled'"
        )


def _labelled(
    economy: Economy, shock: Shock, model: Model, deficits: Deficits, problem: Problem, solution: Solution
) -> Result:
    """Return the solved unknowns as labelled flows, and the error of the equation that the solver did not use."""
    unknowns = packing.unflat(solution.point, problem)
    cost_power = unit_cost_power(unknowns, problem)
    price_power = sourcing_price_power(problem.weight, cost_power, problem.supplied)
    flows = market_flows(unknowns, problem, cost_power, price_power)
    share = problem.weight * (cost_power[:, :, None] / price_power[:, None, :])  # s o d
    trade = problem.net_weight * (cost_power[:, :, None] * (flows.spent / price_power)[:, None, :])
    exports, imports = trade.sum(axis=(0, 2)), trade.sum(axis=(0, 1))
    imbalance = np.abs(exports + flows.deficit - imports) / np.where(flows.income > 0, flows.income, 1.0)

    def on(dims: tuple[str, ...], values: np.ndarray, name: str) -> xr.DataArray:
        return packing.labelled(economy, values, dims, name)

    return Result(
        economy=economy,
        shock=shock,
        scenario=None,
        model=model,
        deficits=deficits,
        wage_hat=on((COUNTRY,), np.exp(unknowns.log_wage), "wage_hat"),
        price_hat=on(PURCHASES, np.exp(unknowns.log_price).T, "price_hat"),
        unit_cost_hat=on(SALES, np.exp(log_unit_cost(unknowns, problem)).T, "unit_cost_hat"),
        trade_share_cf=on(FLOW, np.moveaxis(share, 0, -1), "trade_share_cf"),
        trade_cf=on(FLOW, np.moveaxis(trade, 0, -1), "trade_cf"),
        expenditure_cf=on(PURCHASES, flows.spent.T, "expenditure_cf"),
        output_cf=on(SALES, trade.sum(axis=2).T, "output_cf"),
        income_cf=on((COUNTRY,), flows.income, "income_cf"),
        tariff_revenue_cf=on((COUNTRY,), flows.duty, "tariff_revenue_cf"),
        deficit_cf=on((COUNTRY,), flows.deficit, "deficit_cf"),
        residual=solution.residual,
        walras=float(imbalance.max()),
        steps=solution.steps,
        seconds=0.0,
    )


def _where_it_stuck(economy: Economy, problem: Problem, solution: Solution) -> str:
    """Return how the solve ended, what stands in the way where that is known, and what to try."""
    here = packing.unflat(solution.point, problem)
    with np.errstate(all="ignore"):  # a broken-down point may well hold logs of negative numbers; that is the finding
        cost_power = unit_cost_power(here, problem)
        price_power = sourcing_price_power(problem.weight, cost_power, problem.supplied)
        flows = market_flows(here, problem, cost_power, price_power)
        moves = [np.abs(after - before) for after, before in zip(equilibrium_map(here, problem), here, strict=True)]
    countries = economy.labels[COUNTRY]
    how = f"no equilibrium found: {solution.outcome.value} after {solution.steps} steps"
    poor = [code for code, income in zip(countries, flows.income, strict=True) if not income >= 0]
    if poor:
        return (
            f"{how}; on the way incomes fall below zero in {listed(poor)}, as import subsidies and fixed surpluses "
            "make them; try smaller subsidies, or deficits='scaled'"
        )
    moves = [np.where(np.isnan(move), np.inf, move) for move in moves]
    block = int(np.argmax([move.max() for move in moves]))
    at = np.unravel_index(int(moves[block].argmax()), moves[block].shape)
    where = " in ".join(axis[i] for axis, i in zip([economy.labels[SECTOR], countries][-len(at) :], at, strict=True))
    unknown = Unknowns._fields[block].replace("_", " ")
    return (
        f"{how}; the {unknown} of {where} still moves by {float(moves[block][at]):.1e}; "
        "try a smaller change, deficits='scaled', or less extreme elasticities"
    )
