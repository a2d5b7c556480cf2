"""Write the shipped data from the project's prepared figures: python scripts/ship_data.py FOLDER.

FOLDER holds `baseline/`, `elasticities/`, `facts/` and `measures/` as prepared for the project. What is written here
are the figures under `src/entrepot/data/shipped/`; the sidecars beside them are written by hand, because a machine
cannot know a licence. Running it again gives the same figures.
"""

import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import xarray as xr
from ship_lists import AND, named, ship_lists, write

SHIPPED = Path(__file__).parents[1] / "src" / "entrepot" / "data" / "shipped"

SHORT_NAMES = {"Congo, The Democratic Republic of the": "DR Congo", "Vietnam": "Viet Nam"}
ABROAD = {  # lists of US goods: the prepared name, and who levies
    "canada_2025-03-04": "canada", "canada_metals_2025-03-13": "canada", "china_10_2025-03-10": "china",
    "china_15_2025-03-10": "china",
}  # fmt: skip


def ship_economy(folder: Path) -> None:
    """Write the 2022 economy with names and groups on its axes."""
    source = xr.open_dataset(folder / "icio2022.nc", engine="h5netcdf").load()
    countries = pd.read_csv(folder / "countries.csv").set_index("country").loc[source["country"].values]
    countries["name"] = countries["name"].replace(SHORT_NAMES)
    sectors = pd.read_csv(folder / "sectors.csv").set_index("sector").loc[source["sector"].values]
    out = source.assign_coords(
        country_name=("country", countries["name"].to_numpy(str)),
        sector_name=("sector", sectors["name"].to_numpy(str)),
        sector_group=("sector", sectors["group"].to_numpy(str)),
        country_group=("group", ["EU27"]),
    )
    out["group_member"] = (("group", "country"), countries["eu27"].to_numpy(bool)[None, :])
    # One chunk an array, bytes unshuffled: the figures are rounded, so whole words repeat.
    packed = {
        name: {"zlib": True, "complevel": 9, "shuffle": False, "chunksizes": variable.shape}
        for name, variable in out.data_vars.items()
    }
    out.to_netcdf(SHIPPED / "economies" / "icio2022.nc", engine="h5netcdf", encoding=packed)


def ship_history(folder: Path) -> None:
    """Write trade and tariffs of all years, trade to one part in eight thousand so that it stays small."""
    source = xr.open_dataset(folder / "icio_history.nc", engine="h5netcdf").load()
    trade = source["trade"].astype("float32")
    bits = trade.values.view("uint32")
    kept = (bits + np.uint32(1 << 10)) >> np.uint32(11) << np.uint32(11)  # twelve of the 23 bits of the mantissa
    out = source[["tariff_source"]].assign(trade=trade.copy(data=kept.view("float32")))
    out = out.rename(tariff_source="tariff").drop_vars(
        [name for name in out.coords if name not in ("year", "origin", "destination", "sector")]
    )
    out.attrs = {"unit": "USD million"}
    packed = {
        name: {"zlib": True, "complevel": 9, "shuffle": True, "chunksizes": (1, *variable.shape[1:])}
        for name, variable in out.data_vars.items()
    }
    out.to_netcdf(SHIPPED / "history" / "icio.nc", engine="h5netcdf", encoding=packed)


def ship_backtests(folder: Path) -> None:
    """Write what was observed after the events, and the duties that they brought."""
    observed = pd.read_csv(folder / "observed_changes.csv")
    columns = {
        "event": "event", "source": "source", "importer": "importer", "origin": "origin", "sector": "sector",
        "from": "from", "to": "to", "value_from_usd_million": "value_from", "value_to_usd_million": "value_to",
        "importer_sector_imports_from": "imports_from", "importer_sector_imports_to": "imports_to",
    }  # fmt: skip
    write(observed[list(columns)].rename(columns=columns), SHIPPED / "observed" / "changes.parquet")
    duties = pd.read_csv(folder / "tariff_war_2018_2019.csv")
    write(duties, SHIPPED / "observed" / "tariff-war.parquet")
    cuts = pd.read_csv(folder / "agreement_tariffs.csv")
    write(cuts.drop(columns="in_force_from_memory"), SHIPPED / "observed" / "agreements.parquet")


