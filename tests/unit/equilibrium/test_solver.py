import jax.numpy as jnp
import numpy as np
import pytest

from entrepot.equilibrium.solvers.anderson import Ending, Settings, fixed_point
from entrepot.equilibrium.solvers.newton import newton

rng = np.random.default_rng(1)
ROTATION = np.linalg.qr(rng.normal(size=(30, 30)))[0]
LINEAR = (
    ROTATION @ np.diag(np.concatenate([np.linspace(-3, 0.9, 29), [-8.0]])) @ ROTATION.T
)  # diverges when iterated plainly


def cosine(x, scale):  # type: ignore[no-untyped-def]
    return jnp.cos(scale * x)


def linear(x, shift):  # type: ignore[no-untyped-def]
    return LINEAR @ x + shift


def overflowing(x, _):  # type: ignore[no-untyped-def]
    return x + jnp.exp(x)


def not_a_number(x, _):  # type: ignore[no-untyped-def]
    return jnp.log(-1 - jnp.abs(x))


def test_it_finds_where_the_cosine_stays() -> None:
    solution = fixed_point(cosine, np.zeros(3), 1.0, Settings())
    assert solution.ending is Ending.CONVERGED
    np.testing.assert_allclose(solution.point, 0.7390851332151607, atol=1e-11)
    assert solution.residual == pytest.approx(np.abs(np.cos(solution.point) - solution.point).max(), abs=1e-15)


def test_a_start_that_stays_takes_one_step() -> None:
    assert fixed_point(linear, np.zeros(30), np.zeros(30), Settings()).steps == 1


def test_it_converges_where_plain_iteration_diverges() -> None:
    shift = np.arange(30.0)
    solution = fixed_point(linear, np.zeros(30), shift, Settings())
    assert solution.ending is Ending.CONVERGED
    np.testing.assert_allclose(solution.point, np.linalg.solve(np.eye(30) - LINEAR, shift), atol=1e-9)


def test_progress_is_told_and_changes_nothing() -> None:
    told: list[tuple[int, float]] = []
    plain = fixed_point(linear, np.zeros(30), np.arange(30.0), Settings())
    watched = fixed_point(
        linear, np.zeros(30), np.arange(30.0), Settings(), lambda steps, residual: told.append((steps, residual))
    )
    assert watched.steps == plain.steps
    np.testing.assert_array_equal(watched.point, plain.point)
    assert [steps for steps, _ in told] == list(range(10, plain.steps, 10))


def test_running_out_of_steps_is_said_with_the_best_residual() -> None:
    solution = fixed_point(linear, np.zeros(30), np.arange(30.0), Settings(max_steps=5))
    assert solution.ending is Ending.STEPS
    assert solution.steps == 5
    assert solution.residual > 1e-11


@pytest.mark.parametrize("mapping", [not_a_number, overflowing])
def test_a_map_without_a_fixed_point_is_never_called_converged(mapping) -> None:  # type: ignore[no-untyped-def]
    solution = fixed_point(mapping, np.full(4, 700.0), 0.0, Settings(max_steps=300))
    assert solution.ending is not Ending.CONVERGED


def test_the_residual_is_of_the_map_not_of_a_shortened_step() -> None:
    """A damped step can be as short as one likes far from the answer; the move of the map cannot."""
    solution = fixed_point(cosine, np.zeros(1), 1.0, Settings(tolerance=1e-6))
    assert abs(np.cos(solution.point) - solution.point).max() <= 1e-6


def without(x, _):  # type: ignore[no-untyped-def]
    return x + 1 + x**2


def flat(x, _):  # type: ignore[no-untyped-def]
    """Its solution is 1, 1; the second unknown hardly moves any residual, and far from it the first does."""
    return jnp.stack([x[0] + 1 - x[0] ** 3, x[1] + 1e-7 * (x[0] - x[1])])


def test_newtons_method_finds_what_it_is_near_in_a_few_steps() -> None:
    solution = newton(cosine, np.full(3, 0.5), 1.0, Settings(tolerance=1e-15))
    assert solution.ending is Ending.CONVERGED
    assert solution.steps <= 6
    np.testing.assert_allclose(solution.point, 0.7390851332151607, atol=1e-15)


def test_newtons_method_does_not_mind_an_unknown_that_hardly_matters() -> None:
    solution = newton(flat, np.array([2.0, -3.0]), None, Settings(tolerance=1e-15))
    assert solution.ending is Ending.CONVERGED
    np.testing.assert_allclose(solution.point, 1.0, atol=1e-7)


def test_newtons_method_says_when_it_is_lost() -> None:
    assert newton(not_a_number, np.zeros(3), None, Settings()).ending is not Ending.CONVERGED
    assert newton(without, np.zeros(3), None, Settings()).ending is not Ending.CONVERGED


def test_short_steps_reach_the_same_point() -> None:
    shift = np.arange(30.0)
    short = fixed_point(linear, np.zeros(30), shift, Settings(mixing=0.2))
    assert short.ending is Ending.CONVERGED
    np.testing.assert_allclose(short.point, np.linalg.solve(np.eye(30) - LINEAR, shift), atol=1e-9)
