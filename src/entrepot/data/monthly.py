"""What a country collected on its imports by month, and what claimed a preference."""

from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, listed
from entrepot.data.files import cached_by_content, existing
from entrepot.data.tables import read_table

COLUMNS = ["month", "origin", "what", "series", "imports", "value"]
DUTIES = "duties"
"""In `what`: the value is duties; else it is imports that claimed the preference of that name."""
EVERYBODY = "all"
"""In `origin`: imports from everywhere."""
_MONTH = r"\d{4}-(0[1-9]|1[0-2])"


def read_collected(path: Path) -> pd.DataFrame:
    """Return imports and duties by month: ``month, origin, what, series, imports, value``, values in one unit.

    Raises
    ------
    InvalidDocument
        Columns are missing, a month is none, a value is missing or negative.
    """
    return _read(existing(path))


@cached_by_content(4)
def _read(path: Path) -> pd.DataFrame:
    table = read_table(path, COLUMNS, number=["imports", "value"])
    wrong = ~table["month"].str.fullmatch(_MONTH)
    if wrong.any():
        line = table.index[wrong.to_numpy()][0]
        raise InvalidDocument(
            f"{path.name}, line {line}: month {listed(table['month'][wrong].unique())}; write 2025-08"
        )
    for name in ("imports", "value"):
        bad = table[name].isna() | (table[name] < 0)
        if bad.any():
            line = table.index[bad.to_numpy()][0]
            raise InvalidDocument(f"{path.name}, line {line}: {name} missing or negative; give a number")
    return table.reset_index(drop=True)
