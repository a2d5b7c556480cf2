"""Schedules of duties as people write them: what they mean, and what is said where they make no sense."""

import random
from pathlib import Path

import pytest

import entrepot
from entrepot.core.errors import InputError, InvalidDocument, UnknownLabel
from entrepot.economy.economy import Economy
from entrepot.policy.schedules.goods import BY_VALUE, BY_WORLD
from entrepot.policy.schedules.rates import effective_rates
from entrepot.policy.schedules.schedule import Schedule, load_schedule
from entrepot.policy.schedules.stacking import Contradiction

HEAD = """\
title: T
reference: R
summary: S
destination: USA
known_until: 2025-12-31
lines: lines.csv
blocs: {EU27: [DEU, FRA]}
lists:
  medicines: {products: ["3004"]}
"""
LINES = "origin,hs6,imports,duties\nIND,300490,300,0\nIND,610910,100,15\nIND,620520,100,0\nEU27,610910,50,5\n"
ACT = "  - {id: one, authority: A, act: an act, effective: 2025-01-01, rate: 10 %%%s}\n"


def schedule(folder: Path, acts: str, head: str = HEAD, lines: str = LINES, more: str = "") -> Schedule:
    (folder / "lines.csv").write_text(lines, encoding="utf-8")
    (folder / "mine.yaml").write_text(head + more + "measures:\n" + acts, encoding="utf-8")
    return load_schedule(folder / "mine.yaml")


def test_products_are_prefixes_lists_sectors_and_groups_and_exemptions_are_taken_out(tmp_path: Path) -> None:
    acts = ACT % ", products: [textiles, '30'], exempt: [medicines, '6205']"
    lines = effective_rates(schedule(tmp_path, acts), "2025-06-01", ["IND"]).lines.set_index("hs6")
    assert lines["added"].to_dict() == {"300490": 0.0, "610910": 0.1, "620520": 0.0}
    assert lines.loc["610910", "rate"] == pytest.approx(0.25)  # 15 of 100 was collected anyway
    assert lines.loc["610910", "acts"] == "one"
    assert lines.loc["300490", "sector"] == "C21"


def test_an_act_ends_after_its_last_day(tmp_path: Path) -> None:
    found = schedule(tmp_path, ACT % ", last_day: 2025-06-30")
    assert effective_rates(found, "2025-06-30", ["IND"]).average() == pytest.approx(0.1)
    assert effective_rates(found, "2025-07-01", ["IND"]).average() == 0.0


def test_rates_by_origin_and_blocs(tmp_path: Path) -> None:
    acts = "  - {id: one, authority: A, act: an act, effective: 2025-01-01, rate: {IND: 25 %, EU27: 0.15}}\n"
    rates = effective_rates(schedule(tmp_path, acts), "2025-06-01", ["IND", "DEU"])
    assert rates.mean_by(["origin"]).set_index("origin")["added"].to_dict() == {
        "EU27": 0.15,
        "IND": pytest.approx(0.25),
    }


def test_imports_weigh_lines_and_where_there_are_none_those_from_the_world_do(tmp_path: Path) -> None:
    found = schedule(tmp_path, ACT % ", products: ['30']")
    weighted, simple = (effective_rates(found, "2025-06-01", [code]) for code in ("IND", "NPL"))
    assert weighted.average() == pytest.approx(0.1 * 300 / 500)
    assert simple.average() == pytest.approx(0.1 * 300 / 550)
    assert (weighted.weights, simple.weights) == ({"IND": BY_VALUE}, {"NPL": BY_WORLD})
    assert simple.parts["imports"].sum() == 0


