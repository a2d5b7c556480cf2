"""A schedule of duties by product, brought up to the sectors of an economy."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from entrepot.core.errors import UnknownLabel, nearest
from entrepot.core.provenance import Provenance, Said
from entrepot.data import shipped
from entrepot.policy.amount import Painted
from entrepot.policy.rates import effective_rates
from entrepot.policy.schedule import Schedule, load_schedule

if TYPE_CHECKING:
    from entrepot.policy.draft import Draft


class ScheduleRates(BaseModel):
    """What the acts of a schedule add on the day of the scenario, averaged by sector over imports."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schedule: Said = Field(description="A shipped schedule by name, or a YAML file beside the scenario.")

    def loaded(self, folder: Path | None) -> Schedule:
        """Return the schedule."""
        if folder is not None and Path(self.schedule).name == self.schedule and (folder / self.schedule).is_file():
            return load_schedule(folder / self.schedule)
        return load_schedule(shipped.path_of("schedules", self.schedule))

    def sources(self, folder: Path | None) -> dict[str, Provenance | None]:
        """Return the tables behind it, with their provenance where they are shipped."""
        return self.loaded(folder).sources()


def averaged(written: ScheduleRates, draft: "Draft") -> Painted:
    """Return points of duty on the cells of an economy.

    The mean over a sector's lines, weighted with imports; a simple mean over lines where nothing was imported. A bloc's
    rate goes to each of its members.

    Raises
    ------
    UnknownLabel
        The economy does not have the country that levies the duties.
    """
    schedule, words = written.loaded(draft.folder), draft.words
    codes = list(draft.economy.countries)
    if schedule.destination not in codes:
        raise UnknownLabel(
            f"{schedule.name} is about {schedule.destination}, which the economy does not have"
            f"{nearest(schedule.destination, codes)}; merge fewer countries"
        )
    touched, rates = np.zeros(words.shape, dtype=bool), np.zeros(words.shape)
    buyer = codes.index(schedule.destination)
    table = effective_rates(schedule, draft.date).mean_by(["origin", "sector"])
    sectors = list(draft.economy.sectors)
    for known, sector, added in zip(table["origin"], table["sector"], table["added"], strict=True):
        for origin in schedule.blocs.get(known, (known,)):
            if origin in codes and origin != schedule.destination and sector in sectors:
                cell = codes.index(origin), buyer, sectors.index(sector)
                touched[cell], rates[cell] = True, added
    return Painted(touched, rates)
