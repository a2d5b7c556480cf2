"""The pair of countries or blocs that a report looks at most closely."""

import numpy as np

from entrepot.core.errors import UnknownLabel
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.targets import flow_burden, targets_of
from entrepot.policy.actors import Actor, actor
from entrepot.policy.scenario import Focus, Scenario


def focus_of(result: Result) -> Focus:
    """Return the scenario's own pair, or who sells and who buys what the change burdens or relieves most.

    An instrument on a bloc looks at the bloc; one on all partners looks at the partner whose flow moves most.

    Raises
    ------
    UnknownLabel
        The scenario names a country that the economy does not have.
    """
    economy = result.economy
    if result.scenario is not None and result.scenario.focus is not None:
        return checked(economy, result.scenario.focus, result.scenario)
    burden = flow_burden(result).sum(axis=2)
    weight = (
        burden if burden.any() else np.where(np.eye(len(burden), dtype=bool), 0.0, economy.trade.values.sum(axis=2))
    )
    codes = np.array(list(economy.countries))
    targets = targets_of(result)
    if targets:
        sellers, buyers = targets[0].seller, targets[0].buyer
        if not sellers.broad and not buyers.broad and not set(sellers.members) & set(buyers.members):
            return Focus(exporter=sellers.text, importer=buyers.text)
        for own, towards, sells in ((buyers, weight, False), (sellers, weight.T, True)):
            partner = "" if own.broad else _heaviest(towards, codes, own)
            if partner:
                return (
                    Focus(exporter=own.text, importer=partner) if sells else Focus(exporter=partner, importer=own.text)
                )
    exporter, importer = np.unravel_index(int(weight.argmax()), weight.shape)
    return Focus(exporter=str(codes[int(exporter)]), importer=str(codes[int(importer)]))


def _heaviest(towards: np.ndarray, codes: np.ndarray, own: Actor) -> str:
    """Return who has most weight with an actor [partner, country], its members left out; blank where nobody has any."""
    inside = np.isin(codes, own.members)
    outside = np.where(inside, 0.0, towards[:, inside].sum(axis=1))
    return str(codes[outside.argmax()]) if outside.any() else ""


def checked(economy: Economy, focus: Focus, scenario: Scenario | None = None) -> Focus:
    """Return the pair by codes and names of blocs.

    Raises
    ------
    UnknownLabel
        A word that the economy does not have, or two that share a country.
    """
    own = scenario.groups if scenario else None
    seller, buyer = actor(economy, focus.exporter, own), actor(economy, focus.importer, own)
    shared = set(seller.members) & set(buyer.members)
    if shared:
        who = f"both {seller.text}" if seller == buyer else f"{seller.text} and {buyer.text}, which share {min(shared)}"
        raise UnknownLabel(f"exporter and importer are {who}; name two without common members")
    return Focus(exporter=seller.text, importer=buyer.text)


def require_actor(economy: Economy, text: str) -> None:
    """Raise UnknownLabel unless the economy has that country or bloc."""
    actor(economy, text)
