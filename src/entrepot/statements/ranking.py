"""Who is the largest, and who has more than another: by amount, by its change, or by that in per cent."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from entrepot.statements.asked import Asked, title
from entrepot.statements.claims import EACH, ComparisonClaim, Moving, Ranking
from entrepot.statements.figures import Amounts, same_unit
from entrepot.statements.findings import Finding, Picture, joined, lead, per_cent, quantity, round_amount
from entrepot.statements.readings import parse_amount

MOST_BARS = 6


class RankedFigures(NamedTuple):
    """What a claim of a place is judged by: who is meant, all figures, those of the others, what is not listed."""

    statement: Ranking
    best: str
    values: Mapping[str, float]
    rivals: Mapping[str, float]
    now: Amounts
    entering: Mapping[str, float]
    notes: tuple[str, ...]
    unit: str


def rank(asked: Asked) -> Finding:
    """Return whether somebody has the place that is claimed among all that a source lists."""
    statement = asked.statement
    assert isinstance(statement, Ranking)
    values, unit, notes, now, entering = _measured(asked, statement.leave_out)
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
    judge = _first if statement.rank == 1 else _at_rank
    return judge(asked, RankedFigures(statement, best, values, rivals, now, entering, notes, unit))


def _first(asked: Asked, among: RankedFigures) -> Finding:
    """Return whether somebody comes first, and who does.

    Partners that are not listed apart leave a ranking by amount open where one of them could come first.
    """
    statement, best, values, rivals, now, entering, notes, unit = among
    measure, who = asked.reading.get("measure", "amount"), asked.who
    rival = max(rivals, key=lambda code: (rivals[code], code))
    first = values[best] > values[rival]
    if first and measure == "amount" and now.unlisted >= values[best]:
        largest = max({**now.rest, **now.partial}, key=lambda name: {**now.rest, **now.partial}[name])
        return asked.nothing(
            f"partners that {asked.source} does not list apart ({largest}) could have more than {asked.name(best)}"
        )
    if first and entering and max(entering.values()) >= values[best]:
        largest = max(entering, key=lambda code: entering[code])
        return asked.nothing(
            f"{asked.name(largest)} has no figure in {asked.reading['base']} and could have risen by more than "
            f"{asked.name(best)}"
        )
    if not first and measure == "amount" and who in asked.figures.blocs:
        most = now.unlisted + (values[best] if best == who else 0.0)
        if most >= values[rival]:
            return asked.nothing(
                f"members of {asked.name(who)} that {asked.source} does not list apart could have more"
            )
    ordered = sorted(values, key=lambda code: (-values[code], code))
    show = _shown(measure, unit)
    top = [best, rival] if first else [rival, best]
    said = f"{asked.name(top[0])} first with {show(values[top[0]])}, {asked.name(top[1])} {show(values[top[1]])}"
    if values[best] == values[rival]:
        said = f"{asked.name(best)} and {asked.name(rival)} level with {show(values[best])}"
    if best != who:
        said += f" (the largest member of {asked.name(who)} is {asked.name(best)})"
    position = ordered.index(best) + 1
    gap = lead(values[best], values[rival])
    expected = not statement.denied
    picture = _bars(asked, values, unit, best)
    numbers = {best: values[best], rival: values[rival], "rank": float(position)}
    return asked.found(first is expected, said, numbers, "share" if measure == "per cent" else unit,
                       gap if expected else -gap, notes, picture)  # fmt: skip


def _at_rank(asked: Asked, among: RankedFigures) -> Finding:
    """Return whether somebody has the place that is claimed, the second or a later one.

    Whoever is not listed can only push it down: the claim is open where that would change the answer. Who is level with
    another has both places.
    """
    statement, best, values, rivals, now, entering, notes, unit = among
    measure, own, wanted = asked.reading.get("measure", "amount"), values[best], statement.rank
    above = sorted((code for code in rivals if rivals[code] > own), key=lambda code: (rivals[code], code))
    level = [code for code in rivals if rivals[code] == own]
    below = sorted((code for code in rivals if rivals[code] < own), key=lambda code: (-rivals[code], code))
    highest, lowest = len(above) + 1, len(above) + 1 + len(level)
    unknown = {**now.rest, **now.partial} if measure == "amount" and now.unlisted >= own else {}
    unknown = unknown or {code: value for code, value in entering.items() if value >= own}
    if unknown and highest <= wanted:
        largest = max(unknown, key=lambda name: unknown[name])
        return asked.nothing(
            f"{asked.name(largest)}, for which {asked.source} gives no figure of its own, could come before "
            f"{asked.name(best)}"
        )
    holds = highest <= wanted <= lowest
    show = _shown(measure, unit)
    said = f"{asked.name(best)} {ordinal(highest)} with {show(own)}"
    said += f", after {asked.name(above[0])} {show(values[above[0]])}" if above else ""
    said += f", level with {joined([asked.name(code) for code in level])}" if level else ""
    said += f", before {asked.name(below[0])} {show(values[below[0]])}" if below else ""
    if holds:
        ends = [lead(values[above[0]], own)] if above else []
        gap = min([*ends, lead(own, values[below[0]])] if below else ends or [1.0])
    elif wanted < highest:  # those who would have to fall behind, up to the one at the place claimed
        gap = -lead(values[above[len(above) - wanted]], own)
    elif wanted - lowest - 1 < len(below):
        gap = -lead(own, values[below[wanted - lowest - 1]])
    else:
        gap = -1.0  # there are fewer than that
    numbers = {best: own, "rank": float(highest)}
    return asked.found(holds is not statement.denied, said, numbers, "share" if measure == "per cent" else unit,
                       -gap if statement.denied else gap, notes, _bars(asked, values, unit, best))  # fmt: skip


def ordinal(place: int) -> str:
    """Return "first", "second", "11th"."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if place <= len(words):
        return words[place - 1]
    ending = "th" if 10 < place % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def _bars(asked: Asked, values: Mapping[str, float], unit: str, best: str) -> Picture:
    """Return the largest as bars, and the one that a statement is about."""
    percent = asked.reading.get("measure", "amount") == "per cent"
    ordered = sorted(values, key=lambda code: (-values[code], code))
    bars = ordered[:MOST_BARS] if best in ordered[:MOST_BARS] else [*ordered[: MOST_BARS - 1], best]
    shown = "%" if percent else unit
    return Picture(
        "bars", f"{title(asked)}, {shown}", shown,
        tuple((asked.name(code), "subject" if code == best else "other",
               100 * values[code] if percent else values[code]) for code in bars),
    )  # fmt: skip


