"""Where governments stand with given rates: the equilibrium, what each gains, and which way it would move."""

from dataclasses import dataclass, field, replace

import numpy as np

from entrepot.equilibrium.counterfactual import counterfactual
from entrepot.equilibrium.derivatives.adjoint import Taxes, own_slopes
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.wedges import Wedges
from entrepot.study.tariff_games.government import Tax, TaxRates, weights_of

LOOSEST = 1e-5  # of an objective's derivative, while rates are still far from where they will be
TIGHTEST = 1e-11


@dataclass(frozen=True, eq=False)
class TaxProfile:
    """An equilibrium at given rates.

    Attributes
    ----------
    rates : [rate]
    result
        The equilibrium.
    value : [objective]
        Real income over that of the base year.
    slope : [rate]
        Derivative of the objective of the government that sets a rate, by the rate.
    rows
        The adjoint: a first guess for the next profile.
    tolerance
        Of the slopes.
    """

    rates: np.ndarray
    result: Result
    value: np.ndarray
    slope: np.ndarray
    rows: np.ndarray = field(repr=False)
    tolerance: float


class TaxGame:
    """Governments, the rates they set, and what each of them counts.

    Parameters
    ----------
    exercise
        What is in force besides: the rates replace what it says on their flows.
    rates
        Which rates are free.
    settings
        Of the solver.
    together
        Whether all governments share one objective, the real income of all of them, instead of each its own.
    """

    def __init__(self, exercise: Exercise, rates: TaxRates, settings: Settings, together: bool = False) -> None:
        self.exercise, self.rates, self.settings = exercise, rates, settings
        economy = exercise.economy
        groups = [government.members for government in rates.governments]
        self.weights = weights_of(economy, [np.concatenate(groups)] if together else groups)
        members = [(0 if together else n, int(one)) for n, group in enumerate(groups) for one in group]
        pairs = Taxes(*np.array(members).T)
        none = Taxes(np.zeros(0, dtype=int), np.zeros(0, dtype=int))
        self.tariffs = pairs if rates.levied("tariff") else none
        self.export_taxes = pairs if rates.levied("export_tax") else none
        self._income = np.where(economy.income.values > 0, economy.income.values, 1.0)
        self.solves = 0

    def rates_in_force(self) -> np.ndarray:
        """Return the rates in force before anybody moves: means over their flows, weighted by trade [rate]."""
        trade, wedges = self.exercise.economy.trade.values, self.exercise.wedges
        of_tariffs = self.rates.mean("tariff", wedges.tariff.values, trade)
        return np.asarray(of_tariffs + self.rates.mean("export_tax", wedges.export_tax.values, trade))

    def result_in_force(self, near: Result | None = None) -> Result:
        """Return the equilibrium before anybody moves, every flow at the rate it has."""
        return counterfactual(self.exercise, self.settings, None, near)

    def wedges(self, rates: np.ndarray) -> Wedges:
        """Return what is in force with rates at given values."""
        given = self.exercise.wedges
        on = {"tariff": self.rates.on("tariff", rates, given.tariff.values)}
        if self.rates.levied("export_tax"):
            on["export_tax"] = self.rates.on("export_tax", rates, given.export_tax.values)
        return given.with_values(self.exercise.economy, **on)

    def result(self, rates: np.ndarray, near: Result | None = None, tolerance: float | None = None) -> Result:
        """Return the equilibrium with rates at given values, from one near it."""
        self.solves += 1
        settings = self.settings if tolerance is None else replace(self.settings, tolerance=tolerance)
        return counterfactual(replace(self.exercise, wedges=self.wedges(rates)), settings, None, near)

    def value(self, result: Result) -> np.ndarray:
        """Return the objectives at an equilibrium [objective]."""
        return np.asarray(self.weights @ result.real_income_hat.values)

    def profile(self, rates: np.ndarray, near: TaxProfile | None = None, tolerance: float = TIGHTEST) -> TaxProfile:
        """Return where governments stand with rates at given values, derivatives to a tolerance."""
        result = self.result(rates, None if near is None else near.result)
        problem = encoding.build_problem(result.solved_exercise, every_instrument=self.rates.levied("export_tax"))
        slopes = own_slopes(
            problem,
            encoding.ravel(result.unknowns),
            self._income,
            self.weights,
            self.tariffs,
            self.export_taxes,
            tolerance,
            None if near is None else near.rows,
        )
        slope = self._by_rate("tariff", self.tariffs, slopes.tariff)
        slope = slope + self._by_rate("export_tax", self.export_taxes, slopes.export_tax)
        return TaxProfile(rates, result, slopes.value, slope / (1 + rates), slopes.rows, tolerance)

    def curvature(self, profile: TaxProfile) -> np.ndarray:
        """Return how fast slopes fall in logs of one plus their own rates, roughly [rate]: as a small country's would.

        One more point of a rate takes away theta times the goods that pay it, but for those that are bought at home
        instead, each of them worth the point: imports over income, times theta and the share of other suppliers.
        """
        economy, result = self.exercise.economy, profile.result
        income = economy.income.values
        share, theta = result.trade_share_cf.values, economy.theta.values
        responsive = result.trade_cf.values * theta * (1 - share)
        counted = np.zeros(len(self.rates))
        total = np.array([income[one.members].sum() for one in self.rates.governments])
        for tax in ("tariff", "export_tax"):
            places = getattr(self.rates, tax)
            there = places >= 0
            counted += np.bincount(places[there], responsive[there], len(self.rates))
        return np.asarray(np.maximum(counted / total[self.rates.of_government], 1e-12))

    def _by_rate(self, tax: Tax, pairs: Taxes, slopes: np.ndarray) -> np.ndarray:
        """Return derivatives by the logs of one plus the rates: sums over the flows that pay them."""
        places = getattr(self.rates, tax)
        ways = places.transpose(1, 0, 2) if tax == "tariff" else places  # country, other side, sector
        of_pair = ways[pairs.country]
        there = of_pair >= 0
        return np.asarray(np.bincount(of_pair[there], slopes[there], len(self.rates)))
