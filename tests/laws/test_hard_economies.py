"""Any valid economy and any shock converges, or there is a reason and it is told."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

import entrepot
from economies import borders, hard_economy, random_economy, random_shock
from entrepot.economy.economy import Economy
from entrepot.equilibrium import search
from entrepot.equilibrium.solvers.anderson import Ending, Settings, Solution
from entrepot.policy.shock import Shock
from levels import errors

pytestmark = pytest.mark.slow

SIZES = (2, 3, 5, 10, 20, 40, 80, 150)
SECTORS = (3, 1, 5, 2, 4, 3, 1, 2)  # one number for each size: every other pair would be a program to compile
FIFTY = [(seed, SIZES[seed % len(SIZES)], SECTORS[seed % len(SIZES)]) for seed in range(50)]
SOME_LONG = [pytest.param(*one, marks=pytest.mark.long if number % 5 else ()) for number, one in enumerate(FIFTY)]
"""A fifth of them in `make test`, among them every size, all in `make test-long`."""


def wedges(economy: Economy, seed: int, low: float, high: float) -> np.ndarray:
    """Return changes between `low` and `high` on every border."""
    draw = np.random.default_rng(seed + 1000)
    return np.where(borders(economy), draw.uniform(low, high, economy.trade.shape), 0.0)


@pytest.mark.parametrize(("seed", "countries", "sectors"), SOME_LONG)
def test_costs_between_a_tenth_and_four_times_converge(seed: int, countries: int, sectors: int) -> None:
    economy = hard_economy(seed, countries, sectors)
    shock = Shock(iceberg_hat=1 + economy.tariff * 0 + wedges(economy, seed, -0.9, 3.0))
    result = entrepot.solve(economy, shock, deficits="scaled")
    found = errors(result)
    assert max(found.values()) < 1e-7, found


@pytest.mark.parametrize(("seed", "countries", "sectors"), SOME_LONG)
def test_duties_between_minus_90_and_300_per_cent_converge(seed: int, countries: int, sectors: int) -> None:
    """Without input links: import subsidies on inputs can ask for more than the world makes (see below)."""
    economy = hard_economy(seed, countries, sectors, inputs=False)
    shock = Shock(tariff=economy.tariff * 0 + wedges(economy, seed, -0.9, 3.0))
    result = entrepot.solve(economy, shock, deficits="scaled")
    found = errors(result)
    assert max(found.values()) < 1e-7, found


def test_subsidies_on_inputs_beyond_what_the_world_makes_have_no_equilibrium_and_the_reason_is_told() -> None:
    """Half of cost is inputs, nearly all imported: at 90 % subsidy their border value is five times world output."""
    trade = np.array([[[1.0], [9.0]], [[9.0], [1.0]]])
    names = ["A", "B"]
    coords = {"origin": names, "destination": names, "sector": ["all"], "country": names, "input": ["all"]}
    data = {
        "trade": (("origin", "destination", "sector"), trade),
        "input_share": (("country", "input", "sector"), np.full((2, 1, 1), 0.5)),
        "value_added_share": (("country", "sector"), np.full((2, 1), 0.5)),
    }
    economy = Economy.from_dataset(xr.Dataset(data, coords), theta=4.0)
    rate = xr.zeros_like(economy.tariff) - 0.9 * borders(economy)
    with pytest.raises(entrepot.NotConverged, match=r"followed up to .* %.*income of [AB] is down to .*subsidies"):
        entrepot.solve(economy, Shock(tariff=rate))
    free = economy.without_inputs()
    assert entrepot.solve(free, Shock(tariff=rate)).walras < 1e-9


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=() if seed in (1, 4, 7) else pytest.mark.long) for seed in range(1, 8)]
)
def test_a_full_embargo_of_every_border_is_autarky(seed: int) -> None:
    economy = hard_economy(seed, SIZES[seed], 2)
    hat = np.where(np.broadcast_to(borders(economy), economy.trade.shape), np.inf, 1.0)
    embargo = Shock(iceberg_hat=economy.labelled(hat, ("origin", "destination", "sector"), "iceberg_hat"))
    result = entrepot.solve(economy, embargo, deficits="zero")
    assert float((result.trade_cf * borders(economy)).sum()) == 0.0
    assert max(errors(result).values()) < 1e-8
    with pytest.raises(entrepot.InputError, match="trades with nobody, so it can have no imbalance"):
        entrepot.solve(economy, embargo, deficits="fixed")


@pytest.mark.parametrize(("seed", "countries", "rule"), [(17, 5, "fixed"), (4, 20, "zero"), (2, 5, "fixed")])
def test_a_wall_around_everybody_is_climbed(seed: int, countries: int, rule: str) -> None:
    """300 % leave trade of a millionth of income, where wages hardly move any equation.

    Which of the ways to the equilibrium gets there first depends on the last digit of the arithmetic.
    """
    economy = hard_economy(seed, countries, 1 + seed % 3)
    wall = Shock(tariff=economy.tariff * 0 + 3.0 * borders(economy))
    result = entrepot.solve(economy, wall, deficits=rule)  # type: ignore[arg-type]
    assert max(errors(result).values()) < 1e-7


def gives_up(real: Callable[..., Solution], when: Callable[[Settings], bool]) -> Callable[..., Solution]:
    """Return a solver that stops where it starts in some settings."""

    def solver(mapping: object, start: np.ndarray, arguments: object, settings: Settings, *others: object) -> Solution:
        if when(settings):
            return Solution(np.asarray(start), 1.0, 1, Ending.STALLED)
        return real(mapping, start, arguments, settings, *others)

    return solver


@pytest.mark.parametrize(
    ("route", "anderson_fails", "newton_fails"),
    [
        ("Anderson with short steps", lambda settings: settings.mixing == 1, False),
        ("Newton", lambda settings: True, False),
        ("in 2 parts", lambda settings: settings.max_steps != search.PART_PATIENCE, True),
    ],
)
def test_where_one_way_fails_the_next_is_taken_named_and_ends_at_the_same_place(
    monkeypatch: pytest.MonkeyPatch, route: str, anderson_fails: Callable[[Settings], bool], newton_fails: bool
) -> None:
    economy = random_economy(9)
    shock = random_shock(economy, 9)
    plain = entrepot.solve(economy, shock)
    assert plain.route == "Anderson"
    monkeypatch.setattr(search, "fixed_point", gives_up(search.fixed_point, anderson_fails))
    monkeypatch.setattr(search, "newton", gives_up(search.newton, lambda settings: newton_fails))
    patient = entrepot.solve(economy, shock)
    assert patient.route == route
    np.testing.assert_allclose(patient.trade_cf, plain.trade_cf, rtol=1e-8, atol=1e-12)