def test_classes_split_a_line_and_the_latest_ones_before_the_day_count(tmp_path: Path) -> None:
    (tmp_path / "classes.csv").write_text(
        "as_of,origin,hs6,class,imports\n2025-01-01,IND,610910,covered,30\n2025-01-01,IND,610910,exempt,70\n"
        "2025-09-01,IND,610910,covered,100\n",
        encoding="utf-8",
    )
    head = HEAD.replace("lists:\n", "classes: classes.csv\nlists:\n  free: {class: exempt}\n")
    found = schedule(tmp_path, ACT % ", products: ['61'], exempt: [free]", head)
    first, later = (effective_rates(found, on, ["IND"]) for on in ("2025-06-01", "2025-09-01"))
    assert first.lines.set_index("hs6").loc["610910", "added"] == pytest.approx(0.03)
    assert later.lines.set_index("hs6").loc["610910", "added"] == pytest.approx(0.1)
    assert (first.goods.classes_of, later.goods.classes_of) == ("2025-01-01", "2025-09-01")
    said = first.explain("610910").set_index("class")
    assert said.loc["exempt", "why_not"] == "exempt"
    assert said.loc["covered", "points"] == pytest.approx(0.1)


def test_a_list_that_changes_is_the_last_before_the_day_and_leaves_out_what_it_says(tmp_path: Path) -> None:
    more = (
        "  free:\n    - {since: 2025-02-01, products: ['61', '30'], without: [medicines]}\n"
        "    - {since: 2025-06-01, products: ['62']}\n"
    )
    found = schedule(tmp_path, ACT % ", exempt: [free]", more=more)
    paying = {
        on: [
            hs6
            for hs6, row in effective_rates(found, on, ["IND"]).lines.set_index("hs6").iterrows()
            if row["added"] > 0
        ]
        for on in ("2025-01-15", "2025-05-31", "2025-06-01")
    }
    assert paying["2025-01-15"] == ["300490", "620520"]  # before it begins, the first version
    assert paying["2025-05-31"] == ["300490", "620520"]
    assert paying["2025-06-01"] == ["300490", "610910"]


