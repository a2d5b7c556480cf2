"""Economies kept as netCDF."""

from pathlib import Path

import xarray as xr

from entrepot.core.errors import InvalidDocument
from entrepot.data.files import existing


def read_cube(path: Path) -> xr.Dataset:
    """Return the dataset in a netCDF-4 file, in memory.

    Raises
    ------
    InvalidDocument
        Not a netCDF-4 file.
    FileProblem
        Missing or unreadable.
    """
    existing(path)
    try:
        with xr.open_dataset(path, engine="h5netcdf") as dataset:
            return dataset.load()
    except (OSError, ValueError) as error:
        raise InvalidDocument(
            f"{path.name}: not a netCDF-4 file; write an economy with xarray's to_netcdf(engine='h5netcdf')"
        ) from error
