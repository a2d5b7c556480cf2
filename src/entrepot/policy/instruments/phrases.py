"""Parts of the phrases that instruments return: rates, tables, places."""

from collections.abc import Sequence

from entrepot.policy.amount import RateTable
from entrepot.policy.schedules.sector_duties import ScheduleRates
from entrepot.policy.selection import ALL


def percent(rate: float) -> str:
    """Return a rate in per cent: 0.25 as ``25 %``."""
    return _number(f"{100 * rate:g} %")


def signed_percent(change: float) -> str:
    """Return a change in per cent with its sign: 0.05 as ``+5 %``."""
    return _number(f"{100 * change:+g} %")


def points(rate: float) -> str:
    """Return a change of a rate in percentage points: 0.25 as ``+25 points``."""
    return _number(f"{100 * rate:+g} points")


def billions(amount: float) -> str:
    """Return an amount of money: 30 as ``30 billion``."""
    return _number(f"{amount:g} billion")


def source(rates: RateTable | ScheduleRates) -> str:
    """Return the table or schedule that rates come from, with its date if it is not that of the scenario."""
    name = f"schedule {rates.schedule}" if isinstance(rates, ScheduleRates) else f"table {rates.table}"
    return name if rates.as_of is None else f"{name} as of {rates.as_of}"


def flows(origin: Sequence[str], destination: Sequence[str], sector: Sequence[str], only_goods: bool) -> str:
    """Return trade flows: ``textiles from IND to USA``."""
    return f"{_sectors(sector, only_goods)} from {_countries(origin)} to {_countries(destination)}"


def production(country: Sequence[str], sector: Sequence[str], only_goods: bool) -> str:
    """Return production in a country: ``textiles made in IND``."""
    return f"{_sectors(sector, only_goods)} made in {_countries(country)}"


def _number(text: str) -> str:
    """Return a number with a typographic minus."""
    return "\N{MINUS SIGN}" + text[1:] if text.startswith("-") else text


def _countries(labels: Sequence[str]) -> str:
    return "all countries" if tuple(labels) == (ALL,) else ", ".join(labels)


def _sectors(labels: Sequence[str], only_goods: bool) -> str:
    every = "all goods" if only_goods else "all goods and services"
    return every if tuple(labels) == (ALL,) else ", ".join(labels)
