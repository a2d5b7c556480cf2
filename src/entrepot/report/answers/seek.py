"""What a goal takes: what must move how far, or how near one can come, as sentences, tables and JSON."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import RATIOS
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import MINUS, OUTCOMES, joined, name_in_sentence, signed
from entrepot.report.result.document import plain, plain_sources
from entrepot.study.goals.seek import GoalResult

KINDS = {
    "tariff": "the duty on trade",
    "export_tax": "the export tax on trade",
    "iceberg": "the cost other than duties of trade",
    "productivity": "productivity",
    "transfer": "the payment a year",
}


def headline(answer: GoalResult) -> str:
    """Return what it takes, or how near one can come and what stands in the way, in one sentence."""
    economy = answer.result.economy
    moves = how_far(answer)
    wanted = joined([_goal(str(name), row["wanted"], economy) for name, row in answer.targets.to_dict("index").items()])
    if answer.reached:
        return f"For {wanted}, {moves}."
    found = nearest(answer)
    stands = ""
    if answer.binding:
        plural = "s" if len(answer.binding) == 1 else ""
        stands = f" {joined(answer.binding)} stand{plural} at the end of what is allowed."
    if answer.reason:
        stands += f" {answer.reason[:1].upper()}{answer.reason[1:]}."
    return f"Out of reach: {wanted}. The nearest is {found}, where {moves}.{stands}"


def how_far(answer: GoalResult) -> str:
    """Return what moves how far, as part of a sentence."""
    economy = answer.result.economy
    return joined([_move(str(name), row, economy) for name, row in answer.unknowns.to_dict("index").items()])


def nearest(answer: GoalResult) -> str:
    """Return what is reached, as part of a sentence."""
    economy = answer.result.economy
    return joined([_goal(str(name), row["found"], economy) for name, row in answer.targets.to_dict("index").items()])


def shown(name: str, value: float, economy: Economy) -> str:
    """Return the value of an outcome with its unit: "USD −29.47 billion", "+1.000 %"."""
    return _shown(name, value, economy, unit=True)


def remarks(answer: GoalResult) -> list[str]:
    """Return what a reader must know to judge a change in trade costs: how much there is to take away."""
    found = []
    for name, row in answer.unknowns.to_dict("index").items():
        there = row["all_costs"]
        if not (str(name).startswith("iceberg") and row["value"] < 0 and math.isfinite(there) and there > 0):
            continue
        part = -row["value"] / there
        found.append(
            f"All that makes this trade dearer than trade at home, distance and duties included, takes about "
            f"{100 * there:.0f} % of the delivered price (Head and Ries 2001, mean over these flows); "
            + (
                f"the cut is {100 * part:.0f} % of it."
                if part < 1
                else "the cut is larger than that, so no policy can bring it about."
            )
        )
    return found


def document(answer: GoalResult) -> dict[str, Any]:
    """Return the answer for machines: every number with its unit, and how it was found."""
    economy = answer.result.economy
    unknowns = [
        {"unknown": str(name), **{key: plain(value) for key, value in row.items()}, "unit": _unit(str(name), economy)}
        for name, row in answer.unknowns.to_dict("index").items()
    ]
    targets = [
        {
            "outcome": str(name),
            **{key: value * _scale(str(name), economy) for key, value in row.items()},
            "unit": "ratio to the base year" if _is_ratio(str(name)) else f"{economy.currency} billion",
        }
        for name, row in answer.targets.to_dict("index").items()
    ]
    return {
        "reached": answer.reached,
        "reason": answer.reason,
        "headline": headline(answer),
        "remarks": remarks(answer),
        "unknowns": unknowns,
        "targets": targets,
        "economy": economy.name,
        "model": answer.result.model.name,
        "deficits": answer.result.deficits,
        "equilibria": answer.solves,
        "residual": answer.result.residual,
        "sources": plain_sources(answer.result),
    }


def render(answer: GoalResult) -> RenderableType:
    """Return what `entrepot seek` prints."""
    economy, result = answer.result.economy, answer.result
    moved = [
        [str(name), _value(str(name), row["value"]), _value(str(name), row["low"]), _value(str(name), row["high"]),
         row["bound"] or ""]
        for name, row in answer.unknowns.to_dict("index").items()
    ]  # fmt: skip
    reached = [
        [str(name), *(_shown(str(name), row[key], economy) for key in ("base_year", "before", "wanted", "found"))]
        for name, row in answer.targets.to_dict("index").items()
    ]
    notes = " ".join(remarks(answer))
    solved = (
        f"{economy.name}, model {result.model.name}, deficits {result.deficits}; {answer.solves} equilibria, "
        f"{answer.seconds:.1f} s, residual {result.residual:.1e}."
    )
    return Group(
        Text(f"\n{headline(answer)}"),
        ranked_table("How far", ["what moves", "change", "least", "most", "at bound"], moved),
        ranked_table("What is reached", ["outcome", "base year", "before", "wanted", "found"], reached),
        *([Text(f"\n{notes}")] if notes else []),
        Text(f"\n{solved}", style="dim"),
    )


def _move(name: str, row: Mapping[Any, Any], economy: Economy) -> str:
    kind, _, where = name.partition(":")
    value = row["value"]
    if kind not in KINDS:
        return f"{name} is {100 * value:.3g} %"
    if kind == "transfer":
        payer, receiver = (_country(code, economy) for code in where.split(":"))
        return f"{payer} pays {receiver} {_round(value)} billion a year"
    what = f"{KINDS[kind]} {_flow(kind, where, economy)}"
    if value == 0:
        return f"{what} does not change"
    return f"{what} {'rises' if value > 0 else 'falls'} by {size(name, row).lstrip(MINUS + '+')}"


def size(name: str, row: Mapping[Any, Any]) -> str:
    """Return how far an unknown moves, with its unit: "−44.9 %"."""
    kind, value = name.partition(":")[0], row["value"]
    if kind == "transfer":
        return f"{_round(value)} billion a year"
    written = _round(abs(100 * value))
    sign = MINUS if value < 0 else "+" if value > 0 and kind in KINDS else ""
    return f"{sign}{written} " + ("points" if kind in ("tariff", "export_tax") else "%")


def _round(number: float) -> str:
    """Return three digits, and thousands as people write them."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def _flow(kind: str, where: str, economy: Economy) -> str:
    """Return "from India to the United States in pharma", of productivity "of India in pharma"."""
    places = where.split(":")
    count = 1 if kind == "productivity" else 2
    names = [_listed(one, economy) for one in places[:count]]
    goods = f" in {joined([one.strip() for one in places[count].split(',')])}" if len(places) > count else ""
    return (f"of {names[0]}" if count == 1 else f"from {' to '.join(names)}") + goods


