"""What tables and schedules that instruments read say about themselves: sources, and days that they do not cover."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from entrepot.core.provenance import Provenance
from entrepot.policy.amount import remark
from entrepot.policy.instruments.instrument import Instrument
from entrepot.policy.schedules.sector_duties import ScheduleRates


def remarks_on(instruments: Sequence[Instrument], folder: Path | None, date: datetime.date) -> list[str]:
    """Return what a reader must know about the rates of a day, one remark a table or schedule; blank where nothing."""
    read = [one for instrument in instruments for one in instrument.tables]
    return [one.remark(folder, date) if isinstance(one, ScheduleRates) else remark(one, folder, date) for one in read]


def tables_of(instruments: Sequence[Instrument], folder: Path | None) -> dict[str, Provenance | None]:
    """Return the tables of rates that instruments read, with their provenance where they are shipped."""
    found: dict[str, Provenance | None] = {}
    for read in (one for instrument in instruments for one in instrument.tables):
        found |= read.sources(folder) if isinstance(read, ScheduleRates) else {Path(read.table).stem: None}
    return found