def ship_elasticities(folder: Path) -> None:
    """Write one table per paper."""
    for path in sorted(folder.glob("*.csv")):
        if path.stem == "SOURCES":
            continue
        table = pd.read_csv(path)
        if path.stem == "fontagne_guimbard_orefice_2022_tiva":
            table.loc[table["sector"] == "SERVICES", "theta"] = None  # 8.35 is an artefact: the gap rule fills it
        table.to_csv(SHIPPED / "elasticities" / path.name, index=False)


def ship_lines(folder: Path) -> None:
    """Write US imports and duties by HS6 line, how legal lists split the lines, and US goods on lists abroad."""
    imports = duckdb.sql(
        f"""
        SELECT partner AS origin, hs6, imports_usd AS imports, duty_usd AS duties
        FROM '{folder / "us_imports_2024_hs6.parquet"}' ORDER BY ALL
        """
    )
    imports.write_parquet(str(SHIPPED / "lines" / "us-imports-2024.parquet"), compression="zstd")
    latest = folder / "us_to_2026-08-19"
    ship_lists(latest, imports.df(), SHIPPED / "lines")
    abroad = duckdb.sql(f"SELECT list, hs6, us_exports_usd FROM '{latest / 'foreign_lists_hs6.parquet'}'").df()
    for importer in sorted({*ABROAD.values()}):
        ship_listed_abroad(abroad[abroad["list"].map(ABROAD) == importer], importer)


def ship_listed_abroad(rows: pd.DataFrame, importer: str) -> None:
    """Write the US goods that a country lists: their exports as its imports, and which lists they are on."""
    rows = rows[rows["us_exports_usd"] > 0]
    lists = rows.sort_values("list").groupby("hs6")["list"].agg(lambda names: AND.join(map(named, names)))
    imports = rows.groupby("hs6")["us_exports_usd"].first().astype("int64")
    table = pd.DataFrame({"origin": "USA", "hs6": imports.index, "imports": imports.to_numpy()})
    write(table.assign(duties=0), SHIPPED / "lines" / f"{importer}-listed-us-goods.parquet")
    classes = table.assign(**{"class": lists.to_numpy()})[["origin", "hs6", "class", "imports"]]
    write(classes, SHIPPED / "lines" / f"{importer}-lists-2025.parquet")


def ship_collected(folder: Path) -> None:
    """Write what the United States collected by month, and what claimed USMCA treatment, in USD million."""
    months = pd.read_csv(folder / "us_collected_monthly.csv")
    series = {
        "Treasury and Census": ("imports_usd_mn", "customs_duties_usd_mn"),
        "USITC": ("usitc_imports_for_consumption_usd_mn", "usitc_calculated_duties_usd_mn"),
    }
    tables = [
        months[["month", imports, value]]
        .set_axis(["month", "imports", "value"], axis=1)
        .assign(origin="all", what="duties", series=name)
        for name, (imports, value) in series.items()
    ]
    claims = pd.read_csv(folder / "us_imports_can_mex_monthly.csv")
    claims = claims.rename(columns={"partner": "origin", "imports_usd": "imports", "usmca_imports_usd": "value"})
    claims[["imports", "value"]] = (claims[["imports", "value"]] / 1e6).round(1)
    tables.append(claims.assign(what="claims under USMCA", series="Census")[list(tables[0])])
    whole = pd.concat(tables).dropna(subset=["imports", "value"])
    columns = ["month", "origin", "what", "series", "imports", "value"]
    whole[columns].sort_values(columns).to_csv(SHIPPED / "collected" / "us-collected.csv", index=False)


def ship_facts(folder: Path) -> None:
    """Write the facts about trade, one table a source."""
    facts = pd.read_csv(folder / "trade_facts.csv", dtype={"period": str})
    keys = [name for name in facts.columns if name != "value"]
    for source, rows in facts.sort_values(keys).groupby("source", sort=True):
        duckdb.from_df(rows).write_parquet(str(SHIPPED / "facts" / f"{source}.parquet"), compression="zstd")


if __name__ == "__main__":
    prepared = Path(sys.argv[1])
    ship_economy(prepared / "baseline")
    ship_elasticities(prepared / "elasticities")
    ship_history(prepared / "backtests")
    ship_backtests(prepared / "backtests")
    ship_lines(prepared / "measures")
    ship_collected(prepared / "measures" / "us_to_2026-08-19")
    ship_facts(prepared / "facts")
