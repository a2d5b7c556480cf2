"""The brief: one self-contained page that a ministry or a newsroom can use."""

import datetime
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from entrepot.brief.single import BriefData
from entrepot.core.errors import InputError
from entrepot.core.version import package_version
from entrepot.data.files import require_writable
from entrepot.data.outlines import SOURCE as OUTLINES
from entrepot.economy.closure import CLOSURES
from entrepot.equilibrium.model.models import LONG_RUN
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.sources import sources
from entrepot.equilibrium.summary.focus import checked, focus_of
from entrepot.equilibrium.summary.key_numbers import key_numbers
from entrepot.policy.scenario import Focus
from entrepot.report.answers.ensemble import EVIDENCE, ranges
from entrepot.report.answers.why import why_sentences
from entrepot.report.files import PAGES, require_suffix, write_page
from entrepot.report.kit.html import drawn, page
from entrepot.report.kit.wording import capital, listed_in_sentence
from entrepot.report.result import headline, tables
from entrepot.report.result.drawings import DRAWINGS

if TYPE_CHECKING:
    from entrepot.brief.results import BriefResults

CHARTS = ("map", "ranking", "sectors", "output", "suppliers")


def write_brief(brief: "Result | BriefData | BriefResults", path: str | Path, *, focus: Focus | None = None) -> None:
    """Write a brief to a file that needs nothing else, HTML or PDF, whole or not at all; nothing is solved.

    Parameters
    ----------
    brief
        What :func:`entrepot.gather` returned, of a result or of a brief file. A bare result from :func:`entrepot.solve`
        is a brief too, without the sections that take further equilibria: where the changes come from, and whether they
        depend on the rule for imbalances.
    path
        Where to write, ``.html`` or ``.pdf``; its folder must exist. A PDF takes Chromium or WeasyPrint.
    focus
        The pair of countries to look at most closely; left out, the scenario's own, or the pair whose trade the change
        burdens most.

    Raises
    ------
    FileProblem
        The file cannot be written there.
    InputError
        A focus for a joined brief, whose scenarios have their own.
    """
    require_writable(Path(path))
    require_suffix(Path(path), PAGES)
    if isinstance(brief, Result):
        brief = BriefData(brief)
    if isinstance(brief, BriefData):
        result = brief.result
        pair = checked(result.economy, focus, result.scenario) if focus else focus_of(result)
        write_page(Path(path), brief_html(brief, pair))
        return
    from entrepot.report.pages.joined_brief import joined_brief_html  # a brief on one result needs none of it

    if focus is not None:
        raise InputError("a joined brief takes no focus: each of its scenarios has its own; leave it out")
    write_page(Path(path), joined_brief_html(brief))


def brief_html(data: BriefData, focus: Focus) -> str:
    """Return the page of one result as text."""
    return page("single_brief.html.j2", **_page(data, focus))


def _page(data: BriefData, focus: Focus) -> dict[str, Any]:
    result = data.result
    economy = result.economy
    ranking = tables.ranking(result)
    pair = [code for code in (focus.exporter, focus.importer) if code in economy.countries]
    shown = list(dict.fromkeys([*pair, *ranking.index[:3], *ranking.index[-3:]]))
    names = [economy.countries[code] for code in shown]
    return {
        "title": result.scenario.title if result.scenario else "What the change does",
        "scenario": result.scenario,
        "headline": headline.headline(result, focus),
        "against": headline.against(result),
        "blocs": tables.blocs(result, focus),
        "winners": headline.winners(result, focus, data.robust),
        "numbers": key_numbers(result, focus),
        "reasons": why_sentences(data.reasons),
        "ranges": ranges(data.ensemble),
        "evidence": EVIDENCE,
        "exporter": listed_in_sentence(economy, focus.exporter),
        "importer": listed_in_sentence(economy, focus.importer),
        "exporter_code": focus.exporter,
        "importer_code": focus.importer,
        "capital": capital,
        "ranking": ranking,
        "sectors": tables.sectors(result, focus),
        "suppliers": tables.suppliers(result, focus),
        "customers": tables.customers(result, focus),
        "prices": tables.prices(result, focus),
        **_decomposition(data.decomposition, shown, names),
        "rules": None if data.rules is None else data.rules.loc[shown].assign(name=names),
        "closures": CLOSURES,
        "rule_names": [] if data.rules is None else list(data.rules.columns),
        "charts": {name: drawn(functools.partial(DRAWINGS[name], result, focus), name) for name in CHARTS},
        "result": result,
        "economy": economy,
        "sources": sources(result),
        "outlines": OUTLINES,
        "wedges": _wedges(result),
        "limits": tables.limits(result),
        "remarks": tables.remarks(result),
        "long_run": result.model.horizon == LONG_RUN,
        "infinity": float("inf"),
        "theta": economy.theta.to_series(),
        "version": package_version(),
        "today": datetime.datetime.now(tz=datetime.UTC).date(),
    }


def _decomposition(decomposition: pd.DataFrame | None, shown: list[str], names: list[str]) -> dict[str, Any]:
    """Return the path terms of some countries in per cent (log points), if there are any."""
    if decomposition is None:
        return {"decomposition": None, "extra_terms": [], "extra_at": {}}
    table = 100 * decomposition.loc[shown]
    extra = ("productivity", "scale")
    return {
        "decomposition": table.assign(name=names),
        "extra_terms": [name for name in extra if table[name].abs().max() > 0],
        "extra_at": {name: list(table.columns).index(name) + 1 for name in extra},
    }


def _wedges(result: Result) -> pd.DataFrame:
    """Return what changed, one row a flow: duty in points, trade cost in per cent."""
    changes = [("duty, points", 100 * (result.tariff_cf - result.economy.tariff))]
    if result.wedges.changed("iceberg_hat", result.economy):
        changes.append(("trade cost, %", 100 * (result.wedges.iceberg_hat - 1)))
    if result.wedges.changed("export_tax", result.economy):
        changes.append(("export tax, points", 100 * (result.export_tax_cf - result.economy.export_tax)))
    tables = []
    for what, change in changes:
        cells = change.rename("change").to_series()
        tables.append(cells[cells != 0].reset_index().assign(what=what))
    if result.wedges.changed("productivity_hat", result.economy):
        cells = (100 * (result.wedges.productivity_hat - 1)).rename("change").to_series()
        made = cells[cells != 0].reset_index().rename(columns={"country": "origin"})
        tables.append(made.assign(what="productivity, %", destination=""))
    columns = {"origin": "from", "destination": "to"}
    return pd.concat(tables, ignore_index=True).rename(columns=columns)
