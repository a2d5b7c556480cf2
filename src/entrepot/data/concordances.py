"""From product codes to sectors: the longest prefix that a table knows decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from entrepot.core.errors import InvalidDocument
from entrepot.data import shipped
from entrepot.data.tables import read_table

DEFAULT = "hs6-icio"


@dataclass(frozen=True)
class Concordance:
    """Prefixes of HS codes and the sector that what begins with them belongs to.

    Attributes
    ----------
    name
        Of the table.
    sectors
        Prefix to sector.
    groups
        Group to its sectors.
    """

    name: str
    sectors: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]

    def sector_of(self, code: str) -> str:
        """Return the sector of a code; blank where no prefix is known (special provisions, say)."""
        for length in (6, 4, 2):
            if code[:length] in self.sectors:
                return self.sectors[code[:length]]
        return ""

    def sectors_of(self, codes: Sequence[str]) -> list[str]:
        """Return the sector of each code."""
        known = {code: self.sector_of(code) for code in set(codes)}
        return [known[code] for code in codes]


def load_concordance(name_or_path: str | Path = DEFAULT) -> Concordance:
    """Return a shipped concordance, or one in a CSV or Excel file with the columns prefix, sector, group.

    Raises
    ------
    InvalidDocument
        A prefix that is not 2, 4 or 6 digits.
    """
    path = shipped.find("concordances", name_or_path)
    table = read_table(path, ["prefix", "sector", "group"], number=())
    wrong = table[~table["prefix"].str.fullmatch(r"(\d\d){1,3}")]
    if len(wrong):
        raise InvalidDocument(
            f"{path.name}, line {wrong.index[0]}: prefix {wrong['prefix'].iloc[0]!r}; write 2, 4 or 6 digits"
        )
    groups = {str(group): tuple(dict.fromkeys(rows["sector"])) for group, rows in table.groupby("group") if group}
    return Concordance(path.stem, dict(zip(table["prefix"], table["sector"], strict=True)), groups)
