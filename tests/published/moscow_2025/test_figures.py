"""The statements made in Moscow on 21 August 2025, on published figures: Energy Institute, IMF, TradeStat, legal acts.

Tolerances are half of the last digit of the figures as they are quoted.
"""

import pytest

import entrepot
from entrepot.statements.findings import Finding
from entrepot.statements.verdict import Verdict, VerdictKind

HALF_A_TENTH, HALF_A_HUNDREDTH = 0.05, 0.005


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    found = entrepot.check(entrepot.load_statements("india-russia-2025"), entrepot.load_facts())
    return {verdict.statement.id: verdict for verdict in found}


def under(verdict: Verdict, **options: str) -> Finding:
    """Return the finding of the one reading with these options."""
    wanted = {name: value.replace("_", " ") if name == "status" else value for name, value in options.items()}
    found = [f for f in verdict.findings if all(f.reading.options.get(name) == value for name, value in wanted.items())]
    assert len(found) == 1, f"{len(found)} readings with {options}"
    return found[0]


def test_there_are_ten_statements_each_with_its_verdict(verdicts: dict[str, Verdict]) -> None:
    assert {key: verdict.outcome for key, verdict in verdicts.items()} == {
        "tariffs-doubled": VerdictKind.OTHERWISE,
        "oil-largest-buyer": VerdictKind.ALWAYS,
        "lng-largest-buyer": VerdictKind.NATURALLY,
        "trade-surge": VerdictKind.NATURALLY,
        "us-oil-increased": VerdictKind.NATURALLY,
        "trade-imbalanced": VerdictKind.ALWAYS,
        "exports-correct-balance": VerdictKind.NATURALLY,
        "make-in-india": VerdictKind.UNKNOWN,
        "steadiest-relationship": VerdictKind.UNKNOWN,
        "nationals-in-the-army": VerdictKind.UNKNOWN,
    }
    for verdict in verdicts.values():
        assert verdict.natural is None or verdict.natural.reading.natural
        assert sum(finding.reading.natural for finding in verdict.findings) == bool(verdict.findings)


