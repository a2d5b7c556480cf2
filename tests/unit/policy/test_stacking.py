"""How acts stack, on examples computed by hand from what legal texts say."""

import datetime

import numpy as np
import pytest

from entrepot.policy.schedules.act import Act
from entrepot.policy.schedules.stacking import Contradiction, Stack, stacked


def act(name: str, rate: float = 0.25, **fields: object) -> Act:
    return Act.model_validate(
        {"id": name, "authority": name, "act": "an act", "effective": "2025-01-01", "rate": rate, **fields}
    )


def stack(*measures: Act, base: float = 0.0, content: tuple[float, ...] = ()) -> Stack:
    """Return the stack of acts that all touch one part."""
    here = (len(measures), 1)
    rates = np.array([[measure.rate] for measure in measures])
    return stacked(
        measures,
        np.ones(here, dtype=bool),
        rates,
        np.array(content or [1.0] * len(measures)).reshape(here),
        np.array([base]),
        np.zeros(here),
    )


def points(found: Stack) -> list[float]:
    return [round(float(one), 12) for one in found.points[:, 0]]


def test_acts_of_two_authorities_add_up() -> None:
    assert points(stack(act("reciprocal", 0.25), act("oil", 0.25))) == [0.25, 0.25]


def test_an_act_gives_way_to_one_that_excludes_its_authority_in_whatever_order() -> None:
    steel = act("steel", 0.5, excludes=["reciprocal"])
    assert points(stack(act("reciprocal"), steel)) == [0.0, 0.5]
    assert points(stack(steel, act("reciprocal"))) == [0.5, 0.0]


def test_derivatives_pay_on_their_content_and_what_it_displaces_on_the_rest() -> None:
    # A product of 40 % steel from India on 27 August 2025: 0.4 * 50 % + 0.6 * (25 % + 25 %) = 50 %; with 18 % as the
    # only other duty: 0.4 * 50 % + 0.6 * 18 % = 30.8 %.
    metal = act("metal", 0.5, excludes=["reciprocal", "oil"])
    found = stack(metal, act("reciprocal", 0.25), act("oil", 0.25), content=(0.4, 1, 1))
    assert points(found) == [0.2, 0.15, 0.15]
    assert sum(points(stack(metal, act("reciprocal", 0.18), content=(0.4, 1)))) == pytest.approx(0.308)


def test_giving_way_is_excluding_from_the_other_side_by_authority_or_by_law() -> None:
    steel = act("steel", 0.5, law="Section 232")
    for name in ("steel", "Section 232"):
        assert points(stack(act("reciprocal", gives_way_to=[name]), steel)) == [0.0, 0.5]
    with pytest.raises(Contradiction, match="exclude each other on the same goods"):
        stack(act("reciprocal", gives_way_to=["steel"]), act("steel", gives_way_to=["reciprocal"]))


def test_what_was_collected_in_the_base_year_is_taken_off_up_to_the_acts_rate_then() -> None:
    # Steel that paid 25 % in 2024 pays 25 points more at 50 %, what paid 2 % pays 48; beyond 25 it is ordinary duty.
    here = np.ones((1, 3))
    found = stacked([act("steel", 0.5)], here.astype(bool), 0.5 * here, here, np.array([0.25, 0.02, 0.3]), 0.25 * here)
    assert found.points[0] == pytest.approx([0.25, 0.48, 0.25])


