"""Changes in policy as one line of text: ``CHN:EU27:cars=+30%``.

One grammar serves the command line, Python and goal seek: places separated by colons, several words for one place by
commas, and after an equals sign the amount.
"""

from dataclasses import dataclass
from typing import Any

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW
from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.core.wedges import WEDGES

PLACES = {FLOW: "ORIGIN:DESTINATION:SECTORS", COUNTRY_SECTOR: "COUNTRY:SECTORS", (COUNTRY,): "PAYER:RECEIVER"}
"""How the places of a wedge are written, by its axes; sectors may be left out."""
FORMS = {wedge.word: f"{wedge.word}:{PLACES[wedge.dims]}" for wedge in WEDGES}
"""How unknowns of goal seek are written."""
ALL = "all"
_RATE = "=+30% (points more), =30% (the new level), =0% (none)"


@dataclass(frozen=True)
class ChangeKind:
    """One kind of change that can be written in a line.

    Attributes
    ----------
    word
        Keyword of `entrepot.Scenario.from_changes`; its option has hyphens.
    places
        How its places are written.
    amount
        What may follow, for messages and help; blank where nothing may.
    example
        As a user would write it.
    what
        What changes, for help.
    """

    word: str
    places: str
    amount: str
    example: str
    what: str

    @property
    def option(self) -> str:
        """The option of the command line."""
        return "--" + self.word.replace("_", "-")

    @property
    def form(self) -> str:
        """How it is written, with its amount."""
        return self.places + self.amount.partition(" ")[0].rstrip(",") if self.amount else self.places

    @property
    def help(self) -> str:
        """The help text of its option."""
        amount = f" Amounts: {self.amount}." if self.amount else ""
        return f"{self.what}, as {self.example}.{amount} May be repeated."


_FLOW = PLACES[FLOW]
CHANGES = {
    kind.word: kind
    for kind in (
        ChangeKind("tariff", _FLOW, _RATE, "CHN:EU27:cars=+30%", "Import duty of the destination"),
        ChangeKind("export_tax", _FLOW, _RATE, "CHN:all:C26=+10%", "Export tax of the origin"),
        ChangeKind("ntb", _FLOW, "=-20% (change in the trade cost)", "IND:RUS:textiles=-20%",
                   "Trade cost other than duties"),
        ChangeKind("embargo", _FLOW, "", "RUS:EU27:C19", "No trade at all"),
        ChangeKind("quota", _FLOW, "=80% (of the base-year volume), =30bn", "CHN:USA:steel=80%",
                   "Limit on the volume, licences auctioned by the importer"),
        ChangeKind("production_tax", PLACES[COUNTRY_SECTOR], _RATE,
                   "IND:C26=-5%", "Tax on production"),
        ChangeKind("productivity", PLACES[COUNTRY_SECTOR], "=+5% (change)", "IND:C26=+5%", "Productivity"),
        ChangeKind("transfer", PLACES[(COUNTRY,)], "=5bn", "DEU:UKR=5bn", "Payment a year"),
    )
}  # fmt: skip
"""Every kind of change that can be written in a line, by its word, in the order of help texts."""


def split_places(text: str, form: str, written: str, found: str) -> list[list[str]]:
    """Return the words for each place of a form, ``all`` for sectors that are left out.

    Parameters
    ----------
    text
        Places: ``CHN:EU27:cars``.
    form
        One of `PLACES`.
    written, found
        How the whole is written, and what was found instead, for the message.

    Raises
    ------
    InvalidShock
        Too few or too many places, or an empty one.
    """
    wanted, given = form.split(":"), text.split(":")
    optional = wanted[-1] == "SECTORS"
    words = [[word.strip() for word in part.split(",")] for part in given]
    if not len(wanted) - optional <= len(given) <= len(wanted) or not all(all(part) for part in words):
        hint = ", the sectors may be left out" if optional else ""
        raise InvalidShock(f"{found}; write it as {written}{hint}")
    return [*words, *[[ALL]] * (len(wanted) - len(given))]


def parse_change(kind: str, text: str) -> dict[str, Any]:
    """Return the instrument of a scenario document that a line means.

    Parameters
    ----------
    kind
        A key of `CHANGES`.
    text
        ``CHN:EU27:cars=+30%``. A sign adds points to a rate, a bare rate is the new level.

    Raises
    ------
    UnknownLabel
        No such kind.
    InvalidShock
        Not of the kind's form.
    """
    if kind not in CHANGES:
        raise UnknownLabel(f"no change {kind!r}{nearest(kind, list(CHANGES))}; choose {', '.join(CHANGES)}")
    change = CHANGES[kind]
    where = f"{change.option} {text}"
    places, equals, amount = (part.strip() for part in str(text).partition("="))
    if change.amount and not amount:
        raise InvalidShock(f"{where}: no amount; write it as {change.form}, such as {change.example}")
    if equals and not change.amount:
        raise InvalidShock(f"{where}: found an amount; write it as {change.form}, such as {change.example}")
    parts = split_places(places, change.places, change.form, f"found {where!r}")
    if change.places == PLACES[(COUNTRY,)] and any(len(part) > 1 for part in parts):
        raise InvalidShock(f"{where}: a payment goes from one country to another; name two")
    fields = dict(zip(_FIELDS[change.places], map(_one_or_more, parts), strict=True))
    return {"kind": _INSTRUMENTS.get(kind, kind), **fields, **_amount_fields(kind, amount, where)}


_FIELDS = {
    PLACES[FLOW]: FLOW, PLACES[COUNTRY_SECTOR]: ("country", "sector"), PLACES[(COUNTRY,)]: ("payer", "receiver")
}  # fmt: skip
_INSTRUMENTS = {"ntb": "iceberg"}


def _amount_fields(kind: str, written: str, where: str) -> dict[str, Any]:
    amount = written.replace("\N{MINUS SIGN}", "-")
    match kind:
        case "tariff" | "export_tax" | "production_tax":
            return {"add" if amount[0] in "+-" else "set": _rate(amount, where)}
        case "ntb" | "productivity":
            return {"change": _rate(amount, where)}
        case "quota":
            return {"at_most": amount, "rent": "importer"}
        case "transfer":
            return {"amount": amount}
        case _:
            return {}


def _one_or_more(words: list[str]) -> str | list[str]:
    return words[0] if len(words) == 1 else words


def _rate(amount: str, where: str) -> float | str:
    """Return a rate as scenario files have it: per cent as text without its plus, a bare number as a number."""
    plain = amount.removeprefix("+").strip()
    if plain.endswith("%"):
        return plain
    try:
        return float(plain)
    except ValueError:
        raise InvalidShock(f"{where}: the amount {amount!r} is no rate; write per cent, as +30%") from None
