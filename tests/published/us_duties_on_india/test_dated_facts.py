"""The US duties on goods from India, from the legal texts and from tables that others made; not from our schedule.

Sources: Executive Orders 14257, 14266, 14326, 14329; a table of US imports from India by treatment on 27 August
2025, the sector averages of a public tariff tracker, and imports by sector added up with another concordance.
"""

from pathlib import Path

import pandas as pd
import pytest

from entrepot.policy.schedules.rates import EffectiveRates, effective_rates
from entrepot.policy.schedules.schedule import Schedule, load_schedule

T_SHIRTS, PHONES, MEDICINES, REFINED_OIL = "610910", "851713", "300490", "271019"


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return load_schedule("us-duties-on-india")


def duties(schedule: Schedule, on: str) -> EffectiveRates:
    return effective_rates(schedule, on, ["IND"])


def added(rates: EffectiveRates, hs6: str) -> float:
    return float(rates.lines.set_index("hs6").loc[hs6, "added"])


@pytest.mark.parametrize(
    ("on", "points"),
    [
        ("2025-04-04", 0.0),  # before the reciprocal duty
        ("2025-04-05", 0.10),  # EO 14257: 10 % on all from 5 April
        ("2025-04-08", 0.10),
        ("2025-04-09", 0.26),  # Annex I of EO 14257, suspended for entries from 12:01 a.m. of 10 April (EO 14266)
        ("2025-04-10", 0.10),
        ("2025-08-06", 0.10),
        ("2025-08-07", 0.25),  # EO 14326
        ("2025-08-21", 0.25),  # the day of the speech in Moscow: EO 14329 is signed, not in force
        ("2025-08-26", 0.25),
        ("2025-08-27", 0.50),  # EO 14329
        ("2026-02-06", 0.50),
        ("2026-02-07", 0.18),  # the oil duty ends, the reciprocal rate is 18 %
        ("2026-02-19", 0.18),
        ("2026-02-20", 0.0),  # duties under IEEPA are void
        ("2026-02-23", 0.0),
        ("2026-02-24", 0.10),  # Section 122
        ("2026-07-23", 0.10),  # its 150th day
        ("2026-07-24", 0.0),
    ],
)
def test_covered_goods_pay_what_was_in_force_on_the_day(schedule: Schedule, on: str, points: float) -> None:
    rates = duties(schedule, on)
    assert added(rates, T_SHIRTS) == pytest.approx(points)
    for exempt in (PHONES, MEDICINES, REFINED_OIL):
        assert added(rates, exempt) == 0.0


def test_the_second_25_points_were_decided_but_not_in_force_on_21_august(schedule: Schedule) -> None:
    acts = duties(schedule, "2025-08-21").explain(T_SHIRTS).set_index("measure")
    assert acts.loc["reciprocal-25", "points"] == pytest.approx(0.25)
    assert acts.loc["russian-oil-25", "points"] == 0.0
    assert acts.loc["russian-oil-25", "why_not"] == "decided, in force from 2025-08-27"
    assert acts.loc["reciprocal-10", "why_not"] == "ended on 2025-08-06"
    acts = duties(schedule, "2025-08-01").explain(T_SHIRTS).set_index("measure")
    assert acts.loc["russian-oil-25", "why_not"] == "not yet decided, in force from 2025-08-27"


def test_on_27_august_50_points_on_covered_goods_and_29_9_on_average(schedule: Schedule) -> None:
    rates = duties(schedule, "2025-08-27")
    by_class = rates.mean_by(["class"]).set_index("class")["added"]
    assert by_class["covered"] == pytest.approx(0.50)
    assert by_class["exempt"] == 0.0
    assert by_class["section_232_derivative"] == pytest.approx(0.50)  # content * 50 + rest * (25 + 25)
    emergency = rates.by_authority(["origin"]).loc["IND"]
    of_india = emergency["IEEPA reciprocal"] + emergency["IEEPA Russian oil"]
    # 26.4 where derivatives were all metal, 31.7 where they had none
    assert 0.264 < of_india < 0.317
    assert of_india == pytest.approx(0.2989, abs=5e-4)
    assert rates.average() == pytest.approx(0.3322, abs=5e-4)


def test_section_232_goods_pay_that_instead(schedule: Schedule) -> None:
    rates = duties(schedule, "2025-08-27")
    acts = rates.explain("870829").query("`class` == 'section_232'").set_index("measure")  # parts of bodies of cars
    assert acts.loc["vehicle-parts-25", "points"] == pytest.approx(0.25)
    assert acts.loc["reciprocal-25", "why_not"] == "gives way to vehicle-parts-25"
    assert acts.loc["russian-oil-25", "points"] == 0.0


