"""A recipe: an economy made from another one by bringing some flows to newer known values."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field

from entrepot.core.provenance import Provenance, Said
from entrepot.data.documents import read_yaml, validated


class Recipe(Provenance):
    """Which economy, which flows, and where their values come from."""

    of: Said = Field(description="The economy that it is made from: a shipped name, or a netCDF file beside it.")
    flows: Mapping[Said, Said] = Field(
        min_length=1,
        description="ORIGIN:DESTINATION:SECTORS and the value before duty: 'RUS:IND:B06': 50.28 billion.",
    )


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a YAML file.

    Raises
    ------
    InputError
        A file that does not say what a recipe must; every problem at once, with its line.
    """
    return validated(Recipe, read_yaml(path))
