"""Verdicts as one self-contained page: a card a statement."""

import datetime
from collections.abc import Sequence
from typing import Any

from entrepot.core.version import package_version
from entrepot.report.kit.html import drawn, page
from entrepot.report.verdicts import charts, summary
from entrepot.statements.findings import DIMENSIONS, in_words
from entrepot.statements.verdict import Verdict, VerdictKind, all_sources

WIDTHS = {"wide": 720, "narrow": 330}
TONES = {
    VerdictKind.ALWAYS: "yes", VerdictKind.NATURALLY: "mixed", VerdictKind.OTHERWISE: "mixed", VerdictKind.NEVER: "no",
    VerdictKind.UNKNOWN: "open",
}  # fmt: skip


def page_html(found: Sequence[Verdict]) -> str:
    """Return the page as text."""
    return page(
        "verdicts.html.j2", statements=found[0].statements, cards=cards(found),
        sources=all_sources(found), version=package_version(),
        today=datetime.datetime.now(tz=datetime.UTC).date(),
    )  # fmt: skip


def cards(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Return what a card of each verdict shows, charts drawn for a desk and for a telephone."""
    return [_card(verdict) for verdict in found]


def _card(verdict: Verdict) -> dict[str, Any]:
    natural, key = verdict.natural, verdict.statement.id
    shown = natural.picture if natural is not None else None
    picture = grid = ""
    if shown is not None and shown.rows:
        picture = drawn(lambda width: charts.picture(shown, width, charts.caption(shown)), f"p-{key}", WIDTHS)
    if verdict.evaluated and len(verdict.findings) > 1:
        grid = drawn(lambda width: charts.grid(verdict, width), f"g-{key}", WIDTHS)
    return {
        "verdict": verdict, "statement": verdict.statement, "natural": natural, "tone": TONES[verdict.outcome],
        "said_on": summary.said_on(verdict), "count": summary.count(verdict), "picture": picture, "grid": grid,
        "caption": charts.caption(shown) if shown is not None else "",
        "natural_words": in_words(natural.reading, verdict.statements) if natural is not None else "",
        "caveats": list(dict.fromkeys(line for one in verdict.sources.values() if one for line in one.caveats)),
        "notes": summary.every_note(verdict), "left_out": summary.left_out(verdict),
        "dimensions": [DIMENSIONS.get(name, name) for name, _ in summary.options_of(verdict)],
        "rows": [
            {"mark": summary.MARKS[finding.holds], "natural": finding.reading.natural,
             "words": in_words(finding.reading, verdict.statements), "said": finding.said,
             "sources": ", ".join(finding.sources)}
            for finding in verdict.findings
        ],
    }  # fmt: skip
