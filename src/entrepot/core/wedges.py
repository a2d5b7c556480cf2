"""The table of wedges: everything that policy or technology can put between what is paid and what is received.

A new wedge is a row here, a field of `Wedges` and `Shock`, its place in the equations
(`equilibrium/model/encoding.py`), and an instrument that writes it (`policy/instruments`). Shocks, paths, derivatives,
goal seek, reports and the command line loop over the table.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW

if TYPE_CHECKING:
    import numpy as np

Lever = Literal["log_cost", "log_duty", "log_levy", "log_productivity", "transfer"]


@dataclass(frozen=True)
class Wedge:
    """One row of the table.

    Attributes
    ----------
    name
        Attribute of `Shock` and `Wedges`, variable of :func:`entrepot.sensitivity`.
    word
        What the command line and goal seek call it.
    title
        For headings and sentences.
    dims
        Axes of its array.
    form
        ``"rate"`` is ad valorem, neutral at the rate of the base year; ``"ratio"`` is a change, neutral at 1;
        ``"payment"`` is a sum in the unit of the economy, neutral at 0.
    lever
        Through which lever of the equations it acts (`equilibrium.derivatives.sensitivity`).
    levied_by
        Whose treasury or households earn it: ``"destination"``, ``"origin"`` or nobody (None).
    goods_only
        Whether ``all`` sectors means all goods, as at customs.
    place
        A cell of it in a sentence, with ``{seller}``, ``{buyer}``, ``{goods}``; of a wedge without buyer, ``{seller}``
        is the country.
    moved
        What moves if goal seek moves it, as the subject of a sentence.
    step
        A standard small change, for rankings; blank where it is not ranked, because it is not policy on one flow.
    """

    name: str
    word: str
    title: str
    dims: tuple[str, ...]
    form: Literal["rate", "ratio", "payment"]
    lever: Lever
    levied_by: Literal["destination", "origin"] | None
    goods_only: bool
    place: str
    moved: str
    step: str = ""

    @property
    def on_flows(self) -> bool:
        """Whether it is levied flow by flow [origin, destination, sector]."""
        return self.dims == FLOW

    def summed(self, values: "np.ndarray") -> "np.ndarray":
        """Return values on flows summed to the wedge's axes; values on its own axes stay as they are."""
        return values.sum(axis=FLOW.index(DESTINATION)) if values.ndim > len(self.dims) else values

    def on(self, values: "np.ndarray") -> "np.ndarray":
        """Return values on the wedge's axes so that they broadcast over [origin, destination, sector]."""
        return values[:, None, :] if self.dims == COUNTRY_SECTOR else values


WEDGES = (
    Wedge(
        "tariff", "tariff", "tariff", FLOW, "rate", "log_duty", "destination", goods_only=True,
        place="tariff of {buyer} on {goods} from {seller}", moved="the duty on trade", step="tariff, +1 point",
    ),
    Wedge(
        "export_tax", "export_tax", "export tax", FLOW, "rate", "log_levy", "origin", goods_only=True,
        place="export tax of {seller} on {goods} to {buyer}", moved="the export tax on trade",
        step="export tax, +1 point",
    ),
    Wedge(
        "production_tax", "production_tax", "production tax", COUNTRY_SECTOR, "rate", "log_levy", "origin",
        goods_only=False, place="production tax of {seller} on {goods}", moved="the tax on production",
        step="production tax, +1 point",
    ),
    Wedge(
        "markup", "markup", "markup", COUNTRY_SECTOR, "rate", "log_levy", "origin", goods_only=False,
        place="markup of {seller} on {goods}", moved="the markup on production",
    ),
    Wedge(
        "iceberg_hat", "iceberg", "trade cost", FLOW, "ratio", "log_cost", None, goods_only=False,
        place="trade cost of {goods} from {seller} to {buyer}", moved="the cost other than duties of trade",
        step="trade cost, +1 %",
    ),
    Wedge(
        "productivity_hat", "productivity", "productivity", COUNTRY_SECTOR, "ratio", "log_productivity", None,
        goods_only=False, place="productivity of {seller} in {goods}", moved="productivity",
        step="productivity, +1 %",
    ),
    Wedge(
        "transfer", "transfer", "transfer", (COUNTRY,), "payment", "transfer", None, goods_only=False,
        place="transfer to {seller}", moved="the payment a year",
    ),
)  # fmt: skip
"""Every wedge, in the order in which reports list them."""
BY_NAME = {wedge.name: wedge for wedge in WEDGES}
BY_WORD = {wedge.word: wedge for wedge in WEDGES}
RANKED = tuple(wedge.name for wedge in WEDGES if wedge.step)
"""Names of the wedges that a ranking of derivatives contains."""