def test_goods_that_claim_a_preference_are_a_share_of_a_line_that_changes(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text(
        "origin,hs6,from,share\nIND,610910,2025-02-01,0.25\nIND,610910,2025-06-01,0.6\n", encoding="utf-8"
    )
    found = schedule(tmp_path, ACT % ", exempt: [fta]", more="  fta: {claims: claims.csv}\n")
    added = {
        on: effective_rates(found, on, ["IND"]).lines.set_index("hs6").loc["610910", "added"]
        for on in ("2025-01-15", "2025-02-01", "2025-06-01")
    }
    assert added == {"2025-01-15": 0.1, "2025-02-01": pytest.approx(0.075), "2025-06-01": pytest.approx(0.04)}
    said = effective_rates(found, "2025-06-01", ["IND"]).explain("610910").set_index("class")
    assert said.loc["fta", "why_not"] == "exempt"
    (tmp_path / "claims.csv").write_text("origin,hs6,from,share\nIND,610910,2025-02-01,1.25\n", encoding="utf-8")
    with pytest.raises(InvalidDocument, match=r"lists.fta.claims: claims.csv, line 2: share above 1 in 610910"):
        schedule(tmp_path, ACT % ", exempt: [fta]", more="  fta: {claims: claims.csv}\n")


def test_content_by_line_is_the_last_before_the_day(tmp_path: Path) -> None:
    (tmp_path / "metal.csv").write_text("hs6,from,share\n610910,2025-02-01,0.2\n610910,2025-06-01,0.5\n", "utf-8")
    found = schedule(tmp_path, ACT % ", products: ['61', '62'], content: {table: metal.csv}")
    for on, share in (("2025-03-01", 0.2), ("2025-06-01", 0.5)):
        lines = effective_rates(found, on, ["IND"]).lines.set_index("hs6")["added"]
        assert lines.to_dict() == {"300490": 0, "610910": pytest.approx(0.1 * share), "620520": 0}


def test_of_two_announcements_by_one_authority_the_later_counts(tmp_path: Path) -> None:
    acts = (ACT % ", decided: 2024-12-01") + (
        "  - {id: two, authority: A, act: another, announced: 2025-03-01, rate: 30 %, products: ['61']}\n"
    )
    found = schedule(tmp_path, acts)
    assert effective_rates(found, "2025-04-01", ["IND"]).average() == pytest.approx(0.1)
    lines = effective_rates(found, "2025-04-01", ["IND"], reading="announced").lines.set_index("hs6")["added"]
    assert lines.to_dict() == {"300490": 0.1, "610910": 0.3, "620520": 0.1}
    early = effective_rates(found, "2024-12-15", ["IND"], reading="announced")
    assert early.average() == pytest.approx(0.1)


def test_a_view_has_the_acts_on_some_origins(tmp_path: Path) -> None:
    acts = (ACT % ", origin: IND") + (ACT % ", origin: EU27").replace("id: one", "id: two")
    acts += (ACT % ", authority: B, not_origin: [IND]").replace("id: one", "id: three").replace("authority: A, ", "", 1)
    schedule(tmp_path, acts)
    view = "view_of: mine\ntitle: V\nsummary: S\norigins: [%s]\n"
    (tmp_path / "view.yaml").write_text(view % "IND", encoding="utf-8")
    found = load_schedule(tmp_path / "view.yaml")
    assert (found.name, found.title, [act.id for act in found.measures]) == ("view", "V", ["one"])
    assert effective_rates(found, "2025-06-01").average() == pytest.approx(0.1)
    with pytest.raises(UnknownLabel, match="view has the acts on goods from IND only"):
        effective_rates(found, "2025-06-01", ["EU27"])
    (tmp_path / "view.yaml").write_text(view % "NPL", encoding="utf-8")
    with pytest.raises(UnknownLabel, match=r"view.yaml, line 4: origins: mine has no origin NPL; it has EU27, IND"):
        load_schedule(tmp_path / "view.yaml")


def test_acts_that_are_only_known_make_a_schedule_of_which_nothing_is_computed() -> None:
    known = load_schedule("eu-duties-on-us")
    assert not known.measures
    assert known.not_entered
    with pytest.raises(InvalidDocument, match="none of the acts that it knows is entered; nothing can be computed"):
        effective_rates(known, "2025-09-01", ["USA"])


def test_contradicting_acts_say_where_they_meet(tmp_path: Path) -> None:
    acts = ACT % "" + (ACT % ", products: ['61']").replace("id: one", "id: two")
    with pytest.raises(
        Contradiction, match=r"mine.yaml, line 12: measures\[1\]: one and two .* found on 2025-06-01 at IND 610910"
    ):
        effective_rates(schedule(tmp_path, acts), "2025-06-01", ["IND"])


@pytest.mark.parametrize(
    ("acts", "message"),
    [
        (ACT % ", last_day: 2024-12-31", r"mine.yaml, line 11: measures\[0\]: ends on 2024-12-31, before it starts"),
        (ACT % ", products: ['999999']", r"mine.yaml, line 11: measures\[0\].products: unknown HS code '999999'"),
        (ACT % ", products: ['61091']", "unknown HS code '61091'; write 2, 4 or 6 digits in use"),
        (ACT % ", products: [textile]", "unknown product 'textile'; nearest: textiles"),
        (ACT % ", exempt: [medicine]", r"measures\[0\].exempt: unknown product 'medicine'; nearest: medicines"),
        (ACT % ", excludes: [B]", r"measures\[0\].excludes: no act here is by authority 'B'"),
        (ACT % ", tops_up: [MFM]", "no act here is by authority 'MFM'; nearest: MFN"),
        (ACT % ", content: {'99': 0.5}", r"measures\[0\].content: unknown HS code '99'"),
        (ACT % ", origin: India", r"measures\[0\].origin: unknown origin 'India'; nearest: IND"),
        (ACT % "" + ACT % "", r"line 12: measures\[1\].id: 'one' is used twice"),
        ((ACT % "").replace("10 %", "25"), r"line 11: measures\[0\].rate: found 25, which is 2500 %; write '25 %'"),
        (
            (ACT % "").replace("2025-01-01", "2025-13-01"),
            r"measures\[0\].effective: found .2025-13-01.: month must be",
        ),
        ("  []\n", "has no act; write `measures`, or `not_entered` for acts that are only known"),
        (ACT % ", gives_way_to: [B]", r"measures\[0\].gives_way_to: no act here is by authority 'B'"),
        (ACT % ", not_origin: [India]", r"measures\[0\].not_origin: unknown origin 'India'"),
        (ACT % ", in_base: {medicine: 5 %}", r"measures\[0\].in_base: unknown product 'medicine'; nearest: medicines"),
        (ACT % ", content: {table: none.csv}", r"line 11: measures\[0\].content: no 'none' among the shipped lines"),
        (ACT % ", suspended: 2025-02-30", r"measures\[0\].suspended: found .2025-02-30.: day"),
        (ACT % ", products: [73]", "found 73; put codes in quotes: a bare number loses its leading zeros"),
        (ACT % ", products: [textiles], exempt: ['30']", r"measures\[0\].exempt: '30' matches none of the products"),
    ],
)
def test_a_bad_schedule_is_one_clear_line(tmp_path: Path, acts: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message) as caught:
        schedule(tmp_path, acts)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ("{products: ['9999']}", r"mine.yaml, line 10: lists.odd: matches nothing: found 9999"),
        ("{products: ['61', '9999']}", r"line 10: lists.odd: unknown HS code 9999"),
        ("{file: exempt.csv}", r"line 10: lists.odd: matches nothing: found 2201; write HS codes in use"),
        ("{class: exempt}", r"line 10: lists.odd: class 'exempt' matches nothing"),
        ("{claims: claims.csv, products: ['61']}", "give `class`, `products`, `file` or `claims`"),
        ("{}", "names no goods, or goods and claims at once"),
        ("{products: ['61'], without: [od]}", r"lists.odd: unknown product 'od'"),
        ("[{products: ['61']}, {products: ['62']}]", "changes without saying since when"),
        ("[{since: 2025-03-01, products: ['61']}, {since: 2025-02-01, products: ['62']}]", "the earliest first"),
        ("[{since: 2025-03-01, products: ['61']}, {since: 2025-04-01, products: ['9999']}]", r"lists.odd\[1\]"),
    ],
)
def test_a_list_that_matches_nothing_is_told(tmp_path: Path, listed: str, message: str) -> None:
    (tmp_path / "exempt.csv").write_text("hs6\n2201\n", encoding="utf-8")
    with pytest.raises(InvalidDocument, match=message):
        schedule(tmp_path, ACT % "", more=f"  odd: {listed}\n")


