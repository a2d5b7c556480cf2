"""A price discount on some flows: sellers forgo part of the price, buyers or their state keep it."""

from typing import Annotated, Literal

from pydantic import Field

from entrepot.core.units import rate_where
from entrepot.policy.amount import NUMBER, as_written
from entrepot.policy.instruments.instrument import OnFlows
from entrepot.policy.instruments.phrases import percent
from entrepot.policy.shock_builder import ShockBuilder

_share = rate_where(lambda share: 0 <= share < 1, "a discount is at least 0 and below 100 %")


class Discount(OnFlows):
    """Sellers forgo part of the price on some flows: a transfer from the selling to the buying country.

    It leaves the producer's price to all others as it is, so the selling country pays for it, as for an export subsidy.
    """

    kind: Literal["discount"]
    share: Annotated[float, as_written(_share), NUMBER] = Field(description="Of the price at the border: '10 %'.")
    kept_by: Literal["buyers", "state"] = Field(
        default="buyers",
        description="Who keeps it: buyers, who pay less and so buy more; or the buying country's state or its traders, "
        "with the price that users pay as it was.",
    )

    def apply(self, builder: ShockBuilder, number: int) -> None:
        """Lower the price at the border, and where users do not get it raise it again behind the border."""
        touched = self.flows(builder)
        builder.taxes["export_tax"].multiply(touched, 1 - self.share)
        if self.kept_by == "state":
            builder.taxes["tariff"].multiply(touched, 1 / (1 - self.share))

    def phrase(self) -> str:
        """Return the instrument in words."""
        keeper = "the state" if self.kept_by == "state" else "buyers"
        return f"price discount of {percent(self.share)}, kept by {keeper}: {self.where()}"
