"""Best taxes and trade wars as sentences, tables and JSON."""

import math
from functools import partial
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.units import pct
from entrepot.economy.blocs import groups_of
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import name_in_sentence, percent, signed
from entrepot.report.result.document import plain, plain_sources, records
from entrepot.study.tariff_games.nash import Agreement, TradeWar
from entrepot.study.tariff_games.optimal import Optimum

ENDS = 8  # rows shown of either end of a long table


def best_headline(best: Optimum) -> str:
    """Return what one government would do and what it would gain, in one sentence."""
    economy = best.result.economy
    who = _name(economy, best.government)
    rates = best.rates["rate"]
    taxes = " and ".join(
        {"tariff": "duties", "export_tax": "taxes on exports"}[one] for one in best.rates["tax"].unique()
    )
    range_ = (
        f"{100 * rates.iloc[0]:.1f} %"
        if len(rates) == 1
        else f"between {100 * rates.min():.1f} and {100 * rates.max():.1f} %"
    )
    return f"The {taxes} that serve {who} best are {range_}; they bring it {percent(best.gain_pct)} of real income."


def best_document(best: Optimum) -> dict[str, Any]:
    """Return the best taxes for machines."""
    return {
        "headline": best_headline(best),
        "government": best.government,
        "by": best.by,
        "gain_pct": best.gain_pct,
        "real_income_before": best.before,
        "real_income": best.value,
        "largest_slope": best.slope,
        "largest_move": best.move,
        "curvature": plain(best.curvature),
        "closed_form": best.rule,
        "starts": records(best.starts.reset_index()),
        "rates": records(best.rates),
        "countries": _countries(best.result.countries),
        "equilibria": best.evaluations,
        "model": best.result.model.name,
        "deficits": best.result.deficits,
        "sources": plain_sources(best.result),
    }


