"""The range of a number over models, closures, elasticities and horizons: a sentence, a strip of members, tables."""

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.version import package_version
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.model.models import LONG_RUN, YEARS_2_3
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import (
    MINUS,
    NO_BREAK,
    capital,
    joined,
    outcome_in_words,
    sides,
    signed,
    span,
    span_decimals,
)
from entrepot.report.result.document import plain, records
from entrepot.study.ensemble import DEFAULT_MEMBER, PROBLEM, Ensemble

if TYPE_CHECKING:
    from markupsafe import Markup

EDGE = 0.75  # of the other members on one side: then the sentence says which side
MOST_OUTCOMES = 3  # columns of the terminal's table
MOST_NAMED = 3  # members whose sign differs, named in the sentence
LETTERS = 48  # of the strip on a terminal
STRIP_WIDTH, STRIP_HEIGHT, MARGIN = 320, 46, 10  # pixels of the strip
EVIDENCE = "Evidence for the size at each horizon: entrepot backtest tariff-war-us-from-china, and docs/backtests.md."
INK, FAINT, ACCENT = "#26241f", "#6f6a60", "#1c5d99"


def range_text(answer: Ensemble, outcome: str) -> str:
    """Return the range over the members with its unit: "−0.40 to −0.20 %"."""
    low, high = answer.range(outcome)
    if answer.outcome(outcome).is_ratio:
        return span(low, high)
    return f"{answer.economy.currency} {span(low, high, 'billion', plain=low >= 0)}"


def range_sentence(answer: Ensemble, outcome: str) -> str:
    """Return the range of an outcome in one or two sentences, and where the default sits in it.

    Parameters
    ----------
    answer
        What :func:`entrepot.ensemble` returned.
    outcome
        A text that it was asked for, as ``real_income:IND``.
    """
    asked, values = answer.outcome(outcome), answer.shown(outcome).dropna()
    low, high = answer.range(outcome)
    what = capital(outcome_in_words(asked, answer.economy))
    over = f"over {len(values)} combinations of model, horizon, closure and elasticities"
    plural = asked.kind.phrase.endswith("s")
    if not asked.is_ratio:
        said = f"{what}: {range_text(answer, outcome)} {over}"
    elif low >= 0 or high <= 0:
        verb = ("rise" if low >= 0 else "fall") + ("" if plural else "s")
        said = f"{what} {verb} by {span(low, high, plain=True)} {over}"
    else:
        said = f"{what} {'change' if plural else 'changes'} by {range_text(answer, outcome)} {over}"
    position = _position(answer, asked, values)
    return f"{said}; {position}.{_by_horizon(answer, outcome)}{_sign(answer, asked, values)}{_failed(answer)}"


def by_horizon(answer: Ensemble, outcome: str) -> dict[str, float]:
    """Return an outcome by horizon, as reports show it: the default, and the member that differs in the horizon alone.

    Empty where no member has another horizon, or it has no equilibrium.
    """
    members = answer.members
    default = members.loc[DEFAULT_MEMBER]
    alike = members["horizon"] != default["horizon"]
    for assumption in ("closure", "elasticities"):
        alike &= members[assumption].fillna("") == (default[assumption] or "")
    values = answer.shown(outcome)
    others = values[alike].dropna()
    if not len(others):
        return {}
    both = {str(default["horizon"]): float(values[DEFAULT_MEMBER])}
    both[str(members.at[others.index[0], "horizon"])] = float(others.iloc[0])
    return {horizon: both[horizon] for horizon in (YEARS_2_3, LONG_RUN) if horizon in both}


def _by_horizon(answer: Ensemble, outcome: str) -> str:
    """Return the outcome at each horizon: " In years 2 to 3 −0.36 %, in the long run −0.22 %."."""
    said = [
        f"in {'the ' if horizon == LONG_RUN else ''}{horizon} {_number(answer, outcome, value)}"
        for horizon, value in by_horizon(answer, outcome).items()
    ]
    return f" {capital(', '.join(said))}." if said else ""


def _position(answer: Ensemble, outcome: Outcome, values: pd.Series) -> str:
    """Return where the default sits: "9 of 12 other members are more severe than the default, −0.22 %"."""
    below, _, above = answer.others(outcome.text)
    own, rest = float(values[DEFAULT_MEMBER]), len(values) - 1
    default = _number(answer, outcome.text, own)
    lower, higher = sides(outcome, own)
    count, side = (below, lower) if below > above else (above, higher)
    if not rest or count < EDGE * rest:
        return f"the default is {default}"
    return f"{count} of {rest} other members are {side} than the default, {default}"