def test_the_days_of_an_act_by_reading() -> None:
    day = datetime.date.fromisoformat
    void = act("x", announced="2024-12-01", decided="2024-12-20", void="2025-02-20", collected_to="2025-02-23")
    assert [void.counts(day(one)) for one in ("2024-12-31", "2025-01-01", "2025-02-19", "2025-02-20")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [void.counts(day(one), "collected") for one in ("2025-02-23", "2025-02-24")] == [True, False]
    assert [void.counts(day(one), "announced") for one in ("2024-11-30", "2024-12-01", "2025-02-20")] == [
        False, True, False,
    ]  # fmt: skip
    assert void.when_not(day("2025-03-01")) == "void from 2025-02-20, collected to 2025-02-23"
    assert void.when_not(day("2024-12-10")) == "announced, in force from 2025-01-01"
    assert void.when_not(day("2024-12-25")) == "decided, in force from 2025-01-01"
    assert list(void.statuses()) == ["announced", "decided", "in force", "void", "collected to"]
    never = act("x", effective=None, announced="2025-01-05", void="2025-02-20")
    assert never.when_not(day("2025-01-10")) == "announced, never in force"
    assert never.counts(day("2025-01-10"), "announced")
    assert act("x", suspended="2025-01-02").when_not(day("2025-01-02")) == "suspended from 2025-01-02"


def test_two_contents_are_different_parts_of_the_value() -> None:
    steel = act("steel", 0.5, excludes=["reciprocal"])
    aluminium = act("aluminium", 0.5, excludes=["reciprocal"])
    found = stack(steel, aluminium, act("reciprocal", 0.2), content=(0.5, 0.3, 1))
    assert points(found) == [0.25, 0.15, 0.04]  # the rest is 1 - 0.5 - 0.3


def test_the_larger_of_two_tops_up_what_is_paid_anyway() -> None:
    # The 15 % of an agreement that include the ordinary duty: 15 - 4.5 where that is lower, nothing where it is higher.
    floor = act("agreement", 0.15, tops_up=["MFN"])
    assert points(stack(floor, base=0.045)) == [pytest.approx(0.105)]
    assert points(stack(floor, base=0.2)) == [0.0]
    assert points(stack(act("agreement", 0.15, tops_up=["MFN", "fee"]), act("fee", 0.02), base=0.045)) == [
        pytest.approx(0.085), 0.02,
    ]  # fmt: skip


def test_an_act_comes_back_where_the_one_that_displaced_it_is_itself_displaced() -> None:
    cars = act("cars", 0.25, excludes=["steel"])
    steel = act("steel", 0.5, excludes=["reciprocal"])
    assert points(stack(act("reciprocal", 0.1), steel, cars)) == [0.1, 0.0, 0.25]


def test_two_acts_that_exclude_each_other_apply_where_they_do_not_meet() -> None:
    one, other = act("one", 0.1, excludes=["other"]), act("other", 0.2, excludes=["one"])
    apart = np.array([[True, False], [False, True]])
    rates, whole = np.array([[0.1, 0.1], [0.2, 0.2]]), np.ones((2, 2))
    assert stacked([one, other], apart, rates, whole, np.zeros(2), np.zeros((2, 2))).points.tolist() == [
        [0.1, 0.0],
        [0.0, 0.2],
    ]
    with pytest.raises(Contradiction, match="one and other exclude each other on the same goods; let one give way"):
        stack(one, other)


def test_contradictions_raise() -> None:
    with pytest.raises(Contradiction, match="a and b are in force under X at once; end one"):
        stack(act("a", authority="X"), act("b", authority="X"))
    circle = [act("a", excludes=["b"]), act("b", excludes=["c"]), act("c", excludes=["a"])]
    with pytest.raises(Contradiction, match="give way to each other in a circle"):
        stack(*circle)
    twice = [act("a", excludes=["c"]), act("b", excludes=["c"]), act("c")]
    with pytest.raises(Contradiction, match="a and b claim 130 % of the value of the same goods"):
        stack(*twice, content=(0.7, 0.6, 1))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"last_day": "2024-12-31"}, "ends on 2024-12-31, before it starts on 2025-01-01"),
        ({"decided": "2025-02-01"}, "is in force from 2025-01-01, before it was decided on 2025-02-01"),
        ({"rate": 25}, "found 25, which is 2500 %; write '25 %' if you mean per cent"),
        ({"rate": -0.1}, "an act that lowers a duty is written by ending the one it replaces"),
        ({"rate": {"IND": 0.25}, "origin": ["IND"]}, "rate says by origin who pays; remove `origin`"),
        ({"rate": {}}, "found nothing; write a number"),
        ({"content": 1.2}, "a share of the value is between 0 and 100 %"),
        ({"excludes": ["x"]}, "names its own authority 'x' in `excludes`; remove it there"),
        ({"gives_way_to": ["x"]}, "names its own authority 'x' in `gives_way_to`"),
        ({"last_day": "2025-03-01", "void": "2025-04-01"}, r"ends twice \(last_day and void\); keep the one"),
        ({"effective": None}, "has no day; write `effective`, or `announced` where it never came into force"),
        ({"collected_to": "2025-03-01"}, "is collected to 2025-03-01, before its end in law"),
        ({"void": "2025-04-01", "collected_to": "2025-03-01"}, "is collected to 2025-03-01, before its end in law"),
        ({"retroactive": True}, "is not retroactive"),
        ({"announced": "2025-01-03", "decided": "2024-12-31"}, "was announced on 2025-01-03, after it was decided"),
        ({"content": {"table": "x", "tims": 2}}, "Extra inputs are not permitted"),
        ({"effective": "2025-02-30"}, "write a date as 2025-08-27"),
        ({"effective": 20250101}, "write a date as 2025-08-27"),
    ],
)
def test_an_act_that_makes_no_sense_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        act("x", **{"rate": 0.25, **fields})  # type: ignore[arg-type]
