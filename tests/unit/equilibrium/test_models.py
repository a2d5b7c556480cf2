from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import entrepot
from economies import full_shock, random_economy, random_shock
from entrepot.economy.closure import CLOSURES
from entrepot.equilibrium.model.models import MODELS
from entrepot.policy.wedges import Wedges


@pytest.mark.parametrize("name", MODELS)
def test_every_preset_says_what_it_is_where_it_comes_from_and_what_for(name: str) -> None:
    model = MODELS[name]
    assert model.name == name
    assert model.title
    assert "(" in model.paper
    assert len(model.question) > 20


@pytest.mark.parametrize(
    ("dials", "message"),
    [
        ({"rho": -0.1}, "rho = -0.1; an elasticity of substitution is not negative"),
        ({"mu": float("nan")}, "mu = nan"),
        ({"eta": float("inf")}, "eta = inf"),
        ({"eta": "1"}, "eta = 1; give a number"),
        ({"psi": -1}, "psi = -1; productivity does not fall with scale"),
        ({"psi": {"s0": -1}}, "psi = -1"),
        ({"specific_share": 1.5}, "specific_share = 1.5; it is a share of value added; give a number between 0 and 1"),
        ({"scale_share": 1.2}, "scale_share = 1.2; above 1 the equilibrium is not unique"),
        ({"scale_share": 0.5, "psi": 0.1}, "psi and scale_share both give scale economies"),
        ({"theta_factor": 0}, "theta_factor = 0; elasticities stay positive"),
        ({"theta_factor": {"s0": 2}}, "this dial is not by sector"),
        ({"rho": True}, "rho = True; give a number"),
        ({"inputs": "no"}, "inputs = no; give true or false"),
        ({"incomes_held": True}, "set inputs=False"),
    ],
)
def test_dials_without_economic_meaning_are_refused_with_the_reason(dials: dict[str, object], message: str) -> None:
    with pytest.raises(entrepot.InputError, match=message):
        entrepot.model("nested_ces", **dials)


def test_an_unknown_model_or_dial_is_answered_with_the_nearest() -> None:
    with pytest.raises(entrepot.InputError, match="no model 'krugmann'; nearest: krugman"):
        entrepot.model("krugmann")
    with pytest.raises(entrepot.InputError, match="no dial 'rhoo'; nearest: rho"):
        entrepot.model("nested_ces", rhoo=1)


@pytest.mark.slow
def test_scale_economies_that_leave_many_equilibria_are_refused() -> None:
    many, single = random_economy(1), random_economy(1, sectors=1)
    with pytest.raises(
        entrepot.InputError, match="psi times theta is 1 in sector s0; the equilibrium is unique below 1"
    ):
        entrepot.solve(many, entrepot.Shock(), model=entrepot.model("krugman", scale_share=1))
    assert entrepot.solve(single, random_shock(single, 1), model=entrepot.model("krugman", scale_share=1)).walras < 1e-9
    with pytest.raises(entrepot.InputError, match="psi times theta is"):
        entrepot.solve(
            single, entrepot.Shock(), model=entrepot.model("caliendo_parro", psi=1.01 / float(single.theta[0]))
        )


@pytest.mark.slow
def test_dials_by_sector_apply_to_their_sector() -> None:
    economy = random_economy(3)
    model = entrepot.model("caliendo_parro", psi={"s1": 0.05}, specific_share={"s2": 0.7})
    np.testing.assert_array_equal(model.scale(economy), [0.0, 0.05, 0.0])
    np.testing.assert_array_equal(model.tied(economy), [0.0, 0.0, 0.7])
    assert entrepot.solve(economy, full_shock(economy, 3), model=model).walras < 1e-9
    labelled = entrepot.model("caliendo_parro", psi=0.01 + 0 * economy.theta)
    np.testing.assert_array_equal(labelled.scale(economy), 0.01)
    with pytest.raises(entrepot.InputError, match="psi: unknown sector 's9'"):
        entrepot.solve(economy, entrepot.Shock(), model=entrepot.model("caliendo_parro", psi={"s9": 0.1}))


