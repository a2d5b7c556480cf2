"""Duties on a day: who pays what by which act, on the terminal and for machines."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.data.words import product_name
from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.rates import BY_LINE, EffectiveRates, rate_for
from entrepot.policy.selection import ALL
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table

CLASSES = {
    "covered": "covered",
    "exempt": "exempt",
    "section_232": "Section 232",
    "section_232_derivative": "Section 232 derivatives",
    "": "on no list",
}


IN_USD = {"imports": "Imports, USD"}


def averages(rates: EffectiveRates) -> dict[str, float]:
    """Return mean points over all goods: of acts on the origins asked about, of acts on everybody, of both."""
    specific = np.array([_names_origins(measure) for measure in rates.schedule.measures])
    weight = rates.parts["weight"].to_numpy()
    mean = (rates.points * weight).sum(axis=1) / max(weight.sum(), 1e-300)
    return {
        "acts_on_origin": float(mean[specific].sum()),
        "acts_on_all": float(mean[~specific].sum()),
        "all": float(mean.sum()),
    }


def by_class(rates: EffectiveRates) -> pd.DataFrame:
    """Return one row a class of goods: imports, share of them, ordinary duty, what is added."""
    table = rates.mean_by(["class"])
    weight = rates.parts.groupby("class")["weight"].sum().to_numpy()
    return table.assign(share=weight / max(weight.sum(), 1e-300))[
        ["class", "imports", "share", "base", "added", "rate"]
    ]


def acts(rates: EffectiveRates) -> pd.DataFrame:
    """Return one row an act that concerns these goods: when, how much, on what part of imports, points on average."""
    weight = rates.parts["weight"].to_numpy()
    whole = max(weight.sum(), 1e-300)
    rows = []
    for number, measure in enumerate(rates.schedule.measures):
        if not rates.share[number].any() and not (rates.why_not[number] != "").any():
            continue
        rows.append(
            {
                "measure": measure.id, "authority": measure.authority, "act": measure.act,
                "effective": str(measure.effective), "last_day": str(measure.last_day or ""),
                "in_force": measure.in_force(rates.date), "status": measure.when_not(rates.date) or "in force",
                "rate": _rate_of(measure, rates),
                "share": float((rates.share[number] * weight).sum() / whole),
                "points": float((rates.points[number] * weight).sum() / whole),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def render(rates: EffectiveRates, origins: str) -> RenderableType:
    """Return what `entrepot tariffs` prints: averages, classes of goods, acts."""
    classes, legal, mean = by_class(rates), acts(rates), averages(rates)
    rows = [
        [CLASSES.get(row["class"], row["class"]), _billions(row["imports"]), _pct(row["share"]), _pct(row["added"])]
        for row in classes.to_dict("records")
    ]
    rows.append(["all goods", _billions(classes["imports"].sum()), _pct(1.0), _pct(mean["all"])])
    goods = ranked_table("By treatment", ["goods", "USD bn", "% of imports", "points added"], rows)
    in_force = [
        [row["authority"], row["act"], _rate(row["rate"]), _pct(row["share"]), _pct(row["points"])]
        for row in legal[legal["in_force"]].to_dict("records")
    ]
    parts: list[RenderableType] = [
        Text(f"{rates.schedule.destination}: duties added on goods from {origins}, {rates.date}", style="bold"),
        Text(sentence(rates, origins)),
        goods,
    ]
    if in_force:
        headings = ["authority", "act", "rate %", "% of imports", "points"]
        parts.append(ranked_table("Acts in force", headings, in_force))
    others = legal[~legal["in_force"]]
    if len(others):
        said = [[row["authority"], _rate(row["rate"]), row["status"]] for row in others.to_dict("records")]
        parts.append(ranked_table("Not in force on that day", ["authority", "rate %", "why not"], said))
    return Group(*parts, Text(f"\n{footnote(rates)}", style="dim"))


def sentence(rates: EffectiveRates, origins: str) -> str:
    """Return the mean over all goods in a sentence, and what was decided but is not in force."""
    mean = averages(rates)
    said = f"Over all goods, {_pct(mean['all'])} points on average"
    if mean["acts_on_origin"] > 0 and mean["acts_on_all"] > 0:
        said = (
            f"Over all goods, the acts on goods from {origins} add {_pct(mean['acts_on_origin'])} points on average; "
            f"acts on goods from everywhere add {_pct(mean['acts_on_all'])} more: {_pct(mean['all'])} in all"
        )
    waiting = [
        f"{row['act']} ({_rate(row['rate'])} %, from {row['effective']})"
        for row in acts(rates).to_dict("records")
        if row["status"].startswith("decided")
    ]
    return f"{said}." + (f" Decided, not in force yet: {'; '.join(waiting)}." if waiting else "")


def explanation(rates: EffectiveRates, hs: str) -> RenderableType:
    """Return what `--explain` prints: every act on a line, and why the others do not apply."""
    table = rates.explain(hs)
    parts: list[RenderableType] = []
    lines = rates.parts[rates.parts["hs6"].str.startswith(hs)]
    for (origin, line, kind), part in lines.groupby(["origin", "hs6", "class"], sort=True):
        here = part.iloc[0]
        title = (
            f"{product_name(str(line))}\n"
            f"{line} from {origin}, {CLASSES.get(str(kind), str(kind))}, USD {here['imports'] / 1e6:,.1f} m: "
            f"{_pct(here['base'])} paid anyway + {_pct(here['added'])} added"
        )
        chosen = table[(table["origin"] == origin) & (table["hs6"] == line) & (table["class"] == kind)]
        rows = [
            [row["authority"], row["act"], _pct(row["rate"]), _pct(row["share"]), _pct(row["points"]), row["why_not"]]
            for row in chosen.to_dict("records")
        ]
        parts.append(
            ranked_table(title, ["authority", "act", "rate %", "of value %", "points", "why not"], rows)
            if rows
            else Text(f"\n{title}\nno act of this schedule concerns it", style="bold")
        )
    return Group(*parts, Text(f"\n{footnote(rates)}", style="dim"))


def document(rates: EffectiveRates, origins: str, hs: str | None = None) -> dict[str, Any]:
    """Return the duties as one JSON document; rates and points as fractions, imports in USD."""
    found: dict[str, Any] = {
        "schedule": rates.schedule.name,
        "on": str(rates.date),
        "from": origins,
        "to": rates.schedule.destination,
        "average_added": averages(rates),
        "weights": dict(rates.weights),
        "lists_of": rates.classes_of,
        "classes": by_class(rates).to_dict("records"),
        "acts": acts(rates).to_dict("records"),
        "notes": footnote(rates),
    }
    if hs is not None:
        chosen = rates.lines[rates.lines["hs6"].str.startswith(hs)]
        found |= {"lines": chosen.to_dict("records"), "explanation": rates.explain(hs).to_dict("records")}
    return found


def footnote(rates: EffectiveRates) -> str:
    """Return what the numbers rest on."""
    said = [f"Schedule {rates.schedule.name}; weights: imports of {_year(rates)}"]
    simple = [origin for origin, kind in rates.weights.items() if kind == BY_LINE]
    if simple:
        said[0] = (
            f"Schedule {rates.schedule.name}; a simple mean over lines for {', '.join(simple)}, which sold nothing"
        )
    if rates.classes_of:
        said.append(f"legal lists as of {rates.classes_of}")
    if rates.date > rates.schedule.known_until:
        said.append(f"acts are entered up to {rates.schedule.known_until} only, so later ones are missing")
    return "; ".join(said) + "."


def _in_words(rates: EffectiveRates) -> pd.DataFrame:
    table = by_class(rates)
    return table.assign(**{"class": table["class"].replace(CLASSES)}).rename(columns=IN_USD)


def _year(rates: EffectiveRates) -> str:
    source = rates.schedule.sources()[rates.schedule.lines_path.stem]
    return "the table" if source is None else source.year


def _rate_of(measure: Act, rates: EffectiveRates) -> float | dict[str, float]:
    """Return the rate of an act for the origins that were asked about: one number where they pay the same."""
    found = {origin: rate_for(measure, origin, rates.schedule) for origin in rates.weights}
    return next(iter(found.values())) if len(set(found.values())) == 1 else found


def _names_origins(measure: Act) -> bool:
    return not isinstance(measure.rate, float) or measure.origin != (ALL,)


def _pct(share: float) -> str:
    return f"{100 * share:.1f}"


def _rate(rate: object) -> str:
    return f"{100 * rate:g}" if isinstance(rate, float) else "by origin"


def _billions(value: float) -> str:
    return f"{value / 1e9:,.2f}" if value >= 5e6 or value == 0 else f"{value / 1e9:.2g}"


def _lines_in_usd(rates: EffectiveRates) -> pd.DataFrame:
    return rates.lines.rename(columns=IN_USD)


@answer_for.register
def _answer(rates: EffectiveRates, origins: str, hs: str | None = None) -> Answer:
    if hs is None:
        sheets = {
            "By treatment": _in_words,
            "Legal acts": acts,
            "Tariff lines": _lines_in_usd,
        }
        return Answer(
            document=partial(document, rates, origins),
            render=partial(render, rates, origins),
            table=lambda: rates.lines,
            tables=lambda: {name: made(rates) for name, made in sheets.items()},
            sources=rates.schedule.sources,
            title=f"{rates.schedule.destination}: duties added on goods from {origins}, {rates.date}",
        )
    return Answer(partial(document, rates, origins, hs), partial(explanation, rates, hs), partial(rates.explain, hs))
