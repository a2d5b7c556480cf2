"""The pages as HTML: the desk, and statements as cards."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import entrepot
from entrepot.app.web.api.catalogue import verdicts
from entrepot.app.web.api.resolve import SCENARIO_FIELDS, requested_scenario, solve_cached
from entrepot.app.web.desk.downloads import default_focus, selected_focus
from entrepot.app.web.desk.form_rows import ROW_KINDS
from entrepot.app.web.desk.kept import side_by_side
from entrepot.app.web.desk.state_to_request import SelectedCase, selected_case, solve_request, with_pinned_date
from entrepot.app.web.desk.templating import render
from entrepot.app.web.desk.url_state import OWN, UrlState, parse
from entrepot.app.web.messages.payload import HTML, Payload, TaskProgress
from entrepot.app.web.messages.requests import SolveRequest
from entrepot.core.errors import EntrepotError
from entrepot.data import shipped
from entrepot.data.outlines import SOURCE as OUTLINES
from entrepot.economy.blocs import groups_of
from entrepot.economy.closure import CLOSURES, standard_closures
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model.models import DEFAULT as DEFAULT_MODEL
from entrepot.equilibrium.model.models import MODELS
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.sources import sources
from entrepot.equilibrium.summary.key_numbers import key_numbers
from entrepot.policy.baseline import IN_FORCE
from entrepot.policy.parameters import named_in
from entrepot.policy.scenario import Focus, Scenario
from entrepot.report.kit.wording import capital, listed_in_sentence
from entrepot.report.result import headline, panels, tables
from entrepot.report.verdicts.page import cards
from entrepot.statements.verdict import all_sources

_INSTRUMENT = re.compile(r"instruments\[(\d+)\](?:\.\w+)*")
_COMMANDS = re.compile(r";? ?`entrepot [^`]*` lists them| with --option NAME or scenario\.option\(\.\.\.\)[^.]*")


@dataclass(frozen=True)
class SelectOption:
    """An entry of a select element."""

    value: str
    label: str


def desk(query: str, progress: TaskProgress) -> Payload:
    """Return the desk in the state of its URL; errors are shown on the page, with status 422.

    Parameters
    ----------
    query
        Query string of the URL.
    progress
        Not used.
    """
    problems: list[str] = []
    answer: dict[str, Any] = {}
    invalid_url = False
    try:
        state = with_pinned_date(parse(query))
        case = selected_case(state)
    except EntrepotError as error:
        state, problems = with_pinned_date(UrlState()), str(error).splitlines()
        case = selected_case(state)
        invalid_url = True
    request = None
    try:
        request = solve_request(state, case) if not problems else None
        if request is not None:
            answer = _answer(request, state)
    except EntrepotError as error:
        problems = [_as_on_page(problem, case, state) for problem in str(error).splitlines()]
    page = render(
        "desk.html.j2", state=state, query=state.query(), case=case, problems=problems, answer=answer or None,
        request=_request_json(request) if request else "", own=OWN, kinds=ROW_KINDS, invalid_url=invalid_url,
        instruments=_instruments(case, state), parameters=_parameters(case, state), **_choices(state),
    )  # fmt: skip
    return Payload(page.encode(), HTML, status=422 if problems else 200)


def _as_on_page(problem: str, case: SelectedCase, state: UrlState) -> str:
    """Return an error message with the line numbers of the form, and without hints about commands."""
    kept = len(case.instruments) - len(state.without)

    def place(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"instrument {number + 1} of the case" if number < kept else f"line {number - kept + 1}"

    text = _INSTRUMENT.sub(place, problem.removeprefix("scenario: "))
    return _COMMANDS.sub("", text).rstrip("; ")


def statements(name: str, progress: TaskProgress) -> Payload:
    """Return a file of statements as cards with their readings.

    Raises
    ------
    UnknownLabel
        No shipped file has this name.
    """
    found = verdicts(name)
    page = render(
        "statements.html.j2", statements=found[0].statements, cards=cards(found),
        sources=all_sources(found), files=_statement_files(),
    )  # fmt: skip
    return Payload(page.encode(), HTML)


def _answer(request: SolveRequest, state: UrlState) -> dict[str, Any]:
    """Return the results as the templates show them."""
    scenario = requested_scenario(request)
    result = solve_cached(request, scenario)
    focus = selected_focus(result, state)
    ranking, economy = tables.ranking(result), result.economy
    ranked, sectors = panels.ranked(ranking), panels.sectors(result, focus)
    blocs = panels.ranked(tables.blocs(result, focus))
    return {
        "result": result, "scenario": scenario, "economy": economy, "focus": focus,
        "exporter": listed_in_sentence(economy, focus.exporter),
        "importer": listed_in_sentence(economy, focus.importer),
        "headline": headline.headline(result, focus), "tiles": panels.tiles(result, focus),
        "map": panels.world_map(result, ranking), "ranked": ranked, "ends": panels.ends(ranked, 16)[0],
        "sectors": sectors, "sector_ends": panels.ends(sectors)[0],
        "diversion": panels.diversion(result, focus), "elsewhere": panels.elsewhere(result, focus),
        "prices": panels.prices(result, focus), "numbers": key_numbers(result, focus),
        "limits": tables.limits(result), "remarks": tables.remarks(result),
        "against": headline.against(result), "sources": sources(result),
        "default_names": _names(economy, default_focus(result, state)), "outlines": OUTLINES,
        "blocs": blocs, **side_by_side(state, result), "deficit_rule": CLOSURES[result.deficits].title,
        "links": _focus_links(state, result, focus, [row.code for row in blocs]),
    }  # fmt: skip


def _names(economy: Economy, focus: Focus) -> tuple[str, str]:
    return capital(listed_in_sentence(economy, focus.exporter)), capital(listed_in_sentence(economy, focus.importer))


def _request_json(request: SolveRequest) -> str:
    """Return the scenario of the page as a request body, for the jobs."""
    fields = request.model_dump(exclude_defaults=True)
    return json.dumps({name: fields[name] for name in SCENARIO_FIELDS if name in fields}, default=str)


def _focus_links(state: UrlState, result: Result, focus: Focus, blocs: list[str]) -> dict[str, str]:
    """Return the URL that has the focus on a country or bloc, by code; none for a bloc that both of the pair are in."""
    pair = [(code, set(result.actor(code).members)) for code in (focus.importer, focus.exporter)]
    links = {}
    for look in (*result.economy.countries, *groups_of(result.economy), *blocs):
        own = set(result.actor(look).members)
        partner = next((code for code, others in pair if not own & others), None)
        if partner is not None:
            links[look] = "/?" + state.updated(look=look, partner=partner).query()
    return links


def _instruments(case: SelectedCase, state: UrlState) -> list[dict[str, Any]]:
    """Return the instruments of the case in words, and whether they are left out."""
    return [
        {"number": number, "phrase": phrase, "adjustable": sorted(named_in(written)), "out": number in state.without}
        for number, (written, phrase) in enumerate(zip(case.instruments, case.phrases, strict=True), start=1)
    ]


def _parameters(case: SelectedCase, state: UrlState) -> list[dict[str, Any]]:
    """Return the sliders of a case: its parameters, in per cent."""
    if case.scenario is None:
        return []
    sliders = []
    chosen = case.scenario.option(case.option) if case.option else case.scenario
    for name, parameter in chosen.parameters.items():
        low, high = (100 * end for end in parameter.range) if parameter.upto is not None else (-100.0, 100.0)
        value = state.parameters.get(name) or f"{100 * parameter.rate:g}"
        sliders.append({"name": name, "what": parameter.what, "low": f"{low:g}", "high": f"{high:g}", "value": value})
    return sliders


@lru_cache(maxsize=1)
def _cases() -> tuple[Scenario, ...]:
    return tuple(entrepot.load_scenario(name) for name in shipped.names("scenarios"))


@lru_cache(maxsize=1)
def _elasticities() -> dict[str, str]:
    return {name: entrepot.load_elasticities(name).label for name in shipped.names("elasticities")}


@lru_cache(maxsize=1)
def _statement_files() -> tuple[SelectOption, ...]:
    return tuple(SelectOption(name, entrepot.load_statements(name).title) for name in shipped.names("statements"))


@lru_cache(maxsize=1)
def _label_options() -> dict[str, tuple[SelectOption, ...]]:
    """Return the options of the selects: groups of countries, countries, groups of goods, sectors."""
    economy = entrepot.load_economy()
    groups = [
        SelectOption("all", "All countries"),
        *(SelectOption(name, f"{name} ({len(members)})") for name, members in groups_of(economy).items()),
    ]
    countries = [SelectOption(code, name) for code, name in economy.countries.items()]
    goods = [SelectOption("goods", "All goods"), SelectOption("all", "All goods and services")]
    goods += [SelectOption(name, name.replace("_", " ").capitalize()) for name in economy.sector_groups]
    return {
        "groups": tuple(groups), "countries": tuple(sorted(countries, key=lambda option: option.label)),
        "goods": tuple(goods), "sectors": tuple(SelectOption(code, name) for code, name in economy.sectors.items()),
    }  # fmt: skip


def _baselines(state: UrlState) -> dict[str, str]:
    """Return what a change may come on top of; a further one only if the URL names it."""
    known = {"": "The duties of the base year", IN_FORCE: "The measures in force on the date"}
    return known if state.baseline in known else {**known, state.baseline: state.baseline}


def _choices(state: UrlState) -> dict[str, Any]:
    labels = _label_options()
    offered = {*standard_closures(), state.deficits}  # another rule only if the URL names it
    deficit_rules = {name: closure.title for name, closure in CLOSURES.items() if name in offered}
    return {
        **labels, "cases": _cases(), "models": MODELS, "default_model": DEFAULT_MODEL,
        "baselines": _baselines(state), "deficit_rules": deficit_rules, "default_deficits": DEFAULT_CLOSURE,
        "elasticities": _elasticities(),
        "known_labels": {option.value for options in labels.values() for option in options},
    }  # fmt: skip
