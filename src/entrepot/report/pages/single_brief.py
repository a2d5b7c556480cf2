"""The brief: one self-contained page that a ministry or a newsroom can use."""

import datetime
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from entrepot.core.errors import InputError
from entrepot.core.version import package_version
from entrepot.data.files import require_writable, write_text
from entrepot.data.outlines import SOURCE as OUTLINES
from entrepot.equilibrium.decomposition import decompose
from entrepot.equilibrium.focus import checked, focus_of
from entrepot.equilibrium.key_numbers import key_numbers
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.sources import sources
from entrepot.policy.scenario import Focus
from entrepot.report.kit.html import drawn, page
from entrepot.report.kit.wording import capital, name_in_sentence
from entrepot.report.result import headline, tables
from entrepot.report.result.drawings import DRAWINGS
from entrepot.study.closures import by_deficits, same_sign

if TYPE_CHECKING:
    from entrepot.brief.run import Gathered

CHARTS = ("map", "ranking", "sectors", "output", "suppliers")


def write_brief(result: "Result | Gathered", path: str | Path, *, focus: Focus | None = None) -> None:
    """Write a brief to an HTML file that needs nothing else, whole or not at all.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned, for one scenario; or :func:`entrepot.gather`, for all that it joined.
    path
        Where to write; its folder must exist.
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
    if not isinstance(result, Result):
        from entrepot.report.pages.joined_brief import dossier_html  # who solves one scenario needs none of it

        if focus is not None:
            raise InputError("a joined brief takes no focus: each of its scenarios has its own; leave it out")
        write_text(Path(path), dossier_html(result))
        return
    write_text(Path(path), brief_html(result, checked(result.economy, focus) if focus else focus_of(result)))


def brief_html(result: Result, focus: Focus) -> str:
    """Return the page as text."""
    return page("brief.html.j2", **_page(result, focus))


def _page(result: Result, focus: Focus) -> dict[str, Any]:
    economy = result.economy
    ranking = tables.ranking(result)
    rules = by_deficits(result)
    shown = list(dict.fromkeys([focus.exporter, focus.importer, *ranking.index[:3], *ranking.index[-3:]]))
    names = [economy.countries[code] for code in shown]
    return {
        "title": result.scenario.title if result.scenario else "What the change does",
        "scenario": result.scenario,
        "headline": headline.headline(result, focus),
        "winners": headline.winners(result, focus, same_sign(rules)),
        "numbers": key_numbers(result, focus),
        "exporter": name_in_sentence(economy, focus.exporter),
        "importer": name_in_sentence(economy, focus.importer),
        "exporter_code": focus.exporter,
        "importer_code": focus.importer,
        "capital": capital,
        "ranking": ranking,
        "sectors": tables.sectors(result, focus),
        "suppliers": tables.suppliers(result, focus),
        "customers": tables.customers(result, focus),
        "prices": tables.prices(result, focus),
        **_decomposition(result, shown, names),
        "rules": rules.loc[shown].assign(name=names),
        "rule_names": list(rules.columns),
        "charts": {name: drawn(functools.partial(DRAWINGS[name], result, focus), name) for name in CHARTS},
        "result": result,
        "economy": economy,
        "sources": sources(result),
        "outlines": OUTLINES,
        "wedges": _wedges(result),
        "limits": tables.limits(result),
        "infinity": float("inf"),
        "theta": economy.theta.to_series(),
        "version": package_version(),
        "today": datetime.datetime.now(tz=datetime.UTC).date(),
    }


def _decomposition(result: Result, shown: list[str], names: list[str]) -> dict[str, Any]:
    """Return the path terms of some countries in per cent (log points); none where incomes are held."""
    if result.model.incomes_held:
        return {"decomposition": None, "extra_terms": [], "extra_at": {}}
    table = 100 * decompose(result).loc[shown]
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
