"""What a goal takes: what must move how far, or how near one can come, as sentences, tables and JSON."""

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.wedges import BY_WORD
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.policy.scenario import Scenario
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import (
    MINUS,
    capital,
    joined,
    listed_in_sentence,
    outcome_in_words,
    outcome_number,
    sector_in_sentence,
    signed,
)
from entrepot.report.result.document import plain, plain_sources
from entrepot.study.goals.seek import GoalResult

COLUMNS = {
    "unknown": "what_moves",
    "value": "change",
    "low": "least_allowed",
    "high": "most_allowed",
    "bound": "end_reached",
    "all_costs": "all_trade_costs",
}
"""What a workbook calls the columns of the unknowns; JSON and CSV keep the short names."""


def headline(answer: GoalResult) -> str:
    """Return what it takes, or how near one can come and what stands in the way, in one sentence."""
    economy = answer.result.economy
    moves = how_far(answer)
    wanted = joined([_goal(outcome, row["wanted"], economy) for outcome, row in targets(answer)])
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
    economy, scenario = answer.result.economy, answer.result.scenario
    return joined([_move(str(name), row, economy, scenario) for name, row in answer.unknowns.to_dict("index").items()])


def nearest(answer: GoalResult) -> str:
    """Return what is reached, as part of a sentence."""
    economy = answer.result.economy
    return joined([_goal(outcome, row["found"], economy) for outcome, row in targets(answer)])


def targets(answer: GoalResult) -> list[tuple[Outcome, dict[str, float]]]:
    """Return the outcome of each target with its values by column."""
    rows = [{str(key): float(value) for key, value in row.items()} for row in answer.targets.to_dict("records")]
    return list(zip(answer.outcomes, rows, strict=True))


def shown(outcome: Outcome, value: float, economy: Economy) -> str:
    """Return the value of an outcome with its unit: "USD −29.47 billion", "+1.000 %"."""
    return _shown(outcome, value, economy, unit=True)


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
    goals = [
        {
            "outcome": outcome.text,
            **{key: value if outcome.is_ratio else value * economy.billions for key, value in row.items()},
            "unit": "ratio to the base year" if outcome.is_ratio else outcome.unit(economy),
        }
        for outcome, row in targets(answer)
    ]
    return {
        "reached": answer.reached,
        "reason": answer.reason,
        "headline": headline(answer),
        "remarks": remarks(answer),
        "unknowns": unknowns,
        "targets": goals,
        "economy": economy.name,
        "model": answer.result.model.name,
        "deficits": answer.result.deficits,
        "equilibria": answer.solves,
        "residual": answer.result.residual,
        "sources": plain_sources(answer.result),
    }


def sheets(answer: GoalResult) -> dict[str, pd.DataFrame]:
    """Return what moves and what is reached as a workbook has them: in words, with units."""
    found, result = document(answer), answer.result
    unknowns, goals = pd.DataFrame(found["unknowns"]), pd.DataFrame(found["targets"])
    unknowns["unknown"] = [_what_moves(str(name), result.economy, result.scenario) for name in unknowns["unknown"]]
    goals["outcome"] = [capital(outcome_in_words(one, result.economy)) for one in answer.outcomes]
    return {"What moves": unknowns.rename(columns=COLUMNS), "What is reached": goals}


def _what_moves(name: str, economy: Economy, scenario: Scenario | None) -> str:
    """Return an unknown in words: "The duty on trade from India to the United States"."""
    kind, _, where = name.partition(":")
    if kind not in BY_WORD:
        return capital(_parameter(name, scenario))
    if kind == "transfer":
        payer, receiver = (listed_in_sentence(economy, code) for code in where.split(":"))
        return f"Payment of {payer} to {receiver}"
    return capital(f"{BY_WORD[kind].moved} {_flow(kind, where, economy)}")


def _parameter(name: str, scenario: Scenario | None) -> str:
    """Return what a parameter of the scenario is; its name where there is none."""
    known = scenario.parameters if scenario else {}
    return known[name].what if name in known else name


