"""Where the numbers behind a result come from."""

from entrepot.core.provenance import Provenance
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.result import Result


def sources(result: Result) -> dict[str, Provenance]:
    """Return the provenance of every shipped table behind a result, by name."""
    economy = result.economy
    found: dict[str, Provenance | None] = {economy.name: economy.provenance}
    table = economy.elasticities
    for used in (table, table.rest) if table else ():
        if used is None:
            continue
        provenance = found[used.name] = used.provenance
        if provenance is not None and provenance.gaps is not None and provenance.gaps.others_from:
            found[provenance.gaps.others_from] = load_elasticities(provenance.gaps.others_from).provenance
    if result.scenario:
        found |= result.scenario.tables()
    return {name: source for name, source in found.items() if source is not None}