def test_a_model_names_the_dials_that_are_turned() -> None:
    assert entrepot.model("caliendo_parro").dials == {}
    assert entrepot.model("nested_ces", rho=1).dials == {"mu": 0.2, "eta": 0.9}


@pytest.mark.slow
def test_caliendo_and_parros_variant_without_inputs_runs_on_their_economy(published: Path) -> None:
    from entrepot.data.cubes import read_cube

    dataset = read_cube(published / "caliendo_parro_2015" / "nafta.nc")
    economy = entrepot.Economy.from_dataset(dataset, name="nafta").rebalanced("zero")
    with_inputs = entrepot.solve(economy, entrepot.Shock(tariff=dataset["tariff_cf"]))
    without = entrepot.solve(economy, entrepot.Shock(tariff=dataset["tariff_cf"]), model="multi_sector")
    single = entrepot.solve(economy, entrepot.Shock(tariff=dataset["tariff_cf"]), model="armington")
    assert float(without.real_wage_hat.sel(country="Mexico")) < float(with_inputs.real_wage_hat.sel(country="Mexico"))
    assert single.walras < 1e-9


def twins() -> entrepot.Economy:
    """Return two identical countries that make one good mostly out of itself."""
    names = ["A", "B"]
    coords = {"origin": names, "destination": names, "sector": ["all"], "country": names, "input": ["all"]}
    data = {
        "trade": (("origin", "destination", "sector"), np.array([[[8.0], [2.0]], [[2.0], [8.0]]])),
        "input_share": (("country", "input", "sector"), np.full((2, 1, 1), 0.7)),
        "value_added_share": (("country", "sector"), np.full((2, 1), 0.3)),
    }
    return entrepot.Economy.from_dataset(xr.Dataset(data, coords), theta=1.5)


@pytest.mark.slow
@pytest.mark.parametrize(("scale_share", "stable"), [(0.3, True), (0.6, True), (0.66, False), (1.0, False)])
def test_scale_economies_that_compound_through_inputs_without_end_are_refused(scale_share: float, stable: bool) -> None:
    """By hand: ln price = -change / (share - psi (1 - share)), which turns its sign at psi = 0.3 / 0.7."""
    economy, model = twins(), entrepot.model("krugman", scale_share=scale_share)
    better = economy.labelled(np.full((2, 1), 1.01), ("country", "sector"), "productivity_hat")
    if stable:
        result = entrepot.solve(economy, entrepot.Shock(productivity_hat=better), model=model)
        psi = scale_share / 1.5
        assert float(np.log(result.real_income_hat[0])) == pytest.approx(np.log(1.01) / (0.3 - psi * 0.7), rel=1e-6)
    else:
        with pytest.raises(
            entrepot.InputError, match=r"in the base year, scale economies compound .*; lower scale_share"
        ):
            entrepot.solve(economy, entrepot.Shock(productivity_hat=better), model=model)


@pytest.mark.slow
def test_the_largest_eigenvalue_is_the_same_by_elimination_and_by_arnoldi(monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.equilibrium.model import encoding, stability

    economy = random_economy(6)
    problem = encoding.build_problem(
        encoding.Exercise(economy, Wedges.of_base(economy), entrepot.model("krugman"), CLOSURES["fixed"])
    )
    vector = encoding.baseline(economy, problem)
    dense = stability.largest_real_eigenvalue(problem, vector)
    monkeypatch.setattr(stability, "DENSE", 0)
    assert stability.largest_real_eigenvalue(problem, vector) == pytest.approx(dense, rel=1e-3)


def test_held_incomes_hold_imbalances_too() -> None:
    economy = random_economy(1, sectors=1)
    with pytest.raises(entrepot.InputError, match="incomes are held, imbalances with them; found deficits='zero'"):
        entrepot.solve(economy, entrepot.Shock(), model="conditional_gravity", deficits="zero")
    result = entrepot.solve(economy, random_shock(economy, 1), model="conditional_gravity")
    np.testing.assert_array_equal(result.real_income_hat, result.real_wage_hat)
