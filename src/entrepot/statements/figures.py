"""Figures from one source for one reading: amounts by partner, never in two units, never of two sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from entrepot.core.errors import UnitClash, listed
from entrepot.data.facts import Facts
from entrepot.statements.claims import EACH, Bloc

FLOWS = {"exports": ("exports",), "imports": ("imports",), "two-way": ("exports", "imports")}
Cell = dict[str, dict[str, tuple[float, str]]]


@dataclass(frozen=True)
class Selection:
    """Which amounts a reading asks for.

    Attributes
    ----------
    reporter
        Whose figures; ``each`` compares reporters.
    partner
        With whom, where reporters are compared.
    flows, products
        What is added up.
    period, unit
        When; in which unit, blank for the only one that there is.
    """

    reporter: str
    partner: str
    flows: tuple[str, ...]
    products: tuple[str, ...]
    period: str
    unit: str = ""


@dataclass(frozen=True)
class Amounts:
    """Amounts by partner (or by reporter, where these are compared) from one source.

    Attributes
    ----------
    of
        Partners that the source lists with everything that is added up.
    partial
        Partners with only some of it.
    rest
        Regions and remainders: partners that are not listed apart are in them.
    total
        The source's own total, where it has one.
    unit
        Of all of them.
    totals
        Totals by the name that the source gives them.
    """

    of: Mapping[str, float]
    partial: Mapping[str, float] = field(default_factory=dict)
    rest: Mapping[str, float] = field(default_factory=dict)
    total: float | None = None
    unit: str = ""
    totals: Mapping[str, float] = field(default_factory=dict)

    @property
    def unlisted(self) -> float:
        """The most that a partner which is not listed, or not in full, can have."""
        largest = max(self.rest.values(), default=0.0)
        if self.total is not None:
            largest = min(largest, max(0.0, self.total - sum(self.of.values())))
        return largest + max(self.partial.values(), default=0.0)


class Figures:
    """The facts, ready to be asked; the order of their rows does not matter.

    Parameters
    ----------
    facts
        From :func:`entrepot.load_facts`.
    blocs
        Partners that may count as one, by code.
    """

    def __init__(self, facts: Facts, blocs: Mapping[str, Bloc]) -> None:
        self.sources = list(facts.sources)
        self.blocs = blocs
        self.cells: dict[tuple[str, str, str, str, str], Cell] = {}
        self.reporters: dict[str, list[str]] = {source: [] for source in self.sources}
        self.periods: dict[str, set[str]] = {source: set() for source in self.sources}
        columns = ("source", "reporter", "flow", "product", "period", "unit", "partner", "value", "partner_kind")
        for source, reporter, flow, product, period, unit, partner, value, kind in zip(
            *(facts.table[name].tolist() for name in columns), strict=True
        ):
            cell = self.cells.setdefault((source, reporter, flow, product, period), {})
            cell.setdefault(unit, {})[partner] = (value, kind)
            if reporter not in self.reporters[source]:
                self.reporters[source].append(reporter)
            self.periods[source].add(period)

    def amounts(self, source: str, chosen: Selection) -> Amounts:
        """Return what a source has of a selection, before blocs.

        Raises
        ------
        UnitClash
            What is to be added up is in different units, or one thing is in several and none is named.
        """
        if chosen.reporter == EACH:
            return self._by_reporter(source, chosen)
        cells = {
            (flow, product): self.cells.get((source, chosen.reporter, flow, product, chosen.period), {})
            for flow in chosen.flows
            for product in chosen.products
        }
        units = {
            product if len(chosen.flows) == 1 else f"{flow} of {product}": list(cell)
            for (flow, product), cell in cells.items()
            if cell
        }
        unit = one_unit(units, chosen.unit)
        pieces = [cell.get(unit, {}) for cell in cells.values()]
        every = {partner: kind for piece in pieces for partner, (_, kind) in piece.items()}
        sums = {partner: sum(piece[partner][0] for piece in pieces if partner in piece) for partner in every}
        whole = {partner for partner in every if all(partner in piece for piece in pieces)}
        economies = [partner for partner, kind in every.items() if kind == "economy" or partner in self.blocs]
        totals = {partner: sums[partner] for partner, kind in every.items() if kind == "total" and partner in whole}
        return Amounts(
            of={partner: sums[partner] for partner in economies if partner in whole},
            partial={partner: sums[partner] for partner in economies if partner not in whole},
            rest={p: sums[p] for p, kind in every.items() if kind in ("region", "remainder") and p not in self.blocs},
            total=next(iter(totals.values()), None),
            unit=unit,
            totals=totals,
        )

    def one(self, source: str, chosen: Selection, partner: str) -> tuple[float | None, str]:
        """Return the amount of one partner, whatever its kind, and its unit; None where a part of it is missing."""
        found = self.amounts(source, chosen)
        if partner in found.of or partner in self.blocs:
            return self.with_blocs(found, as_one=True).of.get(partner), found.unit
        known = {**found.totals, **found.rest}
        return known.get(partner), found.unit

    def with_blocs(self, found: Amounts, as_one: bool) -> Amounts:
        """Return amounts with each bloc as one partner in the place of its members, or with members only.

        A source's own figure for a bloc comes before the sum of its members.
        """
        members = {member for bloc in self.blocs.values() for member in bloc.members}
        if not as_one:
            # what a bloc has beyond its members that are listed is with members that are not: it stays, as a remainder
            beyond = {
                code: value - sum(found.of.get(member, 0.0) for member in self.blocs[code].members)
                for code, value in found.of.items()
                if code in self.blocs
            }
            return replace(
                found,
                of={p: v for p, v in found.of.items() if p not in self.blocs},
                rest={**found.rest, **{code: value for code, value in beyond.items() if value > 0}},
            )
        of = {p: v for p, v in found.of.items() if p not in members or p in self.blocs}
        partial = {p: v for p, v in found.partial.items() if p not in members}
        rest = {p: v for p, v in found.rest.items() if p not in members}
        for code, bloc in self.blocs.items():
            inside = [
                pool[member] for member in bloc.members for pool in (found.of, found.partial, found.rest)
                if member in pool
            ]  # fmt: skip
            if code not in of and inside:
                incomplete = any(member in found.partial for member in bloc.members)
                (partial if incomplete else of)[code] = sum(inside)
        return replace(found, of=of, partial=partial, rest=rest)

    def knows(self, chosen: Selection) -> list[str]:
        """Return the sources that have anything of a selection, with whomever."""
        return [
            source
            for source in self.sources
            if any(
                (source, chosen.reporter, flow, product, chosen.period) in self.cells
                for flow in chosen.flows
                for product in chosen.products
            )
        ]

    def years_like(self, source: str, period: str) -> list[str]:
        """Return the periods of a source that are years of the same kind as one, in order."""
        return sorted(other for other in self.periods[source] if other.startswith("FY") == period.startswith("FY"))

    def _by_reporter(self, source: str, chosen: Selection) -> Amounts:
        of: dict[str, float] = {}
        partial: dict[str, float] = {}
        units: dict[str, list[str]] = {}
        for reporter in self.reporters[source]:
            pieces = [
                self.cells.get((source, reporter, flow, product, chosen.period), {})
                for flow in chosen.flows
                for product in chosen.products
            ]
            held = [
                {unit: by[chosen.partner][0] for unit, by in cell.items() if chosen.partner in by} for cell in pieces
            ]
            if not any(held):
                continue
            for product, piece in zip(chosen.products * len(chosen.flows), held, strict=True):
                units.setdefault(product, []).extend(unit for unit in piece if unit not in units.get(product, []))
            unit = one_unit({product: list(set(known)) for product, known in units.items() if known}, chosen.unit)
            amounts = [piece[unit] for piece in held if unit in piece]
            (of if len(amounts) == len(held) else partial)[reporter] = sum(amounts)
        unit = one_unit({product: known for product, known in units.items() if known}, chosen.unit) if units else ""
        return Amounts(of, partial, unit=unit)


def one_unit(units: Mapping[str, Sequence[str]], wanted: str) -> str:
    """Return the unit in which products can be added up.

    Parameters
    ----------
    units
        By product, the units that its figures are in.
    wanted
        The unit that is asked for; blank for the only one.

    Raises
    ------
    UnitClash
        Products in different units, or one in several of which none is named.
    """
    if wanted:
        without = [product for product, known in units.items() if wanted not in known]
        if without and len(without) < len(units):
            known = listed(units[without[0]])
            raise UnitClash(f"{without[0]} is in {known}, not in {wanted}; add up only what has one unit")
        return wanted
    several = [product for product, known in units.items() if len(known) > 1]
    if several:
        known = listed(sorted(units[several[0]]))
        raise UnitClash(f"{several[0]} is in {known}; name one as `unit` in the readings")
    found = {known[0]: product for product, known in units.items()}
    if len(found) > 1:
        said = " and ".join(f"{product} in {unit}" for unit, product in sorted(found.items()))
        raise UnitClash(f"{said} cannot be added up; read them apart")
    return next(iter(found), "")


def same_unit(one: str, other: str) -> None:
    """Raise UnitClash where two amounts that are compared are in different units."""
    if one != other:
        raise UnitClash(f"{one} is compared with {other}; write both in the unit of the facts")
