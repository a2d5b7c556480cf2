"""The standard ensemble: its members, what fails, the range, and where the default sits."""

import numpy as np
import pandas as pd
import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.equilibrium.derivatives.outcome import parse_outcome
from entrepot.policy.load import by_lines_of
from entrepot.report.answer import answer_for
from entrepot.report.answers.ensemble import by_horizon, range_sentence, range_text, strip_svg, strip_text
from entrepot.report.answers.uncertainty import position
from entrepot.report.kit.wording import sides, span
from entrepot.study.ensemble import DEFAULT_MEMBER, MEMBERS, Ensemble, Member, ensemble, ensemble_of

CASE = "us-tariffs-on-india-2025"


@pytest.fixture(scope="module")
def small() -> Ensemble:
    economy = random_economy(1)
    return ensemble(economy, random_shock(economy, 1), ["real_income:C0", "trade:C0:C1"])


@pytest.fixture(scope="module")
def shipped_case(world: Economy) -> Ensemble:
    outcomes = ["real_income:IND", "real_income:USA", "trade:IND:USA:goods"]
    return ensemble(world, entrepot.load_scenario(CASE), outcomes)


def test_a_member_without_result_keeps_its_row_and_is_told(small: Ensemble) -> None:
    failed = small.failed
    assert len(failed) == sum(one.elasticities is not None for one in MEMBERS)  # tables of other sectors
    assert failed.str.contains("give one elasticity for each sector of the economy|none for s0").all()
    assert small.values.loc[failed.index].isna().all().all()
    assert small.values.drop(failed.index).notna().all().all()
    assert f"{len(failed)} further members have no result" in range_sentence(small, "real_income:C0")
    assert all(title in str(answer_for(small).document()["members"]) for title in failed.index)


def test_members_are_what_solve_says(small: Ensemble) -> None:
    economy, shock = small.economy, small.study.change
    short = entrepot.solve(economy, shock, model="years_2_3", deficits="zero")
    assert small.values.loc["years 2 to 3, balanced trade", "real_income:C0"] == pytest.approx(
        float(short.real_income_hat.sel(country="C0")), abs=1e-10
    )
    assert small.values.loc[DEFAULT_MEMBER, "trade:C0:C1"] == small.default.outcome("trade:C0:C1")
    assert small.members.index[0] == DEFAULT_MEMBER
    assert small.seconds > 0


def test_what_differs_in_nothing_from_the_question_is_left_out() -> None:
    economy = random_economy(1)
    shock = random_shock(economy, 1)
    around = ensemble(economy, shock, "real_income:C0", model="years_2_3", deficits="zero")
    assert "years 2 to 3" not in around.members.index
    assert "balanced trade" not in around.members.index
    assert "input-output links" in around.members.index
    assert "constant imbalances" in around.members.index
    assert around.members.index.is_unique
    result = entrepot.solve(economy, shock, model="years_2_3", deficits="zero")
    again = ensemble_of(result, "real_income:C0")
    pd.testing.assert_frame_equal(again.values, around.values, rtol=1e-8)


def test_a_question_with_options_is_refused(world: Economy) -> None:
    with pytest.raises(entrepot.InputError, match="--option NAME"):
        ensemble(world, entrepot.load_scenario("oil-penalty-trade-off"))


def test_the_titles_are_words_and_no_two_are_alike() -> None:
    titles = [one.title for one in MEMBERS]
    assert len(set(titles)) == len(titles)
    assert not any("_" in title or ":" in title for title in titles)
    assert Member(model="years_2_3", closure="zero").title == "years 2 to 3, balanced trade"


def made(values: list[float], outcome: str = "real_income:C0") -> Ensemble:
    """Return an ensemble with given values: the first is the default, in per cent for ratios."""
    economy = random_economy(1)
    asked = parse_outcome(outcome, economy)
    titles = [DEFAULT_MEMBER, *(f"member {n}" for n in range(1, len(values)))]
    numbers = 1 + np.array(values) / 100 if asked.is_ratio else np.array(values) / economy.billions
    whole = ensemble(economy, random_shock(economy, 1), outcome)
    index = pd.Index(titles, name="title")
    members = pd.DataFrame({"problem": "", "model": "", "closure": "", "elasticities": "", "horizon": ""}, index=index)
    return Ensemble(whole.study, whole.default, members, pd.DataFrame({outcome: numbers}, index=index), 1.0, 0.0)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def test_the_range_of_a_loss_says_its_size_and_on_which_side_the_others_are() -> None:
    answer = made([-0.22, -0.37, -0.39, -0.20, -0.25])
    said = plain(range_sentence(answer, "real_income:C0"))
    assert said == (
        "Real income of C0 falls by 0.20 to 0.39 % over 5 combinations of model, horizon, closure and elasticities; "
        "3 of 4 other members are more severe than the default, -0.22 %."
    )
    assert plain(range_text(answer, "real_income:C0")) == "-0.39 to -0.20 %"
    assert answer.range("real_income:C0") == (pytest.approx(-0.39), pytest.approx(-0.20))
    assert answer.others("real_income:C0") == (3, 0, 1)