def _sign(answer: Ensemble, outcome: Outcome, values: pd.Series) -> str:
    """Return that the sign is open, and which members turn it; blank where it is not."""
    if not outcome.is_ratio:
        return ""
    own = float(values[DEFAULT_MEMBER])
    other = values[values * own < 0]
    if not len(other):
        return ""
    named = [f"“{title}”" for title in other.index[:MOST_NAMED]]
    named += [f"{len(other) - MOST_NAMED} more"] if len(other) > MOST_NAMED else []
    return f" The sign is open: it {'rises' if own < 0 else 'falls'} under {joined(named)}."


def _failed(answer: Ensemble) -> str:
    if not len(answer.failed):
        return ""
    count = len(answer.failed)
    return f" {count} further {'member has' if count == 1 else 'members have'} no result."


def strip_svg(answer: Ensemble, outcome: str, width: int = STRIP_WIDTH) -> "Markup":
    """Return the members as a strip: a dot each, the default as a diamond, both ends in numbers.

    Parameters
    ----------
    answer, outcome
        As for `range_sentence`.
    width
        Pixels of the view box; the drawing scales with its container.
    """
    from markupsafe import Markup, escape

    values, (low, high) = answer.shown(outcome).dropna(), answer.range(outcome)
    ends = [_number(answer, outcome, one) for one in (low, high)]
    scale = (width - 2 * MARGIN) / (high - low) if high > low else 0.0

    def place(value: float) -> str:
        return f"{MARGIN + (value - low) * scale if scale else width / 2:.1f}"

    dots = [
        f'<circle cx="{place(value)}" cy="16" r="4" fill="{ACCENT}" fill-opacity="0.55">'
        f"<title>{escape(title)}: {_number(answer, outcome, value)}</title></circle>"
        for title, value in values.items()
        if title != DEFAULT_MEMBER
    ]
    own = float(values[DEFAULT_MEMBER])
    x = float(place(own))
    zero = (
        f'<line x1="{place(0.0)}" y1="4" x2="{place(0.0)}" y2="28" stroke="{FAINT}" stroke-dasharray="2 2"/>'
        if low < 0 < high
        else ""
    )
    texts = [(MARGIN, "start", ends[0]), (width - MARGIN, "end", ends[-1])] if high > low else []
    return Markup(
        f'<svg class="strip" viewBox="0 0 {width} {STRIP_HEIGHT}" role="img" '
        f'aria-label="{escape(f"{len(values)} members, {range_text(answer, outcome)}")}">'
        f'<line x1="{MARGIN}" y1="16" x2="{width - MARGIN}" y2="16" stroke="{FAINT}" stroke-width="0.8"/>{zero}'
        f"{''.join(dots)}"
        f'<path d="M{x - 6:.1f} 16 L{x:.1f} 10 L{x + 6:.1f} 16 L{x:.1f} 22 Z" fill="#ffffff" stroke="{INK}" '
        f'stroke-width="1.6"><title>{DEFAULT_MEMBER}: {_number(answer, outcome, own)}</title></path>'
        + "".join(
            f'<text x="{at}" y="40" text-anchor="{anchor}" font-size="11" fill="{FAINT}">{text}</text>'
            for at, anchor, text in texts
        )
        + "</svg>"
    )


def ranges(answer: Ensemble | None) -> "list[tuple[str, Markup]]":
    """Return the range of each outcome as a sentence and a strip; nothing where there is no ensemble."""
    if answer is None:
        return []
    return [(range_sentence(answer, one.text), strip_svg(answer, one.text)) for one in answer.outcomes]


def strip_text(answer: Ensemble, outcome: str) -> str:
    """Return the members on one line of a terminal: a letter o each, D the default."""
    values, (low, high) = answer.shown(outcome).dropna(), answer.range(outcome)
    cells = ["-"] * LETTERS
    for title, value in [*values.drop(DEFAULT_MEMBER).items(), (DEFAULT_MEMBER, values[DEFAULT_MEMBER])]:
        at = round((LETTERS - 1) * (value - low) / (high - low)) if high > low else LETTERS // 2
        cells[at] = "D" if title == DEFAULT_MEMBER else "o"
    return f"{_bare(answer, outcome, low)} {''.join(cells)} {_bare(answer, outcome, high)}"


def table(answer: Ensemble) -> pd.DataFrame:
    """Return one row a member: what it assumes, and the outcomes in per cent or billions."""
    shown = pd.DataFrame({outcome.text: answer.shown(outcome.text) for outcome in answer.outcomes})
    return pd.concat([answer.members, shown], axis=1).rename_axis("member").reset_index()


def document(answer: Ensemble) -> dict[str, Any]:
    """Return the ensemble as one JSON document; per cent and billions."""
    return {
        "entrepot": package_version(),
        "scenario": answer.scenario.name if answer.scenario else None,
        "economy": answer.economy.name,
        "seconds": round(answer.seconds, 3),
        "compile_seconds": round(answer.compile_seconds, 3),
        "outcomes": [_outcome(answer, outcome) for outcome in answer.outcomes],
        "members": records(table(answer)),
    }


