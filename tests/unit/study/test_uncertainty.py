"""Draws and what is said about them, on small economies whose numbers can be checked by another road."""

from pathlib import Path

import numpy as np
import pytest

import entrepot
from economies import random_economy, random_shock
from entrepot.policy.shock import Shock

pytestmark = pytest.mark.slow

ECONOMY = random_economy(7)
SHOCK = random_shock(ECONOMY, 1, 0.2)
OF = ("real_income:C1", "trade:C0:C1", "real_income:C2")


def asked(**options: object) -> "entrepot.study.sampling.uncertainty.Uncertainty":  # type: ignore[name-defined]
    arguments = {"inputs": "theta=+-0.2", "draws": 40, "seed": 4, "outcomes": OF} | options
    return entrepot.uncertainty(ECONOMY, SHOCK, **arguments)  # type: ignore[arg-type]


def test_each_draw_is_the_equilibrium_of_its_inputs() -> None:
    answer = asked()
    assert list(answer.table["number"]) == list(range(40))
    for number in (0, 17, 39):
        row = answer.table.loc[number]
        theta = {sector: row[f"theta:{sector}"] for sector in ECONOMY.sectors}
        result = entrepot.solve(ECONOMY.with_theta(theta), SHOCK)
        for outcome in OF:
            assert row[outcome] == pytest.approx(result.outcome(outcome), rel=1e-12)


def test_workers_folders_and_more_draws_change_no_bit(tmp_path: Path) -> None:
    one, many = asked(workers=1), asked(workers=4)
    assert one.table.equals(many.table)
    assert asked(to=tmp_path / "a").table.equals(one.table)
    first = asked(to=tmp_path / "b", draws=15)
    assert first.table.equals(one.table[:15])
    assert asked(to=tmp_path / "b", draws=40).table.equals(one.table)
    assert asked(to=tmp_path / "b", draws=15).table.equals(one.table[:15])  # fewer than the folder holds
    assert (tmp_path / "a/table.parquet").read_bytes() == (tmp_path / "b/table.parquet").read_bytes()
    assert not asked(seed=5).table.equals(one.table)


def test_a_folder_of_another_economy_scenario_model_outcome_or_seed_is_refused(tmp_path: Path) -> None:
    asked(to=tmp_path, draws=3)
    for other, word in (
        ({"seed": 5}, "seed"), ({"model": "multi_sector"}, "model"), ({"outcomes": "real_income:C3"}, "outcomes"),
        ({"inputs": "theta=+-0.21"}, "inputs"), ({"deficits": "scaled"}, "deficits"),
    ):  # fmt: skip
        with pytest.raises(entrepot.InputError, match=f"answers another question: {word}"):
            asked(to=tmp_path, draws=3, **other)
    with pytest.raises(entrepot.InputError, match="answers another question: economy"):
        entrepot.uncertainty(random_economy(8), SHOCK, inputs="theta=+-0.2", draws=3, seed=4, outcomes=OF, to=tmp_path)
    with pytest.raises(entrepot.InputError, match="answers another question: scenario"):
        entrepot.uncertainty(
            ECONOMY, random_shock(ECONOMY, 2), inputs="theta=+-0.2", draws=3, seed=4, outcomes=OF, to=tmp_path
        )


def test_the_fan_is_the_quantiles_of_the_draws_and_says_where_today_is() -> None:
    answer = asked(draws=201)
    numbers = np.sort(answer.table["real_income:C1"])
    row = answer.fan.loc["real_income:C1"]
    assert [row[name] for name in ("p5", "p25", "median", "p75", "p95")] == pytest.approx(
        numbers[[10, 50, 100, 150, 190]]
    )
    now = entrepot.solve(ECONOMY, SHOCK).outcome("real_income:C1")
    assert row["default"] == pytest.approx(now, rel=1e-12)
    assert row["default_at"] == pytest.approx((numbers < now).mean())
    assert (row["draws"], row["failed"]) == (201, 0)


def test_draws_without_equilibrium_are_rows_with_their_reason_and_in_no_band() -> None:
    answer = asked(inputs="dial:psi=0..0.9", draws=60)
    assert 0 < len(answer.failed) < 60
    assert answer.failed["problem"].str.contains("psi times theta").all()
    assert len(answer.table) == 60
    assert answer.fan["failed"].eq(len(answer.failed)).all()
    assert answer.fan["draws"].eq(60 - len(answer.failed)).all()
    assert answer.fan["median"].notna().all()


