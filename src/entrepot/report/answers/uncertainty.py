"""How sure numbers are, for people: the fan of each outcome, what it comes from: tables, JSON, charts, a page."""

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.errors import InputError
from entrepot.core.outcomes import OUTCOMES
from entrepot.core.version import package_version
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import capital, outcome_in_words, outcome_key, outcome_number, sides, signed
from entrepot.report.result.document import plain, records
from entrepot.study.sampling.uncertainty import BANDS, Uncertainty

if TYPE_CHECKING:
    import altair as alt  # an extra, imported where something is drawn: tables do without it

MOST_ROWS = 12  # of a table or chart; JSON and CSV have all
MOST_INPUTS = 10
NUMBERS = [*BANDS, "default"]


def table(answer: Uncertainty) -> pd.DataFrame:
    """Return the fan as a report shows it: change in per cent for ratios, billions for values; widest first."""
    fan = answer.fan.copy()
    for outcome in answer.outcomes:
        fan.loc[outcome.text, NUMBERS] = outcome.in_unit(fan.loc[outcome.text, NUMBERS].astype(float), answer.economy)
    fan.insert(0, "unit", [outcome.unit(answer.economy) for outcome in answer.outcomes])
    return fan


def outcome_of(answer: Uncertainty, text: str) -> Outcome:
    """Return the outcome that a row of a table is about."""
    return next(outcome for outcome in answer.outcomes if outcome.text == text)


def shown(answer: Uncertainty) -> pd.DataFrame:
    """Return the rows that there is room for: the scenario's own two countries first, then the widest bands."""
    fan = table(answer)
    if len(fan) <= MOST_ROWS:
        return fan
    focus = answer.scenario.focus if answer.scenario else None
    own = [] if focus is None else [f"real_income:{code}" for code in (focus.exporter, focus.importer)]
    first = [outcome for outcome in own if outcome in fan.index]
    widest = (fan["p95"] - fan["p5"]).drop(first).sort_values(ascending=False, kind="stable")
    return fan.loc[[*first, *widest.index[: MOST_ROWS - len(first)]]]


def headline(answer: Uncertainty) -> str:
    """Return the first outcome's fan in one sentence."""
    rows = shown(answer)
    row, outcome = rows.iloc[0], str(rows.index[0])
    if not row["draws"]:
        return f"None of {len(answer.table)} draws has an equilibrium."
    what = "%" if row["unit"] == "change, %" else row["unit"]
    about = outcome_of(answer, outcome)
    at = {name: outcome_number(about, row[name], 3) for name in NUMBERS}
    return (
        f"{said(answer, about)}: half of {row['draws']} draws lie between {at['p25']} and {at['p75']} {what}, nine of "
        f"ten between {at['p5']} and {at['p95']} {what}; the median is {at['median']} {what}, today's value "
        f"{at['default']} {what}; {position(about, row['default'], row['default_at'])}."
    )


def position(outcome: Outcome, default: float, below: float) -> str:
    """Return on which side of a value most draws are: "94 % of the draws are milder".

    Parameters
    ----------
    outcome, default
        What the value is of; the value as reports show it.
    below
        The share of draws below it.
    """
    lower, higher = sides(outcome, default)
    share, side = (below, lower) if below > 0.5 else (1 - below, higher)
    return f"{100 * share:.0f} % of the draws are {side}"


def said(answer: Uncertainty, outcome: Outcome) -> str:
    """Return an outcome at the head of a sentence: "Real income of India"."""
    return capital(_words(answer, outcome.text))


def sources(answer: Uncertainty, outcome: str) -> pd.DataFrame:
    """Return the inputs that an outcome's spread comes from, the largest share first."""
    own = answer.shares[answer.shares["outcome"] == outcome]
    return own.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)


