"""How long trade wars, best taxes and goals take, beside their limits; compilation is paid before any clock starts."""

import time
from collections.abc import Callable
from typing import TypeVar

import entrepot
from conftest import prepared
from entrepot.economy.economy import Economy

WAR_WITHOUT_INPUTS, WAR_WITH_INPUTS = 2.0, 20.0  # seconds on two cores, 81 countries by 28 sectors, one rate each
BEST_BY_PARTNER_AND_SECTOR = 30.0  # seconds on two cores, the United States
RUNS = 3

Found = TypeVar("Found")


def timed(question: Callable[[], Found]) -> tuple[Found, list[float]]:
    """Return an answer and how long it took, `RUNS` times after the first."""
    question()
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        answer = question()
        taken.append(time.perf_counter() - began)
    return answer, sorted(taken)


def test_a_trade_war_of_81_countries_without_inputs() -> None:
    _war(entrepot.load_economy(), "multi_sector", WAR_WITHOUT_INPUTS)


def test_a_trade_war_of_81_countries_with_inputs() -> None:
    _war(entrepot.load_economy(), "caliendo_parro", WAR_WITH_INPUTS)


def test_a_trade_war_of_the_exam_of_2014() -> None:
    economy = entrepot.load_economy(prepared() / "exams" / "wiod2014_44x16.nc").rebalanced("zero")
    _war(economy, "multi_sector", WAR_WITHOUT_INPUTS)
    closed = entrepot.nash(economy, rule="sufficient_statistics", model="multi_sector")
    exact = entrepot.nash(economy, model="multi_sector", deviations=False)
    apart = 100 * (closed.rates["rate"] - exact.rates["rate"])
    print(
        f"the closed form differs by {apart.min():+.2f} to {apart.max():+.2f} points, "
        f"{apart.median():+.2f} in the middle; leaving it alone brings up to {closed.largest_gain:.1e}"
    )


def test_the_best_us_tariffs_by_partner_and_sector() -> None:
    economy = entrepot.load_economy()
    best, seconds = timed(lambda: entrepot.optimal_tariff(economy, "USA", "partner,sector"))
    print(
        f"\n{len(best.rates)} rates: {seconds[0]:.1f} s at best, {seconds[len(seconds) // 2]:.1f} in the middle (at "
        f"most {BEST_BY_PARTNER_AND_SECTOR:g}), {best.evaluations} equilibria from {len(best.starts)} starts; gain "
        f"{best.gain_pct:.3f} %, slope {best.slope:.0e}, next step {best.move:.0e}, curvature {best.curvature:.1e}"
    )
    assert seconds[0] <= BEST_BY_PARTNER_AND_SECTOR
    assert best.slope <= 1e-6


def test_a_goal_of_the_case() -> None:
    economy = entrepot.load_economy("icio2022-india-russia-2025")
    answer, seconds = timed(
        lambda: entrepot.seek(economy, ["iceberg:IND:RUS:agriculture,pharma,textiles"], ["balance:IND:RUS:goods=-50%"])
    )
    print(f"\na goal: {seconds[0]:.2f} s at best, {answer.solves} equilibria")
    assert answer.reached


def _war(economy: Economy, model: str, most: float) -> None:
    began = time.perf_counter()
    entrepot.nash(economy, model=model, deviations=False)
    first = time.perf_counter() - began
    war, seconds = timed(lambda: entrepot.nash(economy, model=model, deviations=False))
    checked = entrepot.nash(economy, model=model)
    print(
        f"\n{len(war.rates)} governments, {model}: {seconds[0]:.2f} s at best, {seconds[len(seconds) // 2]:.2f} in the "
        f"middle (at most {most:g}), {war.rounds} rounds, slope {war.slope:.0e}; first call, compiling, {first:.1f} s; "
        f"deviations {checked.seconds_of_deviations:.1f} s, largest gain {checked.largest_gain:.0e}"
    )
    assert seconds[0] <= most
    assert checked.largest_gain <= 1e-8
