"""Verdicts on the terminal and for machines."""

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import Provenance
from entrepot.core.version import package_version
from entrepot.report.kit.wording import capital
from entrepot.statements.findings import Finding, in_words
from entrepot.statements.statement import Statements
from entrepot.statements.verdict import Verdict, VerdictKind, all_sources

MARKS = {True: "holds", False: "fails", None: "open"}
STYLES = {
    VerdictKind.ALWAYS: "bold green", VerdictKind.NATURALLY: "bold yellow", VerdictKind.OTHERWISE: "bold yellow",
    VerdictKind.NEVER: "bold red", VerdictKind.UNKNOWN: "bold dim",
}  # fmt: skip


def chosen(verdicts: Sequence[Verdict], name: str) -> Verdict:
    """Return the verdict on one statement.

    Raises
    ------
    UnknownLabel
        No statement of that name.
    """
    known = [verdict.statement.id for verdict in verdicts]
    if name not in known:
        raise UnknownLabel(f"no statement {name!r}{nearest(name, known) or f'; there are {chr(44).join(known)}'}")
    return verdicts[known.index(name)]


def render(verdicts: Sequence[Verdict]) -> RenderableType:
    """Return what `entrepot check` prints: a paragraph a statement, then the sources with their caveats."""
    statements = verdicts[0].statements
    parts: list[RenderableType] = [
        Text(statements.title, style="bold"),
        Text(statements.reference),
        *([Text(f"\n{statements.summary}", style="dim")] if statements.summary else []),
    ]
    for verdict in verdicts:
        parts += [Text(""), _heading(verdict), Padding(_body(verdict), (0, 0, 0, 2))]
    return Group(*parts, Text("\nSources", style="bold"), *_sources(all_sources(verdicts)))


def explanation(verdict: Verdict) -> RenderableType:
    """Return what `--explain` prints: every reading, the natural one first, and what was left out, with why."""
    rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for heading in ("", "reading", "numbers"):
        rows.add_column(heading, overflow="fold")
    differing = {name for name, _ in options_of(verdict)}
    for finding in verdict.findings:
        mark = MARKS[finding.holds] + (", natural" if finding.reading.natural else "")
        words = in_words(finding.reading, verdict.statements, differing) or "the only one"
        rows.add_row(mark, words, capital(finding.said))
    parts: list[RenderableType] = [_heading(verdict), Padding(_body(verdict), (0, 0, 1, 2))]
    if verdict.findings:
        parts.append(rows)
    notes = every_note(verdict)
    if notes:
        parts += [Text("\nTo know", style="bold"), *(Text(f"- {capital(note)}") for note in notes)]
    if verdict.excluded:
        parts += [Text("\nNot read", style="bold"), *(Text(f"- {line}") for line in left_out(verdict))]
    return Group(*parts, Text("\nSources", style="bold"), *_sources(verdict.sources))


