"""What can be taken away: tables, pictures, the brief, the scenario."""

import re
from collections.abc import Callable

import vl_convert

from entrepot.app.web.api.answers import yaml_of
from entrepot.app.web.api.resolve import scenario_asked, solved
from entrepot.app.web.desk import url_state as addresses
from entrepot.app.web.desk.state_to_request import case_of, document_of, question_of, settled
from entrepot.app.web.messages.responses import HTML, Reply
from entrepot.brief.single import brief_data
from entrepot.core.errors import InvalidDocument, UnknownLabel
from entrepot.data.documents import written_yaml
from entrepot.equilibrium.focus import checked, focus_of
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus
from entrepot.report.kit import charts
from entrepot.report.pages.single_brief import brief_html
from entrepot.report.result import tables

Progress = Callable[..., None]
CSV, YAML, SVG, PNG = "text/csv; charset=utf-8", "application/yaml", "image/svg+xml", "image/png"
WIDTH, SCALE = 900, 2.0
SCENARIO = "scenario.yaml"
PAPER = "#ffffff"
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")


def download(asked: tuple[str, str], progress: Progress) -> Reply:
    """Return one of `WHAT` of the state that an address describes, as a file."""
    what, query = asked
    if what not in (SCENARIO, *WHAT):
        raise UnknownLabel(f"no download {what!r}; choose {', '.join((SCENARIO, *WHAT))}")
    address = settled(addresses.read(query))
    case = case_of(address)
    question = question_of(address, case)
    if question is None:
        raise InvalidDocument("nothing changes yet; add a line, or choose a case")
    scenario = scenario_asked(question)
    stem = _NOT_A_NAME.sub("-", scenario.title.lower()).strip("-")[:60] or "scenario"
    told = [address.model, address.deficits, address.elasticities, address.on]
    stem = "-".join([stem, *(_NOT_A_NAME.sub("-", one.lower()).strip("-") for one in told if one)])
    if what == SCENARIO:
        text = written_yaml(document_of(address, case)) if address.option else yaml_of(scenario)
        return Reply((_how(address, stem) + text).encode(), YAML, name=f"{stem}.yaml")
    result = solved(question, scenario)
    body, media = WHAT[what](result, focus_asked(result, address))
    return Reply(body, media, name=f"{stem}-{what}")


def _how(address: addresses.Address, stem: str) -> str:
    """Return a comment with the command that computes what the page shows; a file has no model and no rule in it."""
    options = [f"--{name} {getattr(address, name)}" for name in ("model", "deficits", "elasticities")
               if getattr(address, name)]  # fmt: skip
    return f"# entrepot simulate {' '.join([f'{stem}.yaml', *options])}\n"


def focus_asked(result: Result, address: addresses.Address) -> Focus:
    """Return the pair of countries that an address looks at; what it does not say is the scenario's own.

    A country is no partner of its own: whoever looks from one side to the other sees the same pair turned round.
    """
    usual = usual_focus(result, address)
    look = address.look or usual.exporter
    partner = address.partner if address.partner not in ("", look) else usual.importer
    return checked(result.economy, Focus(exporter=look, importer=partner))


def usual_focus(result: Result, address: addresses.Address) -> Focus:
    """Return the pair that is looked at where an address leaves it open: who is concerned most, and its counterpart."""
    concerned = focus_of(result)
    if address.look != concerned.importer:
        return concerned
    return Focus(exporter=concerned.exporter, importer=concerned.exporter)


def _table(result: Result, focus: Focus) -> tuple[bytes, str]:
    return tables.ranking(result).to_csv(lineterminator="\n").encode(), CSV


def _sectors(result: Result, focus: Focus) -> tuple[bytes, str]:
    return tables.sectors(result, focus).to_csv(lineterminator="\n").encode(), CSV


def _suppliers(result: Result, focus: Focus) -> tuple[bytes, str]:
    return tables.suppliers(result, focus).to_csv(lineterminator="\n").encode(), CSV


def _map(result: Result) -> dict[str, object]:
    change = tables.ranking(result)["real_income_pct"]
    chart = charts.world_map(result.economy, change, WIDTH, "World map: change in real income, per cent")
    return {**chart.to_dict(validate=False), "background": PAPER}


def _map_svg(result: Result, focus: Focus) -> tuple[bytes, str]:
    return vl_convert.vegalite_to_svg(_map(result)).encode(), SVG


def _map_png(result: Result, focus: Focus) -> tuple[bytes, str]:
    return vl_convert.vegalite_to_png(_map(result), scale=SCALE), PNG


def _brief(result: Result, focus: Focus) -> tuple[bytes, str]:
    return brief_html(brief_data(result), focus).encode(), HTML


WHAT: dict[str, Callable[[Result, Focus], tuple[bytes, str]]] = {
    "countries.csv": _table,
    "sectors.csv": _sectors,
    "suppliers.csv": _suppliers,
    "map.svg": _map_svg,
    "map.png": _map_png,
    "brief.html": _brief,
}
