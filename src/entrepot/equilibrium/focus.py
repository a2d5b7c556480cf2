"""The pair of countries that a report looks at most closely."""

import numpy as np

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.wedges import BY_NAME
from entrepot.economy.economy import Economy
from entrepot.equilibrium.path import Path
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus


def focus_of(result: Result) -> Focus:
    """Return the scenario's own pair, or the pair whose flow the change burdens or relieves most.

    The measure is base-year trade times the absolute change in the logs of the wedges on flows.

    Raises
    ------
    UnknownLabel
        The scenario names a country that the economy does not have.
    """
    economy = result.economy
    if result.scenario is not None and result.scenario.focus is not None:
        return checked(economy, result.scenario.focus)
    path = Path.to(result.wedges, economy)
    wedge = sum(np.abs(log) for name, log in path.logs.items() if BY_NAME[name].on_flows)
    wedge = wedge + 10.0 * path.embargoed  # an embargo outweighs any duty
    trade = economy.trade.values * ~np.eye(len(economy.countries), dtype=bool)[:, :, None]
    burden = (trade * wedge).sum(axis=2)
    weight = burden if burden.any() else trade.sum(axis=2)
    exporter, importer = np.unravel_index(int(weight.argmax()), weight.shape)
    codes = list(economy.countries)
    return Focus(exporter=codes[int(exporter)], importer=codes[int(importer)])


def checked(economy: Economy, focus: Focus) -> Focus:
    """Return the pair, or raise UnknownLabel where it is not two countries of the economy."""
    for code in (focus.exporter, focus.importer):
        require_country(economy, code)
    if focus.exporter == focus.importer:
        raise UnknownLabel(f"exporter and importer are both {focus.exporter}; name two countries")
    return focus


def require_country(economy: Economy, code: str) -> None:
    """Raise UnknownLabel unless the economy has that country."""
    if code not in economy.countries:
        hint = nearest(code, list(economy.countries), list(economy.countries.values()))
        raise UnknownLabel(f"unknown country {code!r}{hint}; `entrepot economies` lists them")
