"""Bring a base year to newer known flows: by changes in trade costs that reproduce them in equilibrium."""

from collections.abc import Mapping

from entrepot.core.errors import InvalidEconomy, InvalidShock, listed
from entrepot.economy.economy import Economy
from entrepot.equilibrium.rebalance import base_year_of
from entrepot.study.seek import seek

NARROWEST, WIDEST = -0.999, 1e6
"""Bounds of a shift in trade cost. They say what changed between two years, not what a government could do."""


def rebase(economy: Economy, flows: Mapping[str, object]) -> Economy:
    """Return the economy with some flows at newer known values; every identity of the accounts holds.

    For each flow one common change of its trade cost is found such that, in the new equilibrium, it has its value. All
    else (other trade, output, incomes) is what that equilibrium implies, so nothing else is of the newer year.
    Imbalances of countries stay as they are; what moved is the last of the notes.

    Parameters
    ----------
    economy
        The base year, its accounts closed.
    flows
        Who sells to whom, what, and the known value before duty: ``{"RUS:IND:B06": "50.28 billion", "RUS:IND:goods":
        "63.81 billion"}``. Flows may lie within each other, not be the same.

    Raises
    ------
    InputError
        A flow that does not exist in the base year, or a value that is no sum.
    InvalidShock
        No change of trade costs brings the flows to their values; says how near one can come.
    """
    if not flows:
        raise InvalidShock("no flows to bring up to date; give {'RUS:IND:goods': '63.81 billion'}")
    if not economy.closed:
        raise InvalidEconomy(f"{economy.name}: raw accounts that do not close cannot be moved; use .rebalanced() first")
    found = seek(
        economy,
        {f"iceberg:{flow}": (NARROWEST, WIDEST) for flow in flows},
        {f"trade:{flow}": str(value) for flow, value in flows.items()},
    )
    to_billions = economy.billions
    if not found.reached:
        missed = found.targets[abs(found.targets["found"] / found.targets["wanted"] - 1) > 1e-6]
        nearest = (
            f"{str(name).removeprefix('trade:')} comes to {row['found'] * to_billions:.4g} of "
            f"{row['wanted'] * to_billions:.4g} {economy.currency} billion"
            for name, row in missed.iterrows()
        )
        raise InvalidShock(f"no trade costs bring all flows to their values: {listed(nearest)}; change the values")
    moved = listed(
        f"{flow} from {before * to_billions:.4g} to {after * to_billions:.4g} (trade cost {100 * shift:+.3g} %)"
        for flow, before, after, shift in zip(
            flows, found.targets["base_year"], found.targets["found"], found.unknowns["value"], strict=True
        )
    )
    note = f"Brought to newer flows by changes in trade costs, {economy.currency} billion: {moved}."
    return base_year_of(found.result, economy, note)
