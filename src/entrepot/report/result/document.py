"""A result as one JSON document: every table of a report, for machines."""

import math
from collections.abc import Callable, Collection
from typing import Any

import pandas as pd

from entrepot.core.version import package_version
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.sources import sources
from entrepot.equilibrium.summary.key_numbers import key_numbers
from entrepot.policy.scenario import Focus
from entrepot.report.result import headline, tables

TABLES: dict[str, Callable[[Result, Focus], Any]] = {
    "countries": lambda result, focus: _rows(tables.ranking(result)),
    "blocs": lambda result, focus: _rows(tables.blocs(result, focus)),
    "sectors": lambda result, focus: _rows(tables.sectors(result, focus)),
    "suppliers": lambda result, focus: _rows(tables.suppliers(result, focus)),
    "customers": lambda result, focus: _rows(tables.customers(result, focus)),
    "prices": lambda result, focus: _rows(tables.prices(result, focus)),
    "sources": lambda result, focus: plain_sources(result),
}
"""What a document holds besides what was assumed and how it was solved."""


def document(result: Result, focus: Focus, parts: Collection[str] = tuple(TABLES)) -> dict[str, Any]:
    """Return what was assumed, how it was solved and what came out; changes in per cent, values in billions.

    `parts` are the tables wanted, all of `TABLES` where they are left out.
    """
    scenario, numbers = result.scenario, key_numbers(result, focus)
    return {
        "entrepot": package_version(),
        "headline": headline.headline(result, focus),
        "against": headline.against(result),
        "key_numbers": vars(numbers),
        "scenario": scenario.model_dump(mode="json") | {"name": scenario.name} if scenario else None,
        "remarks": tables.remarks(result),
        "focus": focus.model_dump(),
        "assumptions": assumptions(result),
        "solver": {
            "steps": result.steps,
            "route": result.route,
            "residual": result.residual,
            "walras": result.walras,
            "seconds": round(result.seconds, 4),
        },
        "limits": tables.limits(result),
        **{name: made(result, focus) for name, made in TABLES.items() if name in parts},
    }


def assumptions(result: Result) -> dict[str, Any]:
    """Return what was assumed."""
    economy = result.economy
    elasticities = economy.elasticities
    return {
        "economy": economy.name,
        "notes": list(economy.notes),
        "model": result.model.name,
        "dials": result.model.dials,
        "deficits": result.deficits,
        "baseline": _baseline(result),
        "elasticities": elasticities.name if elasticities else None,
        "theta": dict(zip(economy.sectors, map(float, economy.theta.values), strict=True)),
        "numeraire": "world value added",
        "currency": economy.currency,
    }


def _baseline(result: Result) -> dict[str, Any]:
    first = result.baseline.scenario if result.baseline else None
    return (
        {"name": "base_year"} if first is None else {"name": first.name, "title": first.title, "date": str(first.date)}
    )


def plain_sources(result: Result) -> dict[str, dict[str, Any]]:
    """Return every table that a result stands on, as JSON has it."""
    return {name: source.model_dump(mode="json") for name, source in sources(result).items()}


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return records(table.reset_index())


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one object a row, as JSON has it; the index is left out."""
    return [{str(key): plain(value) for key, value in row.items()} for row in table.to_dict(orient="records")]


def plain(value: Any) -> Any:
    """Return a value that JSON has: a number that is none becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value
