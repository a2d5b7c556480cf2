"""A statement read one way, and what one source has for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from entrepot.data.facts import is_fiscal
from entrepot.statements.claims import EACH, Figured
from entrepot.statements.figures import FLOWS, Figures, Selection
from entrepot.statements.findings import Finding, Picture, missing, product_name
from entrepot.statements.readings import Reading
from entrepot.statements.statement import Statements


@dataclass(frozen=True)
class Asked:
    """A statement, one reading of it, and the figures of one source."""

    statement: Figured
    reading: Reading
    figures: Figures
    source: str
    statements: Statements

    @property
    def who(self) -> str:
        """The partner that the statement is about."""
        return self.statement.who

    @property
    def unit_wanted(self) -> str:
        """The unit that the reading names, blank where it names none."""
        return self.reading.get("unit", "")

    def name(self, code: str) -> str:
        """Return what a sentence calls a code."""
        return self.statements.name_of(code)

    def selection(self, period: str, flow: str | None = None, product: str | None = None) -> Selection:
        """Return which amounts are asked for in a period."""
        scope = self.statement.scopes.get(self.reading.get("scope", ""))
        reporter = scope.reporter if scope else self.statement.reporter or ""
        words = product or self.reading["product"]
        return Selection(
            reporter=reporter,
            partner=(scope.partner if scope else None) or self.who,
            flows=FLOWS[flow or self.flow],
            products=tuple(word.strip() for word in words.split("+")),
            period=period,
            unit=self.unit_wanted,
        )

    @property
    def flow(self) -> str:
        """Exports, imports or two-way trade, as the scope or the reading says."""
        scope = self.statement.scopes.get(self.reading.get("scope", ""))
        return (scope.flow if scope else None) or self.reading.get("flow", "two-way")

    @property
    def partner(self) -> str:
        """With whom: the scope's partner, or who the statement is about."""
        return self.selection(self.reading["period"]).partner

    def one(self, period: str, flow: str | None = None) -> tuple[float | None, str]:
        """Return the amount with one partner in a period, and its unit."""
        return self.figures.one(self.source, self.selection(period, flow), self.partner)

    def found(self, holds: bool, said: str, numbers: Mapping[str, float], unit: str, gap: float,
              notes: tuple[str, ...] = (), picture: Picture | None = None) -> Finding:  # fmt: skip
        """Return a finding of this reading, with what is to be said about its years."""
        return Finding(
            self.reading, holds, said, dict(numbers), unit, gap, (self.source,), (*self.on_years(), *notes),
            (lambda: picture) if self.reading.natural else None,
        )  # fmt: skip

    def nothing(self, why: str) -> Finding:
        """Return that this reading could not be evaluated."""
        return missing(self.reading, why, (self.source,) if self.source else ())

    def on_years(self) -> tuple[str, ...]:
        """Return what must be said about fiscal and calendar years."""
        years = [self.reading[name] for name in ("base", "period") if name in self.reading.options]
        kinds = {is_fiscal(year) for year in years}
        if len(kinds) > 1:
            return (f"a fiscal year (April to March) is compared with a calendar year: {self.statement.across_years}",)
        return ("fiscal years run from April to March",) if True in kinds else ()


def title(asked: Asked) -> str:
    """Return what a chart of a reading shows."""
    reading = asked.reading
    chosen = asked.selection(reading["period"])
    flow = {"two-way": "two-way trade"}.get(asked.flow, asked.flow)
    whose = "" if chosen.reporter == EACH else f"{asked.name(chosen.reporter)}: "
    since = f"{reading['base']} to {reading['period']}" if reading.get("measure", "amount") != "amount" else ""
    what = f"{whose}{flow}, {product_name(reading['product'])}"
    return f"{what}, change {since}" if since else f"{what}, {reading['period']}"
