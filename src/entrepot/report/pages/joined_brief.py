"""A joined brief as one self-contained page: the answer first, then what it stands on."""

import datetime
from functools import partial
from typing import Any

from entrepot.brief import commands
from entrepot.brief.results import (
    BestResponseResult,
    BriefResults,
    FanResult,
    GoalOutcome,
    RankingResult,
    SimulationResult,
    StatementVerdicts,
)
from entrepot.core.units import pct
from entrepot.core.version import package_version
from entrepot.core.wedges import BY_NAME
from entrepot.economy.closure import CLOSURES
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.equilibrium.summary.key_numbers import actor_numbers, key_numbers
from entrepot.report.answers import seek, sensitivity, tariff_games, trade_off, uncertainty
from entrepot.report.answers.ensemble import EVIDENCE, ranges
from entrepot.report.answers.why import why_sentences
from entrepot.report.kit.html import page
from entrepot.report.kit.wording import capital, listed_in_sentence, outcome_in_words, outcome_number
from entrepot.report.pages import joined_charts
from entrepot.report.pages.summary import (
    about_country,
    anchor_of,
    answers,
    choice_sentence,
    includes_first,
    income_pct,
    spread_sentence,
    who_is_right,
)
from entrepot.report.result import tables
from entrepot.report.verdicts import summary
from entrepot.report.verdicts.page import TONES
from entrepot.statements.findings import in_words
from entrepot.statements.verdict import Verdict, VerdictKind

GAINERS = 4  # countries beside the government's own in the table of a best response
SECTIONS = {
    "statements": "Statements", "simulations": "Effects of policies", "goals": "Goals",
    "best": "Best responses", "sensitivity": "Sensitivity", "uncertainty": "Uncertainty",
    "method": "Method", "sources": "Sources", "reproduce": "How to reproduce these results",
}  # fmt: skip


def joined_brief_html(found: BriefResults) -> str:
    """Return the page as text."""
    brief, named = found.brief, [one.entry.name for one in found.simulations]
    parts = {
        "statements": [_statements(n, one) for n, one in enumerate(found.statements)],
        "simulations": [
            _simulation(n, one, brief.country) | {"again": one.entry.name in named[:n]}
            for n, one in enumerate(found.simulations)
        ],
        "goals": [_goal(n, one) for n, one in enumerate(found.goals)],
        "best": [_best(n, one) for n, one in enumerate(found.best)],
        "sensitivity": [_ranked(n, one) for n, one in enumerate(found.rankings)],
        "uncertainty": [_spread(n, one) for n, one in enumerate(found.spreads)],
    }
    results = found.results
    economies = list({result.economy.name: result.economy for result in results}.values())
    return page(
        "joined_brief.html.j2", brief=brief, answers=answers(found), parts=parts, evidence=EVIDENCE,
        overview=joined_charts.overview(found), included=includes_first(found),
        sections={name: title for name, title in SECTIONS.items() if parts.get(name, True)},
        economies=economies, result=results[0] if results else None,
        country=listed_in_sentence(economies[0], brief.country) if economies else "",
        worst=max((result.residual for result in results), default=0.0),
        walras=max((result.walras for result in results), default=0.0),
        sources=found.sources, closures=CLOSURES,
        computed={name: anchor_of("scenario", named.index(name)) for name in named},
        place={name: f"source-{n}" for n, name in enumerate(found.sources)},
        commands=commands.commands(brief, _drawn(found)), version=package_version(),
        seconds=found.seconds, today=datetime.datetime.now(tz=datetime.UTC).date(),
    )  # fmt: skip


def _drawn(found: BriefResults) -> int | None:
    """Return how many draws were asked for in place of the file's number; None where it was that."""
    asked = {len(one.answer.table) for one in found.spreads if len(one.answer.table) != one.entry.draws}
    return max(asked) if asked else None


def _statements(number: int, checked: StatementVerdicts) -> dict[str, Any]:
    known = [one for one in checked.verdicts if one.outcome is not VerdictKind.UNKNOWN]
    return {
        "anchor": anchor_of("statements", number),
        "file": checked.verdicts[0].statements,
        "said": who_is_right(checked),
        "claims": [_claim(number, one, one.statement.id in checked.entry.charts) for one in known],
        "unchecked": [one for one in checked.verdicts if one.outcome is VerdictKind.UNKNOWN],
        "command": f"entrepot check {checked.entry.name}",
    }


def _claim(number: int, verdict: Verdict, is_drawn: bool) -> dict[str, Any]:
    natural = verdict.natural
    assert natural is not None
    caption, chart = joined_charts.figures(verdict, f"claim-{number}-{verdict.statement.id}") if is_drawn else ("", "")
    return {
        "verdict": verdict, "statement": verdict.statement, "tone": TONES[verdict.outcome],
        "said_on": summary.said_on(verdict), "count": summary.count(verdict), "natural": natural,
        "reading": in_words(natural.reading, verdict.statements), "caption": caption, "chart": chart,
    }  # fmt: skip


