"""Every kind of instrument that a scenario may hold."""

from typing import Annotated

from pydantic import Field

from entrepot.policy.instruments.discount import Discount
from entrepot.policy.instruments.iceberg import Barrier, Embargo, Iceberg
from entrepot.policy.instruments.limits import Penalty, PriceCap, Quota
from entrepot.policy.instruments.production import LocalContent, ProductionTax, Productivity
from entrepot.policy.instruments.tariff import ExportTax, Tariff
from entrepot.policy.instruments.transfer import Transfer

AnyInstrument = Annotated[
    Tariff | ExportTax | Iceberg | Barrier | Embargo | Quota | PriceCap | Discount | Penalty | Productivity
    | LocalContent | ProductionTax | Transfer,
    Field(discriminator="kind"),
]  # fmt: skip
