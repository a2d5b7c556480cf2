"""Economies kept as netCDF."""

import warnings
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what h5netcdf says of a file that is merely HDF5, we say in a line
            with xr.open_dataset(path, engine="h5netcdf") as dataset:
                return dataset.load()
    except (OSError, ValueError) as error:
        raise InvalidDocument(
            f"{path.name}: not a netCDF-4 file; write an economy with xarray's to_netcdf(engine='h5netcdf')"
        ) from error


def open_cube(path: Path) -> xr.Dataset:
    """Return the dataset in a netCDF-4 file, read as it is used; close it when done."""
    return xr.open_dataset(existing(path), engine="h5netcdf")
