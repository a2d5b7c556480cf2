"""Which wedges of the world matter most for an outcome: derivatives as a ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import xarray as xr
from rich.console import Group, RenderableType
from rich.text import Text

from entrepot.core.dims import DESTINATION, ORIGIN, SECTOR
from entrepot.core.wedges import BY_NAME
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.equilibrium.result import Result
from entrepot.report.answer import Answer, answer_for
from entrepot.report.kit.rich_tables import ranked_table
from entrepot.report.kit.wording import name_in_sentence, outcome_in_words, signed


@dataclass(frozen=True, eq=False)
class WedgeRanking:
    """The wedges that matter most for an outcome.

    Attributes
    ----------
    table
        What `strongest` returned.
    slopes
        The derivatives that were ranked, from :func:`entrepot.sensitivity`.
    result
        The equilibrium that they were taken at.
    """

    table: pd.DataFrame
    slopes: xr.Dataset
    result: Result


def in_words(row: Mapping[Any, Any], economy: Economy) -> str:
    """Return what a row of `strongest` is about: "tariff of the United States on textiles from India"."""
    names = {code: name_in_sentence(economy, code) for code in economy.countries}
    seller, buyer, goods = names[row[ORIGIN]], names.get(row[DESTINATION], ""), economy.sectors[row[SECTOR]]
    goods = goods[:1].lower() + goods[1:]
    return BY_NAME[row["instrument"]].place.format(seller=seller, buyer=buyer, goods=goods)


def in_names(table: pd.DataFrame, slopes: xr.Dataset, economy: Economy) -> pd.DataFrame:
    """Return the ranking with the names of instruments, countries and sectors, and the unit of effects."""
    names = {**economy.countries, **economy.sectors, **{name: one.step for name, one in BY_NAME.items()}}
    shown = table.assign(**{name: table[name].map(names).fillna("") for name in table if name != "effect"})
    return shown.rename(columns={"effect": f"Effect on {slopes.attrs['outcome']}, {unit(slopes, economy)}"})


def unit(slopes: xr.Dataset, economy: Economy) -> str:
    """Return what effects are measured in."""
    return "per cent" if slopes.attrs["is_ratio"] else f"{economy.currency} billion"


def document(table: pd.DataFrame, slopes: xr.Dataset, economy: Economy) -> dict[str, Any]:
    """Return the ranking for machines: the outcome, its value, and the effects, each with its unit."""
    is_ratio, value = slopes.attrs["is_ratio"], slopes.attrs["value"]
    return {
        "outcome": slopes.attrs["outcome"],
        "value": value if is_ratio else value * economy.billions,
        "value_unit": "ratio to the base year" if is_ratio else unit(slopes, economy),
        "effect_unit": unit(slopes, economy),
        "wedges": table.to_dict("records"),
    }


def render(table: pd.DataFrame, slopes: xr.Dataset, result: Result) -> RenderableType:
    """Return what `entrepot sensitivity` prints."""
    economy = result.economy
    at = result.scenario.title if result.scenario else "the base year"
    outcome = outcome_in_words(parse_outcome(slopes.attrs["outcome"], economy), economy)
    decimals = 4 if slopes.attrs["is_ratio"] else 3
    rows = [
        [
            str(rank), BY_NAME[row["instrument"]].step, row[ORIGIN], row[DESTINATION], row[SECTOR],
            economy.sectors[row[SECTOR]], signed(row["effect"], decimals),
        ]
        for rank, row in enumerate(table.to_dict("records"), start=1)
    ]  # fmt: skip
    title = f"What moves {outcome} most"
    note = (
        f"At {at}. Exact derivatives of {economy.label}; {result.model.title}; {result.closure.title}. One "
        "point of a tax is a hundredth of the value it is levied on; effects of several small changes add up."
    )
    headings = ["rank", "wedge", "from", "to", "", "sector", f"effect, {unit(slopes, economy)}"]
    return Group(ranked_table(title, headings, rows), Text(f"\n{note}", style="dim"))


@answer_for.register
def _answer(ranking: WedgeRanking) -> Answer:
    table, slopes, result = ranking.table, ranking.slopes, ranking.result
    return Answer(
        document=partial(document, table, slopes, result.economy),
        render=partial(render, table, slopes, result),
        table=lambda: table,
        title=f"What moves {slopes.attrs['outcome']} most",
        tables=lambda: {"Effects": in_names(table, slopes, result.economy)},
    )
