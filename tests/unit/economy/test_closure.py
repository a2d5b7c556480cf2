"""Closures: one name means the same wherever it can be given, and the registry is the only list."""

from dataclasses import replace

import numpy as np
import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.economy import closure as closures
from entrepot.economy.closure import CLOSURES, Closure, standard_closures
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock
from entrepot.study.closures import by_deficits
from entrepot.study.sampling.inputs import inputs_of

OF = "real_income:C1"


@pytest.fixture(scope="module")
def small() -> Economy:
    return random_economy(11)


@pytest.fixture(scope="module")
def shock(small: Economy) -> Shock:
    return random_shock(small, 3)


@pytest.fixture(scope="module")
def balanced_first(small: Economy, shock: Shock) -> float:
    """Return the outcome with trade balanced by hand before the change."""
    return entrepot.solve(small.rebalanced("zero"), shock).outcome(OF)


def test_zero_balances_the_base_year_first_when_one_shock_is_solved(
    small: Economy, shock: Shock, balanced_first: float
) -> None:
    result = entrepot.solve(small, shock, deficits="zero")
    assert result.outcome(OF) == pytest.approx(balanced_first, rel=1e-9)
    assert "Rebalanced with deficits zero" in result.economy.notes[-1]
    assert float(abs(result.deficit_cf).max()) < 1e-9 * float(small.income.max())


def test_zero_means_the_same_for_many_shocks(small: Economy, shock: Shock, balanced_first: float) -> None:
    many = entrepot.solve_many(small, [shock], deficits="zero")
    assert float(many["real_income_hat"].sel(country="C1").values[0]) == pytest.approx(balanced_first, rel=1e-9)


def test_zero_means_the_same_in_sweeps_and_draws(small: Economy, shock: Shock, balanced_first: float) -> None:
    given = entrepot.sweep(small, shock, over=["theta:s0=3"], outcomes=OF, deficits="zero").table
    swept = entrepot.sweep(small, shock, over=["theta:s0=3", "deficits=zero"], outcomes=OF).table
    assert float(given[OF].iloc[0]) == pytest.approx(float(swept[OF].iloc[0]), rel=1e-9)
    unmoved = f"theta:s0={float(small.theta[0])}"
    here = entrepot.sweep(small, shock, over=[unmoved], outcomes=OF, deficits="zero").table
    assert float(here[OF].iloc[0]) == pytest.approx(balanced_first, rel=1e-9)
    drawn = entrepot.uncertainty(
        small, shock, inputs=[f"theta:s0={float(small.theta[0])}..{float(small.theta[0]) + 1e-9}"], draws=2, seed=1,
        outcomes=OF, deficits="zero",
    )  # fmt: skip
    assert float(drawn.table[OF].iloc[0]) == pytest.approx(balanced_first, rel=1e-7)


def test_zero_means_the_same_for_goals_and_tariff_games(small: Economy) -> None:
    balanced = small.rebalanced("zero")
    goal = ["tariff:C2:C1"], ["trade:C2:C1=-10%"]
    here, there = (
        entrepot.seek(small, *goal, deficits="zero").unknowns["value"].iloc[0],
        entrepot.seek(balanced, *goal).unknowns["value"].iloc[0],
    )
    assert here == pytest.approx(there, rel=1e-7)
    best = [entrepot.optimal_tariff(one, "C1", deficits=rule, starts=1) for one, rule in
            ((small, "zero"), (balanced, "fixed"))]  # fmt: skip
    assert best[0].result.outcome(OF) == pytest.approx(best[1].result.outcome(OF), rel=1e-7)


def test_zero_means_the_same_in_tables_of_closures(small: Economy, shock: Shock, balanced_first: float) -> None:
    fixed = entrepot.solve(small, shock)
    zero = entrepot.solve(small, shock, deficits="zero")
    expected = 100 * (balanced_first - 1)
    assert by_deficits(fixed).loc["C1", "zero"] == pytest.approx(expected, rel=1e-8)
    assert by_deficits(zero).loc["C1", "fixed"] == pytest.approx(100 * (fixed.outcome(OF) - 1), rel=1e-8)


def test_removing_imbalances_together_with_the_change_has_a_name_of_its_own(small: Economy, shock: Shock) -> None:
    together = entrepot.solve(small, shock, deficits="zero_together")
    apart = entrepot.solve(small, shock, deficits="zero")
    assert float(abs(together.deficit_cf).max()) < 1e-12 * float(small.income.max())
    assert together.outcome(OF) != pytest.approx(apart.outcome(OF), rel=1e-3)
    assert together.economy is small


def test_multiplicative_keeps_spending_over_sales_up_to_one_number(small: Economy, shock: Shock) -> None:
    result = entrepot.solve(small, shock, deficits="multiplicative")
    before, after = (flows.values.sum(axis=2) for flows in (small.trade, result.trade_cf))
    multiples = (after.sum(axis=0) / after.sum(axis=1)) / (before.sum(axis=0) / before.sum(axis=1))
    assert np.ptp(multiples) < 1e-9
    assert abs(float(result.deficit_cf.sum())) < 1e-9 * float(small.income.sum())
    assert result.walras < 1e-9


@pytest.mark.parametrize("rule", ["scaled", "multiplicative"])
def test_a_leaking_closure_misses_by_what_the_world_does_not_earn(small: Economy, shock: Shock, rule: str) -> None:
    leaking, whole = (
        entrepot.solve(small, shock, deficits=f"{rule}_leaking"),
        entrepot.solve(small, shock, deficits=rule),
    )
    leak = float(leaking.deficit_cf.sum()) / float(small.income.sum())
    assert leak != pytest.approx(0, abs=1e-8)
    assert leaking.outcome(OF) == pytest.approx(whole.outcome(OF), abs=20 * abs(leak))
    assert not CLOSURES[f"{rule}_leaking"].standard


@pytest.mark.parametrize("name", CLOSURES)
def test_no_change_changes_nothing_under_any_closure_of_a_balanced_world(small: Economy, name: str) -> None:
    result = entrepot.solve(small.rebalanced("zero"), Shock(), deficits=name)
    assert float(abs(result.real_income_hat - 1).max()) < 1e-9


def test_a_new_closure_shows_up_in_every_list(monkeypatch: pytest.MonkeyPatch, small: Economy, shock: Shock) -> None:
    new = replace(CLOSURES["scaled"], name="like_scaled", title="as scaled, for a test")
    monkeypatch.setitem(closures.CLOSURES, "like_scaled", new)
    assert "like_scaled" in standard_closures()
    assert "like_scaled" in by_deficits(entrepot.solve(small, shock)).columns
    assert entrepot.solve(small, shock, deficits="like_scaled").deficits == "like_scaled"
    (rule,) = inputs_of(["deficits"], small, shock)
    assert "like_scaled" in str(rule.distribution)
    with pytest.raises(entrepot.InputError, match="like_scaled"):
        entrepot.solve(small, shock, deficits="none")


def test_every_closure_says_in_words_what_it_does() -> None:
    for name, one in CLOSURES.items():
        assert isinstance(one, Closure)
        assert one.name == name
        assert 20 < len(one.title) < 200
        assert len(one.help) < 90
