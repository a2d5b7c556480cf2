"""Write the shipped data from the project's prepared figures: python scripts/ship_data.py FOLDER.

FOLDER holds `baseline/`, `elasticities/` and `measures/` as prepared for the project. What is written here are the
figures under `src/entrepot/data/shipped/`; the sidecars beside them are written by hand, because a machine cannot know
a licence. Running it again gives the same figures.
"""

import sys
from pathlib import Path

import pandas as pd
import xarray as xr

SHIPPED = Path(__file__).parents[1] / "src" / "entrepot" / "data" / "shipped"

# The prepared table of additional US duties carries India's full 50 points from 7 August 2025; in law the second 25
# points took effect on 27 August 2025 (Executive Order 14329). Its rows of 7 August are thus the rates of the 27th.
INDIA_ROWS_DATED = "2025-08-07"
SHORT_NAMES = {"Congo, The Democratic Republic of the": "DR Congo", "Vietnam": "Viet Nam"}
SPLIT_SECTORS = {"B07_B08": ["B07", "B08"]}  # the source joins two mining sectors


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


def ship_elasticities(folder: Path) -> None:
    """Write one table per paper."""
    for path in sorted(folder.glob("*.csv")):
        if path.stem == "SOURCES":
            continue
        table = pd.read_csv(path)
        if path.stem == "fontagne_guimbard_orefice_2022_tiva":
            table.loc[table["sector"] == "SERVICES", "theta"] = None  # 8.35 is an artefact: the gap rule fills it
        table.to_csv(SHIPPED / "elasticities" / path.name, index=False)


def ship_measures(folder: Path) -> None:
    """Write the additional US duties on India by sector of the embedded economy."""
    rates = pd.read_csv(folder / "us_additional_rates_2025_2026.csv")
    rates = rates[(rates["partner"] == "IND") & (rates["date"] == INDIA_ROWS_DATED)]
    rows = [
        {"origin": "IND", "destination": "USA", "sector": sector, "rate": row.additional_rate}
        for row in rates.itertuples()
        for sector in SPLIT_SECTORS.get(row.sector, [row.sector])
    ]
    known = set(pd.read_csv(folder.parent / "baseline" / "sectors.csv")["sector"])
    table = pd.DataFrame([row for row in rows if row["sector"] in known])
    table.to_csv(SHIPPED / "measures" / "us-additional-duties-on-india-2025-08-27.csv", index=False)


if __name__ == "__main__":
    prepared = Path(sys.argv[1])
    ship_economy(prepared / "baseline")
    ship_elasticities(prepared / "elasticities")
    ship_measures(prepared / "measures")
