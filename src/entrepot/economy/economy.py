"""The Economy: one base year of the world, balanced, labelled and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import xarray as xr

from entrepot.core.dims import COUNTRY, COUNTRY_SECTOR, DESTINATION, FLOW, INPUT, ORIGIN, SECTOR
from entrepot.core.provenance import Provenance
from entrepot.economy import identities
from entrepot.economy.dataset import parts_of_dataset, theta_by_sector
from entrepot.economy.elasticities import Elasticities

Deficits = Literal["fixed", "scaled", "zero"]
"""What trade imbalances do: constant in the numeraire, constant shares of income, or gone."""


@dataclass(frozen=True, eq=False)
class Economy:
    """One base year of the world: who sells what to whom, at which duty, made from what.

    Make one with :func:`entrepot.load_economy` or :meth:`Economy.from_dataset`. Construction checks the identities of
    the accounts and names the cells that break one; nothing is repaired in silence. Axes in brackets.

    Attributes
    ----------
    name
        What to call it in messages and reports.
    trade : [origin, destination, sector], the currency of the source (USD million where shipped)
        Sales at basic prices before import duty; domestic sales on the diagonal.
    tariff : [origin, destination, sector], rate
        Ad valorem duty on `trade`, revenue to the destination.
    input_share : [country, input, sector], share of gross output
        What `sector` spends on `input` per unit of its output.
    value_added_share : [country, sector], share of gross output
        Sums to one with `input_share` over inputs.
    theta : [sector]
        Trade elasticity, positive: d ln(share of o / own share) / d ln(cost of o) = -theta.
    final_share : [country, sector], share of final demand
    value_added : [country]
        Income of labour and other factors.
    countries, sectors
        Codes mapped to names, in the order of the axes.
    country_groups, sector_groups
        Group names mapped to the codes of their members: ``EU27``, ``textiles``.
    provenance
        Where the figures come from; None for a dataset handed in without.
    elasticities
        The table that `theta` was taken from; None where it was handed in.
    notes
        What was done to the figures on the way here (rebalanced, merged), one sentence each.

    Raises
    ------
    InvalidEconomy
        An identity of the accounts does not hold; names it and the cells.
    """

    name: str
    trade: xr.DataArray
    tariff: xr.DataArray
    input_share: xr.DataArray
    value_added_share: xr.DataArray
    theta: xr.DataArray
    final_share: xr.DataArray
    value_added: xr.DataArray
    countries: Mapping[str, str]
    sectors: Mapping[str, str]
    country_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provenance: Provenance | None = None
    elasticities: Elasticities | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.trade, self.tariff, self.input_share, self.value_added_share, self.theta,
                      self.final_share, self.value_added):  # fmt: skip
            array.values.flags.writeable = False
        identities.check(self)

    def __repr__(self) -> str:
        return f"Economy({self.name!r}: {len(self.countries)} countries x {len(self.sectors)} sectors)"

    @classmethod
    def from_dataset(cls, dataset: xr.Dataset, theta: object = None, name: str = "dataset") -> "Economy":
        """Return the economy in an xarray dataset, checked.

        Parameters
        ----------
        dataset
            ``trade`` [origin, destination, sector] is required. ``tariff`` is zero, and ``input_share`` with
            ``value_added_share`` mean "no inputs", where they are absent. Raw accounts that do not close give
            ``final_share`` [country, sector] and ``value_added`` [country] as well: such an economy can be
            :meth:`rebalanced`, and must be before it is shocked. Names and groups are optional coordinates
            ``country_name``, ``sector_name``, ``sector_group`` and a boolean ``group_member`` [group, country].
        theta
            Trade elasticities: a table from :func:`load_elasticities`, a DataArray on ``sector``, a mapping or Series
            by sector, or one number for all sectors. Left out: the dataset's own variable ``theta``.
        name
            What to call the economy in messages.

        Raises
        ------
        InputError
            Axes, labels, missing values or identities are wrong; says which cells.
        """
        return cls(name=name, **parts_of_dataset(dataset, theta))

    def rebalanced(self, deficits: Deficits) -> "Economy":
        """Return the economy with trade imbalances under a rule, solved as a shock-free equilibrium.

        ``"zero"`` moves every imbalance to zero, as Caliendo and Parro (2015) do before they change tariffs;
        ``"fixed"`` and ``"scaled"`` keep imbalances and close raw accounts. What moved is said in `notes`.

        Raises
        ------
        NotConverged
            No equilibrium was found under that rule.
        """
        import entrepot  # the front door: an economy does not know the solver, which stands further right

        return entrepot.rebalance(self, deficits)

    def aggregate(
        self,
        countries: Mapping[str, str] | None = None,
        sectors: Mapping[str, str] | None = None,
        theta: object = None,
    ) -> "Economy":
        """Return the economy with countries or sectors merged; every identity still holds.

        Parameters
        ----------
        countries, sectors
            Old code mapped to new code; what is left out keeps its own. ``{"DEU": "EU", "FRA": "EU"}``.
        theta
            Elasticities of the merged sectors (as in :meth:`from_dataset`). Left out: means weighted by cross-border
            trade, which equal the common value where the merged sectors share one.

        Raises
        ------
        UnknownLabel
            A code that the economy does not have.
        """
        from entrepot.economy.aggregate import aggregate

        return aggregate(self, countries or {}, sectors or {}, theta)

    def with_theta(self, theta: object) -> "Economy":
        """Return the economy with other trade elasticities (as in :meth:`from_dataset`)."""
        table = theta if isinstance(theta, Elasticities) else None
        return replace(self, theta=theta_by_sector(theta, list(self.sectors)), elasticities=table)

    def without_inputs(self) -> "Economy":
        """Return the economy recalibrated without input links: value added carries the whole of output.

        Trade, tariffs and imbalances stay; all spending becomes final. This is the base of the ``multi_sector`` model.
        """
        value_added_share = xr.ones_like(self.value_added_share)
        dataset = xr.Dataset(
            {"trade": self.trade, "tariff": self.tariff, "value_added_share": value_added_share,
             "input_share": xr.zeros_like(self.input_share)}
        )  # fmt: skip
        parts = parts_of_dataset(dataset, self.theta)
        return replace(
            self,
            **{key: parts[key] for key in ("input_share", "value_added_share", "final_share", "value_added")},
            notes=(*self.notes, "Input links are off: value added carries the whole of output."),
        )

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """The codes of ``country`` and of ``sector``, in order."""
        return {COUNTRY: list(self.countries), SECTOR: list(self.sectors)}

    @cached_property
    def goods(self) -> list[str]:
        """The sectors that are goods: all but the group ``services``, where there is one."""
        services = self.sector_groups.get("services", ())
        return [sector for sector in self.sectors if sector not in services]

    @cached_property
    def output(self) -> xr.DataArray:
        """Gross output at basic prices [origin, sector]."""
        return self.trade.sum(DESTINATION).rename("output")

    @cached_property
    def expenditure(self) -> xr.DataArray:
        """Spending including duty [destination, sector]."""
        return (self.trade * (1 + self.tariff)).sum(ORIGIN).rename("expenditure")

    @cached_property
    def trade_share(self) -> xr.DataArray:
        """Share of each origin in spending [origin, destination, sector]; zero where nothing is spent."""
        spent = self.trade * (1 + self.tariff)
        return (spent / self.expenditure.where(self.expenditure > 0, 1)).transpose(*FLOW).rename("trade_share")

    @cached_property
    def tariff_revenue(self) -> xr.DataArray:
        """Duty collected [country]."""
        revenue = (self.trade * self.tariff).sum((ORIGIN, SECTOR))
        return revenue.rename({DESTINATION: COUNTRY}).rename("tariff_revenue")

    @cached_property
    def deficit(self) -> xr.DataArray:
        """Imports minus exports before duty [country]; sums to zero over countries."""
        imports = self.trade.sum((ORIGIN, SECTOR)).rename({DESTINATION: COUNTRY})
        exports = self.trade.sum((DESTINATION, SECTOR)).rename({ORIGIN: COUNTRY})
        return (imports - exports).rename("deficit")

    @cached_property
    def income(self) -> xr.DataArray:
        """Value added, duty and deficit: what a country can spend on final goods [country]."""
        return (self.value_added + self.tariff_revenue + self.deficit).rename("income")

    @cached_property
    def intermediate_demand(self) -> xr.DataArray:
        """Spending of all sectors on each input [country, sector]."""
        bought = (self.input_share * self.output.rename({ORIGIN: COUNTRY})).sum(SECTOR)
        return bought.rename({INPUT: SECTOR}).transpose(*COUNTRY_SECTOR).rename("intermediate_demand")

    @cached_property
    def gap(self) -> float:
        """How far raw accounts are from closing, as a share of world income; rounding error for a closed economy.

        The sum of absolute differences between spending and what inputs and final demand account for, and between
        value added and what sectors pay out.
        """
        accounted = self.intermediate_demand + self.final_share * self.income
        spending = abs(self.expenditure.rename({DESTINATION: COUNTRY}) - accounted).sum()
        paid_out = (self.value_added_share * self.output.rename({ORIGIN: COUNTRY})).sum(SECTOR)
        return float((spending + abs(self.value_added - paid_out).sum()) / abs(self.income).sum())

    @property
    def closed(self) -> bool:
        """Whether the accounts close, so that the base year is an equilibrium that can be shocked."""
        return self.gap <= identities.CLOSURE_TOLERANCE