def test_an_open_sign_is_said_with_the_members_that_turn_it() -> None:
    said = plain(range_sentence(made([-0.13, -0.2, 0.24]), "real_income:C0"))
    assert "changes by -0.20 to +0.24 %" in said
    assert "The sign is open: it rises under “member 2”." in said


def test_the_range_of_an_amount_has_its_unit() -> None:
    said = plain(range_sentence(made([25.0, 22.0, 47.0, 48.0], "trade:C0:C1"), "trade:C0:C1"))
    assert "22.0 to 48.0 billion" in said
    assert "larger" not in said


def test_the_strip_has_a_mark_for_each_member_and_one_for_the_default() -> None:
    answer = made([-0.22, -0.37, -0.39, -0.20])
    drawn = strip_svg(answer, "real_income:C0")
    assert drawn.count("<circle") == 3
    assert drawn.count("<path") == 1
    assert "member 2: " in drawn
    line = strip_text(answer, "real_income:C0")
    assert line.count("o") == 3
    assert line.count("D") == 1


def test_one_member_alone_is_a_range_without_width() -> None:
    answer = made([-0.22])
    assert plain(range_text(answer, "real_income:C0")) == "-0.22 %"
    assert "<circle" not in strip_svg(answer, "real_income:C0")


def test_the_side_of_the_draws_is_said_never_larger_than() -> None:
    economy = random_economy(1)
    income, price = (parse_outcome(text, economy) for text in ("real_income:C0", "consumer_price:C0"))
    assert position(income, -0.22, 0.06) == "94 % of the draws are milder"
    assert position(income, -0.22, 0.9) == "90 % of the draws are more severe"
    assert position(income, 0.22, 0.06) == "94 % of the draws are larger"
    assert position(price, 0.22, 0.06) == "94 % of the draws are more severe"
    assert sides(price, -0.1) == ("larger", "smaller")
    assert sides(parse_outcome("trade:C0:C1", economy), 12.0) == ("lower", "higher")


def test_a_span_has_the_decimals_that_tell_its_ends_apart() -> None:
    assert plain(span(-0.385, -0.2016)) == "-0.39 to -0.20 %"
    assert plain(span(-0.385, -0.2016, plain=True)) == "0.20 to 0.39 %"
    assert plain(span(0.0102, 0.0304)) == "+0.01 to +0.03 %"
    assert plain(span(21.94, 47.35, "billion", plain=True)) == "21.9 to 47.4 billion"


@pytest.mark.slow
def test_the_shipped_case_contains_its_default_and_the_members_of_the_design(
    shipped_case: Ensemble, world: Economy
) -> None:
    values = shipped_case.shown("real_income:IND")
    assert shipped_case.failed.empty
    assert 12 <= len(values) <= 15
    alone = entrepot.solve(world, entrepot.load_scenario(CASE))
    assert values[DEFAULT_MEMBER] == pytest.approx(
        100 * (float(alone.real_income_hat.sel(country="IND")) - 1), abs=1e-9
    )
    line = entrepot.solve(world, entrepot.load_scenario(f"{CASE}-by-line"))
    assert values["by tariff line"] == pytest.approx(
        100 * (float(line.real_income_hat.sel(country="IND")) - 1), abs=1e-8
    )
    other = world.with_theta(load_elasticities("shapiro_2016"))
    paper = entrepot.solve(other, entrepot.load_scenario(CASE))
    assert values["elasticities of Shapiro (2016)"] == pytest.approx(
        100 * (float(paper.real_income_hat.sel(country="IND")) - 1), abs=1e-8
    )
    low, high = shipped_case.range("real_income:IND")
    assert low <= values["economies of scale"] <= high
    assert low < -0.35 < -0.21 < high < 0
    below, equal, above = shipped_case.others("real_income:IND")
    assert below + equal + above == len(values) - 1
    assert f"{below} of {len(values) - 1} other members are more severe" in range_sentence(
        shipped_case, "real_income:IND"
    )


