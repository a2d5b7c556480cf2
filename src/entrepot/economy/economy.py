"""The Economy: one base year of the world, balanced, labelled and frozen."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import xarray as xr

from entrepot.core.alignment import conform, read_only
from entrepot.core.dims import COUNTRY, FLOW, LABELS_OF, SECTOR
from entrepot.core.errors import InvalidEconomy
from entrepot.core.extensions import HtmlRepr, extension
from entrepot.core.provenance import Provenance
from entrepot.core.units import parse_money
from entrepot.economy import accounts, identities
from entrepot.economy.aggregate import merged, names_of_merged, targets
from entrepot.economy.closure import ClosureName
from entrepot.economy.dataset import parts_of_dataset, parts_with_trade, theta_by_sector
from entrepot.economy.elasticities import Elasticities, notes_with
from entrepot.economy.identities import Accounts
from entrepot.economy.levies import LevyRevenue, levy_revenue


@dataclass(frozen=True, eq=False)
class Economy(HtmlRepr):
    """One base year of the world: who sells what to whom, at which duty, made from what.

    Make one with :func:`entrepot.load_economy` or :meth:`Economy.from_dataset`. Construction checks the identities of
    the accounts and raises InvalidEconomy with the cells that break one; nothing is repaired. Axes in brackets.

    Attributes
    ----------
    name
        What to call it in messages and reports.
    trade : [origin, destination, sector], in `unit`
        Sales at basic prices before import duty; domestic sales on the diagonal.
    tariff : [origin, destination, sector], rate
        Ad valorem duty on `trade`, revenue to the destination.
    export_tax : [origin, destination, sector], rate
        Ad valorem on the producer's price with its other levies; in `trade`, revenue to the origin; negative: subsidy.
    production_tax : [country, sector], rate
        Ad valorem on the producer's price with its markup, whoever buys; in `trade`, revenue to the treasury of the
        producing country. Negative is a subsidy.
    markup : [country, sector], rate
        Price over cost, minus one; in `trade`, profits to the households of the producing country.
    input_share : [country, input, sector], share of gross output
        What `sector` spends on `input` per unit of its output.
    value_added_share : [country, sector], share of gross output
        Sums to one with `input_share` over inputs.
    theta : [sector]
        Trade elasticity, positive: d ln(share of o / own share) / d ln(cost of o) = -theta.
    final_share : [country, sector], share of final demand
    value_added : [country]
        Income of labour and other factors.
    unit
        Of all values.
    countries, sectors, country_groups, sector_groups
        Codes mapped to names, in order; groups (``EU27``, ``textiles``) mapped to the codes of their members.
    provenance
        Where the figures come from; None for a dataset handed in without.
    elasticities
        The table that `theta` was taken from; None where it was handed in.
    notes
        What was done to the figures on the way here (rebalanced, merged), one sentence each.
    ordinary_tariff : [origin, destination, sector], rate
        The duty before measures in force, where the economy is a world under some; else None.
    """

    name: str
    trade: xr.DataArray
    tariff: xr.DataArray
    export_tax: xr.DataArray
    production_tax: xr.DataArray
    markup: xr.DataArray
    input_share: xr.DataArray
    value_added_share: xr.DataArray
    theta: xr.DataArray
    final_share: xr.DataArray
    value_added: xr.DataArray
    countries: Mapping[str, str]
    sectors: Mapping[str, str]
    unit: str = "USD million"
    country_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sector_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provenance: Provenance | None = None
    elasticities: Elasticities | None = None
    notes: tuple[str, ...] = ()
    ordinary_tariff: xr.DataArray | None = None

    def __post_init__(self) -> None:
        identities.check(self.name, self.accounts)
        for array in self.accounts:
            read_only(array)

    def __setstate__(self, state: dict[str, object]) -> None:
        """Lock the arrays again after unpickling, which makes them writable."""
        self.__dict__.update(state)
        for value in state.values():
            if isinstance(value, xr.DataArray):
                read_only(value)

    def __repr__(self) -> str:
        return f"Economy({self.name!r}: {len(self.countries)} countries x {len(self.sectors)} sectors)"

    @classmethod
    def from_dataset(cls, dataset: xr.Dataset, theta: object = None, name: str = "dataset") -> "Economy":
        """Return the economy in an xarray dataset, checked.

        Parameters
        ----------
        dataset
            ``trade`` [origin, destination, sector] is required, in the unit that the attribute ``unit`` names
            (``"EUR thousand"``; USD million where there is none): results come back in it, reports in billions.
            ``tariff``, ``export_tax``, ``production_tax`` and ``markup`` are zero, and ``input_share`` with
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

    def rebalanced(self, deficits: ClosureName) -> "Economy":
        """Return the economy with trade imbalances under a rule, solved as a shock-free equilibrium.

        ``"zero"`` moves every imbalance to zero, as Caliendo and Parro (2015) do before they change tariffs;
        ``"fixed"`` and ``"scaled"`` keep imbalances and close raw accounts. What moved is said in `notes`.

        Raises
        ------
        NotConverged
            No equilibrium was found under that rule.
        """
        made: Economy = extension("rebalance")(self, deficits)
        return made

    def rebased(self, flows: Mapping[str, object]) -> "Economy":
        """Return the economy with some flows at newer known values, every identity still holding.

        ``{"RUS:IND:B06": "50.28 billion", "IND:RUS:goods": "4.88 billion"}``: for each flow the change in its trade
        cost is found that brings it to its value before duty; all else is what the new equilibrium implies. What moved
        is said in `notes`.

        Raises
        ------
        InputError
            A flow that does not exist, or values that no trade costs bring about.
        """
        made: Economy = extension("rebase")(self, flows)
        return made

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
        if not self.closed:
            raise InvalidEconomy(
                f"{self.name}: raw accounts that do not close cannot be merged; use .rebalanced() first"
            )
        by_country = targets(countries or {}, self.countries, "country")
        by_sector = targets(sectors or {}, self.sectors, "sector")
        parts = parts_of_dataset(merged(self.accounts, by_country, by_sector), theta)
        parts |= names_of_merged(self, parts, by_country, by_sector) | {"ordinary_tariff": None}
        if theta is None:
            parts["elasticities"] = self.elasticities  # their means; the note says what was merged
        before = f"{len(self.countries)} x {len(self.sectors)}"
        after = f"{len(parts['countries'])} x {len(parts['sectors'])}"
        return replace(self, **parts, notes=(*self.notes, f"Merged from {before} to {after}."))

    def with_theta(self, theta: object) -> "Economy":
        """Return the economy with other trade elasticities (as in :meth:`from_dataset`)."""
        identities.check_theta(self.name, other := theta_by_sector(theta, list(self.sectors)))
        made = copy.copy(self)  # no identity but that of theta's sign depends on it: a thousand draws share the rest
        made.__dict__["theta"] = read_only(other)
        made.__dict__["elasticities"] = table = theta if isinstance(theta, Elasticities) else None
        made.__dict__["notes"] = notes_with(self.notes, self.elasticities, table)
        return made

    def with_trade(self, trade: object, tariff: object = None, name: str | None = None) -> "Economy":
        """Return the economy with other trade and tariffs [origin, destination, sector], as of another year.

        Trade stays as it is given. Input use is scaled down where a country would use more of a good than it spends on
        it, so that final demand is positive everywhere; `notes` says how much moved.
        """
        figures = {"trade": trade, "tariff": self.tariff if tariff is None else tariff}
        parts, note = parts_with_trade(self.accounts, {w: conform(a, w, FLOW, self.labels) for w, a in figures.items()})
        return replace(self, name=name or self.name, **parts, notes=(*self.notes, note), ordinary_tariff=None)

    def without_inputs(self) -> "Economy":
        """Return the economy recalibrated without input links: value added carries the whole of output.

        Trade, tariffs and imbalances stay; all spending becomes final. This is the base of the ``multi_sector`` model.
        """
        if not self.input_share.any():
            return self
        input_share, value_added_share = xr.zeros_like(self.input_share), xr.ones_like(self.value_added_share)
        return replace(
            self, input_share=input_share, value_added_share=value_added_share,
            final_share=accounts.final_share(self.trade, self.tariff, self.output, input_share),
            value_added=accounts.value_added(self.output, value_added_share),
            notes=(*self.notes, "Input links are off: value added carries the whole of output."),
        )  # fmt: skip

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """The codes of ``country`` and of ``sector``, in order."""
        return {COUNTRY: list(self.countries), SECTOR: list(self.sectors)}

    def labelled(self, values: np.ndarray, dims: Sequence[str], name: str) -> xr.DataArray:
        """Return bare values, in the order of `dims`, with the economy's labels."""
        axes = tuple(dims)
        if axes not in self._templates:
            coords = {dim: self.labels[LABELS_OF[dim]] for dim in axes}
            self._templates[axes] = xr.DataArray(np.empty(values.shape), coords=coords, dims=axes)
        array = self._templates[axes].copy(data=values)  # five times as fast as building the axes anew
        array.name = name
        return array

    @cached_property
    def _templates(self) -> dict[tuple[str, ...], xr.DataArray]:
        return {}

    @cached_property
    def goods(self) -> list[str]:
        """The sectors that are goods: all but the group ``services``."""
        return [sector for sector in self.sectors if sector not in self.sector_groups.get("services", ())]

    @cached_property
    def output(self) -> xr.DataArray:
        """Gross output at producers' prices [origin, sector]."""
        return read_only(accounts.output(self.trade, self.levy_factor))

    @cached_property
    def levy_factor(self) -> xr.DataArray:
        """One plus all levies on sales, border price over the producer's price [origin, destination, sector]."""
        return read_only(self.accounts.levy_factor)

    @cached_property
    def expenditure(self) -> xr.DataArray:
        """Spending including duty [destination, sector]."""
        return read_only(accounts.expenditure(self.trade, self.tariff))

    @cached_property
    def trade_share(self) -> xr.DataArray:
        """Share of each origin in spending [origin, destination, sector]; zero where nothing is spent."""
        return read_only(accounts.trade_share(self.trade, self.tariff))

    @cached_property
    def tariff_revenue(self) -> xr.DataArray:
        """Duty collected [country]."""
        return read_only(accounts.tariff_revenue(self.trade, self.tariff))

    @cached_property
    def levy_revenue(self) -> LevyRevenue:
        """Profits, production tax and export tax, [country] each."""
        revenue = levy_revenue(self.trade, self.export_tax, self.production_tax, self.markup)
        return LevyRevenue(*(read_only(one) for one in revenue))

    @cached_property
    def has_levies(self) -> bool:
        """Whether there is any export tax, production tax or markup."""
        return bool((self.levy_factor != 1).any())

    @cached_property
    def deficit(self) -> xr.DataArray:
        """Imports minus exports before duty [country]; sums to zero over countries."""
        return read_only(accounts.deficit(self.trade))

    @cached_property
    def income(self) -> xr.DataArray:
        """Value added, duty, levies on sales and deficit: what a country can spend on final goods [country]."""
        revenue = self.tariff_revenue + sum(self.levy_revenue)
        return read_only((self.value_added + revenue + self.deficit).rename("income"))

    @cached_property
    def intermediate_demand(self) -> xr.DataArray:
        """Spending of all sectors on each input [country, sector]."""
        return read_only(accounts.intermediate_demand(self.output, self.input_share))

    @cached_property
    def gap(self) -> float:
        """How far raw accounts are from closing, as a share of world income; rounding error for a closed economy."""
        return identities.gap(self.accounts)

    @property
    def label(self) -> str:
        """A short name: "OECD ICIO 2022"; the name where the figures have none."""
        return (self.provenance and self.provenance.label) or self.name

    @property
    def currency(self) -> str:
        """Code of the currency that `unit` names; XXX where it names none."""
        return parse_money(self.unit)[0]

    @property
    def billions(self) -> float:
        """What turns a value in `unit` into billions of `currency`."""
        return parse_money(self.unit)[1]

    @property
    def closed(self) -> bool:
        """Whether the accounts close, so that the base year is an equilibrium that can be shocked."""
        return self.gap <= identities.CLOSURE_TOLERANCE

    @property
    def accounts(self) -> Accounts:
        """The figures alone, without names and sources."""
        return Accounts(*(getattr(self, name) for name in Accounts._fields))
