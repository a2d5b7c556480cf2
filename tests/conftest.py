"""What every test stands on: published figures, the shipped case, random economies."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Commands under test start dozens of processes, each of which would compile the same programs anew; the folder is the
# tests' own. It is named before JAX is imported, and to the processes, too.
os.environ.setdefault("ENTREPOT_COMPILE_CACHE", str(Path(__file__).parents[1] / ".compiled"))

import entrepot
from entrepot.brief.single import BriefData
from entrepot.economy.economy import Economy
from entrepot.equilibrium.result import Result

# Random economies are made by NumPy from one drawn seed; a failure prints it.
settings.register_profile(
    "house",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
# `make test` takes the same seeds everywhere; `make laws-random` takes others every time, and more of them.
settings.register_profile(
    "nightly", settings.get_profile("house"), max_examples=200, derandomize=False, print_blob=True
)
settings.load_profile(os.environ.get("ENTREPOT_EXAMPLES", "house"))

CASE = "us-tariffs-on-india-2025"


@pytest.fixture(scope="session")
def published() -> Path:
    """Return the folder of figures that others published, each with its sidecar."""
    return Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def world() -> Economy:
    return entrepot.load_economy()


@pytest.fixture(scope="session")
def case(world: Economy) -> Result:
    """Return the shipped case under default settings."""
    return entrepot.solve(world, entrepot.load_scenario(CASE))


@pytest.fixture(scope="session")
def gathered(case: Result) -> BriefData:
    """Return the shipped case with what its brief says about it."""
    return entrepot.gather(case)


@pytest.fixture
def no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every way to an equilibrium, and to its derivatives, raise."""

    def refuse(*arguments: object, **settings: object) -> None:
        raise AssertionError("something is being solved")

    for name in (
        "counterfactual.find",
        "search.fixed_point",
        "search.newton",
        "derivatives.sensitivity.solved_row",
        "derivatives.adjoint.fixed_point",
    ):
        monkeypatch.setattr(f"entrepot.equilibrium.{name}", refuse)


REPEATS = (
    "test_dials.py::test_the_path_terms_add_up_for_every_instrument_and_dial",
    "test_gradient.py::test_the_adjoint_equals_central_differences[everything-multiplicative",
    "test_own_slopes.py::test_own_slopes_equal_central_differences[years_2_3-zero]",
    "test_own_slopes.py::test_own_slopes_equal_central_differences[krugman-fixed]",
    "test_own_slopes.py::test_own_slopes_equal_central_differences[substituting-zero]",
    "test_cluster.py::test_a_worker_that_is_killed_loses_no_draw_and_changes_no_bit",
    "test_hard_economies.py::test_a_wall_around_everybody_is_climbed[4-20-zero]",
    "test_hard_economies.py::test_costs_between_a_tenth_and_four_times_converge[15-150-2]",
    "test_hard_economies.py::test_costs_between_a_tenth_and_four_times_converge[20-20-4]",
    "test_hard_economies.py::test_costs_between_a_tenth_and_four_times_converge[25-3-1]",
    "test_nash.py::test_no_government_does_better_by_looking_for_its_best_answer_alone",
    "test_nash.py::test_two_equal_countries_set_the_tariffs_found_by_hand[0.7-4.0]",
    "test_optimal.py::test_at_the_best_rates_slopes_are_zero_and_nothing_else_is_better[years_2_3",
    "test_policy_search.py::test_best_taxes_are_the_same_as_text_json_and_csv[3]",
    "test_policy_search.py::test_a_trade_war_is_the_same_as_text_json_and_csv",
    "test_everyday.py::test_17_a_war_of_two_on_each_other_only",
    "test_gathering.py::test_each_part_equals_the_same_done_by_hand",
    "test_ensemble.py::test_with_a_baseline_every_member_starts_from_the_world_after_it",
    "test_browser.py::test_axe_finds_nothing_serious[/statements/india-russia-2025-dark",
    "test_browser.py::test_axe_finds_nothing_serious[/-dark",
    "test_backtests.py::test_a_claim_holds[agreements",
    "test_backtests.py::test_scores_are_those_recorded[agreements",
    "test_golden.py::test_every_result_is_what_it_was[dials",
    "test_golden.py::test_every_result_is_what_it_was[elasticities",
    "test_golden.py::test_every_result_is_what_it_was[economies",
    "test_golden.py::test_every_result_is_what_it_was[best_taxes",
    "test_golden.py::test_every_result_is_what_it_was[trade_wars",
    "test_golden.py::test_every_result_is_what_it_was[sweeps",
    "test_golden.py::test_every_result_is_what_it_was[draws",
    "test_golden.py::test_every_result_is_what_it_was[choices",
    "test_golden.py::test_every_result_is_what_it_was[other_models",
)
"""Tests that take long and repeat for further models, sizes or pages what a quicker one shows: `make test-long`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the repeats as long."""
    for item in items:
        if any(name in item.nodeid for name in REPEATS):
            item.add_marker(pytest.mark.long)
