"""What can vary in a study, by name, and how far it does unless that is said.

theta, theta:C26, theta:textiles   trade elasticities, each sector for itself
elasticities                       which paper they are taken from
set:cut                            a parameter of the scenario
date, option                       the day whose rules are meant; which course is taken
measure:ID:rate, measure:ID:content  an act of a schedule, as a multiple of what the schedule says
coverage                           the part of the added duties that is really levied
dial:rho, dial:psi:C26             a dial of the model
deficits                           the rule for imbalances
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from entrepot.core.errors import InputError, InvalidShock, UnknownLabel, nearest
from entrepot.core.units import parse_date, parse_rate_cell
from entrepot.economy import papers
from entrepot.economy.closure import CLOSURES, standard_closures
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.model.models import DIALS
from entrepot.policy.scenario import Scenario
from entrepot.policy.selection import label_resolver
from entrepot.policy.shock import Shock
from entrepot.study.sampling.distributions import Choice, Distribution, Normal, Uniform, Value, parse_distribution

THETA, ELASTICITIES, SET, DATE, OPTION = "theta", "elasticities", "set", "date", "option"
MEASURE, COVERAGE, DIAL, RULE = "measure", "coverage", "dial", "deficits"
KINDS = (THETA, ELASTICITIES, SET, DATE, OPTION, MEASURE, COVERAGE, DIAL, RULE)
OF_SCENARIO = frozenset({SET, DATE, OPTION, MEASURE})
PUBLISHED, BETWEEN_PAPERS, GIVEN, RANGE = "standard error", "between papers", "as given", "range of the scenario"
EVERY_RULE = "every rule"


@dataclass(frozen=True)
class Input:
    """One input of a study.

    Attributes
    ----------
    name
        In full, as ``theta:C26``.
    distribution
        How it varies.
    written
        What it was asked for as: ``theta`` for all of its sectors, which are one group then.
    basis
        Where the distribution comes from.
    """

    name: str
    distribution: Distribution
    written: str
    basis: str

    @property
    def is_choice(self) -> bool:
        """Whether its values are names, days or a few numbers, rather than any number."""
        return isinstance(self.distribution, Choice)

    @property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return isinstance(self.distribution, Choice) and isinstance(self.distribution.options[0], str)


def inputs_of(written: Sequence[str], economy: Economy, change: Scenario | Shock) -> tuple[Input, ...]:
    """Return the inputs that texts mean, as ``theta``, ``theta:C26=3..6``, ``dial:rho=0.5..1``, ``cut=-20%..0%``.

    Raises
    ------
    InputError
        A name that nothing has, one without a distribution of its own that is given none, or one that is named twice.
    """
    if isinstance(written, str):
        written = [written]
    if not written:
        raise InputError("nothing varies; name an input, as theta, elasticities or dial:rho=0.5..1")
    found = [one for text in written for one in _meant(str(text), economy, change)]
    names = [one.name for one in found]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise InputError(f"{doubled[0]} is named twice; keep one")
    if ELASTICITIES in names and any(name.startswith(f"{THETA}:") for name in names):
        raise InputError("theta and elasticities both say what the trade elasticities are; vary one of the two")
    return tuple(found)


def held_of(inputs: Sequence[Input], economy: Economy) -> tuple[str, ...]:
    """Return the sectors that `theta` leaves as they are, because neither an error nor a second paper is known."""
    if all(one.written.partition("=")[0] != THETA for one in inputs):
        return ()
    drawn = {one.name.partition(":")[2] for one in inputs if one.name.startswith(f"{THETA}:")}
    return tuple(sector for sector in economy.sectors if sector not in drawn)


def _meant(text: str, economy: Economy, change: Scenario | Shock) -> list[Input]:
    name, equals, written = (part.strip() for part in text.partition("="))
    name = _full_name(name, change)
    kind, _, rest = name.partition(":")
    if kind in OF_SCENARIO and not isinstance(change, Scenario):
        raise InputError(f"{name} belongs to a scenario; found a shock, give a Scenario")
    if kind == THETA:
        return _thetas(rest or "all", written, text if equals else name, economy)
    reader, default, basis = _READERS[kind](rest, economy, change)
    if not equals:
        if default is None:
            raise InputError(f"{name}: say how it varies, as {name}=LOW..HIGH, MEAN+-DEVIATION or ONE|OTHER")
        return [Input(name, default, name, basis)]
    try:
        return [Input(name, parse_distribution(written, reader), text, GIVEN)]
    except InputError as error:
        raise type(error)(f"{name}: {error}") from None


def _full_name(name: str, change: Scenario | Shock) -> str:
    """Return `set:cut` for `$cut` and `cut`, `dial:rho` for `rho`."""
    kind = name.partition(":")[0]
    parameters = list(change.parameters) if isinstance(change, Scenario) else []
    if kind in KINDS:
        return name
    if name.startswith("$") or name in parameters:
        return f"{SET}:{name.removeprefix('$')}"
    if kind in DIALS:
        return f"{DIAL}:{name}"
    hint = nearest(name, [*KINDS, *parameters, *DIALS])
    raise UnknownLabel(f"nothing called {name!r} can vary{hint}; choose {', '.join([*KINDS, *parameters])}")


def _thetas(word: str, written: str, text: str, economy: Economy) -> list[Input]:
    """Return one input a sector that a word means."""
    found = []
    table = economy.elasticities
    whole = word == "all"
    for sector in label_resolver(economy, {}).sectors.resolve([word]):
        name, centre = f"{THETA}:{sector}", float(economy.theta.sel(sector=sector))
        if written.startswith(("+-", "±")):
            found.append(Input(name, _around(written, centre, name), text, GIVEN))
            continue
        if written:
            read = parse_distribution(written, float, of_log=True)
            lowest = read.at(0.0) if not isinstance(read, Choice) else min(float(one) for one in read.options)
            if not isinstance(read, Normal) and not float(lowest) > 0:
                raise InputError(f"{name}={written}: a trade elasticity is positive; give values above 0")
            found.append(Input(name, read, text, GIVEN))
            continue
        error = float(table.se.get(sector, np.nan)) if table is not None and table.se is not None else np.nan
        between = float(papers.dispersion().get(sector, np.nan))
        if error > 0:
            found.append(Input(name, Normal(centre, error / centre, of_log=True), text, PUBLISHED))
        elif error == 0:
            continue  # known for certain, says the table
        elif between > 0:
            found.append(Input(name, Normal(centre, between, of_log=True), text, BETWEEN_PAPERS))
        elif not whole:
            raise InputError(
                f"{name}: the table has no standard error, and fewer than two papers an estimate; write {name}=+-0.3 "
                "(in logs) or a column se"
            )
    if not found:
        raise InputError(
            "theta: no sector has a standard error or estimates by two papers; write theta=+-0.3 (in logs) or a "
            "column se"
        )
    return found


def _around(written: str, centre: float, name: str) -> Normal:
    try:
        deviation = parse_rate_cell(written.removeprefix("+-").removeprefix("±").strip())
    except ValueError as error:
        raise InputError(f"{name}: {error}") from None
    if not deviation > 0:
        raise InputError(f"{name}: found a deviation of {deviation:g}; give a positive one, as +-0.3")
    return Normal(centre, deviation, of_log=True)


Reader = Callable[[str], Value]
Known = tuple[Reader, Distribution | None, str]
"""What reads one value, how it varies unless that is said, and where that comes from."""


def _of_elasticities(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    def table(written: str) -> str:
        own = load_elasticities(written).over(economy.theta.to_series())
        missing = [sector for sector in economy.sectors if sector not in own.theta]
        if missing:
            raise InvalidShock(f"{written} has no elasticity for {missing[0]}; take a table of the economy's sectors")
        return written

    return table, Choice(papers.papers()), BETWEEN_PAPERS


def _of_parameter(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    assert isinstance(change, Scenario)
    if rest not in change.parameters:
        known = ", ".join(change.parameters) or "none"
        raise UnknownLabel(
            f"{change.name}: no parameter {rest!r}{nearest(rest, list(change.parameters))}; it has {known}"
        )
    parameter = change.parameters[rest]
    if parameter.upto is None:
        return parse_rate_cell, None, GIVEN
    low, high = parameter.range

    def within(written: str) -> float:
        value = parse_rate_cell(written)
        if not low <= value <= high:
            raise ValueError(f"found {100 * value:g} %; stay between {100 * low:g} % and {100 * high:g} %")
        return value

    return within, Uniform(low, high), RANGE


def _of_date(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    return lambda written: parse_date(written).isoformat(), None, GIVEN


def _of_option(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    assert isinstance(change, Scenario)
    options = tuple(change.options)
    return _one_of(options, f"option of {change.name}"), Choice(options) if options else None, RANGE


def _of_rule(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    return _one_of(tuple(CLOSURES), "rule for deficits"), Choice(standard_closures()), EVERY_RULE


def _of_measure(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    assert isinstance(change, Scenario)
    act, _, number = rest.rpartition(":")
    if number not in ("rate", "content"):
        raise InputError(f"{MEASURE}:{rest}: write {MEASURE}:ID:rate or {MEASURE}:ID:content")
    change.with_factors({(act, number): 1.0})  # says whether there is such an act
    return _factor, None, GIVEN


def _of_coverage(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    return _factor, None, GIVEN


def _of_dial(rest: str, economy: Economy, change: Scenario | Shock) -> Known:
    dial, _, sector = rest.partition(":")
    if dial not in DIALS:
        raise UnknownLabel(f"no dial {dial!r}{nearest(dial, DIALS)}; choose {', '.join(DIALS)}")
    if sector and sector not in economy.sectors:
        raise UnknownLabel(f"{DIAL}:{rest}: unknown sector {sector!r}{nearest(sector, list(economy.sectors))}")
    return float, None, GIVEN


def _one_of(known: Sequence[str], what: str) -> Reader:
    def read(written: str) -> str:
        if written not in known:
            raise UnknownLabel(f"no {what} {written!r}{nearest(written, known)}; choose {', '.join(known) or 'none'}")
        return written

    return read


def _factor(written: str) -> float:
    factor = parse_rate_cell(written)
    if factor < 0:
        raise ValueError(f"found {factor:g}; a factor is not negative, 1 changes nothing")
    return factor


_READERS: dict[str, Callable[[str, Economy, Scenario | Shock], Known]] = {
    ELASTICITIES: _of_elasticities, SET: _of_parameter, DATE: _of_date, OPTION: _of_option, MEASURE: _of_measure,
    COVERAGE: _of_coverage, DIAL: _of_dial, RULE: _of_rule,
}  # fmt: skip