def render(answer: GoalResult) -> RenderableType:
    """Return what `entrepot seek` prints."""
    economy, result = answer.result.economy, answer.result
    moved = [
        [_what_moves(str(name), economy, result.scenario), _value(str(name), row["value"]),
         _value(str(name), row["low"]), _value(str(name), row["high"]), row["bound"] or ""]
        for name, row in answer.unknowns.to_dict("index").items()
    ]  # fmt: skip
    reached = [
        [
            f"{capital(outcome_in_words(outcome, economy))}, {outcome.unit(economy)}",
            *(_shown(outcome, row[key], economy) for key in ("base_year", "before", "wanted", "found")),
        ]
        for outcome, row in targets(answer)
    ]
    notes = " ".join(remarks(answer))
    solved = (
        f"{economy.label}; {result.model.title}; {result.closure.title}; {answer.solves} equilibria, "
        f"{answer.seconds:.1f} s, residual {result.residual:.1e}."
    )
    return Group(
        Text(f"\n{headline(answer)}"),
        ranked_table("How far", ["what moves", "change", "least", "most", "at bound"], moved),
        ranked_table("What is reached", ["outcome", "base year", "before", "wanted", "found"], reached),
        *([Text(f"\n{notes}")] if notes else []),
        Text(f"\n{solved}", style="dim"),
    )


def _move(name: str, row: Mapping[Any, Any], economy: Economy, scenario: Scenario | None = None) -> str:
    kind, _, where = name.partition(":")
    value = row["value"]
    if kind not in BY_WORD:
        return f"{_parameter(name, scenario)} is {size(name, row)}"
    if kind == "transfer":
        payer, receiver = (listed_in_sentence(economy, code) for code in where.split(":"))
        return f"{payer} pays {receiver} {_round(value)} billion a year"
    what = f"{BY_WORD[kind].moved} {_flow(kind, where, economy)}"
    if value == 0:
        return f"{what} does not change"
    return f"{what} {'rises' if value > 0 else 'falls'} by {size(name, row).lstrip(MINUS + '+')}"


def size(name: str, row: Mapping[Any, Any]) -> str:
    """Return how far an unknown moves, with its unit: "−44.9 %"."""
    kind, value = name.partition(":")[0], row["value"]
    if kind == "transfer":
        return f"{_round(value)} billion a year"
    written = _round(abs(100 * value))
    sign = MINUS if value < 0 else "+" if value > 0 and kind in BY_WORD else ""
    return f"{sign}{written} " + ("points" if kind in BY_WORD and BY_WORD[kind].form == "rate" else "%")


def _round(number: float) -> str:
    """Return three digits, and thousands as people write them."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def _flow(kind: str, where: str, economy: Economy) -> str:
    """Return "from India to the United States in pharma", of productivity "of India in pharma"."""
    places = where.split(":")
    count = 2 if BY_WORD[kind].on_flows else 1
    names = [listed_in_sentence(economy, one) for one in places[:count]]
    goods = (
        f" in {joined([sector_in_sentence(economy, one.strip()) for one in places[count].split(',')])}"
        if len(places) > count
        else ""
    )
    return (f"of {names[0]}" if count == 1 else f"from {' to '.join(names)}") + goods


def _goal(outcome: Outcome, value: float, economy: Economy) -> str:
    return f"{outcome_in_words(outcome, economy)} at {shown(outcome, value, economy)}"


def _shown(outcome: Outcome, value: float, economy: Economy, unit: bool = False) -> str:
    text = outcome_number(outcome, outcome.in_unit(value, economy), 3 if outcome.is_ratio else 2)
    if outcome.is_ratio:
        return f"{text} %"
    return f"{economy.currency} {text} billion" if unit else text


def _value(name: str, value: float) -> str:
    if not math.isfinite(value):
        return "no bound"
    if name.startswith("transfer"):
        return f"{value:,.2f} bn"
    return f"{signed(100 * value, 2)} %"


def _unit(name: str, economy: Economy) -> str:
    wedge = BY_WORD.get(name.partition(":")[0])
    units = {"rate": "rate", "payment": f"{economy.currency} billion"}
    return "share" if wedge is None else units.get(wedge.form, "share")


@answer_for.register
def _answer(answer: GoalResult) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=answer.unknowns.reset_index,
        tables=partial(sheets, answer),
        title=f"What it takes for {joined([outcome_in_words(one, answer.result.economy) for one in answer.outcomes])}",
    )
