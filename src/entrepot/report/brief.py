"""The brief: one self-contained page that a ministry or a newsroom can use."""

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from entrepot.core.edition import edition
from entrepot.data.files import require_writable, write_text
from entrepot.data.outlines import SOURCE as OUTLINES
from entrepot.equilibrium.decomposition import decompose
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus
from entrepot.report import charts, headline, tables
from entrepot.report.document import sources
from entrepot.report.focus import checked, focus_of
from entrepot.report.robustness import by_deficits, same_sign
from entrepot.report.wording import amount, capital, name_in_sentence, percent, signed

WIDE, NARROW = 760, 340  # pixels of a chart on a desk and on a telephone; both are drawn, the page shows one
ENDS = 10  # countries at each end of the ranking
SUPPLIERS = 12
LARGEST_SECTORS = 15


def write_brief(result: Result, path: str | Path, *, focus: Focus | None = None) -> None:
    """Write the brief of a result to an HTML file that needs nothing else, whole or not at all.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    path
        Where to write; its folder must exist.
    focus
        The pair of countries to look at most closely; left out, the scenario's own, or the pair whose trade the change
        burdens most.

    Raises
    ------
    FileProblem
        The file cannot be written there.
    """
    require_writable(Path(path))
    write_text(Path(path), brief_html(result, checked(result.economy, focus) if focus else focus_of(result)))


def brief_html(result: Result, focus: Focus) -> str:
    """Return the page as text."""
    environment = Environment(
        loader=PackageLoader("entrepot.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"signed": signed, "percent": percent, "amount": amount}
    return environment.get_template("brief.html.j2").render(_page(result, focus))


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
        "numbers": headline.key_numbers(result, focus),
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
        "charts": _charts(result, focus, ranking),
        "result": result,
        "economy": economy,
        "sources": sources(result),
        "outlines": OUTLINES,
        "wedges": _wedges(result),
        "limits": tables.limits(result),
        "infinity": float("inf"),
        "theta": economy.theta.to_series(),
        "version": edition(),
        "today": datetime.datetime.now(tz=datetime.UTC).date(),
    }


def _charts(result: Result, focus: Focus, ranking: pd.DataFrame) -> dict[str, Markup]:
    economy = result.economy
    ends = ranking if len(ranking) <= 2 * ENDS else pd.concat([ranking.iloc[:ENDS], ranking.iloc[-ENDS:]])
    sectors = tables.sectors(result, focus)
    goods = sectors.loc[[code for code in economy.goods if code in sectors.index]]
    sold = goods.sort_values("exports_to_partner_bn", ascending=False)[:LARGEST_SECTORS]
    made = sectors.sort_values("volume_pct")
    suppliers = tables.suppliers(result, focus)
    others = suppliers.drop([focus.importer])
    moved = others.loc[others["change_bn"].abs().sort_values(ascending=False).index[:SUPPLIERS]].sort_values(
        "change_bn"
    )
    billions = f"{economy.currency} billion"
    buyer, seller = name_in_sentence(economy, focus.importer), name_in_sentence(economy, focus.exporter)

    def both(draw: Any, *arguments: Any, **options: Any) -> Markup:
        drawn = ""
        for kind, width in (("wide", WIDE), ("narrow", NARROW)):
            key = f"{draw.__name__}-{kind}-{len(options['label'])}"
            drawn += f'<div class="{kind}">{charts.svg(draw(*arguments, width=width, **options), key)}</div>'
        return Markup(drawn)

    return {
        "map": both(
            charts.world_map, economy, ranking["real_income_pct"], label="World map: change in real income, per cent"
        ),
        "ranking": both(
            charts.ranked_bars, list(ends["name"]), list(ends["real_income_pct"]), unit="change in real income, %",
            label="Largest losses and gains of real income, per cent", decimals=3,
        ),
        "sectors": both(
            charts.before_after, list(sold["name"]), list(sold["exports_to_partner_bn"]),
            list(sold["exports_to_partner_cf_bn"]), unit=f"{billions} a year; hollow before, full after",
            label=f"Exports of {seller} to {buyer} by sector, before and after",
        ),
        "output": both(
            charts.ranked_bars, list(made["name"]), list(made["volume_pct"]), unit="change at constant prices, %",
            label=f"Output of {seller} by sector, change in per cent", decimals=1,
        ),
        "diversion": both(
            charts.ranked_bars, list(moved["name"]), list(moved["change_bn"]), unit=f"change, {billions} a year",
            label=f"Who sells more and less to {buyer}, {billions}", decimals=2,
        ),
    }  # fmt: skip


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
    if result.shock.iceberg_hat is not None:
        changes.append(("trade cost, %", 100 * (result.shock.iceberg_hat - 1)))
    if result.shock.export_tax is not None:
        changes.append(("export tax, points", 100 * (result.export_tax_cf - result.economy.export_tax)))
    tables = []
    for what, change in changes:
        cells = change.rename("change").to_series()
        tables.append(cells[cells != 0].reset_index().assign(what=what))
    if result.shock.productivity_hat is not None:
        cells = (100 * (result.shock.productivity_hat - 1)).rename("change").to_series()
        made = cells[cells != 0].reset_index().rename(columns={"country": "origin"})
        tables.append(made.assign(what="productivity, %", destination=""))
    columns = {"origin": "from", "destination": "to"}
    return pd.concat(tables, ignore_index=True).rename(columns=columns)
