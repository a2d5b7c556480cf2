"""What stands between two countries, as trade itself reveals it."""

import numpy as np

from entrepot.economy.economy import Economy


def trade_cost_share(economy: Economy) -> np.ndarray:
    """Return the part of a good's delivered price that trade between two countries costs [origin, destination, sector].

    Duties, distance, language, rules: all that makes trade between two countries dearer than trade within them, taken
    as alike in both directions. NaN where one of the two sells the other nothing.

    References
    ----------
    Head and Ries (2001), Increasing returns versus national product differentiation as an explanation for the pattern
    of U.S.-Canada trade, American Economic Review 91, equation 7 in ratios: the geometric mean of the two costs is
    (shares sold to each other / shares sold at home)^(-1 / (2 theta)).
    """
    share = economy.trade_share.values
    at_home = np.einsum("dds->ds", share)
    with np.errstate(divide="ignore", invalid="ignore"):
        openness = share * share.transpose(1, 0, 2) / (at_home[:, None] * at_home[None, :])
        factor = openness ** (-1 / (2 * economy.theta.values))
    return np.asarray(np.where((openness > 0) & np.isfinite(factor), 1 - 1 / factor, np.nan))