def test_what_today_s_values_cannot_solve_is_said_at_once() -> None:
    with pytest.raises(entrepot.InputError, match="psi times theta"):
        asked(model=entrepot.model("caliendo_parro", psi=3.0))


def test_first_order_shares_equal_the_variance_of_the_draws_where_the_spread_is_small() -> None:
    answer = asked(inputs="theta=+-0.01", draws=400)
    assert answer.shares["method"].eq("adjoint").all()
    np.testing.assert_allclose(answer.explained, 1.0, atol=0.2)  # the variance of 400 draws is known to a tenth or so
    np.testing.assert_allclose(answer.shares.groupby("outcome")["share"].sum(), 1.0)
    solved = answer.table
    deviation = answer.shares.set_index(["outcome", "input"])["deviation"]
    for outcome in OF:
        largest = deviation[outcome].abs().max()
        for name in deviation[outcome].index:
            slope = np.polyfit(np.log(solved[name]) / 0.01, solved[outcome], 1)[0]
            assert deviation[outcome, name] == pytest.approx(slope, abs=0.25 * largest)


def test_adjoint_and_differences_agree_on_elasticities() -> None:
    """Where a model merges sectors there is no slope by sector; for one sector both roads are open."""
    by_slope = asked(inputs="theta=+-0.001", draws=2).shares
    from entrepot.equilibrium.solvers.anderson import Settings
    from entrepot.study.sampling import first_order
    from entrepot.study.sampling.cases import study_of
    from entrepot.study.sampling.inputs import inputs_of

    study = study_of(ECONOMY, SHOCK, "caliendo_parro", "fixed", Settings(tolerance=2e-12), OF)
    for one in inputs_of("theta=+-0.001", ECONOMY, SHOCK):
        moved = first_order._differences(study, one, 1)
        for outcome in OF:
            own = by_slope[(by_slope["outcome"] == outcome) & (by_slope["input"] == one.name)]["deviation"].iloc[0]
            largest = by_slope.loc[by_slope["outcome"] == outcome, "deviation"].abs().max()
            assert own == pytest.approx(moved[outcome], abs=2e-3 * largest)


def test_inputs_of_all_kinds_share_one_spread_and_name_their_method() -> None:
    answer = asked(inputs=["theta=+-0.1", "dial:rho=0.5..1", "deficits", "coverage=0.5..1"], draws=10)
    method = answer.shares.drop_duplicates("input").set_index("input")["method"]
    assert method.to_dict() == {
        "theta:s0": "adjoint", "theta:s1": "adjoint", "theta:s2": "adjoint", "dial:rho": "difference",
        "deficits": "options", "coverage": "difference",
    }  # fmt: skip
    one_sector = asked(inputs="theta:s0=+-0.1", model="armington", draws=3)
    assert one_sector.shares["method"].eq("difference").all()


def test_the_variance_between_options_is_theirs() -> None:
    answer = asked(inputs=["deficits", "theta:s0=+-0.0001"], draws=2, outcomes="real_income:C1")
    values = []
    for rule in ("fixed", "scaled", "multiplicative", "zero"):
        base = ECONOMY.rebalanced("zero") if rule == "zero" else ECONOMY
        values.append(entrepot.solve(base, SHOCK, deficits=rule).outcome("real_income:C1"))
    own = answer.shares.set_index("input")["deviation"]
    assert own["deficits"] == pytest.approx(np.std(values), rel=1e-6)


def test_an_option_of_a_scenario_is_no_uncertainty(world: entrepot.Economy) -> None:
    with pytest.raises(entrepot.InputError, match="which course is taken is no uncertainty"):
        entrepot.uncertainty(world, entrepot.load_scenario("oil-penalty-trade-off"), inputs="option")


def test_outcomes_are_the_words_of_sensitivity_and_all_means_every_country() -> None:
    answer = asked(outcomes="real_income:all", draws=2)
    assert list(answer.fan.index) == [f"real_income:{code}" for code in ECONOMY.countries]
    with pytest.raises(entrepot.InputError, match="no outcome 'real_incom'; nearest: real_income"):
        asked(outcomes="real_incom:C1")
    with pytest.raises(entrepot.InputError, match="no outcome is asked for"):
        asked(outcomes=[])


def test_no_change_has_no_spread_and_says_so_without_a_fault() -> None:
    answer = entrepot.uncertainty(ECONOMY, Shock(), inputs="theta=+-0.2", draws=5, outcomes="real_income:C1")
    np.testing.assert_allclose(answer.table["real_income:C1"], 1.0, rtol=1e-9)
