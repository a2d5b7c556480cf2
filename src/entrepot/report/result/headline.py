"""What a change does, in sentences: the flow it is aimed at, who is hit, who levies, and compared with what."""

from collections.abc import Sequence

from entrepot.core.units import pct
from entrepot.economy.blocs import shipped_blocs
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model.models import LONG_RUN, YEARS_2_3
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.key_numbers import actor_numbers, growth
from entrepot.equilibrium.summary.targets import TargetedFlow, target_flow, targets_of
from entrepot.policy.actors import Actor
from entrepot.policy.scenario import Focus
from entrepot.report.kit.wording import (
    NO_BREAK,
    adjective,
    capital,
    joined,
    long_day,
    name_in_sentence,
    percent,
)
from entrepot.report.result import tables

LARGE = 0.002
"""Share of world income from which a country is named among those that gain and lose most."""
MOST_ACTORS = 4
MOST_GOODS = 4
HORIZONS = {
    LONG_RUN: "In the long run, seven years or more.",
    YEARS_2_3: "Two to three years after the change.",
}
MOST_WORDS = 3  # countries of a list that are named one by one


def headline(result: Result, focus: Focus) -> str:
    """Return what the change does, in two or three sentences.

    First the flow that it is aimed at, then the real income of those who are hit and of those who levy; where all
    partners are hit, of the world and of the largest loser and gainer above a size. A change that is aimed at nothing
    is told by the pair in focus. A day after the last one that a schedule knows is said first.
    """
    return " ".join([*tables.beyond(result), _headline(result, focus)])


def _headline(result: Result, focus: Focus) -> str:
    targets = targets_of(result)
    if not targets:
        pair = [result.actor(focus.exporter), result.actor(focus.importer)]
        return f"{capital(_incomes(result, pair))}."
    told = [_told(result, targets[0])]
    answer = _answer_to(targets)
    if answer is not None:
        told.append(_told(result, answer))
    everybody = any(one.kind == "flow" and (one.seller.broad or one.buyer.broad) for one in targets)
    actors = _actors(result, targets)
    sentences = [capital(f"{', and '.join(told)}."), f"{capital(_incomes(result, actors[:MOST_ACTORS]))}."]
    if everybody or targets[0].kind == "production":
        sentences.append(_world(result, actors))
    return " ".join(sentences)


def against(result: Result) -> str:
    """Return what the result is compared with, and how long after the change it holds."""
    year = _year(result)
    base = f"the duties of the base year{f' {year}' if year else ''}"
    if result.baseline is None or result.baseline.scenario is None:
        return f"Compared with {base}. {HORIZONS[result.model.horizon]}"
    day = long_day(result.baseline.scenario.date)
    world = f"the world under “{result.baseline.scenario.title}” on {day}, on top of {base}"
    return f"Compared with {world}. {HORIZONS[result.model.horizon]}"


def winners(result: Result, focus: Focus, sure: set[str], count: int = 3) -> str:
    """Return who gains most and who else loses most, in one sentence, among the countries that one can be `sure` of.

    Only countries above the size `LARGE` are named.
    """
    shown = {code for text in (focus.exporter, focus.importer) for code in result.actor(text).members}
    table = result.countries
    others = table[table.index.isin(sure & _large(result)) & ~table.index.isin(shown)]
    up = others[others["real_income_hat"] > 1].iloc[::-1][:count]
    down = others[others["real_income_hat"] < 1][:count]
    parts = []
    for most, rows in (("the largest gains are in", up), ("the largest losses in", down)):
        named = [
            f"{name_in_sentence(result.economy, str(code))} ({percent(float(pct(hat)))})"
            for code, hat in rows["real_income_hat"].items()
        ]
        if named:
            parts.append(f"{most} {joined(named)}")
    return f"Elsewhere, {', '.join(parts)}." if parts else ""


