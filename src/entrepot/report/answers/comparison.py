"""Answers side by side: tables of countries and outcomes by column, JSON, a chart, a page."""

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.version import package_version
from entrepot.equilibrium.result import Result
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import capital, outcome_in_words, signed
from entrepot.report.result.document import assumptions, plain
from entrepot.study.comparison import Comparison

if TYPE_CHECKING:
    import altair as alt  # an extra, imported where something is drawn: tables do without it

MOST_COUNTRIES = 12  # of a terminal's table or a chart; JSON and CSV have all
MOST_DRAWN = 5  # columns of the chart: as many as there are colours
LONGEST = 14  # letters of a title above its column; longer ones are listed above the table
ALL_SAME = 1e-9


def tables(answer: Comparison) -> dict[str, pd.DataFrame]:
    """Return every table by its name: countries by column in per cent and billions, outcomes by column."""
    names = answer.names
    countries, worth = answer.countries, answer.equivalent_variation
    outcomes = answer.shown
    outcomes.insert(0, "unit", [_unit(answer, str(text)) for text in outcomes.index])
    outcomes.insert(0, "what", [_words(answer, str(text)) for text in outcomes.index])
    for table in (countries, worth):
        table.insert(0, "name", [names[str(code)] for code in table.index])
    return {
        "real income, %": countries.reset_index(),
        "equivalent variation, bn": worth.reset_index(),
        "outcomes": outcomes.reset_index(),
    }


def ranked(answer: Comparison, most: int | None = MOST_COUNTRIES) -> pd.DataFrame:
    """Return the change in real income of the countries that gain or lose most money in any column, per cent.

    All of them, in the order of the first column, where `most` is None; merged remainders and small countries with
    large percentages do not push others out.
    """
    table = answer.countries
    if most is not None:
        size = answer.equivalent_variation.abs().max(axis=1).sort_values(ascending=False, kind="stable")
        about = [code for code in _about(answer) if code in table.index]
        table = table.loc[list(dict.fromkeys([*about, *size.index]))[:most]]
    return table.sort_values(answer.titles[0], kind="stable")


def headline(answer: Comparison) -> str:
    """Return the first outcome over the columns, in one sentence."""
    text = answer.outcomes[0]
    row = {title: float(value) for title, value in answer.shown.T[text].dropna().items()}
    low, high = min(row, key=row.__getitem__), max(row, key=row.__getitem__)
    what, unit = capital(_words(answer, text)), _unit(answer, text)
    if row[high] - row[low] <= ALL_SAME * max(1.0, abs(row[low])):
        return f"{what}: {_number(row[low], unit)} in every column."
    return f"{what}: from {_number(row[low], unit)} ({low}) to {_number(row[high], unit)} ({high})."


def document(answer: Comparison) -> dict[str, Any]:
    """Return the columns with what each assumes, countries and outcomes, as one JSON document."""
    return {
        "entrepot": package_version(),
        "headline": headline(answer),
        "columns": [
            {
                "title": title, "scenario": result.scenario.name if result.scenario else None,
                "date": str(result.scenario.date) if result.scenario else None, "assumptions": assumptions(result),
            }
            for title, result in answer.results.items()
        ],
        **{
            name: [
                {str(key): plain(value) for key, value in row.items()} for row in answer_table.to_dict("records")
            ]
            for name, answer_table in zip(
                ("real_income_pct", "equivalent_variation_bn", "outcomes"), tables(answer).values(), strict=True
            )
        },
    }  # fmt: skip


def render(answer: Comparison, every: bool = False) -> RenderableType:
    """Return what `entrepot compare` prints."""
    heads = _heads(answer)
    lettered = list(heads) != list(answer.titles)
    countries = ranked(answer, None if every else MOST_COUNTRIES)
    names = answer.names
    left = len(answer.countries) - len(countries)
    decimals = _decimals(countries)
    rows = [
        [str(code), names[str(code)], *(_cell(value, decimals) for value in row)]
        for code, row in zip(countries.index, countries.to_numpy(), strict=True)
    ]
    outcomes = [
        [
            _words(answer, str(text)),
            _short_unit(answer, str(text)),
            *(_level(answer, str(text), value) for value in row),
        ]
        for text, row in zip(answer.shown.index, answer.shown.to_numpy(), strict=True)
    ]
    return Group(
        *([Text(f"{letter}: {title}") for letter, title in zip(heads, answer.titles, strict=True)] if lettered else []),
        Text(f"\n{headline(answer)}" if lettered else headline(answer), style="bold"),
        ranked_table("Change in real income, %", ["", "country", *heads], rows),
        *([Text(f"… {left} more: --all, --csv or --json")] if left else []),
        ranked_table("Outcomes", ["what moves", "unit", *heads], outcomes),
        Text(f"\n{how(answer)}", style="dim"),
    )


