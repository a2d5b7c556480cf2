"""The goods that duties are about: parts of tariff lines by origin, and what the words of a schedule mean among them.

A *part* is a tariff line, or the piece of it that is on the same legal lists. Claims of a preference divide it further:
the part that claims, and the part that does not.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from entrepot.data.tariff_lines import AND, read_classes, read_shares
from entrepot.policy.selection import ALL

if TYPE_CHECKING:
    from entrepot.policy.schedules.schedule import Schedule

BY_VALUE, BY_WORLD = "imports", "imports from the world"
PART = ["origin", "hs6", "class"]
MOST_KEPT = 12


@dataclass(frozen=True, eq=False)
class Goods:
    """Parts of the lines of some origins.

    Attributes
    ----------
    parts
        One row a part: ``origin, hs6, class, sector, imports, weight, base`` (duty paid anyway, as collected in the
        year of the table). ``class`` has the lists that it is on, claims among them. ``weight`` is the imports, or for
        an origin without any those from the world.
    weights
        By origin: ``"imports"``, or ``"imports from the world"`` where nothing was imported.
    classes_of
        The day that the lists are of; blank where they are not dated.
    """

    schedule: "Schedule"
    parts: pd.DataFrame
    weights: Mapping[str, str]
    classes_of: str
    _known: dict[object, np.ndarray] = field(default_factory=dict)

    def from_origins(self, words: Sequence[str]) -> np.ndarray:
        """Return the parts that come from origins, blocs or all [part]."""
        if ALL in words:
            return np.ones(len(self.parts), dtype=bool)
        members = {code for word in words for code in (word, *self.schedule.blocs.get(word, ()))}
        return self._where("origin", lambda code: code in members, ("origin", frozenset(members)))

    def on(self, words: Sequence[str], date: datetime.date) -> np.ndarray:
        """Return the parts that any of the words for products means on a day [part]."""
        found = np.zeros(len(self.parts), dtype=bool)
        for word in words:
            found |= self._meant(word, date)
        return found

    def share(self, table: str, date: datetime.date) -> np.ndarray:
        """Return the shares of a table by line, the last row not after the day, 0 for lines that it lacks [part]."""
        shares = read_shares(self.schedule.table_path(table))
        shares = shares[shares["from"] <= str(date)].drop_duplicates("hs6", keep="last")
        known = dict(zip(shares["hs6"], shares["share"], strict=True))
        column = self.parts["hs6"]
        found = np.array([known.get(code, 0.0) for code in column.cat.categories], dtype=float)
        return np.asarray(found[column.cat.codes])

    def begins(self, codes: Sequence[str]) -> np.ndarray:
        """Return the parts whose line begins with any of some HS codes [part]."""
        prefixes = tuple(codes)
        return self._where("hs6", lambda code: code.startswith(prefixes), ("begins", prefixes))

    def _meant(self, word: str, date: datetime.date) -> np.ndarray:
        if word == ALL:
            return np.ones(len(self.parts), dtype=bool)
        if word in self.schedule.lists:
            return self._listed(word, date)
        if word.isdigit():
            return self.begins([word])
        members = self.schedule.sectors.groups.get(word, (word,))
        return self._where("sector", lambda sector: sector in members, ("sector", word))

    def _listed(self, name: str, date: datetime.date) -> np.ndarray:
        number, chosen = self.schedule.lists[name].on(date)
        if chosen.claims is not None:
            return self._where("class", lambda one: name in one.split(AND), ("class", name))
        if ("list", name, number) not in self._known:
            found = self.begins(self.schedule.listed_codes(chosen))
            classes = frozenset(chosen.in_class)
            if classes:
                of_classes = self._where(
                    "class", lambda one: not classes.isdisjoint(one.split(AND)), ("class", classes)
                )
                found = found | of_classes
            self._known["list", name, number] = found & ~self.on(chosen.without, date) if chosen.without else found
        return self._known["list", name, number]

    def _where(self, column: str, test: Callable[[str], bool], key: object) -> np.ndarray:
        """Return where a column passes a test, which is made once for each of its values."""
        if key not in self._known:
            values = self.parts[column].cat
            passed = np.array([test(value) for value in values.categories], dtype=bool)
            self._known[key] = passed[values.codes]
        return self._known[key]


def goods_of(schedule: "Schedule", origins: Sequence[str], date: datetime.date) -> Goods:
    """Return the goods of some origins as lists and claims are on a day; kept with the schedule."""
    tables = [read_classes(path, date) for path in schedule.classes_paths]
    classes_of = ", ".join(dict.fromkeys(day for _, day in tables if day))
    claims = {name: _claims_on(schedule, one.claims, date) for name, one in schedule.lists.items() if one.claims}
    key = (tuple(origins), classes_of, *(from_day for _, from_day in claims.values()))
    if key not in schedule.kept:
        if len(schedule.kept) >= MOST_KEPT:
            schedule.kept.pop(next(iter(schedule.kept)))
        shares = {name: table for name, (table, _) in claims.items()}
        classes = _joined([table for table, _ in tables])
        schedule.kept[key] = _goods(schedule, list(origins), classes, classes_of, shares)
    found: Goods = schedule.kept[key]
    return found


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Return how lists split lines by several tables: where two have a line of an origin, the later counts."""
    if not tables:
        return None
    whole = tables[0]
    for later in tables[1:]:
        keys = pd.MultiIndex.from_frame(later[["origin", "hs6"]].drop_duplicates())
        mine = pd.MultiIndex.from_frame(whole[["origin", "hs6"]])
        whole = pd.concat([whole[~mine.isin(keys)], later], ignore_index=True)
    return whole


