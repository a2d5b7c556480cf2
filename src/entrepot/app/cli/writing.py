"""The command that writes a scenario file."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.ask import ECONOMY
from entrepot.app.cli.options import OfAnswer, takes_changes
from entrepot.core.errors import FileProblem


@takes_changes
def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario; the file is NAME.yaml in the current folder.")],
    *,
    changes: Mapping[str, Sequence[str]],
    title: Annotated[str | None, typer.Option(help="Title; default: the changes in words.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="Day whose rules are meant; default: today.")] = None,
    answer: OfAnswer = None,
    economy: Annotated[
        str, typer.Option("--economy", help="Economy that the words are checked in: a shipped name or a netCDF file.")
    ] = ECONOMY,
) -> None:
    """Write a commented scenario file.

    The file has the changes that the options give, ready to be edited and simulated. An existing file stays as it is.

    Example: entrepot new eu-cars --tariff "CHN:EU27:cars=+30%"
    """
    target = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if target.exists():
        raise FileProblem(f"{target} exists already; choose another name, or remove it")
    import entrepot
    from entrepot.data.files import write_text
    from entrepot.policy.writing import commented_yaml

    scenario = entrepot.Scenario.from_changes(title=title, date=on, **changes)
    scenario = scenario.with_answer(answer) if answer else scenario
    scenario.on_economy(entrepot.load_economy(economy))
    write_text(target, commented_yaml(scenario, target.name))
    print(f"wrote {target}; run `entrepot simulate {target}`", file=sys.stderr)