def how(answer: Comparison) -> str:
    """Return what the columns assume: together where it is the same, by column where it is not."""
    said = [assumed(result) for result in answer.results.values()]
    if len(set(said)) == 1:
        return f"All columns: {said[0]}."
    return " ".join(f"{head}: {one}." for head, one in zip(_heads(answer), said, strict=True))


def assumed(result: Result) -> str:
    """Return base year, model, horizon, closure and elasticities of a result in words."""
    table = result.given_economy.elasticities
    parts = [
        result.economy.label,
        ", ".join(dict.fromkeys([result.model.label, result.model.horizon])),
        result.closure.label,
        f"elasticities of {table.label}" if table else "the economy's own elasticities",
    ]
    return "; ".join(parts)


def chart(answer: Comparison, width: int) -> "alt.LayerChart":
    """Return the countries of the short table with a dot for each column, per cent."""
    from entrepot.report.kit import charts

    table, names = ranked(answer), answer.names
    shown = table[list(answer.titles[:MOST_DRAWN])]
    return charts.side_by_side(
        shown.set_axis([names[str(code)] for code in shown.index], axis=0), width,
        unit="change in real income, %", label=f"Change in real income by country: {', '.join(shown.columns)}",
    )  # fmt: skip


def rows(answer: Comparison) -> dict[str, Any]:
    """Return what a page shows of the columns, written out: countries that move most, outcomes, assumptions."""
    shown = ranked(answer)
    decimals = _decimals(shown)
    outcomes = tables(answer)["outcomes"].to_dict("records")
    return {
        "titles": answer.titles,
        "countries": [
            (answer.names[str(code)], [_cell(value, decimals) for value in row])
            for code, row in zip(shown.index, shown.to_numpy(), strict=True)
        ],
        "outcomes": [
            (capital(row["what"]), row["unit"], [_level(answer, row["outcome"], row[title]) for title in answer.titles])
            for row in outcomes
        ],
        "how": how(answer),
    }


def page_html(answer: Comparison) -> str:
    """Return a self-contained HTML page."""
    from entrepot.report.kit.html import drawn, page

    made = tables(answer)
    decimals = _decimals(ranked(answer))
    return page(
        "comparison.html.j2",
        headline=headline(answer),
        scenarios=[(title, *_reference(one)) for title, one in answer.results.items()],
        chart=drawn(partial(chart, answer), "comparison"),
        drawn=answer.titles[:MOST_DRAWN],
        every=[
            (row["name"], [_cell(row[title], decimals) for title in answer.titles])
            for row in made["real income, %"].to_dict("records")
        ],
        **rows(answer),
        version=package_version(),
    )  # fmt: skip


def _reference(result: Result) -> tuple[str, object]:
    """Return the reference of a scenario, and its day where its rules depend on it."""
    scenario = result.scenario
    if scenario is None:
        return "", None
    return scenario.reference, scenario.date if scenario.has_dated_rules else None


def _about(answer: Comparison) -> list[str]:
    """Return the countries that outcomes name."""
    return [code for text in answer.outcomes for code in text.split(":")[1:3]]


def _heads(answer: Comparison) -> list[str]:
    """Return what stands above the columns: the titles, or letters where one is long."""
    if max(map(len, answer.titles)) <= LONGEST:
        return list(answer.titles)
    return [
        chr(ord("A") + number) if len(answer.titles) <= 26 else str(number + 1) for number in range(len(answer.titles))
    ]


def _words(answer: Comparison, text: str) -> str:
    outcome = answer.outcome(text)
    there = answer.values.T[text].dropna().index[0]
    return outcome_in_words(outcome, answer.results[str(there)].economy)


def _unit(answer: Comparison, text: str) -> str:
    outcome = answer.outcome(text)
    if outcome.is_ratio:
        return "change, %"
    return " or ".join(dict.fromkeys(f"{result.economy.currency} billion" for result in answer.results.values()))


def _short_unit(answer: Comparison, text: str) -> str:
    return "%" if answer.outcome(text).is_ratio else _unit(answer, text).replace("billion", "bn")


def _number(value: float, unit: str) -> str:
    return f"{signed(value, 3)} %" if unit == "change, %" else f"{value:,.2f} {unit}"


def _decimals(table: pd.DataFrame) -> int:
    return 3 if float(table.abs().max().max()) < 10 else 2


def _cell(value: float, decimals: int) -> str:
    return "" if pd.isna(value) else signed(float(value), decimals)


def _level(answer: Comparison, text: str, value: float) -> str:
    """Return a change with its sign, a value without a plus."""
    if answer.outcome(text).is_ratio or pd.isna(value):
        return _cell(value, 3)
    return signed(float(value), 2).lstrip("+")


@answer_for.register
def _answer(answer: Comparison, every: bool = False) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer, every),
        table=lambda: tables(answer)["real income, %"],
        page=partial(page_html, answer),
    )