def compare(asked: Asked) -> Finding:
    """Return whether one partner has more than another."""
    statement = asked.statement
    assert isinstance(statement, ComparisonClaim)
    values, unit, notes, *_ = _measured(asked, {})
    lacking = [code for code in (asked.who, statement.than) if code not in values]
    if lacking:
        return asked.nothing(f"no figure of {asked.source} for {asked.name(lacking[0])}{_when(asked)}")
    measure = asked.reading.get("measure", "amount")
    one, other = values[asked.who], values[statement.than]
    show = _shown(measure, unit)
    said = f"{asked.name(asked.who)} {show(one)}, {asked.name(statement.than)} {show(other)}"
    bars = ((asked.name(asked.who), "subject", one), (asked.name(statement.than), "other", other))
    picture = Picture("bars", f"{title(asked)}, {unit}", unit, bars)
    return asked.found(one > other, said, {asked.who: one, statement.than: other},
                       "share" if measure == "per cent" else unit, lead(one, other), notes, picture)  # fmt: skip


def _measured(
    asked: Asked, leave_out: Mapping[str, str]
) -> tuple[dict[str, float], str, tuple[str, ...], Amounts, dict[str, float]]:
    """Return what partners are compared by, its unit, what to know, the amounts of the period, and entrants.

    Entrants have no figure in the base: their amount bounds how much they rose by.
    """
    statement, reading = asked.statement, asked.reading
    assert isinstance(statement, Moving)
    named = {asked.who, statement.than} if isinstance(statement, ComparisonClaim) else {asked.who}
    as_one = reading.get("bloc", "as one" if named & set(asked.figures.blocs) else "by member") == "as one"
    listed = asked.figures.amounts(asked.source, asked.selection(reading["period"]))
    now = asked.figures.with_blocs(listed, as_one)
    values, size = dict(now.of), dict(now.of)
    measure = reading.get("measure", "amount")
    gone: list[str] = []
    new: list[str] = []
    if measure != "amount":
        base = asked.figures.with_blocs(asked.figures.amounts(asked.source, asked.selection(reading["base"])), as_one)
        if now.of and base.of:
            same_unit(now.unit, base.unit)
        size = dict(base.of)
        gone = [code for code in base.of if code not in now.of]
        new = [code for code in now.of if code not in base.of and code not in leave_out]
        both = [code for code in now.of if code in base.of and (measure == "change" or base.of[code] > 0)]
        values = {
            code: now.of[code] / base.of[code] - 1 if measure == "per cent" else now.of[code] - base.of[code]
            for code in both
        }
    notes: list[str] = []
    if as_one and asked.who in asked.figures.blocs and asked.who not in listed.of and asked.who in now.of:
        members = [code for code in asked.figures.blocs[asked.who].members if code in {**listed.of, **listed.rest}]
        notes.append(f"{asked.name(asked.who)} is the sum of {joined([asked.name(code) for code in members])}")
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
    if new:
        largest = max(new, key=lambda code: now.of[code])
        many = f"{len(new)} partners, the largest of them " if len(new) > 1 else ""
        notes.append(f"not ranked, for want of a figure in {reading['base']}: {many}{asked.name(largest)}")
    if asked.selection(reading["period"]).reporter == EACH:
        notes.append(f"only those that {asked.source} lists are ranked: {', '.join(map(asked.name, sorted(values)))}")
    entering = {code: now.of[code] for code in new} if measure == "change" else {}
    return values, now.unit, tuple(notes), now, entering


def _shown(measure: str, unit: str) -> Callable[[float], str]:
    if measure == "per cent":
        return lambda value: per_cent(value, sign=True)
    return lambda value: quantity(value, unit, sign=measure == "change")


def _when(asked: Asked) -> str:
    base = asked.reading.get("base", "")
    return f" in {asked.reading['period']}" + (f" and {base}" if base else "")