def notes(answer: Uncertainty) -> list[str]:
    """Return what a reader must know: where spreads come from, what is held, what failed, whether shares add up."""
    said_of: dict[str, list[str]] = {}
    for one in answer.inputs:
        said_of.setdefault(one.basis, []).append(one.name)
    found = [f"Spread: {basis} ({_listed(names)})." for basis, names in said_of.items()]
    if answer.held:
        found.append(f"Held, because neither a standard error nor two papers are known: {', '.join(answer.held)}.")
    if len(answer.failed):
        reason = str(answer.failed["problem"].iloc[0])
        found.append(
            f"{len(answer.failed)} of {len(answer.table)} draws have no equilibrium and are in no band ({reason})."
        )
    first = str(shown(answer).index[0])
    part = answer.explained[first]
    if not math.isnan(part):  # where nothing varies
        found.append(
            f"First-order shares stand for {100 * part:.0f} % of the variance of {_words(answer, first)} over the draws"
            + (
                "."
                if 0.8 <= part <= 1.25
                else ": the outcome bends within the spread; see Sobol's indices (--sobol 64)."
            )
        )
    return found


def document(answer: Uncertainty) -> dict[str, Any]:
    """Return the fan, the shares and what was drawn as one JSON document; per cent and billions."""
    return {
        "entrepot": package_version(),
        "scenario": answer.scenario.name if answer.scenario else None,
        "model": answer.study.model.name,
        "deficits": answer.study.deficits,
        "economy": answer.economy.name,
        "elasticities": answer.economy.elasticities.name if answer.economy.elasticities else None,
        "seed": answer.seed,
        "draws": len(answer.table),
        "inputs": [
            {"name": one.name, "spread": str(one.distribution), "basis": one.basis, "asked": one.written}
            for one in answer.inputs
        ],
        "held": list(answer.held),
        "headline": headline(answer),
        "notes": notes(answer),
        "fan": records(table(answer).reset_index()),
        "shares": records(answer.shares),
        "explained": {str(name): plain(value) for name, value in answer.explained.items()},
        "sobol": None if answer.indices is None else records(answer.indices),
        "failed": records(answer.failed),
    }


def sheets(answer: Uncertainty) -> dict[str, pd.DataFrame]:
    """Return the tables of a workbook: the bands, what the spread comes from, every draw."""
    inputs = [{"input": one.name, "spread": str(one.distribution), "basis": one.basis} for one in answer.inputs]
    indices = {} if answer.indices is None else {"Sobol indices": answer.indices}
    return {
        "Quantiles": table(answer).reset_index(), "Variance shares": answer.shares, **indices,
        "Inputs": pd.DataFrame(inputs), "Draws": answer.table.reset_index(),
        **({"Failed draws": answer.failed.reset_index()} if len(answer.failed) else {}),
    }  # fmt: skip


def render(answer: Uncertainty) -> RenderableType:
    """Return what `entrepot uncertainty` prints."""
    rows = shown(answer)
    cells = [
        [_code(str(outcome)), *numbers(answer, str(outcome), row), f"{100 * row['default_at']:.0f}"]
        for outcome, row in rows.iterrows()
    ]
    headings = ["outcome", "5 %", "25 %", "median", "75 %", "95 %", "today", "% below"]
    about = [outcome_of(answer, str(text)) for text in rows.index]
    first = about[0].text
    parts = sources(answer, first).head(MOST_INPUTS)
    of_parts = [
        [row["input"], str(_spread(answer, row["input"])), signed(100 * row["share"], 1).lstrip("+"), row["method"]]
        for row in parts.to_dict("records")
    ]
    title = answer.scenario.title if answer.scenario else "A shock"
    more = len(answer.fan) - len(rows)
    groups: list[RenderableType] = [
        Text(title, style="bold"),
        Text(headline(answer), style="bold"),
        ranked_table("Draws of each outcome", headings, cells),
        Text(outcome_key(about, answer.economy), style="dim"),
        *([Text(f"… {more} more: --json, or name them with --of")] if more else []),
        ranked_table(
            f"What the spread of {_words(answer, first)} comes from",
            ["input", "spread", "share %", "method"],
            of_parts,
        ),
    ]
    if answer.indices is not None:
        own = answer.indices[answer.indices["outcome"] == first]
        lines = [
            [row["input"], *(f"{row[name]:.2f}" for name in ("first", "first_margin", "total", "total_margin"))]
            for row in own.to_dict("records")
        ]
        groups.append(
            ranked_table(
                f"Sobol's indices of {_words(answer, first)}",
                ["input", "first", "+-", "total", "+-"],
                lines,
            )
        )
    return Group(*groups, Text("\n" + " ".join(notes(answer)), style="dim"))


