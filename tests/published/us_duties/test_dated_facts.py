"""US duties from the legal texts, headings of the tariff schedule named, and from a table made at ten digits by others.

No number here comes from our schedule.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from entrepot.core.errors import InputError
from entrepot.core.legal import COLLECTED, IN_FORCE, LegalReading
from entrepot.data.store import read_parquet
from entrepot.policy.schedules.rates import EffectiveRates, effective_rates
from entrepot.policy.schedules.schedule import Schedule, load_schedule
from entrepot.policy.schedules.timeline import timeline

T_SHIRTS, PHONES, MEDICINES, REFINED_OIL, CRUDE, COFFEE, CARS = (
    "610910", "851713", "300490", "271019", "270900", "090111", "870323",
)  # fmt: skip
COTTON_T_SHIRTS = 0.165  # column 1 general of HTS 6109.10.00


@cache
def schedule() -> Schedule:
    return load_schedule("us-duties")


@cache
def duties(origin: str, on: str, reading: LegalReading = IN_FORCE) -> EffectiveRates:
    return effective_rates(schedule(), on, [origin], reading)


def added(origin: str, on: str, hs6: str, reading: LegalReading = IN_FORCE) -> float:
    return float(duties(origin, on, reading).lines.set_index("hs6").loc[hs6, "added"])


def base(origin: str, hs6: str) -> float:
    trade = schedule().trade.set_index(["origin", "hs6"]).loc[(origin, hs6)]
    return float(trade["duties"] / trade["imports"])


@pytest.mark.parametrize(
    ("on", "points"),
    [
        ("2025-04-04", 0.0),  # before the reciprocal duty
        ("2025-04-05", 0.10),  # EO 14257, 9903.01.25
        ("2025-04-08", 0.10),
        ("2025-04-09", 0.26),  # EO 14257, Annex I, 9903.01.55
        ("2025-04-10", 0.10),  # EO 14266
        ("2025-08-06", 0.10),
        ("2025-08-07", 0.25),  # EO 14326, 9903.02.26
        ("2025-08-21", 0.25),  # the day of the speech in Moscow: EO 14329 is signed, not in force
        ("2025-08-26", 0.25),
        ("2025-08-27", 0.50),  # EO 14329, 9903.01.84
        ("2025-09-08", 0.50),
        ("2025-11-13", 0.50),
        ("2026-02-06", 0.50),
        ("2026-02-07", 0.25),  # the oil duty ends; the 18 % of the joint statement were never in force
        ("2026-02-19", 0.25),
        ("2026-02-20", 0.0),  # duties under IEEPA have no basis in law
        ("2026-02-24", 0.10),  # Section 122, 9903.03.01
        ("2026-07-23", 0.10),  # its last day
        ("2026-07-24", 0.10),  # Section 301, forced labour, 9903.05.44
    ],
)
def test_goods_of_india_pay_what_was_in_force_on_the_day(on: str, points: float) -> None:
    assert added("IND", on, T_SHIRTS) == pytest.approx(points)
    for exempt in (PHONES, REFINED_OIL):
        assert added("IND", on, exempt) == pytest.approx(0.0, abs=2e-5)  # oils in cans: a derivative, 0.002 % metal
    metal = 0.5 * 0.001 if "2025-08-18" <= on < "2026-04-06" else 0.0  # medicines in cans: a derivative, 0.1 % metal
    assert added("IND", on, MEDICINES) == pytest.approx(metal, abs=1e-6)


def test_duties_under_ieepa_were_collected_three_days_longer_than_they_were_law() -> None:
    assert added("IND", "2026-02-20", T_SHIRTS, COLLECTED) == pytest.approx(0.25)
    assert added("IND", "2026-02-23", T_SHIRTS, COLLECTED) == pytest.approx(0.25)
    assert added("IND", "2026-02-24", T_SHIRTS, COLLECTED) == pytest.approx(0.10)  # Section 122 alone
    assert added("IND", "2026-02-10", T_SHIRTS, "announced") == pytest.approx(0.18)
    assert added("IND", "2025-04-03", T_SHIRTS, "announced") == pytest.approx(0.26)  # announced on 2 April


@pytest.mark.parametrize(
    ("on", "points", "within"),
    [
        ("2025-08-07", 18.1, 0.1), ("2025-08-27", 33.4, 0.1), ("2025-11-14", 32.8, 0.1), ("2026-02-07", 18.0, 0.1),
        ("2026-04-06", 9.6, 0.1), ("2026-07-24", 9.5, 0.1),
    ],
)  # fmt: skip
def test_indias_average_is_that_of_the_table_by_ten_digits(on: str, points: float, within: float) -> None:
    assert 100 * duties("IND", on, COLLECTED).average() == pytest.approx(points, abs=within)


def test_every_event_of_india_is_told_by_its_act(published: Path) -> None:
    events = pd.read_csv(published / "us_duties" / "india_events.csv", dtype=str)
    assert len(events) == 19
    known = {"EO 14257": "reciprocal-10-first", "EO 14257 Annex I": "reciprocal-annex-1", "EO 14266": "reciprocal-10",
             "EO 14326": "reciprocal-august", "EO 14329": "russian-oil-25", "Section 122": "section-122-10",
             "Proclamation of 2 April 2026": "metals-50"}  # fmt: skip
    acts = {act.id: act for act in schedule().measures}
    compared = 0
    for row in events.to_dict("records"):
        if row["act"] not in known:
            continue
        act = acts[known[row["act"]]]
        if row["kind"] == "in force":
            assert str(act.effective) == row["date"], row["act"]
            compared += 1
        elif row["kind"] == "ended":
            assert str(act.end) == row["date"], row["act"]
            compared += 1
        elif row["kind"] == "decided":
            assert str(act.decided) == row["date"], row["act"]
            compared += 1
    assert compared >= 8


def test_the_second_25_points_were_decided_but_not_in_force_on_21_august() -> None:
    acts = duties("IND", "2025-08-21").explain(T_SHIRTS).set_index("measure")
    assert acts.loc["reciprocal-august", "points"] == pytest.approx(0.25)
    assert acts.loc["russian-oil-25", "points"] == 0.0
    assert acts.loc["russian-oil-25", "why_not"] == "decided, in force from 2025-08-27"
    assert acts.loc["reciprocal-10", "why_not"] == "ended on 2025-08-06"


def test_steel_pays_what_its_duty_of_2024_lacks_to_50_points_and_copper_from_1_august() -> None:
    rates = duties("IND", "2025-08-27")
    steel = rates.parts[rates.goods.on(["steel-goods"], rates.date) & (rates.parts["base"] <= 0.25).to_numpy()]
    assert len(steel) > 20
    assert steel["rate"].to_numpy() == pytest.approx(0.5)  # proclamation 10947, 9903.81.87
    assert added("IND", "2025-07-31", "740811") == 0.0  # Annex II had it exempt until then
    assert added("IND", "2025-08-01", "740811") == pytest.approx(0.9 * 0.5 + 0.1 * 0.1)  # 9903.78.01, on the content


# Hand-computed from headings, for other partners.


@pytest.mark.parametrize(
    ("on", "t_shirts", "phones"),
    [
        ("2025-02-04", 0.10, 0.10),  # 9903.01.20
        ("2025-03-04", 0.20, 0.20),  # 9903.01.24
        ("2025-04-05", 0.30, 0.20),  # 9903.01.25; electronics are outside
        ("2025-04-09", 1.04, 0.20),  # 9903.01.63 at 84 %
        ("2025-04-10", 1.45, 0.20),  # at 125 %
        ("2025-05-14", 0.30, 0.20),  # at 10 %, 24 points suspended
        ("2025-11-10", 0.20, 0.10),  # 9903.01.24 at 10 %
        ("2026-02-24", 0.10, 0.0),  # 9903.03.01
        ("2026-07-24", 0.125, 0.0),  # 9903.05.27
    ],
)
def test_china_phase_by_phase(on: str, t_shirts: float, phones: float) -> None:
    assert added("CHN", on, T_SHIRTS) == pytest.approx(t_shirts)
    assert added("CHN", on, PHONES) == pytest.approx(phones, abs=1e-9)


def test_the_eus_15_percent_include_the_ordinary_duty() -> None:
    handbags = "420221"
    assert 0.05 < base("EU27", handbags) < 0.15
    assert added("EU27", "2025-08-07", handbags) == pytest.approx(0.15 - base("EU27", handbags))  # 9903.02.20
    assert base("EU27", T_SHIRTS) == pytest.approx(COTTON_T_SHIRTS, abs=5e-4)
    assert added("EU27", "2025-08-07", T_SHIRTS) == 0.0  # 9903.02.19: column 1 is 15 % or more
    assert added("EU27", "2025-06-01", T_SHIRTS) == pytest.approx(0.10)
    cork = "450310"  # an unavailable natural resource, outside from 1 September
    assert added("EU27", "2025-08-31", cork) == pytest.approx(0.15, abs=1e-3)
    assert added("EU27", "2025-09-01", cork) == 0.0


def test_japan_and_korea_from_25_to_15_percent_on_cars() -> None:
    assert base("JPN", CARS) == pytest.approx(0.025, abs=5e-4)
    assert added("JPN", "2025-09-15", CARS) == pytest.approx(0.25)  # 9903.94.01
    assert added("JPN", "2025-09-16", CARS) == pytest.approx(0.15 - base("JPN", CARS))  # 9903.94.41
    assert base("KOR", CARS) < 1e-3  # free under KORUS
    assert added("KOR", "2025-10-31", CARS) == pytest.approx(0.25)
    assert added("KOR", "2025-11-01", CARS) == pytest.approx(0.15, abs=1e-3)  # 9903.94.61
    assert added("KOR", "2025-08-07", T_SHIRTS) == pytest.approx(0.15)  # 15 points on top until November
    assert added("KOR", "2025-11-14", T_SHIRTS) == pytest.approx(max(0.15 - base("KOR", T_SHIRTS), 0))  # 9903.02.81


def claims(origin: str, hs6: str, window: str) -> float:
    shares = read_parquet(schedule().table_path("us-usmca-claims"), ["origin", "hs6", "from", "share"])
    found = shares[(shares["origin"] == origin) & (shares["hs6"] == hs6) & (shares["from"] == window)]["share"]
    return float(found.iloc[0])


def test_canada_energy_potash_and_what_claims_usmca() -> None:
    assert added("CAN", "2025-03-04", T_SHIRTS) == pytest.approx(0.25)  # 9903.01.10, USMCA goods too
    assert added("CAN", "2025-03-04", CRUDE) == pytest.approx(0.10)  # 9903.01.13
    spring = claims("CAN", T_SHIRTS, "2025-03-01")
    assert 0 < spring < 1
    assert added("CAN", "2025-03-07", T_SHIRTS) == pytest.approx(0.25 * (1 - spring))  # 9903.01.14
    late = claims("CAN", T_SHIRTS, "2025-07-01")
    assert added("CAN", "2025-08-01", T_SHIRTS) == pytest.approx(0.35 * (1 - late))
    assert added("CAN", "2025-11-20", T_SHIRTS) == pytest.approx(0.35 * (1 - late))  # ten points more never came
    potash = "310420"
    assert added("CAN", "2025-04-01", potash) == pytest.approx(
        0.10 * (1 - claims("CAN", potash, "2025-03-01")), abs=1e-6
    )
    gin = duties("CAN", "2026-08-19").explain("220850")  # 9903.03.12
    assert gin.set_index("measure").loc["canada-338-50", "points"] == pytest.approx(0.5)


def test_mexico_cars_pay_on_their_content_from_elsewhere() -> None:
    share = claims("MEX", CARS, "2025-03-01")
    assert added("MEX", "2025-04-10", CARS) == pytest.approx(0.25 * (1 - 0.4 * share))  # 9903.94.01 and .03
    assert added("MEX", "2025-03-05", CARS) == pytest.approx(0.25)


def test_the_united_kingdom_cars_and_steel() -> None:
    assert added("GBR", "2025-06-29", CARS) == pytest.approx(0.25)
    assert added("GBR", "2025-06-30", CARS) == pytest.approx(0.10 - base("GBR", CARS))  # 9903.94.31
    bars = "722220"
    lacking = {rate: rate - min(base("GBR", bars), 0.25) for rate in (0.25, 0.5)}
    assert added("GBR", "2025-06-10", bars) == pytest.approx(lacking[0.25])  # 9903.81.94: 25, others 50
    assert added("EU27", "2025-06-10", bars) == pytest.approx(0.5 - min(base("EU27", bars), 0.25))


def test_brazil_40_points_more_and_what_is_outside() -> None:
    assert added("BRA", "2025-08-05", COFFEE) == pytest.approx(0.10)
    assert added("BRA", "2025-08-06", COFFEE) == pytest.approx(0.50)  # 9903.01.77 and 9903.01.25
    assert added("BRA", "2025-11-13", COFFEE) == 0.0  # both exempt farm goods, retroactively
    juice = "200911"
    assert added("BRA", "2025-08-06", juice) == pytest.approx(0.10)  # 9903.01.78
    assert added("BRA", "2026-07-22", T_SHIRTS) == pytest.approx(0.35)  # 9903.05.01 and Section 122
    assert added("BRA", "2026-07-24", T_SHIRTS) == pytest.approx(0.375)  # and forced labour, 12.5 %


def test_switzerland_from_39_to_15_percent_and_viet_nams_furniture() -> None:
    watches = "910221"
    assert added("CHE", "2025-08-07", watches) == pytest.approx(0.39)  # 9903.02.58
    assert added("CHE", "2025-11-14", watches) == pytest.approx(max(0.15 - base("CHE", watches), 0.0))  # 9903.02.83
    seats = "940161"
    assert added("VNM", "2025-10-13", seats) == pytest.approx(0.20)  # 9903.02.69
    upholstered = duties("VNM", "2025-10-14").explain(seats).set_index("measure")
    assert upholstered.loc["furniture-25", "points"].max() == pytest.approx(0.25)  # 9903.76.02, instead of 20
    assert upholstered.loc["reciprocal-august", "why_not"].str.contains("gives way to furniture-25").any() or (
        added("VNM", "2025-10-14", seats) < 0.25
    )


def test_russia_is_outside_and_central_american_textiles_are_free_of_the_surcharge() -> None:
    rates = duties("RUS", "2025-04-20")
    assert not any(act.law == "IEEPA" for act in rates.acts if (rates.points[rates.acts.index(act)] > 0).any())
    cigars = "240210"
    assert added("DOM", "2026-03-01", T_SHIRTS) == 0.0  # CAFTA-DR textiles
    assert added("DOM", "2026-03-01", cigars) == pytest.approx(0.10)
    assert added("TWN", "2026-07-24", T_SHIRTS) == 0.0  # 10 % with column 1, which is 16.5 %: 9903.05.75


MFN_IN_BASE = {"C24A", "C24B", "C25", "C27", "C28", "C29", "C302T309"}
"""Sectors with duties of 2018 to 2024: what was collected then is taken off where an act replaces it, the ordinary duty
in it included; the table takes off the part above it. Metals, batteries, and vehicles with metal parts."""


def test_every_partner_and_date_agrees_with_the_table_by_sector(published: Path) -> None:
    table = read_parquet(
        published / "us_duties" / "rates_by_sector.parquet",
        ["date", "reading", "partner", "sector", "imports_2024_usd", "additional_rate"],
    )
    table = table[(table["sector"] != "SERVICES") & (table["imports_2024_usd"] > 0)]
    compared = []
    for (day, reading), rows in table.groupby(["date", "reading"]):
        rates = effective_rates(schedule(), day, reading=COLLECTED if reading == "collected" else IN_FORCE)
        ours = rates.mean_by(["origin", "sector"]).rename(columns={"origin": "partner"})
        compared.append(rows.merge(ours[["partner", "sector", "added"]], on=["partner", "sector"], how="left"))
    whole = pd.concat(compared)
    assert not whole["added"].isna().any()
    assert whole["date"].nunique() == 35
    assert whole["partner"].nunique() == 50
    off = 100 * (whole["added"] - whole["additional_rate"]).abs()
    assert off.median() < 0.1
    assert off.quantile(0.95) < 0.5
    assert {*whole["sector"][off > 0.5]} <= MFN_IN_BASE
    weight = whole["imports_2024_usd"]
    keys = [whole["date"], whole["reading"], whole["partner"]]
    mean = ((whole["added"] - whole["additional_rate"]) * weight).groupby(keys).sum() / weight.groupby(keys).sum()
    assert 100 * mean.abs().max() < 0.5
    assert 100 * mean.xs("IND", level="partner").abs().max() < 0.1


def test_what_was_collected_is_less_than_the_law_and_follows_it() -> None:
    months = timeline(schedule(), "2025-01-01", "2026-03-31").months
    by_month = months[months["series"] == "Treasury and Census"].set_index("month")
    assert len(by_month) == 15
    assert (by_month["difference"] > 0).all()
    assert by_month.loc["2025-04", "difference"] > 0.1  # weeks before goods in transit had arrived
    assert by_month.loc["2025-09":, "difference"].between(0.01, 0.06).all()
    law = by_month.loc["2025-06":, "statutory"]
    assert np.corrcoef(law, by_month.loc["2025-06":, "collected"])[0, 1] > 0.5


def test_a_day_after_the_last_known_act_is_refused_unless_it_is_allowed() -> None:
    with pytest.raises(InputError, match="acts are entered up to 2026-08-19, not to 2026-08-20; choose an earlier day"):
        effective_rates(schedule(), "2026-08-20", ["IND"])
    allowed = effective_rates(schedule(), "2026-08-20", ["IND"], beyond=True)
    assert allowed.average() == duties("IND", "2026-08-19").average()


def test_the_concordance_reproduces_every_total_by_partner_and_sector(published: Path) -> None:
    theirs = pd.read_csv(published / "us_duties" / "imports_2024_by_sector.csv")
    theirs = theirs.set_index(["partner", "sector"])["imports"]
    joint = {"B07": "B07_B08", "B08": "B07_B08", "C301": "C30", "C302T309": "C30"}
    lines = schedule().trade.assign(sector=schedule().sectors.sectors_of(list(schedule().trade["hs6"])))
    ours = lines.replace({"sector": joint}).groupby(["origin", "sector"])["imports"].sum()
    assert len(theirs) == 1083
    for key, total in theirs.items():
        assert ours.get(key, 0.0) == pytest.approx(total, abs=1), key
