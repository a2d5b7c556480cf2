"""What a change comes on top of: the base year, the measures in force on a day, or another scenario."""

from entrepot.core.errors import InputError, UnknownLabel
from entrepot.data import shipped
from entrepot.policy.load import load_scenario
from entrepot.policy.scenario import Scenario

BASE_YEAR, IN_FORCE = "base_year", "in_force"
SCENARIO_IN_FORCE = "measures-in-force"


def baseline_of(change: object) -> Scenario | None:
    """Return the scenario that a change comes on top of; None for the base year, and for a change that is no scenario.

    Raises
    ------
    InputError
        A baseline that is no scenario, or one with limits or options.
    """
    if not isinstance(change, Scenario) or change.baseline is None:
        return None
    return baseline_scenario(change.baseline, change)


def baseline_scenario(text: str, change: Scenario | None = None) -> Scenario | None:
    """Return the scenario that a text means: ``base_year`` (None), ``in_force``, ``in_force:2026-01-01``, or a name.

    Parameters
    ----------
    text
        As in ``baseline:`` of a scenario file.
    change
        What comes on top: its date is the day where the text has none.

    Raises
    ------
    InputError
        No such scenario, one with options, or no day.
    """
    name, _, day = text.partition(":")
    if name == BASE_YEAR and not day:
        return None
    known = [BASE_YEAR, IN_FORCE, *shipped.names("scenarios")]
    if name != IN_FORCE and text not in shipped.names("scenarios"):
        raise UnknownLabel(
            f"baseline {text!r}: choose {BASE_YEAR}, {IN_FORCE}, {IN_FORCE}:DAY, or {', '.join(known[2:])}"
        )
    scenario = load_scenario(SCENARIO_IN_FORCE if name == IN_FORCE else text)
    if scenario.options:
        raise InputError(f"baseline {text!r}: the scenario has options; name one without")
    if name != IN_FORCE:
        return scenario
    if day:
        return scenario.adapted(on=day, beyond=change is not None and change.beyond)
    if change is None:
        raise InputError(f"baseline {IN_FORCE}: no day is given; write {IN_FORCE}:2026-01-01")
    return scenario.adapted(on=change.date, reading=change.reading, beyond=change.beyond)
