import numpy as np
import pytest

import entrepot
from economies import full_shock, random_economy, random_shock
from entrepot.equilibrium.models import MODELS


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
        ({"eta": "1"}, "eta = 1; .* give a number at least 0"),
        ({"psi": -1}, "psi = -1; productivity does not fall with scale"),
        ({"psi": {"s0": -1}}, "psi = -1"),
        ({"specific_share": 1.5}, "specific_share = 1.5; it is a share of value added; give a number between 0 and 1"),
        ({"scale_share": 1.2}, "scale_share = 1.2; above 1 the equilibrium is not unique"),
        ({"scale_share": 0.5, "psi": 0.1}, "psi and scale_share both give scale economies"),
        ({"theta_factor": 0}, "theta_factor"),
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


def test_dials_by_sector_apply_to_their_sector() -> None:
    economy = random_economy(3)
    model = entrepot.model("caliendo_parro", psi={"s1": 0.05}, specific_share={"s2": 0.7})
    np.testing.assert_array_equal(model.scale(economy), [0.0, 0.05, 0.0])
    np.testing.assert_array_equal(model.tied(economy), [0.0, 0.0, 0.7])
    assert entrepot.solve(economy, full_shock(economy, 3), model=model).walras < 1e-9
    with pytest.raises(entrepot.InputError, match="psi: unknown sector 's9'"):
        entrepot.solve(economy, entrepot.Shock(), model=entrepot.model("caliendo_parro", psi={"s9": 0.1}))


def test_a_model_names_the_dials_that_are_turned() -> None:
    assert entrepot.model("caliendo_parro").dials == {}
    assert entrepot.model("nested_ces", rho=1).dials == {"mu": 0.2, "eta": 0.9}


def test_caliendo_and_parros_variant_without_inputs_runs_on_their_economy(prepared) -> None:  # type: ignore[no-untyped-def]
    from entrepot.data.cubes import read_cube

    dataset = read_cube(prepared / "validation" / "caliendo_parro_2015" / "nafta.nc")
    economy = entrepot.Economy.from_dataset(dataset, name="nafta").rebalanced("zero")
    with_inputs = entrepot.solve(economy, entrepot.Shock(tariff=dataset["tariff_cf"]))
    without = entrepot.solve(economy, entrepot.Shock(tariff=dataset["tariff_cf"]), model="multi_sector")
    single = entrepot.solve(economy, entrepot.Shock(tariff=dataset["tariff_cf"]), model="armington")
    assert float(without.real_wage_hat.sel(country="Mexico")) < float(with_inputs.real_wage_hat.sel(country="Mexico"))
    assert single.walras < 1e-9
