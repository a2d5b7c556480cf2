"""Many changes on one economy: solved on all cores, each result reduced to what is asked for and let go."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from entrepot.core.errors import Infeasible, InputError, NotConverged, UnknownLabel, nearest
from entrepot.core.progress import CountProgress
from entrepot.data.cubes import open_cube
from entrepot.data.streams import CubeStream
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import solve
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock
from entrepot.study.parallel import checked, ordered_map

SCENARIO = "scenario"
KEEP = ("real_income_hat", "real_wage_hat", "consumer_price_hat", "equivalent_variation", "tariff_revenue_cf")
NUMBERS = ("steps", "residual", "walras", "seconds")
PROBLEM = "problem"


def solve_many(
    economy: Economy,
    changes: Iterable[Scenario | Shock] | Mapping[str, Scenario | Shock],
    *,
    keep: Sequence[str] = KEEP,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    settings: Settings | None = None,
    to: str | Path | None = None,
    workers: int | None = None,
    progress: CountProgress | None = None,
) -> xr.Dataset:
    """Return the equilibria after many changes, one row each, in their order.

    Parameters
    ----------
    economy
        The base year of all.
    changes
        Scenarios or shocks; a generator is read as the solves go on. A mapping names the rows.
    keep
        Names of arrays of :class:`Result` to keep of each.
    model, deficits, settings
        As in :func:`entrepot.solve`.
    to
        A netCDF file that the rows are written to as they come, so that 10,000 scenarios do not need 10,000 results in
        memory; it appears under its name when it is complete, and comes back opened lazily. Left out: in memory.
    workers
        Solves at a time; left out, one for each core.
    progress
        Called with the number of changes done.

    Returns
    -------
    xarray.Dataset
        The kept arrays with a first axis ``scenario``, and on it ``steps``, ``residual``, ``walras``, ``seconds`` and
        ``problem``: blank, or why there is no equilibrium, in which case the numbers of the row are NaN.

    Raises
    ------
    InputError
        A change that does not fit the economy, before or while others are solved: nothing is returned then.
    """
    if isinstance(changes, Scenario | Shock):
        raise InputError(f"found one {type(changes).__name__}; give several, or use entrepot.solve")
    workers = checked(workers)
    known, keep = _arrays(), [keep] if isinstance(keep, str) else list(keep)
    for name in keep:
        if name not in known:
            raise UnknownLabel(f"a result has no array {name!r}{nearest(name, known)}; choose {', '.join(known)}")
    pairs = (
        [(str(label), one) for label, one in changes.items()]
        if isinstance(changes, Mapping)
        else ((str(n), one) for n, one in enumerate(changes))
    )
    if isinstance(pairs, list) and len(dict(pairs)) < len(pairs):
        raise InputError("two changes have the same name; give each its own")

    def solved(pair: tuple[str, Scenario | Shock]) -> Result | str:
        try:
            return solve(economy, pair[1], model=model, deficits=deficits, settings=settings)
        except (NotConverged, Infeasible) as error:
            return str(error)

    rows = ((label, result) for (label, _), result in ordered_map(pairs, solved, workers))
    base = solve(economy, Shock(), model=model, deficits=deficits, settings=settings)  # says on which axes arrays stand
    axes, variables = _layout(base, keep)
    if to is None:
        table: dict[str, list[Any]] = {name: [] for name in variables}
        for done, (label, result) in enumerate(rows, start=1):
            for name, value in _row(label, result, base, keep).items():
                table[name].append(value)
            if progress is not None:
                progress(done)
        return _dataset(table, axes, variables)
    with CubeStream(Path(to), SCENARIO) as stream:
        stream.declare(axes, variables, texts={SCENARIO, PROBLEM})
        for done, (label, result) in enumerate(rows, start=1):
            stream.append(_row(label, result, base, keep))
            if progress is not None:
                progress(done)
    return open_cube(Path(to))


def _layout(base: Result, keep: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]]]:
    arrays = {name: getattr(base, name) for name in keep}
    axes = {dim: [str(label) for label in array[dim].values] for array in arrays.values() for dim in array.dims}
    variables: dict[str, tuple[str, ...]] = {SCENARIO: (), **{name: array.dims for name, array in arrays.items()}}
    return axes, variables | dict.fromkeys((*NUMBERS, PROBLEM), ())


def _row(label: str, result: Result | str, base: Result, keep: Sequence[str]) -> dict[str, Any]:
    if isinstance(result, str):
        holes = {name: np.full(getattr(base, name).shape, np.nan) for name in keep}
        return {SCENARIO: label, **holes, **dict.fromkeys(NUMBERS, np.nan), PROBLEM: result}
    values = {name: np.array(getattr(result, name).values) for name in keep}
    return {SCENARIO: label, **values, **{name: float(getattr(result, name)) for name in NUMBERS}, PROBLEM: ""}


def _dataset(
    table: dict[str, list[Any]], axes: dict[str, list[str]], variables: dict[str, tuple[str, ...]]
) -> xr.Dataset:
    labels = table.pop(SCENARIO)
    shapes = [(len(labels), *(len(axes[dim]) for dim in variables[name])) for name in table]
    data = {
        name: ((SCENARIO, *variables[name]), np.array(rows, dtype=str if name == PROBLEM else float).reshape(shape))
        for (name, rows), shape in zip(table.items(), shapes, strict=True)
    }
    return xr.Dataset(data, coords={SCENARIO: labels, **axes})


def _arrays() -> list[str]:
    """Return the names of the labelled arrays of a result."""
    fields = [name for name, kind in Result.__annotations__.items() if kind is xr.DataArray]
    derived = ["consumer_price_hat", "real_income_hat", "real_wage_hat", "equivalent_variation"]
    return sorted([*fields, *derived])
