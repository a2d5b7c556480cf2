"""What may be moved to reach a goal: wedges on chosen flows, technology, payments, parameters of a scenario.

Every unknown is a change, 0 where nothing happens: points on top of a duty, per cent of a trade cost, of productivity,
or a payment. A scenario's parameter is the number that stands in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW
from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.economy.economy import Economy
from entrepot.policy.scenario import Scenario
from entrepot.policy.selection import LabelResolver, label_resolver
from entrepot.policy.shock import Shock

Kind = Literal["tariff", "export_tax", "iceberg", "productivity", "transfer", "parameter"]

FORMS = {
    "tariff": "tariff:ORIGIN:DESTINATION:SECTORS",
    "export_tax": "export_tax:ORIGIN:DESTINATION:SECTORS",
    "iceberg": "iceberg:ORIGIN:DESTINATION:SECTORS",
    "productivity": "productivity:COUNTRY:SECTORS",
    "transfer": "transfer:PAYER:RECEIVER",
}
"""How unknowns are written; sectors may be left out."""
WIDEST: dict[str, tuple[float, float]] = {
    "tariff": (-0.9, 10.0),
    "export_tax": (-0.9, 10.0),
    "iceberg": (-0.9, 10.0),
    "productivity": (-0.9, 10.0),
}
"""Where no bounds are given: a change beyond these is a model talking about another world, whatever its numbers say."""
_STEP = 1e-5  # of a parameter: wedges are smooth in it, and nothing is solved to see how they move


@dataclass(frozen=True, eq=False)
class Unknown:
    """One number to be found.

    Attributes
    ----------
    text
        As written.
    kind
        What it moves.
    at
        Where: [origin, destination, sector] for wedges on flows, [country, sector] for productivity, [country] for a
        payment (-1 pays, 1 receives); empty for a parameter.
    bounds
        The smallest and the largest value; payments in billions of the economy's currency.
    start
        Where it stands before anything is moved.
    usual
        The size of a large change: 1 for rates and ratios, a tenth of the payer's income for payments.
    """

    text: str
    kind: Kind
    at: np.ndarray = field(repr=False)
    bounds: tuple[float, float]
    start: float = 0.0
    usual: float = 1.0

    @property
    def is_ratio(self) -> bool:
        """Whether the change is one of a ratio, which logs suit: trade costs and productivity."""
        return self.kind in ("iceberg", "productivity")


def parse_unknown(
    text: str,
    economy: Economy,
    given: Scenario | None = None,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Unknown:
    """Return the unknown that a text means: ``iceberg:IND:RUS:agriculture,textiles``, or a parameter of the scenario.

    Raises
    ------
    UnknownLabel
        A kind, parameter, country or sector that does not exist, with the nearest ones.
    InvalidShock
        Too few or too many codes, no cross-border flow, bounds that are empty or do not hold the start.
    """
    written = str(text).strip()
    kind, *rest = written.split(":")
    if not rest:
        return _parameter(written, given, bounds)
    if kind not in FORMS:
        forms = ", ".join(FORMS.values())
        raise UnknownLabel(f"nothing called {kind!r} can be moved{nearest(kind, list(FORMS))}; choose {forms}")
    form = FORMS[kind].split(":")[1:]
    optional = form[-1] == "SECTORS"
    if not len(form) - optional <= len(rest) <= len(form) or not all(rest):
        hint = ", the sectors may be left out" if optional else ""
        raise InvalidShock(f"found {written!r}; write it as {FORMS[kind]}{hint}")
    words = label_resolver(economy, {} if given is None else given.groups)
    parts = [part.split(",") for part in [*rest, *["all"] * (len(form) - len(rest))]]
    if kind == "transfer":
        at = _payment(written, words, *parts)
    elif kind == "productivity":
        at = words.places(*parts)
    else:
        of_goods = kind != "iceberg"
        at = (words.of_goods(economy) if of_goods else words).flows(*parts)
    if not at.any():
        raise InvalidShock(f"{written!r} names nothing that exists; name other countries or sectors")
    usual = 1.0
    if kind == "transfer":
        usual = 0.1 * float(economy.income.values[at < 0].sum()) * economy.billions
    widest = WIDEST.get(kind, (-np.inf, np.inf))
    where = np.asarray(at, dtype=float)
    return Unknown(written, kind, where, _bounded(written, bounds, widest, 0.0), usual=usual)  # type: ignore[arg-type]


def moved(shock: Shock, economy: Economy, unknowns: Sequence[Unknown], values: np.ndarray) -> Shock:
    """Return a shock with the unknowns at their values on top of it.

    Parameters
    ----------
    shock
        On the economy's labels; parameters are in it already.
    economy
        The base year.
    unknowns, values
        What is moved, by how much.
    """
    wedges: dict[str, np.ndarray] = {}

    def current(name: str, otherwise: np.ndarray) -> np.ndarray:
        array = getattr(shock, name)
        return wedges.get(name, otherwise if array is None else np.array(array.values))

    for unknown, value in zip(unknowns, values, strict=True):
        if value == 0 or unknown.kind == "parameter":
            continue
        if unknown.kind in ("tariff", "export_tax"):
            wedges[unknown.kind] = current(unknown.kind, getattr(economy, unknown.kind).values) + value * unknown.at
        elif unknown.kind == "transfer":
            paid = value / economy.billions
            wedges["transfer"] = current("transfer", np.zeros(len(economy.countries))) + paid * unknown.at
        else:
            name = f"{unknown.kind}_hat"
            wedges[name] = current(name, np.ones(unknown.at.shape)) * np.where(unknown.at > 0, 1 + value, 1.0)
    dims = {"productivity_hat": COUNTRY_SECTOR, "transfer": (COUNTRY,)}
    arrays = {
        name: getattr(shock, name) for name in ("tariff", "iceberg_hat", "export_tax", "productivity_hat", "transfer")
    }
    arrays |= {name: economy.labelled(values, dims.get(name, FLOW), name) for name, values in wedges.items()}
    return Shock(**arrays, limits=shock.limits).on(economy)


def slope(unknown: Unknown, slopes: xr.Dataset, shock: Shock, value: float, economy: Economy) -> float:
    """Return the derivative of an outcome by an unknown.

    Parameters
    ----------
    unknown
        Not a parameter: those move whole shocks (`slope_along`).
    slopes
        What :func:`entrepot.sensitivity` returned for the outcome, where `shock` is in force.
    shock
        What is in force, the unknown at `value` included.
    value, economy
        Where the unknown stands; the base year.
    """
    if unknown.kind in ("tariff", "export_tax"):
        return float((slopes[unknown.kind].values * unknown.at).sum())
    if unknown.kind == "transfer":
        return float(np.nansum(slopes["transfer"].values * unknown.at)) / economy.billions
    name = f"{unknown.kind}_hat"
    hat = getattr(shock, name)
    standing = np.ones(unknown.at.shape) if hat is None else hat.values
    return float((slopes[name].values * unknown.at * _finite(standing)).sum()) / (1 + value)


def slope_along(slopes: xr.Dataset, below: Shock, above: Shock, apart: float, economy: Economy) -> float:
    """Return the derivative of an outcome along the way from one shock to another, `apart` in the parameter."""
    total = 0.0
    for name, neutral in _neutral(economy).items():
        one, other = getattr(below, name), getattr(above, name)
        if one is None and other is None:
            continue
        first, last = (neutral if array is None else _finite(array.values) for array in (one, other))
        total += float(np.nansum(slopes[name].values * (last - first)))
    return total / apart


def parameter_step(unknown: Unknown, value: float) -> tuple[float, float]:
    """Return two values of a parameter, a little apart, around the one it has and within its bounds."""
    low, high = unknown.bounds
    return max(low, value - _STEP), min(high, value + _STEP)


def _neutral(economy: Economy) -> dict[str, np.ndarray | float]:
    """Return what a wedge that a shock leaves out is, by name."""
    return {
        "tariff": economy.tariff.values,
        "export_tax": economy.export_tax.values,
        "iceberg_hat": 1.0,
        "productivity_hat": 1.0,
        "transfer": 0.0,
    }


def _finite(values: np.ndarray) -> np.ndarray:
    """Return wedges with embargoes, which nothing small moves, as zeros."""
    return np.where(np.isfinite(values), values, 0.0)


def _parameter(name: str, given: Scenario | None, bounds: tuple[float | None, float | None]) -> Unknown:
    known = {} if given is None else dict(given.parameters)
    if name not in known:
        has = f"; the scenario has the parameters {', '.join(known)}" if known else ""
        raise UnknownLabel(
            f"nothing called {name!r} can be moved{nearest(name, [*known, *FORMS])}{has}; "
            f"write {', '.join(FORMS.values())}, or a parameter of a scenario"
        )
    parameter = known[name]
    widest = parameter.range if parameter.upto is not None else (-np.inf, np.inf)
    within = _bounded(name, bounds, widest, parameter.rate)
    usual = within[1] - within[0] if np.isfinite(within[1] - within[0]) else 1.0
    return Unknown(name, "parameter", np.zeros(0), within, parameter.rate, usual)


def _payment(text: str, words: LabelResolver, payer: list[str], receiver: list[str]) -> np.ndarray:
    at = np.zeros(words.shape[0])
    places = [words.countries.positions(side) for side in (payer, receiver)]
    if [len(place) for place in places] != [1, 1] or places[0] == places[1]:
        raise InvalidShock(f"{text!r}: a payment goes from one country to another; name two")
    at[places[0]], at[places[1]] = -1.0, 1.0
    return at


def _bounded(
    text: str, asked: tuple[float | None, float | None], widest: tuple[float, float], start: float
) -> tuple[float, float]:
    low, high = (one if mine is None else float(mine) for mine, one in zip(asked, widest, strict=True))
    if not low < high:
        raise InvalidShock(f"{text}: the bounds from {low:g} to {high:g} are empty; exchange them")
    if not low <= start <= high:
        raise InvalidShock(
            f"{text}: the bounds from {low:g} to {high:g} leave out where it stands, {start:g}; widen them"
        )
    if widest[0] > -np.inf and low <= -1:
        raise InvalidShock(f"{text}: found a lower bound of {100 * low:g} %; a change stays above -100 %")
    return low, high
