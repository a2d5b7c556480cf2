"""The Result: the world after the change beside the world before, labelled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from entrepot.core.alignment import read_only
from entrepot.core.dims import DESTINATION, ORIGIN
from entrepot.core.extensions import HtmlRepr, extension
from entrepot.economy.closure import Closure
from entrepot.economy.economy import Economy
from entrepot.economy.levies import LevyRevenue, levy_revenue
from entrepot.equilibrium import views, welfare
from entrepot.equilibrium.limit_outcome import LimitOutcome
from entrepot.equilibrium.model import encoding
from entrepot.equilibrium.model.encoding import Exercise
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.model.problem import Unknowns
from entrepot.policy.actors import Actor, actor
from entrepot.policy.scenario import Scenario
from entrepot.policy.wedges import Wedges

if TYPE_CHECKING:
    from entrepot.report.notebook import ResultPlots  # both stand further right: see `core.extensions`
    from entrepot.study.reasons import Reasons


@dataclass(frozen=True, eq=False)
class Result(HtmlRepr):
    """The world after the change. Bare names are the base year, ``_cf`` after the change, ``_hat`` the ratio.

    Values are in the currency of the economy (USD million where shipped) with the world's value added as numeraire: a
    change in a value is a change relative to the world's. Where nothing existed (a market without spending, a country
    without income) a ratio is 1.

    Attributes
    ----------
    exercise
        What was asked: the base year as the model sees it, the wedges as given, limits, model, closure.
    wedges
        Every wedge after the change, those found for limits included.
    scenario
        The scenario it came from, if it came from one.
    wage_hat : [country]
        Of the factors that move between sectors; where there are none, the average change in what factors earn.
    factor_price_hat : [country, sector]
        Of value added: wages, or rents of what is tied to a sector, or their mix.
    price_hat : [destination, sector]
        Buyer's price index, duty included.
    unit_cost_hat : [origin, sector]
        Producer's price.
    trade_share_cf, trade_cf : [origin, destination, sector]
        Shares of spending; sales before duty.
    expenditure_cf : [destination, sector]
    output_cf : [origin, sector]
    value_added_cf, income_cf, tariff_revenue_cf, deficit_cf : [country]
        Deficits contain transfers.
    unknowns
        The solved logs as bare arrays: a first guess for a similar change.
    residual
        Largest relative move of any wage, price or spending by one more round of the equations.
    walras
        Largest error in the unused equation, exports + deficit = imports, as a share of the country's income.
    steps
        Rounds of the equations, Newton steps included.
    route
        How the equilibrium was found: ``"Anderson"`` unless that failed.
    seconds
        Wall time, compilation included where it was the first solve of that size.
    held
        How each limit ended.
    baseline
        The equilibrium with the measures in force that the change comes on top of: its world after them is `economy`.
        None where the change starts from the base year.
    """

    exercise: Exercise
    wedges: Wedges
    scenario: Scenario | None
    wage_hat: xr.DataArray
    factor_price_hat: xr.DataArray
    price_hat: xr.DataArray
    unit_cost_hat: xr.DataArray
    trade_share_cf: xr.DataArray
    trade_cf: xr.DataArray
    expenditure_cf: xr.DataArray
    output_cf: xr.DataArray
    value_added_cf: xr.DataArray
    income_cf: xr.DataArray
    tariff_revenue_cf: xr.DataArray
    deficit_cf: xr.DataArray
    unknowns: Unknowns
    residual: float
    walras: float
    steps: int
    route: str
    seconds: float
    held: tuple[LimitOutcome, ...] = ()
    baseline: "Result | None" = None

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, xr.DataArray):
                read_only(value)

    def __repr__(self) -> str:
        what = self.scenario.name if self.scenario else "a shock"
        return f"Result({what!r} on {self.economy!r}: {self.model.name}, deficits {self.deficits}, {self.steps} steps)"

    @property
    def economy(self) -> Economy:
        """The base year as the model sees it."""
        return self.exercise.economy

    @property
    def given_economy(self) -> Economy:
        """The base year as it was handed in: before the model merged sectors or scaled elasticities."""
        return self.exercise.given or self.exercise.economy

    @property
    def model(self) -> Model:
        """The model."""
        return self.exercise.model

    @property
    def closure(self) -> Closure:
        """The rule for trade imbalances."""
        return self.exercise.closure

    @property
    def deficits(self) -> str:
        """The name of the closure."""
        return self.exercise.closure.name

    @cached_property
    def solved_exercise(self) -> Exercise:
        """The exercise with the wedges found for limits, and no limits left to keep."""
        return replace(self.exercise, wedges=self.wedges, limits=())

    @property
    def tariff_cf(self) -> xr.DataArray:
        """Duty after the change [origin, destination, sector]."""
        return self.wedges.tariff

    @property
    def export_tax_cf(self) -> xr.DataArray:
        """Export tax after the change [origin, destination, sector]."""
        return self.wedges.export_tax

    @cached_property
    def _levy_revenue_cf(self) -> LevyRevenue:
        wedges = self.wedges
        return levy_revenue(self.trade_cf, wedges.export_tax, wedges.production_tax, wedges.markup)

    @property
    def export_tax_revenue_cf(self) -> xr.DataArray:
        """Export tax collected [country]."""
        return self._levy_revenue_cf.export_tax.rename("export_tax_revenue_cf")

    @property
    def production_tax_revenue_cf(self) -> xr.DataArray:
        """Production tax collected [country]; negative where production is subsidised."""
        return self._levy_revenue_cf.production_tax.rename("production_tax_revenue_cf")

    @property
    def profit_cf(self) -> xr.DataArray:
        """Profits from markups [country]."""
        return self._levy_revenue_cf.profit.rename("profit_cf")

    @cached_property
    def consumer_price_hat(self) -> xr.DataArray:
        """Change in the price of what a country consumes [country]."""
        return welfare.consumer_price_hat(self.economy, self.price_hat, self.model.eta)

    @cached_property
    def real_income_hat(self) -> xr.DataArray:
        """Change in real income, the measure of welfare [country].

        Where a model holds nominal incomes, what factors would earn over the price of consumption.
        """
        if self.model.incomes_held:
            return self.real_wage_hat.rename("real_income_hat")
        return welfare.real_income_hat(self.economy, self.income_cf, self.consumer_price_hat)

    @cached_property
    def real_wage_hat(self) -> xr.DataArray:
        """Change in the real wage [country]: what factors earn, over the price of consumption."""
        return (self.wage_hat / self.consumer_price_hat).rename("real_wage_hat")

    @cached_property
    def equivalent_variation(self) -> xr.DataArray:
        """What the change is worth at base-year prices [country], currency of the economy."""
        return welfare.equivalent_variation(self.economy, self.real_income_hat)

    @property
    def countries(self) -> pd.DataFrame:
        """One row a country, ranked from the largest loss of real income to the largest gain."""
        return self._countries.copy()

    @cached_property
    def _countries(self) -> pd.DataFrame:
        columns = [
            self.real_income_hat, self.equivalent_variation, self.real_wage_hat, self.consumer_price_hat,
            self.economy.income, self.income_cf, self.economy.tariff_revenue, self.tariff_revenue_cf,
        ]  # fmt: skip
        return views.countries(self.economy, self.trade_cf, columns)

    def blocs(self, *texts: str) -> pd.DataFrame:
        """Return one row a bloc, with the columns of `countries`; see :func:`views.blocs` for what they mean."""
        chosen = [self.actor(text) for text in texts]
        return views.blocs(self.economy, self.trade_cf, self._countries, chosen, [one.text for one in chosen])

    def actor(self, text: str) -> Actor:
        """Return the countries that a text means: a code, a bloc, a group of the scenario, or several with commas.

        Raises
        ------
        UnknownLabel
            None of them.
        """
        return actor(self.economy, text, self.scenario.groups if self.scenario else None)

    def sectors(self, country: str, partner: str) -> pd.DataFrame:
        """Return one row a sector of `country`: output, exports to `partner` and elsewhere, before and after.

        Here and below a bloc may stand for a country.
        """
        own, other = self.actor(country), self.actor(partner)
        return views.sectors(self.economy, self.trade_cf, self.unit_cost_hat, own, other)

    def suppliers(self, country: str, sectors: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row an origin, itself included: what `country` buys from it before duty, before and after."""
        return views.partners(self.economy, self.trade_cf, DESTINATION, self.actor(country), sectors)

    def customers(self, country: str, sectors: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row a destination, itself included: what `country` sells to it before duty, before and after."""
        return views.partners(self.economy, self.trade_cf, ORIGIN, self.actor(country), sectors)

    def prices(self, country: str) -> pd.DataFrame:
        """Return one row a sector: change in the buyer's price, share in consumption, average duty and revenue."""
        return views.prices(self.economy, self.trade_cf, self.tariff_cf, self.price_hat, self.actor(country))

    def outcome(self, text: str) -> float:
        """Return one number of the world after the change, as ``"balance:IND:RUS"``; see :meth:`sensitivity`.

        Ratios to the base year for incomes, wages and prices; values in the unit of the economy.
        """
        from entrepot.equilibrium.derivatives.outcome import (  # only who asks for outcomes needs it
            evaluate,
            parse_outcome,
        )

        wanted = parse_outcome(text, self.economy, self.scenario.groups if self.scenario else None)
        problem = encoding.build_problem(self.solved_exercise, every_instrument=True)
        return evaluate(self.economy, self.unknowns, problem, wanted)

    def sensitivity(self, outcome: str) -> xr.Dataset:
        """Return the derivative of one outcome, as ``"real_income:IND"``, with respect to every instrument.

        See :func:`entrepot.sensitivity`.
        """
        from entrepot.equilibrium.derivatives.sensitivity import sensitivity  # only who asks for derivatives needs it

        return sensitivity(self, outcome)

    def why(self, of: str, *, alone: bool | None = None) -> "Reasons":
        """Return where the change in real income of a country or bloc, as ``"IND"``, comes from: :func:`entrepot.why`.

        Parameters
        ----------
        of
            A country or group.
        alone
            Whether to solve the measures on its goods alone as well; left out, where an importer burdens all suppliers.
        """
        found: Reasons = extension("why")(self, of, alone=alone)
        return found

    def summary(self) -> str:
        """Return the headline, who loses and gains most, and what was assumed, as a text of eighty columns."""
        said: str = extension("summary")(self)
        return said

    def to_frame(self, table: str = "countries") -> pd.DataFrame:
        """Return a table in per cent and billions: countries, sectors, suppliers, customers or prices.

        Columns that end in ``_pct`` are per cent, those in ``_bn`` billions of the economy's currency. All but
        ``countries`` are about the countries that the scenario is about.

        Raises
        ------
        UnknownLabel
            No such table.
        """
        made: pd.DataFrame = extension("to_frame")(self, table)
        return made

    def to_excel(self, path: str | Path) -> None:
        """Write the result to an Excel workbook: tables, scenario, assumptions, sources; whole or not at all.

        Raises
        ------
        FileProblem
            The file cannot be written there.
        InputError
            It is not called ``.xlsx``.
        """
        extension("to_excel")(self, path)

    @property
    def plot(self) -> "ResultPlots":
        """Charts: ``result.plot.countries()``, ``.map()``, ``.sectors()``, ``.output()``, ``.suppliers()``."""
        made: ResultPlots = extension("plots")(self)
        return made
