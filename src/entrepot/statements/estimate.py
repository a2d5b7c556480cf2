"""What a rise of some exports would do to an imbalance: arithmetic under an assumption that the file states."""

from entrepot.core.units import parse_rate
from entrepot.statements.asked import Asked
from entrepot.statements.claims import Estimate
from entrepot.statements.figures import same_unit
from entrepot.statements.findings import Finding, Picture, per_cent, product_name, quantity
from entrepot.statements.readings import ANY

ALL_GOODS = "all_goods"


def evaluate_estimate(asked: Asked) -> Finding:
    """Return how much of a bilateral gap a rise of some exports closes, everything else as it is.

    Where the products are published for a region only, the partner gets its share in the reporter's exports of all
    goods to that region.

    Raises
    ------
    UnitClash
        Exports and the gap are in different units.
    """
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Estimate)
    period, who, region = reading["period"], asked.partner, statement.part_of

    def amount(flow: str, partner: str, product: str) -> tuple[float | None, str]:
        return asked.figures.one(asked.source, asked.selection(period, flow, product), partner)

    figures = {
        f"exports of {product_name(reading['product'])} to {asked.name(region)}":
            amount("exports", region, reading["product"]),
        f"exports of all goods to {asked.name(region)}": amount("exports", region, ALL_GOODS),
        f"exports of all goods to {asked.name(who)}": amount("exports", who, ALL_GOODS),
        f"imports of all goods from {asked.name(who)}": amount("imports", who, ALL_GOODS),
    }  # fmt: skip
    for what, (value, _) in figures.items():
        if value is None:
            return asked.nothing(f"no figure of {asked.source} for {what} in {period}")
    (parts, unit), (to_region, _), (exports, unit_gap), (imports, _) = figures.values()
    same_unit(unit, unit_gap)
    assert parts is not None
    assert to_region is not None
    assert exports is not None
    assert imports is not None
    share = exports / to_region if to_region else 0.0
    now, gap = parts * share, imports - exports
    if gap <= 0 or now <= 0:
        return asked.nothing(f"there is no deficit with {asked.name(who)} in {period} for these exports to close")
    rise = parse_rate(reading["increase"])
    closed, factor = now * rise / gap, 1 + gap / now
    threshold = 0.0 if reading["at_least"] == ANY else parse_rate(reading["at_least"])
    shared = "" if who == region else f", {per_cent(share)} of those to {asked.name(region)}"
    said = (
        f"about {quantity(now, unit)} of exports{shared}; a rise of {reading['increase']} closes {per_cent(closed)} of "
        f"the gap of {quantity(gap, unit)}; closing all of it takes {factor:.0f} times as much"
    )
    numbers = {
        "exports_now": now, "gap": gap, "region_share": share, "closed_share": closed, "needed_factor": factor,
    }  # fmt: skip
    title = f"{asked.name(asked.selection(period).reporter)} with {asked.name(who)}, {period}, {unit}"
    bars = (
        ("the gap", "other", gap),
        ("these exports now", "subject", now),
        (f"a rise of {reading['increase']}", "subject", now * rise),
    )
    picture = Picture("bars", title, unit, bars)
    return asked.found(
        closed >= threshold and closed > 0, said, numbers, unit, closed - threshold,
        (f"an estimate: {statement.assumption}",), picture,
    )  # fmt: skip
