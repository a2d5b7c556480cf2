"""The pages: the desk, and statements as cards."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import entrepot
from entrepot.app.web.api.catalogue import checked as verdicts_on
from entrepot.app.web.api.resolve import SAID, scenario_asked, solved
from entrepot.app.web.desk import url_state as addresses
from entrepot.app.web.desk.downloads import focus_asked, usual_focus
from entrepot.app.web.desk.form_rows import KINDS
from entrepot.app.web.desk.state_to_request import Case, case_of, question_of, settled
from entrepot.app.web.desk.templating import rendered
from entrepot.app.web.desk.url_state import OWN, Address
from entrepot.app.web.messages.requests import SolveRequest
from entrepot.app.web.messages.responses import HTML, Reply
from entrepot.core.errors import EntrepotError
from entrepot.data import shipped
from entrepot.data.outlines import SOURCE as OUTLINES
from entrepot.economy.economy import Economy
from entrepot.equilibrium.key_numbers import key_numbers
from entrepot.equilibrium.model.models import DEFAULT as DEFAULT_MODEL
from entrepot.equilibrium.model.models import MODELS
from entrepot.equilibrium.sources import sources
from entrepot.policy.scenario import Focus, Scenario
from entrepot.report.kit.wording import name_in_sentence
from entrepot.report.result import headline, panels, tables
from entrepot.report.verdicts.page import cards
from entrepot.statements.verdict import all_sources

Progress = Callable[..., None]
_INSTRUMENT = re.compile(r"instruments\[(\d+)\](?:\.\w+)*")
_COMMANDS = re.compile(r";? ?`entrepot [^`]*` lists them| with --option NAME or scenario\.option\(\.\.\.\)[^.]*")
RULES = {
    "fixed": "stay as they are (share of the world's income)",
    "scaled": "move with each country's income",
    "zero": "are first brought to zero",
}


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str


def desk(query: str, progress: Progress) -> Reply:
    """Return the desk in the state that its address describes; what is wrong with that state stands on the page."""
    problems: list[str] = []
    shown: dict[str, Any] = {}
    unread = False
    try:
        address = settled(addresses.read(query))
        case = case_of(address)
    except EntrepotError as error:
        address, problems = settled(Address()), str(error).splitlines()
        case = case_of(address)
        unread = True
    question = None
    try:
        question = question_of(address, case) if not problems else None
        if question is not None:
            shown = _answer(question, address)
    except EntrepotError as error:
        problems = [_as_on_page(problem, case, address) for problem in str(error).splitlines()]
    page = rendered(
        "desk.html.j2", address=address, query=address.text(), case=case, problems=problems,
        answer=shown or None, asked=_said(question) if question else "", own=OWN, kinds=KINDS, unread=unread,
        instruments=_instruments(case, address), parameters=_parameters(case, address), **_choices(address),
    )  # fmt: skip
    return Reply(page.encode(), HTML, status=422 if problems else 200)


def _as_on_page(problem: str, case: Case, address: Address) -> str:
    """Return a problem as the page names things: lines have numbers, commands have no place."""
    of_case = len(case.instruments) - len(address.without)

    def named(found: re.Match[str]) -> str:
        number = int(found[1])
        return f"instrument {number + 1} of the case" if number < of_case else f"line {number - of_case + 1}"

    text = _INSTRUMENT.sub(named, problem.removeprefix("scenario: "))
    return _COMMANDS.sub("", text).rstrip("; ")


def statements(name: str, progress: Progress) -> Reply:
    """Return the statements of a file as cards with their readings."""
    found = verdicts_on(name)
    page = rendered(
        "statements.html.j2", statements=found[0].statements, cards=cards(found),
        sources=all_sources(found), sets=_sets(),
    )  # fmt: skip
    return Reply(page.encode(), HTML)


def _answer(question: SolveRequest, address: Address) -> dict[str, Any]:
    scenario = scenario_asked(question)
    result = solved(question, scenario)
    focus = focus_asked(result, address)
    ranking, economy = tables.ranking(result), result.economy
    ranked, sectors = panels.ranked(ranking), panels.sectors(result, focus)
    return {
        "result": result, "scenario": scenario, "economy": economy, "focus": focus,
        "exporter": name_in_sentence(economy, focus.exporter), "importer": name_in_sentence(economy, focus.importer),
        "headline": headline.headline(result, focus), "tiles": panels.tiles(result, focus),
        "map": panels.world_map(result, ranking), "ranked": ranked, "ends": panels.ends(ranked, 16)[0],
        "sectors": sectors, "sector_ends": panels.ends(sectors)[0],
        "diversion": panels.diversion(result, focus), "elsewhere": panels.elsewhere(result, focus),
        "prices": panels.prices(result, focus), "numbers": key_numbers(result, focus),
        "limits": tables.limits(result), "remarks": scenario.remarks(), "sources": sources(result),
        "usual": usual_focus(result, address), "outlines": OUTLINES, "rules": RULES,
        "links": _looks(address, economy, focus),
    }  # fmt: skip


def _said(question: SolveRequest) -> str:
    """Return the question as the API takes it, for the jobs of the page."""
    whole = question.model_dump(exclude_defaults=True)
    return json.dumps({name: whole[name] for name in SAID if name in whole}, default=str)


def _looks(address: Address, economy: Economy, focus: Focus) -> dict[str, str]:
    """Return the address that looks at each country, by code."""
    other = {code: focus.importer if code != focus.importer else focus.exporter for code in economy.countries}
    return {code: "/?" + address.like(look=code, partner=other[code]).text() for code in economy.countries}


def _instruments(case: Case, address: Address) -> list[dict[str, Any]]:
    """Return the case's own instruments in words, with whether they are left out."""
    return [
        {"number": number, "words": _in_words(one), "note": one.get("note", ""), "out": number in address.without}
        for number, one in enumerate(case.instruments, start=1)
    ]


