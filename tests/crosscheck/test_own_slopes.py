"""Every government's derivatives by its own taxes against differences: every model and rule, taxes of all in force."""

import numpy as np
import pytest

import entrepot
from economies import full_shock, random_economy
from entrepot.equilibrium.solve import prepared
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.study.tariff_games.game import TaxGame
from entrepot.study.tariff_games.government import governments_of, rates_of

pytestmark = pytest.mark.slow

STEP = 1e-4


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        pytest.param("multi_sector", "fixed", marks=pytest.mark.long), ("multi_sector", "scaled"),
        ("substituting", "zero"), ("caliendo_parro", "fixed"),
        pytest.param("caliendo_parro", "scaled", marks=pytest.mark.long), ("years_2_3", "zero"), ("krugman", "fixed"),
    ],
)  # fmt: skip
def test_own_slopes_equal_central_differences(model: str, rule: str) -> None:
    chosen = entrepot.model("multi_sector", eta=0.5) if model == "substituting" else entrepot.model(model)
    economy = random_economy(5, countries=3, sectors=2)
    exercise = prepared(economy, full_shock(economy, 5), chosen, rule)  # type: ignore[arg-type]
    rates = rates_of(exercise.economy, governments_of(exercise.economy, None), "sector", ["tariff", "export_tax"])
    game = TaxGame(exercise, rates, Settings(tolerance=1e-13))
    standing = game.rates_in_force()
    slope = game.profile(standing).slope
    for number, government in enumerate(rates.of_government):
        way = STEP * (np.arange(len(rates)) == number)
        far, near, minus_near, minus_far = (
            game.value(game.result(standing + times * way))[government] for times in (2, 1, -1, -2)
        )
        difference = (8 * (near - minus_near) - (far - minus_far)) / (12 * STEP)
        assert slope[number] == pytest.approx(difference, abs=1e-8), rates.labels.iloc[number].tolist()
