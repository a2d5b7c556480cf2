"""A schedule of duties by product, brought up to the sectors of an economy."""

import datetime
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import IsoDate, NonBlankStr, Provenance
from entrepot.core.units import rate_where
from entrepot.data import shipped
from entrepot.data.files import cached_by_content
from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.rates import effective_rates
from entrepot.policy.schedules.schedule import Schedule, load_schedule

if TYPE_CHECKING:
    from entrepot.policy.shock_builder import ShockBuilder


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
        if self.content != 1:
            scaled["content"] = _times(self.content, 1.0 if act.content is None else act.content, 1.0)
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
        return (
            f"Acts in schedule {schedule.name} are entered up to {schedule.known_until} only; later ones are missing."
        )

    def sources(self, folder: Path | None) -> dict[str, Provenance | None]:
        """Return the tables behind it, with their provenance where they are shipped."""
        return self.loaded(folder).sources()


@cached_by_content(8)
def _as_loaded(path: Path) -> Schedule:
    """Return a schedule."""
    return load_schedule(path)


@cached_by_content(32)
def _parts_on(path: Path, date: datetime.date, factors: tuple[tuple[str, float, float], ...]) -> pd.DataFrame:
    schedule = _as_loaded(path)
    if factors:
        by_id = {name: ActFactors(rate=rate, content=content) for name, rate, content in factors}
        acts = tuple(by_id[act.id].on(act) if act.id in by_id else act for act in schedule.measures)
        schedule = schedule.model_copy(update={"measures": acts})
    return effective_rates(schedule, date).parts


class SectorDuties(NamedTuple):
    """Points of duty on the cells of an economy, and the change in cost that goes with them where lines stay apart."""

    touched: np.ndarray
    points: np.ndarray
    cost_hat: np.ndarray | None


def sector_duties(written: ScheduleRates, builder: "ShockBuilder") -> SectorDuties:
    """Return what a schedule adds on the cells of an economy [origin, destination, sector].

    Averaged: the mean over a sector's lines, weighted with imports; a simple mean over lines where nothing was
    imported. A bloc's rate goes to each of its members.

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
    path = written.path(builder.folder)
    ids = [act.id for act in schedule.measures]
    for name in written.factors:
        if name not in ids:
            raise UnknownLabel(
                f"{schedule.name} has no act {name!r}{nearest(name, ids)}; `entrepot tariffs` lists them"
            )
    factors = tuple(sorted((name, one.rate, one.content) for name, one in written.factors.items()))
    parts = _parts_on(path, written.as_of or builder.date, factors)
    for (known, sector), lines in parts.groupby(["origin", "sector"]):
        for origin in schedule.blocs.get(str(known), (str(known),)):
            if origin not in codes or origin == schedule.destination or sector not in sectors:
                continue
            cell = codes.index(origin), buyer, sectors.index(str(sector))
            touched[cell] = True
            if cost_hat is None:
                points[cell] = np.average(lines["added"], weights=lines["weight"])
            else:
                base, theta = float(economy.tariff.values[cell]), float(economy.theta.values[cell[2]])
                points[cell], cost_hat[cell] = _apart(lines, base, theta)
    return SectorDuties(touched, points, cost_hat)


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
