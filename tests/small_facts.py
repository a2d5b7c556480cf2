"""A small world of facts whose figures can be added up in the head."""

import pandas as pd

from entrepot.data.facts import FACT, Facts

ROWS = [
    # LNG: the Union leads as one, China among states; the total leaves little unlisted
    ("s1", "RUS", "exports", "CHN", "economy", "lng", "2024", 10.0, "bcm"),
    ("s1", "RUS", "exports", "FRA", "economy", "lng", "2024", 8.0, "bcm"),
    ("s1", "RUS", "exports", "ESP", "economy", "lng", "2024", 4.0, "bcm"),
    ("s1", "RUS", "exports", "Other EU", "remainder", "lng", "2024", 1.0, "bcm"),
    ("s1", "RUS", "exports", "Total exports", "total", "lng", "2024", 24.0, "bcm"),
    # crude by volume, and for China by value too
    ("s1", "RUS", "exports", "CHN", "economy", "crude", "2024", 100.0, "Mt"),
    ("s1", "RUS", "exports", "IND", "economy", "crude", "2024", 80.0, "Mt"),
    ("s1", "RUS", "exports", "Europe", "region", "crude", "2024", 30.0, "Mt"),
    ("s1", "RUS", "exports", "CHN", "economy", "crude", "2023", 90.0, "Mt"),
    ("s1", "RUS", "exports", "IND", "economy", "crude", "2023", 60.0, "Mt"),
    ("s1", "RUS", "exports", "CHN", "economy", "oil_products", "2024", 5.0, "Mt"),
    ("s1", "RUS", "exports", "IND", "economy", "oil_products", "2024", 40.0, "Mt"),
    # goods both ways
    ("s1", "IND", "exports", "RUS", "economy", "all_goods", "2024", 5000.0, "USD million"),
    ("s1", "IND", "imports", "RUS", "economy", "all_goods", "2024", 60000.0, "USD million"),
    ("s1", "IND", "exports", "RUS", "economy", "all_goods", "FY2024-25", 4900.0, "USD million"),
    ("s1", "IND", "exports", "CHN", "economy", "all_goods", "2024", 9000.0, "USD million"),
]  # fmt: skip


def facts_of(rows: list[tuple[object, ...]], *more: str) -> Facts:
    table = pd.DataFrame(rows, columns=FACT)
    return Facts(table, dict.fromkeys(dict.fromkeys([*table["source"], *more])))
