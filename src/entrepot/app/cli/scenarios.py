"""How the words of a command change a scenario, and what a scenario with options answers."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.app.cli.printing import print_json, print_rich, write
from entrepot.core.errors import InputError

if TYPE_CHECKING:
    from entrepot.economy.closure import ClosureName
    from entrepot.economy.economy import Economy
    from entrepot.equilibrium.model.models import Model
    from entrepot.policy.scenario import Scenario


def adapted(scenario: "Scenario", on: str | None, parameters: list[str], option: str | None) -> "Scenario":
    """Return a scenario under the rules of another day, with parameters set, one of its options chosen.

    Raises
    ------
    InputError
        Not a date, not NAME=VALUE, a name that the scenario does not have.
    """
    values: dict[str, object] = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise InputError(f"--set {text}: write a name and a value, as cut=-20%")
        if name in values:
            raise InputError(f"--set {text}: {name} is set already; give it once")
        values[name] = _number(value)
    if values:
        scenario = scenario.with_parameters(**values)
    if on is not None:
        scenario = scenario.on(on)
    return scenario if option is None else scenario.option(option)


def compare(
    economy: "Economy",
    scenario: "Scenario",
    model: "Model",
    deficits: "ClosureName",
    say: Callable[[str], None],
    as_json: bool,
    as_csv: bool,
    brief: Path | None,
) -> None:
    """Print which option of a scenario is better where."""
    from entrepot.report.answers import trade_off as report
    from entrepot.study.trade_off import trade_off

    answer = trade_off(economy, scenario, model=model, deficits=deficits, progress=say)
    if brief is not None:
        report.write_page(answer, brief)
    if as_json:
        print_json(report.document(answer))
    elif as_csv:
        write(report.table(answer).to_csv(lineterminator="\n"))
    else:
        print_rich(report.render(answer))
    if brief is not None:
        print(f"wrote {brief}", file=sys.stderr)


def _number(written: str) -> object:
    try:
        return float(written)
    except ValueError:
        return written
