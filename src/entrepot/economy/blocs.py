"""Blocs: groups of countries that act or are counted together, from a shipped list with days and sources."""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from entrepot.core.provenance import IsoDate, NonBlankStr, Provenance
from entrepot.data import shipped
from entrepot.data.documents import read_yaml, validated
from entrepot.economy.economy import Economy


class ShippedBloc(BaseModel):
    """One bloc: its members since a day, and who says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: NonBlankStr = Field(description="The code: ASEAN.")
    title: NonBlankStr = Field(description="In a sentence, with its article: the EU.")
    plural: bool = Field(default=False, description="Whether the title takes a verb in the plural.")
    as_of: IsoDate = Field(description="The day since which these are the members.")
    source: NonBlankStr
    members: tuple[NonBlankStr, ...] = Field(description="ISO 3166 codes.")


class _BlocList(Provenance):
    """The shipped file."""

    blocs: tuple[ShippedBloc, ...]


@cache
def shipped_blocs() -> dict[str, ShippedBloc]:
    """Return every shipped bloc by its name."""
    written = validated(_BlocList, read_yaml(shipped.path_of("blocs", "blocs")))
    return {bloc.name: bloc for bloc in written.blocs}


def groups_of(economy: Economy) -> dict[str, tuple[str, ...]]:
    """Return the groups of countries of an economy: shipped blocs with two members or more in it, then its own.

    A group of the economy replaces a shipped bloc of the same name.
    """
    found = {}
    for bloc in shipped_blocs().values():
        there = tuple(code for code in economy.countries if code in bloc.members)
        if len(there) > 1 and bloc.name not in economy.countries:
            found[bloc.name] = there
    return {**found, **economy.country_groups}
