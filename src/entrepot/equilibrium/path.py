"""The way from the base year to a shock: the straight line in the logs of all wedges."""

from dataclasses import dataclass

import numpy as np

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, FLOW
from entrepot.economy.economy import Economy
from entrepot.policy.shock import Shock


@dataclass(frozen=True)
class Path:
    """The straight line in the logs of all wedges, from the base year (0) to the shock (1).

    Transfers grow in proportion. An embargo has no straight line in logs: there cost^-theta, which is what the
    equations read, goes to zero linearly.
    """

    economy: Economy
    log_duty: np.ndarray  # o d s, of (1 + tariff_cf) / (1 + tariff)
    log_levy: np.ndarray | None  # o d s, of (1 + export_tax_cf) / (1 + export_tax)
    log_iceberg: np.ndarray | None  # o d s, 0 where embargoed
    embargoed: np.ndarray  # o d s
    log_productivity: np.ndarray | None  # c s
    transfer: np.ndarray | None  # c

    @classmethod
    def to(cls, shock: Shock, economy: Economy) -> "Path":
        """Return the path to a shock that is on the economy's labels."""
        assert shock.tariff is not None
        iceberg, embargoed = None, np.zeros(shock.tariff.shape, dtype=bool)
        if shock.iceberg_hat is not None:
            embargoed = np.isinf(shock.iceberg_hat.values)
            iceberg = np.log(np.where(embargoed, 1.0, shock.iceberg_hat.values))
        levy = shock.export_tax
        productivity = shock.productivity_hat
        return cls(
            economy,
            np.log1p(shock.tariff.values) - np.log1p(economy.tariff.values),
            None if levy is None else np.log1p(levy.values) - np.log1p(economy.export_tax.values),
            iceberg,
            embargoed,
            None if productivity is None else np.log(productivity.values),
            None if shock.transfer is None else shock.transfer.values,
        )

    def at(self, point: float) -> Shock:
        """Return the shock a fraction `point` of the way."""

        def on(values: np.ndarray | None, dims: tuple[str, ...], name: str):  # type: ignore[no-untyped-def]
            return None if values is None else self.economy.labelled(values, dims, name)

        tariff = (1 + self.economy.tariff.values) * np.exp(point * self.log_duty) - 1
        levy = iceberg = productivity = transfer = None
        if self.log_levy is not None:
            levy = (1 + self.economy.export_tax.values) * np.exp(point * self.log_levy) - 1
        if self.log_iceberg is not None:
            closing = (1 - point) ** (-1 / self.economy.theta.values) if point < 1 else np.inf
            iceberg = np.where(self.embargoed, closing, np.exp(point * self.log_iceberg))
        if self.log_productivity is not None:
            productivity = np.exp(point * self.log_productivity)
        if self.transfer is not None:
            transfer = point * self.transfer
        return Shock(
            tariff=on(tariff, FLOW, "tariff"),
            iceberg_hat=on(iceberg, FLOW, "iceberg_hat"),
            export_tax=on(levy, FLOW, "export_tax"),
            productivity_hat=on(productivity, COUNTRY_SECTOR, "productivity_hat"),
            transfer=on(transfer, (COUNTRY,), "transfer"),
        )

    def iceberg_slope(self, point: float) -> np.ndarray:
        """Return d ln iceberg_hat / d point [origin, destination, sector]."""
        if self.log_iceberg is None:
            return np.zeros(self.log_duty.shape)
        return np.where(self.embargoed, 1 / (self.economy.theta.values * (1 - point)), self.log_iceberg)
