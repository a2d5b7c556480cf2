"""Why a country or bloc gains or loses: the exact terms of its real income, by partner and by sector."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from entrepot.core.errors import InvalidShock, UnknownLabel
from entrepot.core.outcomes import kind_of
from entrepot.core.wedges import WEDGES
from entrepot.equilibrium.decomposition.path_terms import IMBALANCES, TERMS, path_terms
from entrepot.equilibrium.limits import solve_with_limits
from entrepot.equilibrium.model.encoding import wedge_of
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solvers.anderson import Settings
from entrepot.policy.wedges import Wedges

REAL_INCOME = "real_income"
BURDENED = 0.9
"""An importer burdens all its suppliers where those with at least this share of its imports pay more than before."""


@dataclass(frozen=True, eq=False)
class Reasons:
    """Where the change in real income of a country or bloc comes from.

    Attributes
    ----------
    result
        The world after the change.
    word
        The country or bloc as asked for.
    members
        Its countries.
    flows
        One row a term, kind of flow, partner and sector: ``term`` (of `path_terms.TERMS`), ``on`` (exports, imports,
        production, or blank for imbalances), ``partner`` and ``sector`` (blank where the term has none), ``value`` in
        the currency of the economy. The partner is `word` where a member sells to a member or makes something.
    alone
        The equilibrium with the measures on the goods of the members alone; None where it was not solved.
    """

    result: Result
    word: str
    members: tuple[str, ...]
    flows: pd.DataFrame
    alone: Result | None = None

    @property
    def income(self) -> float:
        """Income of the base year, currency of the economy."""
        return float(self.result.economy.income.sel(country=list(self.members)).sum())

    @property
    def equivalent_variation(self) -> float:
        """What the change is worth: the sum over members, currency of the economy."""
        return _worth(self.result, self.members)

    @property
    def real_income_pct(self) -> float:
        """The equivalent variation in per cent of base-year income: for one country the change in its real income."""
        return 100 * self.equivalent_variation / self.income

    @property
    def alone_pct(self) -> float | None:
        """The same if the measures were on the goods of the members alone; None where it was not solved."""
        return None if self.alone is None else 100 * _worth(self.alone, self.members) / self.income

    @property
    def real_wage_pct(self) -> float | None:
        """Change in the real wage, per cent; None for a bloc, which has no single wage."""
        if len(self.members) > 1:
            return None
        return 100 * (float(self.result.real_wage_hat.sel(country=self.members[0])) - 1)

    @cached_property
    def terms(self) -> pd.Series:
        """The terms, currency of the economy; those that no flow has are left out. They add up (`error`)."""
        sums = self.flows.groupby("term")["value"].sum()
        return sums.reindex([name for name in TERMS if name in sums.index]).rename("value")

    @property
    def error(self) -> float:
        """Sum of the terms less the equivalent variation, as a share of base-year income."""
        return (float(self.terms.sum()) - self.equivalent_variation) / self.income

    def by(self, what: str, term: str | None = None) -> pd.Series:
        """Return what each ``"partner"`` or ``"sector"`` adds, over one term or all, the largest amount first.

        Currency of the economy; what stands on no flow is left out.
        """
        rows = self.flows if term is None else self.flows[self.flows["term"] == term]
        sums = rows[rows[what] != ""].groupby(what)["value"].sum()
        return sums.loc[sums.abs().sort_values(ascending=False, kind="stable").index]


def why(result: Result, of: str, *, alone: bool | None = None) -> Reasons:
    """Return where the change in real income of a country or bloc comes from, exactly.

    Parameters
    ----------
    result
        What :func:`entrepot.solve` returned.
    of
        ``"IND"``, a group such as ``"EU27"``, or the same as an outcome: ``"real_income:IND"``.
    alone
        Whether to solve the measures on the goods of that country or bloc alone as well. Left out, where an importer
        burdens all its suppliers.

    Returns
    -------
    Reasons
        Terms as in :func:`entrepot.decompose`, by partner and sector, in money: they add up to the equivalent
        variation, for a bloc to the sum over its members.

    Raises
    ------
    UnknownLabel
        Another outcome than real income, or a country that does not exist.
    InvalidShock
        A model that holds incomes: what is no equilibrium of incomes does not split.
    NotConverged
        No equilibrium at a point of the path.
    """
    if result.model.incomes_held:
        raise InvalidShock(
            f"model {result.model.name} holds nominal incomes, so its changes do not split into terms; "
            "choose another model"
        )
    kind, colon, word = of.partition(":")
    if not colon:
        word = kind
    elif kind_of(of).word != REAL_INCOME:
        raise UnknownLabel(f"found {of!r}; reasons are given for real income: write {REAL_INCOME}:{word}")
    actor = result.actor(word)
    word, members = actor.text, actor.members
    if alone is None:
        alone = bool(burdening_importers(result, members))
    beside = _alone(result, members) if alone else None
    return Reasons(result, word, members, _flows(result, word, members), beside)


def burdening_importers(result: Result, members: Sequence[str]) -> list[str]:
    """Return the importers that raise costs or duties on the goods of `members` and of nearly all other suppliers."""
    economy = result.economy
    burdened: np.ndarray = np.greater(wedge_of(economy, result.wedges), 1 + 1e-12)  # o d s
    trade = economy.trade.values
    inside = np.isin(list(economy.countries), members)
    found = []
    for at, importer in enumerate(economy.countries):
        if inside[at]:
            continue
        paying: np.ndarray = np.asarray(burdened[:, at].any(axis=1))
        bought = trade[:, at].sum(axis=1) * (np.arange(len(inside)) != at)
        if paying[inside].any() and bought[paying].sum() >= BURDENED * bought.sum() and paying[~inside].any():
            found.append(importer)
    return found


def _worth(result: Result, members: Sequence[str]) -> float:
    return float(result.equivalent_variation.sel(country=list(members)).sum())


def _flows(result: Result, word: str, members: Sequence[str]) -> pd.DataFrame:
    """Return the terms of the members added up, one row a cell that is not zero."""
    economy, terms = result.economy, path_terms(result)
    countries, sectors = list(economy.countries), list(economy.sectors)
    inside = np.isin(countries, members)
    partners = [word if one else code for code, one in zip(countries, inside, strict=True)]
    labels = list(dict.fromkeys(partners))
    folded = np.array([[float(partner == label) for partner in partners] for label in labels])
    tables = []
    for (term, on), cells in terms.money.items():
        summed = folded @ cells[inside].sum(axis=0)  # partner, sector
        partner, sector = np.nonzero(summed)
        names = {"partner": np.array(labels)[partner], "sector": np.array(sectors)[sector]}
        tables.append(pd.DataFrame({"term": term, "on": on, **names, "value": summed[partner, sector]}))
    rest = {"term": IMBALANCES, "on": "", "partner": "", "sector": "", "value": terms.money_imbalances[inside].sum()}
    return pd.concat([*(table for table in tables if len(table)), pd.DataFrame([rest])], ignore_index=True)


def _alone(result: Result, members: Sequence[str]) -> Result:
    """Return the equilibrium with the measures on what `members` sell abroad, and no others."""
    economy, base = result.economy, Wedges.of_base(result.economy)
    inside = np.isin(list(economy.countries), members)
    changed = {}
    for wedge in WEDGES:
        if wedge.on_flows and result.wedges.changed(wedge.name, economy):
            values = getattr(base, wedge.name).values.copy()
            cells = np.ix_(inside, ~inside)
            values[cells] = getattr(result.wedges, wedge.name).values[cells]
            changed[wedge.name] = values
    wedges = base.with_values(economy, **changed) if changed else base
    return solve_with_limits(replace(result.exercise, wedges=wedges, limits=()), Settings())
