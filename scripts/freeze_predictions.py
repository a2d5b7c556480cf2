"""Write predictions of US imports under the duties of 2025 and 2026: python scripts/freeze_predictions.py FILE.

Growth of US imports by origin, sector and month over those without the duties, at two horizons; duties are means over
the days of a month. Once written, the file is never changed: its hash and day are in the event that names it.
"""

import calendar
import datetime
import hashlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import entrepot
from entrepot.data.store import write_parquet
from entrepot.policy.schedules.timeline import change_days

FIRST, LAST = (2025, 1), (2026, 7)
HORIZONS = {"long-run": 1.0, "years-2-3": 0.38}
DAY = datetime.timedelta(days=1)


def main(path: Path) -> None:
    """Write the predictions and print their hash."""
    world, scenario = entrepot.load_economy(), entrepot.load_scenario("us-tariffs-world")
    starts = [day for day in change_days(entrepot.load_schedule("us-duties")) if day.year >= 2025]
    added: dict[datetime.date, np.ndarray] = {}
    rows = []
    year, month = FIRST
    while (year, month) <= LAST:
        first = datetime.date(year, month, 1)
        last = first.replace(day=calendar.monthrange(year, month)[1])
        mean = np.zeros(world.tariff.shape)
        for offset in range((last - first).days + 1):
            since = max((day for day in starts if day <= first + offset * DAY), default=first)
            if since not in added:
                tariff = scenario.on(since).shock(world).tariff
                added[since] = np.zeros(mean.shape) if tariff is None else (tariff - world.tariff).values
            mean += added[since] / ((last - first).days + 1)
        for horizon, factor in HORIZONS.items():
            economy = world.with_theta(factor * world.theta) if factor != 1 else world
            after = entrepot.solve(economy, entrepot.Shock(tariff=economy.tariff + mean)).trade_cf
            here = {"destination": "USA"}
            before = economy.trade.sel(here).drop_sel(origin="USA")
            growth = (after.sel(here).drop_sel(origin="USA") / before.where(before > 0)).to_series().dropna()
            table = growth.rename("growth").round(6).reset_index()
            rows.append(table.assign(period=f"{year}-{month:02d}", horizon=horizon))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    table = pd.concat(rows)[["period", "horizon", "origin", "sector", "growth"]]
    write_parquet(path, table.sort_values(["period", "horizon", "origin", "sector"]))
    print(len(table), hashlib.sha256(path.read_bytes()).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
