"""The door to economies: a shipped name or anybody's netCDF file."""

from dataclasses import replace
from pathlib import Path

from entrepot.core.provenance import Provenance
from entrepot.data import shipped
from entrepot.data.cubes import read_cube
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import DEFAULT as DEFAULT_ELASTICITIES
from entrepot.economy.elasticities import load_elasticities

DEFAULT = "icio2022"


def load_economy(name_or_path: str | Path = DEFAULT, elasticities: str | Path | None = None) -> Economy:
    """Return a shipped economy, or the economy in a netCDF file.

    Parameters
    ----------
    name_or_path
        ``entrepot economies`` lists the shipped names; a file is read as :meth:`Economy.from_dataset` says.
    elasticities
        A shipped name or a CSV file (see :func:`load_elasticities`). Left out: the file's own, or where it has none the
        default ``fontagne_guimbard_orefice_2022_gtap``.

    Raises
    ------
    InputError
        Nothing of that name, or a file that is no balanced economy; says what and where.
    """
    path = shipped.find("economies", name_or_path)
    dataset = read_cube(path)
    if elasticities is None and "theta" not in dataset:
        elasticities = DEFAULT_ELASTICITIES
    theta = None if elasticities is None else load_elasticities(elasticities)
    economy = Economy.from_dataset(dataset, theta, name=path.stem)
    if str(name_or_path) not in shipped.names("economies"):
        return economy
    return replace(economy, provenance=shipped.sidecar_of(path, Provenance))
