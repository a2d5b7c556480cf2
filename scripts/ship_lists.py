"""From shares of imports on overlapping lists of goods to the parts of each line that are on the same lists.

The prepared table says which share of a partner's imports under an HS6 line is on each list; the codes of eight and ten
digits say how lists overlap inside a line. Together they determine the parts: a part is what is on the same lists.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.optimize import nnls

AND = " + "
LEFT_OUT = {  # not used by any act that is entered
    "s232_semiconductors_gpu", "china301_9903.91.07", "canada338_aircraft_exempt", "brazil301_exempt_aircraft",
    "brazil301_exempt_named", "informational_49_97",
}  # fmt: skip
COMPILED_ELSEWHERE = {  # metals before April 2026: in a file of their own, which can be left out
    "s232_steel_main", "s232_aluminium_main", "s232_steel_derivative_2025-03-12", "s232_steel_derivative_2025-06-23",
    "s232_aluminium_derivative_2025-04-04",
}  # fmt: skip
LARGEST_RESIDUAL, SMALLEST_PART, RIDGE = 1e-5, 1e-6, 1e-4
METAL_LISTS = {
    "2025-03-12": ("steel-derivative-2025-03-12", "aluminium-derivative-2025-03-12", "aluminium-derivative-2025-04-04"),
    "2025-06-23": ("steel-derivative-2025-06-23",),
    "2025-08-18": ("steel-derivative-2025-08-18", "aluminium-derivative-2025-08-18"),
}
METAL_ITSELF = ("steel", "aluminium", "copper")
CLAIMED_FROM = {
    "usmca_claimed@2025-03/04": "2025-03-01",
    "usmca_claimed@2025-05/06": "2025-05-01",
    "usmca_claimed@2025-07/12": "2025-07-01",
    "usmca_claimed@2026-01/02": "2026-01-01",
}


def ship_lists(folder: Path, imports: pd.DataFrame, out: Path) -> None:
    """Write parts of lines by list, the metal content of derivatives, and claims under USMCA.

    Parameters
    ----------
    folder
        With `us_lists_hs6.parquet` and `us_lists_codes.csv`.
    imports
        ``origin, hs6, imports``.
    out
        The folder of shipped lines.
    """
    shares = duckdb.sql(f"SELECT list, hs6, partner, share FROM '{folder / 'us_lists_hs6.parquet'}'").df()
    codes = pd.read_csv(folder / "us_lists_codes.csv", dtype=str)
    codes, imports = codes[~codes["list"].isin(LEFT_OUT)], imports[imports["imports"] > 0]
    apart = codes["list"].isin(COMPILED_ELSEWHERE)
    parts = parts_of(Shares(shares), codes, imports)
    for name, table in (
        ("us-lists-2026", parts_of(Shares(shares), codes[~apart], imports)),
        ("us-metal-lists-2025", parts[parts["hs6"].isin(_lines_of(codes[apart], imports))]),
    ):
        classes = [AND.join(sorted(map(named, lists))) for lists in table["lists"]]
        whole = table.assign(**{"class": classes}, imports=table["imports"].round().astype("int64"))
        write(whole[["origin", "hs6", "class", "imports"]], out / f"{name}.parquet")
    parts["class"] = [AND.join(sorted(map(named, lists))) for lists in parts["lists"]]
    parts["imports"] = parts["imports"].round().astype("int64")
    write(metal_content(Shares(shares), parts), out / "us-metal-content.parquet")
    claims = shares[shares["list"].isin(CLAIMED_FROM)]
    claims = claims[claims.groupby(["partner", "hs6"])["share"].transform("max") > 0]
    claims = claims.assign(**{"from": claims["list"].map(CLAIMED_FROM), "share": claims["share"].round(4)})
    claims = claims.rename(columns={"partner": "origin"})[["origin", "hs6", "from", "share"]]
    write(claims, out / "us-usmca-claims.parquet")


class Shares:
    """The share of a line on a list, of one partner: its own row, else that of all, else none."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._known: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for row in table.itertuples():
            self._known[row.list, row.hs6][row.partner] = float(row.share)

    def __call__(self, name: str, hs6: str, partner: str) -> float:
        """Return a share between 0 and 1."""
        known = self._known.get((name, hs6), {})
        return known.get(partner, known.get("all", 0.0))


