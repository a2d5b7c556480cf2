import numpy as np
import pytest

import entrepot
from economies import random_economy
from entrepot.policy.shock import Shock
from entrepot.study.sampling.designs import draws, grid, saltelli
from entrepot.study.sampling.distributions import Uniform
from entrepot.study.sampling.inputs import Input, inputs_of

ECONOMY = random_economy(1)
THETA = inputs_of(["theta=+-0.3"], ECONOMY, Shock())


def test_draw_n_depends_on_the_seed_and_n_alone() -> None:
    few, many = draws(THETA, 20, 5), draws(THETA, 100, 5)
    assert few == many[:20]
    assert draws(THETA, 20, 6) != few
    assert len({case.values["theta:s0"] for case in many}) == 100


def test_an_input_has_the_same_draws_beside_others() -> None:
    both = inputs_of(["theta=+-0.3", "dial:rho=0.5..1"], ECONOMY, Shock())
    alone, beside = draws(THETA, 10, 1), draws(both, 10, 1)
    assert [case.values["theta:s1"] for case in alone] == [case.values["theta:s1"] for case in beside]
    rho = [case.values["dial:rho"] for case in draws(both, 400, 1)]
    theta = [case.values["theta:s1"] for case in draws(both, 400, 1)]
    assert abs(np.corrcoef(rho, np.log(np.array(theta, dtype=float)))[0, 1]) < 0.15  # names keep them apart


def test_draws_have_the_distribution_that_was_asked_for() -> None:
    logs = np.log([float(case.values["theta:s0"]) for case in draws(THETA, 4000, 2)])
    assert logs.mean() == pytest.approx(np.log(float(ECONOMY.theta[0])), abs=0.02)
    assert logs.std() == pytest.approx(0.3, abs=0.01)


def test_a_grid_is_every_combination_in_order() -> None:
    cases = grid(inputs_of(["dial:rho=0.5..1/2", "deficits"], ECONOMY, Shock()))
    assert [(case.number, *case.values.values()) for case in cases] == [
        (0, 0.5, "fixed"), (1, 0.5, "scaled"), (2, 0.5, "multiplicative"), (3, 0.5, "zero"),
        (4, 1.0, "fixed"), (5, 1.0, "scaled"), (6, 1.0, "multiplicative"), (7, 1.0, "zero"),
    ]  # fmt: skip
    with pytest.raises(entrepot.InputError, match="the grid has 8,000,000,000 cases"):
        grid(inputs_of([f"theta:s{n}=2..8/2000" for n in range(3)], ECONOMY, Shock()))


@pytest.mark.parametrize(("count", "seed", "message"), [(0, 1, "draws=0"), (True, 1, "draws=True"), (1, -1, "seed=-1")])
def test_counts_and_seeds_are_whole_numbers(count: int, seed: int, message: str) -> None:
    with pytest.raises(entrepot.InputError, match=message):
        draws(THETA, count, seed)


def test_the_design_for_indices_needs_a_power_of_two_and_two_groups() -> None:
    both = inputs_of(["theta=+-0.3", "dial:rho=0.5..1"], ECONOMY, Shock())
    assert len(saltelli(both, 8, 1)) == 8 * (2 + 2)  # theta is one group of three sectors
    assert saltelli(both, 8, 1) == saltelli(both, 8, 1)
    with pytest.raises(entrepot.InputError, match="sobol=12; give a power of two"):
        saltelli(both, 12, 1)
    with pytest.raises(entrepot.InputError, match="vary two or more"):
        saltelli(THETA, 8, 1)


def test_the_design_for_indices_is_that_of_salib() -> None:
    # SALib 1.6.0, sample.sobol.sample(problem, 2, calc_second_order=False, seed=1), with x0 and x1 in one group
    published = [
        [0.15546531789004803, 0.588747326284647, 0.607532175257802],
        [0.2423999896273017, 0.8456894652917981, 0.607532175257802],
        [0.15546531789004803, 0.588747326284647, 0.2625605845823884],
        [0.2423999896273017, 0.8456894652917981, 0.2625605845823884],
        [0.6914629619568586, 0.3398522660136223, 0.3996420092880726],
        [0.6287045767530799, 0.4168785288929939, 0.3996420092880726],
        [0.6914629619568586, 0.3398522660136223, 0.9255006751045585],
        [0.6287045767530799, 0.4168785288929939, 0.9255006751045585],
    ]
    inputs = [Input(f"x{n}", Uniform(0.0, 1.0), group, "") for n, group in enumerate(("theta", "theta", "dial:rho"))]
    found = [list(case.values.values()) for case in saltelli(inputs, 2, 1)]
    np.testing.assert_array_equal(found, published)
