"""Options against a parameter: where they break even, as sentences, a drawing in letters, a table, a page."""

import datetime
import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.version import package_version
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.sources import sources
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import capital, outcome_in_words, outcome_number
from entrepot.study.trade_off import Crossing, TradeOff

if TYPE_CHECKING:
    import altair as alt  # an extra, imported where something is drawn: tables do without it

WIDTH, HEIGHT, MARGIN = 61, 14, 10  # letters of the drawing


def table(answer: TradeOff) -> pd.DataFrame:
    """Return the curve as a report shows it: per cent change for ratios, billions for values, parameter in per cent."""
    scaled: pd.DataFrame = answer.outcome.in_unit(answer.curve, answer.economy)
    return scaled.set_axis(pd.Index(100 * answer.curve.index, name=f"{answer.parameter}_pct"), axis=0)


def unit(answer: TradeOff) -> str:
    """Return what the outcome is measured in."""
    return answer.outcome.unit(answer.economy)


def headline(answer: TradeOff) -> str:
    """Return which option is better where, in one sentence."""
    what = what_is_compared(answer)
    titles = {name: option.title for name, option in answer.scenario.options.items()}
    low, high = 100 * answer.curve.index[0], 100 * answer.curve.index[-1]
    parameter = answer.scenario.parameters[answer.parameter].what
    sign = answer.scenario.question.sign if answer.scenario.question else 1
    if not answer.crossings:
        best = str((sign * answer.curve.iloc[0]).idxmax())
        return f"For {what}, “{titles[best]}” is better throughout, with {parameter} from {low:g} to {high:g} %."
    first, *others = answer.crossings
    further = "".join(f", and from {100 * one.at:.1f} % “{titles[one.above]}”" for one in others)
    return (
        f"The break-even {parameter} is {100 * first.at:.1f} %: below it “{titles[first.below]}” is better for {what}, "
        f"above it “{titles[first.above]}”{further}."
    )


def robustness(answer: TradeOff) -> str:
    """Return where options break even under the other rules for imbalances, in one sentence."""
    said = []
    for rule, crossings in answer.elsewhere.items():
        where = " and ".join(f"{100 * crossing.at:.1f} %" for crossing in crossings)
        where = f"at {where}" if where else "nowhere"
        said.append(f"{where} with deficits {rule}")
    own = next(iter(answer.results.values())).deficits
    return f"This is with deficits {own}; the options break even {' and '.join(said)}." if said else ""


def render(answer: TradeOff) -> RenderableType:
    """Return what `entrepot simulate` prints for a scenario with options."""
    numbers, scenario = table(answer), answer.scenario
    decimals = decimals_of(numbers)
    rows = [
        [f"{value:.4g} %", *(outcome_number(answer.outcome, float(one), decimals) for one in row)]
        for value, row in zip(numbers.index, numbers.to_numpy(), strict=True)
    ]
    letters = {option: chr(ord("A") + number) for number, option in enumerate(numbers.columns)}
    legend = "; ".join(f"{letters[name]}: {option.title}" for name, option in scenario.options.items())
    title = f"{capital(what_is_compared(answer))}, {unit(answer)}, by {scenario.parameters[answer.parameter].what}"
    return Group(
        Text(f"{scenario.title} ({scenario.date})", style="bold"),
        Text(scenario.reference),
        Text(f"\n{headline(answer)}", style="bold"),
        Text(robustness(answer)),
        Text(f"\n{title}\n", style="bold"),
        Text(drawing(numbers, letters, answer.outcome)),
        Text(f"\n{legend}"),
        ranked_table("In numbers", [answer.parameter, *numbers.columns], rows),
        Text(f"\n{_how(answer)}", style="dim"),
    )


def drawing(numbers: pd.DataFrame, letters: dict[str, str], outcome: Outcome) -> str:
    """Return curves in letters: the parameter to the right, the outcome upwards; `*` where curves meet."""
    low, high = float(numbers.min().min()), float(numbers.max().max())
    span = high - low or 1.0
    canvas = [[" "] * WIDTH for _ in range(HEIGHT)]
    for option, letter in letters.items():
        along = pd.Series(numbers[option].to_numpy(), index=numbers.index)
        for column in range(WIDTH):
            at = numbers.index[0] + (numbers.index[-1] - numbers.index[0]) * column / (WIDTH - 1)
            row = round((HEIGHT - 1) * (high - _between(along, float(at))) / span)
            canvas[row][column] = letter if canvas[row][column] in (" ", letter) else "*"
    lines, decimals = [], decimals_of(numbers)
    for number, cells in enumerate(canvas):
        value = high - span * number / (HEIGHT - 1)
        lines.append(f"{outcome_number(outcome, value, decimals):>{MARGIN}} |{''.join(cells)}".rstrip())
    left, right = f"{numbers.index[0]:g} %", f"{numbers.index[-1]:g} %"
    return "\n".join(
        [*lines, " " * (MARGIN + 1) + "+" + "-" * WIDTH, " " * (MARGIN + 2) + left + right.rjust(WIDTH - len(left))]
    )


