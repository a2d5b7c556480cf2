"""The closed-form tariff: what a government that sees only export shares and elasticities would set."""

import numpy as np

from entrepot.equilibrium.result import Result


def sufficient_tariff(result: Result, members: np.ndarray) -> float:
    """Return the uniform tariff of the sufficient-statistics rule, at the shares of an equilibrium.

    One over the elasticity of foreign demand for a country's exports: the mean over all its exports, services too, of
    theta times the share of the market that others hold, weighted by sales. Exact for one sector, no inputs and one
    partner that levies no duty; it leaves out what partners' duties return to them, and that a tariff also moves wages
    between third countries and the weights themselves (docs/goals.md).

    Parameters
    ----------
    result
        The equilibrium whose shares count.
    members
        Places of the countries that act as one.

    References
    ----------
    Lashkaripour (2021), The cost of a global tariff war: a sufficient statistics approach, Journal of International
    Economics 131.
    """
    outside = np.setdiff1d(np.arange(len(result.economy.countries)), members)
    sold = result.trade_cf.values[np.ix_(members, outside)].sum(axis=0)  # destination, sector
    held = result.trade_share_cf.values[np.ix_(members, outside)].sum(axis=0)
    total = sold.sum()
    if not total > 0:
        return 0.0
    elasticity = float((sold / total * result.economy.theta.values * (1 - held)).sum())
    return 1 / elasticity
