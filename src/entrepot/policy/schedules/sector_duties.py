"""A schedule of duties by product, brought up to the sectors of an economy."""

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.core.legal import LegalReading
from entrepot.core.provenance import IsoDate, NonBlankStr, Provenance
from entrepot.core.units import rate_where
from entrepot.data import shipped
from entrepot.data.files import cached_by_content
from entrepot.data.words import is_country
from entrepot.economy.economy import Economy
from entrepot.policy.schedules.act import Act, ShareTable
from entrepot.policy.schedules.rates import EffectiveRates, effective_rates
from entrepot.policy.schedules.schedule import Schedule, load_schedule
from entrepot.policy.selection import ALL

if TYPE_CHECKING:
    from entrepot.policy.shock_builder import ShockBuilder


ONLY_KNOWN_TO = "Acts are known only to"
"""How the remark on a day after the last one that is known begins."""
_factor = rate_where(lambda factor: factor >= 0, "a factor is not negative; 1 leaves the act as it is")
Factor = Annotated[float, BeforeValidator(_factor), WithJsonSchema({"type": ["number", "string"]})]


class ActFactors(BaseModel):
    """What an act's numbers are multiplied with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: Factor = Field(default=1.0, description="Its rate, or each of its rates.")
    content: Factor = Field(default=1.0, description="The share of the value that it applies to, at most all of it.")

    def on(self, act: Act) -> Act:
        """Return the act with its numbers multiplied."""
        scaled: dict[str, object] = {"rate": _times(self.rate, act.rate, math.inf)}
        content = 1.0 if act.content is None else act.content
        if isinstance(content, ShareTable):
            scaled["content"] = content.model_copy(update={"times": self.content * content.times})
        elif self.content != 1:
            scaled["content"] = _times(self.content, content, 1.0)
        return act.model_copy(update=scaled)


def _times(factor: float, number: float | Mapping[str, float], most: float) -> float | dict[str, float]:
    if isinstance(number, Mapping):
        return {name: min(most, factor * one) for name, one in number.items()}
    return min(most, factor * number)


class ScheduleRates(BaseModel):
    """What the acts of a schedule add on the day of the scenario, averaged by sector over imports."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schedule: NonBlankStr = Field(description="A shipped schedule by name, or a YAML file beside the scenario.")
    as_of: IsoDate | None = Field(default=None, description="The day whose acts are meant; left out, the scenario's.")
    reading: LegalReading | None = Field(default=None, description="What counts; left out, the scenario's reading.")
    lines: Literal["averaged", "apart"] = Field(
        default="averaged",
        description="averaged: one mean duty a sector, as trackers have it; apart: what pays and what is exempt are "
        "different goods, so that the exempt ones do not shrink.",
    )

    factors: Mapping[NonBlankStr, ActFactors] = Field(
        default_factory=dict,
        description="Acts, by id, whose rate or content is taken as so many times what the schedule says.",
    )

    def multiplied(self, acts: Mapping[str, str], factors: Mapping[tuple[str, str], float]) -> "ScheduleRates":
        """Return the rates with acts of this schedule multiplied, on top of the factors they have.

        Parameters
        ----------
        acts
            Schedule of each act, by the act's id.
        factors
            By id of the act and ``"rate"`` or ``"content"``; those of other schedules are ignored.
        """
        known = dict(self.factors)
        for (act, number), factor in factors.items():
            if acts[act] == self.schedule:
                before = known.get(act, ActFactors())
                known[act] = before.model_copy(update={number: factor * getattr(before, number)})
        return self.model_copy(update={"factors": known})

    def path(self, folder: Path | None) -> Path:
        """Return the file of the schedule."""
        if folder is not None and Path(self.schedule).name == self.schedule and (folder / self.schedule).is_file():
            return folder / self.schedule
        return shipped.path_of("schedules", self.schedule)

    def loaded(self, folder: Path | None) -> Schedule:
        """Return the schedule."""
        path = self.path(folder)
        return _as_loaded(path)

    def remark(self, folder: Path | None, date: datetime.date) -> str:
        """Return what a reader must know about the day, blank where nothing."""
        schedule, date = self.loaded(folder), self.as_of or date
        if date <= schedule.known_until:
            return ""
        return f"{ONLY_KNOWN_TO} {schedule.known_until} (schedule {schedule.name}), not to {date}."

    def sources(self, folder: Path | None) -> dict[str, Provenance | None]:
        """Return the tables behind it, with their provenance where they are shipped."""
        return self.loaded(folder).sources()


