"""Product exposure against the formula written out line by line, and as laws."""

from pathlib import Path

import numpy as np
import pytest

from entrepot.core.errors import InvalidShock, UnknownLabel
from entrepot.economy.economy import Economy
from entrepot.partial.exposure import by_sector, exposure
from entrepot.policy.schedules.schedule import Schedule, load_schedule

SCHEDULE = """\
title: T
reference: R
summary: S
destination: USA
known_until: 2025-12-31
lines: lines.csv
classes: classes.csv
lists: {free: {class: exempt}}
measures:
  - {id: one, authority: A, act: an act, effective: 2025-01-01, origin: IND, rate: 50 %, exempt: [free]}
"""
LINES = """\
origin,hs6,imports,duties
IND,610910,60000000,6000000
CHN,610910,30000000,6000000
VNM,610910,10000000,0
IND,851713,80000000,0
CHN,851713,20000000,0
IND,980100,5000000,0
"""
CLASSES = """\
as_of,origin,hs6,class,imports
2025-01-01,IND,610910,covered,45
2025-01-01,IND,610910,exempt,15
2025-01-01,IND,851713,exempt,80
"""
THETA, HOME = {"C13T15": 5.0, "C26": 4.0}, {"C13T15": 0.4, "C26": 0.25}


@pytest.fixture
def schedule(tmp_path: Path) -> Schedule:
    for name, text in (("mine.yaml", SCHEDULE), ("lines.csv", LINES), ("classes.csv", CLASSES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load_schedule(tmp_path / "mine.yaml")


@pytest.mark.parametrize("eta", [1.0, 0.5, 2.0])
def test_a_line_is_solved_as_by_hand(schedule: Schedule, eta: float) -> None:
    # T-shirts: spending 66 on Indian (duty 10 %), 36 on Chinese (20 %), 10 on Vietnamese, and 40 % of all at home.
    theta, home = 5.0, 0.4
    spent = {"IND": 66.0, "CHN": 36.0, "VNM": 10.0}
    total = sum(spent.values()) / (1 - home)
    pays, free = 0.75 * 66 * (1.6 / 1.1) ** -theta, 0.25 * 66
    power = (pays + free + 36 + 10 + home * total) / total
    onward = power ** (-(1 - eta) / theta) / power
    india, china, vietnam = (pays / 1.6 + free / 1.1) * onward, 36 / 1.2 * onward, 10 * onward

    answer = exposure(schedule, "2025-06-01", "IND", THETA, HOME, eta=eta)
    line = answer.lines.set_index("hs6").loc["610910"]
    assert line["imports_cf"] == pytest.approx(india * 1e6)
    assert line["rivals"] == pytest.approx((china - 30 + vietnam - 10) * 1e6)
    assert line["home"] == pytest.approx(home * total * (onward - 1) * 1e6)
    assert line["rate"] == pytest.approx(0.1)
    assert line["rate_cf"] == pytest.approx(0.1 + 0.75 * 0.5)
    assert line["bill"] == pytest.approx(60e6 * 0.375)
    assert line["gainers"].startswith(f"CHN {china - 30:+.1f}")
    assert answer.gains["CHN"] == pytest.approx((china - 30) * 1e6)


def test_what_is_exempt_does_not_move_and_what_has_no_sector_is_not_computed(schedule: Schedule) -> None:
    lines = exposure(schedule, "2025-06-01", "IND", THETA, HOME).lines.set_index("hs6")
    assert lines.loc["851713", "change"] == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(lines.loc["980100", "change"])
    assert list(lines.index)[:2] == ["610910", "980100"]  # the largest duty bill first


def test_spending_on_a_line_is_kept_where_eta_is_one(schedule: Schedule) -> None:
    line = exposure(schedule, "2025-06-01", "IND", THETA, HOME).lines.set_index("hs6").loc["610910"]
    spent_before, spent_after = 112 / 0.6, None
    pays = 0.75 * 66 * (1.6 / 1.1) ** -5
    power = (pays + 0.25 * 66 + 46 + 0.4 * spent_before) / spent_before
    spent_after = (pays + 0.25 * 66) / power + 46 / power + (0.4 * spent_before * 1e6 + line["home"]) / 1e6
    assert spent_after == pytest.approx(spent_before)


def test_rivals_pay_by_the_same_schedule(tmp_path: Path) -> None:
    # China's T-shirts pay 30 points, Viet Nam's none: by hand as above, with China's spending at (1.5 / 1.2)^-5.
    extra = "  - {id: two, authority: A, act: another, effective: 2025-01-01, origin: CHN, rate: 30 %}\n"
    for name, text in (("mine.yaml", SCHEDULE + extra), ("lines.csv", LINES), ("classes.csv", CLASSES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    schedule = load_schedule(tmp_path / "mine.yaml")
    alone = exposure(schedule, "2025-06-01", "IND", THETA, HOME)
    assert not alone.rivals_pay
    answer = exposure(schedule, "2025-06-01", "IND", THETA, HOME, rivals_pay=True)
    assert answer.rivals_pay
    total = 112 / 0.6
    pays, free, china = 0.75 * 66 * (1.6 / 1.1) ** -5, 0.25 * 66, 36 * (1.5 / 1.2) ** -5
    power = (pays + free + china + 10 + 0.4 * total) / total
    line = answer.lines.set_index("hs6").loc["610910"]
    assert line["imports_cf"] == pytest.approx((pays / 1.6 + free / 1.1) / power * 1e6)
    assert line["rivals"] == pytest.approx((china / 1.5 + 10) / power * 1e6 - 40e6)
    assert line["paid"] == pytest.approx(6e6)
    assert line["paid_cf"] == pytest.approx((pays * 0.6 / 1.6 + free * 0.1 / 1.1) / power * 1e6)
    assert line["imports_cf"] > alone.lines.set_index("hs6").loc["610910", "imports_cf"]


@pytest.mark.slow
def test_the_case_line_by_line(world: Economy) -> None:
    shipped = load_schedule("us-duties")
    theta, home = by_sector(world, shipped)
    answer = exposure(shipped, "2025-08-27", "IND", theta, home)
    assert len(answer.lines) == 4005
    assert answer.lines["imports"].sum() == pytest.approx(87_735_219_365)
    assert answer.lines["bill"].sum() / answer.lines["imports"].sum() == pytest.approx(answer.rates.average())
    # lines that pay 50 points fall by most of their trade; the whole by less than a sector average would say
    known = answer.lines.dropna()
    assert -0.64 < known["change"].sum() / known["imports"].sum() < -0.54
    assert answer.gains.index[-1] == "IND"
    assert answer.gains.drop("IND").min() >= 0


def test_what_cannot_be_answered_is_told(schedule: Schedule) -> None:
    with pytest.raises(UnknownLabel, match="mine has no imports from 'INDIA'; nearest: IND"):
        exposure(schedule, "2025-06-01", "INDIA", THETA, HOME)
    with pytest.raises(InvalidShock, match="an elasticity of spending is between 0 and 20"):
        exposure(schedule, "2025-06-01", "IND", THETA, HOME, eta=-1)
    with pytest.raises(InvalidShock, match="china-duties-on-us knows the listed goods only; exposure needs"):
        exposure(load_schedule("china-duties-on-us"), "2025-06-01", "USA", THETA, HOME)