def _outcome(answer: Ensemble, outcome: Outcome) -> dict[str, Any]:
    low, high = answer.range(outcome.text)
    below, equal, above = answer.others(outcome.text)
    return {
        "outcome": outcome.text, "unit": outcome.unit(answer.economy),
        "default": plain(float(answer.shown(outcome.text)[DEFAULT_MEMBER])), "low": plain(low), "high": plain(high),
        "below": below, "equal": equal, "above": above,
        "by_horizon": {horizon: plain(value) for horizon, value in by_horizon(answer, outcome.text).items()},
        "sentence": range_sentence(answer, outcome.text),
    }  # fmt: skip


def render(answer: Ensemble) -> RenderableType:
    """Return what a terminal shows: the sentence and the strip of each outcome, then the members."""
    scenario, shown = answer.scenario, answer.outcomes[:MOST_OUTCOMES]
    rows = [
        [
            row["member"],
            *("none" if row[PROBLEM] else _bare(answer, outcome.text, row[outcome.text]) for outcome in shown),
        ]
        for row in table(answer).to_dict("records")
    ]
    more = len(answer.outcomes) - len(shown)
    units = " or ".join(dict.fromkeys(outcome.unit(answer.economy) for outcome in shown))
    return Group(
        *([Text(f"{scenario.title} ({scenario.date})", style="bold")] if scenario else []),
        *(brief_render(answer, outcome.text) for outcome in shown),
        ranked_table(f"Members, {units}", ["member", *(_heading(outcome) for outcome in shown)], rows),
        *([Text(f"… {more} more outcomes: --csv or --json")] if more else []),
        Text(f"\n{how(answer)}", style="dim"),
    )


def brief_render(answer: Ensemble, outcome: str) -> RenderableType:
    """Return the sentence and the strip of one outcome for a terminal."""
    return Group(Text(range_sentence(answer, outcome)), Text(f"  {strip_text(answer, outcome)}"))


def how(answer: Ensemble) -> str:
    """Return what was solved, what failed and why, and how long it took."""
    said = [f"{len(answer.members)} equilibria in {answer.seconds:.1f} s"]
    if answer.compile_seconds >= 0.1:
        said.append(f" ({answer.compile_seconds:.1f} s of work on compiling, once for each model)")
    failed = [f" {capital(str(title))}: no result ({problem})." for title, problem in answer.failed.items()]
    return "".join(
        [
            *said,
            ". One assumption at a time differs from the default, two at the ends of years 2 to 3. A range over "
            f"assumptions is no confidence interval: `entrepot uncertainty` draws elasticities. {EVIDENCE}",
            *failed,
        ]
    )


def page_html(answer: Ensemble) -> str:
    """Return a self-contained HTML page."""
    from entrepot.report.kit.html import page

    shown = table(answer)
    return page(
        "ensemble.html.j2",
        title=answer.scenario.title if answer.scenario else "A change in policy",
        parts=[
            (range_sentence(answer, one.text), strip_svg(answer, one.text))
            for one in answer.outcomes[: 2 * MOST_OUTCOMES]
        ],
        headings=[_heading_with_unit(answer, one) for one in answer.outcomes],
        rows=[
            (row["member"], row[PROBLEM], [row[one.text] for one in answer.outcomes])
            for row in shown.to_dict("records")
        ],
        how=how(answer),
        version=package_version(),
    )


def _bare(answer: Ensemble, outcome: str, value: float) -> str:
    """Return a value without its unit."""
    text = signed(value, span_decimals(*answer.range(outcome)))
    return text if answer.outcome(outcome).is_ratio else text.lstrip("+")


def _number(answer: Ensemble, outcome: str, value: float) -> str:
    """Return a value with the decimals of its range: "−0.223 %", "USD 25.2 billion"."""
    decimals = span_decimals(*answer.range(outcome))
    if answer.outcome(outcome).is_ratio:
        return f"{signed(value, decimals)}{NO_BREAK}%"
    minus = "" if value >= 0 else MINUS
    return f"{answer.economy.currency} {minus}{abs(value):,.{decimals}f}{NO_BREAK}billion"


def _heading(outcome: Outcome) -> str:
    names = " to ".join(outcome.codes[:2]) if outcome.kind.between == "to" else " ".join(outcome.codes)
    return f"{outcome.kind.label} {names}"


def _heading_with_unit(answer: Ensemble, outcome: Outcome) -> str:
    return f"{_heading(outcome)}, {'%' if outcome.is_ratio else answer.economy.currency + ' bn'}"


@answer_for.register
def _answer(answer: Ensemble) -> Answer:
    return Answer(
        document=partial(document, answer),
        render=partial(render, answer),
        table=partial(table, answer),
        page=partial(page_html, answer),
    )