def test_steel_pays_what_its_duty_of_2024_lacks_to_50_points_and_the_ordinary_duty_stays(schedule: Schedule) -> None:
    # Collected in 2024: less than the 25 % of Section 232 because of exclusions; that part is not added again.
    lines = duties(schedule, "2025-08-27").parts
    steel = lines[(lines["class"] == "section_232") & lines["hs6"].str.startswith("72") & (lines["base"] <= 0.25)]
    assert len(steel) > 20
    assert steel["rate"].to_numpy() == pytest.approx(0.5)
    high = lines[(lines["class"] == "section_232") & lines["hs6"].str.startswith("76") & (lines["base"] > 0.10)]
    assert high["added"].to_numpy() == pytest.approx(0.40)  # 50 less the 10 of 2024; the rest is ordinary duty


def test_copper_pays_from_1_august(schedule: Schedule) -> None:
    assert added(duties(schedule, "2025-07-31"), "740811") == 0.0  # Annex II had it exempt until then
    assert added(duties(schedule, "2025-08-01"), "740811") == pytest.approx(0.50)


def test_a_derivative_is_content_times_section_232_and_rest_times_reciprocal(schedule: Schedule) -> None:
    # Articles of steel, 80 % metal by value: 0.8 * 50 % + 0.2 * 25 % before the oil duty, 0.2 * 50 % with it, 0.2 *
    # 18 % in February 2026, nothing but 0.8 * 50 % after the ruling.
    for on, points in (("2025-08-21", 0.45), ("2025-08-27", 0.50), ("2026-02-07", 0.436), ("2026-02-20", 0.40)):
        assert added(duties(schedule, on), "732690") == pytest.approx(points), on


# US imports from India in 2024 by treatment on 27 August 2025, USD: Census values by the legal lists at HS8, as Global
# Trade Alert compiled them. `exempt` is Annex II.
BY_TREATMENT = {
    "covered": 46_260_086_056,
    "section_232_derivative": 9_312_905_421,
    "section_232": 4_438_694_325,
    "exempt": 27_723_533_563,
}


def test_classes_of_goods_are_those_of_the_table_of_treatment(schedule: Schedule) -> None:
    ours = duties(schedule, "2025-08-27").mean_by(["class"]).set_index("class")["imports"]
    assert ours["covered"] == pytest.approx(BY_TREATMENT["covered"], abs=1)
    # in law copper has been under Section 232 since 1 August; that table still has it exempt
    lines = duties(schedule, "2025-08-27").parts.set_index(["hs6", "class"])["imports"]
    copper = (
        lines[lines.index.get_level_values("hs6").str.startswith("74")].unstack(fill_value=0.0)["section_232"].sum()
    )
    assert 150e6 < copper < 200e6
    assert ours["exempt"] == pytest.approx(BY_TREATMENT["exempt"] - copper, abs=1)
    assert ours["section_232"] == pytest.approx(BY_TREATMENT["section_232"] + copper, abs=1)
    assert ours["section_232_derivative"] == pytest.approx(BY_TREATMENT["section_232_derivative"], abs=1)


CONFLICTING = {"C20", "C24A", "C24B", "C17_18"}
"""Sectors in which the tracker counts goods as paying that the lists of treatment exempt, or steel duty twice."""


def test_averages_by_sector_are_those_of_the_tracker(schedule: Schedule, published: Path) -> None:
    theirs = pd.read_csv(published / "us_duties_on_india" / "tracker_rates_2025-08-27.csv").set_index("sector")
    ours = duties(schedule, "2025-08-27").mean_by(["sector"]).set_index("sector")["added"]
    compared = [sector for sector in theirs.index if sector in ours.index and sector not in CONFLICTING]
    assert len(compared) > 17
    for sector in compared:
        assert ours[sector] == pytest.approx(theirs.loc[sector, "additional_rate"], abs=0.016), sector


def test_the_concordance_reproduces_every_total_by_partner_and_sector(schedule: Schedule, published: Path) -> None:
    theirs = pd.read_csv(published / "us_duties_on_india" / "imports_2024_by_sector.csv")
    theirs = theirs.set_index(["partner", "sector"])["imports"]
    joint = {"B07": "B07_B08", "B08": "B07_B08", "C301": "C30", "C302T309": "C30"}
    lines = schedule.trade.assign(sector=schedule.sectors.sectors_of(list(schedule.trade["hs6"])))
    ours = lines.replace({"sector": joint}).groupby(["origin", "sector"])["imports"].sum()
    assert len(theirs) == 1083
    for key, total in theirs.items():
        assert ours.get(key, 0.0) == pytest.approx(total, abs=1), key
