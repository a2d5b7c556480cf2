"""The door: an economy and a change go in, the new equilibrium comes out."""

from dataclasses import replace

from entrepot.core.errors import InvalidEconomy, InvalidShock
from entrepot.economy.economy import Deficits, Economy
from entrepot.equilibrium import models
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solver import Progress, Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock


def solve(
    economy: Economy,
    change: Scenario | Shock,
    *,
    model: str = models.DEFAULT,
    deficits: Deficits = "fixed",
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Result:
    """Return the equilibrium after a change.

    Parameters
    ----------
    economy
        The base year.
    change
        A scenario, or a :class:`Shock` with labelled wedges.
    model
        ``"caliendo_parro"`` (sectors buy inputs from each other) or ``"multi_sector"`` (they do not).
    deficits
        Trade imbalances after the change: ``"fixed"`` in the numeraire, ``"scaled"`` with income, or ``"zero"``. The
        last removes them together with the change; to see the change alone, shock ``economy.rebalanced("zero")``.
    settings
        Tolerance and step limits of the solver.
    progress
        Called with the steps so far and the residual.

    Raises
    ------
    InvalidEconomy
        Raw accounts that do not close.
    InputError
        A change that does not fit the economy.
    NotConverged
        No equilibrium was found; says which market is furthest from it and what to try.

    References
    ----------
    Caliendo and Parro (2015), equations 10 to 15; Dekle, Eaton and Kortum (2008) for the method of ratios.
    """
    if not isinstance(economy, Economy):
        raise InvalidEconomy(f"found {type(economy).__name__}; give an Economy, as entrepot.load_economy() returns")
    if not isinstance(change, Scenario | Shock):
        raise InvalidShock(f"found {type(change).__name__}; give a Shock, or a Scenario from entrepot.load_scenario()")
    chosen = models.named(model)
    base = chosen.base(economy)
    if not base.closed:
        raise InvalidEconomy(
            f"{economy.name}: the accounts do not close (they miss by {100 * base.gap:.2g} % of world income), so the "
            "base year is no equilibrium to change; use economy.rebalanced('zero') or .rebalanced('fixed') first"
        )
    scenario = change if isinstance(change, Scenario) else None
    shock = change.shock(base) if isinstance(change, Scenario) else change.on(base)
    result = counterfactual(base, shock, chosen, deficits, settings or Settings(), progress)
    return replace(result, scenario=scenario)