@cached_by_content(8)
def _as_loaded(path: Path) -> Schedule:
    """Return a schedule."""
    return load_schedule(path)


class _Asked(NamedTuple):
    """The rates that are asked of a schedule."""

    date: datetime.date
    reading: LegalReading
    beyond: bool
    factors: tuple[tuple[str, float, float], ...]


@cached_by_content(32)
def _rates_on(path: Path, asked: _Asked, origins: tuple[str, ...]) -> EffectiveRates:
    schedule = _as_loaded(path)
    if asked.factors:
        by_id = {name: ActFactors(rate=rate, content=content) for name, rate, content in asked.factors}
        acts = tuple(by_id[act.id].on(act) if act.id in by_id else act for act in schedule.measures)
        schedule = schedule.model_copy(update={"measures": acts})
    return effective_rates(schedule, asked.date, list(origins), asked.reading, asked.beyond)


class SectorDuties(NamedTuple):
    """Points of duty on the cells of an economy, and the change in cost that goes with them where lines stay apart."""

    touched: np.ndarray
    points: np.ndarray
    cost_hat: np.ndarray | None


def sector_duties(written: ScheduleRates, builder: "ShockBuilder") -> SectorDuties:
    """Return what a schedule adds on the cells of an economy [origin, destination, sector].

    Averaged: the mean over a sector's lines, weighted with imports, or with the world's where nothing was imported. A
    bloc's rate goes to each of its members.

    Apart: every line is a variety of its own in the buyers' choice. With w its share of spending on the flow, b its
    duty before and a what is added, spending on the flow moves with f = sum w r^-theta, r = (1 + b + a) / (1 + b), of
    which n = sum w r^-theta / (1 + b + a) reaches the border. The mean duty after the change is f / n - 1: small where
    buyers have moved to lines that pay little. What it misses of f^(-1/theta), what they forgo by moving, stands as a
    change in cost. Prices, quantities and revenue are those of the lines; exact where the flow is a small part of each
    line's market.

    Raises
    ------
    UnknownLabel
        The economy does not have the country that levies the duties.
    """
    schedule, words, economy = written.loaded(builder.folder), builder.words, builder.economy
    codes, sectors = list(economy.countries), list(economy.sectors)
    if schedule.destination not in codes:
        raise UnknownLabel(
            f"{schedule.name} is about {schedule.destination}, which the economy does not have"
            f"{nearest(schedule.destination, codes)}; merge fewer countries"
        )
    touched, points = np.zeros(words.shape, dtype=bool), np.zeros(words.shape)
    cost_hat = np.ones(words.shape) if written.lines == "apart" else None
    buyer = codes.index(schedule.destination)
    ids = [act.id for act in schedule.measures]
    for name in written.factors:
        if name not in ids:
            raise UnknownLabel(
                f"{schedule.name} has no act {name!r}{nearest(name, ids)}; `entrepot tariffs` lists them"
            )
    factors = tuple(sorted((name, one.rate, one.content) for name, one in written.factors.items()))
    asked = _Asked(written.as_of or builder.date, written.reading or builder.reading, builder.beyond, factors)
    payers = _payers(schedule, codes)
    rates = _rates_on(written.path(builder.folder), asked, tuple(payers))
    if schedule.lines_hold == "listed goods":
        if cost_hat is not None:
            raise InvalidShock(f"{schedule.name} knows the listed goods only, not all lines; write `lines: averaged`")
        return _with_unlisted(rates, payers, buyer, economy)
    parts = rates.parts[rates.parts["sector"].isin(sectors) & (rates.parts["weight"] > 0)]
    for members, known in _by_payers(payers):
        for sector, lines in parts[parts["origin"].isin(known)].groupby("sector", observed=True):
            place = sectors.index(str(sector))
            mean = float(np.average(lines["added"], weights=lines["weight"]))
            for member in members:
                cell = codes.index(member), buyer, place
                touched[cell] = True
                if cost_hat is None:
                    points[cell] = mean
                else:
                    base, theta = float(economy.tariff.values[cell]), float(economy.theta.values[place])
                    points[cell], cost_hat[cell] = _apart(lines, base, theta)
    return SectorDuties(touched, points, cost_hat)


