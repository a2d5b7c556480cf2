"""Policy on production: technology from a partner, production taxes and subsidies, local content."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from entrepot.core.errors import InvalidShock
from entrepot.core.provenance import NonBlankStr
from entrepot.core.units import rate_where
from entrepot.economy.competitiveness import revealed_advantage
from entrepot.policy.amount import NUMBER, as_written
from entrepot.policy.instruments.instrument import InPlaces
from entrepot.policy.instruments.phrases import countries, percent, points, signed_percent
from entrepot.policy.shock_builder import ShockBuilder

_gain = rate_where(lambda change: change > -1, "productivity cannot fall by 100 % or more")
_subsidy = rate_where(lambda share: 0 <= share < 1, "a subsidy is at least 0 and below 100 % of the price")
_rate = rate_where(lambda rate: rate > -1, "a subsidy is below 100 % of the price")
_part = rate_where(lambda share: 0 <= share <= 1, "the part of a gap that is closed is between 0 and 100 %")


class Towards(BaseModel):
    """Catching up with a partner: part of the gap, in logs, between its level and one's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: NonBlankStr = Field(description="The country that shares its technology.")
    share: Annotated[float, as_written(_part), NUMBER] = Field(description="Part of the gap that is closed.")


class Productivity(InPlaces):
    """Technology transfer or joint production: more from the same factors and inputs, in named sectors."""

    kind: Literal["productivity"]
    change: Annotated[float, as_written(_gain), NUMBER] | None = Field(
        default=None, description="0.05 or '5 %' for five per cent more of the same."
    )
    towards: Towards | None = Field(
        default=None,
        description="Or: towards a partner's level, as sales of the two in third markets reveal it; where it is not "
        "ahead, nothing changes.",
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.change is None) == (self.towards is None):
            raise ValueError("technology changes by a number or towards a partner; give one of `change` and `towards`")
        return self

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Multiply productivity."""
        places = self.places(builder)
        if self.change is not None:
            builder.factors["productivity_hat"][places] *= 1 + self.change
            return
        assert self.towards is not None
        codes = list(builder.economy.countries)
        partner = self.words(builder).countries.positions([self.towards.partner])
        if len(partner) != 1:
            raise InvalidShock(f"partner {self.towards.partner!r} is a group; name one country")
        for country in np.flatnonzero(places.any(axis=1)):
            if country == partner[0]:
                raise InvalidShock(f"{codes[country]} cannot catch up with itself; name another partner")
            ahead = revealed_advantage(builder.economy, codes[partner[0]], codes[country])
            gain = np.maximum(ahead.values, 1.0) ** self.towards.share
            builder.factors["productivity_hat"][country] *= np.where(places[country], gain, 1.0)

    def phrase(self) -> str:
        """Return the instrument in words."""
        if self.towards is not None:
            gap = f"{percent(self.towards.share)} of the gap to {countries([self.towards.partner])}"
            return f"productivity closes {gap}: {self.where()}"
        return f"productivity {signed_percent(self.change or 0.0)}: {self.where()}"


class ProductionTax(InPlaces):
    """An ad valorem tax on production, whoever buys, on the producer's price; negative is a subsidy.

    The treasury of the producing country earns or pays it.
    """

    kind: Literal["production_tax"]
    set: Annotated[float, as_written(_rate), NUMBER] | None = Field(
        default=None, description="The rate after the change: 0.1 or '10 %'; '-10 %' is a subsidy."
    )
    add: Annotated[float, as_written(_rate), NUMBER] | None = Field(
        default=None, description="Points on top of the rate in force."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.set is None) == (self.add is None):
            raise ValueError("a production tax sets a rate or adds to it; give exactly one of `set` and `add`")
        return self

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Set or add the tax."""
        places, tax = self.places(builder), builder.taxes["production_tax"]
        if self.set is not None:
            tax.set(places, np.where(places, self.set, 0.0), number)
        elif self.add is not None:
            tax.add(places, np.where(places, self.add, 0.0))

    def phrase(self) -> str:
        """Return the instrument in words."""
        rate = f"of {percent(self.set)}" if self.set is not None else points(self.add or 0.0)
        return f"production tax {rate}: {self.where()}"


class LocalContent(InPlaces):
    """A subsidy on what users at home buy of their own country's make, paid by its treasury."""

    kind: Literal["local_content"]
    subsidy: Annotated[float, as_written(_subsidy), NUMBER] = Field(
        description="Of the producer's price: 0.1 or '10 %'."
    )

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Tax domestic sales negatively."""
        places = self.places(builder)
        home = np.zeros(builder.words.shape, dtype=bool)
        diagonal = np.arange(len(places))
        home[diagonal, diagonal] = places
        builder.taxes["export_tax"].multiply(home, 1 - self.subsidy)

    def phrase(self) -> str:
        """Return the instrument in words."""
        return f"local-content subsidy of {percent(self.subsidy)}: {self.where()}"
