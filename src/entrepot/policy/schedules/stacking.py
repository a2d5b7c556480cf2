"""How acts on the same goods stack: which give way, which apply to part of the value, which only top up.

A *part* is what one act either touches or not: a tariff line, or the piece of it that is on a legal list. Everything
here is arithmetic on parts; what they are called is the caller's business.
"""

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import numpy as np

from entrepot.core.errors import InvalidShock
from entrepot.policy.schedules.act import MFN, Act

WHOLE = 1 + 1e-9  # shares of one value add up to it, but for rounding


class Contradiction(InvalidShock):
    """Two acts that cannot both be right about the same goods."""

    def __init__(self, message: str, part: int, acts: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.part, self.acts = part, tuple(acts)


class Stack(NamedTuple):
    """What each act takes."""

    points: np.ndarray  # measure part, rate on the whole value
    share: np.ndarray  # measure part, of the value it applies to; 0 where it gives way entirely


def stacked(
    measures: Sequence[Act],
    applies: np.ndarray,
    rate: np.ndarray,
    content: np.ndarray,
    base: np.ndarray,
    in_base: np.ndarray,
) -> Stack:
    """Return what each act adds to the duty on each part.

    Parameters
    ----------
    measures
        Those in force.
    applies : [measure, part]
        Whether origin, product and exemptions let an act touch a part.
    rate, content : [measure, part]
        Its rate there, and the share of the value that it claims.
    base : [part]
        The duty that is paid anyway.
    in_base : [measure, part]
        The rate of an act when that duty was collected.

    Raises
    ------
    Contradiction
        Two acts of one authority on the same part; acts that exclude each other, directly or in a circle; acts that
        claim more than the whole value.
    """
    _refuse_two_of_one_authority(measures, applies)
    points, share = np.zeros(applies.shape), np.zeros(applies.shape)
    yields = [[one.yields_to(other) for other in measures] for one in measures]
    taking: dict[str, list[int]] = {}
    for here in _order(measures, applies, yields):
        measure = measures[here]
        before = [other for other in range(len(measures)) if yields[here][other] and applies[other].any()]
        claimed = share[before].sum(axis=0) if before else np.zeros(applies.shape[1])
        over = applies[here] & (claimed > WHOLE)
        if over.any():
            names = [measures[other].id for other in before]
            part = int(over.argmax())
            raise Contradiction(
                f"{' and '.join(names)} claim {100 * claimed[part]:.0f} % of the value of the same goods", part, names
            )
        left = np.clip(1 - claimed, 0.0, 1.0)
        share[here] = applies[here] * np.minimum(content[here], 1.0) * left
        taken = rate[here] - np.minimum(base, in_base[here])
        if measure.tops_up is not None:
            others = [other for authority in measure.tops_up for other in taking.get(authority, [])]
            already = points[others].sum(axis=0) if others else np.zeros(applies.shape[1])
            taken = np.maximum(taken - already - (base if MFN in measure.tops_up else 0.0), 0.0)
        points[here] = share[here] * np.maximum(taken, 0.0)
        taking.setdefault(measure.authority, []).append(here)
    return Stack(points, share)


def _refuse_two_of_one_authority(measures: Sequence[Act], applies: np.ndarray) -> None:
    rows_of: dict[str, list[int]] = {}
    for row, measure in enumerate(measures):
        rows_of.setdefault(measure.authority, []).append(row)
    for authority, rows in rows_of.items():
        both = applies[rows].sum(axis=0) > 1
        if len(rows) > 1 and both.any():
            part = int(both.argmax())
            names = [measures[row].id for row in rows if applies[row, part]]
            raise Contradiction(
                f"{' and '.join(names)} are in force under {authority} at once; end one, or exempt the goods from it",
                part,
                names,
            )


def _order(measures: Sequence[Act], applies: np.ndarray, yields: Sequence[Sequence[bool]]) -> list[int]:
    """Return an order in which every act comes after those that it gives way to or tops up.

    Acts give way to each other in a circle only where all of them touch the same goods: a circle is looked for part by
    part, among parts that the same acts touch.
    """
    rows_of: dict[str, list[int]] = {}
    for row, measure in enumerate(measures):
        rows_of.setdefault(measure.authority, []).append(row)
    first: dict[int, set[int]] = {row: set() for row in range(len(measures))}
    for row, measure in enumerate(measures):
        for other in np.flatnonzero(yields[row]).tolist():
            if yields[other][row] and (applies[row] & applies[other]).any():
                raise Contradiction(
                    f"{measure.id} and {measures[other].id} exclude each other on the same goods; let one give way",
                    int((applies[row] & applies[other]).argmax()),
                    [measure.id, measures[other].id],
                )
            first[row].add(other)
        for authority in measure.tops_up or ():
            first[row].update(other for other in rows_of.get(authority, ()) if other != row)
    try:
        return list(TopologicalSorter(first).static_order())
    except CycleError:
        pass
    # Somewhere there is a circle: it counts only among acts that meet, and then any order of the others will do.
    patterns, places = np.unique(applies, axis=1, return_index=True)
    meeting: dict[int, set[int]] = {row: set() for row in range(len(measures))}
    for pattern, part in zip(patterns.T, places, strict=True):
        there = set(np.flatnonzero(pattern).tolist())
        here = {row: first[row] & there for row in there}
        try:
            TopologicalSorter(here).prepare()
        except CycleError as error:
            names = list(dict.fromkeys(measures[row].id for row in error.args[1]))
            raise Contradiction(
                f"{' and '.join(names)} give way to each other in a circle; let one of them apply first",
                int(part),
                names,
            ) from None
        for row, before in here.items():
            meeting[row] |= before
    try:
        return list(TopologicalSorter(meeting).static_order())
    except CycleError as error:
        names = list(dict.fromkeys(measures[row].id for row in error.args[1]))
        raise Contradiction(
            f"{' and '.join(names)} give way to each other in a circle over different goods; split the acts by goods",
            0,
            names,
        ) from None