def _listed(written: str, economy: Economy) -> str:
    return joined([_country(one.strip(), economy) for one in written.split(",")])


def _country(code: str, economy: Economy) -> str:
    return name_in_sentence(economy, code) if code in economy.countries else code


def _goal(name: str, value: float, economy: Economy) -> str:
    return f"{outcome_in_words(name, economy)} at {_shown(name, value, economy, unit=True)}"


def outcome_in_words(name: str, economy: Economy) -> str:
    """Return an outcome as a sentence has it: "the balance of trade of India with Russia (goods)"."""
    kind, _, where = name.partition(":")
    places = where.split(":")
    names = [_listed(one, economy) for one in places[:2]]
    between = {"two_way": " and ", "trade": " to ", "volume": " to "}.get(kind, " with ").join(names)
    if kind in ("price", "output", "exports", "imports"):  # the second word, where there is one, is of sectors
        between, places = names[0], [places[0], "", *places[1:]]
    goods = f" ({places[2].replace(',', ', ')})" if len(places) > 2 else ""
    return f"{OUTCOMES[kind]} of {between}{goods}"


def _shown(name: str, value: float, economy: Economy, unit: bool = False) -> str:
    if _is_ratio(name):
        return f"{signed(100 * (value - 1), 3)} %"
    text = f"{value * economy.billions:,.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{economy.currency} {text} billion" if unit else text


def _value(name: str, value: float) -> str:
    if not math.isfinite(value):
        return "no bound"
    if name.startswith("transfer"):
        return f"{value:,.2f} bn"
    return f"{signed(100 * value, 2)} %"


def _unit(name: str, economy: Economy) -> str:
    kind = name.partition(":")[0]
    units = {"tariff": "rate", "export_tax": "rate", "transfer": f"{economy.currency} billion"}
    return units.get(kind, "share")


def _is_ratio(name: str) -> bool:
    return name.partition(":")[0] in RATIOS


def _scale(name: str, economy: Economy) -> float:
    return 1.0 if _is_ratio(name) else economy.billions


@answer_for.register
def _answer(answer: GoalResult) -> Answer:
    return Answer(partial(document, answer), partial(render, answer), answer.unknowns.reset_index)