def gains(change_pct: float, plural: bool = False) -> str:
    """Return "loses 0.22 %", or that it is nothing measurable."""
    size = percent(abs(change_pct)).lstrip("+")
    if float(size.split()[0].replace(",", "")) == 0:
        return f"neither {'gain' if plural else 'gains'} nor {'lose' if plural else 'loses'} a measurable part"
    verb = ("gain" if change_pct > 0 else "lose") if plural else ("gains" if change_pct > 0 else "loses")
    return f"{verb} {size}"


def _told(result: Result, target: TargetedFlow) -> str:
    """Return what becomes of the flows that a change is aimed at."""
    economy = result.economy
    goods = _goods(economy, target.sectors)
    if target.kind == "payment":
        payer, receiver = _name(result, target.seller), _name(result, target.buyer)
        paid = float(abs(result.wedges.transfer.sel(country=list(target.seller.members))).sum()) * economy.billions
        return f"{payer} pays {receiver} {economy.currency} {paid:,.4g} billion a year"
    if target.kind == "production":
        chosen = {"origin": list(target.seller.members), "sector": list(target.sectors)}
        before, after = (
            float(made.sel(chosen).sum()) * economy.billions for made in (economy.output, result.output_cf)
        )
        subject = f"output of {goods} in {_name(result, target.seller)}"
        return f"{subject} {_moves(before, after, economy.currency, plural=False)}"
    before, after = target_flow(result, target)
    whole = goods == "goods"
    if target.buyer.broad:
        subject = f"{_adjective(result, target.seller)} {'goods exports' if whole else f'exports of {goods}'}"
    elif target.seller.broad or len(target.seller.words) > 1:
        origin = "" if target.seller.broad else f" from {_name(result, target.seller)}"
        subject = f"{_adjective(result, target.buyer)} {'goods imports' if whole else f'imports of {goods}'}{origin}"
    else:
        exports = "goods exports" if whole else goods
        subject = f"{_adjective(result, target.seller)} {exports} to {_name(result, target.buyer)}"
    return f"{subject} {_moves(before, after, economy.currency)}"


def _answer_to(targets: list[TargetedFlow]) -> TargetedFlow | None:
    """Return the heaviest target in the other direction: what those who are hit levy in answer."""
    first = targets[0]
    if first.kind != "flow" or first.seller.broad or first.buyer.broad:
        return None
    for one in targets[1:]:
        crossed = set(one.seller.members) <= set(first.buyer.members) and set(one.buyer.members) <= set(
            first.seller.members
        )
        if one.kind == "flow" and crossed:
            return one
    return None


def _actors(result: Result, targets: list[TargetedFlow]) -> list[Actor]:
    """Return who is told about: those whose flows are hit, then those who levy, each once, the world left out."""
    found: dict[tuple[str, ...], Actor] = {}
    for target in targets:
        for side in (target.seller, target.buyer):
            if side.broad:
                continue
            several = 1 < len(side.words) <= MOST_WORDS
            for one in [result.actor(word) for word in side.words] if several else [side]:
                if not any(set(one.members) <= set(known) for known in found):
                    found[one.members] = one
    return list(found.values())


def _incomes(result: Result, actors: list[Actor]) -> str:
    """Return the change in real income of several countries or blocs, the first one in full."""
    whole = "real income" if result.model.inputs else "gross output (input links are off)"
    year = f" at {_year(result)} prices" if _year(result) else ""
    parts = []
    for number, one in enumerate(actors):
        numbers = actor_numbers(result, one)
        plural = _plural(one)
        size = f"{result.economy.currency} {_size(numbers.income_bn)} billion"
        said = f"{_name(result, one)} {gains(numbers.income_pct, plural)}"
        of = f" of {'their' if plural else 'its'} {whole}" if not number else ""
        parts.append(f"{said}{of}, {size}{f' a year{year}' if not number else ''}")
    return "; ".join(parts)


