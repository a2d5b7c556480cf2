"""Goal seek: what was moved is found again, and where a goal is out of reach it is said why."""

from pathlib import Path

import numpy as np
import pytest

import entrepot
from economies import random_economy
from entrepot.core.errors import InputError
from entrepot.economy.economy import Economy
from entrepot.report.answers import seek
from entrepot.study.goals.unknowns import moved, parse_unknown

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def small() -> Economy:
    return random_economy(11, zeros=0.0)


def with_moved(given: entrepot.Shock, economy: Economy, unknowns: list[str], values: np.ndarray) -> entrepot.Shock:
    """Return a shock with unknowns at given values on top of it."""
    fitted = given.on(economy)
    wedges = moved(fitted.wedges, economy, [parse_unknown(one, economy) for one in unknowns], values)
    return fitted._replace(wedges=wedges).as_shock(economy)


KNOWN = [
    ("iceberg:C1:C2:s0,s1", -0.2, "trade:C1:C2:s0,s1"),
    ("tariff:C0:C3", 0.15, "imports:C3"),
    ("export_tax:C2:all", 0.1, "exports:C2"),
    ("production_tax:C2:s0,s1", -0.06, "output:C2:s0"),
    ("productivity:C1:s1", 0.05, "output:C1:s1"),
    ("transfer:C0:C1", 1e-3, "real_income:C1"),
]


@pytest.mark.parametrize(("unknown", "value", "outcome"), KNOWN)
@pytest.mark.parametrize("model", ["caliendo_parro", "years_2_3"])
def test_what_was_moved_is_found_again(small: Economy, unknown: str, value: float, outcome: str, model: str) -> None:
    base = entrepot.model(model).base(small)
    shock = with_moved(entrepot.Shock(), base, [unknown], np.array([value]))
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
    shock = with_moved(entrepot.Shock(), small, unknowns, values)
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
    assert "change in non-tariff cost as a share of the delivered price is −20 %" in seek.headline(found)


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
        with_moved(given, small, ["tariff:C2:C1"], found.unknowns["value"].to_numpy()),
    )
    assert again.outcome("trade:C2:C1") == pytest.approx(found.targets["found"].iloc[0], rel=1e-7)


def test_a_goal_out_of_reach_ends_at_the_bound_that_stops_it(world: Economy) -> None:
    unknown = "iceberg:IND:RUS:agriculture,pharma,textiles"
    found = entrepot.seek(world, {unknown: (-0.3, 0.0)}, ["balance:IND:RUS=-50%"])
    assert not found.reached
    assert found.binding == [unknown]
    assert found.unknowns.loc[unknown, "bound"] == "low"
    at_bound = with_moved(entrepot.Shock(), world, [unknown], np.array([-0.3]))
    best = entrepot.solve(world, at_bound).outcome("balance:IND:RUS")
    assert found.targets["found"].iloc[0] == pytest.approx(best, rel=1e-9)
    said = seek.headline(found)
    assert said.startswith("Out of reach: the balance of trade of India with Russia (goods and services) at USD −")
    assert (
        "trade from India to Russia in agricultural goods, pharmaceuticals and textiles, apparel and leather "
        "falls by 30 %" in said
    )
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
    (remark,) = seek.remarks(half)
    assert "the cut is 7" in remark
    shown = seek.document(half)
    assert shown["targets"][0]["found"] == pytest.approx(-29.465, rel=1e-6)
    assert shown["targets"][0]["unit"] == "USD billion"


