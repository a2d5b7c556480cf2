"""Outlines of the world's countries, for maps of the whole world."""

from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd

from entrepot.core.extras import imports_of
from entrepot.data import shipped

with imports_of("charts"):
    from countryinfo import CountryInfo

Ring = list[list[float]]

SOURCE = (
    "Country outlines: world.geo.json through the Python package countryinfo (MIT), four of them drawn coarsely by the "
    "project. They imply no position on any boundary."
)


@cache
def world_outlines() -> dict[str, dict[str, Any]]:
    """Return a GeoJSON geometry for each ISO 3166 alpha-3 code that has one, outer rings clockwise.

    Clockwise is what spherical map projections expect: the other way round, a country is the rest of the globe.
    """
    outlines = {code: {"type": "MultiPolygon", "coordinates": [[_clockwise(ring)]]} for code, ring in _coarse().items()}
    for country in CountryInfo.all().values():
        for feature in country.get("geoJSON", {}).get("features", []):
            geometry = feature["geometry"]
            polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            outer = [[_clockwise(polygon[0])] for polygon in polygons]
            outlines[country["ISO"]["alpha3"]] = {"type": "MultiPolygon", "coordinates": outer}
    return outlines


@cache
def centres() -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of each country by ISO 3166 alpha-3 code."""
    found = {}
    for country in CountryInfo.all().values():
        code, place = country.get("ISO", {}).get("alpha3"), country.get("latlng")
        if code and place and len(place) == 2:
            found[code] = (float(place[1]), float(place[0]))
    return found


def _coarse() -> dict[str, Ring]:
    table = pd.read_csv(shipped.path_of("outlines", "coarse"))
    rings = {}
    for code, corners in table.groupby("country", sort=False):
        ring = corners.sort_values("corner")[["longitude", "latitude"]].to_numpy().tolist()
        rings[str(code)] = [*ring, ring[0]]
    return rings


def _clockwise(ring: Ring) -> Ring:
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
    return ring if turned > 0 else ring[::-1]
