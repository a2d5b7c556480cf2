"""The door: an economy and a change go in, the new equilibrium comes out."""

from dataclasses import replace

from entrepot.core.dims import SECTOR
from entrepot.core.errors import InvalidEconomy, InvalidShock
from entrepot.economy.economy import Deficits, Economy
from entrepot.equilibrium.limits import solve_with_limits
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Progress, Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock, merged


def solve(
    economy: Economy,
    change: Scenario | Shock,
    *,
    model: str | Model = models.DEFAULT,
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
        A name (``"caliendo_parro"``, ``"multi_sector"``, ``"armington"``, ``"krugman"``, ``"short_run"``,
        ``"nested_ces"``), or a model with dials of one's own from :func:`entrepot.model`.
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
    exercise = prepared(economy, change, model, deficits)
    result = solve_with_limits(exercise, settings or Settings(), progress)
    return replace(result, scenario=change if isinstance(change, Scenario) else None)


def prepared(economy: Economy, change: Scenario | Shock, model: str | Model, deficits: Deficits) -> Exercise:
    """Return what is to be solved: the base year as the model sees it, and the change on its labels.

    Raises
    ------
    InputError
        As :func:`solve`.
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
    return Exercise(base, _on(economy, base, change), chosen, deficits)


def _on(economy: Economy, base: Economy, change: Scenario | Shock) -> Shock:
    """Return the change on the labels of the economy as the model sees it."""
    same_sectors = list(base.sectors) == list(economy.sectors)
    if isinstance(change, Scenario):
        return change.shock(base) if same_sectors else merged(change.shock(economy), economy, base)
    by_sector = [array for array in vars(change).values() if array is not None and SECTOR in getattr(array, "dims", ())]
    if same_sectors or all(array.sizes[SECTOR] == len(base.sectors) for array in by_sector):
        return change.on(base)
    return merged(change.on(economy), economy, base)
