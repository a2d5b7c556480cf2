"""entrepot: check what is said about trade, compute what trade policy does.

economy  = entrepot.load_economy()
scenario = entrepot.load_scenario("us-tariffs-on-india-2025")
result   = entrepot.solve(economy, scenario)
table    = result.countries
entrepot.write_brief(entrepot.gather(result), "brief.html")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from entrepot.core.extensions import register_extension

if TYPE_CHECKING:
    from entrepot.brief.run import gather
    from entrepot.brief.spec import Brief, load_brief
    from entrepot.core.errors import EntrepotError, InputError, NotConverged
    from entrepot.data.facts import Facts, load_facts
    from entrepot.economy.economy import Economy
    from entrepot.economy.elasticities import Elasticities, load_elasticities
    from entrepot.economy.load import load_economy
    from entrepot.equilibrium.decomposition import decompose
    from entrepot.equilibrium.derivatives.sensitivity import sensitivity
    from entrepot.equilibrium.model.models import Model
    from entrepot.equilibrium.model.models import named as model
    from entrepot.equilibrium.rebalance import rebalance
    from entrepot.equilibrium.result import Result
    from entrepot.equilibrium.solve import solve
    from entrepot.partial.exposure import exposure
    from entrepot.policy.limit import Limit
    from entrepot.policy.load import load_scenario
    from entrepot.policy.scenario import Scenario
    from entrepot.policy.schedules.rates import effective_rates
    from entrepot.policy.schedules.schedule import Schedule, load_schedule
    from entrepot.policy.shock import Shock
    from entrepot.report.pages.single_brief import write_brief
    from entrepot.statements.check import check
    from entrepot.statements.statement import Statements, load_statements
    from entrepot.statements.verdict import Verdict
    from entrepot.study.batch import solve_many
    from entrepot.study.goals.rebase import rebase
    from entrepot.study.goals.seek import seek
    from entrepot.study.sampling.sweep import sweep
    from entrepot.study.sampling.uncertainty import uncertainty
    from entrepot.study.tariff_games.nash import nash
    from entrepot.study.tariff_games.optimal import optimal_tariff
    from entrepot.study.trade_off import trade_off

# Each public name is imported when it is first used: `entrepot --help` must not wait for JAX.
_HOME = {
    "Brief": "entrepot.brief.spec",
    "Economy": "entrepot.economy.economy",
    "Elasticities": "entrepot.economy.elasticities",
    "EntrepotError": "entrepot.core.errors",
    "Facts": "entrepot.data.facts",
    "InputError": "entrepot.core.errors",
    "Limit": "entrepot.policy.limit",
    "Model": "entrepot.equilibrium.model.models",
    "NotConverged": "entrepot.core.errors",
    "Result": "entrepot.equilibrium.result",
    "Scenario": "entrepot.policy.scenario",
    "Schedule": "entrepot.policy.schedules.schedule",
    "Shock": "entrepot.policy.shock",
    "Statements": "entrepot.statements.statement",
    "Verdict": "entrepot.statements.verdict",
    "check": "entrepot.statements.check",
    "decompose": "entrepot.equilibrium.decomposition",
    "effective_rates": "entrepot.policy.schedules.rates",
    "exposure": "entrepot.partial.exposure",
    "gather": "entrepot.brief.run",
    "load_brief": "entrepot.brief.spec",
    "load_economy": "entrepot.economy.load",
    "load_elasticities": "entrepot.economy.elasticities",
    "load_facts": "entrepot.data.facts",
    "load_scenario": "entrepot.policy.load",
    "load_schedule": "entrepot.policy.schedules.schedule",
    "load_statements": "entrepot.statements.statement",
    "model": "entrepot.equilibrium.model.models:named",
    "nash": "entrepot.study.tariff_games.nash",
    "optimal_tariff": "entrepot.study.tariff_games.optimal",
    "rebalance": "entrepot.equilibrium.rebalance",
    "rebase": "entrepot.study.goals.rebase",
    "seek": "entrepot.study.goals.seek",
    "sensitivity": "entrepot.equilibrium.derivatives.sensitivity",
    "solve": "entrepot.equilibrium.solve",
    "solve_many": "entrepot.study.batch",
    "sweep": "entrepot.study.sampling.sweep",
    "trade_off": "entrepot.study.trade_off",
    "uncertainty": "entrepot.study.sampling.uncertainty",
    "write_brief": "entrepot.report.pages.single_brief",
}

__all__ = [
    "Brief",
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
    "gather",
    "load_brief",
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

# Methods of an economy that need the solver, which stands further right (`core.extensions`).
register_extension("rebalance", "entrepot.equilibrium.rebalance:rebalance")
register_extension("rebase", "entrepot.study.goals.rebase:rebase")


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from entrepot.core.version import package_version

        return package_version()
    if name not in _HOME:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    home, _, called = _HOME[name].partition(":")
    return getattr(import_module(home), called or name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
