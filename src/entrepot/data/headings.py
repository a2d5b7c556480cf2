"""Which sectors an HS code means, and how much of them: measured on the imports of a large country by line."""

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from entrepot.core.errors import UnknownLabel
from entrepot.data import shipped
from entrepot.data.concordances import load_concordance
from entrepot.data.tariff_lines import read_lines

LINES = "us-imports-2024"
MEASURED_ON = "US imports in 2024"
LEAST_OF_SECTOR = 0.5
"""A code stands for a sector only where it is at least this part of it."""
LEAST_OF_CODE = 0.05
"""A sector that makes up less of a code is a remainder."""


@dataclass(frozen=True)
class Heading:
    """An HS code of two, four or six digits in terms of sectors.

    Attributes
    ----------
    code
        Digits.
    of_sector
        Part of each sector that the code is, 0 to 1, largest first.
    of_code
        Part of the code that each sector is, 0 to 1.
    """

    code: str
    of_sector: dict[str, float]
    of_code: dict[str, float]

    def meant(self) -> tuple[str, ...]:
        """Return the sectors that the code may stand for, none where it is a small part of each.

        Where they hold less than half of the code, it stands for none of them.
        """
        wide = [
            sector
            for sector, share in self.of_sector.items()
            if share >= LEAST_OF_SECTOR and self.of_code[sector] >= LEAST_OF_CODE
        ]
        return tuple(wide) if sum(self.of_code[sector] for sector in wide) >= LEAST_OF_SECTOR else ()

    def spread(self) -> tuple[str, ...]:
        """Return the sectors that the code is divided among where none holds half of it; else none."""
        if max(self.of_code.values()) >= LEAST_OF_SECTOR:
            return ()
        return tuple(sector for sector, share in self.of_code.items() if share >= LEAST_OF_CODE)

    @property
    def main(self) -> str:
        """The sector that most of the code belongs to."""
        return max(self.of_code, key=self.of_code.__getitem__)


@lru_cache(maxsize=256)
def heading(code: str) -> Heading:
    """Return an HS code in terms of the sectors of the shipped concordance.

    Raises
    ------
    UnknownLabel
        No product has that code, or it belongs to no sector.
    """
    by_line = _imports()
    inside = by_line[by_line.index.get_level_values("hs6").str.startswith(code)].groupby("sector").sum()
    inside = inside[(inside > 0) & (inside.index != "")].sort_values(ascending=False)
    if code[:2] not in load_concordance().sectors and not len(inside):
        raise UnknownLabel(f"no product has the HS code {code}; write 2, 4 or 6 digits in use")
    if not len(inside):
        raise UnknownLabel(f"HS {code} is not among {MEASURED_ON}, or belongs to no sector; name a sector")
    whole = by_line.groupby("sector").sum()
    shares = (inside / whole[inside.index]).sort_values(ascending=False)
    return Heading(
        code,
        {str(sector): float(share) for sector, share in shares.items()},
        {str(sector): float(share) for sector, share in (inside / inside.sum()).items()},
    )


@lru_cache(maxsize=1)
def _imports() -> pd.Series:
    """Return imports from all partners by line and sector."""
    lines = read_lines(shipped.path_of("lines", LINES))
    total = lines.groupby("hs6")["imports"].sum()
    sectors = pd.Index(load_concordance().sectors_of(list(total.index)), name="sector")
    return total.set_axis(pd.MultiIndex.from_arrays([total.index, sectors], names=["hs6", "sector"]))