def document(answer: TradeOff) -> dict[str, Any]:
    """Return the answer as one JSON document."""
    numbers = table(answer)
    return {
        "entrepot": package_version(),
        "headline": headline(answer),
        "scenario": answer.scenario.model_dump(mode="json", by_alias=True) | {"name": answer.scenario.name},
        "outcome": answer.outcome.text,
        "unit": unit(answer),
        "parameter": answer.parameter,
        "break_even": _crossings(answer.crossings),
        "break_even_under": {rule: _crossings(found) for rule, found in answer.elsewhere.items()},
        "curve": numbers.set_axis(answer.curve.index).reset_index().to_dict("records"),
    }  # fmt: skip


def _crossings(found: tuple[Crossing, ...]) -> list[dict[str, Any]]:
    return [{"at": one.at, "better_below": one.below, "better_above": one.above} for one in found]


def page_html(answer: TradeOff) -> str:
    """Return a self-contained HTML page."""
    from entrepot.report.kit.html import page

    return page("trade_off.html.j2", **_page(answer))


def curve_chart(answer: TradeOff, width: int) -> "alt.LayerChart":
    """Return the outcome of each option over the parameter, with a rule at each break-even."""
    from entrepot.report.kit import charts

    titles = {name: option.title for name, option in answer.scenario.options.items()}
    return charts.curves(
        table(answer).rename(columns=titles), width, y=f"{capital(what_is_compared(answer))}, {unit(answer)}",
        x=f"{answer.scenario.parameters[answer.parameter].what}, %",
        marks=[100 * crossing.at for crossing in answer.crossings], label=headline(answer),
    )  # fmt: skip


def _page(answer: TradeOff) -> dict[str, Any]:
    from entrepot.report.kit.html import drawn

    numbers = table(answer)
    titles = {name: option.title for name, option in answer.scenario.options.items()}
    what = f"{capital(what_is_compared(answer))}, {unit(answer)}"
    result = next(iter(answer.results.values()))
    return {
        "scenario": answer.scenario, "headline": headline(answer),
        "robustness": robustness(answer), "chart": drawn(lambda width: curve_chart(answer, width), "curve"),
        "numbers": numbers, "number": partial(outcome_number, answer.outcome),
        "titles": titles, "what": what, "parameter": answer.scenario.parameters[answer.parameter],
        "decimals": decimals_of(numbers), "economy": answer.economy, "result": result, "how": _how(answer),
        "sources": {name: one for each in answer.results.values() for name, one in sources(each).items()},
        "version": package_version(), "today": datetime.datetime.now(tz=datetime.UTC).date(),
    }  # fmt: skip


def decimals_of(numbers: pd.DataFrame) -> int:
    """Return how many decimals tell the ends of the curves apart to three digits, three at least."""
    span = float(numbers.max().max() - numbers.min().min())
    return 3 if span <= 0 else min(8, max(3, 2 - math.floor(math.log10(span))))


def _between(along: pd.Series, at: float) -> float:
    import numpy as np

    return float(np.interp(at, along.index.to_numpy(dtype=float), along.to_numpy(dtype=float)))


def what_is_compared(answer: TradeOff) -> str:
    """Return the outcome in words: real income of India."""
    return outcome_in_words(answer.outcome, answer.economy)


def _how(answer: TradeOff) -> str:
    result = next(iter(answer.results.values()))
    table_name = answer.economy.elasticities.label if answer.economy.elasticities else "as given"
    size = f"{len(answer.economy.countries)} countries x {len(answer.economy.sectors)} sectors"
    return (
        f"{answer.economy.label}, {size}; {result.model.title}; {result.closure.title}; elasticities "
        f"{table_name}. {len(answer.curve)} points a curve, each an equilibrium of its own; break-even to 1e-8."
    )


@answer_for.register
def _answer(answer: TradeOff) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=lambda: table(answer).reset_index(),
        page=partial(page_html, answer),
        charts=lambda: {"curve": partial(curve_chart, answer)},
    )