def _claims_on(schedule: "Schedule", table: str, date: datetime.date) -> tuple[pd.DataFrame, str]:
    """Return the shares that claim a preference on a day by origin and line, and since when they are these."""
    shares = read_shares(schedule.table_path(table), by_origin=True)
    shares = shares[shares["from"] <= str(date)]
    latest = str(shares["from"].max()) if len(shares) else ""
    return shares.drop_duplicates(["origin", "hs6"], keep="last"), latest


def _goods(
    schedule: "Schedule", origins: list[str], classes: pd.DataFrame | None, classes_of: str,
    claims: Mapping[str, pd.DataFrame],
) -> Goods:  # fmt: skip
    lines = schedule.trade[schedule.trade["origin"].isin(origins)]
    sold = lines.groupby("origin")["imports"].sum()
    strangers = [code for code in origins if not sold.get(code, 0.0) > 0]
    lines = lines[~lines["origin"].isin(strangers) & (lines["imports"] > 0)]  # a line without imports weighs nothing
    held = None if classes is None else classes[classes["origin"].isin(origins)]
    if strangers:
        world = schedule.trade.groupby("hs6", as_index=False)[["imports", "duties"]].sum()
        world = world[world["imports"] > 0]
        lines = pd.concat([lines, *(world.assign(origin=code) for code in strangers)], ignore_index=True)
        if held is not None and classes is not None:
            mixed = classes.groupby(["hs6", "class"], as_index=False)["imports"].sum()
            held = pd.concat([held, *(mixed.assign(origin=code) for code in strangers)], ignore_index=True)
    parts = lines.assign(base=lines["duties"] / lines["imports"], **{"class": ""})
    if held is not None:
        parts = _divided_by_lists(lines.assign(base=parts["base"]), held)
    for name, shares in claims.items():
        parts = _divided_by_claims(parts, shares, name)
    parts["weight"] = parts["imports"]
    parts["imports"] = parts["imports"].where(~parts["origin"].isin(strangers), 0.0)
    parts = parts.sort_values(PART, kind="stable").reset_index(drop=True)
    parts["sector"] = schedule.sectors.sectors_of(list(parts["hs6"]))
    parts = parts[["origin", "hs6", "class", "sector", "imports", "weight", "base"]]
    parts = parts.astype(dict.fromkeys((*PART, "sector"), "category"))
    weights = {code: BY_WORLD if code in strangers else BY_VALUE for code in origins}
    return Goods(schedule, parts, weights, classes_of)


def _divided_by_lists(lines: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    parts = lines.merge(held.rename(columns={"imports": "part"}), on=["origin", "hs6"], how="left")
    parts = parts.fillna({"class": "", "part": 0.0})
    whole = parts.groupby(["origin", "hs6"])["part"].transform("sum")
    parts["imports"] *= (parts["part"] / whole.where(whole > 0, 1.0)).where(whole > 0, 1.0)
    return parts.drop(columns="part")


def _divided_by_claims(parts: pd.DataFrame, shares: pd.DataFrame, name: str) -> pd.DataFrame:
    share = parts[["origin", "hs6"]].merge(shares, on=["origin", "hs6"], how="left")["share"].fillna(0.0).to_numpy()
    lists = [AND.join(one for one in (known, name) if one) for known in parts["class"]]
    claiming = parts.assign(imports=parts["imports"] * share, **{"class": lists})[share > 0]
    others = parts.assign(imports=parts["imports"] * (1 - share))[share < 1]
    return pd.concat([others, claiming], ignore_index=True)
