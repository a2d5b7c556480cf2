"""entrepot: check what is said about trade, compute what trade policy does.

economy  = entrepot.load_economy()
scenario = entrepot.load_scenario("us-tariffs-on-india-2025")
result   = entrepot.solve(economy, scenario)
table    = result.countries
entrepot.write_brief(result, "brief.html")
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepot.core.errors import EntrepotError, InputError, NotConverged
    from entrepot.economy.economy import Economy
    from entrepot.economy.elasticities import Elasticities, load_elasticities
    from entrepot.economy.load import load_economy
    from entrepot.equilibrium.decomposition import decompose
    from entrepot.equilibrium.rebalance import rebalance
    from entrepot.equilibrium.result import Result
    from entrepot.equilibrium.solve import solve
    from entrepot.policy.scenario import Scenario, load_scenario
    from entrepot.policy.shock import Shock
    from entrepot.report.brief import write_brief

# Each public name is imported when it is first used: `entrepot --help` must not wait for JAX.
_HOME = {
    "Economy": "entrepot.economy.economy",
    "Elasticities": "entrepot.economy.elasticities",
    "EntrepotError": "entrepot.core.errors",
    "InputError": "entrepot.core.errors",
    "NotConverged": "entrepot.core.errors",
    "Result": "entrepot.equilibrium.result",
    "Scenario": "entrepot.policy.scenario",
    "Shock": "entrepot.policy.shock",
    "decompose": "entrepot.equilibrium.decomposition",
    "load_economy": "entrepot.economy.load",
    "load_elasticities": "entrepot.economy.elasticities",
    "load_scenario": "entrepot.policy.scenario",
    "rebalance": "entrepot.equilibrium.rebalance",
    "solve": "entrepot.equilibrium.solve",
    "write_brief": "entrepot.report.brief",
}

__all__ = [
    "Economy",
    "Elasticities",
    "EntrepotError",
    "InputError",
    "NotConverged",
    "Result",
    "Scenario",
    "Shock",
    "decompose",
    "load_economy",
    "load_elasticities",
    "load_scenario",
    "rebalance",
    "solve",
    "write_brief",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("entrepot")
    if name not in _HOME:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