@pytest.mark.slow
def test_both_horizons_stand_beside_each_other(shipped_case: Ensemble, world: Economy) -> None:
    values = shipped_case.shown("real_income:IND")
    both = by_horizon(shipped_case, "real_income:IND")
    assert both == {"years 2 to 3": values["years 2 to 3"], "long run": values[DEFAULT_MEMBER]}
    said = plain(range_sentence(shipped_case, "real_income:IND"))
    assert f" In years 2 to 3 {both['years 2 to 3']:.2f} %, in the long run {both['long run']:.2f} %." in said
    asked = ensemble(world, entrepot.load_scenario(CASE), "real_income:IND", model="years_2_3")
    other = by_horizon(asked, "real_income:IND")
    assert list(other) == list(both)
    assert other == pytest.approx(both, abs=1e-8), "the default and the member change places"


@pytest.mark.slow
def test_a_change_is_worked_out_once_for_all_members_on_the_same_trade(
    world: Economy, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    on_economy = entrepot.Scenario.on_economy

    def counted(scenario: entrepot.Scenario, economy: Economy) -> object:
        read.append(scenario.name)
        return on_economy(scenario, economy)

    monkeypatch.setattr(entrepot.Scenario, "on_economy", counted)
    found = ensemble(world, entrepot.load_scenario(CASE), "real_income:IND")
    assert len(found.members) == 15
    assert sorted(read) == [CASE] * 3 + [f"{CASE}-by-line"], "the default and both with balanced trade; the twin"


@pytest.mark.slow
def test_with_a_baseline_every_member_starts_from_the_world_after_it(world: Economy) -> None:
    ten = entrepot.Scenario.from_changes(tariff="CHN:USA:goods=+10%")
    on_top = ten.adapted(baseline="in_force:2026-01-01")
    asked = ["real_income:CHN", "real_income:USA"]
    found = ensemble(world, on_top, asked)
    assert found.failed.empty
    result = entrepot.solve(world, on_top)
    assert result.baseline is not None
    after = result.economy
    assert float(after.tariff.sel(origin="CHN", destination="USA").mean()) > 0.05 + float(
        world.tariff.sel(origin="CHN", destination="USA").mean()
    )

    def alone(economy: Economy, **assumptions: str) -> list[float]:
        solved = entrepot.solve(economy, ten, **assumptions)  # type: ignore[arg-type]
        return [float(solved.real_income_hat.sel(country=code)) for code in ("CHN", "USA")]

    for title, expected in {
        DEFAULT_MEMBER: alone(after),
        "years 2 to 3": alone(after, model="years_2_3"),
        "balanced trade": alone(after, deficits="zero"),
        "years 2 to 3, balanced trade": alone(after, model="years_2_3", deficits="zero"),
        "elasticities of Shapiro (2016)": alone(after.with_theta(load_elasticities("shapiro_2016"))),
    }.items():
        assert found.values.loc[title].to_list() == pytest.approx(expected, abs=1e-9), title
    pd.testing.assert_frame_equal(ensemble_of(result, asked).values, found.values, rtol=1e-8)
    without = ensemble(world, ten, asked)
    apart = (found.values - without.values).abs().max(axis=1)
    assert apart.min() > 1e-6, "duties in force change what ten points more do, whatever is assumed"
    assert list(found.values.index) == list(without.values.index)


@pytest.mark.slow
def test_every_form_of_the_answer_has_every_member(shipped_case: Ensemble) -> None:
    answer = answer_for(shipped_case)
    assert answer.table is not None
    assert answer.page is not None
    assert list(answer.table()["member"]) == list(shipped_case.members.index)
    page = answer.page()
    assert all(title in page for title in shipped_case.members.index)
    assert answer.document()["outcomes"][0]["sentence"] == range_sentence(shipped_case, "real_income:IND")


def test_a_scenario_names_its_twin_on_the_same_day() -> None:
    scenario = entrepot.load_scenario(CASE).on("2025-08-21")
    twin = by_lines_of(scenario)
    assert twin is not None
    assert twin().name == f"{CASE}-by-line"
    assert twin().date == scenario.date
    assert by_lines_of(entrepot.load_scenario("us-tariffs-world")) is None
