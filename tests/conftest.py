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