def best_render(best: Optimum, every: bool = False) -> RenderableType:
    """Return what `entrepot optimal` prints."""
    economy, result = best.result.economy, best.result
    others = result.countries
    rows = [
        [str(code), economy.countries[str(code)], signed(pct(float(row["real_income_hat"])), 3)]
        for code, row in (others if every else _ends(others, ENDS // 2)).to_dict("index").items()
    ]
    second = (
        f"second derivatives at most {best.curvature:.2g} of the sharpest"
        if math.isfinite(best.curvature)
        else "all at bounds"
    )
    check = (
        f"Checked: largest slope {best.slope:.0e}, next step {best.move:.0e}, {second}; {len(best.starts)} starts end "
        f"within {100 * best.starts['apart'].max():.1g} points of each other. {_closed_form(best)}"
    )
    return Group(
        Text(f"\n{best_headline(best)}"),
        _rates_table(best.rates, every),
        ranked_table("Change in real income from the base year, %", ["code", "country", "%"], rows),
        Text(f"\n{check}"),
        Text(f"\n{_solved(economy, result, best.evaluations, best.seconds)}", style="dim"),
    )


def war_headline(war: TradeWar) -> str:
    """Return what a trade war does, in one sentence."""
    economy, change = war.result.economy, war.welfare["change_pct"]
    rates = 100 * war.rates["rate"]
    worst = f"{_name(economy, str(change.idxmin()))} ({percent(float(change.min()))})"
    best = f"{_name(economy, str(change.idxmax()))} ({percent(float(change.max()))})"
    spread = f"from {rates.min():.1f} to {rates.max():.1f} %, {rates.median():.1f} % in the middle"
    other = " that tax each other only" if war.between_players else ""
    who = f"In a trade war of {len(change)} governments{other} rates go {spread}"
    if (change < 0).all():
        return f"{who}; all of them lose real income, from {worst} to {best}."
    if (change >= 0).all():
        return f"{who}; they gain at the expense of those who do not answer, from {worst} to {best}."
    return f"{who}; {int((change < 0).sum())} of them lose real income, {worst} the most, and {best} comes out best."


def war_document(war: TradeWar, agreement: Agreement | None) -> dict[str, Any]:
    """Return the trade war for machines."""
    found: dict[str, Any] = {
        "headline": war_headline(war),
        "rule": war.rule,
        "between_players": war.between_players,
        "rates": records(war.rates),
        "welfare": records(war.welfare.reset_index()),
        "deviations": records(war.deviations.reset_index()),
        "largest_gain": plain(war.largest_gain),
        "largest_slope": war.slope,
        "largest_move": war.move,
        "rounds": war.rounds,
        "seconds": war.seconds,
        "seconds_of_deviations": war.seconds_of_deviations,
        "model": war.result.model.name,
        "deficits": war.result.deficits,
        "countries": _countries(war.result.countries),
        "sources": plain_sources(war.result),
    }
    if agreement is not None:
        found["agreement"] = {
            "rates": records(agreement.rates),
            "welfare": records(agreement.welfare.reset_index()),
        }
    return found


def war_render(war: TradeWar, agreement: Agreement | None, every: bool = False) -> RenderableType:
    """Return what `entrepot nash` prints."""
    economy, result = war.result.economy, war.result
    table = war.welfare.sort_values("change_pct")
    mean = war.rates.groupby("government")["rate"].mean()
    rows = []
    for code in (table if every else _ends(table, ENDS)).index:
        cells = [code, _long(economy, code), f"{100 * mean[code]:.1f}", signed(float(table.loc[code, "change_pct"]), 3)]
        rows.append([*cells, *([signed(float(agreement.welfare.loc[code, "change_pct"]), 3)] if agreement else [])])
    headings = ["code", "country", "mean rate %", "war %", *(["agreement %"] if agreement else [])]
    tried = (
        f"No deviation tried brings anybody more than {max(war.largest_gain, 0):.0e} of real income"
        if math.isfinite(war.largest_gain)
        else "No deviations were tried"
    )
    if war.rule != "exact" and war.largest_gain > 0:
        tried = (
            f"The closed form is no equilibrium: by leaving it alone a government gains up to {war.largest_gain:.0e}"
        )
    checked = f"{tried}; largest slope {war.slope:.0e}, next step {war.move:.0e}, {war.rounds} rounds."
    seconds = f"{war.seconds:.1f} s, deviations {war.seconds_of_deviations:.1f} s"
    return Group(
        Text(f"\n{war_headline(war)}"),
        ranked_table("Real income of those who set taxes, change from what is in force", headings, rows),
        *([] if (war.rates.groupby("government").size() == 1).all() else [_rates_table(war.rates, every)]),
        Text(f"\n{checked}"),
        Text(f"\n{economy.label}; {result.model.title}; {result.closure.title}; {seconds}.", style="dim"),
    )


def _rates_table(rates: pd.DataFrame, every: bool) -> RenderableType:
    table = rates.sort_values("rate", ascending=False, kind="stable")
    shown = table if every else _ends(table, ENDS)
    rows = [
        [row["government"], row["tax"].replace("_", " "), row["partner"], row["sector"], f"{100 * row['rate']:.1f}",
         f"{100 * row['before']:.1f}", row["bound"]]
        for row in shown.to_dict("records")
    ]  # fmt: skip
    title = (
        f"Rates, %, from the highest{'' if len(shown) == len(table) else f' ({len(table) - len(shown)} more: --all)'}"
    )
    return ranked_table(title, ["by", "tax", "partner", "sector", "rate", "before", "at bound"], rows)


def _ends(table: pd.DataFrame, most: int) -> pd.DataFrame:
    return table if len(table) <= 2 * most else pd.concat([table.head(most), table.tail(most)])


def _closed_form(best: Optimum) -> str:
    if best.by != "uniform":
        return f"A closed form exists for one rate only: {100 * best.rule:.1f} %."
    return f"The closed form at the same shares: {100 * best.rule:.1f} % (one sector, no inputs; see docs/goals.md)."


def _countries(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"code": str(code), "real_income_pct": pct(float(row["real_income_hat"]))}
        for code, row in table.to_dict("index").items()
    ]


def _name(economy: Economy, code: str) -> str:
    return name_in_sentence(economy, code) if code in economy.countries else f"the {code}"


def _long(economy: Economy, code: str) -> str:
    return economy.countries.get(code, f"group of {len(groups_of(economy).get(code, ()))}")


def _solved(economy: Economy, result: Result, evaluations: int, seconds: float) -> str:
    return f"{economy.label}; {result.model.title}; {result.closure.title}; {evaluations} equilibria, {seconds:.1f} s."


@answer_for.register
def _best_answer(best: Optimum, every: bool = False) -> Answer:
    return Answer(partial(best_document, best), partial(best_render, best, every), lambda: best.rates)


@answer_for.register
def _war_answer(war: TradeWar, agreement: Agreement | None = None, every: bool = False) -> Answer:
    return Answer(
        document=partial(war_document, war, agreement),
        render=partial(war_render, war, agreement, every),
        table=lambda: war.rates,
    )
