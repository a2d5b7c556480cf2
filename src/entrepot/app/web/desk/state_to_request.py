"""From the address of the page to a question as the API takes it."""

import datetime
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

import entrepot
from entrepot.app.web.desk.url_state import OWN, Address
from entrepot.app.web.messages.requests import SolveRequest
from entrepot.core.errors import InvalidDocument
from entrepot.data import shipped
from entrepot.policy.scenario import Scenario

TITLE, REFERENCE = "A scenario of one's own", "Put together at the desk; nobody's law"
MADE = "{title}, changed at the desk"


@dataclass(frozen=True)
class Case:
    """The shipped scenario that a page begins with, and what of it is in force."""

    scenario: Scenario | None
    option: str
    instruments: tuple[dict[str, Any], ...]
    """As written, those of all options first."""


def case_of(address: Address) -> Case:
    """Return the shipped scenario of an address; a scenario with options has one chosen.

    Raises
    ------
    UnknownLabel
        Nothing of that name is shipped, or no such option.
    """
    if address.case == OWN:
        return Case(None, "", ())
    shipped.path_of("scenarios", address.case)
    scenario = entrepot.load_scenario(address.case)
    content = scenario.content
    option = address.option or next(iter(scenario.options), "")
    if option:
        scenario.option(option)
    chosen = content.get("options", {}).get(option, {}).get("instruments", [])
    return Case(scenario, option, (*content.get("instruments", []), *chosen))


def question_of(address: Address, case: Case) -> SolveRequest | None:
    """Return what a page asks, None where nothing changes yet.

    Raises
    ------
    InputError
        Numbers or places that cannot be.
    """
    settings = {name: getattr(address, name) for name in ("model", "deficits", "elasticities")}
    chosen: dict[str, Any] = {name: value for name, value in settings.items() if value}
    parameters = {name: _percent(name, value) for name, value in address.settings.items() if value}
    if address.on:
        chosen["on"] = address.on
    if case.scenario is not None and not address.changed:
        return _asked(scenario=address.case, parameters=parameters, option=case.option or None, **chosen)
    document = _document(address, case)
    if not document["instruments"]:
        return None
    unknown = [name for name in parameters if case.scenario is not None and name not in case.scenario.parameters]
    if unknown:
        raise InvalidDocument(f"the case has no parameter {unknown[0]!r}; remove it")
    used = {name for name in parameters if name in document.get("parameters", {})}
    if case.scenario is None and parameters:
        raise InvalidDocument(f"the parameter {next(iter(parameters))} belongs to another case; remove it")
    return _asked(document=document, parameters={name: parameters[name] for name in used}, **chosen)


def settled(address: Address) -> Address:
    """Return the address with what it leaves to the day it is opened on, so that a shared one says the same later."""
    if address.case == OWN and not address.on:
        return address.like(on=datetime.datetime.now(tz=datetime.UTC).date().isoformat())
    return address


def document_of(address: Address, case: Case) -> dict[str, Any]:
    """Return the scenario document of a page: its day, its option written in, its parameters as they are set."""
    document = _document(address, case)
    if address.on:
        document["date"] = address.on
    for name, value in address.settings.items():
        if value and name in document.get("parameters", {}):
            document["parameters"][name]["value"] = _percent(name, value)
    return document


def _asked(**said: Any) -> SolveRequest:
    try:
        return SolveRequest(include=[], **said)
    except ValidationError as error:
        raise InvalidDocument("\n".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())) from None


def _document(address: Address, case: Case) -> dict[str, Any]:
    """Return the scenario document of a page: what is left of the case, and the lines."""
    wrong = [number for number in address.without if number > len(case.instruments)]
    if wrong:
        raise InvalidDocument(f"without={wrong[0]}: the case has {len(case.instruments)} instruments")
    left = [one for number, one in enumerate(case.instruments, start=1) if number not in address.without]
    instruments = [*left, *(line.instrument() for line in address.lines)]
    if case.scenario is None:
        return {
            "title": address.title or TITLE, "reference": REFERENCE,
            "date": address.on, "instruments": instruments,
        }  # fmt: skip
    content = case.scenario.content
    named = str(instruments)
    parameters = {name: one for name, one in content.get("parameters", {}).items() if f"'${name}'" in named}
    made = {
        "title": address.title or MADE.format(title=content["title"]),
        "reference": content["reference"], "date": str(content["date"]), "instruments": instruments,
    }  # fmt: skip
    for name, part in (("focus", content.get("focus")), ("groups", content.get("groups")), ("parameters", parameters)):
        if part:
            made[name] = part
    return made


def _percent(name: str, written: str) -> str:
    text = written.removesuffix("%").strip()
    try:
        float(text)
    except ValueError:
        raise InvalidDocument(f"set.{name}={written[:40]}: write per cent as a number, as -10") from None
    return f"{text} %"
