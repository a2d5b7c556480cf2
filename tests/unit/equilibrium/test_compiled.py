"""Small problems are compiled without optimisation, large ones with; both give the same numbers."""

import numpy as np
import pytest

import entrepot
from economies import full_shock, random_economy
from entrepot.equilibrium.solvers import compiled


def test_the_size_of_the_largest_array_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    jit = compiled.jax.jit

    def spied(function: object, **options: object) -> object:
        made = jit(function, **options)  # type: ignore[call-overload]
        return lambda *given: (asked.append(bool(options.get("compiler_options"))), made(*given))[1]

    monkeypatch.setattr(compiled.jax, "jit", spied)
    double = compiled.compiled(lambda array, times: array * times)
    for size in (3, compiled.SMALL - 1, compiled.SMALL):
        np.testing.assert_array_equal(double(np.ones(size), 2.0), np.full(size, 2.0))
    assert asked == [True, True, False]


@pytest.mark.slow
def test_both_programs_find_the_same_equilibrium_and_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    economy = random_economy(3)
    shock = full_shock(economy, 3)
    quick = entrepot.solve(economy, shock)
    slopes = quick.sensitivity("real_income:C1")
    monkeypatch.setattr(compiled, "SMALL", 0)
    full = entrepot.solve(economy, shock)
    assert full.steps == quick.steps
    np.testing.assert_allclose(full.trade_cf, quick.trade_cf, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(full.sensitivity("real_income:C1")["tariff"], slopes["tariff"], rtol=1e-8, atol=1e-10)
