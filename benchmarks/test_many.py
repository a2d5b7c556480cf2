"""How long all derivatives of an outcome take beside a solve, and a thousand scenarios beside a limit."""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import entrepot
from conftest import world_81x28
from entrepot.policy.shock import Shock

SCENARIOS, EACH = 1000, 25.0  # milliseconds on two cores
MEMORY = 3.0  # GB
DRAWS, DRAWS_SECONDS = 1000, 40.0  # on two cores


def best(question: Callable[[], object], times: int = 15) -> float:
    question()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        question()
        taken.append(time.perf_counter() - began)
    return min(taken)


def test_all_derivatives_of_an_outcome_against_one_solve() -> None:
    economy, shock, _ = world_81x28()
    result = entrepot.solve(economy, shock)
    began = time.perf_counter()
    slopes = result.sensitivity("real_income:IND")
    first = time.perf_counter() - began
    solve = best(lambda: entrepot.solve(economy, shock))
    slope = best(lambda: result.sensitivity("real_income:IND"))
    print(
        f"\n{slopes['tariff'].size} tariff derivatives, and as many of export taxes and trade costs: "
        f"{1000 * slope:.1f} ms at best, {slope / solve:.2f} times a solve of {1000 * solve:.1f} ms (at most 3); "
        f"first call, compiling, {first:.1f} s"
    )
    assert slope <= 3 * solve


def test_a_thousand_scenarios() -> None:
    economy, _, _ = world_81x28()
    abroad = ~np.eye(len(economy.countries), dtype=bool)[:, :, None]

    def change(seed: int) -> Shock:
        rise = np.random.default_rng(seed).uniform(0, 0.3, economy.trade.shape)
        return Shock(tariff=economy.tariff + rise * abroad)

    entrepot.solve(economy, change(0))
    began = time.perf_counter()
    many = entrepot.solve_many(economy, (change(seed) for seed in range(SCENARIOS)))
    each = 1000 * (time.perf_counter() - began) / SCENARIOS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "linux" else 2**30)
    apart = max(
        float(abs(entrepot.solve(economy, change(seed)).real_income_hat - many["real_income_hat"][seed]).max())
        for seed in range(0, SCENARIOS, 100)
    )
    print(f"\n{SCENARIOS} scenarios: {each:.1f} ms each (at most {EACH}), {peak:.2f} GB, {apart:.0e} from one by one")
    assert not (many["problem"] != "").any()
    assert each <= EACH
    assert peak <= MEMORY
    assert apart <= 1e-9


def test_a_thousand_draws_of_the_elasticities_around_the_shipped_case() -> None:
    economy, scenario = entrepot.load_economy(), entrepot.load_scenario("us-tariffs-on-india-2025")
    entrepot.solve(economy, scenario).sensitivity("real_income:IND")  # compile
    began = time.perf_counter()
    answer = entrepot.uncertainty(economy, scenario, draws=DRAWS, seed=1)
    taken = time.perf_counter() - began
    row = 100 * (answer.fan.loc["real_income:IND", ["p5", "p25", "median", "p75", "p95", "default"]] - 1)
    own = answer.shares[answer.shares["outcome"] == "real_income:IND"].sort_values("share", ascending=False)
    most = ", ".join(f"{name} {100 * share:.0f} %" for name, share in own[["input", "share"]].head(5).to_numpy())
    print(
        f"\n{DRAWS} draws of 27 elasticities, real income of 81 countries and what each spread comes from: {taken:.1f} "
        f"s (at most {DRAWS_SECONDS}); India {row['median']:.4f} % (50 %: {row['p25']:.4f} to {row['p75']:.4f}, 90 %: "
        f"{row['p5']:.4f} to {row['p95']:.4f}), today {row['default']:.4f}; {most}"
    )
    assert not len(answer.failed)
    assert taken <= DRAWS_SECONDS


def test_rows_kept_on_disk_cost_next_to_nothing(tmp_path: Path) -> None:
    economy, scenario = entrepot.load_economy(), entrepot.load_scenario("us-tariffs-on-india-2025")
    options = {"draws": 300, "seed": 1, "outcomes": "real_income:all"}
    entrepot.uncertainty(economy, scenario, **(options | {"draws": 4}))  # type: ignore[arg-type]
    began = time.perf_counter()
    entrepot.uncertainty(economy, scenario, **options)  # type: ignore[arg-type]
    memory = time.perf_counter() - began
    began = time.perf_counter()
    entrepot.uncertainty(economy, scenario, to=tmp_path / "draws", **options)  # type: ignore[arg-type]
    disk = time.perf_counter() - began
    began = time.perf_counter()
    entrepot.uncertainty(economy, scenario, to=tmp_path / "draws", **options)  # type: ignore[arg-type]
    again = time.perf_counter() - began
    print(
        f"\n300 draws: {memory:.1f} s in memory, {disk:.1f} s with a folder, {again:.1f} s when they are there already"
    )
    assert disk <= 1.25 * memory + 1
    assert again < disk
