"""What a joined brief answers, in a sentence or two a part, each number from what was gathered."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from entrepot.brief.results import BriefResults, FanResult, GoalOutcome, SimulationResult, StatementVerdicts
from entrepot.equilibrium.derivatives.outcome import Outcome
from entrepot.equilibrium.summary.key_numbers import actor_numbers
from entrepot.report.answers import seek, tariff_games, trade_off, uncertainty
from entrepot.report.kit.wording import (
    amount,
    capital,
    joined,
    listed_in_sentence,
    long_day,
    outcome_number,
    percent,
    spoken_days,
    uncapital,
)
from entrepot.report.result.headline import gains, headline
from entrepot.statements.verdict import Verdict, VerdictKind

MOST_CLAIMS = 2  # that fail, told on the first screen


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the section that it is from."""

    text: str
    anchor: str


@dataclass(frozen=True)
class SummaryAnswer:
    """What one part of a brief comes to."""

    heading: str
    sentences: tuple[Sentence, ...]


def answers(found: BriefResults) -> list[SummaryAnswer]:
    """Return what the first screen says: six answers at most, one a part that the brief has."""
    rows: list[tuple[str, Callable[[BriefResults], list[Sentence]]]] = [
        ("Who is right", _who_is_right),
        (_first_label(found), _first_policy),
        ("Other policies", _other_policies),
        ("Policy options", _choices),
        ("What it would take", _what_it_takes),
        ("Uncertainty", _how_sure),
    ]
    made = [SummaryAnswer(heading, tuple(say(found))) for heading, say in rows]
    return [one for one in made if one.sentences]


def who_is_right(checked: StatementVerdicts) -> str:
    """Return how many statements hold under which readings, and on what those turn that do not."""
    count = Counter(verdict.outcome for verdict in checked.verdicts)
    total, known = len(checked.verdicts), len(checked.verdicts) - count[VerdictKind.UNKNOWN]
    if not known:
        return f"None of {total} statements can be checked against published figures."
    fail = count[VerdictKind.OTHERWISE] + count[VerdictKind.NEVER]
    parts = [
        f"{number} {'holds' if number == 1 else 'hold'} under {what}"
        for number, what in (
            (count[VerdictKind.ALWAYS], "every reading"),
            (count[VerdictKind.NATURALLY], "the natural reading but not under all"),
        )
        if number
    ]
    if fail:
        parts.append(f"{fail} {'fails' if fail == 1 else 'fail'} under the natural reading")
    failing = [verdict for verdict in checked.verdicts if verdict.outcome in (VerdictKind.OTHERWISE, VerdictKind.NEVER)]
    told = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"
    return f"Of {total} statements {known} can be checked against published figures: {told}." + "".join(
        f" {_why(verdict)}" for verdict in failing[:MOST_CLAIMS]
    )


def spread_sentence(spread: FanResult) -> str:
    """Return how far the first outcome is apart over draws, papers and rules for imbalances, in one sentence."""
    answer, outcome = spread.answer, spread.answer.outcomes[0]
    row = uncertainty.table(answer).to_dict("index")[outcome.text]
    unit = "%" if row["unit"] == "change, %" else row["unit"]
    said = uncertainty.said(answer, outcome)
    parts = []
    between = partial(_between, outcome)
    if row["draws"]:
        parts.append(f"between {between([row['p5'], row['p95']])} {unit} in nine of ten of {row['draws']} draws")
    if len(spread.papers):
        parts.append(
            f"between {between(spread.papers[outcome.text].tolist())} {unit} with the elasticities of one paper each"
        )
    country = outcome.codes[0]
    if outcome.kind.word == "real_income" and country in spread.rules.index:
        parts.append(f"between {between(spread.rules.T[country].tolist())} % under the rules for trade imbalances")
    now = percent(row["default"]) if outcome.is_ratio else f"{outcome_number(outcome, row['default'], 2)} {unit}"
    return f"{said}: {now} with today's inputs{'; ' if parts else ''}{joined(parts) if parts else ''}."


def goal_sentence(reached: GoalOutcome) -> str:
    """Return what a goal takes, or how near one can come."""
    answer = reached.answer
    if answer.reached:
        return f"{reached.entry.title}: {seek.how_far(answer)}."
    return f"{reached.entry.title}: out of reach; the nearest is {seek.nearest(answer)}, where {seek.how_far(answer)}."


def choice_sentence(one: SimulationResult) -> str:
    """Return which option is better where, and whether another rule for imbalances says otherwise."""
    assert one.choice is not None
    return " ".join(filter(None, [trade_off.headline(one.choice), trade_off.robustness(one.choice)]))


def about_country(one: SimulationResult, country: str) -> str:
    """Return what a scenario does, the country that the brief is about first where the headline leaves it out."""
    assert one.result is not None
    assert one.focus is not None
    told = headline(one.result, one.focus)
    if country in (one.focus.exporter, one.focus.importer):
        return told
    economy = one.result.economy
    worth = float(one.result.equivalent_variation.sel(country=country)) * economy.billions
    size = amount(abs(worth), 1 if abs(worth) >= 1 else 2)
    who = capital(listed_in_sentence(economy, country))
    return (
        f"{who} {gains(income_pct(one, country))} of its real income, {economy.currency} {size} billion a year. {told}"
    )


