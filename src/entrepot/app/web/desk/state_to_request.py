"""From the state of the page to a request of the API."""

import datetime
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

import entrepot
from entrepot.app.web.desk.url_state import OWN, UrlState
from entrepot.app.web.messages.requests import SolveRequest
from entrepot.core.errors import InputError, InvalidDocument
from entrepot.data import shipped
from entrepot.data.documents import Document
from entrepot.policy.changes import titled
from entrepot.policy.load import scenario_of
from entrepot.policy.scenario import Scenario

TITLE, REFERENCE = "Custom scenario", "User-defined; no legal act"
MODIFIED_TITLE = "{title}, modified"


@dataclass(frozen=True)
class SelectedCase:
    """The shipped scenario that a page starts from.

    Attributes
    ----------
    scenario
        The scenario; None if the page starts empty.
    option
        Name of the option in force; blank if the scenario has none.
    instruments
        Its instruments as written: those of all options first, then those of the option.
    phrases
        The same instruments in words.
    """

    scenario: Scenario | None
    option: str
    instruments: tuple[dict[str, Any], ...]
    phrases: tuple[str, ...]


def selected_case(state: UrlState) -> SelectedCase:
    """Return the shipped scenario of a state, with its first option if none is chosen.

    Raises
    ------
    UnknownLabel
        No shipped scenario or option has this name.
    """
    if state.case == OWN:
        return SelectedCase(None, "", (), ())
    shipped.path_of("scenarios", state.case)
    scenario = entrepot.load_scenario(state.case)
    content = scenario.content
    option = state.option or next(iter(scenario.options), "")
    chosen = scenario.option(option) if option else scenario
    of_option = content.get("options", {}).get(option, {}).get("instruments", [])
    instruments = (*content.get("instruments", []), *of_option)
    return SelectedCase(scenario, option, instruments, tuple(each.phrase() for each in chosen.instruments))


def solve_request(state: UrlState, case: SelectedCase) -> SolveRequest | None:
    """Return the request of a page, None while its scenario is empty.

    Raises
    ------
    InputError
        Invalid numbers, labels or parameters.
    """
    assumptions = {name: getattr(state, name) for name in ("baseline", "model", "deficits", "elasticities")}
    chosen: dict[str, Any] = {name: value for name, value in assumptions.items() if value}
    parameters = {name: _percent(name, value) for name, value in state.parameters.items() if value}
    if state.on:
        chosen["on"] = state.on
    if case.scenario is not None and not state.modified:
        return _validated(scenario=state.case, parameters=parameters, option=case.option or None, **chosen)
    document = _document(state, case)
    if not document["instruments"]:
        return None
    unknown = [name for name in parameters if case.scenario is not None and name not in case.scenario.parameters]
    if unknown:
        raise InvalidDocument(f"the case has no parameter {unknown[0]!r}; remove it")
    used = {name for name in parameters if name in document.get("parameters", {})}
    if case.scenario is None and parameters:
        raise InvalidDocument(f"the parameter {next(iter(parameters))} belongs to another case; remove it")
    return _validated(document=document, parameters={name: parameters[name] for name in used}, **chosen)


def with_pinned_date(state: UrlState) -> UrlState:
    """Return a state with today's date if it needs one, so that a shared link keeps its meaning."""
    if state.case == OWN and not state.on:
        return state.updated(on=datetime.datetime.now(tz=datetime.UTC).date().isoformat())
    return state


def scenario_document(state: UrlState, case: SelectedCase) -> dict[str, Any]:
    """Return the scenario document of a page, with its date, option and parameters written in."""
    document = _document(state, case)
    if state.on:
        document["date"] = state.on
    for name, value in state.parameters.items():
        if value and name in document.get("parameters", {}):
            document["parameters"][name]["value"] = _percent(name, value)
    return document


def _validated(**fields: Any) -> SolveRequest:
    try:
        return SolveRequest(include=[], **fields)
    except ValidationError as error:
        raise InvalidDocument("\n".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())) from None


def _document(state: UrlState, case: SelectedCase) -> dict[str, Any]:
    """Return the scenario document of a page: the instruments of the case that are kept, and the rows of the form."""
    wrong = [number for number in state.without if number > len(case.instruments)]
    if wrong:
        raise InvalidDocument(f"without={wrong[0]}: the case has {len(case.instruments)} instruments")
    kept = [each for number, each in enumerate(case.instruments, start=1) if number not in state.without]
    instruments = [*kept, *(row.instrument() for row in state.rows)]
    if case.scenario is None:
        own = {
            "title": state.title or TITLE, "reference": REFERENCE,
            "date": state.on, "instruments": instruments,
        }  # fmt: skip
        return own if state.title or not instruments else _titled(own)
    content = case.scenario.content
    text = str(instruments)
    parameters = {name: each for name, each in content.get("parameters", {}).items() if f"'${name}'" in text}
    document = {
        "title": state.title or MODIFIED_TITLE.format(title=content["title"]),
        "reference": content["reference"], "date": str(content["date"]), "instruments": instruments,
    }  # fmt: skip
    optional = {"focus": content.get("focus"), "groups": content.get("groups"), "parameters": parameters}
    return document | {name: value for name, value in optional.items() if value}


def _titled(content: dict[str, Any]) -> dict[str, Any]:
    """Return a document with a title that says what its instruments change; as it is where they are not valid yet."""
    try:
        return titled(Document(content), scenario_of(Document(content)).instruments).content
    except InputError:
        return content


def _percent(name: str, text: str) -> str:
    number = text.removesuffix("%").strip()
    try:
        float(number)
    except ValueError:
        raise InvalidDocument(f"set.{name}={text[:40]}: write per cent as a number, as -10") from None
    return f"{number} %"
