"""Goal seek: what was moved is found again, and where a goal is out of reach it is said why."""

import numpy as np
import pytest

import entrepot
from economies import random_economy
from entrepot.core.errors import InputError
from entrepot.economy.economy import Economy
from entrepot.report import goals
from entrepot.study.unknowns import moved, parse_unknown


@pytest.fixture(scope="module")
def small() -> Economy:
    return random_economy(11, zeros=0.0)


KNOWN = [
    ("iceberg:C1:C2:s0,s1", -0.2, "trade:C1:C2:s0,s1"),
    ("tariff:C0:C3", 0.15, "imports:C3"),
    ("export_tax:C2:all", 0.1, "exports:C2"),
    ("productivity:C1:s1", 0.05, "output:C1:s1"),
    ("transfer:C0:C1", 1e-3, "real_income:C1"),
]


@pytest.mark.parametrize(("unknown", "value", "outcome"), KNOWN)
@pytest.mark.parametrize("model", ["caliendo_parro", "short_run"])
def test_what_was_moved_is_found_again(small: Economy, unknown: str, value: float, outcome: str, model: str) -> None:
    base = entrepot.model(model).base(small)
    shock = moved(entrepot.Shock().on(base), base, [parse_unknown(unknown, base)], np.array([value]))
    there = entrepot.solve(small, shock, model=model)
    before = entrepot.solve(small, entrepot.Shock(), model=model).outcome(outcome)
    change = 100 * (there.outcome(outcome) / before - 1)
    found = entrepot.seek(small, [unknown], [f"{outcome}={change:.12f}%"], model=model)
    assert found.reached
    assert found.unknowns["value"].iloc[0] == pytest.approx(value, rel=1e-6)
    assert found.targets["found"].iloc[0] == pytest.approx(there.outcome(outcome), rel=1e-8)


def test_several_unknowns_of_different_kinds_are_found_together(small: Economy) -> None:
    unknowns = ["iceberg:C1:C2", "tariff:C0:C3", "transfer:C0:C1"]
    values = np.array([-0.1, 0.2, 5e-4])
    shock = moved(entrepot.Shock().on(small), small, [parse_unknown(one, small) for one in unknowns], values)
    there, before = entrepot.solve(small, shock), entrepot.solve(small, entrepot.Shock())
    outcomes = ["trade:C1:C2", "imports:C3", "real_income:C1"]
    targets = [f"{one}={100 * (there.outcome(one) / before.outcome(one) - 1):.12f}%" for one in outcomes]
    found = entrepot.seek(small, unknowns, targets)
    assert found.reached
    assert found.unknowns["value"].tolist() == pytest.approx(values.tolist(), rel=1e-6)


def test_a_parameter_of_a_scenario_can_be_sought(world: Economy) -> None:
    scenario = entrepot.load_scenario("india-russia-balance")
    there = entrepot.solve(world, scenario.with_parameters(cut="-20 %")).outcome("trade:IND:RUS")
    before = entrepot.solve(world, entrepot.Shock()).outcome("trade:IND:RUS")
    found = entrepot.seek(world, ["cut"], [f"trade:IND:RUS={100 * (there / before - 1):.12f}%"], given=scenario)
    assert found.unknowns["value"].iloc[0] == pytest.approx(-0.2, rel=1e-7)
    assert "cut is -20 %" in goals.headline(found)


def test_a_quota_in_force_stays_kept_while_something_else_is_sought(small: Economy) -> None:
    flows = np.zeros(small.trade.shape)
    flows[0, 1, :] = 1.0
    at = small.labelled(flows, ("origin", "destination", "sector"), "flows")
    limit = entrepot.Limit("quota", at, of="volume", at_most=0.5 * float((small.trade * at).sum()), rent="importer")
    given = entrepot.Shock(limits=(limit,))
    found = entrepot.seek(small, ["tariff:C2:C1"], ["trade:C2:C1=-10%"], given=given)
    assert found.reached
    assert found.result.held[0].binding
    again = entrepot.solve(
        small,
        moved(given.on(small), small, [parse_unknown("tariff:C2:C1", small)], found.unknowns["value"].to_numpy()),
    )
    assert again.outcome("trade:C2:C1") == pytest.approx(found.targets["found"].iloc[0], rel=1e-7)


