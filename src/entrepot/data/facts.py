"""Facts about trade: who bought how much of what from whom, when, in which unit, according to whom.

One row a figure. Figures of several sources on one thing stand side by side; nothing here averages them.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from entrepot.core.errors import InvalidDocument, UnknownLabel, listed, nearest
from entrepot.core.provenance import Provenance
from entrepot.data import shipped, store
from entrepot.data.tables import read_table

FACT = ["source", "reporter", "flow", "partner", "partner_kind", "product", "period", "value", "unit"]
KEY = ["source", "reporter", "flow", "partner", "product", "period", "unit"]
FLOWS = ("exports", "imports")
PARTNER_KINDS = ("economy", "region", "remainder", "total")
"""A region is a group, whose members may be listed too; a remainder is what is left of one; total is the world."""
_CALENDAR, _FISCAL = re.compile(r"[0-9]{4}"), re.compile(r"FY([0-9]{4})-([0-9]{2})")
LARGEST = 1e15  # of any figure: more is a slip, and sums of it would overflow


@dataclass(frozen=True, eq=False)
class Facts:
    """Figures on trade with their sources. Load them with :func:`entrepot.load_facts`.

    Attributes
    ----------
    table
        One row a figure: ``source, reporter, flow, partner, partner_kind, product, period, value, unit``, sorted.
    sources
        By name: provenance, or None where a person's own file has no sidecar. Shipped ones first.
    """

    table: pd.DataFrame
    sources: Mapping[str, Provenance | None]

    def rows(self, **among: Sequence[str]) -> pd.DataFrame:
        """Return the rows whose value in each column named is among those given.

        Raises
        ------
        UnknownLabel
            No such column, or no row at all has one of the values; says what resembles it.
        """
        for name, values in among.items():
            if name not in FACT:
                raise UnknownLabel(f"facts have no column {name!r}{nearest(name, FACT)}; they have {', '.join(FACT)}")
            known = sorted(self.table[name].unique())
            for value in values:
                if value not in known:
                    hint = nearest(value, known) or f"; there are {listed(known)}"
                    raise UnknownLabel(f"no {name} {value!r} in the facts{hint}")
        return store.filtered(self.table, among)

    def labels(self, column: str) -> list[str]:
        """Return every label of a column, sorted."""
        return sorted(self.table[column].unique())


def load_facts(*own: str | Path, with_shipped: bool = True) -> Facts:
    """Return the shipped facts, and those in files of one's own beside them.

    Parameters
    ----------
    own
        CSV or Excel files with the columns ``source, reporter, flow, partner, partner_kind, product, period, value,
        unit``. A file ``mine.yaml`` beside ``mine.csv`` says where the figures come from, as the sidecars of shipped
        tables do.
    with_shipped
        Whether the shipped facts are among them.

    Raises
    ------
    InvalidDocument
        A figure that is none, a flow, kind or period that does not exist, a key given twice, a source that is shipped
        already; with file and line.
    FileProblem
        A file that is missing or unreadable.
    """
    names = shipped.names("facts")
    tables: list[pd.DataFrame] = []
    sources: dict[str, Provenance | None] = {}
    for name in names if with_shipped else ():
        path = shipped.path_of("facts", name)
        tables.append(store.read_parquet(path, FACT))
        sources[name] = shipped.sidecar_of(path, Provenance)
    for each in own:
        path = Path(each)
        table = _own(path, names)
        for source in sorted(table["source"].unique()):
            if source in sources:
                line = table.index[table["source"] == source][0]
                raise InvalidDocument(
                    f"{path.name}, line {line}: source {source!r} is read already; call this one otherwise"
                )
            sources[source] = shipped.sidecar_of(path, Provenance) if path.with_suffix(".yaml").exists() else None
        tables.append(table)
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=FACT)
    return Facts(whole.sort_values(KEY, kind="stable", ignore_index=True), sources)


def is_fiscal(period: str) -> bool:
    """Return whether a period is a fiscal year (FY2024-25, April to March) and not a calendar year (2024)."""
    return period.startswith("FY")


def parse_period(written: object) -> str:
    """Return a period as facts have it.

    Raises
    ------
    ValueError
        Neither a calendar year as 2024 nor a fiscal year as FY2024-25.
    """
    text = str(written).strip()
    fiscal = _FISCAL.fullmatch(text)
    if _CALENDAR.fullmatch(text) or (fiscal and (int(fiscal[1]) + 1) % 100 == int(fiscal[2])):
        return text
    raise ValueError(f"found {text[:40]!r}; write a period as 2024, or as FY2024-25 for April 2024 to March 2025")


def _own(path: Path, taken: Sequence[str]) -> pd.DataFrame:
    table = read_table(path, FACT, number="value")[FACT]
    checks: dict[str, Callable[[str], str]] = {
        "source": lambda word: f"source {word!r} is shipped; call yours otherwise" if word in taken else "",
        "flow": lambda word: _not_among("flow", word, FLOWS),
        "partner_kind": lambda word: _not_among("partner_kind", word, PARTNER_KINDS),
        "period": _not_a_period,
    }
    problems = []
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        blank = [name for name in FACT if name != "value" and not row[name]]
        problem = f"{listed(blank)} is blank; fill it in" if blank else ""
        if math.isnan(row["value"]):
            problem = problem or "value is blank; give a number, or leave the row out"
        if row["value"] < 0:
            problem = problem or f"value is {row['value']:g}; trade is not negative, a balance is computed"
        if row["value"] > LARGEST:
            problem = problem or f"value is {row['value']:g}, more than the world trades; check the unit"
        problem = problem or next((said for name, check in checks.items() if (said := check(row[name]))), "")
        if problem:
            problems.append(f"{path.name}, line {line}: {problem}")
    doubled = table.duplicated(KEY)
    if doubled.any() and not problems:
        line, key = table.index[doubled][0], " ".join(table.loc[doubled, KEY].iloc[0])
        problems.append(f"{path.name}, line {line}: {key} is given twice; keep one")
    if problems:
        raise InvalidDocument("\n".join(problems))
    return table


def _not_among(column: str, word: str, known: Sequence[str]) -> str:
    return "" if word in known else f"{column} is {word!r}{nearest(word, known)}; write one of {', '.join(known)}"


def _not_a_period(word: str) -> str:
    try:
        parse_period(word)
    except ValueError as error:
        return f"period: {error}"
    return ""
