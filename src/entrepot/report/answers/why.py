"""Why a country gains or loses: the terms of its real income in words, as tables, JSON and a page."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.version import package_version
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import (
    capital,
    joined,
    listed_in_sentence,
    name_in_sentence,
    percent,
    signed,
)
from entrepot.report.result.document import assumptions, plain, records
from entrepot.study.reasons import Reasons

LARGEST = 3  # partners and sectors of each term that are shown; the rest is one row
WORTH_SAYING = 0.1  # of the change: smaller terms are in the table alone
VISIBLE = 0.005  # per cent: two decimals show it
TERM_NAMES = {
    "terms_of_trade": "terms of trade",
    "volume_of_trade": "duty revenue (volume of trade)",
    "production_taxes": "production taxes",
    "markups": "markups",
    "trade_costs": "trade costs",
    "productivity": "productivity",
    "scale": "economies of scale",
    "imbalances": "trade imbalances",
}
"""Headings of the terms."""
TERM_VERBS = {
    "terms_of_trade": ("the terms of trade fall by", "the terms of trade rise by"),
    "volume_of_trade": ("the fall in taxed trade costs", "the rise in taxed trade adds"),
    "production_taxes": ("the shift of taxed production costs", "the shift of taxed production adds"),
    "markups": ("less output sold at a markup costs", "more output sold at a markup adds"),
    "trade_costs": ("higher trade costs take", "lower trade costs add"),
    "productivity": ("lower productivity costs", "higher productivity adds"),
    "scale": ("smaller industries cost", "larger industries add"),
    "imbalances": ("a smaller net inflow from abroad costs", "a larger net inflow from abroad adds"),
}
"""A term in a sentence, where it is negative and where it is positive; a percentage of income follows."""


def why_sentence(reasons: Reasons) -> str:
    """Return why a country or bloc gains or loses: "India loses 0.22 %: its terms of trade fall by 0.17 %, ..."."""
    who, change = _who(reasons), reasons.real_income_pct
    if abs(change) < VISIBLE / 100:
        return f"{capital(who)} neither gains nor loses a measurable part of its real income."
    wage = reasons.real_wage_pct
    against = wage is not None and abs(wage) >= VISIBLE and wage * change < 0
    aside = f" although the real wage {'rises' if wage > 0 else 'falls'} by {_size(wage)}" if against and wage else ""
    pcts = 100 * reasons.terms / reasons.income
    sign = 1 if change > 0 else -1
    ranked = pcts[(sign * pcts).sort_values(ascending=False, kind="stable").index]
    leading = str(ranked.index[0])
    parts = [f"{_clause(leading, ranked.iloc[0])}{_carriers(reasons, leading, sign)}"]
    rest = ranked.iloc[1:]
    rest = rest[rest.abs() >= WORTH_SAYING * abs(change)]
    same, other = rest[sign * rest > 0], rest[sign * rest < 0]
    parts += [_clause(str(term), value) for term, value in same.items()]
    said = "; ".join(parts)
    if len(other):
        said += f"; against that, {joined([_clause(str(term), value) for term, value in other.items()])}"
    said = said.replace("the terms of trade", "its terms of trade", 1)
    return f"{capital(who)} {'gains' if change > 0 else 'loses'} {_size(change)} of its real income{aside}: {said}."


def why_sentences(answers: Iterable[Reasons]) -> list[str]:
    """Return for each country or bloc where its change comes from, and what the measures on it alone would do."""
    return [" ".join(filter(None, (why_sentence(one), alone_sentence(one)))) for one in answers]


def alone_sentence(reasons: Reasons) -> str:
    """Return what the measures on the goods of that country alone would do; blank where it was not solved."""
    if reasons.alone_pct is None:
        return ""
    who, change, alone = _who(reasons), reasons.real_income_pct, reasons.alone_pct
    both = (
        f"with the measures on the goods of {who} alone its real income would change by {percent(alone)}, "
        f"not {percent(change)}"
    )
    if alone < 0 and alone < change:
        return capital(f"{both}: its competitors pay too, so buyers have less reason to turn away from its goods.")
    if alone < 0:
        return capital(f"{both}: the measures on others hurt it as well.")
    return capital(f"{both}.")


def adds_up_sentence(reasons: Reasons) -> str:
    """Return that the terms add up, and how exactly."""
    money = f"{reasons.result.economy.currency} {signed(_billions(reasons, reasons.equivalent_variation), 3)} billion"
    bloc = (
        " Each member's terms are deflated by its own consumer prices and added up; what members sell to each other "
        "cancels in the terms of trade but for differences between these prices."
        if len(reasons.members) > 1
        else ""
    )
    return (
        f"The terms add up to the change, {money} a year or {signed(reasons.real_income_pct, 3)} % of base-year income "
        f"(the sum is off by {abs(reasons.error):.0e} of income).{bloc}"
    )


def terms_table(reasons: Reasons) -> pd.DataFrame:
    """Return one row a term: billions and per cent of base-year income; the last row is the sum."""
    rows = [(TERM_NAMES[str(term)], value) for term, value in reasons.terms.items() if _shown(reasons, value)]
    return _table(reasons, [*rows, ("sum", float(reasons.terms.sum()))], ["term"])


def carriers_table(reasons: Reasons, what: str) -> pd.DataFrame:
    """Return the largest ``"partner"``s or ``"sector"``s of each term and the rest: they add up to the term."""
    rows = []
    for term, value in reasons.terms.items():
        shares = reasons.by(what, str(term))
        if not len(shares) or not _shown(reasons, value):
            continue
        names = [(_name(reasons, what, str(code)), one) for code, one in shares.iloc[:LARGEST].items()]
        rest = [("all others", shares.iloc[LARGEST:].sum())] if len(shares) > LARGEST else []
        rows += [(TERM_NAMES[str(term)], *one) for one in [*names, *rest]]
    return _table(reasons, rows, ["term", what])


def full_table(reasons: Reasons) -> pd.DataFrame:
    """Return every cell: term, flow, partner and sector with names, billions, per cent of base-year income."""
    made = reasons.flows.copy()
    for what in ("partner", "sector"):
        place = list(made.columns).index(what) + 1
        made.insert(place, f"{what}_name", [_name(reasons, what, code) for code in made[what]])
    value = made.pop("value")
    return made.assign(value_bn=value * reasons.result.economy.billions, income_pct=100 * value / reasons.income)


def document(reasons: Reasons) -> dict[str, Any]:
    """Return the reasons as one JSON document; billions, and per cent of base-year income."""
    result = reasons.result
    return {
        "entrepot": package_version(),
        "headline": why_sentence(reasons),
        "alone": alone_sentence(reasons) or None,
        "adds_up": adds_up_sentence(reasons),
        "scenario": result.scenario.name if result.scenario else None,
        "of": reasons.word,
        "members": list(reasons.members),
        "assumptions": assumptions(result),
        "real_income_pct": plain(reasons.real_income_pct),
        "real_income_alone_pct": plain(reasons.alone_pct),
        "real_wage_pct": plain(reasons.real_wage_pct),
        "equivalent_variation_bn": plain(_billions(reasons, reasons.equivalent_variation)),
        "error": plain(reasons.error),
        "terms": records(terms_table(reasons)),
        "partners": records(carriers_table(reasons, "partner")),
        "sectors": records(carriers_table(reasons, "sector")),
    }


def render(reasons: Reasons) -> RenderableType:
    """Return what `entrepot why` prints."""
    scenario = reasons.result.scenario
    return Group(
        *([Text(scenario.title, style="bold")] if scenario else []),
        Text(why_sentence(reasons), style="bold"),
        *([Text(alone_sentence(reasons))] if reasons.alone is not None else []),
        *(ranked_table(title, headings, rows) for title, headings, rows in printed(reasons)),
        Text(f"\n{adds_up_sentence(reasons)} {notes(reasons)}", style="dim"),
    )


def printed(reasons: Reasons) -> list[tuple[str, list[str], list[list[str]]]]:
    """Return title, headings and cells of every table that people read."""
    money = f"{reasons.result.economy.currency} bn"
    shown = [
        (f"Change in real income of {_who(reasons)}", ["term"], terms_table(reasons)),
        ("By partner, the three largest of each term", ["term", "country"], carriers_table(reasons, "partner")),
        ("By sector, the three largest of each term", ["term", "sector"], carriers_table(reasons, "sector")),
    ]
    return [
        (
            title,
            [*texts, money, "%"],
            [
                [*row[: len(texts)], signed(row[-2], 3), signed(row[-1], 4)]
                for row in table.itertuples(index=False, name=None)
            ],
        )
        for title, texts, table in shown
    ]


def page_html(reasons: Reasons) -> str:
    """Return a self-contained HTML page."""
    from entrepot.report.kit.html import page

    scenario = reasons.result.scenario
    return page(
        "why.html.j2",
        title=scenario.title if scenario else "A change in policy",
        headline=why_sentence(reasons),
        alone=alone_sentence(reasons),
        tables=printed(reasons),
        adds_up=adds_up_sentence(reasons),
        notes=notes(reasons),
        version=package_version(),
    )


def notes(reasons: Reasons) -> str:
    """Return what the terms mean, and under which assumptions they hold."""
    result = reasons.result
    return (
        "Terms of trade: border prices of exports less those of imports. Duty revenue: the change in the volume of "
        "taxed trade, times the tax. All terms are integrated along the change, divided by consumer prices, and in per "
        "cent of base-year income. Prices are relative to world value added: where trade with a partner is not "
        "balanced, its part of the terms of trade depends on that. "
        f"{result.economy.label}, {result.model.title}; imbalances: {result.closure.title}."
    )


def _who(reasons: Reasons) -> str:
    return listed_in_sentence(reasons.result.economy, reasons.word)


def _name(reasons: Reasons, what: str, code: str) -> str:
    economy = reasons.result.economy
    if what == "sector":
        return economy.sectors.get(code, code)
    if code != reasons.word:
        return economy.countries.get(code, code)
    return "at home" if len(reasons.members) == 1 else "among members"


def _clause(term: str, value: float) -> str:
    return f"{TERM_VERBS[term][int(value > 0)]} {_size(value)}"


def _carriers(reasons: Reasons, term: str, sign: int) -> str:
    """Return which partner and which sector carry most of a term."""
    economy, said = reasons.result.economy, []
    for what, word in (("partner", "in trade with "), ("sector", "in ")):
        shares = sign * reasons.by(what, term)
        if not len(shares) or shares.max() <= 0:
            continue
        code, value = str(shares.idxmax()), sign * float(shares.max())
        if what == "partner" and code == reasons.word:
            continue
        name = name_in_sentence(economy, code) if what == "partner" else _lower(economy.sectors[code])
        said.append(f"{word}{name} ({percent(100 * value / reasons.income)})")
    return f", the largest parts {' and '.join(said)}" if said else ""


def _lower(name: str) -> str:
    """Return a sector's name inside a sentence; abbreviations stay."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _shown(reasons: Reasons, value: float) -> bool:
    return abs(value) > 1e-12 * reasons.income


def _table(reasons: Reasons, rows: Sequence[tuple[Any, ...]], texts: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=[*texts, "value"])
    value = table.pop("value").astype(float)
    return table.assign(value_bn=value * reasons.result.economy.billions, income_pct=100 * value / reasons.income)


def _billions(reasons: Reasons, value: float) -> float:
    return value * reasons.result.economy.billions


def _size(value: float) -> str:
    return percent(abs(value)).lstrip("+")


@answer_for.register
def _answer(reasons: Reasons) -> Answer:
    return Answer(
        document=partial(document, reasons),
        render=partial(render, reasons),
        table=partial(full_table, reasons),
        page=partial(page_html, reasons),
    )
