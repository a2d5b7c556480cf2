"""Which wedges of the world matter most for an outcome: derivatives as a ranking."""

from collections.abc import Collection

import pandas as pd
import xarray as xr

from entrepot.core.dims import COUNTRY, DESTINATION, FLOW, ORIGIN
from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.wedges import BY_NAME, RANKED
from entrepot.economy.economy import Economy


def strongest(slopes: xr.Dataset, economy: Economy, by: Collection[str] = (), most: int | None = None) -> pd.DataFrame:
    """Return the wedges that matter most for an outcome, one row each, the strongest first; all where `most` is None.

    Columns ``instrument``, ``origin``, ``destination`` (blank where there is none), ``sector``, ``effect``: what one
    point of a tax, or one per cent of the base year's trade cost or productivity, does to the outcome, in per cent
    where that is a ratio and in billions elsewhere. Domestic taxes and trade costs, which no trade policy is, are left
    out.

    Raises
    ------
    UnknownLabel
        A name in `by` (which wedges to rank; all where it is empty) that is no instrument.
    """
    for name in by:
        if name not in RANKED:
            raise UnknownLabel(f"no wedge {name!r}{nearest(name, list(RANKED))}; choose {', '.join(RANKED)}")
    scale = 1 / slopes.attrs["value"] if slopes.attrs["is_ratio"] else 0.01 * economy.billions
    parts = []
    for name in by or RANKED:
        cells = (slopes[name] * scale).rename("effect").to_series().reset_index()
        if not BY_NAME[name].on_flows:
            cells = cells.rename(columns={COUNTRY: ORIGIN}).assign(**{DESTINATION: ""})
        else:
            cells = cells[cells[ORIGIN] != cells[DESTINATION]]
        if most is not None:
            cells = cells.loc[cells["effect"].abs().nlargest(most).index]
        parts.append(cells.assign(instrument=name))
    table = pd.concat(parts, ignore_index=True)
    order = table["effect"].abs().sort_values(ascending=False, kind="stable").index[:most]
    return table.loc[order, ["instrument", *FLOW, "effect"]].reset_index(drop=True)
