"""Close raw accounts, or move imbalances, by solving the model with no shock under a rule."""

from dataclasses import replace

import numpy as np

from entrepot.core.dims import COUNTRY
from entrepot.core.errors import InvalidShock, listed
from entrepot.core.wedges import WEDGES
from entrepot.economy import accounts
from entrepot.economy.closure import ClosureName, closure
from entrepot.economy.economy import Economy
from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import DEFAULT, MODELS
from entrepot.equilibrium.model.shares import shares_after
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.wedges import Wedges

RATES = tuple(wedge.name for wedge in WEDGES if wedge.form == "rate")


def rebalance(economy: Economy, deficits: ClosureName) -> Economy:
    """Return the economy whose imbalances follow a rule; what moved is the last of its notes.

    A closed economy whose imbalances already follow the rule comes back as it is.

    Parameters
    ----------
    economy
        Raw accounts or closed ones.
    deficits
        The name of a closure. ``"zero"``: no imbalances, as in Caliendo and Parro (2015), section 5. ``"fixed"``: those
        of the trade data. ``"scaled"``: those of the trade data as shares of income.

    Raises
    ------
    NotConverged
        No equilibrium was found under the rule.
    """
    unchanged = Wedges.of_base(economy)
    result = counterfactual(Exercise(economy, unchanged, MODELS[DEFAULT], closure(deficits)), Settings())
    if result.steps == 1:
        return economy
    return base_year_of(result, economy, _what_moved(economy, result))


def base_year_of(result: Result, economy: Economy, note: str) -> Economy:
    """Return the world after a change as a base year of its own: the accounts of `economy` with the trade of `result`.

    Only trade may have been moved: with Cobb-Douglas production and no new taxes, technology is that of `economy`.
    """
    trade, made = result.trade_cf, result.output_cf
    return replace(
        economy,
        trade=trade,
        final_share=accounts.final_share(trade, economy.tariff, made, economy.input_share),
        value_added=accounts.value_added(made, economy.value_added_share),
        notes=(*economy.notes, note),
    )


def world_after(result: Result, note: str) -> Economy:
    """Return the world after a change as a base year of its own, with its duties, recipes and imbalances.

    What comes on top of it changes it by the same ratios as if both changes were made at once: the equations are in
    ratios, and every share in them is that of this world.

    Parameters
    ----------
    result
        An equilibrium of a model with sectors, without limits.
    note
        What was done, for the notes of the economy.

    Raises
    ------
    InvalidShock
        A model that merges all sectors, or holds incomes.
    """
    economy, given, model = result.economy, result.exercise.given or result.economy, result.model
    if model.one_sector or model.incomes_held:
        raise InvalidShock(
            f"model {model.name} merges sectors or holds incomes, so no change can come on top of its world; "
            "choose another model, or the baseline base_year"
        )
    if result.held:
        raise InvalidShock("a baseline with limits cannot be built on; write it without quotas and price caps")
    shares = shares_after(result.solved_exercise, result.unknowns)
    made, taxes = result.output_cf, {name: getattr(result.wedges, name) for name in RATES}
    return replace(
        economy,
        trade=result.trade_cf,
        **taxes,
        **shares._asdict(),
        final_share=accounts.final_share(result.trade_cf, taxes["tariff"], made, shares.input_share),
        value_added=accounts.value_added(made, shares.value_added_share),
        theta=given.theta,
        elasticities=given.elasticities,
        ordinary_tariff=economy.tariff if economy.ordinary_tariff is None else economy.ordinary_tariff,
        notes=(*economy.notes, note),
    )


def _what_moved(economy: Economy, result: Result) -> str:
    moved = abs(result.trade_cf - economy.trade).sum() / economy.trade.sum()
    income = economy.income.where(economy.income > 0, 1)
    change = ((result.income_cf - economy.income) / income).values
    most = np.argsort(-np.abs(change))[:5]
    labels = economy.labels[COUNTRY]
    return (
        f"Rebalanced with deficits {result.deficits}: {100 * float(moved):.2g} % of the world's sales moved; incomes "
        f"most in {listed(f'{labels[i]} {100 * change[i]:+.1f} %' for i in most)}."
    )