def test_a_goal_out_of_reach_ends_at_the_bound_that_stops_it(world: Economy) -> None:
    unknown = "iceberg:IND:RUS:agriculture,pharma,textiles"
    found = entrepot.seek(world, {unknown: (-0.3, 0.0)}, ["balance:IND:RUS=-50%"])
    assert not found.reached
    assert found.binding == [unknown]
    assert found.unknowns.loc[unknown, "bound"] == "low"
    at_bound = moved(entrepot.Shock().on(world), world, [parse_unknown(unknown, world)], np.array([-0.3]))
    best = entrepot.solve(world, at_bound).outcome("balance:IND:RUS")
    assert found.targets["found"].iloc[0] == pytest.approx(best, rel=1e-9)
    said = goals.headline(found)
    assert said.startswith("Out of reach:")
    assert "stands at the end of what is allowed" in said


def test_the_case_says_how_far_barriers_must_fall_and_how_much_that_is_of_all_costs() -> None:
    economy = entrepot.load_economy("icio2022-india-russia-2025")
    unknown = "iceberg:IND:RUS:agriculture,pharma,textiles"
    half = entrepot.seek(economy, [unknown], ["balance:IND:RUS:goods=-50%"])
    hundred = entrepot.seek(economy, [unknown], ["two_way:IND:RUS:goods=100bn"])
    assert half.reached
    assert hundred.reached
    assert half.targets["wanted"].iloc[0] * economy.billions == pytest.approx(-58.93 / 2, rel=1e-6)
    assert -0.46 < half.unknowns["value"].iloc[0] < -0.44
    assert -0.45 < hundred.unknowns["value"].iloc[0] < -0.43
    (remark,) = goals.remarks(half)
    assert "the cut is 7" in remark
    shown = goals.document(half)
    assert shown["targets"][0]["found"] == pytest.approx(-29.465, rel=1e-6)
    assert shown["targets"][0]["unit"] == "USD billion"


@pytest.mark.parametrize(
    ("unknowns", "targets", "message"),
    [
        (["iceberg:C1:C2"], ["trade:C1:C2=5bn", "imports:C1=5bn"], "2 targets and 1 different unknowns"),
        (["icebrg:C1:C2"], ["trade:C1:C2=5bn"], "nothing called 'icebrg' can be moved; nearest: iceberg"),
        (["cut"], ["trade:C1:C2=5bn"], "nothing called 'cut' can be moved"),
        (["iceberg:C1"], ["trade:C1:C2=5bn"], "write it as iceberg:ORIGIN:DESTINATION:SECTORS"),
        (["iceberg:C1:C1"], ["trade:C1:C2=5bn"], "no cross-border flow"),
        (["transfer:C1:all"], ["trade:C1:C2=5bn"], "a payment goes from one country to another"),
        (["iceberg:C1:C2"], ["trade:C1:C2"], "write an outcome and its value"),
        (["iceberg:C1:C2"], ["trade:C1:C2=5"], "write a sum as '30 billion'"),
        (["iceberg:C1:C2"], ["real_income:C1=1.01"], r"in per cent, as \+1%"),
        ({"iceberg:C1:C2": (0.1, 0.2)}, ["trade:C1:C2=+5%"], "leave out where it stands, 0"),
        ({"iceberg:C1:C2": (-1.0, 0.2)}, ["trade:C1:C2=+5%"], "a change stays above -100 %"),
    ],
)
def test_what_cannot_be_sought_is_refused_in_one_line(
    small: Economy, unknowns: list[str], targets: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message) as raised:
        entrepot.seek(small, unknowns, targets)
    assert "\n" not in str(raised.value)


def test_a_flow_that_does_not_exist_cannot_be_moved() -> None:
    economy = random_economy(3)
    origin, destination, sector = np.argwhere((economy.trade.values == 0) & (~np.eye(4, dtype=bool))[:, :, None])[0]
    with pytest.raises(InputError, match="nothing is traded there in the base year"):
        entrepot.seek(economy, [f"iceberg:C{origin}:C{destination}:s{sector}"], ["imports:C1=+1%"])
