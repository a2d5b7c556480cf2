from pathlib import Path

import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.economy.economy import Economy

ECONOMY = random_economy(7)
SHOCK = random_shock(ECONOMY, 1, 0.2)


def test_every_point_of_a_grid_is_solved_in_order(world: Economy, tmp_path: Path) -> None:
    scenario = entrepot.load_scenario("india-russia-balance")
    told: list[tuple[int, int]] = []
    answer = entrepot.sweep(
        world, scenario, over=["cut=-40%..0%/3", "deficits=fixed|scaled"], outcomes=["balance:IND:RUS"], to=tmp_path,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert answer.table[["set:cut", "deficits"]].to_numpy().tolist() == [
        [-0.4, "fixed"], [-0.4, "scaled"], [-0.2, "fixed"], [-0.2, "scaled"], [0.0, "fixed"], [0.0, "scaled"],
    ]  # fmt: skip
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    by_hand = entrepot.solve(world, scenario.with_parameters(cut=-0.4), deficits="scaled").outcome("balance:IND:RUS")
    assert answer.table["balance:IND:RUS"][1] == pytest.approx(by_hand, rel=1e-12)


def test_a_point_without_equilibrium_is_kept_with_its_reason() -> None:
    answer = entrepot.sweep(ECONOMY, SHOCK, over="dial:psi=0|0.01|5", outcomes="real_income:C1")
    assert list(answer.failed["number"]) == [2]
    assert answer.table["real_income:C1"].notna().tolist() == [True, True, False]


def test_an_input_without_points_is_refused() -> None:
    with pytest.raises(entrepot.InputError, match="say how many points"):
        entrepot.sweep(ECONOMY, SHOCK, over="dial:rho=0.5..1")
    with pytest.raises(entrepot.InputError, match="a sweep takes points"):
        entrepot.sweep(ECONOMY, SHOCK, over="theta=+-0.1")