def includes_first(found: BriefResults) -> str:
    """Return which scenarios contain all measures of the first one, in one sentence; blank where none does."""
    if not found.simulations or found.simulations[0].result is None:
        return ""
    first, *others = found.simulations
    measures = _measures(first)
    labels = [f"“{one.label}”" for one in others if one.result is not None and measures <= _measures(one)]
    if not labels:
        return ""
    include, their = ("includes", "its") if len(labels) == 1 else ("include", "their")
    measures_of = f"{joined(labels)} {include} the measures of “{first.label}”"
    return f"{measures_of}; {their} own contribution is the difference from that scenario."


def _measures(one: SimulationResult) -> set[str]:
    """Return the instruments of a scenario with what their rates are of: the economy, and the day of the rules."""
    at = f"{one.any_result.economy.name} {one.scenario.date}"
    return {f"{at} {each.model_dump_json(exclude={'note'})}" for each in one.scenario.instruments}


def anchor_of(part: str, number: int) -> str:
    """Return the place on the page of one scenario, goal and so on."""
    return f"{part}-{number + 1}"


def _who_is_right(found: BriefResults) -> list[Sentence]:
    return [Sentence(who_is_right(one), anchor_of("statements", n)) for n, one in enumerate(found.statements)]


def _first_policy(found: BriefResults) -> list[Sentence]:
    """Return what the first scenario does, and under the rules of the last day that is compared."""
    if not found.simulations or found.simulations[0].result is None:
        return []
    one = found.simulations[0]
    assert one.result is not None
    assert one.focus is not None
    said = [Sentence(about_country(one, found.brief.country), "scenario-1")]
    if one.days is not None:
        who = listed_in_sentence(one.result.economy, one.focus.exporter)
        numbers = []
        if "income_beside" in one.days and one.scenario.date in one.days.index:
            other = f"“{found.brief.scenario(str(one.entry.beside)).title}”"
            numbers.append(f"{gains(float(one.days['income_beside'][one.scenario.date]))} computed as {other}")
        last = one.days.index[-1]
        if last != one.scenario.date:
            numbers.append(f"{gains(float(one.days['income'][last]))} under the rules of {long_day(last)}")
        if numbers:
            said.append(Sentence(f"{capital(who)} {joined(numbers)}.", "scenario-1"))
    return said


def _other_policies(found: BriefResults) -> list[Sentence]:
    """Return what each further scenario is worth to the country, and what its own best answer would bring."""
    country, said = found.brief.country, []
    others = [(n, one) for n, one in enumerate(found.simulations) if n and one.result is not None]
    if others:
        parts = [f"{percent(income_pct(one, country))} with “{one.label}”" for _, one in others]
        who = listed_in_sentence(others[0][1].any_result.economy, country)
        said.append(Sentence(f"Real income of {who} changes by {joined(parts)}.", "simulations"))
    for number, best in enumerate(found.best):
        said.append(
            Sentence(
                f"{best.entry.title}: {uncapital(tariff_games.best_headline(best.answer))}", anchor_of("best", number)
            )
        )
    return said


def _choices(found: BriefResults) -> list[Sentence]:
    said = []
    for number, one in enumerate(found.simulations):
        if one.choice is not None:
            text = trade_off.headline(one.choice)
            before = [other.scenario.name for other in found.simulations[:number] if other.choice is not None]
            said.append(
                Sentence(
                    f"{one.label}: {uncapital(text)}" if one.scenario.name in before else text,
                    anchor_of("scenario", number),
                )
            )
    return said


def _what_it_takes(found: BriefResults) -> list[Sentence]:
    """Return the first goal with what it means, and the others that move the same thing in a few words each."""
    if not found.goals:
        return []
    first, *others = found.goals
    remarks = seek.remarks(first.answer)[:1]
    said = [Sentence(" ".join([goal_sentence(first), *remarks]), "goal-1")]
    alike = [one for one in others if one.entry.using == first.entry.using]
    if alike:
        parts = [f"“{one.entry.title}” {_briefly(one)}" for one in alike]
        said.append(Sentence(f"In the same way: {'; '.join(parts)}.", "goals"))
    for number, one in enumerate(others, start=1):
        if one not in alike:
            said.append(Sentence(goal_sentence(one), anchor_of("goal", number)))
    return said


def _briefly(reached: GoalOutcome) -> str:
    answer = reached.answer
    economy = answer.result.economy
    if answer.reached:
        far = [seek.size(str(name), row) for name, row in answer.unknowns.to_dict("index").items()]
        return f"takes {joined(far)}"
    near = [seek.shown(outcome, row["found"], economy) for outcome, row in seek.targets(answer)]
    return f"is out of reach, the nearest is {joined(near)}"


def _first_label(found: BriefResults) -> str:
    return found.simulations[0].label if found.simulations else ""


def _how_sure(found: BriefResults) -> list[Sentence]:
    return [Sentence(spread_sentence(one), anchor_of("spread", n)) for n, one in enumerate(found.spreads)]


def income_pct(one: SimulationResult, country: str) -> float:
    """Return the change in a country's real income, per cent."""
    return actor_numbers(one.any_result, one.any_result.actor(country)).income_pct


def _why(verdict: Verdict) -> str:
    claim = verdict.statement.claim.rstrip(".")
    if not verdict.deciding:
        return f"“{claim}” fails under every reading."
    said = spoken_days(verdict.deciding[0].said)
    return f"“{claim}” is {said}." if said.startswith(("true", "false")) else f"“{claim}”: {said}."


def _between(outcome: Outcome, values: list[float]) -> str:
    return " and ".join(outcome_number(outcome, value, 3) for value in (min(values), max(values)))
