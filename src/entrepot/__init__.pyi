"""The public names, each with the module that defines it."""

from .brief.run import gather as gather
from .brief.spec import Brief as Brief
from .brief.spec import load_brief as load_brief
from .core.errors import EntrepotError as EntrepotError
from .core.errors import InputError as InputError
from .core.errors import NotConverged as NotConverged
from .data.facts import Facts as Facts
from .data.facts import load_facts as load_facts
from .economy.economy import Economy as Economy
from .economy.elasticities import Elasticities as Elasticities
from .economy.elasticities import elasticities as elasticities
from .economy.elasticities import load_elasticities as load_elasticities
from .economy.load import economies as economies
from .economy.load import load_economy as load_economy
from .equilibrium.decomposition import decompose as decompose
from .equilibrium.derivatives.sensitivity import sensitivity as sensitivity
from .equilibrium.model.models import Model as Model
from .equilibrium.model.models import model as model
from .equilibrium.rebalance import rebalance as rebalance
from .equilibrium.result import Result as Result
from .equilibrium.solve import solve as solve
from .partial.exposure import exposure as exposure
from .policy.limit import Limit as Limit
from .policy.load import load_scenario as load_scenario
from .policy.load import scenarios as scenarios
from .policy.scenario import Scenario as Scenario
from .policy.schedules.rates import effective_rates as effective_rates
from .policy.schedules.schedule import Schedule as Schedule
from .policy.schedules.schedule import load_schedule as load_schedule
from .policy.shock import Shock as Shock
from .report.pages.single_brief import write_brief as write_brief
from .statements.check import check as check
from .statements.statement import Statements as Statements
from .statements.statement import load_statements as load_statements
from .statements.verdict import Verdict as Verdict
from .study.batch import solve_many as solve_many
from .study.goals.rebase import rebase as rebase
from .study.goals.seek import seek as seek
from .study.sampling.sweep import sweep as sweep
from .study.sampling.uncertainty import uncertainty as uncertainty
from .study.tariff_games.nash import nash as nash
from .study.tariff_games.optimal import optimal_tariff as optimal_tariff
from .study.trade_off import trade_off as trade_off

__version__: str