WHOLE = (
    HEAD.replace("lists:\n", "classes: classes.csv\nlists:\n  free: {class: exempt, without: [medicines]}\n")
    + "  usmca: {claims: claims.csv}\n"
    "  changing:\n    - {since: 2025-02-01, products: ['61']}\n    - {since: 2025-03-01, products: ['62']}\n"
    "measures:\n"
    + ACT
    % ", last_day: 2025-06-30, exempt: [free, usmca], origin: IND, not_origin: [EU27]"
    + "  - {id: two, authority: B, law: L, act: an act, announced: 2024-12-01, decided: 2024-12-02,\n"
    "     effective: 2025-03-01, void: 2025-09-01, collected_to: 2025-09-03, products: [changing], rate: {IND: 5 %},\n"
    "     gives_way_to: [A], tops_up: [MFN], content: {table: metal.csv}, in_base: {medicines: 1 %}}\n"
    "not_entered:\n  - {act: Order 3, effective: 2025-05-01, why: no list}\n"
)


@pytest.mark.parametrize("seed", range(150))
def test_a_spoilt_schedule_is_read_or_refused_in_lines_that_name_the_file(tmp_path: Path, seed: int) -> None:
    (tmp_path / "lines.csv").write_text(LINES, encoding="utf-8")
    (tmp_path / "classes.csv").write_text("origin,hs6,class,imports\nIND,610910,exempt,70\n", encoding="utf-8")
    (tmp_path / "claims.csv").write_text("origin,hs6,from,share\nIND,610910,2025-02-01,0.25\n", encoding="utf-8")
    (tmp_path / "metal.csv").write_text("hs6,from,share\n610910,2025-02-01,0.2\n", encoding="utf-8")
    draw = random.Random(seed)
    text = WHOLE
    for _ in range(draw.randint(1, 3)):
        at, span = draw.randrange(len(text)), draw.randint(1, 12)
        put = draw.choice(
            [
                "",
                "x",
                "-",
                ":",
                "{",
                "]",
                "'",
                "%",
                "2025-02-30",
                "99",
                "é",
                "\t",
                "null",
                "1e999",
                text[at : at + span] * 2,
            ]
        )
        text = text[:at] + put + text[at + draw.choice([0, span]) :]
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    said = ""
    try:
        found = load_schedule(tmp_path / "mine.yaml")
        for day in ("2025-01-15", "2025-03-15", "2025-12-31"):
            assert effective_rates(found, day, ["IND"]).parts["added"].ge(0).all()
    except InputError as error:
        said = str(error)
    assert all(line.startswith("mine") for line in said.splitlines()), said