def test_a_on_the_day_25_points_were_in_force_and_25_more_decided(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["tariffs-doubled"]
    natural = under(verdict, status="in force on 2025-08-21", goods="covered")
    assert natural.reading.natural
    assert natural.holds is False
    assert natural.numbers["added_rate"] == pytest.approx(0.25)
    assert "IEEPA Russian oil_rate" not in natural.numbers
    assert natural.notes[0].startswith("decided, not in force: IEEPA Russian oil 25 %, decided on 2025-08-06, in force")
    assert "from 2025-08-27" in natural.notes[0]
    for status in ("decided by 2025-08-21", "in force on 2025-08-27"):
        finding = under(verdict, status=status, goods="covered")
        assert finding.holds
        assert finding.numbers["added_rate"] == pytest.approx(0.50)
        assert finding.numbers["IEEPA Russian oil_rate"] == pytest.approx(0.25)
        everything = under(verdict, status=status, goods="all")
        assert everything.holds is False
        assert 0.25 < everything.numbers["added_rate"] < 0.35  # exempt goods and Section 232 pay neither
    assert [one.dimension for one in verdict.deciding] == ["status", "goods"]


@pytest.mark.parametrize(
    ("product", "period", "china", "india"),
    [
        ("crude", "2025", 100.7, 84.9),
        ("crude + oil_products", "2025", 115.4, 93.3),
        ("crude", "2023", 107.0, 81.8),
        ("crude + oil_products", "2023", 123.2, 90.5),
    ],
)
def test_b_china_buys_most_russian_oil(
    verdicts: dict[str, Verdict], product: str, period: str, china: float, india: float
) -> None:
    finding = under(verdicts["oil-largest-buyer"], product=product, period=period)
    assert finding.holds
    assert finding.unit == "Mt"
    assert finding.numbers["CHN"] == pytest.approx(china, abs=HALF_A_TENTH)
    assert finding.numbers["IND"] == pytest.approx(india, abs=HALF_A_TENTH)


def test_b_the_year_without_figures_is_open_and_not_false(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["oil-largest-buyer"]
    unread = [finding for finding in verdict.findings if finding.reading["period"] == "2024"]
    assert [finding.holds for finding in unread] == [None, None]
    assert "no source has crude of Russia in 2024" in unread[0].said
    assert (verdict.holding, verdict.evaluated, verdict.share) == (4, 4, 1.0)


@pytest.mark.parametrize(("period", "union", "china"), [("2025", 20.26, 10.37), ("2023", 17.94, 11.02)])
def test_c_the_union_buys_most_russian_lng_as_one_and_no_member_does(
    verdicts: dict[str, Verdict], period: str, union: float, china: float
) -> None:
    as_one = under(verdicts["lng-largest-buyer"], scope="from Russia", period=period, bloc="as one")
    assert as_one.holds
    assert as_one.numbers["EU27"] == pytest.approx(union, abs=HALF_A_HUNDREDTH)
    assert as_one.numbers["CHN"] == pytest.approx(china, abs=HALF_A_HUNDREDTH)
    members = under(verdicts["lng-largest-buyer"], scope="from Russia", period=period, bloc="by member")
    assert members.holds is False
    assert members.said.startswith(f"China first with {china}")


@pytest.mark.parametrize(("period", "total"), [("2025", 42.56), ("2023", 42.67)])
def test_c_of_this_total(period: str, total: float) -> None:
    rows = entrepot.load_facts().rows(reporter=["RUS"], product=["lng"], period=[period], partner=["Total exports"])
    assert float(rows["value"].iloc[0]) == pytest.approx(total, abs=HALF_A_HUNDREDTH)


def test_c_turns_on_the_bloc(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["lng-largest-buyer"]
    assert verdict.sentence == "true with the European Union as one, false by single states"
    assert [(one.dimension, one.turns) for one in verdict.deciding] == [("bloc", 1.0)]
    anywhere = under(verdict, scope="from anywhere", period="2024", bloc="as one")
    assert anywhere.holds
    assert anywhere.numbers["EU27"] == pytest.approx(111.3)
    assert under(verdict, scope="from anywhere", period="2024", bloc="by member").holds is None


def surge(verdicts: dict[str, Verdict], flow: str, measure: str) -> Finding:
    return under(verdicts["trade-surge"], flow=flow, measure=measure, base="2021", minimum="1000 USD million")


def test_d_splits_between_dollars_and_per_cent(verdicts: dict[str, Verdict]) -> None:
    dollars, per_cent = surge(verdicts, "two-way", "change"), surge(verdicts, "two-way", "per cent")
    assert dollars.holds
    assert dollars.numbers["CHN"] / 1000 == pytest.approx(95, abs=0.5)
    assert dollars.numbers["IND"] / 1000 == pytest.approx(62, abs=0.5)
    assert per_cent.holds is False
    assert 100 * per_cent.numbers["IND"] == pytest.approx(455, abs=0.5)
    assert "true in dollars, false in per cent" in verdicts["trade-surge"].sentence


def test_d_china_rose_by_67_per_cent() -> None:
    table = entrepot.load_facts().rows(source=["imf_imts"], partner=["CHN"], period=["2021", "2024"])
    both_ways = table.groupby("period")["value"].sum()
    assert 100 * (both_ways["2024"] / both_ways["2021"] - 1) == pytest.approx(67, abs=0.5)


def test_d_russian_exports_alone_rose_most_to_india_on_both_counts(verdicts: dict[str, Verdict]) -> None:
    for measure in ("change", "per cent"):
        finding = surge(verdicts, "exports", measure)
        assert finding.holds is False
        assert finding.numbers["rank"] == 1
        assert finding.said.startswith("India first")


def test_d_uganda_and_uzbekistan_are_left_out_with_the_reason(verdicts: dict[str, Verdict]) -> None:
    notes = surge(verdicts, "two-way", "per cent").notes
    assert any(note.startswith("Uganda left out: ") and "not credible" in note for note in notes)
    assert any(note.startswith("Uzbekistan left out: ") and "not credible" in note for note in notes)
    assert any("for want of a figure in 2024: Kazakhstan" in note for note in notes)


def test_e_up_on_the_year_before_and_down_on_2021(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["us-oil-increased"]
    before = under(verdict, period="FY2024-25", base="FY2023-24", unit="Mt")
    assert before.holds
    assert before.reading.natural
    assert before.numbers["after"] == pytest.approx(10.55, abs=HALF_A_HUNDREDTH)
    assert before.numbers["before"] == pytest.approx(7.95, abs=HALF_A_HUNDREDTH)
    long_before = under(verdict, period="FY2024-25", base="FY2021-22", unit="Mt")
    assert long_before.holds is False
    assert long_before.numbers["before"] == pytest.approx(19.98, abs=HALF_A_HUNDREDTH)
    assert verdict.deciding[0].dimension == "base"
    assert "fiscal years run from April to March" in before.notes


def test_f_exports_imports_and_the_balance_between_them(verdicts: dict[str, Verdict]) -> None:
    finding = under(verdicts["trade-imbalanced"], period="FY2024-25", at_least="10 %")
    assert finding.holds
    assert finding.numbers["exports"] / 1000 == pytest.approx(4.88, abs=HALF_A_HUNDREDTH)
    assert finding.numbers["imports"] / 1000 == pytest.approx(63.81, abs=HALF_A_HUNDREDTH)
    assert finding.numbers["balance"] / 1000 == pytest.approx(-58.93, abs=HALF_A_HUNDREDTH)
    mirror = under(verdicts["trade-imbalanced"], scope="in figures for Russia", at_least="10 %")
    assert mirror.numbers["balance"] > 60_000
    assert {excluded.because for excluded in verdicts["trade-imbalanced"].excluded} == {
        "India's figures are of fiscal years", "figures for Russia are of calendar years",
    }  # fmt: skip


def test_g_is_an_estimate_of_a_magnitude_with_its_assumption(verdicts: dict[str, Verdict]) -> None:
    verdict = verdicts["exports-correct-balance"]
    assert verdict.is_estimate
    assert verdict.statement.scenario == "india-russia-balance"
    doubled = under(verdict, increase="100 %", at_least="any")
    assert doubled.numbers["exports_now"] / 1000 == pytest.approx(1.5, abs=HALF_A_TENTH)
    assert 100 * doubled.numbers["region_share"] == pytest.approx(84.2, abs=HALF_A_TENTH)
    assert 100 * doubled.numbers["closed_share"] == pytest.approx(2.5, abs=HALF_A_TENTH)
    assert doubled.numbers["needed_factor"] == pytest.approx(40, abs=0.5)
    assert any(
        note.startswith("an estimate: Exports by chapter are published for the region") for note in doubled.notes
    )
    assert under(verdict, increase="100 %", at_least="10 %").holds is False


def test_h_links_to_its_scenario_and_i_and_j_say_why_nothing_can_be_checked(verdicts: dict[str, Verdict]) -> None:
    assert verdicts["make-in-india"].statement.scenario == "make-in-india-technology"
    for key in ("make-in-india", "steadiest-relationship", "nationals-in-the-army"):
        assert verdicts[key].findings == ()
        assert verdicts[key].share is None
        assert len(verdicts[key].sentence) > 40
