"""What is to be reached: an outcome and its value, as people write it."""

import re
from dataclasses import dataclass

from entrepot.core.errors import InvalidShock
from entrepot.core.units import parse_sum
from entrepot.economy.economy import Economy
from entrepot.equilibrium.derivatives.outcome import Outcome, parse_outcome
from entrepot.equilibrium.result import Result

_PERCENT = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*%\s*$")


@dataclass(frozen=True, eq=False)
class Target:
    """One outcome and the value it is to have.

    Attributes
    ----------
    outcome
        Which number of the world after the change.
    value
        A ratio to the base year, or a value in the unit of the economy.
    scale
        What a miss is measured in: 1 for ratios, else the larger of the value and the base year's.
    """

    outcome: Outcome
    value: float
    scale: float


def parse_target(text: str, base_year: Result) -> Target:
    """Return the target that a text means: an outcome, ``=``, and its value.

    Values are sums, ``balance:IND:RUS=-30bn``; or per cent of change from the base year, ``trade:IND:RUS=+50 %`` and
    ``real_income:IND=+1 %``.

    Parameters
    ----------
    text
        As written.
    base_year
        The equilibrium without any change, which per cent are of.

    Raises
    ------
    InputError
        No such outcome, or not a value.
    """
    written, equals, value = str(text).partition("=")
    if not equals:
        raise InvalidShock(f"found {text!r}; write an outcome and its value, as balance:IND:RUS=-30bn")
    outcome = parse_outcome(written.strip(), base_year.economy)
    before = base_year.outcome(outcome.text)
    wanted = _value(value, before, outcome, base_year.economy)
    if (outcome.is_ratio and wanted <= 0) or (outcome.kind.never_negative and wanted < 0):
        raise InvalidShock(
            f"{outcome.text}={value.strip()} would be below zero, which it never is; write another value"
        )
    return Target(outcome, wanted, 1.0 if outcome.is_ratio else max(abs(wanted), abs(before), _smallest(base_year)))


def _value(written: str, before: float, outcome: Outcome, economy: Economy) -> float:
    percent = _PERCENT.match(written)
    if percent:
        change = float(percent[1]) / 100
        if before == 0:
            raise InvalidShock(f"{outcome.text} is zero in the base year, and per cent of it are zero; write a sum")
        return before * (1 + change)
    if outcome.is_ratio:
        raise InvalidShock(f"found {outcome.text}={written}; write the change from the base year in per cent, as +1%")
    try:
        return parse_sum(written) / economy.billions
    except ValueError as error:
        raise InvalidShock(f"{outcome.text}: {error}, or per cent of change from the base year, as +50%") from None


def _smallest(base_year: Result) -> float:
    """Return a sum that is small for any country: a millionth of the world's output."""
    return 1e-6 * float(base_year.economy.output.sum())