@pytest.mark.parametrize(
    ("unknowns", "targets", "message"),
    [
        (["iceberg:C1:C2"], ["trade:C1:C2=5bn", "imports:C1=5bn"], "2 targets and 1 unknowns; give as many"),
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
        ({"iceberg:C1:C2": ("a", 1)}, ["trade:C1:C2=+5%"], "give two numbers"),
        ({"iceberg:C1:C2": (float("nan"), 1)}, ["trade:C1:C2=+5%"], "give two numbers"),
        ("iceberg:C1:C2", ["trade:C1:C2=+5%"], "as lists of texts"),
        (["iceberg:C1:C2"] * 2, ["trade:C1:C2=+5%", "imports:C1=+1%"], "iceberg:C1:C2: given twice"),
        (["iceberg:C1:C2"], ["real_income:C1=-120%"], "would be below zero"),
        (["productivity:C1:-all"], ["imports:C1=+1%"], "names nothing that exists"),
    ],
)
def test_what_cannot_be_sought_is_refused_in_one_line(
    small: Economy, unknowns: list[str], targets: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message) as raised:
        entrepot.seek(small, unknowns, targets)
    assert "\n" not in str(raised.value)


def test_an_embargoed_flow_moves_nothing_and_a_flow_of_nothing_has_no_per_cent() -> None:
    economy = random_economy(11, zeros=0.0)
    hat = np.ones(economy.trade.shape)
    hat[0, 1] = np.inf
    given = entrepot.Shock(iceberg_hat=economy.labelled(hat, ("origin", "destination", "sector"), "iceberg_hat"))
    with pytest.raises(InputError, match="iceberg:C0:C1 moves none of the targets"):
        entrepot.seek(economy, ["iceberg:C0:C1"], ["imports:C2=+1%"], given=given)
    with pytest.raises(InputError, match="iceberg:C2:C3 moves none of the targets"):
        entrepot.seek(economy, ["iceberg:C2:C3"], ["trade:C0:C1=1 million"], given=given)
    sparse = random_economy(3)
    origin, destination, sector = np.argwhere((sparse.trade.values == 0) & (~np.eye(4, dtype=bool))[:, :, None])[0]
    with pytest.raises(InputError, match="is zero in the base year, and per cent of it are zero"):
        entrepot.seek(sparse, ["iceberg:C0:C1"], [f"trade:C{origin}:C{destination}:s{sector}=+50%"])


def test_the_level_of_a_quota_can_be_sought(tmp_path: Path, small: Economy) -> None:
    file = tmp_path / "quota.yaml"
    file.write_text(
        "title: A quota\nreference: None\ndate: 2025-01-01\n"
        "parameters:\n  level: {value: 90 %, from: 20 %, to: 100 %, what: of what was sold}\n"
        "instruments:\n- {kind: quota, origin: C0, destination: C1, at_most: $level, of: value, rent: importer}\n",
        encoding="utf-8",
    )
    found = entrepot.seek(small, ["level"], ["trade:C0:C1=-30%"], given=entrepot.load_scenario(file))
    assert found.reached
    assert found.unknowns["value"].iloc[0] == pytest.approx(0.7, rel=1e-6)


def test_a_goal_beyond_a_limit_that_binds_is_found_from_the_other_side(small: Economy) -> None:
    flows = np.zeros(small.trade.shape)
    flows[0, 1, :] = 1.0
    at = small.labelled(flows, ("origin", "destination", "sector"), "flows")
    limit = entrepot.Limit("quota", at, of="value", at_most=0.8 * float((small.trade * at).sum()), rent="importer")
    given = entrepot.Shock(limits=(limit,))
    found = entrepot.seek(small, ["iceberg:C0:C1"], ["trade:C0:C1=-50%"], given=given)
    assert found.reached
    assert not found.result.held[0].binding
    held = entrepot.seek(small, {"iceberg:C0:C1": (-0.01, 0.01)}, ["trade:C0:C1=-50%"], given=given)
    assert not held.reached
    assert "limits hold it: quota" in held.reason


def test_a_flow_that_does_not_exist_cannot_be_moved() -> None:
    economy = random_economy(3)
    origin, destination, sector = np.argwhere((economy.trade.values == 0) & (~np.eye(4, dtype=bool))[:, :, None])[0]
    with pytest.raises(InputError, match="nothing is traded or made there"):
        entrepot.seek(economy, [f"iceberg:C{origin}:C{destination}:s{sector}"], ["imports:C1=+1%"])
