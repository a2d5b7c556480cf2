"""Every reading of every statement on the facts: the door to verdicts."""

from collections.abc import Iterator, Sequence
from functools import cache

from entrepot.core.errors import InputError, InvalidDocument, UnknownLabel, nearest
from entrepot.core.provenance import Provenance
from entrepot.data.documents import Place
from entrepot.data.facts import Facts, load_facts
from entrepot.statements.asked import Asked
from entrepot.statements.claims import (
    EACH,
    AnyStatement,
    ComparisonClaim,
    Estimate,
    Figured,
    NotCheckable,
    Ranking,
    RateInForce,
)  # fmt: skip
from entrepot.statements.estimate import evaluate_estimate
from entrepot.statements.evaluation import evaluate
from entrepot.statements.figures import Figures
from entrepot.statements.findings import Finding, missing, product_name
from entrepot.statements.rates import Duties, evaluate_rate
from entrepot.statements.readings import Reading, readings
from entrepot.statements.statement import Statements
from entrepot.statements.verdict import Verdict, VerdictKind, deciding, outcome_of


def check(statements: Statements, facts: Facts | None = None) -> list[Verdict]:
    """Return a verdict for every statement: under which readings it holds, and what decides.

    Parameters
    ----------
    statements
        From :func:`entrepot.load_statements`.
    facts
        From :func:`entrepot.load_facts`; left out, the shipped ones.

    Returns
    -------
    list
        One verdict a statement, in the order of the file.

    Raises
    ------
    UnknownLabel
        A partner, product, source, authority or class of goods that no fact or act has; every problem at once.
    UnitClash
        Amounts in different units would have to be added or compared.
    """
    facts = load_facts() if facts is None else facts
    problems = list(_unknown(statements, facts))
    if problems:
        raise UnknownLabel("\n".join(problems))
    figures = Figures(facts, statements.blocs)
    verdicts = []
    wrong: list[InputError] = []
    for number, statement in enumerate(statements.statements):
        place: Place = ("statements", number, "readings")
        try:
            verdicts.append(_verdict(statement, statements, figures, facts))
        except InputError as error:
            wrong.append(type(error)(statements.located(place, error)))
    if len(wrong) > 1:
        raise InvalidDocument("\n".join(str(error) for error in wrong))
    if wrong:
        raise wrong[0]
    return verdicts


def _verdict(statement: AnyStatement, statements: Statements, figures: Figures, facts: Facts) -> Verdict:
    if isinstance(statement, NotCheckable):
        return Verdict(statement, statements, VerdictKind.UNKNOWN, (), (), (), {})
    kept, excluded = readings(statement.readings, statement.exclude)
    if isinstance(statement, RateInForce):
        duties = Duties(statements.schedules[statement.schedule], statement.origin)
        found = tuple(
            evaluate_rate(statement, reading, duties, statements.name_of(statement.origin)) for reading in kept
        )
        known: dict[str, Provenance | None] = duties.sources
    else:
        found = tuple(finding for reading in kept for finding in _by_source(statement, reading, statements, figures))
        known = dict(facts.sources)
    used = dict.fromkeys(name for finding in found for name in finding.sources)
    return Verdict(
        statement, statements, outcome_of(found), found, tuple(excluded), deciding(found, statements),
        {name: known.get(name) for name in used},
    )  # fmt: skip


def _by_source(statement: Figured, reading: Reading, statements: Statements, figures: Figures) -> list[Finding]:
    """Return what each source with the figures says: side by side, never averaged, the first of them as it is."""
    named = reading.options.get("source")
    sources = figures.sources if named is None else [named] if named in figures.sources else []
    found: list[Finding] = []
    for source in sources:
        mine = reading if not found or named is not None else reading.on_another(source)
        asked = Asked(statement, mine, figures, source, statements)
        finding = evaluate_estimate(asked) if isinstance(statement, Estimate) else evaluate(asked)
        if finding.holds is not None or named is not None or _has_the_subject(asked):
            found.append(finding)
    if found:
        return found
    asked = Asked(statement, reading, figures, "", statements)
    chosen = asked.selection(reading["period"])
    whose = "anybody" if chosen.reporter == EACH else statements.name_of(chosen.reporter)
    years = " and ".join(reading[name] for name in ("base", "period") if name in reading.options)
    knowing = figures.knows(chosen)
    if knowing:
        what = f"{product_name(reading['product'])} with {statements.name_of(asked.partner)} in {years}"
        return [missing(reading, f"{' and '.join(knowing)} list{'s' if len(knowing) == 1 else ''} no {what}")]
    return [missing(reading, f"no source has {product_name(reading['product'])} of {whose} in {years}")]


def _has_the_subject(asked: Asked) -> bool:
    """Return whether a source that could not evaluate a reading has a figure for what it is about."""
    chosen = asked.selection(asked.reading["period"])
    if chosen.reporter == EACH:
        return bool(asked.figures.amounts(asked.source, chosen).of)
    return asked.one(asked.reading["period"])[0] is not None


def _unknown(statements: Statements, facts: Facts) -> Iterator[str]:
    """Yield what statements name that neither these facts nor the shipped ones have: it is misspelt, not missing."""

    def strange(what: str, word: str, columns: Sequence[str], further: Sequence[str] = ()) -> str:
        known = {*further, *(label for column in columns for label in facts.labels(column))}
        if word in known or word in (known := known | _shipped_labels(tuple(columns))):
            return ""
        return f"no {what} {word!r} in the facts{nearest(word, sorted(known))}; `entrepot facts` lists what there is"

    partners = ("partner", "reporter")
    for code, bloc in statements.blocs.items():
        for member in bloc.members:
            if problem := strange("partner", member, partners):
                yield statements.located(("blocs", code, "members"), problem)
    for number, statement in enumerate(statements.statements):
        if not isinstance(statement, Figured):
            continue
        place: Place = ("statements", number)
        for where, word in _partners(statement):
            if problem := strange("partner", word, partners, list(statements.blocs)):
                yield statements.located((*place, *where), problem)
        for name, word in _words(statement):
            if problem := strange(name, word, [name]):
                yield statements.located((*place, "readings", name), problem)


@cache
def _shipped_labels(columns: tuple[str, ...]) -> frozenset[str]:
    shipped = load_facts()
    return frozenset(label for column in columns for label in shipped.labels(column))


def _words(statement: Figured) -> Iterator[tuple[str, str]]:
    given = statement.readings.given
    for name in ("product", "unit", "source"):
        for written in given.get(name, ()):
            for word in written.split("+") if name == "product" else [written]:
                yield name, word.strip()


def _partners(statement: Figured) -> Iterator[tuple[Place, str]]:
    yield ("who",), statement.who
    if statement.reporter is not None:
        yield ("reporter",), statement.reporter
    for name, scope in statement.scopes.items():
        if scope.reporter != EACH:
            yield ("scopes", name, "reporter"), scope.reporter
        if scope.partner is not None:
            yield ("scopes", name, "partner"), scope.partner
    if isinstance(statement, Ranking):
        for code in statement.leave_out:
            yield ("leave_out", code), code
    if isinstance(statement, ComparisonClaim):
        yield ("than",), statement.than
    if isinstance(statement, Estimate):
        yield ("part_of",), statement.part_of
