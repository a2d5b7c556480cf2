"""Economies that the benchmarks solve; compile time is paid before any clock starts."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import xarray as xr

import entrepot
from entrepot.data.cubes import read_cube
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock

Case = tuple[Economy, Shock, dict[str, str]]


FIGURES = Path(__file__).parents[1] / "tests" / "data"


def prepared() -> Path:
    """Return the folder of economies that are read in place because they may not be passed on."""
    place = Path(os.environ.get("ENTREPOT_PREPARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not (place / "exams").is_dir():
        pytest.skip("this economy may not be passed on; name the folder that holds exams/ in ENTREPOT_PREPARED_DATA")
    return place


def world_81x28() -> Case:
    economy = entrepot.load_economy()
    return economy, entrepot.load_scenario("us-tariffs-on-india-2025").shock(economy), {}


def nafta_31x40() -> Case:
    dataset: xr.Dataset = read_cube(FIGURES / "caliendo_parro_2015" / "nafta.nc")
    economy = Economy.from_dataset(dataset, name="nafta").rebalanced("zero")
    return economy, Shock(tariff=dataset["tariff_cf"]), {}


def wiod_44x50() -> Case:
    dataset = read_cube(prepared() / "exams" / "wiod2014_44x50.nc")
    return (
        Economy.from_dataset(dataset, name="wiod"),
        Shock(iceberg_hat=dataset["iceberg_hat_smarket"]),
        {"deficits": "scaled"},
    )


CASES: dict[str, tuple[Callable[[], Case], float]] = {  # the most milliseconds a solve may take on two cores
    "world 81x28": (world_81x28, 45),
    "nafta 31x40": (nafta_31x40, 30),
    "wiod 44x50": (wiod_44x50, 60),
}
