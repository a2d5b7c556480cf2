"""A statement read one way, on the figures of one source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from entrepot.core.units import parse_rate
from entrepot.data.facts import is_fiscal
from entrepot.statements.figures import FLOWS, Amounts, Figures, Selection, same_unit
from entrepot.statements.findings import Finding, Picture, lead, missing, per_cent, product_name, quantity, round_amount
from entrepot.statements.readings import ANY, Reading, parse_amount
from entrepot.statements.statement import (
    EACH,
    Balance,
    Change,
    Comparison,
    Figured,
    Level,
    Moving,
    Ranking,
    Share,
    Statements,
)  # fmt: skip

MOST_BARS = 6


@dataclass(frozen=True)
class Asked:
    """A statement, one reading of it, and the figures of one source."""

    statement: Figured
    reading: Reading
    figures: Figures
    source: str
    statements: Statements

    @property
    def who(self) -> str:
        """The partner that the statement is about."""
        return self.statement.who

    @property
    def unit_wanted(self) -> str:
        """The unit that the reading names, blank where it names none."""
        return self.reading.get("unit", "")

    def name(self, code: str) -> str:
        """Return what a sentence calls a code."""
        return self.statements.name_of(code)

    def selection(self, period: str, flow: str | None = None, product: str | None = None) -> Selection:
        """Return which amounts are asked for in a period."""
        scope = self.statement.scopes.get(self.reading.get("scope", ""))
        reporter = scope.reporter if scope else self.statement.reporter or ""
        words = product or self.reading["product"]
        return Selection(
            reporter=reporter,
            partner=(scope.partner if scope else None) or self.who,
            flows=FLOWS[flow or self.flow],
            products=tuple(word.strip() for word in words.split("+")),
            period=period,
            unit=self.unit_wanted,
        )

    @property
    def flow(self) -> str:
        """Exports, imports or two-way trade, as the scope or the reading says."""
        scope = self.statement.scopes.get(self.reading.get("scope", ""))
        return (scope.flow if scope else None) or self.reading.get("flow", "two-way")

    @property
    def partner(self) -> str:
        """With whom: the scope's partner, or who the statement is about."""
        return self.selection(self.reading["period"]).partner

    def one(self, period: str, flow: str | None = None) -> tuple[float | None, str]:
        """Return the amount with one partner in a period, and its unit."""
        return self.figures.one(self.source, self.selection(period, flow), self.partner)

    def found(self, holds: bool, said: str, numbers: Mapping[str, float], unit: str, gap: float,
              notes: tuple[str, ...] = (), picture: Picture | None = None) -> Finding:  # fmt: skip
        """Return a finding of this reading, with what is to be said about its years."""
        return Finding(
            self.reading, holds, said, dict(numbers), unit, gap, (self.source,), (*self.on_years(), *notes),
            (lambda: picture) if self.reading.natural else None,
        )  # fmt: skip

    def nothing(self, why: str) -> Finding:
        """Return that this reading could not be evaluated."""
        return missing(self.reading, why, (self.source,) if self.source else ())

    def on_years(self) -> tuple[str, ...]:
        """Return what must be said about fiscal and calendar years."""
        years = [self.reading[name] for name in ("base", "period") if name in self.reading.options]
        kinds = {is_fiscal(year) for year in years}
        if len(kinds) > 1:
            return (f"a fiscal year (April to March) is compared with a calendar year: {self.statement.across_years}",)
        return ("fiscal years run from April to March",) if True in kinds else ()


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


def _rank(asked: Asked) -> Finding:
    statement = asked.statement
    assert isinstance(statement, Ranking)
    values, unit, notes, now = _measured(asked, statement.leave_out)
    measure = asked.reading.get("measure", "amount")
    who = asked.who
    candidates = [who]
    if who in asked.figures.blocs and asked.reading.get("bloc", "as one") == "by member":
        candidates = [code for code in asked.figures.blocs[who].members if code in values]
    best = max((code for code in candidates if code in values), key=lambda code: (values[code], code), default="")
    rivals = {code: value for code, value in values.items() if code not in candidates}
    if not best:
        return asked.nothing(f"no figure of {asked.source} for {asked.name(who)}{_when(asked)}")
    if not rivals:
        return asked.nothing(f"{asked.source} lists nobody else{_when(asked)}, so nobody can be ranked")
    rival = max(rivals, key=lambda code: (rivals[code], code))
    first = values[best] > values[rival]
    if first and measure == "amount" and now.unlisted >= values[best]:
        largest = max({**now.rest, **now.partial}, key=lambda name: {**now.rest, **now.partial}[name])
        return asked.nothing(
            f"partners that {asked.source} does not list apart ({largest}) could have more than {asked.name(best)}"
        )
    ordered = sorted(values, key=lambda code: (-values[code], code))
    show = _shown(measure, unit)
    top = [best, rival] if first else ordered[:1] if best == ordered[0] else [rival, best]
    said = f"{asked.name(top[0])} first with {show(values[top[0]])}, {asked.name(top[1])} {show(values[top[1]])}"
    if best != who:
        said += f" (the largest member of {asked.name(who)} is {asked.name(best)})"
    position = ordered.index(best) + 1
    gap = lead(values[best], values[rival])
    expected = statement.expect == "first"
    bars = ordered[:MOST_BARS] if position <= MOST_BARS else [*ordered[: MOST_BARS - 1], best]
    picture = Picture(
        "bars", f"{_title(asked)}, {'%' if measure == 'per cent' else unit}", "%" if measure == "per cent" else unit,
        tuple((asked.name(code), "subject" if code == best else "other",
               100 * values[code] if measure == "per cent" else values[code]) for code in bars),
    )  # fmt: skip
    numbers = {best: values[best], rival: values[rival], "rank": float(position)}
    return asked.found(first is expected, said, numbers, "share" if measure == "per cent" else unit,
                       gap if expected else -gap, notes, picture)  # fmt: skip