def _with_unlisted(
    rates: EffectiveRates, payers: Mapping[str, tuple[str, ...]], buyer: int, economy: Economy
) -> SectorDuties:
    """Return sector means where the lines hold only what lists name: the rest of a flow is the economy's own figure.

    On the rest only acts on all goods apply. Listed goods of another year may exceed the flow: then they are all of it.
    """
    codes, sectors = list(economy.countries), list(economy.sectors)
    touched, points = np.zeros(economy.tariff.shape, dtype=bool), np.zeros(economy.tariff.shape)
    on_all = sum(rate for act in rates.acts if act.on_everything and isinstance(rate := act.rate, float))
    for members, known in _by_payers(payers):
        lines = rates.parts[rates.parts["origin"].isin(known)]
        value = (lines["weight"] / 1e9).groupby(lines["sector"], observed=True).sum()
        bill = (lines["added"] * lines["weight"] / 1e9).groupby(lines["sector"], observed=True).sum()
        for member, (place, sector) in product(members, enumerate(sectors)):
            cell = codes.index(member), buyer, place
            flow = economy.billions * float(economy.trade.values[cell])
            listed_value = float(value.get(sector, 0.0))
            if sector not in rates.schedule.sectors.sectors.values() or max(flow, listed_value) == 0:
                continue
            unlisted = max(flow - listed_value, 0.0)
            touched[cell] = True
            points[cell] = (float(bill.get(sector, 0.0)) + on_all * unlisted) / (listed_value + unlisted)
    return SectorDuties(touched, points, None)


def _payers(schedule: Schedule, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return who in an economy pays the duties on each origin of a schedule.

    A country that the lines do not have pays what the acts say about it, on the world's goods. The rest of the world
    pays the mean of the origins that the economy has in it.
    """
    if ALL not in schedule.origins:
        asked = schedule.origins
        return {origin: _members(origin, schedule, codes) for origin in asked if _members(origin, schedule, codes)}
    found = {origin: _members(origin, schedule, codes) for origin in sorted(schedule.partners)}
    paying = {code for members in found.values() for code in members} | {schedule.destination}
    others = [code for code in codes if code not in paying]
    rest = tuple(code for code in others if not is_country(code))
    strangers = {code: (code,) for code in others if is_country(code)}
    return {origin: members or rest for origin, members in found.items() if members or rest} | strangers


def _members(origin: str, schedule: Schedule, codes: Sequence[str]) -> tuple[str, ...]:
    members = schedule.blocs.get(origin, (origin,))
    return tuple(code for code in members if code in codes and code != schedule.destination)


def _by_payers(payers: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield countries that pay the same, with the origins of the schedule whose goods theirs are."""
    for members in dict.fromkeys(payers.values()):
        yield members, [origin for origin, paying in payers.items() if paying == members]


def _apart(lines: pd.DataFrame, base: float, theta: float) -> tuple[float, float]:
    """Return the points of duty and the change in cost of one flow whose lines are goods of their own."""
    before, after = 1 + lines["base"].to_numpy(), 1 + lines["rate"].to_numpy()
    spent = lines["weight"].to_numpy() * before
    spent = spent / spent.sum()
    kept = spent * (after / before) ** -theta
    mean_before = 1 / (spent / before).sum()
    # the economy's own duty on the flow may differ from the lines' mean: the ratio of the two means is what is applied
    hat = kept.sum() / (kept / after).sum() / mean_before
    return (1 + base) * hat - 1 - base, float(kept.sum() ** (-1 / theta) / hat)
