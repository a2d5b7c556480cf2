"""Downloads: workbook, tables, charts, brief, scenario file."""

import re
from collections.abc import Callable
from functools import partial

from entrepot.app.web.api.answers import yaml_of
from entrepot.app.web.api.resolve import requested_scenario, solve_cached
from entrepot.app.web.desk.state_to_request import scenario_document, selected_case, solve_request, with_pinned_date
from entrepot.app.web.desk.url_state import UrlState, parse
from entrepot.app.web.messages.payload import HTML, Payload, TaskProgress
from entrepot.brief.single import brief_data
from entrepot.core.errors import InvalidDocument, UnknownLabel
from entrepot.data.documents import written_yaml
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.summary.focus import checked, focus_of
from entrepot.policy.scenario import Focus
from entrepot.report.answer import answer_for
from entrepot.report.files import WIDTH, chart_bytes
from entrepot.report.kit.pdf import pdf_of, require_printer
from entrepot.report.pages.single_brief import brief_html
from entrepot.report.result import tables
from entrepot.report.result.drawings import DRAWINGS
from entrepot.report.workbook import workbook_of

PDF = "application/pdf"
NO_PRINTER = "the server finds none of them; download the brief as HTML and print it from your browser"
CSV, YAML = "text/csv; charset=utf-8", "application/yaml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMAGES = {".svg": "image/svg+xml", ".png": "image/png"}
SCENARIO = "scenario.yaml"
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def download(request: tuple[str, str], progress: TaskProgress) -> Payload:
    """Return a file for the state of a page.

    Parameters
    ----------
    request
        Name of the file, one of `DOWNLOADS` or `SCENARIO`, and query of the page.
    progress
        Not used.

    Raises
    ------
    InputError
        No such file, or the page has no valid scenario.
    """
    name, query = request
    if name not in (SCENARIO, *DOWNLOADS):
        raise UnknownLabel(f"no download {name!r}; choose {', '.join((SCENARIO, *DOWNLOADS))}")
    state = with_pinned_date(parse(query))
    case = selected_case(state)
    request_to_solve = solve_request(state, case)
    if request_to_solve is None:
        raise InvalidDocument("the scenario is empty; add a line, or choose a case")
    scenario = requested_scenario(request_to_solve)
    stem = _slug(scenario.title)[:60] or "scenario"
    assumptions = [state.baseline, state.model, state.deficits, state.elasticities, state.on]
    stem = "-".join([stem, *(_slug(text) for text in assumptions if text)])
    if name == SCENARIO:
        text = written_yaml(scenario_document(state, case)) if state.option else yaml_of(scenario)
        return Payload((_command(state, stem) + text).encode(), YAML, filename=f"{stem}.yaml")
    result = solve_cached(request_to_solve, scenario)
    body, media_type = DOWNLOADS[name](result, selected_focus(result, state))
    return Payload(body, media_type, filename=f"{stem}-{name}")


def _slug(text: str) -> str:
    return _NOT_IN_NAMES.sub("-", text.lower()).strip("-")


def _command(state: UrlState, stem: str) -> str:
    """Return a comment with the command that reproduces the page; a scenario file has no model or deficit rule."""
    options = [f"--{name} {getattr(state, name)}" for name in ("baseline", "model", "deficits", "elasticities")
               if getattr(state, name)]  # fmt: skip
    return f"# entrepot simulate {' '.join([f'{stem}.yaml', *options])}\n"


def selected_focus(result: Result, state: UrlState) -> Focus:
    """Return the exporter and importer that a page shows.

    A country cannot be its own partner: if the importer of the default focus is looked at, the pair is swapped.

    Raises
    ------
    UnknownLabel
        No such country, or one twice.
    """
    default = default_focus(result, state)
    look = state.look or default.exporter
    partner = state.partner if state.partner not in ("", look) else default.importer
    return checked(result.economy, Focus(exporter=look, importer=partner), result.scenario)


def default_focus(result: Result, state: UrlState) -> Focus:
    """Return the exporter and importer that a page shows if its state names none."""
    focus = focus_of(result)
    if state.look != focus.importer:
        return focus
    return Focus(exporter=focus.exporter, importer=focus.exporter)


def _countries(result: Result, focus: Focus) -> tuple[bytes, str]:
    return tables.ranking(result).to_csv(lineterminator="\n").encode(), CSV


def _sectors(result: Result, focus: Focus) -> tuple[bytes, str]:
    return tables.sectors(result, focus).to_csv(lineterminator="\n").encode(), CSV


def _suppliers(result: Result, focus: Focus) -> tuple[bytes, str]:
    return tables.suppliers(result, focus).to_csv(lineterminator="\n").encode(), CSV


def _workbook(result: Result, focus: Focus) -> tuple[bytes, str]:
    return workbook_of(answer_for(result, focus=focus)), XLSX


def _chart(result: Result, focus: Focus, name: str, suffix: str) -> tuple[bytes, str]:
    return chart_bytes(DRAWINGS[name](result, focus, WIDTH), suffix), IMAGES[suffix]


def _brief(result: Result, focus: Focus) -> tuple[bytes, str]:
    return brief_html(brief_data(result), focus).encode(), HTML


def _pdf(result: Result, focus: Focus) -> tuple[bytes, str]:
    """Return the brief as PDF; where nothing prints, this is said before the brief is gathered."""
    require_printer(NO_PRINTER)
    return pdf_of(brief_html(brief_data(result), focus)), PDF


DOWNLOADS: dict[str, Callable[[Result, Focus], tuple[bytes, str]]] = {
    "countries.csv": _countries,
    "sectors.csv": _sectors,
    "suppliers.csv": _suppliers,
    "result.xlsx": _workbook,
    **{f"{name}{suffix}": partial(_chart, name=name, suffix=suffix) for name in DRAWINGS for suffix in IMAGES},
    "brief.html": _brief,
    "brief.pdf": _pdf,
}
