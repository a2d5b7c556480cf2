"""What may be moved to reach a goal: wedges on chosen flows, technology, payments, parameters of a scenario.

Every unknown is a change, 0 where nothing happens: points on top of a duty, per cent of a trade cost, of productivity,
or a payment. A scenario's parameter is the number that stands in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import xarray as xr

from entrepot.core.changes import FORMS, split_places
from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.core.wedges import BY_NAME, BY_WORD, WEDGES, Wedge
from entrepot.economy.economy import Economy
from entrepot.policy.scenario import Scenario
from entrepot.policy.selection import LabelResolver, label_resolver
from entrepot.policy.shock import check_values
from entrepot.policy.wedges import Wedges

PARAMETER = "parameter"
_SYNONYMS = {"ntb": "iceberg"}  # the option --ntb changes what goal seek calls iceberg
WIDEST = (-0.9, 10.0)
"""Where no bounds are given: a change beyond these is a model talking about another world, whatever its numbers say."""
_STEP = 1e-5  # of a parameter: wedges are smooth in it, and nothing is solved to see how they move


@dataclass(frozen=True, eq=False)
class Unknown:
    """One number to be found.

    Attributes
    ----------
    text
        As written.
    wedge
        What it moves; None for a parameter of a scenario.
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
    wedge: Wedge | None
    at: np.ndarray = field(repr=False)
    bounds: tuple[float, float]
    start: float = 0.0
    usual: float = 1.0

    @property
    def kind(self) -> str:
        """The word of its wedge, or ``"parameter"``."""
        return PARAMETER if self.wedge is None else self.wedge.word

    @property
    def is_ratio(self) -> bool:
        """Whether the change is one of a ratio, which logs suit: trade costs and productivity."""
        return self.wedge is not None and self.wedge.form == "ratio"


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
    kind, colon, rest = written.partition(":")
    if not colon:
        return _parameter(written, given, bounds)
    if kind in _SYNONYMS:
        kind = _SYNONYMS[kind]
        written = f"{kind}:{rest}"
    if kind not in FORMS:
        forms = ", ".join(FORMS.values())
        raise UnknownLabel(f"nothing called {kind!r} can be moved{nearest(kind, list(FORMS))}; choose {forms}")
    parts = split_places(rest, FORMS[kind].partition(":")[2], FORMS[kind], f"found {written!r}")
    words = label_resolver(economy, {} if given is None else given.groups)
    wedge = BY_WORD[kind]
    words = words.of_goods(economy) if wedge.goods_only else words
    if wedge.form == "payment":
        at = _payment(written, words, *parts)
    else:
        at = words.flows(*parts) if wedge.on_flows else words.places(*parts)
    if not at.any():
        raise InvalidShock(f"{written!r} names nothing that exists; name other countries or sectors")
    usual, widest = 1.0, WIDEST
    if wedge.form == "payment":
        widest = (-np.inf, np.inf)
        usual = 0.1 * float(economy.income.values[at < 0].sum()) * economy.billions
    where = np.asarray(at, dtype=float)
    return Unknown(written, wedge, where, _bounded(written, bounds, widest, 0.0), usual=usual)


def moved(wedges: Wedges, economy: Economy, unknowns: Sequence[Unknown], values: np.ndarray) -> Wedges:
    """Return wedges with the unknowns at their values on top of them.

    Parameters
    ----------
    wedges
        On the economy's labels; parameters are in them already.
    economy
        The base year.
    unknowns, values
        What is moved, by how much.

    Raises
    ------
    InvalidShock
        A rate that falls to -100 % or below, or a ratio that is not positive.
    """
    arrays: dict[str, np.ndarray] = {}
    for unknown, value in zip(unknowns, values, strict=True):
        if value == 0 or unknown.wedge is None:
            continue
        name, form = unknown.wedge.name, unknown.wedge.form
        current = arrays.get(name, np.array(getattr(wedges, name).values))
        if form == "rate":
            arrays[name] = current + value * unknown.at
        elif form == "payment":
            arrays[name] = current + value / economy.billions * unknown.at
        else:
            arrays[name] = current * np.where(unknown.at > 0, 1 + value, 1.0)
    labelled = {name: economy.labelled(array, BY_NAME[name].dims, name) for name, array in arrays.items()}
    for array in labelled.values():
        check_values(array)
    return replace(wedges, **labelled)


def slope(unknown: Unknown, slopes: xr.Dataset, wedges: Wedges, value: float, economy: Economy) -> float:
    """Return the derivative of an outcome by an unknown.

    Parameters
    ----------
    unknown
        Not a parameter: those move several wedges (`slope_along`).
    slopes
        What :func:`entrepot.sensitivity` returned for the outcome, where `wedges` are in force.
    wedges
        What is in force, the unknown at `value` included.
    value, economy
        Where the unknown stands; the base year.
    """
    assert unknown.wedge is not None
    name, form = unknown.wedge.name, unknown.wedge.form
    by_wedge = slopes[name].values * unknown.at
    if form == "rate":
        return float(by_wedge.sum())
    if form == "payment":
        return float(np.nansum(by_wedge)) / economy.billions
    return float((by_wedge * _finite(getattr(wedges, name).values)).sum()) / (1 + value)


def slope_along(slopes: xr.Dataset, below: Wedges, above: Wedges, apart: float) -> float:
    """Return the derivative of an outcome along the way from some wedges to others, `apart` in the parameter."""
    total = 0.0
    for wedge in WEDGES:
        one, other = getattr(below, wedge.name), getattr(above, wedge.name)
        if one is not other:
            total += float(np.nansum(slopes[wedge.name].values * (_finite(other.values) - _finite(one.values))))
    return total / apart


def parameter_step(unknown: Unknown, value: float) -> tuple[float, float]:
    """Return two values of a parameter, a little apart, around the one it has and within its bounds."""
    low, high = unknown.bounds
    return max(low, value - _STEP), min(high, value + _STEP)


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
    return Unknown(name, None, np.zeros(0), within, parameter.rate, usual)


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