def _in_words(instrument: dict[str, Any]) -> str:
    """Return an instrument as a phrase: what it is, by how much, where."""

    def words(name: str, left_out: str) -> str:
        value = instrument.get(name, left_out)
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    amounts = [
        instrument[name] for name in ("set", "add", "change", "at_most", "share", "equivalent") if name in instrument
    ]
    said = [
        amount.get("table") or amount.get("schedule") or "" if isinstance(amount, dict) else str(amount)
        for amount in amounts
    ]
    what = f"{str(instrument['kind']).replace('_', ' ')} {' '.join(said)}".strip()
    if "country" in instrument:
        return f"{what}: {words('sector', 'all goods')} made in {words('country', 'all')}"
    return f"{what}: {words('sector', 'all goods')} from {words('origin', 'all')} to {words('destination', 'all')}"


def _parameters(case: Case, address: Address) -> list[dict[str, Any]]:
    """Return the sliders of a case: its parameters, in per cent."""
    if case.scenario is None:
        return []
    found = []
    for name, one in case.scenario.parameters.items():
        low, high = (100 * end for end in one.range) if one.upto is not None else (-100.0, 100.0)
        usual = f"{100 * one.rate:g}"
        found.append({"name": name, "what": one.what, "low": f"{low:g}", "high": f"{high:g}", "usual": usual,
                      "value": address.settings.get(name) or usual})  # fmt: skip
    return found


@lru_cache(maxsize=1)
def _cases() -> tuple[Scenario, ...]:
    return tuple(entrepot.load_scenario(name) for name in shipped.names("scenarios"))


@lru_cache(maxsize=1)
def _sets() -> tuple[Choice, ...]:
    return tuple(Choice(name, entrepot.load_statements(name).title) for name in shipped.names("statements"))


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[Choice, ...], tuple[Choice, ...], tuple[Choice, ...], tuple[Choice, ...]]:
    """Return groups of countries, countries by name, groups of goods, sectors."""
    economy = entrepot.load_economy()
    groups = [
        Choice("all", "All countries"),
        *(Choice(name, f"{name} ({len(members)})") for name, members in economy.country_groups.items()),
    ]
    countries = sorted((Choice(code, name) for code, name in economy.countries.items()), key=lambda one: one.label)
    goods = [Choice("goods", "All goods"), Choice("all", "All goods and services")]
    goods += [Choice(name, name.replace("_", " ").capitalize()) for name in economy.sector_groups]
    sectors = [Choice(code, name) for code, name in economy.sectors.items()]
    return tuple(groups), tuple(countries), tuple(goods), tuple(sectors)


def _choices(address: Address) -> dict[str, Any]:
    groups, countries, goods, sectors = _places()
    return {
        "cases": _cases(), "sets": _sets(), "groups": groups, "countries": countries, "goods": goods,
        "sectors": sectors, "models": MODELS, "default_model": DEFAULT_MODEL, "rules": RULES,
        "elasticities": shipped.names("elasticities"), "known": _known(),
    }  # fmt: skip


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(choice.value for part in _places() for choice in part)
