"""The duties in force on a day, line by line, each with the acts that it is made of."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from entrepot.core.errors import InputError, InvalidDocument, UnknownLabel, listed, nearest
from entrepot.core.legal import ANNOUNCED, IN_FORCE, LegalReading
from entrepot.core.units import parse_date
from entrepot.policy.schedules.act import OTHERWISE, Act, ShareTable
from entrepot.policy.schedules.goods import Goods, goods_of
from entrepot.policy.schedules.schedule import Schedule
from entrepot.policy.schedules.stacking import Contradiction, stacked
from entrepot.policy.selection import ALL

EXPLAINED = ["origin", "hs6", "class", "imports", "base", "measure", "authority", "act", "rate", "share", "points",
             "why_not"]  # fmt: skip


@dataclass(frozen=True, eq=False)
class EffectiveRates:
    """Duties on a day. A *part* is a tariff line, or the piece of it that is on the same legal lists.

    Attributes
    ----------
    schedule, date, reading
        Whose duties, when, and what counts: acts in force, acts collected, or what had been announced.
    goods
        The goods.
    parts
        One row a part: ``origin, hs6, class, sector, imports, weight, base`` (duty paid anyway, as collected in the
        year of the table), ``added`` (by the acts that count) and ``rate``, the two together. ``weight`` is the
        imports, or for an origin without any those from the world.
    acts
        Those that count on the day.
    applies : [act, part]
        Whether an act touches a part; it may still give way to another.
    points : [act, part]
        What each of the acts adds.
    share : [act, part]
        Of the value, what each of the acts applies to.
    """

    schedule: Schedule
    date: datetime.date
    reading: LegalReading
    goods: Goods
    parts: pd.DataFrame
    acts: tuple[Act, ...]
    applies: np.ndarray
    points: np.ndarray
    share: np.ndarray

    @property
    def weights(self) -> Mapping[str, str]:
        """By origin: what its lines are weighted with."""
        return self.goods.weights

    @cached_property
    def lines(self) -> pd.DataFrame:
        """One row an origin and line: ``origin, hs6, sector, imports, base, added, rate, acts``."""
        table = self.mean_by(["origin", "hs6", "sector"])
        names = np.array([act.id for act in self.acts], dtype=object)
        keys = [self.parts[name] for name in ("origin", "hs6")]
        touched = pd.DataFrame((self.points > 0).T, columns=names).groupby(keys, observed=True).any()
        table["acts"] = [" + ".join(names[row]) for row in touched.to_numpy()]
        return table

    def mean_by(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return mean rates by some columns of `parts`, weighted with imports, or with the world's."""
        parts = self.parts
        weighted = parts[["base", "added", "rate"]].mul(parts["weight"], axis=0)
        whole = pd.concat([parts[list(columns)], parts[["imports", "weight"]], weighted], axis=1)
        table = whole.groupby(list(columns), sort=True, observed=True).sum().reset_index()
        for name in ("base", "added", "rate"):
            table[name] = table[name] / table["weight"].where(table["weight"] > 0, 1.0)
        return table.astype(dict.fromkeys(columns, "str")).drop(columns="weight")

    def by_authority(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return what each authority adds on average, by some columns of `parts`: one column an authority."""
        authorities = list(dict.fromkeys(act.authority for act in self.schedule.measures))
        added = {
            authority: self.points[[act.authority == authority for act in self.acts]].sum(axis=0)
            for authority in authorities
        }
        table = pd.DataFrame(added).mul(self.parts["weight"].to_numpy(), axis=0)
        keys = [self.parts[name] for name in columns]
        weight = self.parts["weight"].groupby(keys, observed=True).sum()
        return table.groupby(keys, observed=True).sum().div(weight.where(weight > 0, 1.0), axis=0)

    def average(self) -> float:
        """Return the mean of what the acts add, over all goods."""
        weight = self.parts["weight"].to_numpy()
        return float((self.parts["added"].to_numpy() * weight).sum() / max(weight.sum(), 1e-300))

    def mean_points(self, among: np.ndarray | None = None) -> np.ndarray:
        """Return what each of the acts adds on average over some parts, or all [act]; zeros where there are none."""
        weight = self.parts["weight"].to_numpy()
        weight = weight if among is None else weight * among
        mean: np.ndarray = self.points @ weight / max(weight.sum(), 1e-300)
        return mean

    def why_not(self, act: Act) -> np.ndarray:
        """Return why an act of the schedule does not apply in full, blank where it does or is about others [part]."""
        aimed = aimed_at(act, self.goods, self.date)
        found = np.full(len(self.parts), "", dtype=object)
        if act not in self.acts:
            found[aimed] = act.when_not(self.date, self.reading) or "replaced by a later announcement"
            return found
        number = self.acts.index(act)
        found[aimed & self.goods.on(act.exempt, self.date)] = "exempt"
        content = _content(act, self.goods, self.date)
        gives_way = self.applies[number] & (self.share[number] < content - 1e-12)
        for other, one in enumerate(self.acts):
            if act.yields_to(one):
                found[gives_way & self.applies[other]] = f"gives way to {one.id}"
        return found

    def explain(self, hs: str) -> pd.DataFrame:
        """Return the acts on one line or heading, one row an origin, line, class and act, those that do not apply too.

        Columns ``origin, hs6, class, imports, base, measure, authority, act, rate, share, points, why_not``.

        Raises
        ------
        UnknownLabel
            No line of that code.
        """
        chosen = np.flatnonzero(self.goods.begins([str(hs)]))
        if str(hs) not in self.schedule.prefixes or not len(chosen):
            known = sorted(set(self.parts["hs6"]))
            raise UnknownLabel(
                f"no line {hs!r} among these imports{nearest(str(hs), known)}; write an HS code of 2, 4 or 6 digits"
            )
        nothing = np.zeros(len(self.parts))
        rows = []
        for act in self.schedule.measures:
            why_not = self.why_not(act)
            number = self.acts.index(act) if act in self.acts else None
            share, points = (nothing, nothing) if number is None else (self.share[number], self.points[number])
            for at in chosen[(share[chosen] > 0) | (why_not[chosen] != "")]:
                part = self.parts.iloc[at]
                rows.append(
                    (at, {
                        **part[["origin", "hs6", "class", "imports", "base"]].to_dict(),
                        "measure": act.id, "authority": act.authority, "act": act.act,
                        "rate": rate_for(act, part["origin"], self.schedule), "share": float(share[at]),
                        "points": float(points[at]), "why_not": str(why_not[at]),
                    })
                )  # fmt: skip
        rows.sort(key=lambda one: one[0])
        return pd.DataFrame([row for _, row in rows], columns=EXPLAINED)


def effective_rates(
    schedule: Schedule,
    on: object,
    origins: Sequence[str] | None = None,
    reading: LegalReading = IN_FORCE,
    beyond: bool = False,
) -> EffectiveRates:
    """Return the duties of a schedule that are in force on a day, by origin and HS6 line, with their explanation.

    Parameters
    ----------
    schedule
        From :func:`entrepot.load_schedule`.
    on
        A date, or a text such as ``"2025-08-27"``.
    origins
        Codes as the table of lines has them, or members of the schedule's blocs; left out, all. One that the table does
        not have gets the lines and lists of the world's imports.
    reading
        What counts: ``"in-force"`` by law, ``"collected"`` by customs, or ``"announced"`` by that day; of two acts by
        one authority on the same goods, the later announcement counts.
    beyond
        Allow a day after the last one up to which acts are entered.

    Raises
    ------
    InputError
        A day after `known_until`, unless `beyond`.
    InvalidShock
        Acts that contradict each other on that day; names them, the line and where they stand in the file.
    """
    if not isinstance(schedule, Schedule):
        raise InvalidDocument(f"found {type(schedule).__name__}; give a Schedule, as entrepot.load_schedule() returns")
    if origins is not None and not list(origins):
        raise UnknownLabel("no origin is named; name one, or leave `origins` out for all")
    date = parse_day(on)
    require_known(schedule, date, beyond)
    if origins is None:
        origins = sorted(schedule.partners) if ALL in schedule.origins else schedule.origins
    goods = goods_of(schedule, list(dict.fromkeys(_as_in_lines(code, schedule) for code in origins)), date)
    acts = tuple(act for act in schedule.measures if act.counts(date, reading))
    applies = np.array([aimed_at(act, goods, date) & ~goods.on(act.exempt, date) for act in acts], dtype=bool)
    applies = applies.reshape(len(acts), len(goods.parts))
    if reading == ANNOUNCED:
        _let_the_latest_count(acts, applies)
    rate = np.array([_rates(act, goods) for act in acts]).reshape(applies.shape)
    content = np.array([_content(act, goods, date) for act in acts]).reshape(applies.shape)
    in_base = np.array([_in_base(act, goods, date) for act in acts]).reshape(applies.shape)
    parts = goods.parts.copy()
    try:
        stack = stacked(acts, applies, rate, content, parts["base"].to_numpy(), in_base)
    except Contradiction as error:
        line = " ".join(str(parts[name].iloc[error.part]) for name in ("origin", "hs6", "class")).strip()
        number = max(at for at, act in enumerate(schedule.measures) if act.id in error.acts)
        raise Contradiction(
            f"{schedule.located(('measures', number), error)}; found on {date} at {line}", error.part, error.acts
        ) from None
    parts["added"] = stack.points.sum(axis=0)
    parts["rate"] = parts["base"] + parts["added"]
    return EffectiveRates(schedule, date, reading, goods, parts, acts, applies, stack.points, stack.share)


def require_known(schedule: Schedule, date: datetime.date, beyond: bool) -> None:
    """Raise InputError for a day after the last one up to which acts are entered, unless that is allowed."""
    if date > schedule.known_until and not beyond:
        raise InputError(
            f"{schedule.name}: acts are entered up to {schedule.known_until}, not to {date}; choose an earlier day, or "
            f"allow it (--beyond, `beyond: true`) to apply the acts of {schedule.known_until} that have no end"
        )


def parse_day(on: object) -> datetime.date:
    """Return a day, or raise InvalidDocument saying how to write one."""
    try:
        return parse_date(on)
    except ValueError as error:
        raise InvalidDocument(f"date: {error}") from None


def rate_for(act: Act, origin: str, schedule: Schedule) -> float:
    """Return the rate of an act for goods from one origin."""
    if not isinstance(act.rate, Mapping):
        return act.rate
    if origin in act.rate:  # a country's own rate goes before its bloc's
        return act.rate[origin]
    return next((rate for name, rate in act.rate.items() if origin in schedule.blocs.get(name, ())), 0.0)


def aimed_at(act: Act, goods: Goods, date: datetime.date) -> np.ndarray:
    """Return the parts whose origin and products an act is about, exemptions not yet taken out [part]."""
    words = list(act.rate) if isinstance(act.rate, Mapping) else list(act.origin)
    found: np.ndarray = goods.from_origins(words) & goods.on(act.products, date)
    if act.not_origin:
        found = found & ~goods.from_origins(act.not_origin)
    return found if act.among is None else found & goods.on(act.among, date)


def _as_in_lines(code: str, schedule: Schedule) -> str:
    """Return the origin under which the table of lines has a country: its bloc's, where that is how it is known."""
    if ALL not in schedule.origins and code not in schedule.origins:
        raise UnknownLabel(
            f"{schedule.name} has the acts on goods from {listed(schedule.origins)} only, not from {code!r}"
            f"{nearest(code, list(schedule.origins))}; use a schedule that has them (`entrepot schedules`)"
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


def _rates(act: Act, goods: Goods) -> np.ndarray:
    """Return an act's rate on each part."""
    origins = goods.parts["origin"].cat
    by_origin = np.array([rate_for(act, str(origin), goods.schedule) for origin in origins.categories], dtype=float)
    return np.asarray(by_origin[origins.codes])


def _content(act: Act, goods: Goods, date: datetime.date) -> np.ndarray:
    """Return the share of the value that an act claims on each part; of prefixes the longest decides."""
    if isinstance(act.content, ShareTable):
        shares: np.ndarray = np.minimum(act.content.times * goods.share(act.content.table, date), 1.0)
        return shares
    if act.content is None or not isinstance(act.content, Mapping):
        return np.full(len(goods.parts), 1.0 if act.content is None else act.content)
    found: np.ndarray = np.full(len(goods.parts), act.content.get(OTHERWISE, 0.0))
    for prefix in sorted((name for name in act.content if name != OTHERWISE), key=len):
        found[goods.begins([prefix])] = act.content[prefix]
    return found


def _in_base(act: Act, goods: Goods, date: datetime.date) -> np.ndarray:
    """Return an act's rate in the base year on each part."""
    if not isinstance(act.in_base, Mapping):
        return np.full(len(goods.parts), act.in_base)
    found = np.zeros(len(goods.parts))
    for word, rate in act.in_base.items():
        found[goods.on([word], date)] = rate
    return found


def _let_the_latest_count(acts: Sequence[Act], applies: np.ndarray) -> None:
    """Leave, of the acts by one authority on the same part, only the one that was announced last."""
    for number, act in enumerate(acts):
        for other, later in enumerate(acts):
            after = (later.known_from, other) > (act.known_from, number)
            if later.authority == act.authority and after:
                applies[number] &= ~applies[other]
