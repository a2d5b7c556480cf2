"""Rules for trade imbalances: what a closure does to the base year, and what it keeps after the change."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from entrepot.core.errors import UnknownLabel, nearest


@dataclass(frozen=True)
class Closure:
    """A rule for trade imbalances.

    Attributes
    ----------
    name
        What ``deficits=`` and ``--deficits`` take.
    label
        In two to four words, for the titles of columns.
    title
        What imbalances do, as a phrase for reports.
    help
        One line for lists of choices.
    balances_base
        Whether the base year is brought to balanced trade before the change.
    constant
        The part of base-year imbalances that stays constant in the numeraire (0 or 1).
    share_of
        What imbalances are proportional to: ``"income"``, ``"sales"`` (output at border prices) or nothing (None).
    adds_up
        Whether world imbalances add up to zero. Where they do not, the world spends more or less than it earns.
    standard
        Whether tables that compare closures contain it. The others serve for comparison with published programs.
    """

    name: str
    label: str
    title: str
    help: str
    balances_base: bool = False
    constant: float = 0.0
    share_of: Literal["income", "sales"] | None = None
    adds_up: bool = True
    standard: bool = True


_ALL = (
    Closure(
        "fixed",
        "constant imbalances",
        "constant relative to world value added",
        "constant in units of world value added",
        constant=1.0,
    ),
    Closure(
        "scaled",
        "imbalances scale with income",
        "constant shares of income, all moved by one number so that they add up",
        "constant shares of income, shifted so that they add up",
        share_of="income",
    ),
    Closure(
        "multiplicative",
        "imbalances scale with sales",
        "spending a constant multiple of output, all multiples scaled so that they add up",
        "spending a constant multiple of output, scaled so that it adds up",
        share_of="sales",
    ),
    Closure(
        "zero",
        "balanced trade",
        "none: the base year is balanced first, then policy changes",
        "balance the base year first, then change policy",
        balances_base=True,
    ),
    Closure(
        "zero_together",
        "imbalances removed with the change",
        "removed together with the change in policy, so results contain the effect of balancing trade",
        "remove imbalances together with the change; contains the effect of balancing",
        standard=False,
    ),
    Closure(
        "scaled_leaking",
        "imbalances scale with income, not adding up",
        "constant shares of income that do not add up: the world spends more or less than it earns "
        "(for comparison with published programs only)",
        "as scaled without the shift: does not add up; comparison only",
        share_of="income",
        adds_up=False,
        standard=False,
    ),
    Closure(
        "multiplicative_leaking",
        "imbalances scale with sales, not adding up",
        "spending a constant multiple of output that does not add up: the world spends more or less than it earns "
        "(for comparison with published programs only)",
        "as multiplicative without scaling: does not add up; comparison only",
        share_of="sales",
        adds_up=False,
        standard=False,
    ),
)
CLOSURES = {closure.name: closure for closure in _ALL}
"""Every closure by name."""
DEFAULT = "fixed"
ClosureName: TypeAlias = str
"""A key of `CLOSURES`."""


def standard_closures() -> tuple[ClosureName, ...]:
    """Return the names of the closures that tables compare."""
    return tuple(name for name, closure in CLOSURES.items() if closure.standard)


def closure(name: ClosureName | Closure) -> Closure:
    """Return the closure of a name.

    Raises
    ------
    UnknownLabel
        No closure of that name; lists those that exist.
    """
    if isinstance(name, Closure):
        return name
    if name not in CLOSURES:
        hint = nearest(str(name), list(CLOSURES))
        raise UnknownLabel(f"no rule {name!r} for deficits{hint}; choose {', '.join(CLOSURES)}")
    return CLOSURES[name]
