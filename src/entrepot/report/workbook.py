"""Every answer as an Excel workbook: what it says, its tables, what was assumed, where the numbers come from.

The document of an answer (what ``--json`` prints) has all of it. Its lists of rows become sheets, its sentences the
first sheet, `sources` and everything else one sheet each; an answer that has more tables says so in `Answer.tables`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from entrepot.core.version import package_version
from entrepot.report.answer import Answer
from entrepot.report.kit.headings import heading, sheet_title
from entrepot.report.kit.workbook import workbook

SENTENCES = ("headline", "sentence", "robustness", "remarks", "notes", "summary")
SETTINGS = ("assumptions", "focus", "solver", "inputs", "weights", "units", "held", "ledger")
"""Parts of a document that say how an answer was found; other mappings are results."""
FEW = 12  # settings that stand among others; more are a table


def workbook_of(answer: Answer) -> bytes:
    """Return the workbook of an answer.

    Raises
    ------
    InputError
        A table is too long for a sheet.
    """
    document = answer.document()
    if isinstance(document, list):
        document = {"rows": document}
    parts = _Parts()
    for key, value in document.items():
        parts.add(str(key), value)
    tables = {**parts.tables, **parts.settings} if answer.tables is None else answer.tables()
    more = {"Scenario": parts.scenario, "Assumptions": parts.assumptions, "Sources": parts.sources}
    title = str(answer.title or parts.title or next(iter(tables), "Answer"))
    more["Assumptions"] = [*parts.assumptions, ("Made with", f"entrepot {package_version()}")]
    return workbook(title, parts.said, tables, {name: pairs for name, pairs in more.items() if pairs}, parts.currency)


class _Parts:
    """The parts of a document as the sheets take them.

    Attributes
    ----------
    title, said
        Of the first sheet.
    tables, settings
        Sheets with results; and long settings, such as elasticities, which are a sheet too.
    scenario, assumptions, sources
        Labels with values.
    currency
        Of columns in billions.
    """

    def __init__(self) -> None:
        self.title = self.currency = ""
        self.said: list[tuple[str, object]] = []
        self.tables: dict[str, pd.DataFrame] = {}
        self.settings: dict[str, pd.DataFrame] = {}
        self.scenario: list[tuple[str, object]] = []
        self.assumptions: list[tuple[str, object]] = []
        self.sources: list[tuple[str, object]] = []

    def add(self, key: str, value: Any, inside: str = "") -> None:
        """Sort one part of a document by what it is."""
        label = _inside(_label(inside), key) if inside else _label(key)
        if key in ("entrepot", "seconds") or value is None or (value != 0 and not value):
            return
        if key == "sources":
            self.sources = _sources(value)
        elif key == "scenario" and isinstance(value, Mapping):
            self.title = self.title or value.get("title", "")
            self.scenario = _flat(value)
        elif key in SENTENCES and not _is_table(value) and not isinstance(value, Mapping):
            self.said += [(label, text) for text in ([value] if isinstance(value, str) else value)]
        elif _is_table(value):
            self._add_table(key, value, inside)
        elif isinstance(value, Mapping):
            self._add_mapping(key, value, inside)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            self.assumptions.append((label, "; ".join(map(_as_text, value))))
        else:
            self.title = self.title or (str(value) if key == "title" else "")
            self.currency = str(value) if key == "currency" else self.currency
            self.assumptions.append((label, _as_text(value) if isinstance(value, str) else value))

    def _add_mapping(self, key: str, value: Mapping[str, Any], inside: str) -> None:
        plain = not any(isinstance(one, Mapping | list | tuple) for one in value.values())
        if plain and (len(value) > FEW or (not inside and key not in SETTINGS)):
            rows = pd.DataFrame({"quantity": [_label(str(name)) for name in value], key: list(value.values())})
            (self.settings if inside or key in SETTINGS else self.tables)[sheet_title(key)] = rows
            return
        for name, one in value.items():
            self.add(str(name), one, "" if key == "assumptions" else key)

    def _add_table(self, key: str, rows: Sequence[Mapping[str, Any]], inside: str) -> None:
        """Add a table; rows inside its rows are a table of their own, which names the row that they belong to."""
        first = next(iter(rows[0]))
        flat: list[dict[str, Any]] = []
        nested: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            kept = {}
            for name, value in row.items():
                if _is_table(value):
                    nested.setdefault(name, []).extend({f"of_{first}": row[first], **one} for one in value)
                else:
                    kept[name] = value if not isinstance(value, Mapping | list | tuple) else _as_text(value)
            flat.append(kept)
        self.tables[sheet_title(f"{inside}_{key}" if inside else key)] = pd.DataFrame(flat)
        for name, more in nested.items():
            self._add_table(name, more, "")


def _is_table(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) and row for row in value)


def _label(key: str) -> str:
    return heading(key).removesuffix(", change")


def _inside(label: str, key: str) -> str:
    """Return "Solver, steps"; a code keeps its capitals."""
    return f"{label}, {_label(key).lower() if key.islower() else key}"


def _as_text(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(
            f"{_label(str(name)).lower()}: {_as_text(one)}" for name, one in value.items() if one is not None
        )
    if isinstance(value, list | tuple):
        return "; ".join(map(_as_text, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _flat(value: Mapping[str, Any], before: str = "") -> list[tuple[str, object]]:
    """Return a nested document as labels with values, without what is blank."""
    found: list[tuple[str, object]] = []
    for key, one in value.items():
        label = _inside(before, str(key)) if before else _label(str(key))
        if isinstance(one, Mapping) and len(one) > FEW // 2:
            found.append((label, _as_text(one)))
        elif isinstance(one, Mapping):
            found += _flat(one, label)
        elif _is_table(one):
            for number, row in enumerate(one, start=1):
                found += _flat(row, f"{label.removesuffix('s')} {number}")
        elif one not in (None, "", [], (), False):
            found.append((label, _as_text(one) if isinstance(one, list | tuple) else one))
    return found


def _sources(sources: Any) -> list[tuple[str, object]]:
    """Return each source as a heading with its fields below."""
    found: list[tuple[str, object]] = []
    for name, source in sources.items() if isinstance(sources, Mapping) else ():
        found += [(str(name), None), *(_flat(source) if isinstance(source, Mapping) else [("Source", "not said")])]
    return found