def _world(result: Result, told: list[Actor]) -> str:
    """Return what the world gains or loses, and the largest loser and gainer among large countries not yet told."""
    world = actor_numbers(result, result.actor("all"))
    shown = {code for one in told for code in one.members}
    table = result.countries
    rows = table.loc[table.index.isin(_large(result) - shown), "real_income_hat"]
    parts = [f"the world {gains(world.income_pct)}, {result.economy.currency} {_size(world.income_bn)} billion"]
    for most, row in (("loss", rows[rows < 1][:1]), ("gain", rows[rows > 1].iloc[::-1][:1])):
        for code, hat in row.items():
            who = name_in_sentence(result.economy, str(code))
            parts.append(f"the largest {most} elsewhere is that of {who} ({percent(float(pct(hat)))})")
    return f"{capital('; '.join(parts))}."


def _large(result: Result) -> set[str]:
    """Return the countries above the size from which they are named; the rest of the world is no country."""
    income = result.economy.income
    large = income.where(income > LARGE * income.sum(), drop=True)
    return {str(code) for code in large["country"].values if code != "ROW"}


def _moves(before: float, after: float, currency: str, plural: bool = True) -> str:
    """Return "fall by 92 %, from USD 16.0 to 1.3 billion"; no two numbers that read alike."""
    change = growth(before, after)
    ending = "" if plural else "s"
    if before > 0 and after == 0:
        return f"stop{ending} ({currency} {_at_scale(before)} before)"
    unit, scale = ("billion", 1.0) if max(before, after) >= 0.1 else ("million", 1e3)
    for decimals in (1, 2, 3):
        first, then = (f"{value * scale:,.{decimals}f}" for value in (before, after))
        if first != then:
            break
    if abs(change) < 0.05 or first == then:
        return f"hardly move{ending} ({currency} {_at_scale(before)})"
    if change >= 1000:
        size = f"to {after / before:,.0f} times what they were" if plural else f"to {after / before:,.0f} times"
        return f"rise{ending} {size}, from {currency} {first} to {then} {unit}"
    size = f"{abs(change):.{0 if abs(change) >= 10 else 1}f}"
    if size == "100":
        size = f"{min(abs(change), 99.9):.1f}" if change < 0 else size
    return f"{'rise' if change > 0 else 'fall'}{ending} by {size}{NO_BREAK}%, from {currency} {first} to {then} {unit}"


def _at_scale(billions: float) -> str:
    return f"{billions:,.1f} billion" if billions >= 0.1 else f"{billions * 1e3:,.1f} million"


def _size(billion: float) -> str:
    size = abs(billion)
    return f"{size:,.1f}" if size >= 1 else f"{size:,.2f}" if size >= 0.095 else f"{size:,.3f}"


def _name(result: Result, who: Actor) -> str:
    if who.world:
        return "the world"
    own = result.scenario.groups if result.scenario else {}
    return joined([word if word in own else name_in_sentence(result.economy, word) for word in who.words])


def _adjective(result: Result, who: Actor) -> str:
    own = result.scenario.groups if result.scenario else {}
    return joined([word if word in own else adjective(result.economy, word) for word in who.words])


def _goods(economy: Economy, codes: Sequence[str]) -> str:
    """Return goods as a sentence has them: "motor vehicles", "textiles", "goods"."""
    chosen = set(codes)
    if chosen == set(economy.goods):
        return "goods"
    if chosen >= set(economy.goods):
        return "goods and services"
    groups = {
        name: set(group) for name, group in economy.sector_groups.items() if set(group) <= chosen and len(group) > 1
    }
    left = [code for code in codes if not any(code in group for group in groups.values())]
    names = [name.replace("_", " ") for name in groups]
    names += [economy.sectors[code][:1].lower() + economy.sectors[code][1:] for code in left]
    if len(names) <= MOST_GOODS:
        return joined(names)
    if len(chosen & set(economy.goods)) > len(economy.goods) / 2:
        return "goods"
    return f"goods of {len(chosen)} sectors"


def _plural(who: Actor) -> bool:
    bloc = shipped_blocs().get(who.text)
    return len(who.words) > 1 or (bloc is not None and bloc.plural)


def _year(result: Result) -> str:
    """Return the year whose prices are meant: the first that the economy names, where a recipe names more."""
    return result.economy.provenance.year.partition(";")[0] if result.economy.provenance else ""
