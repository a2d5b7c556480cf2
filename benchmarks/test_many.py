"""How long all derivatives of an outcome take beside a solve, and a thousand scenarios beside a limit."""

import resource
import sys
import time
from collections.abc import Callable

import numpy as np

import entrepot
from conftest import world_81x28
from entrepot.policy.shock import Shock

SCENARIOS, EACH = 1000, 25.0  # milliseconds on two cores
MEMORY = 3.0  # GB


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