def document(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return the verdicts as one JSON document."""
    statements = verdicts[0].statements
    return {
        "entrepot": package_version(),
        "name": statements.name,
        "title": statements.title,
        "reference": statements.reference,
        "date": str(statements.date),
        "statements": [_record(verdict) for verdict in verdicts],
        "sources": {
            name: source.model_dump(mode="json") if source else None for name, source in all_sources(verdicts).items()
        },
    }


def count(verdict: Verdict) -> str:
    """Return "holds under 4 of 6 readings, 2 more have no figures"; blank where nothing is read."""
    if not verdict.findings:
        return ""
    unread = len(verdict.findings) - verdict.evaluated
    more = f"; {unread} more could not be evaluated" if unread else ""
    share = "" if verdict.share is None else f" ({100 * verdict.share:.0f}\N{NO-BREAK SPACE}%)"
    return f"holds under {verdict.holding} of {verdict.evaluated} readings{share}{more}"


def said_on(verdict: Verdict) -> datetime.date:
    """Return the day a statement was made."""
    return verdict.statement.date or verdict.statements.date


def every_note(verdict: Verdict) -> list[str]:
    """Return what a reader must know about the readings, each note once."""
    return list(dict.fromkeys(note for finding in verdict.findings for note in finding.notes))


def left_out(verdict: Verdict) -> list[str]:
    """Return the combinations that were not read, by reason."""
    by_reason: dict[str, int] = {}
    for excluded in verdict.excluded:
        by_reason[excluded.because] = by_reason.get(excluded.because, 0) + 1
    return [f"{number} combination{'s' if number > 1 else ''}: {reason}" for reason, number in by_reason.items()]


def options_of(verdict: Verdict) -> list[tuple[str, list[str]]]:
    """Return the dimensions in which readings differ, each with its values in the order of the file."""
    found: dict[str, list[str]] = {}
    for finding in verdict.findings:
        for name in [*finding.reading.options, "source"]:
            value = option_of(finding, name)
            if value and value not in found.setdefault(name, []):
                found[name].append(value)
    given = verdict.statement.readings.given
    ordered = {name: [v for v in given.get(name, ()) if v in values] or values for name, values in found.items()}
    named = any("source" in finding.reading.options for finding in verdict.findings)
    return [(name, values) for name, values in ordered.items() if len(values) > 1 and (name != "source" or named)]


def option_of(finding: Finding, name: str) -> str:
    """Return the value of a dimension in a reading; a reading that names no source has that of its figures."""
    if name == "source" and name not in finding.reading.options:
        return finding.sources[0] if finding.sources else ""
    return finding.reading.get(name, "")


def _heading(verdict: Verdict) -> Text:
    outcome = f"{verdict.outcome}{' (an estimate)' if verdict.is_estimate else ''}"
    return Text.assemble((verdict.statement.id, "bold"), "  ", (outcome.upper(), STYLES[verdict.outcome]))


def _body(verdict: Verdict) -> RenderableType:
    statement, natural = verdict.statement, verdict.natural
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column(overflow="fold")
    rows.add_row("claim", f"{statement.claim} ({capital(statement.speaker)}, {said_on(verdict)})")
    if natural is not None:
        rows.add_row("natural", f"{capital(in_words(natural.reading, verdict.statements))}: {natural.said}")
        rows.add_row("readings", count(verdict))
        rows.add_row("decides", capital(verdict.sentence))
        for note in natural.notes:
            rows.add_row("note", capital(note))
    else:
        rows.add_row("why", capital(verdict.sentence))
    if statement.note:
        rows.add_row("note", statement.note)
    if statement.scenario:
        rows.add_row("computes", f"entrepot simulate {statement.scenario}")
    if verdict.sources:
        rows.add_row("source", ", ".join(verdict.sources))
    return rows


def _sources(sources: Mapping[str, Provenance | None]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for name, source in sources.items():
        if source is None:
            parts.append(Text(f"{name}: a file of one's own, without a sidecar"))
            continue
        parts.append(Text.assemble((name, "bold"), f": {source.source} {source.licence}"))
        parts += [Padding(Text(f"- {caveat}", style="dim"), (0, 0, 0, 2)) for caveat in source.caveats]
    return parts or [Text("none: nothing here is decided by figures")]


def _record(verdict: Verdict) -> dict[str, Any]:
    statement = verdict.statement
    return {
        "id": statement.id,
        "speaker": statement.speaker,
        "date": str(said_on(verdict)),
        "claim": statement.claim,
        "kind": statement.kind,
        "note": statement.note,
        "scenario": statement.scenario,
        "verdict": verdict.outcome.value,
        "is_estimate": verdict.is_estimate,
        "decides": verdict.sentence,
        "share": verdict.share,
        "holding": verdict.holding,
        "evaluated": verdict.evaluated,
        "deciding": [
            {"dimension": one.dimension, "holds": one.holds, "fails": one.fails, "said": one.said, "turns": one.turns}
            for one in verdict.deciding
        ],
        "readings": [_reading(finding, verdict.statements) for finding in verdict.findings],
        "excluded": [{"options": dict(one.options), "because": one.because} for one in verdict.excluded],
        "sources": list(verdict.sources),
    }


def _reading(finding: Finding, statements: Statements) -> dict[str, Any]:
    return {
        "natural": finding.reading.natural,
        "options": dict(finding.reading.options),
        "in_words": in_words(finding.reading, statements),
        "holds": finding.holds,
        "said": finding.said,
        "numbers": {name: value if math.isfinite(value) else None for name, value in finding.numbers.items()},
        "unit": finding.unit,
        "gap": finding.gap,
        "sources": list(finding.sources),
        "notes": list(finding.notes),
    }
