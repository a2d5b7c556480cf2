"""Instruments whose wedge the equilibrium finds: quotas, price caps, penalties that depend on a flow."""

import re
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from entrepot.core.dims import FLOW
from entrepot.core.errors import InvalidShock
from entrepot.core.units import parse_rate, parse_sum
from entrepot.economy.economy import Economy
from entrepot.policy.amount import NUMBER, as_written
from entrepot.policy.instruments.instrument import OnFlows
from entrepot.policy.instruments.phrases import billions, flows, percent, points
from entrepot.policy.limit import Limit, LimitBasis, Side
from entrepot.policy.selection import ALL, Labels
from entrepot.policy.shock_builder import ShockBuilder

_OF_BASE = re.compile(r"%\s*$")


class Threshold(BaseModel):
    """A number to stay below: a sum of money, or a share of what it was in the base year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    billions: float | None = None
    of_base: float | None = None

    def amount(self, base: float, economy: Economy) -> float:
        """Return it in the unit of the economy, given the value of the base year."""
        return self.of_base * base if self.of_base is not None else (self.billions or 0.0) / economy.billions

    def phrase(self, of: str) -> str:
        """Return it in words, for the volume, value or price of a flow."""
        return (
            f"{percent(self.of_base)} of the base-year {of}"
            if self.of_base is not None
            else billions(self.billions or 0.0)
        )


def _threshold(written: object) -> object:
    if isinstance(written, Threshold):
        return written
    if isinstance(written, str) and not _OF_BASE.search(written):
        return Threshold(billions=parse_sum(written))
    share = parse_rate(written)
    return Threshold(of_base=share)


AtMost = Annotated[Threshold, BeforeValidator(_threshold), NUMBER]


def _require_positive(what: str, threshold: Threshold) -> None:
    if (threshold.billions if threshold.of_base is None else threshold.of_base) <= 0:  # type: ignore[operator]
        raise ValueError(f"{what} must be above 0; `kind: embargo` stops a flow")


class Quota(OnFlows):
    """A limit on what is sold on some flows together; what it makes scarce earns a rent, none if it does not bind."""

    only_goods: ClassVar[bool] = True

    kind: Literal["quota"]
    at_most: AtMost = Field(description="'90 %' of the base year's, or a sum: '30 billion'.")
    of: Literal["volume", "value"] = Field(
        default="volume", description="volume: at base-year prices; value: at prices of the day."
    )
    rent: Side = Field(description="Who earns the rent: importer (licences are auctioned), or exporter.")

    @model_validator(mode="after")
    def _positive(self) -> Self:
        _require_positive("a quota", self.at_most)
        return self

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Add the limit."""
        touched = self.flows(builder)
        base = float(builder.economy.trade.values[touched].sum())
        name = f"quota on the {self.of} of {_said(self)}"
        builder.limits.append(
            _limit(builder, name, touched, self.of, self.at_most.amount(base, builder.economy), self.rent)
        )

    def phrase(self) -> str:
        """Return the instrument in words."""
        limit = self.at_most.phrase(self.of)
        return f"quota on the {self.of} at {limit}, rent to the {self.rent}: {self.where()}"


class PriceCap(OnFlows):
    """Buyers together pay no more than a price: they buy less until sellers accept it, and keep the difference.

    A cap of buyers with market power. It works as far as the seller's costs fall with its sales: a little where labour
    can move to other sectors, more where it cannot (model years_2_3). Sellers who give way without that are a discount.
    """

    only_goods: ClassVar[bool] = True

    kind: Literal["price_cap"]
    at_most: Annotated[float, as_written(parse_rate), NUMBER] = Field(
        description="Relative to the base year's price, in the numeraire: '80 %' or 0.8."
    )

    @model_validator(mode="after")
    def _positive(self) -> Self:
        if self.at_most <= 0:
            raise ValueError("a price cap must be above 0; `kind: embargo` stops a flow")
        return self

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Add the limit."""
        touched = self.flows(builder)
        builder.limits.append(
            _limit(builder, f"price cap on {_said(self)}", touched, "price", self.at_most, "importer")
        )

    def phrase(self) -> str:
        """Return the instrument in words."""
        return f"price cap at {percent(self.at_most)} of the base-year price: {self.where()}"


class Condition(BaseModel):
    """What a conditional penalty looks at: some flows together, and the number they must not exceed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: Labels = Field(default=(ALL,), description="Who sells.")
    destination: Labels = Field(default=(ALL,), description="Who buys.")
    sector: Labels = Field(default=(ALL,), description="Which goods.")
    of: LimitBasis = Field(default="value", description="value: at prices of the day; volume: at base-year prices.")
    above: AtMost = Field(description="'50 %' of the base year's, or a sum: '10 billion'.")

    @model_validator(mode="after")
    def _positive(self) -> Self:
        _require_positive("the threshold", self.above)
        if self.of == "price" and self.above.of_base is None:
            raise ValueError("a price is compared with the base year's; write `above` as '120 %'")
        return self

    def phrase(self) -> str:
        """Return the condition in words."""
        where = flows(self.origin, self.destination, self.sector, only_goods=False)
        return f"the {self.of} of {where} exceeds {self.above.phrase(self.of)}"


class Penalty(OnFlows):
    """A duty that is in force while some other flow exceeds a threshold."""

    only_goods: ClassVar[bool] = True

    kind: Literal["penalty"]
    add: Annotated[float, as_written(parse_rate), NUMBER] = Field(description="Points of duty: '25 %'.")
    when: Condition = Field(description="The flow that is punished, and the threshold.")

    @model_validator(mode="after")
    def _hurts(self) -> Self:
        if self.add <= 0:
            raise ValueError(f"a penalty of {100 * self.add:g} % punishes nobody; write points above 0")
        return self

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Add the limit whose wedge is the penalty, all or part of it."""
        touched = self.flows(builder)
        watched = builder.words.flows(self.when.origin, self.when.destination, self.when.sector)
        base = float(builder.economy.trade.values[watched].sum())
        above = self.when.above.amount(1.0 if self.when.of == "price" else base, builder.economy)
        name = f"penalty on {_said(self)} for {_said(self.when)}"
        points = builder.economy.labelled(np.where(touched, self.add, 0.0), FLOW, "points")
        flows = builder.economy.labelled(watched.astype(float), FLOW, "flows")
        builder.limits.append(Limit(name, flows, self.when.of, above, points=points))

    def phrase(self) -> str:
        """Return the instrument in words."""
        return f"penalty tariff {points(self.add)}: {self.where()}, while {self.when.phrase()}"


def _limit(builder: ShockBuilder, name: str, touched: np.ndarray, of: LimitBasis, at_most: float, rent: Side) -> Limit:
    if not builder.economy.trade.values[touched].any():
        raise InvalidShock(f"{name}: nothing is traded there in the base year, so nothing can be held")
    return Limit(name, builder.economy.labelled(touched.astype(float), FLOW, "flows"), of, at_most, rent)


def _said(where: "OnFlows | Condition") -> str:
    return flows(where.origin, where.destination, where.sector, isinstance(where, OnFlows))
