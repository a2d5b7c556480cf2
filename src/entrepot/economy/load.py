"""The door to economies: a shipped name, anybody's netCDF file, or a recipe that makes one from another."""

from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd
import xarray as xr

from entrepot.core.dims import SECTOR
from entrepot.core.errors import InputError, InvalidDocument, UnknownLabel, nearest
from entrepot.core.provenance import Provenance
from entrepot.data import shipped
from entrepot.data.cubes import open_cube, read_cube
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import DEFAULT as DEFAULT_ELASTICITIES
from entrepot.economy.elasticities import load_elasticities
from entrepot.economy.recipe import load_recipe, located

DEFAULT = "icio2022"
HISTORY = "icio"
"""The shipped table of trade and tariffs by year; its economies are called icio2011 and so on."""
NO_ECONOMY = (".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".ods", ".parquet")


def load_economy(name_or_path: str | Path = DEFAULT, elasticities: str | Path | None = None) -> Economy:
    """Return a shipped economy, or the economy in a netCDF file or a recipe.

    Parameters
    ----------
    name_or_path
        ``entrepot economies`` lists the shipped names; a netCDF file is read as :meth:`Economy.from_dataset` says; a
        YAML file is a recipe: another economy, and the flows that it is brought to (:meth:`Economy.rebased`).
    elasticities
        A shipped name, a CSV file or an Excel workbook (see :func:`load_elasticities`). A file that has some sectors
        only overrides the economy's own; `notes` says which are whose. Left out: the file's own, or where it has none
        the default ``fontagne_guimbard_orefice_2022_gtap``.

    Raises
    ------
    InputError
        Nothing of that name, or a file that is no balanced economy; says what and where.
    """
    if str(name_or_path) in years_known():
        return _of_year(str(name_or_path), elasticities)
    path = _file_of(name_or_path)
    if path.suffix.lower() in (".yaml", ".yml"):
        return _made(path, elasticities)
    if path.suffix.lower() in NO_ECONOMY:
        raise InvalidDocument(
            f"{path.name}: a table is no economy; give a netCDF file (.nc), a recipe (.yaml) or a shipped name, "
            "and a table of elasticities with --elasticities"
        )
    dataset = read_cube(path)
    given = None if elasticities is None else load_elasticities(elasticities)
    if given is not None and set(given.theta.index) >= set(dataset.indexes.get(SECTOR, ())):
        economy = Economy.from_dataset(dataset, given, name=path.stem)
    else:
        own = None if "theta" in dataset else load_elasticities(DEFAULT_ELASTICITIES)
        economy = Economy.from_dataset(dataset, own, name=path.stem)
        economy = economy if given is None else economy.with_theta(given.over(own or economy.theta.to_series()))
    if str(name_or_path) not in shipped.names("economies"):
        return economy
    return replace(economy, provenance=shipped.sidecar_of(path, Provenance))


def years_known() -> dict[str, int]:
    """Return the names of economies of other years than those shipped as files, with their years."""
    return {f"{HISTORY}{year}": year for year in _years() if f"{HISTORY}{year}" not in shipped.names("economies")}


@cache
def _years() -> tuple[int, ...]:
    with open_cube(shipped.path_of("history", HISTORY)) as history:
        return tuple(int(year) for year in history["year"].values)


@lru_cache(maxsize=4)
def trade_of_year(year: int) -> xr.Dataset:
    """Return ``trade`` and ``tariff`` of a year in the shipped history, [origin, destination, sector] each."""
    with open_cube(shipped.path_of("history", HISTORY)) as history:
        return history.sel(year=year, drop=True).load().astype(float)


def _of_year(name: str, elasticities: str | Path | None) -> Economy:
    """Return the default economy with the trade and the tariffs of another year."""
    year = years_known()[name]
    of_year = trade_of_year(year)
    made = load_economy(DEFAULT, elasticities).with_trade(of_year["trade"], of_year["tariff"], name)
    return replace(made, provenance=_provenance_of_year(year))


def _provenance_of_year(year: int) -> Provenance:
    source = shipped.sidecar_of(shipped.path_of("history", HISTORY), Provenance)
    said = {"title": f"World economy {year}", "label": f"OECD ICIO {year}", "year": str(year)}
    return source.model_copy(update=said)


def shipped_economies() -> dict[str, Provenance]:
    """Return all economies that are shipped with their provenance; those that recipes make are not made for it."""
    found = {
        name: shipped.sidecar_of(shipped.path_of("economies", name), Provenance) for name in shipped.names("economies")
    }
    for name, year in years_known().items():
        found[name] = _provenance_of_year(year)
    for name in shipped.names("recipes"):
        found[name], _ = load_recipe(shipped.path_of("recipes", name))
    return found


def economies() -> pd.DataFrame:
    """Return the shipped economies, one row an economy: title, year, source and licence."""
    columns = ("title", "year", "source", "licence")
    rows = {
        name: {"default": name == DEFAULT, **{column: getattr(source, column) for column in columns}}
        for name, source in shipped_economies().items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def require_shipped(name: str) -> None:
    """Raise UnknownLabel where no economy of that name is shipped, made by a recipe or not; says what resembles it."""
    known = [*shipped.names("economies"), *shipped.names("recipes"), *years_known()]
    if name not in known:
        raise UnknownLabel(
            f"no {name!r} among the shipped economies{nearest(name, known)}; `entrepot economies` lists them"
        )


def _file_of(name_or_path: str | Path) -> Path:
    """Return the file of a shipped economy or recipe, or the file that is named."""
    if str(name_or_path) in shipped.names("recipes"):
        return shipped.path_of("recipes", str(name_or_path))
    given = Path(name_or_path)
    if not given.suffix and len(given.parts) <= 1:
        require_shipped(str(name_or_path))
    return shipped.find("economies", name_or_path)


def _made(path: Path, elasticities: str | Path | None) -> Economy:
    """Return what a recipe makes; its own file says where the newer figures come from."""
    recipe, document = load_recipe(path)
    where = document.where(("of",))
    known = [name for name in shipped_economies() if name != path.stem]
    beside = path.parent / recipe.of
    if recipe.of not in known and beside.suffix.lower() != ".nc":
        raise InvalidDocument(
            f"{where}: found {recipe.of!r}; name a shipped economy ({', '.join(known)}) or a netCDF file"
        )
    economy = load_economy(recipe.of if recipe.of in known else beside, elasticities)
    try:
        newer = economy.rebased(recipe.flows)
    except InputError as error:
        raise located(document, recipe, error) from None
    return replace(newer, name=path.stem, provenance=recipe)
