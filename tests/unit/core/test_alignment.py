import numpy as np
import pytest
import xarray as xr

from entrepot.core.alignment import conform
from entrepot.core.errors import MisalignedLabels, MissingValue

LABELS = {"country": ["IND", "USA"], "sector": ["A01", "C21", "C29"]}
FLOW = ("origin", "destination", "sector")


def cube(**labels: list[str]) -> xr.DataArray:
    coords = {"origin": ["IND", "USA"], "destination": ["IND", "USA"], "sector": ["A01", "C21", "C29"]} | labels
    return xr.DataArray(np.ones([len(axis) for axis in coords.values()]), coords=coords, dims=FLOW)


def test_axes_in_another_order_are_put_in_order_because_they_have_names() -> None:
    turned = cube().transpose("sector", "destination", "origin")
    assert conform(turned, "tariff", FLOW, LABELS).dims == FLOW


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.ones((2, 2, 3)), "tariff has no labels: found ndarray"),
        (cube().isel(sector=0, drop=True), r"tariff has the wrong axes: found \(origin, destination\)"),
        (cube().drop_vars("sector"), "tariff has no labels on its axis sector"),
        (cube().isel(origin=[0]), "tariff, axis origin: USA missing"),
        (cube(origin=["IND", "MEX"]), "tariff, axis origin: USA missing"),
        (cube(sector=["A01", "C21", "C21"]), "tariff, axis sector: C29 missing"),
        (cube(destination=["USA", "IND"]), "stand in another order, from position 1 on"),
        (cube(sector=["A01", "C29", "C21"]), "from position 2 on .found C29, expected C21."),
        (cube().reindex(sector=["A01", "C21", "C29", "X"], fill_value=0), "X not in the economy"),
        (cube().isel(sector=[0, 1, 2, 2]), "C29 more than once"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(array: object, message: str) -> None:
    with pytest.raises(MisalignedLabels, match=message):
        conform(array, "tariff", FLOW, LABELS)


def test_a_missing_value_is_named_by_its_cell() -> None:
    holed = cube()
    holed.loc[{"origin": "USA", "destination": "IND", "sector": "C21"}] = np.nan
    with pytest.raises(MissingValue, match="tariff: no value .NaN. at USA IND C21"):
        conform(holed, "tariff", FLOW, LABELS)


def test_arithmetic_between_different_labels_raises_instead_of_dropping_countries() -> None:
    with pytest.raises(ValueError, match=r"exact|indexes"):
        cube() + cube().isel(origin=[0])
