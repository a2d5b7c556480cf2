"""Every input moves what it names: a case equals the same thing done by hand."""

import numpy as np
import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.economy import papers
from entrepot.economy.economy import Economy
from entrepot.policy.schedules.sector_duties import ActFactors
from entrepot.study.sampling.cases import Case, study_of
from entrepot.study.sampling.distributions import Value

LINES, BALANCE, CHOICE = "us-tariffs-on-india-2025-by-line", "india-russia-balance", "oil-penalty-trade-off"
OF = ("real_income:IND", "trade:IND:USA", "exports:IND", "consumer_price:USA")


def answered(economy: Economy, name: str, values: dict[str, Value]) -> dict[str, float]:
    study = study_of(economy, entrepot.load_scenario(name), "caliendo_parro", "fixed", None, OF)
    row = study.answer(Case(3, values))
    assert row["number"] == 3
    assert row["problem"] == ""
    assert {name: row[name] for name in values} == values
    return {outcome: row[outcome] for outcome in OF}


def by_hand(result: entrepot.Result) -> dict[str, float]:  # type: ignore[name-defined]
    return {outcome: result.outcome(outcome) for outcome in OF}


def same(found: dict[str, float], expected: dict[str, float]) -> None:
    for outcome, value in expected.items():
        assert found[outcome] == pytest.approx(value, rel=1e-12), outcome


@pytest.mark.slow
def test_nothing_varied_is_the_scenario_itself(world: Economy) -> None:
    same(answered(world, BALANCE, {}), by_hand(entrepot.solve(world, entrepot.load_scenario(BALANCE))))


@pytest.mark.slow
def test_a_parameter_a_dial_a_rule_and_an_elasticity_at_once(world: Economy) -> None:
    values: dict[str, Value] = {"set:cut": -0.3, "dial:rho": 0.7, "deficits": "scaled", "theta:C21": 3.0}
    theta = world.theta.to_series()
    theta["C21"] = 3.0
    scenario = entrepot.load_scenario(BALANCE).with_parameters(cut=-0.3)
    model = entrepot.model("caliendo_parro", rho=0.7)
    same(
        answered(world, BALANCE, values),
        by_hand(entrepot.solve(world.with_theta(theta), scenario, model=model, deficits="scaled")),
    )


def test_the_rule_zero_is_the_change_on_a_rebalanced_base(world: Economy) -> None:
    zero = world.rebalanced("zero")
    expected = by_hand(entrepot.solve(zero, entrepot.load_scenario(BALANCE), deficits="zero"))
    same(answered(world, BALANCE, {"deficits": "zero"}), expected)


def test_a_day_and_an_act(world: Economy) -> None:
    scenario = entrepot.load_scenario(LINES).on("2025-08-21")
    same(answered(world, LINES, {"date": "2025-08-21"}), by_hand(entrepot.solve(world, scenario)))
    half = answered(world, LINES, {"measure:russian-oil-25:rate": 0.5})
    none = answered(world, LINES, {"measure:russian-oil-25:rate": 0.0})
    whole = answered(world, LINES, {})
    assert whole["trade:IND:USA"] < half["trade:IND:USA"] < none["trade:IND:USA"]
    day_before = answered(world, LINES, {"date": "2025-08-26"})  # the act was the only change of the next day
    same(none, day_before)


def test_metal_content_matters_while_metal_pays_more_than_the_rest_and_hardly_once_both_pay_fifty(
    world: Economy,
) -> None:
    act = "measure:metal-content-50:content"
    before, none, some, more = (
        answered(world, LINES, {"date": "2025-08-21"} | values)["trade:IND:USA"]
        for values in ({}, {act: 0.0}, {act: 1.0}, {act: 1.2})
    )
    assert none > some > more  # 50 points on metal, 25 on the rest
    assert some == before
    # since 27 August 50 on metal, 25 + 25 on the rest, or nothing where the goods are exempt from the two acts
    rest, whole = (answered(world, LINES, values)["trade:IND:USA"] for values in ({act: 0.0}, {}))
    assert 0 < rest - whole < 0.1 * (none - some)


def test_metal_content_adds_nothing_where_the_rest_pays_fifty_too() -> None:
    schedule = entrepot.load_schedule("us-duties")
    none = ActFactors(content=0.0)
    acts = tuple(none.on(act) if act.id == "metal-content-50" else act for act in schedule.measures)
    whole, rest = (
        entrepot.effective_rates(one, "2025-08-27", ["IND"]).lines
        for one in (schedule, schedule.model_copy(update={"measures": acts}))
    )
    metal = whole["acts"].str.contains("metal-content-50")
    fifty = metal & (rest["added"] > 0.5 - 1e-12)
    assert fifty.sum() > 100
    assert (whole["added"] - rest["added"])[fifty].abs().max() < 1e-12
    assert (whole["added"] - rest["added"])[metal & ~fifty].min() >= 0


def test_an_option_is_solved_as_that_option(world: Economy) -> None:
    scenario = entrepot.load_scenario(CHOICE)
    name = next(iter(scenario.options))
    same(answered(world, CHOICE, {"option": name}), by_hand(entrepot.solve(world, scenario.option(name))))


def test_a_paper_counts_where_it_estimates_and_today_s_value_elsewhere(world: Economy) -> None:
    name = "caliendo_parro_2015"
    theta = world.theta.to_series()
    theta.update(papers.estimated(entrepot.load_elasticities(name)).dropna())
    assert theta["C19"] == pytest.approx(float(world.theta.sel(sector="C19")))  # not 64.85
    expected = by_hand(entrepot.solve(world.with_theta(theta), entrepot.load_scenario(BALANCE)))
    same(answered(world, BALANCE, {"elasticities": name}), expected)


def test_coverage_is_the_part_of_added_duty_that_is_levied(world: Economy) -> None:
    case = "us-tariffs-on-india-2025"
    shock = entrepot.load_scenario(case).shock(world)
    half = entrepot.Shock(tariff=(shock.tariff + world.tariff) / 2)
    same(answered(world, case, {"coverage": 0.5}), by_hand(entrepot.solve(world, half)))
    same(answered(world, case, {"coverage": 0.0}), by_hand(entrepot.solve(world, entrepot.Shock())))


def test_lines_kept_apart_follow_the_elasticity_of_the_case(world: Economy) -> None:
    theta = world.theta.to_series()
    theta["C13T15"] = 9.0
    other = world.with_theta(theta)
    expected = by_hand(entrepot.solve(other, entrepot.load_scenario(LINES)))
    same(answered(world, LINES, {"theta:C13T15": 9.0}), expected)


@pytest.mark.parametrize(("name", "model"), [(LINES, "years_2_3"), ("diversification", "multi_sector")])
def test_a_scenario_is_about_the_world_as_the_model_sees_it(world: Economy, name: str, model: str) -> None:
    scenario = entrepot.load_scenario(name)
    study = study_of(world, scenario, model, "fixed", None, OF)
    same(study.answer(Case(0, {})), by_hand(entrepot.solve(world, scenario, model=model)))


def test_a_case_without_equilibrium_says_why_and_has_no_numbers() -> None:
    economy = random_economy(7)
    study = study_of(economy, random_shock(economy, 1), "caliendo_parro", "fixed", None, "real_income:all")
    row = study.answer(Case(0, {"dial:psi": 5.0}))
    assert "psi times theta" in row["problem"]
    assert "\n" not in row["problem"]
    assert all(np.isnan(row[outcome]) for outcome in study.columns)
    assert len(study.outcomes) == 4
