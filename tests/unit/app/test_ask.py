"""From the words of a question to an economy, a change and a model."""

import pytest

import entrepot
from entrepot.app.ask import Ask
from entrepot.app.cli.options import AskOptions
from entrepot.core.errors import InputError


def test_the_words_of_the_command_line_become_numbers_and_names() -> None:
    words = AskOptions(parameters=["cut=-20%", "other=0.1"], dials=["rho=0.8", "psi:C26=0.1", "inputs=false"])
    ask = words.ask()
    assert ask.parameters == {"cut": "-20%", "other": 0.1}
    assert ask.dials == {"rho": 0.8, "psi": {"C26": 0.1}, "inputs": False}


def test_an_ask_resolves_to_what_solve_takes() -> None:
    found = Ask(parameters={"cut": "-20%"}, on="2025-01-02", model="armington", dials={"mu": 0.5}).resolve(
        "india-russia-balance"
    )
    assert found.scenario.date.isoformat() == "2025-01-02"
    assert found.scenario.parameters["cut"].rate == -0.2
    assert found.settings == {"economy": found.economy, "model": found.model, "deficits": "fixed"}
    assert found.model == entrepot.model("armington", mu=0.5)


def test_without_a_scenario_nothing_changes_and_nothing_can_be_adapted() -> None:
    found = Ask().resolve(None)
    assert found.change is None
    assert isinstance(found.policy, entrepot.Shock)
    with pytest.raises(InputError, match="no change is given; name a scenario"):
        _ = found.scenario
    with pytest.raises(InputError, match="--on, --set, --option, --answer and --reading change a scenario"):
        Ask(on="2025-01-02").resolve(None)
