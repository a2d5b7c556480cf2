from itertools import pairwise
from pathlib import Path

import pytest

from entrepot.core.errors import FileProblem, InvalidDocument
from entrepot.data.cubes import read_cube
from entrepot.data.outlines import centres, world_outlines
from entrepot.economy.economy import Economy


def test_a_file_that_is_no_cube_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "world.nc"
    with pytest.raises(FileProblem, match="no file"):
        read_cube(path)
    path.write_text("not a cube")
    with pytest.raises(InvalidDocument, match="not a netCDF-4 file"):
        read_cube(path)


def test_every_economy_but_the_rest_of_the_world_has_an_outline_or_a_dot(world: Economy) -> None:
    from entrepot.report.kit.charts import DOTS

    without = set(world.countries) - set(world_outlines()) - {"ROW"}
    assert without <= set(DOTS)
    assert set(DOTS) <= set(centres())


def test_outer_rings_run_clockwise_or_a_country_would_be_the_rest_of_the_globe() -> None:
    for outline in world_outlines().values():
        for polygon in outline["coordinates"]:
            ring = polygon[0]
            assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) > 0
