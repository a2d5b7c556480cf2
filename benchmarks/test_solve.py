"""How long a solve takes, compilation apart, and what one round of the equations costs against memory bandwidth."""

import time

import jax
import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import entrepot
from conftest import CASES, world_81x28
from entrepot.economy.closure import CLOSURES
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import MODELS


@pytest.mark.parametrize("name", CASES)
def test_solve_after_the_first_call(benchmark: BenchmarkFixture, name: str) -> None:
    """From labelled economy and shock to labelled result; best of several."""
    make, limit = CASES[name]
    economy, shock, options = make()
    began = time.perf_counter()
    result = entrepot.solve(economy, shock, **options)
    benchmark.extra_info["first call, compiling, s"] = round(time.perf_counter() - began, 2)
    benchmark.extra_info["steps"] = result.steps
    benchmark.pedantic(entrepot.solve, (economy, shock), options, rounds=15, iterations=1)
    best = 1000 * benchmark.stats.stats.min
    print(f"\n{name}: {best:.1f} ms at best (at most {limit}), {result.steps} steps, {benchmark.extra_info}")
    assert best <= limit


def test_the_map_against_memory_bandwidth() -> None:
    """One round reads the two weight cubes three times in all; how fast can this machine read that much?"""
    economy, shock, _ = world_81x28()
    problem = jax.device_put(
        encoding.build_problem(Exercise(economy, shock.on(economy).wedges, MODELS["caliendo_parro"], CLOSURES["fixed"]))
    )
    point = jax.device_put(encoding.baseline(economy, problem))
    step = jax.jit(encoding.ravelled_map)
    step(point, problem).block_until_ready()
    rounds = 300
    began = time.perf_counter()
    for _ in range(rounds):
        out = step(point, problem)
    out.block_until_ready()
    seconds = (time.perf_counter() - began) / rounds
    cube = problem.weight.nbytes
    moved = problem.weight.nbytes + 2 * problem.net_weight.nbytes + 2 * problem.input_share.nbytes
    cached, memory = bandwidth(cube), bandwidth(256 * 2**20)
    print(
        f"\none round of the equations at 81x28: {1e6 * seconds:.0f} us for {moved / 2**20:.1f} MiB read, "
        f"{moved / seconds / 2**30:.1f} GiB/s; summing arrays of the same {cube / 2**20:.1f} MiB reads "
        f"{cached:.1f} GiB/s on one core, of 256 MiB {memory:.1f} GiB/s"
    )
    assert seconds < 1e-3


def bandwidth(size: int) -> float:
    """Return GiB/s of reading an array of `size` bytes on one core, best of several."""
    array = np.ones(size // 8)
    best = np.inf
    for _ in range(10):
        repeats = max(1, 2**26 // size)
        began = time.perf_counter()
        for _ in range(repeats):
            array.sum()
        best = min(best, (time.perf_counter() - began) / repeats)
    return size / best / 2**30


def test_the_path_decomposition(benchmark: BenchmarkFixture) -> None:
    economy, shock, _ = world_81x28()
    result = entrepot.solve(economy, shock)
    benchmark.pedantic(entrepot.decompose, (result,), rounds=3, warmup_rounds=1)
