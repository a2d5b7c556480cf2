"""The door to economies: a shipped name, anybody's netCDF file, or a recipe that makes one from another."""

from dataclasses import replace
from pathlib import Path

from entrepot.core.errors import InvalidDocument
from entrepot.core.provenance import Provenance
from entrepot.data import shipped
from entrepot.data.cubes import read_cube
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import DEFAULT as DEFAULT_ELASTICITIES
from entrepot.economy.elasticities import load_elasticities
from entrepot.economy.recipe import load_recipe

DEFAULT = "icio2022"


def load_economy(name_or_path: str | Path = DEFAULT, elasticities: str | Path | None = None) -> Economy:
    """Return a shipped economy, or the economy in a netCDF file or a recipe.

    Parameters
    ----------
    name_or_path
        ``entrepot economies`` lists the shipped names; a netCDF file is read as :meth:`Economy.from_dataset` says; a
        YAML file is a recipe: another economy, and the flows that it is brought to (:meth:`Economy.rebased`).
    elasticities
        A shipped name or a CSV file (see :func:`load_elasticities`). Left out: the file's own, or where it has none the
        default ``fontagne_guimbard_orefice_2022_gtap``.

    Raises
    ------
    InputError
        Nothing of that name, or a file that is no balanced economy; says what and where.
    """
    if str(name_or_path) in shipped.names("recipes"):
        return _made(shipped.path_of("recipes", str(name_or_path)), elasticities)
    path = shipped.find("economies", name_or_path)
    if path.suffix in (".yaml", ".yml"):
        return _made(path, elasticities)
    dataset = read_cube(path)
    if elasticities is None and "theta" not in dataset:
        elasticities = DEFAULT_ELASTICITIES
    theta = None if elasticities is None else load_elasticities(elasticities)
    economy = Economy.from_dataset(dataset, theta, name=path.stem)
    if str(name_or_path) not in shipped.names("economies"):
        return economy
    return replace(economy, provenance=shipped.sidecar_of(path, Provenance))


def shipped_economies() -> list[str]:
    """Return the names of all economies that are shipped, made by recipes or not."""
    return sorted([*shipped.names("economies"), *shipped.names("recipes")])


def _made(path: Path, elasticities: str | Path | None) -> Economy:
    """Return what a recipe makes; its own file says where the newer figures come from."""
    recipe = load_recipe(path)
    beside = path.parent / recipe.of
    if recipe.of not in shipped.names("economies") and beside.suffix != ".nc":
        known = ", ".join(shipped.names("economies"))
        raise InvalidDocument(
            f"{path.name}: of: found {recipe.of!r}; name a shipped economy ({known}) or a netCDF file"
        )
    economy = load_economy(recipe.of if recipe.of in shipped.names("economies") else beside, elasticities)
    return replace(economy.rebased(recipe.flows), name=path.stem, provenance=recipe)
