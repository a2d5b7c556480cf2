"""From findings to a verdict: under which readings a claim holds, and what decides it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from entrepot.core.provenance import Provenance
from entrepot.statements.claims import AnyStatement, NotCheckable
from entrepot.statements.findings import DIMENSIONS, Finding, in_words, joined, phrase
from entrepot.statements.readings import Excluded
from entrepot.statements.statement import Statements

OFTEN = 0.5
"""A dimension that does not turn a claim from its natural reading is named where it turns it in this share of pairs."""


class VerdictKind(StrEnum):
    """What can come out."""

    ALWAYS = "holds under every reading"
    NATURALLY = "holds under the natural reading, not under all"
    OTHERWISE = "fails under the natural reading, holds under some"
    NEVER = "fails under every reading"
    UNKNOWN = "cannot be checked"


@dataclass(frozen=True)
class Deciding:
    """A dimension on which the claim turns.

    Attributes
    ----------
    dimension
        Its name.
    holds, fails
        Its values under which the claim holds and fails, everything else as in `given`.
    said
        "true in dollars, false in per cent".
    turns
        In how many of the pairs of readings that differ in nothing else the claim turns, as a share.
    """

    dimension: str
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    said: str
    turns: float


@dataclass(frozen=True, eq=False)
class Verdict:
    """A statement with what every reading of it comes to.

    Attributes
    ----------
    statement, statements
        What was said, and the file it is in.
    outcome
        One of five.
    findings
        One a reading and source, the natural one first; those that could not be evaluated among them.
    excluded
        Combinations that were not read, with the reason.
    deciding
        Dimensions on which the claim turns, the most important first; none where all readings agree.
    sources
        Of the figures, with provenance where it is known.
    """

    statement: AnyStatement
    statements: Statements
    outcome: VerdictKind
    findings: tuple[Finding, ...]
    excluded: tuple[Excluded, ...]
    deciding: tuple[Deciding, ...]
    sources: Mapping[str, Provenance | None]

    @property
    def natural(self) -> Finding | None:
        """The finding under the natural reading."""
        return self.findings[0] if self.findings else None

    @property
    def evaluated(self) -> int:
        """How many readings could be evaluated."""
        return sum(finding.holds is not None for finding in self.findings)

    @property
    def holding(self) -> int:
        """Under how many of these the claim holds."""
        return sum(finding.holds is True for finding in self.findings)

    @property
    def share(self) -> float | None:
        """The share of the readings that could be evaluated under which the claim holds; None where none could."""
        return self.holding / self.evaluated if self.evaluated else None

    @property
    def is_estimate(self) -> bool:
        """Whether it rests on an assumption of the file, not on observations."""
        return self.statement.kind == "estimate"

    @property
    def sentence(self) -> str:
        """What decides, in a sentence."""
        if isinstance(self.statement, NotCheckable):
            return self.statement.reason
        natural = self.natural
        if not self.evaluated:
            return "no reading could be evaluated: " + (natural.said if natural else "there is none")
        if self.deciding:
            first, *others = self.deciding
            return first.said + "".join(f"; {other.said}" for other in others)
        dimensions = [name for name, values in self.statement.readings.given.items() if len(values) > 1]
        names = ", not ".join(DIMENSIONS.get(name, name) for name in dimensions)
        said = f"no definition changes it: not {names}" if dimensions else "there is one reading only"
        if natural is not None and natural.holds is None:
            return f"the natural reading could not be evaluated: {natural.said}"
        return said


def all_sources(verdicts: Sequence[Verdict]) -> dict[str, Provenance | None]:
    """Return every source behind some verdicts, by name."""
    return {name: source for verdict in verdicts for name, source in verdict.sources.items()}


def outcome_of(findings: tuple[Finding, ...]) -> VerdictKind:
    """Return which of five a list of findings, the natural one first, comes to.

    A reading that could not be evaluated counts neither as true nor as false; where it is the natural one, the claim
    cannot be checked.
    """
    truths = [finding.holds for finding in findings if finding.holds is not None]
    if not truths or findings[0].holds is None:
        return VerdictKind.UNKNOWN
    if all(truths):
        return VerdictKind.ALWAYS
    if not any(truths):
        return VerdictKind.NEVER
    return VerdictKind.NATURALLY if findings[0].holds else VerdictKind.OTHERWISE


def deciding(findings: tuple[Finding, ...], statements: Statements) -> tuple[Deciding, ...]:
    """Return the dimensions on which the claim turns, those that turn it from the natural reading first.

    Then those that turn it elsewhere, in half of the pairs or more, with the condition. Where only several steps
    together turn it, these are named together.
    """
    truths = {True, False} & {finding.holds for finding in findings}
    if len(truths) < 2:
        return ()
    known = [finding for finding in findings if finding.holds is not None]
    dimensions = [name for name in _dimensions(known) if len({_value(f, name) for f in known}) > 1]
    found: list[Deciding] = []
    for around in sorted(known, key=lambda finding: (_steps(findings[0], finding), known.index(finding))):
        step = []
        for name in dimensions:
            line = [finding for finding in known if _apart(around, finding) <= {name}]
            if all(one.dimension != name for one in found) and {finding.holds for finding in line} == {True, False}:
                one = _decides(name, line, findings[0], around, known, statements)
                if not found or one.turns >= OFTEN:
                    step.append(one)
        found += sorted(step, key=lambda one: (-one.turns, dimensions.index(one.dimension)))
    return tuple(found) or (_together(findings[0], known, statements),)


def _decides(
    name: str, line: list[Finding], natural: Finding, around: Finding, known: list[Finding], statements: Statements
) -> Deciding:
    pairs = [(a, b) for i, a in enumerate(known) for b in known[i + 1 :] if _apart(a, b) == {name}]
    turns = sum(a.holds is not b.holds for a, b in pairs) / max(len(pairs), 1)
    sides = {
        truth: list(dict.fromkeys(_value(finding, name) for finding in line if finding.holds is truth))
        for truth in (True, False)
    }
    words = {
        truth: joined([_alone(name, phrase(name, value, around.reading, statements)) for value in values])
        for truth, values in sides.items()
    }
    where = _apart(natural, around) - {name}
    condition = f"{in_words(around.reading, statements, where)}: " if where else ""
    said = f"{condition}true {words[True]}, false {words[False]}"
    return Deciding(name, tuple(sides[True]), tuple(sides[False]), said, turns)


def _together(natural: Finding, known: list[Finding], statements: Statements) -> Deciding:
    """Return what differs between the natural reading and the nearest one that says the opposite."""
    others = [finding for finding in known if finding.holds is not natural.holds]
    nearest = min(others, key=lambda finding: _steps(natural, finding))
    names = _apart(natural, nearest)
    first, second = (in_words(f.reading, statements, names) for f in (natural, nearest))
    true, false = (first, second) if natural.holds else (second, first)
    return Deciding(" and ".join(sorted(names)), (true,), (false,), f"true {true}, false {false}", 1.0)


def _dimensions(findings: list[Finding]) -> list[str]:
    return list(dict.fromkeys(name for finding in findings for name in finding.reading.options))


def _value(finding: Finding, name: str) -> str:
    """Return the value of a dimension; a reading that names no source has that of its figures."""
    default = finding.sources[0] if name == "source" and finding.sources else ""
    return finding.reading.get(name, default)


def _apart(one: Finding, other: Finding) -> set[str]:
    """Return the dimensions in which two readings differ."""
    options, others = one.reading.options, other.reading.options
    return {name for name in {*options, *others} if options.get(name) != others.get(name)}


def _steps(natural: Finding, finding: Finding) -> int:
    return len(_apart(natural, finding))


def _alone(name: str, words: str) -> str:
    """Return "for exports alone" for "for exports", which is one side of trade."""
    return f"{words} alone" if name == "flow" and "two-way" not in words else words
