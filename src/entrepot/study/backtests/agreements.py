"""Trade agreements: the log change of a pair's trade against untreated pairs, and what cuts of duty predict.

The outcome is a double difference: growth of the pair's trade, less that of the exporter's sales to countries outside
any of the agreements, less that of the importer's purchases from such countries, plus that of trade among them. Growth
of both sides and of the world drops out. Predictions are put through the same difference.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from entrepot.core.dims import DESTINATION, ORIGIN, SECTOR
from entrepot.data import shipped
from entrepot.data.store import read_parquet
from entrepot.economy.blocs import shipped_blocs
from entrepot.economy.economy import Economy
from entrepot.economy.load import trade_of_year
from entrepot.equilibrium.solve import solve
from entrepot.policy.shock import Shock
from entrepot.study.backtests.event import Event
from entrepot.study.backtests.predictions import economy_of

CUTS = ["event", "importer", "origin", "sector", "from", "to", "tariff_from", "tariff_to", "base_trade_usd_million"]
LEAST_CUT = 0.01  # mean of a flow, weighted with trade: below it, no agreement is to be seen
HORIZONS = {(1, 3): "1-3 years", (4, 5): "4-5 years", (6, 99): "6-8 years"}


def agreement_rows(event: Event) -> Iterator[pd.DataFrame]:
    """Yield one row a direction of an agreement and horizon: observed and predicted changes in log points."""
    assert event.duties is not None
    cuts = read_parquet(shipped.path_of("observed", event.duties.table), CUTS)
    cuts = cuts[cuts["sector"].str.startswith("C")]
    for name, base, year in sorted({*zip(cuts["event"], cuts["from"].map(int), cuts["to"].map(int), strict=True)}):
        rows = cuts[(cuts["event"] == name) & (cuts["from"] == base) & (cuts["to"] == year)]
        horizon = next(said for (least, most), said in HORIZONS.items() if least <= year - base <= most)
        flows = _flows(rows)
        if not flows:
            continue
        sides = {code for flow in flows for bloc in flow for code in _members(bloc)}
        before, after = trade_of_year(base)["trade"], trade_of_year(year)["trade"]
        seen = {flow: _double(before, after, flow, flows[flow], sides) for flow in flows}
        for variant, choice in event.variants.items():
            economy = economy_of(f"icio{base}", choice)
            cf = solve(economy, Shock(tariff=_cut(economy, rows))).trade_cf
            for flow, sectors in flows.items():
                said = _double(economy.trade, cf, flow, sectors, sides)
                yield _row(horizon, variant, f"{name} {flow[0]} to {flow[1]}", before, flow, sectors, seen[flow], said)
        for flow, sectors in flows.items():
            yield _row(horizon, "no change", f"{name} {flow[0]} to {flow[1]}", before, flow, sectors, seen[flow], 0.0)


def _row(
    horizon: str, variant: str, what: str, before: xr.DataArray, flow: tuple[str, str], sectors: list[str],
    observed: float, predicted: float,
) -> pd.DataFrame:  # fmt: skip
    weight = _total(before, _members(flow[0]), _members(flow[1]), sectors)
    return pd.DataFrame(
        {
            "series": ["ICIO"], "to": [horizon], "rates": ["statutory"], "variant": [variant], "what": [what],
            "base": [np.nan], "weight": [weight], "observed": [100 * observed], "predicted": [100 * predicted],
        }
    )  # fmt: skip


def _flows(rows: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Return the sectors of each direction whose duties fall by more than `LEAST_CUT` on average."""
    found = {}
    for (importer, origin), mine in rows.groupby(["importer", "origin"]):
        weight = mine["base_trade_usd_million"].clip(lower=1e-9)
        if float(np.average(mine["tariff_from"] - mine["tariff_to"], weights=weight)) > LEAST_CUT:
            found[str(origin), str(importer)] = list(mine["sector"])
    return found


def _cut(economy: Economy, rows: pd.DataFrame) -> xr.DataArray:
    values = economy.tariff.values.copy()
    codes, sectors = list(economy.countries), list(economy.sectors)
    for row in rows.to_dict("records"):
        for origin in _members(row["origin"]):
            for importer in _members(row["importer"]):
                cell = codes.index(origin), codes.index(importer), sectors.index(row["sector"])
                values[cell] = max(values[cell] + row["tariff_to"] - row["tariff_from"], 0.0)
    return economy.tariff.copy(data=values)


def _double(
    before: xr.DataArray, after: xr.DataArray, flow: tuple[str, str], sectors: list[str], sides: set[str]
) -> float:
    """Return the growth of a flow in logs, less that of both its sides with untreated countries, plus theirs."""
    seller, buyer = _members(flow[0]), _members(flow[1])
    outside = [str(code) for code in before[ORIGIN].values if str(code) not in sides]
    pairs = (seller, buyer), (seller, outside), (outside, buyer), (outside, outside)
    signs = 1, -1, -1, 1
    growth = [np.log(_total(after, *pair, sectors) / _total(before, *pair, sectors)) for pair in pairs]
    return float(sum(sign * one for sign, one in zip(signs, growth, strict=True)))


def _total(trade: xr.DataArray, sellers: list[str], buyers: list[str], sectors: list[str]) -> float:
    """Return trade across borders between two groups."""
    part = trade.sel({ORIGIN: sellers, DESTINATION: buyers, SECTOR: sectors}).sum(SECTOR).values
    abroad = np.array(sellers)[:, None] != np.array(buyers)[None, :]
    return float((part * abroad).sum())


def _members(word: str) -> list[str]:
    """Return the countries of a word, which may join several by plus; EU28 is the EU with the United Kingdom."""
    found: list[str] = []
    for one in word.split("+"):
        if one == "EU28":
            found += [*shipped_blocs()["EU27"].members, "GBR"]
        else:
            found += shipped_blocs()[one].members if one in shipped_blocs() else [one]
    return found