def test_the_schedule_that_is_spoilt_is_sound(tmp_path: Path) -> None:
    for name, text in (
        ("lines.csv", LINES), ("classes.csv", "origin,hs6,class,imports\nIND,610910,exempt,70\n"),
        ("claims.csv", "origin,hs6,from,share\nIND,610910,2025-02-01,0.25\n"),
        ("metal.csv", "hs6,from,share\n610910,2025-02-01,0.2\n"), ("mine.yaml", WHOLE),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [act.id for act in load_schedule(tmp_path / "mine.yaml").measures] == ["one", "two"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            LINES.replace("300490", "30049"),
            "mine.yaml, line 6: lines: lines.csv, line 2: 30049 not an HS",
        ),
        (LINES.replace("100,15", "100,-15"), "duties missing or negative in 610910"),
        (LINES.replace(",300,0", ",,0"), "imports missing or negative in 300490"),
        (LINES.replace("duties", "duty"), "lines.csv: no column duties"),
    ],
)
def test_a_bad_table_of_lines_is_told(tmp_path: Path, lines: str, message: str) -> None:
    with pytest.raises(InvalidDocument, match=message):
        schedule(tmp_path, ACT % "", lines=lines)


def test_a_schedule_that_is_about_some_origins_refuses_the_others(tmp_path: Path) -> None:
    found = schedule(tmp_path, ACT % "", HEAD.replace("known_until", "origins: [IND]\nknown_until"))
    assert set(effective_rates(found, "2025-06-01").parts["origin"]) == {"IND"}
    with pytest.raises(UnknownLabel, match="mine has the acts on goods from IND only, not from 'NPL'"):
        effective_rates(found, "2025-06-01", ["NPL"])


def test_what_is_asked_for_must_exist(tmp_path: Path) -> None:
    found = schedule(tmp_path, ACT % "")
    with pytest.raises(UnknownLabel, match="unknown origin 'India'"):
        effective_rates(found, "2025-06-01", ["India"])
    with pytest.raises(InputError, match="write a date as 2025-08-27"):
        effective_rates(found, "June")
    with pytest.raises(UnknownLabel, match="no line '0101' among these imports"):
        effective_rates(found, "2025-06-01", ["IND"]).explain("0101")


