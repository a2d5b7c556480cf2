"""How an input may vary: a rule from a number between 0 and 1 to a value, so that draws and designs read it alike."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.special import ndtri

from entrepot.core.errors import InputError

Value: TypeAlias = float | str
"""Of an input: a number, or the name of a paper, or a day."""

_POINTS = re.compile(r"^(.*\.\..*)/(\d+)$")


@dataclass(frozen=True)
class Uniform:
    """Any number between two ends, each as likely; `points` of them in a sweep, the ends included."""

    low: float
    high: float
    points: int | None = None

    def at(self, share: float) -> float:
        """Return the value below which a share of all values lies."""
        return self.low + share * (self.high - self.low)

    def grid(self) -> tuple[float, ...]:
        """Return the values of a sweep."""
        if self.points is None:
            raise InputError(f"{self}: say how many points, as {self}/11")
        return tuple(float(one) for one in np.linspace(self.low, self.high, self.points))

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}" + (f"/{self.points}" if self.points else "")


@dataclass(frozen=True)
class Normal:
    """A normal distribution, of the number or of its log (for what is positive)."""

    centre: float
    deviation: float
    of_log: bool = False

    def at(self, share: float) -> float:
        """Return the value below which a share of all values lies."""
        if self.of_log:
            return self.centre * math.exp(self.deviation * float(ndtri(share)))
        return self.centre + self.deviation * float(ndtri(share))

    def grid(self) -> tuple[float, ...]:
        """Refuse: a distribution has no points."""
        raise InputError(f"{self} is a distribution; a sweep takes points, as 2..8/7 or 2|4|8")

    def __str__(self) -> str:
        return f"{self.centre:g} +- {self.deviation:.3g}" + (" in logs" if self.of_log else "")


@dataclass(frozen=True)
class Choice:
    """One of several, each as likely."""

    options: tuple[Value, ...]

    def at(self, share: float) -> Value:
        """Return the option in whose equal part of the line from 0 to 1 a share lies."""
        return self.options[min(int(share * len(self.options)), len(self.options) - 1)]

    def grid(self) -> tuple[Value, ...]:
        """Return the values of a sweep: all of them."""
        return self.options

    def __str__(self) -> str:
        return "|".join(f"{one:g}" if isinstance(one, float) else one for one in self.options)


Distribution: TypeAlias = Uniform | Normal | Choice


def parse_distribution(written: str, read: Callable[[str], Value], of_log: bool = False) -> Distribution:
    """Return the distribution that a text means.

    Parameters
    ----------
    written
        ``-50%..0%`` for any number between, ``-50%..0%/11`` with points for a sweep, ``4+-0.5`` for a normal
        distribution, ``2|4|8`` for one of several, ``4`` for that alone.
    read
        What reads one value, and raises ValueError with the reason where it cannot.
    of_log
        Whether the input is positive, so that its log is what is normal; the deviation is divided by the centre.

    Raises
    ------
    InputError
        None of these.
    """
    text = written.strip()
    try:
        if ".." in text:
            return _uniform(text, read)
        if "+-" in text or "±" in text:
            return _normal(text, read, of_log)
        options = tuple(read(one.strip()) for one in text.split("|"))
    except ValueError as error:
        raise InputError(f"{written!r}: {error}") from None
    if len(set(options)) < len(options):
        raise InputError(f"{written!r}: an option is given twice; keep one")
    return Choice(options)


def _uniform(text: str, read: Callable[[str], Value]) -> Uniform:
    points = _POINTS.match(text)
    low, high = (float(read(one.strip())) for one in (points[1] if points else text).split("..", 1))
    if not low < high:
        raise ValueError(f"the range from {low:g} to {high:g} is empty; exchange its ends")
    count = int(points[2]) if points else None
    if count is not None and count < 2:
        raise ValueError(f"found {count} points; give 2 or more, or the value alone")
    return Uniform(low, high, count)


def _normal(text: str, read: Callable[[str], Value], of_log: bool) -> Normal:
    centre, deviation = (float(read(one.strip())) for one in text.replace("±", "+-").split("+-", 1))
    if not deviation > 0 or (of_log and not centre > 0):
        raise ValueError(f"found {text!r}; give a positive deviation, and a positive centre for elasticities")
    return Normal(centre, deviation / centre if of_log else deviation, of_log)
