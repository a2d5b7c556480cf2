"""Bring a base year to newer known flows: by changes in trade costs that reproduce them in equilibrium."""

from collections.abc import Mapping

from entrepot.core.errors import InputError, InvalidEconomy, InvalidShock, listed
from entrepot.core.units import parse_sum
from entrepot.economy.economy import Economy
from entrepot.equilibrium.rebalance import base_year_of
from entrepot.policy.selection import label_resolver
from entrepot.study.goals.search import REACHED
from entrepot.study.goals.seek import seek

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
    if not isinstance(economy, Economy):
        raise InvalidEconomy(f"found {type(economy).__name__}; give an Economy, as entrepot.load_economy() returns")
    if not isinstance(flows, Mapping) or not flows:
        raise InvalidShock("no flows to bring up to date; give {'RUS:IND:goods': '63.81 billion'}")
    if not economy.closed:
        raise InvalidEconomy(f"{economy.name}: raw accounts that do not close cannot be moved; use .rebalanced() first")
    _require_flows(economy, flows)
    found = seek(
        economy,
        {f"iceberg:{flow}": (NARROWEST, WIDEST) for flow in flows},
        {f"trade:{flow}": str(value) for flow, value in flows.items()},
    )
    to_billions = economy.billions
    if not found.reached:
        missed = found.targets[abs(found.targets["found"] / found.targets["wanted"] - 1) > REACHED]
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


def _require_flows(economy: Economy, flows: Mapping[str, object]) -> None:
    """Raise InvalidShock, naming the flow, where one is not what sellers sell to other countries, or no sum."""
    words = label_resolver(economy, {})
    seen: dict[bytes, str] = {}
    for flow, value in flows.items():
        parts = str(flow).split(":")
        if len(parts) not in (2, 3) or not all(parts):
            raise InvalidShock(f"{flow}: write a flow as ORIGIN:DESTINATION:SECTORS, the sectors may be left out")
        origin, destination, sector = (part.split(",") for part in [*parts, *["all"] * (3 - len(parts))])
        try:
            cells = words.flows(origin, destination, sector)
        except InputError as error:
            raise type(error)(f"{flow}: {error}") from None
        at_home = set(words.countries.positions(origin)) & set(words.countries.positions(destination))
        if at_home:
            both = listed(list(economy.countries)[place] for place in sorted(at_home))
            raise InvalidShock(
                f"{flow}: {both} on both sides, and sales at home are no trade; leave out one side, as all,-IND:IND"
            )
        try:
            size = parse_sum(value)
        except ValueError as error:
            raise InvalidShock(f"{flow}: {error}") from None
        if size <= 0:
            raise InvalidShock(f"{flow}: found {value}; trade costs bring a flow to any value above zero, not to that")
        same = seen.setdefault(cells.tobytes(), str(flow))
        if same != str(flow):
            raise InvalidShock(f"{flow}: the same flow as {same}; give it once")
