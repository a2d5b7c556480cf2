"""A recipe: an economy made from another one by bringing some flows to newer known values."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, field_validator

from entrepot.core.errors import InputError
from entrepot.core.provenance import NonBlankStr, Provenance
from entrepot.data.documents import Document, read_yaml, validated


class Recipe(Provenance):
    """Which economy, which flows, and where their values come from."""

    of: NonBlankStr = Field(description="The economy that it is made from: a shipped name, or a file beside it.")
    flows: Mapping[NonBlankStr, NonBlankStr] = Field(
        description="ORIGIN:DESTINATION:SECTORS and the value before duty: 'RUS:IND:B06': 50.28 billion.",
    )

    @field_validator("flows", mode="before")
    @classmethod
    def _some(cls, written: object) -> object:
        if not isinstance(written, dict) or not written:
            raise ValueError("write flows and their values, as RUS:IND:B06: 50.28 billion")
        return written


def load_recipe(path: Path) -> tuple[Recipe, Document]:
    """Return the recipe in a YAML file, and the file with its lines.

    Raises
    ------
    InputError
        A file that does not say what a recipe must; every problem at once, with its line.
    """
    document = read_yaml(path)
    return validated(Recipe, document), document


def located(document: Document, recipe: Recipe, error: InputError) -> InputError:
    """Return what is wrong with a recipe's flows with the file and the line where it stands."""
    text = str(error)
    named = next((flow for flow in recipe.flows if text.startswith(f"{flow}:")), None)
    place = ("flows",) if named is None else ("flows", named)
    return type(error)(f"{document.where(place)}: {text.removeprefix(f'{named}: ')}")
