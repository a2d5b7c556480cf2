from pathlib import Path

import pytest
from rich.console import Console

import entrepot
from economies import random_economy, random_shock
from entrepot.economy.economy import Economy
from entrepot.report.answers.sweep import render

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


def test_a_parameter_that_the_option_does_not_have_draws_no_flat_line(world: Economy) -> None:
    scenario = entrepot.load_scenario("oil-penalty-trade-off")
    assert list(scenario.option("stop").parameters) == ["volume"]
    with pytest.raises(entrepot.InputError, match=r"oil-penalty-trade-off, stop: no parameter 'discount'.* volume"):
        entrepot.sweep(world, scenario.option("stop"), over="set:discount=0%..10%/3", outcomes="real_income:IND")
    assert list(scenario.option("keep").parameters) == ["discount", "volume"]
    assert scenario.adapted(parameters={"discount": "5 %"}, option="stop").parameters["volume"].rate == 0


def test_a_table_says_what_it_counts_and_levels_have_no_plus_sign(world: Economy) -> None:
    scenario = entrepot.load_scenario("india-russia-balance")
    answer = entrepot.sweep(
        world, scenario, over="cut=-10%|0%", outcomes=["real_income:IND", "trade:IND:RUS", "trade:IND:RUS:goods"]
    )
    console = Console(width=100)
    with console.capture() as captured:
        console.print(render(answer))
    text = captured.get()
    assert "trade:IND:RUS: sales of India to Russia (goods and services), USD billion" in text
    assert "trade:IND:RUS:goods: sales of India to Russia (goods), USD billion" in text
    row = next(line for line in text.splitlines() if line.strip().startswith("-0.1")).split()
    assert row[1].startswith("+")
    goods = world.trade.sel(origin="IND", destination="RUS", sector=world.goods).sum().item() * world.billions
    assert float(row[3]) > goods
    assert float(row[2]) > float(row[3])
    assert "+" not in "".join(row[2:])
