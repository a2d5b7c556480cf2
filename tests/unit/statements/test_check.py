"""Each kind of statement on figures that can be added up in the head."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import entrepot
from entrepot.core.errors import InputError, UnitClash, UnknownLabel
from entrepot.data.facts import Facts
from entrepot.statements.verdict import Verdict, VerdictKind
from small_facts import ROWS, facts_of

Checked = Callable[..., Verdict]
HEAD = "title: T\nreference: R\ndate: 2025-08-21\nsummary: S\n"
BLOC = "blocs:\n  EU27: {name: the Union, members: [FRA, ESP, Other EU]}\n"
LNG = (
    "kind: rank\nreporter: RUS\nwho: EU27\n"
    "readings: {flow: exports, product: lng, period: 2024, bloc: [as one, by member]}"
)
CRUDE = "kind: rank\nreporter: RUS\nwho: CHN\nreadings: {flow: exports, product: crude, period: 2024}"


@pytest.fixture
def small() -> Facts:
    return facts_of(ROWS)


@pytest.fixture
def verdict(tmp_path: Path, small: Facts) -> Callable[..., Verdict]:
    """Return what checks one statement, written as YAML without its id, speaker and claim."""

    def checked(body: str, facts: Facts | None = None, head: str = HEAD + BLOC) -> Verdict:
        path = tmp_path / "said.yaml"
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        path.write_text(f"{head}statements:\n  - id: one\n    speaker: A\n    claim: C\n{lines}", encoding="utf-8")
        return entrepot.check(entrepot.load_statements(path), small if facts is None else facts)[0]

    return checked


def test_a_bloc_leads_as_one_and_not_by_member(verdict: Checked) -> None:
    found = verdict(LNG)
    assert [finding.holds for finding in found.findings] == [True, False]
    assert found.findings[0].numbers["EU27"] == 13.0
    assert found.findings[1].numbers == {"FRA": 8.0, "CHN": 10.0, "rank": 2.0}
    assert found.sentence == "true with the Union as one, false by single states"


def test_a_sources_own_figure_for_a_bloc_comes_before_the_sum_of_its_members(verdict: Checked) -> None:
    own = ("s1", "RUS", "exports", "EU27", "region", "lng", "2024", 9.5, "bcm")
    assert verdict(LNG, facts_of([*ROWS, own])).findings[0].numbers["EU27"] == 9.5


def test_a_bloc_whose_members_are_not_all_listed_is_not_beaten_for_certain(verdict: Checked) -> None:
    assert verdict(LNG).findings[0].notes == ("the Union is the sum of FRA, ESP and Other EU",)
    partly = [row for row in ROWS if row[3] not in ("FRA", "Other EU", "Total exports")]
    region = ("s1", "RUS", "exports", "Europe", "region", "lng", "2024", 13.0, "bcm")
    found = verdict(LNG, facts_of([*partly, region]))
    assert [finding.holds for finding in found.findings] == [None, None]
    assert "members of the Union that s1 does not list apart could have more" in found.findings[0].said
    small = ("s1", "RUS", "exports", "Europe", "region", "lng", "2024", 5.0, "bcm")
    assert [finding.holds for finding in verdict(LNG, facts_of([*partly, small])).findings] == [False, False]


def test_partners_that_are_not_listed_apart_can_make_a_ranking_impossible(verdict: Checked) -> None:
    assert verdict(CRUDE).outcome is VerdictKind.ALWAYS  # Europe, 30 Mt, is less than China's 100
    large = ("s1", "RUS", "exports", "Rest of Asia", "remainder", "crude", "2024", 120.0, "Mt")
    found = verdict(CRUDE, facts_of([*ROWS, large]))
    assert found.outcome is VerdictKind.UNKNOWN
    assert found.share is None
    assert "partners that s1 does not list apart (Rest of Asia) could have more than CHN" in found.findings[0].said


def test_being_second_is_false_whatever_is_not_listed(verdict: Checked) -> None:
    large = ("s1", "RUS", "exports", "Rest of Asia", "remainder", "crude", "2024", 120.0, "Mt")
    assert verdict(CRUDE.replace("CHN", "IND"), facts_of([*ROWS, large])).outcome is VerdictKind.NEVER


def test_level_with_another_is_not_the_largest(verdict: Checked) -> None:
    level = [(*row[:7], 100.0, "Mt") if row[5:7] == ("crude", "2024") and row[3] == "IND" else row for row in ROWS]
    found = verdict(CRUDE, facts_of(level))
    assert found.outcome is VerdictKind.NEVER
    assert found.findings[0].said == "CHN and IND level with 100.0\N{NO-BREAK SPACE}Mt"


def test_products_are_added_up_partner_by_partner(verdict: Checked) -> None:
    found = verdict(CRUDE.replace("product: crude", "product: [crude, crude + oil_products]"))
    assert [finding.holds for finding in found.findings] == [True, False]
    assert found.findings[1].numbers["IND"] == 120.0
    assert found.sentence == "true for crude, false for crude and oil products"


def test_a_change_in_amount_and_in_per_cent(verdict: Checked) -> None:
    body = (
        "kind: rank\nreporter: RUS\nwho: IND\nreadings:\n  flow: exports\n  product: crude\n  period: 2024\n"
        "  base: 2023\n  measure: [change, per cent]"
    )
    found = verdict(body)
    assert [dict(f.numbers)["IND"] for f in found.findings] == [20.0, pytest.approx(1 / 3)]
    small = verdict(body + "\n  minimum: [10 Mt, 70 Mt]")
    assert [f.holds for f in small.findings] == [True, True, True, True]  # who the claim is about is never too small


def test_more_than_compares_two(verdict: Checked) -> None:
    body = (
        "kind: compare\nreporter: RUS\nwho: CHN\nthan: IND\n"
        "readings: {flow: exports, product: [crude, oil_products], period: 2024}"
    )
    found = verdict(body)
    assert [finding.holds for finding in found.findings] == [True, False]
    assert found.findings[0].gap == pytest.approx(0.2)


@pytest.mark.parametrize(("expect", "holds"), [("rose", True), ("fell", False)])
def test_rose_and_fell(verdict: Checked, expect: str, holds: bool) -> None:
    body = (
        f"kind: change\nreporter: RUS\nwho: IND\nexpect: {expect}\n"
        f"readings: {{flow: exports, product: crude, period: 2024, base: 2023}}"
    )
    found = verdict(body)
    assert found.findings[0].holds is holds
    assert "(+33.3\N{NO-BREAK SPACE}%)" in found.findings[0].said


def test_a_share_of_the_sources_own_total(verdict: Checked) -> None:
    body = (
        "kind: share\nreporter: RUS\nwho: {}\n"
        "readings: {{flow: exports, product: {}, period: 2024, at_least: [40 %, 50 %]}}"
    )
    found = verdict(body.format("CHN", "lng"))
    assert [finding.holds for finding in found.findings] == [True, False]
    assert found.findings[0].numbers["part_share"] == pytest.approx(10 / 24)
    assert verdict(body.format("EU27", "lng")).findings[1].numbers["part_share"] == pytest.approx(13 / 24)
    open_ = verdict(body.format("CHN", "crude"))  # no total is published
    assert open_.outcome is VerdictKind.UNKNOWN
    assert "no figure of s1 for the total in 2024" in open_.sentence


@pytest.mark.parametrize(
    ("expect", "amount", "holds"),
    [("about", "97 Mt", True), ("about", "80 Mt", False), ("at least", "100 Mt", True), ("at most", "99 Mt", False)],
)
def test_a_level(verdict: Checked, expect: str, amount: str, holds: bool) -> None:
    body = (
        f"kind: level\nreporter: RUS\nwho: CHN\nexpect: {expect}\n"
        f"readings: {{flow: exports, product: crude, period: 2024, amount: {amount}}}"
    )
    assert verdict(body).findings[0].holds is holds


@pytest.mark.parametrize(("expect", "holds"), [("deficit", True), ("surplus", False), ("imbalanced", True)])
def test_a_balance(verdict: Checked, expect: str, holds: bool) -> None:
    body = (
        f"kind: balance\nreporter: IND\nwho: RUS\nexpect: {expect}\n"
        f"readings: {{product: all_goods, period: 2024, at_least: 10 %}}"
    )
    found = verdict(body)
    assert found.findings[0].holds is holds
    assert found.findings[0].numbers["balance"] == -55_000.0
    assert found.findings[0].numbers["balance_share"] == pytest.approx(-55 / 65)


@pytest.mark.parametrize(
    ("product", "unit", "message"),
    [
        ("crude + lng", "", "crude in Mt and lng in bcm cannot be added up; read them apart"),
        ("crude + lng", ", unit: Mt", "lng is in bcm, not in Mt; add up only what has one unit"),
        ("crude + all_goods", "", "crude in Mt and all_goods in USD million cannot be added up"),
    ],
)
def test_units_are_never_mixed(verdict: Checked, product: str, unit: str, message: str) -> None:
    dollars = ("s1", "RUS", "exports", "CHN", "economy", "all_goods", "2024", 1.0, "USD million")
    body = CRUDE.replace("product: crude", f"product: {product}{unit}")
    with pytest.raises(UnitClash, match=rf"said.yaml, line \d+: statements\[0\].readings: .*{re.escape(message)}"):
        verdict(body, facts_of([*ROWS, dollars]))


def test_exports_and_imports_in_two_currencies_are_not_added_up(verdict: Checked) -> None:
    euros = ("s1", "IND", "imports", "CHN", "economy", "all_goods", "2024", 9.0, "EUR million")
    rows = [row for row in ROWS if row[2] == "exports"]
    body = CRUDE.replace("RUS", "IND").replace("exports", "two-way").replace("crude", "all_goods")
    with pytest.raises(UnitClash, match="imports of all_goods in EUR million and exports of all_goods in USD million"):
        verdict(body, facts_of([*rows, euros]))


def test_one_thing_in_two_units_asks_for_one(verdict: Checked) -> None:
    value = ("s1", "RUS", "exports", "CHN", "economy", "crude", "2024", 50_000.0, "USD million")
    with pytest.raises(UnitClash, match="crude is in Mt, USD million; name one as `unit`"):
        verdict(CRUDE, facts_of([*ROWS, value]))
    assert verdict(CRUDE.replace("crude,", "crude, unit: Mt,"), facts_of([*ROWS, value])).outcome is VerdictKind.ALWAYS


def test_an_amount_in_another_unit_is_a_clash_and_not_a_comparison(verdict: Checked) -> None:
    body = (
        "kind: level\nreporter: RUS\nwho: CHN\nreadings: {flow: exports, product: crude, period: 2024, amount: 100 bcm}"
    )
    with pytest.raises(UnitClash, match="bcm is compared with Mt"):
        verdict(body)


def test_a_unit_without_figures_is_open(verdict: Checked) -> None:
    found = verdict(CRUDE.replace("crude,", "crude, unit: [Mt, USD million],"))
    assert [finding.holds for finding in found.findings] == [True, None]
    assert (found.outcome, found.share) == (VerdictKind.ALWAYS, 1.0)


def test_fiscal_and_calendar_years_are_compared_only_with_a_reason(verdict: Checked) -> None:
    body = (
        "kind: change\nreporter: IND\nwho: RUS\nexpect: rose\n"
        "readings: {flow: exports, product: all_goods, period: FY2024-25, base: 2024}"
    )
    with pytest.raises(Exception, match="compares fiscal with calendar years; use one of them, or say why"):
        verdict(body)
    found = verdict(body + "\nacross_years: nothing else is published")
    assert found.findings[0].notes[0] == (
        "a fiscal year (April to March) is compared with a calendar year: nothing else is published"
    )


def test_two_sources_on_one_thing_are_two_readings(verdict: Checked) -> None:
    others = [("s2", *row[1:7], 70.0 if row[3] == "CHN" else row[7], row[8]) for row in ROWS]
    found = verdict(CRUDE, facts_of([*ROWS, *others]))
    assert [finding.sources for finding in found.findings] == [("s1",), ("s2",)]
    assert [finding.holds for finding in found.findings] == [True, False]
    assert found.findings[0].reading.natural
    assert not found.findings[1].reading.natural
    assert found.sentence == "true by s1, false by s2"


def test_a_named_source_without_figures_is_open(verdict: Checked) -> None:
    found = verdict(CRUDE.replace("period: 2024", "period: 2024, source: [s1, imf_imts]"))
    assert [finding.holds for finding in found.findings] == [True, None]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("who: CHN", "who: CHINA", r"line \d+: statements\[0\].who: no partner 'CHINA' in the facts; nearest: CHN"),
        ("product: crude", "product: crud", r"statements\[0\].readings.product: no product 'crud' .*nearest: crude"),
        ("reporter: RUS", "reporter: RUSS", r"statements\[0\].reporter: no partner 'RUSS'"),
        ("period: 2024", "period: 2024, source: imf", r"readings.source: no source 'imf' .*nearest: imf_imts"),
        ("period: 2024", "period: 2024, unit: Mtt", r"readings.unit: no unit 'Mtt' .*nearest: Mt"),
    ],
)
def test_a_misspelt_word_is_refused_where_it_stands(verdict: Checked, old: str, new: str, message: str) -> None:
    with pytest.raises(UnknownLabel, match=message) as caught:
        verdict(CRUDE.replace(old, new))
    assert len(str(caught.value).splitlines()) == 1


def test_a_partner_that_exists_elsewhere_is_missing_and_not_misspelt(verdict: Checked, small: Facts) -> None:
    found = verdict(CRUDE.replace("CHN", "BRA"))
    assert found.outcome is VerdictKind.UNKNOWN
    assert found.sentence.startswith("no reading could be evaluated: ")


RATE = (
    "kind: rate_in_force\nschedule: us-duties-on-india\norigin: IND\nrate: 25 %\n"
    "readings: {status: in force on 2025-08-21, goods: covered}"
)


def test_a_rate_is_answered_by_the_acts_in_force(verdict: Checked) -> None:
    assert verdict(RATE).outcome is VerdictKind.ALWAYS
    assert verdict(RATE.replace("25 %", "26 %")).outcome is VerdictKind.NEVER
    before = verdict(RATE.replace("2025-08-21", "2025-08-01"))
    assert before.findings[0].numbers["added_rate"] == pytest.approx(0.10)
    assert "decided, not in force: IEEPA reciprocal 25 %" in before.findings[0].notes[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("goods: covered", "goods: coverd", "no list of goods 'coverd'; nearest: covered"),
        ("rate: 25 %", "rate: 25 %\nof_which: {IEEPA Russian: 5 %}", "by 'IEEPA Russian'; nearest: IEEPA Russian oil"),
        ("origin: IND", "origin: CHN", "has the acts on goods from IND only"),
        ("us-duties-on-india", "us-duties-india", "no 'us-duties-india' among the shipped schedules"),
    ],
)
def test_what_a_schedule_does_not_have_is_refused(verdict: Checked, old: str, new: str, message: str) -> None:
    with pytest.raises(Exception, match=rf"said.yaml, line \d+: .*{message}"):
        verdict(RATE.replace(old, new))


def test_what_cannot_be_checked_says_why(verdict: Checked) -> None:
    found = verdict("kind: not_checkable\nreason: nobody counts it")
    assert (found.outcome, found.sentence, found.share) == (VerdictKind.UNKNOWN, "nobody counts it", None)


WORLD = (
    "kind: rank\nwho: JPN\nscopes: {w: {reporter: each, partner: WLD, flow: imports}}\n"
    "readings: {scope: w, product: lng, period: 2024}"
)


def test_a_bloc_that_a_source_lists_without_its_members_leaves_a_ranking_of_others_open(verdict: Checked) -> None:
    rows = [("s1", who, "imports", "WLD", "total", "lng", "2024", value, "bcm") for who, value in
            (("JPN", 97.0), ("CHN", 87.0), ("EU27", 130.0))]  # fmt: skip
    found = verdict(WORLD, facts_of(rows)).findings[0]
    assert found.holds is None
    assert "EU27" in found.said
    assert verdict(WORLD, facts_of(rows[:2])).findings[0].holds is True


def test_a_comparison_with_a_bloc_has_its_figure(verdict: Checked) -> None:
    body = "kind: compare\nreporter: RUS\nwho: CHN\nthan: EU27\nreadings: {flow: exports, product: lng, period: 2024}"
    assert verdict(body).findings[0].numbers == {"CHN": 10.0, "EU27": 13.0}


def test_a_member_with_only_some_products_leaves_the_sum_of_its_bloc_open(verdict: Checked) -> None:
    def row(who: str, product: str, year: str, value: float) -> tuple[object, ...]:
        return ("s1", "RUS", "exports", who, "economy", product, year, value, "Mt")

    rows = [
        row("FRA", "crude", "2020", 1.0),
        row("FRA", "oil_products", "2020", 1.0),
        row("ESP", "crude", "2020", 60.0),
    ]
    rows += [row("FRA", "crude", "2024", 1.0), row("FRA", "oil_products", "2024", 1.0),
             row("ESP", "crude", "2024", 50.0), row("ESP", "oil_products", "2024", 50.0)]  # fmt: skip
    body = (
        "kind: change\nreporter: RUS\nwho: EU27\nexpect: rose\n"
        "readings: {flow: exports, product: crude + oil_products, period: 2024, base: 2020}"
    )
    assert verdict(body, facts_of(rows)).findings[0].holds is None


def test_a_partner_without_a_figure_in_the_base_is_named_and_may_leave_a_change_open(verdict: Checked) -> None:
    body = (
        "kind: rank\nreporter: RUS\nwho: CHN\n"
        "readings: {flow: exports, product: crude, measure: [change, per cent], base: 2023, period: 2024}"
    )

    def with_newcomer(value: float) -> Verdict:
        rows = [one if one[3] != "IND" or one[6] != "2024" else (*one[:7], 61.0, one[8]) for one in ROWS]
        return verdict(
            body, facts_of([*rows, ("s1", "RUS", "exports", "TUR", "economy", "crude", "2024", value, "Mt")])
        )

    small, large = with_newcomer(5.0), with_newcomer(50.0)
    assert small.findings[0].holds is True
    assert "not ranked, for want of a figure in 2023: TUR" in small.findings[0].notes
    assert large.findings[0].holds is None
    assert "TUR has no figure in 2023 and could have risen by more than CHN" in large.findings[0].said


def test_a_total_can_be_asked_for_and_a_missing_partner_is_called_that(verdict: Checked) -> None:
    level = "kind: level\nreporter: RUS\nwho: %s\nreadings: {flow: exports, product: lng, period: 2024, amount: 24 bcm}"
    assert verdict(level % "Total exports").findings[0].holds is True
    assert "s1 lists no LNG with IND in 2024" in verdict(level % "IND").findings[0].said


def test_an_amount_is_read_once_whatever_the_base(verdict: Checked) -> None:
    body = (
        "kind: rank\nreporter: RUS\nwho: CHN\n"
        "readings: {flow: exports, product: crude, measure: [amount, change], base: [2023, 2022], period: 2024}"
    )
    measures = [finding.reading["measure"] for finding in verdict(body).findings]
    assert measures == ["amount", "change", "change"]


def test_no_change_runs_backwards_across_kinds_of_years(verdict: Checked) -> None:
    body = (
        "kind: change\nreporter: IND\nwho: RUS\nexpect: rose\nacross_years: a reason\n"
        "readings: {flow: exports, product: all_goods, period: [FY2024-25, '2024'], base: ['2024', FY2024-25]}"
    )
    found = verdict(body)
    assert [(one.reading["base"], one.reading["period"]) for one in found.findings] == [("2024", "FY2024-25")]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (CRUDE + "\nleave_out: {CHN: why}", "leaves out CHN, which it is about"),
        (CRUDE.replace("rank", "compare") + "\nthan: CHN", "compares CHN with itself"),
        (CRUDE.replace("product: crude", "product: crude + crude"), "adds a product to itself"),
        (CRUDE.replace("product: crude", "product: [crude + lng, lng + crude]"), "is given twice"),
        (CRUDE.replace("period: 2024", "period: 2024.5"), "found 2024.5; write words, or years as 2024"),
        (
            CRUDE.replace("rank", "share").replace("2024}", "2024, at_least: 500 %}"),
            "a part of a whole is 100 % at most",
        ),
        (
            "kind: estimate\nreporter: IND\nwho: RUS\npart_of: RUS\nassumption: a\n"
            "readings: {product: all_goods, period: 2024, increase: any, at_least: any}",
            "increase: found 'any'",
        ),
    ],
)
def test_a_statement_that_makes_no_sense_is_told(verdict: Checked, body: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        verdict(body)


@pytest.mark.parametrize(
    ("who", "place", "holds"), [("CHN", 1, True), ("IND", 2, True), ("IND", 3, False), ("CHN", 2, False)]
)
def test_a_later_rank_can_be_claimed(verdict: Checked, who: str, place: int, holds: bool) -> None:
    found = verdict(CRUDE.replace("CHN", who) + f"\nrank: {place}")
    assert found.findings[0].holds is holds
    denied = verdict(CRUDE.replace("CHN", who) + f"\nrank: {place}\nexpect: not first")
    assert denied.findings[0].holds is not holds
    assert denied.findings[0].gap == pytest.approx(-found.findings[0].gap)
    assert (found.findings[0].gap > 0) is holds


def test_a_rank_says_who_is_around_it(verdict: Checked) -> None:
    found = verdict(CRUDE.replace("CHN", "IND") + "\nrank: 2")
    assert found.findings[0].said.replace("\N{NO-BREAK SPACE}", " ").startswith("IND second with")
    assert "after CHN 100.0 Mt" in found.findings[0].said.replace("\N{NO-BREAK SPACE}", " ")


def test_who_is_not_listed_leaves_a_later_rank_open(verdict: Checked) -> None:
    large = ("s1", "RUS", "exports", "Rest of Asia", "remainder", "crude", "2024", 120.0, "Mt")
    found = verdict(CRUDE.replace("CHN", "IND") + "\nrank: 2", facts_of([*ROWS, large]))
    assert found.outcome is VerdictKind.UNKNOWN
    assert "could come before IND" in found.findings[0].said
    third = verdict(CRUDE.replace("CHN", "IND") + "\nrank: 1", facts_of([*ROWS, large]))
    assert third.outcome is VerdictKind.NEVER


def test_a_file_needs_no_summary(verdict: Checked) -> None:
    assert verdict(CRUDE, head=HEAD.replace("summary: S\n", "") + BLOC).outcome is VerdictKind.ALWAYS