def _simulation(number: int, one: SimulationResult, country: str) -> dict[str, Any]:
    result = one.any_result
    shown: dict[str, Any] = {
        "anchor": anchor_of("scenario", number), "label": one.label, "scenario": one.scenario,
        "economy": result.economy,
        "chart": joined_charts.simulation(one, f"scenario-{number}"), "kind": one.entry.chart, "choice": None,
        "parameters": [(item.what, 100 * item.rate) for item in one.scenario.parameters.values()],
    }  # fmt: skip
    if one.choice is not None:
        numbers = trade_off.table(one.choice)
        titles = {name: option.title for name, option in one.scenario.options.items()}
        return shown | {
            "headline": choice_sentence(one), "choice": one.choice, "numbers": numbers, "titles": titles,
            "number": partial(outcome_number, one.choice.outcome),
            "decimals": trade_off.decimals_of(numbers), "parameter": one.scenario.parameters[one.choice.parameter].what,
            "what": f"{trade_off.what_is_compared(one.choice)}, {trade_off.unit(one.choice)}",
        }  # fmt: skip
    assert one.result is not None
    assert one.focus is not None
    ranked = tables.ranking(one.result)
    return shown | {
        "headline": about_country(one, country), "numbers": key_numbers(one.result, one.focus),
        "income_pct": income_pct(one, country), "income_bn": actor_numbers(result, result.actor(country)).income_bn,
        "exporter": listed_in_sentence(result.economy, one.focus.exporter),
        "importer": listed_in_sentence(result.economy, one.focus.importer),
        "days": one.days, "beside": one.entry.beside,
        "reasons": why_sentences(one.reasons), "ranges": ranges(one.ensemble),
        "ends": [
            (listed_in_sentence(result.economy, str(ranked.index[at])), float(ranked["real_income_pct"].iloc[at]))
            for at in (0, -1)
        ],
    }  # fmt: skip


def _goal(number: int, one: GoalOutcome) -> dict[str, Any]:
    answer = one.answer
    economy = answer.result.economy
    return {
        "anchor": anchor_of("goal", number), "title": one.entry.title,
        "said": capital(seek.how_far(answer)), "near": seek.nearest(answer),
        "reached": answer.reached, "remarks": seek.remarks(answer), "economy": economy,
        "targets": [
            [outcome_in_words(outcome, economy),
             *(seek.shown(outcome, row[column], economy) for column in ("base_year", "wanted", "found"))]
            for outcome, row in seek.targets(answer)
        ],
        "shares": [
            min(100.0, -100 * row["value"] / row["all_costs"])
            for name, row in answer.unknowns.to_dict("index").items()
            if str(name).startswith("iceberg") and -row["value"] > 0 and row["all_costs"] > 0
        ],
    }  # fmt: skip


def _best(number: int, one: BestResponseResult) -> dict[str, Any]:
    answer = one.answer
    economy = answer.result.economy
    changes = answer.result.countries["real_income_hat"]
    return {
        "anchor": anchor_of("best", number), "title": one.entry.title, "said": tariff_games.best_headline(answer),
        "answer": answer, "economy": economy, "chart": joined_charts.rates(one, f"best-{number}"),
        "rates": answer.rates.sort_values("rate", ascending=False, kind="stable"),
        "ends": [
            (economy.countries[str(code)], float(pct(hat)))
            for code, hat in (*changes.head(GAINERS).items(), *changes.tail(GAINERS).items())
        ],
    }  # fmt: skip


def _ranked(number: int, one: RankingResult) -> dict[str, Any]:
    economy = one.result.economy
    rows = [
        (
            sensitivity.in_words(row, economy),
            BY_NAME[row["instrument"]].step.rpartition(", ")[2],
            row["effect"],
        )
        for row in one.table.to_dict("records")
    ]
    return {
        "anchor": anchor_of("ranking", number), "rows": rows, "unit": sensitivity.unit(one.slopes, economy),
        "outcome": outcome_in_words(parse_outcome(one.entry.of, economy), economy), "economy": economy,
        "scenario": one.result.scenario, "goods": one.entry.sectors == "goods",
    }  # fmt: skip


def _spread(number: int, one: FanResult) -> dict[str, Any]:
    answer = one.answer
    first = answer.outcomes[0]
    papers = {
        load_elasticities(str(name)).label: outcome_number(first, number, 3)
        for name, number in one.papers[first.text].items()
    }
    about = [outcome.codes[-1] for outcome in answer.outcomes]
    told = [code for code in about if code in one.rules.index]
    return {
        "anchor": anchor_of("spread", number), "scenario": answer.scenario, "said": spread_sentence(one),
        "headline": uncertainty.headline(answer), "notes": uncertainty.notes(answer), "answer": answer,
        "rows": [
            (uncertainty.said(answer, outcome), uncertainty.numbers(answer, outcome.text, row))
            for outcome, (_, row) in zip(answer.outcomes, uncertainty.table(answer).iterrows(), strict=True)
        ],
        "outcome": uncertainty.said(answer, first), "fan": joined_charts.fan(one, f"fan-{number}"),
        "shares": joined_charts.shares(one, f"shares-{number}"),
        "rules": one.rules.loc[list(dict.fromkeys(told))], "names": answer.economy.countries,
        "papers": papers,
        "unit": first.unit(answer.economy), "kind": first.kind.word,
        "country": ":".join(first.codes),
    }  # fmt: skip
