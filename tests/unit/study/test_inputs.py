from pathlib import Path

import pytest

import entrepot
from economies import random_economy
from entrepot.economy import papers
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock
from entrepot.study.sampling.distributions import Choice, Normal, Uniform
from entrepot.study.sampling.inputs import held_of, inputs_of

CASE, BALANCE, LINES = "us-tariffs-on-india-2025", "india-russia-balance", "us-tariffs-on-india-2025-by-line"


def test_theta_is_every_sector_by_the_spread_between_papers_and_says_what_it_holds(world: Economy) -> None:
    inputs = inputs_of(["theta"], world, entrepot.load_scenario(CASE))
    assert len(inputs) == 27
    assert {one.basis for one in inputs} == {"between papers"}
    electronics = next(one for one in inputs if one.name == "theta:C26")
    assert electronics.distribution == Normal(
        float(world.theta.sel(sector="C26")), papers.dispersion()["C26"], of_log=True
    )
    assert held_of(inputs, world) == ("SERVICES",)


def test_a_standard_error_of_the_table_comes_before_the_spread_between_papers(tmp_path: Path) -> None:
    world = entrepot.load_economy()
    path = tmp_path / "mine.csv"
    rows = [
        f"{sector},5,{1 if sector == 'C26' else 0 if sector == 'C27' else ''},trade_costs" for sector in world.sectors
    ]
    path.write_text("\n".join(["sector,theta,se,estimated_on", *rows]))
    inputs = inputs_of(["theta"], world.with_theta(entrepot.load_elasticities(path)), Shock())
    by_name = {one.name: one for one in inputs}
    assert by_name["theta:C26"].distribution == Normal(5, 0.2, of_log=True)
    assert by_name["theta:C26"].basis == "standard error"
    assert by_name["theta:C28"].basis == "between papers"
    assert "theta:C27" not in by_name  # a standard error of 0 is certainty


def test_short_names_mean_the_long_ones(world: Economy) -> None:
    scenario = entrepot.load_scenario(BALANCE)
    names = [one.name for one in inputs_of(["cut", "rho=0.5..1", "theta:textiles=3..6"], world, scenario)]
    assert names == ["set:cut", "dial:rho", "theta:C13T15"]
    assert inputs_of("$cut", world, scenario)[0].distribution == Uniform(-0.5, 0.0)


def test_choices_have_their_usual_options(world: Economy) -> None:
    papers_of, rule = inputs_of(["elasticities", "deficits"], world, Shock())
    assert papers_of.distribution == Choice(papers.papers())
    assert rule.distribution == Choice(("fixed", "scaled", "multiplicative", "zero"))
    (day,) = inputs_of(["date=2025-08-21|2025-08-27"], world, entrepot.load_scenario(CASE))
    assert day.distribution == Choice(("2025-08-21", "2025-08-27"))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ([], "nothing varies"),
        (["thetta"], "nothing called 'thetta' can vary; nearest: theta"),
        (["dial:rho"], "say how it varies, as dial:rho=LOW..HIGH"),
        (["dial:rhoo=1..2"], "no dial 'rhoo'; nearest: rho"),
        (["dial:psi:X9=0..1"], "unknown sector 'X9'"),
        (["set:cutt=0..1"], "no parameter 'cutt'; nearest: cut"),
        (["cut=-60%..0%"], "set:cut: '-60%..0%': found -60 %; stay between -50 % and 0 %"),
        (["theta", "theta:C26=3..6"], "theta:C26 is named twice"),
        (["theta", "elasticities"], "vary one of the two"),
        (["theta:SERVICES"], "theta:SERVICES: the table has no standard error"),
        (["theta:C26=0..5"], "a trade elasticity is positive"),
        (["theta=+-x"], "theta:A01: found 'x'; write a rate"),
        (["elasticities=no_such_paper"], "no_such_paper"),
        (["deficits=fixd"], "no rule for deficits 'fixd'; nearest: fixed"),
        (["coverage=-1..1"], "a factor is not negative"),
        (["measure:steel:rate=0..1"], "no act 'steel'"),
        (["date=2025-02-30"], "write a date as 2025-08-27"),
    ],
)
def test_what_cannot_vary_is_refused_in_one_line(world: Economy, written: list[str], message: str) -> None:
    with pytest.raises(entrepot.InputError, match=message) as caught:
        inputs_of(written, world, entrepot.load_scenario(BALANCE))
    assert "\n" not in str(caught.value)


def test_an_act_is_named_with_its_number(world: Economy) -> None:
    scenario = entrepot.load_scenario(LINES)
    (one,) = inputs_of(["measure:metal-content-50:content=0.5..1.5"], world, scenario)
    assert one.name == "measure:metal-content-50:content"
    with pytest.raises(entrepot.InputError, match="write measure:ID:rate or measure:ID:content"):
        inputs_of(["measure:metal-content-50=0..1"], world, scenario)


def test_what_belongs_to_a_scenario_is_no_input_of_a_shock() -> None:
    with pytest.raises(entrepot.InputError, match="date belongs to a scenario"):
        inputs_of(["date=2025-08-27"], random_economy(1), Shock())


def test_an_economy_of_ones_own_needs_a_spread_of_ones_own() -> None:
    economy = random_economy(1)
    with pytest.raises(entrepot.InputError, match="no sector has a standard error or estimates by two papers"):
        inputs_of(["theta"], economy, Shock())
    assert [one.distribution.deviation for one in inputs_of(["theta=+-0.3"], economy, Shock())] == [0.3] * 3  # type: ignore[union-attr]
