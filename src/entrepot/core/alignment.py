"""The one place where labelled arrays from outside are made to fit, or refused.

Shared axes must carry the same labels in the same order; a missing value is an error. Nothing is joined, filled or
reordered on the user's behalf: a dropped country is the most expensive silent mistake in this field.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from entrepot.core.dims import LABELS_OF
from entrepot.core.errors import MisalignedLabels, MissingValue, listed

# Arithmetic between arrays with different labels raises; xarray's default would keep the intersection and say nothing.
xr.set_options(arithmetic_join="exact")  # type: ignore[no-untyped-call]


def conform(array: object, name: str, dims: Sequence[str], labels: Mapping[str, Sequence[str]]) -> xr.DataArray:
    """Return `array` as float64 on exactly `dims` with exactly the given labels.

    Parameters
    ----------
    array
        A DataArray; its axes may stand in any order, because they have names.
    name
        What to call it in a message.
    dims
        The axes wanted, in the order wanted.
    labels
        The labels of ``country`` and of ``sector``.

    Raises
    ------
    MisalignedLabels
        An axis is missing or unknown, or its labels differ or stand in another order.
    MissingValue
        A value is missing (NaN).
    """
    if not isinstance(array, xr.DataArray):
        raise MisalignedLabels(
            f"{name} has no labels: found {type(array).__name__}; give an xarray.DataArray on ({', '.join(dims)})"
        )
    if set(array.dims) != set(dims):
        raise MisalignedLabels(
            f"{name} has the wrong axes: found ({', '.join(map(str, array.dims))}); give ({', '.join(dims)})"
        )
    for dim in dims:
        if dim not in array.coords:
            raise MisalignedLabels(f"{name} has no labels on its axis {dim}: assign the codes of the economy to it")
        check_labels([str(label) for label in array[dim].values], labels[LABELS_OF[dim]], f"{name}, axis {dim}")
    if array.dtype.kind not in "iuf":
        raise MisalignedLabels(f"{name} holds {array.dtype} where numbers must stand; convert it to float")
    ordered = array.transpose(*dims)
    values = np.array(ordered.values, dtype=np.float64, order="C")  # a copy: the caller keeps theirs
    refuse_missing(values, name, [labels[LABELS_OF[dim]] for dim in dims])
    return xr.DataArray(values, dims=tuple(dims), coords={dim: list(labels[LABELS_OF[dim]]) for dim in dims}, name=name)


def check_labels(found: Sequence[str], expected: Sequence[str], where: str) -> None:
    """Raise MisalignedLabels unless `found` is `expected`, label by label."""
    if list(found) == list(expected):
        return
    missing = [label for label in expected if label not in set(found)]
    unknown = [label for label in found if label not in set(expected)]
    if missing:
        raise MisalignedLabels(f"{where}: {listed(missing)} missing; give every label of the economy")
    if unknown:
        raise MisalignedLabels(f"{where}: {listed(unknown)} not in the economy; drop or rename")
    if len(found) != len(expected):
        doubled = sorted({label for label in found if list(found).count(label) > 1})
        raise MisalignedLabels(f"{where}: {listed(doubled)} more than once; keep one of each")
    first = next(i for i, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b)
    raise MisalignedLabels(
        f"{where}: the labels stand in another order, from position {first + 1} on "
        f"(found {found[first]}, expected {expected[first]}); reindex to the economy's order"
    )


def refuse_missing(values: np.ndarray, name: str, labels: Sequence[Sequence[str]]) -> None:
    """Raise MissingValue naming the cells of `values` that are NaN."""
    holes = np.argwhere(np.isnan(values))
    if len(holes):
        raise MissingValue(f"{name}: no value (NaN) at {listed(cells(holes, labels))}; give a number for each")


def cells(index: np.ndarray, labels: Sequence[Sequence[str]]) -> list[str]:
    """Return "IND USA C21" for each row of integer positions in `index`."""
    return [" ".join(axis[i] for axis, i in zip(labels, row, strict=True)) for row in index]


def read_only(array: xr.DataArray) -> xr.DataArray:
    """Return the array, its values locked against being changed in place."""
    array.values.flags.writeable = False
    return array
