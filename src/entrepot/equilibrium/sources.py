"""Where the numbers behind a result come from."""

from entrepot.core.provenance import Provenance
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock


def sources(result: Result) -> dict[str, Provenance]:
    """Return the provenance of every shipped table behind a result, by name."""
    return sources_of(result.economy, result.scenario)


def sources_of(economy: Economy, change: Scenario | Shock | None) -> dict[str, Provenance]:
    """Return the provenance of every shipped table behind an economy and a change in policy, by name."""
    found: dict[str, Provenance | None] = {economy.name: economy.provenance}
    table = economy.elasticities
    for used in (table, table.rest) if table else ():
        if used is None:
            continue
        provenance = found[used.name] = used.provenance
        if provenance is not None and provenance.gaps is not None and provenance.gaps.others_from:
            found[provenance.gaps.others_from] = load_elasticities(provenance.gaps.others_from).provenance
    if isinstance(change, Scenario):
        found |= change.tables()
    return {name: source for name, source in found.items() if source is not None}
