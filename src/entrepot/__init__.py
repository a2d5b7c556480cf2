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
    from entrepot.data.facts import Facts, load_facts
    from entrepot.economy.economy import Economy
    from entrepot.economy.elasticities import Elasticities, load_elasticities
    from entrepot.economy.load import load_economy
    from entrepot.equilibrium.decomposition import decompose
    from entrepot.equilibrium.models import Model
    from entrepot.equilibrium.models import named as model
    from entrepot.equilibrium.rebalance import rebalance
    from entrepot.equilibrium.result import Result
    from entrepot.equilibrium.sensitivity import sensitivity
    from entrepot.equilibrium.solve import solve
    from entrepot.policy.limit import Limit
    from entrepot.policy.rates import effective_rates
    from entrepot.policy.scenario import Scenario, load_scenario
    from entrepot.policy.schedule import Schedule, load_schedule
    from entrepot.policy.shock import Shock
    from entrepot.report.brief import write_brief
    from entrepot.statements.check import check
    from entrepot.statements.statement import Statements, load_statements
    from entrepot.statements.verdict import Verdict
    from entrepot.study.batch import solve_many
    from entrepot.study.exposure import exposure
    from entrepot.study.nash import nash
    from entrepot.study.optimal import optimal_tariff
    from entrepot.study.rebase import rebase
    from entrepot.study.seek import seek
    from entrepot.study.sweep import sweep
    from entrepot.study.trade_off import trade_off
    from entrepot.study.uncertainty import uncertainty

# Each public name is imported when it is first used: `entrepot --help` must not wait for JAX.
_HOME = {
    "Economy": "entrepot.economy.economy",
    "Elasticities": "entrepot.economy.elasticities",
    "EntrepotError": "entrepot.core.errors",
    "Facts": "entrepot.data.facts",
    "InputError": "entrepot.core.errors",
    "Limit": "entrepot.policy.limit",
    "Model": "entrepot.equilibrium.models",
    "NotConverged": "entrepot.core.errors",
    "Result": "entrepot.equilibrium.result",
    "Scenario": "entrepot.policy.scenario",
    "Schedule": "entrepot.policy.schedule",
    "Shock": "entrepot.policy.shock",
    "Statements": "entrepot.statements.statement",
    "Verdict": "entrepot.statements.verdict",
    "check": "entrepot.statements.check",
    "decompose": "entrepot.equilibrium.decomposition",
    "effective_rates": "entrepot.policy.rates",
    "exposure": "entrepot.study.exposure",
    "load_economy": "entrepot.economy.load",
    "load_elasticities": "entrepot.economy.elasticities",
    "load_facts": "entrepot.data.facts",
    "load_scenario": "entrepot.policy.scenario",
    "load_schedule": "entrepot.policy.schedule",
    "load_statements": "entrepot.statements.statement",
    "model": "entrepot.equilibrium.models:named",
    "nash": "entrepot.study.nash",
    "optimal_tariff": "entrepot.study.optimal",
    "rebalance": "entrepot.equilibrium.rebalance",
    "rebase": "entrepot.study.rebase",
    "seek": "entrepot.study.seek",
    "sensitivity": "entrepot.equilibrium.sensitivity",
    "solve": "entrepot.equilibrium.solve",
    "solve_many": "entrepot.study.batch",
    "sweep": "entrepot.study.sweep",
    "trade_off": "entrepot.study.trade_off",
    "uncertainty": "entrepot.study.uncertainty",
    "write_brief": "entrepot.report.brief",
}

__all__ = [
    "Economy",
    "Elasticities",
    "EntrepotError",
    "Facts",
    "InputError",
    "Limit",
    "Model",
    "NotConverged",
    "Result",
    "Scenario",
    "Schedule",
    "Shock",
    "Statements",
    "Verdict",
    "check",
    "decompose",
    "effective_rates",
    "exposure",
    "load_economy",
    "load_elasticities",
    "load_facts",
    "load_scenario",
    "load_schedule",
    "load_statements",
    "model",
    "nash",
    "optimal_tariff",
    "rebalance",
    "rebase",
    "seek",
    "sensitivity",
    "solve",
    "solve_many",
    "sweep",
    "trade_off",
    "uncertainty",
    "write_brief",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return version("entrepot")
    if name not in _HOME:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    home, _, called = _HOME[name].partition(":")
    return getattr(import_module(home), called or name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