def test_a_scenario_brings_a_schedule_up_to_sectors(tmp_path: Path, world: Economy) -> None:
    schedule(tmp_path, ACT % ", products: ['6109']")
    (tmp_path / "scenario.yaml").write_text(
        "title: T\nreference: R\ndate: 2025-06-01\n"
        "instruments:\n  - {kind: tariff, add: {schedule: mine.yaml}, origin: [IND, DEU]}\n",
        encoding="utf-8",
    )
    scenario = entrepot.load_scenario(tmp_path / "scenario.yaml")
    shock = scenario.shock(world)
    assert shock.tariff is not None
    raised = (shock.tariff - world.tariff).sel(destination="USA", sector="C13T15")
    assert float(raised.sel(origin="IND")) == pytest.approx(0.05)  # half of its textiles are T-shirts
    assert float(raised.sel(origin="DEU")) == pytest.approx(0.1)  # as all of the bloc's
    assert float(raised.sel(origin="FRA")) == 0.0  # the instrument is about India and Germany
    assert scenario.tables() == {"lines": None}


def test_lines_that_stay_apart_are_one_market_of_varieties(tmp_path: Path, world: Economy) -> None:
    # Two equal halves, one pays 10 points: spending on the flow at given prices is the mean of 1.1^-theta and 1, duty
    # is paid on what is left of the first half.
    schedule(tmp_path, ACT % ", products: ['6109']", lines=LINES.replace("100,15", "100,0"))
    (tmp_path / "scenario.yaml").write_text(
        "title: T\nreference: R\ndate: 2025-06-01\n"
        "instruments:\n  - {kind: tariff, add: {schedule: mine.yaml, lines: apart}, origin: IND}\n",
        encoding="utf-8",
    )
    shock = entrepot.load_scenario(tmp_path / "scenario.yaml").shock(world)
    here = {"origin": "IND", "destination": "USA", "sector": "C13T15"}
    assert shock.tariff is not None
    assert shock.iceberg_hat is not None
    theta, base = float(world.theta.sel(sector="C13T15")), float(world.tariff.sel(here))
    kept = 1.1**-theta
    hat = (1 + float(shock.tariff.sel(here))) / (1 + base)
    assert (hat * float(shock.iceberg_hat.sel(here))) ** -theta == pytest.approx((kept + 1) / 2)
    assert hat == pytest.approx((kept + 1) / (kept / 1.1 + 1))


def test_acts_of_a_schedule_may_count_with_part_of_their_rate(tmp_path: Path) -> None:
    """By hand: on 27 August 2025 textiles pay 25 + 25 points; with half of the second act 25 + 12.5."""
    world = entrepot.load_economy()
    text = (
        "title: t\nreference: r\ndate: 2025-08-27\nparameters:\n  part: {value: 50 %, what: part of the act}\n"
        "instruments:\n  - kind: tariff\n    origin: IND\n    destination: USA\n"
        "    add: {schedule: us-duties-on-india, factors: {russian-oil-25: {rate: $part}}}\n"
    )
    path = tmp_path / "part.yaml"
    path.write_text(text)
    scenario = entrepot.load_scenario(path)

    def added(one: entrepot.Scenario) -> float:
        tariff = one.shock(world).tariff
        assert tariff is not None
        return float((tariff - world.tariff).sel(origin="IND", destination="USA", sector="C13T15"))

    whole, half, none = (added(scenario.with_parameters(part=part)) for part in (1.0, 0.5, 0.0))
    assert half == pytest.approx((whole + none) / 2, rel=1e-12)
    assert whole == pytest.approx(2 * none, rel=1e-3)
    again = scenario.with_factors({("russian-oil-25", "rate"): 2.0})  # they multiply what the file says
    assert added(again) == pytest.approx(whole, rel=1e-12)
    assert added(again.with_parameters(part=0.25).on("2025-08-28")) == pytest.approx(half, rel=1e-12)
    path.write_text(text.replace("russian-oil-25", "russian-oil"))
    with pytest.raises(entrepot.InputError, match="no act 'russian-oil'; nearest: russian-oil-25"):
        entrepot.load_scenario(path).shock(world)
    path.write_text(
        text.replace("$part", "-1").replace("parameters:\n  part: {value: 50 %, what: part of the act}\n", "")
    )
    with pytest.raises(entrepot.InputError, match="a factor is not negative"):
        entrepot.load_scenario(path)
