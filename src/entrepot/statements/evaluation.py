"""What one source says of a statement read one way."""

from collections.abc import Callable, Mapping

from entrepot.core.units import parse_rate
from entrepot.statements.asked import Asked
from entrepot.statements.claims import Balance, Change, ComparisonClaim, Figured, Level, Ranking, Share
from entrepot.statements.figures import same_unit
from entrepot.statements.findings import Finding, Picture, lead, per_cent, product_name, quantity
from entrepot.statements.ranking import compare, rank
from entrepot.statements.readings import ANY, parse_amount


def evaluate(asked: Asked) -> Finding:
    """Return what one source says under one reading.

    Raises
    ------
    UnitClash
        Amounts in different units would have to be added or compared.
    """
    for kind, how in _HOW.items():
        if isinstance(asked.statement, kind):
            return how(asked)
    raise TypeError(f"{type(asked.statement).__name__} is not decided by figures alone")


def _change(asked: Asked) -> Finding:
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Change)
    after, unit = asked.one(reading["period"])
    before, unit_before = asked.one(reading["base"])
    for value, year in ((after, reading["period"]), (before, reading["base"])):
        if value is None:
            return asked.nothing(f"no figure of {asked.source} for {asked.name(asked.partner)} in {year}")
    assert after is not None
    assert before is not None
    same_unit(unit, unit_before)
    ratio = f" ({per_cent(after / before - 1, sign=True)})" if before else ""
    said = f"{quantity(after, unit)} in {reading['period']} after {quantity(before, unit)} in {reading['base']}{ratio}"
    gap = lead(after, before)
    rose = statement.expect == "rose"
    return asked.found(
        after > before if rose else after < before, said, {"after": after, "before": before}, unit,
        gap if rose else -gap, picture=_series(asked, {asked.flow: asked.flow}, unit),
    )  # fmt: skip


def _share(asked: Asked) -> Finding:
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Share)
    part, unit = asked.one(reading["period"])
    total = asked.figures.amounts(asked.source, asked.selection(reading["period"])).total
    if part is None or not total:
        what = asked.name(asked.partner) if part is None else "the total"
        return asked.nothing(f"no figure of {asked.source} for {what} in {reading['period']}")
    share, threshold = part / total, _threshold(reading["at_least"])
    holds = share <= threshold if statement.expect == "at most" else share >= threshold and share > 0
    said = f"{quantity(part, unit)} of {quantity(total, unit)}, {per_cent(share)}"
    gap = lead(share, threshold) * (-1 if statement.expect == "at most" else 1)
    return asked.found(holds, said, {"part": part, "total": total, "part_share": share}, unit, gap)


def _level(asked: Asked) -> Finding:
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Level)
    value, unit = asked.one(reading["period"])
    claimed, unit_claimed = parse_amount(reading["amount"])
    if value is None:
        return asked.nothing(f"no figure of {asked.source} for {asked.name(asked.partner)} in {reading['period']}")
    same_unit(unit_claimed, unit)
    off = lead(value, claimed)
    holds = {
        "at least": value >= claimed,
        "at most": value <= claimed,
        "about": abs(value - claimed) <= statement.within * claimed,
    }[statement.expect]
    gap = {"at least": off, "at most": -off, "about": statement.within - abs(off)}[statement.expect]
    said = f"{quantity(value, unit)} in {reading['period']}, claimed {statement.expect} {quantity(claimed, unit)}"
    return asked.found(holds, said, {"value": value, "claimed": claimed}, unit, gap)


def _balance(asked: Asked) -> Finding:
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Balance)
    exports, unit = asked.one(reading["period"], "exports")
    imports, unit_imports = asked.one(reading["period"], "imports")
    for value, what in ((exports, "exports"), (imports, "imports")):
        if value is None:
            return asked.nothing(f"no {what} of {asked.source} with {asked.name(asked.partner)} in {reading['period']}")
    assert exports is not None
    assert imports is not None
    same_unit(unit, unit_imports)
    balance, both = exports - imports, exports + imports
    share = balance / both if both else 0.0
    size = {"surplus": share, "deficit": -share, "imbalanced": abs(share)}[statement.expect]
    threshold = _threshold(reading["at_least"])
    said = (
        f"exports {quantity(exports, unit)}, imports {quantity(imports, unit)}: "
        f"balance {quantity(balance, unit, sign=True)}, {per_cent(abs(share))} of two-way trade"
    )
    numbers = {"exports": exports, "imports": imports, "balance": balance, "balance_share": share}
    lines = {"exports": "exports", "imports": "imports"}
    return asked.found(
        size >= threshold and size > 0, said, numbers, unit, size - threshold, picture=_series(asked, lines, unit)
    )


_HOW: dict[type[Figured], Callable[[Asked], Finding]] = {
    Ranking: rank, ComparisonClaim: compare, Change: _change, Share: _share, Level: _level, Balance: _balance,
}  # fmt: skip


def _threshold(written: str) -> float:
    return 0.0 if written == ANY else parse_rate(written)


def _series(asked: Asked, lines: Mapping[str, str], unit: str) -> Picture | None:
    """Return one line a flow over all years of the kind that the reading is about."""
    if not asked.reading.natural:
        return None
    rows = []
    for year in asked.figures.years_like(asked.source, asked.reading["period"]):
        for label, flow in lines.items():
            value, _ = asked.one(year, flow)
            if value is not None:
                rows.append((year, label, value))
    chosen = asked.selection(asked.reading["period"])
    title = f"{asked.name(chosen.reporter)} with {asked.name(asked.partner)}, {product_name(asked.reading['product'])}"
    return Picture("lines", f"{title}, {unit}", unit, tuple(rows))
