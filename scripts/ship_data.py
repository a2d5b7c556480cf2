"""Write the shipped data from the project's prepared figures: python scripts/ship_data.py FOLDER.

FOLDER holds `baseline/`, `elasticities/`, `facts/` and `measures/` as prepared for the project. What is written here
are the figures under `src/entrepot/data/shipped/`; the sidecars beside them are written by hand, because a machine
cannot know a licence. Running it again gives the same figures.
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd
import xarray as xr

SHIPPED = Path(__file__).parents[1] / "src" / "entrepot" / "data" / "shipped"

# The prepared table of additional US duties carries India's full 50 points from 7 August 2025; in law the second 25
# points took effect on 27 August 2025 (Executive Order 14329). Its rows of 7 August are thus the rates of the 27th.
INDIA_ROWS_DATED, PENALTY_IN_FORCE, IEEPA_VOID = "2025-08-07", "2025-08-27", "2026-02-20"
INDIA = "IND"
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
    """Write the additional US duties of all partners by date and sector, a row where a rate changes.

    Once by partner of the source, once on the countries of the embedded economy.
    """
    rates = pd.read_csv(folder / "us_additional_rates_2025_2026.csv", dtype={"date": str})
    countries = pd.read_csv(folder.parent / "baseline" / "countries.csv")
    for name, table in (
        ("us-additional-duties-by-partner", rates[["date", "partner", "sector", "additional_rate"]]),
        ("us-additional-duties", _on_the_economy(rates, countries)),
    ):
        _changes(table).to_csv(SHIPPED / "measures" / f"{name}.csv", index=False)


def _changes(rates: pd.DataFrame) -> pd.DataFrame:
    """Return rows as they are shipped, India's second 25 points from the day they were in force."""
    rates = pd.concat([rates, _india_before_the_penalty(rates)], ignore_index=True)
    later = (rates["partner"] == INDIA) & (rates["date"] == INDIA_ROWS_DATED)
    doubled = rates.duplicated(["date", "partner", "sector"], keep="last")
    rates.loc[later & doubled, "date"] = PENALTY_IN_FORCE
    rates = rates.sort_values(["partner", "sector", "date"], kind="stable")
    unchanged = rates.groupby(["partner", "sector"])["additional_rate"].diff() == 0
    first_zero = ~rates.duplicated(["partner", "sector"]) & (rates["additional_rate"] == 0)
    rows = [
        {"date": row.date, "origin": row.partner, "destination": "USA", "sector": sector, "rate": row.additional_rate}
        for row in rates[~unchanged & ~first_zero].itertuples()
        for sector in SPLIT_SECTORS.get(row.sector, [row.sector])
    ]
    return pd.DataFrame(rows)


def _on_the_economy(rates: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """Return rates for every country of the embedded economy.

    Partners that it does not have are in its rest of the world, which carries their average; so do its countries that
    the source does not list.
    """
    listed = {*rates["partner"], *countries["country"][countries["eu27"] == 1], "USA"}
    inside = rates["partner"].isin([*countries["country"], "EU27"])
    rest = rates[~inside].assign(duty=lambda table: table["imports_2024_usd"] * table["additional_rate"])
    mean = rest.groupby(["date", "sector"], as_index=False)[["duty", "imports_2024_usd"]].sum()
    mean = mean[mean["imports_2024_usd"] > 0]
    mean["additional_rate"] = (mean["duty"] / mean["imports_2024_usd"]).round(6)
    others = [mean.assign(partner=code) for code in countries["country"] if code not in listed]
    columns = ["date", "partner", "sector", "additional_rate"]
    return pd.concat([rates[inside], *others], ignore_index=True)[columns]


def _india_before_the_penalty(rates: pd.DataFrame) -> pd.DataFrame:
    """Return India's rows from 7 to 26 August 2025: 25 points where the prepared ones have 50.

    After the Supreme Court's ruling only Section 232 was left, and what it left is in the row of that day: half of the
    difference is what one of the two 25 points adds.
    """
    india = rates[rates["partner"] == INDIA].set_index("sector")
    both = india[india["date"] == INDIA_ROWS_DATED]
    neither = india.loc[india["date"] == IEEPA_VOID, "additional_rate"].reindex(both.index)
    one = both.assign(additional_rate=((both["additional_rate"] + neither) / 2).round(6))
    return one.reset_index()


def ship_lines(folder: Path) -> None:
    """Write US imports, duties and treatment by HS6 line.

    Copper goods have paid under Section 232 since 1 August 2025. The prepared lists show that in November only; in
    August they still have them exempt. What is under it in November is put there in August too.
    """
    imports, treatment = folder / "us_imports_2024_hs6.parquet", folder / "us_treatment_hs6.parquet"
    queries = {
        "us-imports-2024": f"""
            SELECT partner AS origin, hs6, imports_usd AS imports, duty_usd AS duties FROM '{imports}' ORDER BY ALL
        """,
        "us-treatment-2025": f"""
            WITH copper AS (
                SELECT DISTINCT hs6 FROM '{treatment}'
                WHERE as_of = '2025-11-14' AND treatment = 'section_232' AND hs6 LIKE '74%'
            )
            SELECT as_of, partner AS origin, hs6,
                CASE WHEN treatment = 'exempt' AND hs6 IN (FROM copper) THEN 'section_232' ELSE treatment END AS class,
                sum(imports_usd)::BIGINT AS imports
            FROM '{treatment}' GROUP BY ALL ORDER BY ALL
        """,
    }
    for name, query in queries.items():
        duckdb.sql(query).write_parquet(str(SHIPPED / "lines" / f"{name}.parquet"), compression="zstd")


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
    ship_measures(prepared / "measures")
    ship_lines(prepared / "measures")
    ship_facts(prepared / "facts")
