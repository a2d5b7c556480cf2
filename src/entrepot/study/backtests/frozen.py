"""Predictions that were made before their outcomes: checked against their hash, and scored when outcomes come."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidDocument, listed
from entrepot.data import shipped
from entrepot.data.store import read_parquet
from entrepot.data.tables import read_table
from entrepot.study.backtests.event import Event

PREDICTED = ["period", "horizon", "origin", "sector", "growth"]
OUTCOMES = ["period", "origin", "sector", "value_from", "value_to"]


def predictions(event: Event) -> pd.DataFrame:
    """Return the frozen predictions of an event: ``period, horizon, origin, sector, growth``.

    Raises
    ------
    InvalidDocument
        The file is not the one that was frozen.
    """
    path = shipped.path_of("observed", event.frozen or "")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != event.sha256:
        raise InvalidDocument(
            f"{path.name}: its SHA-256 is {found[:12]}…, {(event.sha256 or '')[:12]}… was frozen; install it again"
        )
    return read_parquet(path, PREDICTED)


def outcome_rows(event: Event, outcomes: Path) -> Iterator[pd.DataFrame]:
    """Yield the change in every origin's share of a sector's imports, against what was predicted.

    Parameters
    ----------
    event
        With frozen predictions.
    outcomes
        A CSV or Excel file with ``period, origin, sector, value_from, value_to``: imports of the base and of the
        period, in any one unit. A period is a month (2025-08) or a year, the mean of its months.

    Raises
    ------
    InvalidDocument
        Columns are missing, or a period, origin or sector was not predicted.
    """
    said = predictions(event)
    said = pd.concat([said, _by_year(said)], ignore_index=True)
    seen = read_table(outcomes, OUTCOMES, number=["value_from", "value_to"])
    for column in ("period", "origin", "sector"):
        unknown = sorted({*seen[column]} - {*said[column]})
        if unknown:
            raise InvalidDocument(f"{outcomes.name}: {column} {listed(unknown)} was not predicted; it has "
                                  f"{listed(sorted({*said[column]}))}")  # fmt: skip
    for (period, horizon), mine in said[said["period"].isin(seen["period"])].groupby(["period", "horizon"], sort=True):
        rows = seen[seen["period"] == period].merge(mine, on=["period", "origin", "sector"], how="left")
        rows["growth"] = rows["growth"].fillna(1.0)
        after = rows["value_from"] * rows["growth"]
        totals = {
            "from": rows["value_from"], "to": rows["value_to"], "said": after,
        }  # fmt: skip
        share = {
            name: (value / value.groupby(rows["sector"]).transform("sum").where(lambda total: total > 0, 1)).to_numpy()
            for name, value in totals.items()
        }
        what = rows["origin"] + " " + rows["sector"]
        common = {"series": "outcomes", "to": period, "rates": "statutory", "what": what, "base": 100 * share["from"]}
        weight = rows["value_from"].groupby(rows["sector"]).transform("sum")
        observed = 100 * (share["to"] - share["from"])
        for variant, value in ((horizon, share["said"]), ("no change", share["from"])):
            yield pd.DataFrame(
                {**common, "variant": variant, "weight": weight, "observed": observed,
                 "predicted": 100 * (value - share["from"])}
            )  # fmt: skip


def _by_year(said: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of the months of each year that has all of them."""
    years = said.assign(year=said["period"].str[:4])
    whole = years.groupby("year")["period"].transform("nunique") == 12
    logs = years[whole].assign(growth=lambda table: np.log(table["growth"].clip(lower=1e-12)))
    mean = logs.groupby(["year", "horizon", "origin", "sector"], as_index=False)["growth"].mean()
    by_year: pd.DataFrame = mean.assign(growth=np.exp(mean["growth"])).rename(columns={"year": "period"})
    return by_year
