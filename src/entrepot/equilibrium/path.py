"""The path from the base year to a shock: the straight line in the logs of all wedges."""

from dataclasses import dataclass

import numpy as np

from entrepot.core.wedges import BY_NAME, WEDGES, Wedge
from entrepot.economy.economy import Economy
from entrepot.policy.wedges import Wedges


@dataclass(frozen=True)
class Path:
    """The straight line in the logs of all wedges, from the base year (0) to the shock (1).

    Transfers grow in proportion. An embargo has no straight line in logs: there cost^-theta, which is what the
    equations read, goes to zero linearly.

    Attributes
    ----------
    economy
        The base year.
    logs
        By the name of a wedge that changes: its log change (rates as one plus the rate; 0 where embargoed), or its
        change where it is a payment; on the wedge's axes.
    embargoed : [origin, destination, sector]
        Where no trade is left.
    """

    economy: Economy
    logs: dict[str, np.ndarray]
    embargoed: np.ndarray

    @classmethod
    def to(cls, wedges: Wedges, economy: Economy) -> "Path":
        """Return the path to wedges that are on the economy's labels."""
        logs = {
            wedge.name: _log_change(wedge, getattr(wedges, wedge.name).values, economy)
            for wedge in WEDGES
            if wedges.changed(wedge.name, economy)
        }
        return cls(economy, logs, np.isinf(wedges.iceberg_hat.values))

    def at(self, point: float) -> Wedges:
        """Return the wedges a fraction `point` of the way."""
        base = Wedges.of_base(self.economy)
        moved = {name: self._at(name, log, point) for name, log in self.logs.items()}
        return base.with_values(self.economy, **moved) if moved else base

    def _at(self, name: str, log: np.ndarray, point: float) -> np.ndarray:
        form = BY_NAME[name].form
        if form == "payment":
            return point * log
        if form == "rate":
            rate: np.ndarray = getattr(self.economy, name).values
            return (1 + rate) * np.exp(point * log) - 1
        if name != "iceberg_hat":
            return np.exp(point * log)
        closing = (1 - point) ** (-1 / self.economy.theta.values) if point < 1 else np.inf
        return np.where(self.embargoed, closing, np.exp(point * log))

    def slope(self, name: str, point: float) -> np.ndarray | None:
        """Return the derivative of a wedge's log by the point, on its axes; None where the wedge does not change."""
        log = self.logs.get(name)
        if log is None or name != "iceberg_hat":
            return log
        return np.where(self.embargoed, 1 / (self.economy.theta.values * (1 - point)), log)

    def flow_slope(self, name: str, point: float) -> np.ndarray:
        """Return the same on flows [origin, destination, sector], length 1 where alike; 0 where unchanged."""
        slope = self.slope(name, point)
        return np.zeros((1, 1, 1)) if slope is None else BY_NAME[name].on(slope)


def _log_change(wedge: Wedge, values: np.ndarray, economy: Economy) -> np.ndarray:
    if wedge.form == "payment":
        return values
    if wedge.form == "rate":
        return np.asarray(np.log1p(values) - np.log1p(getattr(economy, wedge.name).values))
    return np.log(np.where(np.isinf(values), 1.0, values))