def parts_of(shares: Shares, codes: pd.DataFrame, imports: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of every listed line: ``origin, hs6, lists, share, imports``.

    Where the codes leave more than one solution, the one nearest to that of all partners together is taken.
    """
    nodes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    lines = sorted(imports["hs6"].unique())
    for name, code in zip(codes["list"], codes["hts_code"], strict=True):
        for hs6 in [code[:6]] if len(code) >= 6 else [line for line in lines if line.startswith(code)]:
            nodes[hs6][code if len(code) >= 6 else hs6].add(name)
    rows = []
    for hs6, trade in imports.groupby("hs6", sort=True):
        if hs6 not in nodes:
            continue
        patterns, matrix, named_lists = _patterns(str(hs6), nodes[hs6])
        guess = np.full(len(patterns), 1 / len(patterns))
        for partner, value in [("all", np.nan), *zip(trade["origin"], trade["imports"], strict=True)]:
            known = np.array([*(shares(name, str(hs6), partner) for name in named_lists), 1.0])
            found, _ = nnls(np.vstack([matrix, RIDGE * np.eye(len(patterns))]), np.append(known, RIDGE * guess))
            if partner == "all":
                guess = found
                continue
            if np.abs(matrix @ found - known).max() > LARGEST_RESIDUAL:
                sys.exit(f"{hs6} {partner}: shares on lists that no division of the line has")
            rows += [
                {"origin": partner, "hs6": hs6, "lists": lists, "share": share, "imports": share * value}
                for lists, share in zip(patterns, found, strict=True)
                if share > SMALLEST_PART
            ]
    return pd.DataFrame(rows).sort_values(["origin", "hs6"], kind="stable").reset_index(drop=True)


def _lines_of(codes: pd.DataFrame, imports: pd.DataFrame) -> set[str]:
    """Return the lines that any of some codes belongs to."""
    lines = imports["hs6"].unique()
    short = tuple(code for code in codes["hts_code"] if len(code) < 6)
    return {code[:6] for code in codes["hts_code"] if len(code) >= 6} | {
        line for line in lines if line.startswith(short)
    }


def _patterns(hs6: str, nodes: Mapping[str, set[str]]) -> tuple[list[frozenset[str]], np.ndarray, list[str]]:
    """Return the combinations of lists in a line, [list and whole, combination], and the lists."""
    found = {frozenset(name for other in nodes if code.startswith(other) for name in nodes[other]) for code in nodes}
    if hs6 not in nodes:
        found.add(frozenset())  # what is on no list
    patterns = sorted(found, key=sorted)
    names = sorted(set().union(*patterns))
    on = [[name in pattern for pattern in patterns] for name in names]
    return patterns, np.array([*on, [True] * len(patterns)], dtype=float), names


def metal_content(shares: Shares, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the value of derivatives that is metal: ``hs6, from, share``, from each day it changes.

    The prepared table has what pays on the metals in a line: the metals themselves and the content of derivatives.
    Copper is there from its own day with its own share; lines with copper are left out of the division.
    """
    split = parts["class"].str.split(AND, regex=False)
    itself = np.array([bool({*METAL_ITSELF} & {*lists}) for lists in split])
    copper = np.array(["copper" in lists for lists in split])
    rows, derivatives = [], set()
    for day, names in METAL_LISTS.items():
        derivatives |= {*names}
        derived = np.array([bool(derivatives & {*lists}) for lists in split]) & ~itself
        table = pd.DataFrame(
            {
                "origin": parts["origin"], "hs6": parts["hs6"], "metal": parts["share"] * itself,
                "derived": parts["share"] * derived, "copper": parts["share"] * copper, "imports": parts["imports"],
            }
        ).groupby(["origin", "hs6"], as_index=False).sum()  # fmt: skip
        table = table[(table["derived"] > 0) & (table["copper"] == 0)]
        value = np.array(
            [
                shares(f"s232_metals_value_share@{day}", hs6, origin)
                for hs6, origin in zip(table["hs6"], table["origin"], strict=True)
            ]
        )
        weight = table["imports"] * table["derived"]
        content = (value - table["metal"]) / table["derived"]
        mean = (weight * content).groupby(table["hs6"]).sum() / weight.groupby(table["hs6"]).sum()
        rows += [{"hs6": hs6, "from": day, "share": round(min(max(one, 0.0), 1.0), 4)} for hs6, one in mean.items()]
    return pd.DataFrame(rows)


def named(prepared: str) -> str:
    """Return the name of a list as it is shipped."""
    return prepared.removeprefix("s232_").replace("_main", "").replace("_", "-")


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table, its rows in order, so that the same figures give the same file."""
    duckdb.from_df(table).order("ALL").write_parquet(str(path), compression="zstd")
