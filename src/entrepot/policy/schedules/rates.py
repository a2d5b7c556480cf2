"""The duties in force on a day, line by line, each with the acts that it is made of."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidDocument, UnknownLabel, listed, nearest
from entrepot.core.units import parse_date
from entrepot.data.tariff_lines import read_classes
from entrepot.policy.schedules.act import OTHERWISE, Act
from entrepot.policy.schedules.schedule import Schedule
from entrepot.policy.schedules.stacking import Contradiction, stacked
from entrepot.policy.selection import ALL

BY_VALUE, BY_LINE = "imports", "simple mean"
PART = ["origin", "hs6", "class"]


@dataclass(frozen=True, eq=False)
class EffectiveRates:
    """Duties on a day. A *part* is a tariff line, or the piece of it that is on one legal list.

    Attributes
    ----------
    schedule, date
        Whose duties, when.
    parts
        One row a part: ``origin, hs6, class, sector, imports, weight, base`` (duty paid anyway, as collected in the
        year of the table), ``added`` (by the acts in force) and ``rate``, the two together. ``weight`` is the imports,
        or for an origin without any the same for each line.
    points : [measure, part]
        What each act of the schedule adds.
    share : [measure, part]
        Of the value, what each act applies to.
    why_not : [measure, part]
        Why an act does not apply in full, blank where it does.
    classes_of
        The day that the lists are of; blank where the schedule has none.
    weights
        By origin: ``"imports"``, or ``"simple mean"`` where nothing was imported.
    """

    schedule: Schedule
    date: datetime.date
    parts: pd.DataFrame
    points: np.ndarray
    share: np.ndarray
    why_not: np.ndarray
    classes_of: str
    weights: Mapping[str, str]

    @cached_property
    def lines(self) -> pd.DataFrame:
        """One row an origin and line: ``origin, hs6, sector, imports, base, added, rate, acts``."""
        table = self.mean_by(["origin", "hs6", "sector"])
        names = np.array([measure.id for measure in self.schedule.measures], dtype=object)
        touched = pd.DataFrame((self.points > 0).T, columns=names).groupby(self._keys(["origin", "hs6"])).any()
        table["acts"] = [" + ".join(names[row]) for row in touched.to_numpy()]
        return table

    def mean_by(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return mean rates by some columns of `parts`, weighted with imports, or with lines where there are none."""
        parts = self.parts
        weighted = parts[["base", "added", "rate"]].mul(parts["weight"], axis=0)
        whole = pd.concat([parts[list(columns)], parts[["imports", "weight"]], weighted], axis=1)
        table = whole.groupby(list(columns), sort=True, observed=True).sum().reset_index()
        for name in ("base", "added", "rate"):
            table[name] = table[name] / table["weight"].where(table["weight"] > 0, 1.0)
        return table.drop(columns="weight")

    def by_authority(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return what each authority adds on average, by some columns of `parts`: one column an authority."""
        measures = self.schedule.measures
        authorities = list(dict.fromkeys(measure.authority for measure in measures))
        table = pd.DataFrame(
            {
                authority: self.points[[m.authority == authority for m in measures]].sum(axis=0)
                for authority in authorities
            }
        ).mul(self.parts["weight"].to_numpy(), axis=0)
        keys = self._keys(columns)
        weight = self.parts["weight"].groupby(keys).sum()
        return table.groupby(keys).sum().div(weight.where(weight > 0, 1.0), axis=0)

    def average(self) -> float:
        """Return the mean of what the acts add, over all goods."""
        weight = self.parts["weight"].to_numpy()
        return float((self.parts["added"].to_numpy() * weight).sum() / max(weight.sum(), 1e-300))

    def explain(self, hs: str) -> pd.DataFrame:
        """Return the acts on one line or heading, one row an origin, line, class and act, those that do not apply too.

        Columns ``origin, hs6, class, imports, base, measure, authority, act, rate, share, points, why_not``.

        Raises
        ------
        UnknownLabel
            No line of that code.
        """
        chosen = np.flatnonzero(self.parts["hs6"].str.startswith(str(hs)).to_numpy())
        if str(hs) not in self.schedule.prefixes or not len(chosen):
            known = sorted(set(self.parts["hs6"]))
            raise UnknownLabel(
                f"no line {hs!r} among these imports{nearest(str(hs), known)}; write an HS code of 2, 4 or 6 digits"
            )
        rows = []
        for at in chosen:
            part = self.parts.iloc[at]
            for number, measure in enumerate(self.schedule.measures):
                if self.share[number, at] == 0 and not self.why_not[number, at]:
                    continue
                share = float(self.share[number, at])
                rows.append(
                    {
                        **part[["origin", "hs6", "class", "imports", "base"]].to_dict(),
                        "measure": measure.id, "authority": measure.authority, "act": measure.act,
                        "rate": rate_for(measure, part["origin"], self.schedule), "share": share,
                        "points": float(self.points[number, at]), "why_not": str(self.why_not[number, at]),
                    }
                )  # fmt: skip
        columns = ["origin", "hs6", "class", "imports", "base", "measure", "authority", "act", "rate", "share",
                   "points", "why_not"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def _keys(self, columns: Sequence[str]) -> list[pd.Series]:
        return [self.parts[name] for name in columns]


def effective_rates(schedule: Schedule, on: object, origins: Sequence[str] | None = None) -> EffectiveRates:
    """Return the duties of a schedule that are in force on a day, by origin and HS6 line, with their explanation.

    Parameters
    ----------
    schedule
        From :func:`entrepot.load_schedule`.
    on
        A date, or a text such as ``"2025-08-27"``.
    origins
        Codes as the table of lines has them, or members of the schedule's blocs; left out, all. One that the table does
        not have gets every line with equal weight, on the lists as the world's imports are.

    Raises
    ------
    InvalidShock
        Acts that contradict each other on that day; names them, the line and where they stand in the file.
    """
    if not isinstance(schedule, Schedule):
        raise InvalidDocument(f"found {type(schedule).__name__}; give a Schedule, as entrepot.load_schedule() returns")
    if origins is not None and not list(origins):
        raise UnknownLabel("no origin is named; name one, or leave `origins` out for all")
    date = parse_day(on)
    if origins is None:
        origins = sorted(schedule.partners) if ALL in schedule.origins else schedule.origins
    every = [_as_in_lines(code, schedule) for code in origins]
    parts, classes_of, weights = _parts(schedule, date, list(dict.fromkeys(every)))
    measures = schedule.measures
    shape = (len(measures), len(parts))
    points, share = np.zeros(shape), np.zeros(shape)
    why_not = np.full(shape, "", dtype=object)
    applies, rate, content = np.zeros(shape, dtype=bool), np.zeros(shape), np.ones(shape)
    products = _Products(schedule, parts)
    for number, measure in enumerate(measures):
        aimed = products.origins(measure) & products.among(measure)
        exempt = products.on(measure.exempt)
        late = measure.when_not(date)
        applies[number] = aimed & ~exempt & (not late)
        why_not[number][aimed & exempt] = "exempt"
        if late:
            why_not[number][aimed] = late
        rate[number], content[number] = products.rate(measure), products.content(measure)
    current = [number for number, measure in enumerate(measures) if measure.in_force(date)]
    try:
        stack = stacked(
            [measures[number] for number in current],
            applies[current], rate[current], content[current], parts["base"].to_numpy(),
        )  # fmt: skip
    except Contradiction as error:
        line = " ".join(str(parts[name].iloc[error.part]) for name in ("origin", "hs6", "class")).strip()
        raise Contradiction(
            f"{schedule.located(('measures',), error)}; found on {date} at {line}", error.part
        ) from None
    points[current], share[current] = stack
    for number in current:
        gives_way = applies[number] & (share[number] < content[number] - 1e-12)
        for other in current:
            if measures[number].authority in measures[other].excludes:
                why_not[number][gives_way & applies[other]] = f"gives way to {measures[other].id}"
    parts["added"] = points.sum(axis=0)
    parts["rate"] = parts["base"] + parts["added"]
    return EffectiveRates(schedule, date, parts, points, share, why_not, classes_of, weights)


def parse_day(on: object) -> datetime.date:
    """Return a day, or raise InvalidDocument saying how to write one."""
    try:
        return parse_date(on)
    except ValueError as error:
        raise InvalidDocument(f"date: {error}") from None


def rate_for(measure: Act, origin: str, schedule: Schedule) -> float:
    """Return the rate of an act for goods from one origin."""
    if not isinstance(measure.rate, Mapping):
        return measure.rate
    if origin in measure.rate:  # a country's own rate goes before its bloc's
        return measure.rate[origin]
    return next((rate for name, rate in measure.rate.items() if origin in schedule.blocs.get(name, ())), 0.0)


def _as_in_lines(code: str, schedule: Schedule) -> str:
    """Return the origin under which the table of lines has a country: its bloc's, where that is how it is known."""
    if ALL not in schedule.origins and code not in schedule.origins:
        raise UnknownLabel(
            f"{schedule.name} has the acts on goods from {listed(schedule.origins)} only, not from {code!r}"
            f"{nearest(code, list(schedule.origins))}; use a "
            "schedule that has them (tables of rates by sector: `entrepot measures`)"
        )
    if code in schedule.partners or code in schedule.blocs:
        return code
    for bloc, members in schedule.blocs.items():
        if code in members and bloc in schedule.partners:
            return bloc
    if not (len(code) == 3 and code.isalpha() and code.isupper()):
        known = sorted({*schedule.partners, *schedule.blocs})
        raise UnknownLabel(f"unknown origin {code!r}{nearest(code, known)}; {schedule.name} has {listed(known)}")
    return code


def _parts(schedule: Schedule, date: datetime.date, origins: list[str]) -> tuple[pd.DataFrame, str, Mapping[str, str]]:
    lines = schedule.trade[schedule.trade["origin"].isin(origins)]
    sold = lines.groupby("origin")["imports"].sum()
    strangers = [code for code in origins if not sold.get(code, 0.0) > 0]
    lines = lines[~lines["origin"].isin(strangers) & (lines["imports"] > 0)]  # a line without imports weighs nothing
    classes_of = ""
    classes = None
    if schedule.classes_path is not None:
        classes, classes_of = read_classes(schedule.classes_path, date, None if strangers else origins)
    if strangers:
        world = schedule.trade.groupby("hs6", as_index=False)[["imports", "duties"]].sum()
        lines = pd.concat([lines, *(world.assign(origin=code) for code in strangers)], ignore_index=True)
        if classes is not None:
            mixed = classes.groupby(["hs6", "class"], as_index=False)["imports"].sum()
            classes = pd.concat([classes, *(mixed.assign(origin=code) for code in strangers)], ignore_index=True)
    lines = lines.assign(base=lines["duties"] / lines["imports"].where(lines["imports"] > 0, 1.0))
    if classes is None:
        parts = lines.assign(**{"class": ""})
    else:
        held = classes.rename(columns={"imports": "part"})
        parts = lines.merge(held, on=["origin", "hs6"], how="left").fillna({"class": "", "part": 0.0})
        whole = parts.groupby(["origin", "hs6"])["part"].transform("sum")
        split = (parts["part"] / whole.where(whole > 0, 1.0)).where(whole > 0, 1.0)
        parts["imports"] = parts["imports"] * split
        parts["split"] = split
    if "split" not in parts:
        parts["split"] = 1.0
    strange = parts["origin"].isin(strangers)
    parts["weight"] = parts["imports"].where(~strange, parts["split"])
    parts["imports"] = parts["imports"].where(~strange, 0.0)
    parts["sector"] = schedule.sectors.sectors_of(list(parts["hs6"]))
    weights = {code: BY_LINE if code in strangers else BY_VALUE for code in origins}
    kept = ["origin", "hs6", "class", "sector", "imports", "weight", "base"]
    return parts.sort_values(PART, kind="stable").reset_index(drop=True)[kept], classes_of, weights


class _Products:
    """Which parts a measure's words mean; every word is looked up once."""

    def __init__(self, schedule: Schedule, parts: pd.DataFrame) -> None:
        self._schedule = schedule
        self._hs6 = parts["hs6"].to_numpy(dtype="U6")
        self._class = parts["class"].to_numpy(dtype=str)
        self._sector = parts["sector"].to_numpy(dtype=str)
        self._origin = parts["origin"].to_numpy(dtype=str)
        self._known: dict[str, np.ndarray] = {}

    def origins(self, measure: Act) -> np.ndarray:
        """Return the parts that come from those whom a measure is about."""
        words = list(measure.rate) if isinstance(measure.rate, Mapping) else list(measure.origin)
        return np.isin(self._origin, self._members(words)) | (ALL in words)

    def among(self, measure: Act) -> np.ndarray:
        """Return the parts whose products a measure is about, exemptions not yet taken out."""
        chosen = self.on(measure.products)
        return chosen if measure.among is None else chosen & self.on(measure.among)

    def on(self, words: Sequence[str]) -> np.ndarray:
        """Return the parts that any of the words for products means."""
        found = np.zeros(len(self._hs6), dtype=bool)
        for word in words:
            if word not in self._known:
                self._known[word] = self._one(word)
            found |= self._known[word]
        return found

    def rate(self, measure: Act) -> np.ndarray:
        """Return a measure's rate on each part."""
        found = np.zeros(len(self._hs6))
        for origin in np.unique(self._origin):
            found[self._origin == origin] = rate_for(measure, str(origin), self._schedule)
        return found

    def content(self, measure: Act) -> np.ndarray:
        """Return the share of the value that a measure claims on each part; the longest prefix decides."""
        if measure.content is None or not isinstance(measure.content, Mapping):
            return np.full(len(self._hs6), 1.0 if measure.content is None else measure.content)
        found = np.full(len(self._hs6), measure.content.get(OTHERWISE, 0.0))
        for prefix in sorted((name for name in measure.content if name != OTHERWISE), key=len):
            found[self._begins([prefix])] = measure.content[prefix]
        return found

    def _one(self, word: str) -> np.ndarray:
        if word == ALL:
            return np.ones(len(self._hs6), dtype=bool)
        if word in self._schedule.lists:
            chosen = self._schedule.lists[word]
            if chosen.in_class is not None:
                return np.asarray(self._class == chosen.in_class)
            return self._begins(self._schedule.listed_codes(word))
        if word.isdigit():
            return self._begins([word])
        members = self._schedule.sectors.groups.get(word, (word,))
        return np.isin(self._sector, members)

    def _begins(self, codes: Sequence[str]) -> np.ndarray:
        found = np.zeros(len(self._hs6), dtype=bool)
        for length in {len(code) for code in codes}:
            chosen = [code for code in codes if len(code) == length]
            found |= np.isin(self._hs6.astype(f"U{length}"), chosen)
        return found

    def _members(self, words: Sequence[str]) -> list[str]:
        return [code for word in words for code in (word, *self._schedule.blocs.get(word, ()))]