def _compare(asked: Asked) -> Finding:
    statement = asked.statement
    assert isinstance(statement, Comparison)
    values, unit, notes, _ = _measured(asked, {})
    lacking = [code for code in (asked.who, statement.than) if code not in values]
    if lacking:
        return asked.nothing(f"no figure of {asked.source} for {asked.name(lacking[0])}{_when(asked)}")
    measure = asked.reading.get("measure", "amount")
    one, other = values[asked.who], values[statement.than]
    show = _shown(measure, unit)
    said = f"{asked.name(asked.who)} {show(one)}, {asked.name(statement.than)} {show(other)}"
    bars = ((asked.name(asked.who), "subject", one), (asked.name(statement.than), "other", other))
    picture = Picture("bars", f"{_title(asked)}, {unit}", unit, bars)
    return asked.found(one > other, said, {asked.who: one, statement.than: other},
                       "share" if measure == "per cent" else unit, lead(one, other), notes, picture)  # fmt: skip


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
    Ranking: _rank, Comparison: _compare, Change: _change, Share: _share, Level: _level, Balance: _balance,
}  # fmt: skip


def _measured(asked: Asked, leave_out: Mapping[str, str]) -> tuple[dict[str, float], str, tuple[str, ...], Amounts]:
    """Return what partners are compared by, its unit, what to know about it, and the amounts of the period."""
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Moving)
    as_one = reading.get("bloc", "as one" if asked.who in asked.figures.blocs else "by member") == "as one"
    now = asked.figures.with_blocs(asked.figures.amounts(asked.source, asked.selection(reading["period"])), as_one)
    values, size = dict(now.of), dict(now.of)
    measure = reading.get("measure", "amount")
    gone: list[str] = []
    if measure != "amount":
        base = asked.figures.with_blocs(asked.figures.amounts(asked.source, asked.selection(reading["base"])), as_one)
        if now.of and base.of:
            same_unit(now.unit, base.unit)
        size = dict(base.of)
        gone = [code for code in base.of if code not in now.of]
        both = [code for code in now.of if code in base.of and (measure == "change" or base.of[code] > 0)]
        values = {
            code: now.of[code] / base.of[code] - 1 if measure == "per cent" else now.of[code] - base.of[code]
            for code in both
        }
    notes: list[str] = []
    least = 0.0
    if "minimum" in reading.options:
        least, unit = parse_amount(reading["minimum"])
        same_unit(unit, now.unit or unit)
    small = [code for code in values if size[code] < least and code != asked.who]
    out = [code for code in leave_out if code in values]
    values = {code: value for code, value in values.items() if code not in out and code not in small}
    gone = sorted((code for code in gone if size[code] >= max(least, 1.0)), key=lambda code: -size[code])
    if out:
        notes.extend(f"{asked.name(code)} left out: {leave_out[code]}" for code in out)
    if small:
        notes.append(f"{len(small)} partners below {round_amount(reading['minimum'])} left out")
    if gone:
        more = f" and {len(gone) - 3} smaller ones" if len(gone) > 3 else ""
        names = ", ".join(asked.name(code) for code in gone[:3])
        notes.append(f"not ranked, for want of a figure in {reading['period']}: {names}{more}")
    if asked.selection(reading["period"]).reporter == EACH:
        notes.append(f"only those that {asked.source} lists are ranked: {', '.join(map(asked.name, sorted(values)))}")
    return values, now.unit, tuple(notes), now


def _threshold(written: str) -> float:
    return 0.0 if written == ANY else parse_rate(written)


def _shown(measure: str, unit: str) -> Callable[[float], str]:
    if measure == "per cent":
        return lambda value: per_cent(value, sign=True)
    return lambda value: quantity(value, unit, sign=measure == "change")


def _when(asked: Asked) -> str:
    base = asked.reading.get("base", "")
    return f" in {asked.reading['period']}" + (f" and {base}" if base else "")


def _title(asked: Asked) -> str:
    reading = asked.reading
    chosen = asked.selection(reading["period"])
    flow = {"two-way": "two-way trade"}.get(asked.flow, asked.flow)
    whose = "" if chosen.reporter == EACH else f"{asked.name(chosen.reporter)}: "
    since = f"{reading['base']} to {reading['period']}" if reading.get("measure", "amount") != "amount" else ""
    what = f"{whose}{flow}, {product_name(reading['product'])}"
    return f"{what}, change {since}" if since else f"{what}, {reading['period']}"


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
