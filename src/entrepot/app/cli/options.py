"""Options that several commands share, and the base year and model that they mean."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entrepot.core.errors import InputError

if TYPE_CHECKING:
    from entrepot.economy.economy import Economy
    from entrepot.equilibrium.model import models as equilibrium
    from entrepot.policy.scenario import Scenario
    from entrepot.policy.shock import Shock


class Model(StrEnum):
    """Names of models, for --model."""

    caliendo_parro = "caliendo_parro"
    multi_sector = "multi_sector"
    armington = "armington"
    conditional_gravity = "conditional_gravity"
    krugman = "krugman"
    short_run = "short_run"
    nested_ces = "nested_ces"


class Deficits(StrEnum):
    """Rules for trade imbalances, for --deficits."""

    fixed = "fixed"
    scaled = "scaled"
    zero = "zero"


OfEconomy = Annotated[str, typer.Option("--economy", help="A shipped economy by name, or a netCDF file.")]
OfElasticities = Annotated[
    str | None,
    typer.Option("--elasticities", help="A shipped table by name, or a CSV file with the columns sector, theta."),
]
OfModel = Annotated[Model, typer.Option("--model", help="A published model; `entrepot models` says which is for what.")]
OfDials = Annotated[
    list[str] | None,
    typer.Option("--dial", help="Set a dial of the model: rho=0.8, psi=0.1, specific_share:C26=0.5. May be repeated."),
]
OfDeficits = Annotated[
    Deficits,
    typer.Option(
        "--deficits",
        help="Trade imbalances: fixed in the numeraire, scaled with income, or zero (the base year is rebalanced to "
        "zero before the change, as Caliendo and Parro do).",
    ),
]


OnDay = Annotated[str | None, typer.Option("--on", help="The rules of another day, as 2025-08-21.")]
OfParameters = Annotated[
    list[str] | None, typer.Option("--set", help="Set a parameter of the scenario: cut=-20%. May be repeated.")
]
OfOption = Annotated[
    str | None, typer.Option("--option", help="One of the scenario's options; left out, they are compared.")
]


def one_form(as_json: bool, as_csv: bool) -> None:
    """Raise InputError where two forms of output are asked for at once."""
    if as_json and as_csv:
        raise InputError("--json and --csv exclude each other; choose one")


def world(
    change: "Scenario | Shock",
    economy: str,
    elasticities: str | None,
    model: Model,
    dial: list[str] | None,
    deficits: Deficits,
) -> "tuple[Economy, equilibrium.Model]":
    """Return the base year and the model that the words of a command mean."""
    import entrepot

    solved_as = entrepot.model(model.value, **dials(dial or []))
    base = entrepot.load_economy(economy, elasticities)
    if deficits is Deficits.zero:
        if isinstance(change, entrepot.Scenario) and not change.options:
            change.shock(base)  # a scenario that does not fit must say so before the base year is rebalanced
        base = base.rebalanced("zero")
    return base, solved_as


def dials(written: list[str]) -> dict[str, Any]:
    """Return dials as they are written on the command line: NAME=VALUE, or NAME:SECTOR=VALUE.

    Raises
    ------
    InputError
        Not of that form, or not a number or true or false.
    """
    found: dict[str, Any] = {}
    for text in written:
        name, equals, value = text.partition("=")
        name, _, sector = name.partition(":")
        try:
            number: Any = {"true": True, "false": False}.get(value.lower()) if value.isalpha() else float(value)
        except ValueError:
            number = None
        if not equals or number is None:
            raise InputError(f"--dial {text}: write a name and a value, as rho=0.8 or psi:C26=0.1")
        if name in found and not (sector and isinstance(found[name], dict) and sector not in found[name]):
            raise InputError(f"--dial {text}: {name} is set already; give it once, or once for each sector")
        if sector:
            found.setdefault(name, {})[sector] = number
        else:
            found[name] = number
    return found