def fan_chart(answer: Uncertainty, width: int, kind: str | None = None) -> "alt.LayerChart":
    """Return the fans of the outcomes of one kind: bands of 90 and 50 %, the median, and today's value as a hollow dot.

    Parameters
    ----------
    answer
        What :func:`entrepot.uncertainty` returned.
    width
        Pixels.
    kind
        As ``real_income``; left out, that of the first outcome: one chart has one unit.

    Raises
    ------
    InputError
        No outcome of that kind was asked for.
    """
    from entrepot.report.kit import charts

    rows = shown(answer)
    kinds = [outcome_of(answer, str(text)).kind for text in rows.index]
    kind = kinds[0].word if kind is None else kind
    own = rows[[one.word == kind for one in kinds]]
    if not len(own):
        raise InputError(f"no outcome {kind!r} was drawn; found {', '.join(map(str, rows.index))}")
    return charts.fan(
        [_name(answer, str(outcome)) for outcome in own.index], own[NUMBERS].reset_index(drop=True), width,
        unit=f"{OUTCOMES[kind].label}, {own['unit'].iloc[0]}",
        label=f"Fans of {OUTCOMES[kind].label} over {len(answer.table)} draws",
        texts=[numbers(answer, str(outcome), row) for outcome, row in own.iterrows()],
    )  # fmt: skip


def share_chart(answer: Uncertainty, width: int) -> "alt.LayerChart":
    """Return the first-order shares of the first outcome as bars, per cent."""
    from entrepot.report.kit import charts

    first = str(shown(answer).index[0])
    parts = sources(answer, first).head(MOST_INPUTS)
    return charts.ranked_bars(
        [_input(answer, name) for name in parts["input"]], list(100 * parts["share"]), width,
        unit="share of variance, %", label=f"What the spread of {_words(answer, first)} comes from", decimals=1,
    )  # fmt: skip


def page_html(answer: Uncertainty) -> str:
    """Return the quantile bands and their sources as a self-contained HTML page."""
    from entrepot.report.kit.html import drawn, page

    rows = shown(answer)
    return page(
        "fans.html.j2",
        title=answer.scenario.title if answer.scenario else "A shock",
        headline=headline(answer),
        charts={
            "fan": drawn(lambda width: fan_chart(answer, width), "fan"),
            "shares": drawn(lambda width: share_chart(answer, width), "shares"),
        },
        rows=[
            (said(answer, outcome_of(answer, str(text))), numbers(answer, str(text), row), row)
            for text, row in rows.iterrows()
        ],
        first=_words(answer, str(rows.index[0])),
        parts=sources(answer, str(rows.index[0])).head(MOST_INPUTS).to_dict("records"),
        spread_of={one.name: str(one.distribution) for one in answer.inputs},
        notes=notes(answer),
        answer=answer,
        version=package_version(),
    )


def _words(answer: Uncertainty, outcome: str) -> str:
    return outcome_in_words(outcome_of(answer, outcome), answer.economy)


def numbers(answer: Uncertainty, outcome: str, row: "pd.Series[Any]") -> list[str]:
    """Return the bands of an outcome as texts."""
    about = outcome_of(answer, outcome)
    return [outcome_number(about, row[name], 3) for name in NUMBERS]


def _name(answer: Uncertainty, outcome: str) -> str:
    """Return the country's name alone where an outcome is about one: the chart's axis says of what."""
    about = outcome_of(answer, outcome)
    return answer.economy.countries.get(":".join(about.codes), said(answer, about))


def _input(answer: Uncertainty, name: str) -> str:
    kind, _, rest = name.partition(":")
    return answer.economy.sectors.get(rest, name) if kind == "theta" else name


def _code(outcome: str) -> str:
    return outcome if len(outcome) <= 22 else f"{outcome[:21]}…"


def _spread(answer: Uncertainty, name: str) -> str:
    return _code(next(str(one.distribution) for one in answer.inputs if one.name == name))


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


@answer_for.register
def _answer(answer: Uncertainty) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=lambda: answer.table,
        page=partial(page_html, answer),
        tables=partial(sheets, answer),
        charts=lambda: {"fan": partial(fan_chart, answer), "shares": partial(share_chart, answer)},
    )
