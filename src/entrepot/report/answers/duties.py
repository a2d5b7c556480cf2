"""Duties on a day: who pays what by which act, on the terminal and for machines."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.legal import ANNOUNCED, COLLECTED, IN_FORCE
from entrepot.data.words import product_name
from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.goods import BY_WORLD
from entrepot.policy.schedules.rates import EffectiveRates, rate_for
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import hundredths

ACTS = ["measure", "authority", "act", "effective", "last_day", "in_force", "status", "statuses", "rate", "share",
        "points", "note"]  # fmt: skip
NOTHING = "nothing added"
MOST_TREATMENTS = 12
IN_USD = {"imports": "Imports, USD"}


def averages(rates: EffectiveRates) -> dict[str, float]:
    """Return mean points over all goods: of acts on the origins asked about, of acts on everybody, of both."""
    aimed = rates.schedule.aimed_at(list(rates.weights))
    specific = np.array([act in aimed for act in rates.acts], dtype=bool)
    mean = rates.mean_points()
    return {
        "acts_on_origin": float(mean[specific].sum()),
        "acts_on_all": float(mean[~specific].sum()),
        "all": float(mean.sum()),
    }


def by_treatment(rates: EffectiveRates) -> pd.DataFrame:
    """Return one row a combination of authorities that take something: imports, share, ordinary duty, what is added."""
    authorities = list(dict.fromkeys(act.authority for act in rates.acts))
    takes = np.array(
        [(rates.points[[act.authority == one for act in rates.acts]] > 0).any(axis=0) for one in authorities]
    ).reshape(len(authorities), len(rates.parts))
    patterns, which = np.unique(takes, axis=1, return_inverse=True)
    names = [" + ".join(name for name, on in zip(authorities, row, strict=True) if on) or NOTHING for row in patterns.T]
    parts = rates.parts.assign(treatment=np.array(names, dtype=object)[which.ravel()])
    weighted = parts[["base", "added", "rate"]].mul(parts["weight"], axis=0)
    table = pd.concat([parts[["treatment", "imports", "weight"]], weighted], axis=1).groupby("treatment").sum()
    for name in ("base", "added", "rate"):
        table[name] = table[name] / table["weight"].where(table["weight"] > 0, 1.0)
    table["share"] = table["weight"] / max(table["weight"].sum(), 1e-300)
    return table.sort_values("share", ascending=False).reset_index()[
        ["treatment", "imports", "share", "base", "added", "rate"]
    ]


def acts(rates: EffectiveRates) -> pd.DataFrame:
    """Return one row an act that concerns these goods: its days, how much, on what part of imports, mean points."""
    weight = rates.parts["weight"].to_numpy()
    whole = max(weight.sum(), 1e-300)
    mean, share = rates.mean_points(), rates.share @ weight / whole
    rows = []
    for act in rates.schedule.concerning(list(rates.weights)):
        number = rates.acts.index(act) if act in rates.acts else None
        if number is not None and not share[number] and not (rates.why_not(act) != "").any():
            continue
        rows.append(
            {
                "measure": act.id, "authority": act.authority, "act": act.act,
                "effective": str(act.effective or ""), "last_day": str(act.end or ""),
                "in_force": number is not None, "status": act.when_not(rates.date, rates.reading) or "in force",
                "statuses": "; ".join(f"{what} {day}" for what, day in act.statuses().items()),
                "rate": _rate_of(act, rates),
                "share": 0.0 if number is None else float(share[number]),
                "points": 0.0 if number is None else float(mean[number]),
                "note": act.note or "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=ACTS)


def render(rates: EffectiveRates, origins: str) -> RenderableType:
    """Return what `entrepot tariffs` prints: averages, classes of goods, acts."""
    treated, legal, mean = by_treatment(rates), acts(rates), averages(rates)
    rows = [
        [_billions(row["imports"]), _pct(row["share"]), _pct(row["added"]), row["treatment"]]
        for row in treated.head(MOST_TREATMENTS).to_dict("records")
    ]
    if len(treated) > MOST_TREATMENTS:
        rest = treated.iloc[MOST_TREATMENTS:]
        added = float((rest["added"] * rest["share"]).sum() / max(rest["share"].sum(), 1e-300))
        rows.append([_billions(rest["imports"].sum()), _pct(rest["share"].sum()), _pct(added), f"{len(rest)} more"])
    rows.append([_billions(treated["imports"].sum()), _pct(1.0), _pct(mean["all"]), "all goods"])
    goods = ranked_table("By what is added", ["USD bn", "% of imports", "points added", "by"], rows)
    counting = [
        [row["authority"], row["act"], _rate(row["rate"]), _pct(row["share"]), _pct(row["points"])]
        for row in legal[legal["in_force"]].to_dict("records")
    ]
    parts: list[RenderableType] = [Text(title(rates, origins), style="bold"), Text(sentence(rates, origins)), goods]
    if counting:
        headings = ["authority", "act", "rate %", "% of imports", "points"]
        parts.append(ranked_table(COUNTED[rates.reading], headings, counting))
    notes = [
        f"{row['measure']}: {row['note']}" for row in legal.to_dict("records") if row["note"] and row["points"] > 0
    ]
    if notes:
        parts.append(Text("\n" + "\n".join(notes), style="dim"))
    others = legal[~legal["in_force"] & ~legal["status"].str.startswith("not yet")]
    if len(others):
        said = [[row["measure"], _rate(row["rate"]), row["status"]] for row in others.to_dict("records")]
        parts.append(ranked_table("Known by then, not in force", ["act", "rate %", "why not"], said))
    return Group(*parts, Text(f"\n{footnote(rates)}", style="dim"))


COUNTED = {
    IN_FORCE: "Acts in force",
    COLLECTED: "Acts that customs collected",
    ANNOUNCED: "Acts announced, in force or not",
}


def title(rates: EffectiveRates, origins: str) -> str:
    """Return whose duties on whose goods, when, and by which reading where not by law."""
    reading = "" if rates.reading == IN_FORCE else f", as {rates.reading}"
    said = f"{rates.schedule.destination}: duties added on goods from {origins}, {rates.date}{reading}"
    if rates.date > rates.schedule.known_until:
        said += f" (acts are known to {rates.schedule.known_until} only)"
    return said


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
    lines = rates.parts[rates.goods.begins([hs])]
    for (origin, line, kind), part in lines.groupby(["origin", "hs6", "class"], sort=True, observed=True):
        here = part.iloc[0]
        heading = (
            f"{product_name(str(line))}\n"
            f"{line} from {origin}, {f'on {kind}' if kind else 'on no list'}, USD {here['imports'] / 1e6:,.1f} m: "
            f"{_pct(here['base'])} paid anyway + {_pct(here['added'])} added"
        )
        chosen = table[(table["origin"] == origin) & (table["hs6"] == line) & (table["class"] == kind)]
        rows = [
            [row["authority"], row["act"], _pct(row["rate"]), _pct(row["share"]), _pct(row["points"]), row["why_not"]]
            for row in chosen.to_dict("records")
        ]
        parts.append(
            ranked_table(heading, ["authority", "act", "rate %", "of value %", "points", "why not"], rows)
            if rows
            else Text(f"\n{heading}\nno act of this schedule concerns it", style="bold")
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
        "reading": rates.reading,
        "known_until": str(rates.schedule.known_until),
        "lists_of": rates.goods.classes_of,
        "treatments": by_treatment(rates).to_dict("records"),
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
    simple = [origin for origin, kind in rates.weights.items() if kind == BY_WORLD]
    if simple:
        said[0] = f"Schedule {rates.schedule.name}; weights: imports from the world, for {', '.join(simple)}"
    if rates.goods.classes_of:
        said.append(f"legal lists as of {rates.goods.classes_of}")
    missing = [one.act for one in rates.schedule.not_entered if one.effective and one.effective <= rates.date]
    if missing:
        said.append(f"known and not entered: {'; '.join(missing)}")
    return "; ".join(said) + "."


def _in_words(rates: EffectiveRates) -> pd.DataFrame:
    return by_treatment(rates).rename(columns=IN_USD)


def _year(rates: EffectiveRates) -> str:
    source = rates.schedule.sources()[rates.schedule.lines_path.stem]
    return "the table" if source is None else source.year


def _rate_of(measure: Act, rates: EffectiveRates) -> float | dict[str, float]:
    """Return the rate of an act for the origins that were asked about: one number where they pay the same."""
    found = {origin: rate_for(measure, origin, rates.schedule) for origin in rates.weights}
    return next(iter(found.values())) if len(set(found.values())) == 1 else found


def _pct(share: float) -> str:
    return hundredths(share, 1)


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
            "By what is added": _in_words,
            "Legal acts": acts,
            "Tariff lines": _lines_in_usd,
        }
        return Answer(
            document=partial(document, rates, origins),
            render=partial(render, rates, origins),
            table=lambda: rates.lines,
            tables=lambda: {name: made(rates) for name, made in sheets.items()},
            sources=rates.schedule.sources,
            title=title(rates, origins),
        )
    return Answer(partial(document, rates, origins, hs), partial(explanation, rates, hs), partial(rates.explain, hs))
