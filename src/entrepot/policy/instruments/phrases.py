"""Parts of the phrases that instruments return: rates, tables, places."""

from collections.abc import Sequence

from entrepot.data.words import country_code, name_of
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
    """Return trade flows: ``textiles from India to the United States``."""
    return f"{_sectors(sector, only_goods)} from {countries(origin)} to {countries(destination)}"


def goods_from(origin: Sequence[str], sector: Sequence[str], only_goods: bool) -> str:
    """Return goods by where they come from: ``Chinese motor vehicles``, ``steel from India and Vietnam``."""
    adjective = name_of("country", country_code(origin[0])).adjective if len(origin) == 1 else ""
    if tuple(origin) == (ALL,):
        return _sectors(sector, only_goods)
    if adjective:
        return f"{adjective} {_sectors(sector, only_goods).removeprefix('all ')}"
    return f"{_sectors(sector, only_goods)} from {countries(origin)}"


def goods_to(destination: Sequence[str], sector: Sequence[str], only_goods: bool) -> str:
    """Return goods by where they go: ``textiles to the United States``."""
    return f"{_sectors(sector, only_goods)} to {countries(destination)}"


def production(country: Sequence[str], sector: Sequence[str], only_goods: bool) -> str:
    """Return production in a country: ``textiles made in India``."""
    return f"{_sectors(sector, only_goods)} made in {countries(country)}"


def countries(labels: Sequence[str]) -> str:
    """Return countries and groups with their names: ``India and the United States``, ``all countries but China``."""
    out = [label[1:] for label in labels if label.startswith("-")]
    kept = [label for label in labels if not label.startswith("-")] or [ALL]
    said = _joined([name_of("country", country_code(label)).spoken for label in kept])
    return f"{said} but {_joined([name_of('country', country_code(label)).spoken for label in out])}" if out else said


def _number(text: str) -> str:
    """Return a number with a typographic minus."""
    return "\N{MINUS SIGN}" + text[1:] if text.startswith("-") else text


def _sectors(labels: Sequence[str], only_goods: bool) -> str:
    """Return sectors with their names; a synonym stays as it was written, since a scenario's group may be called so."""
    if tuple(labels) == (ALL,):
        return "all goods" if only_goods else "all goods and services"
    return _joined([name_of("sector", label).name for label in labels])


def _joined(parts: Sequence[str]) -> str:
    if len(parts) > 1 and any("," in part for part in parts):
        return "; ".join(parts)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
