"""Published models as settings of one set of equations: named dials, each with its paper."""

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from entrepot.core.errors import InvalidShock, UnknownLabel, nearest
from entrepot.economy.economy import Economy

SMALLEST_FACTOR = 1e-3
BySector = float | Mapping[str, float]
"""One number for all sectors, or one by code for each; sectors left out have none (0)."""


def _values(dial: BySector) -> list[Any]:
    return list(dial.values()) if isinstance(dial, Mapping) else [dial]


LONG_RUN, YEARS_2_3 = "long run", "years 2 to 3"
"""Horizons for which there is evidence: seven years or more, and two to three (docs/backtests.md)."""


@dataclass(frozen=True)
class Model:
    """One published model: a name for a set of dials.

    Attributes
    ----------
    name
        What ``model=`` and ``--model`` take.
    label
        In one to four words, for the titles of columns.
    title, paper
        In a few words; where it was published.
    question
        What it is for.
    horizon
        When its results hold: in the long run, seven years or more, or two to three years on (docs/backtests.md).
    inputs
        Whether sectors buy inputs from each other; without, value added carries the whole of output.
    one_sector
        Whether all sectors are merged into one.
    rho, mu, eta
        Elasticities of substitution: between value added and the bundle of inputs, among inputs, among goods in final
        demand. 1 is Cobb-Douglas, 0 fixed proportions.
    scale_share
        Scale economies as a share of what a love of variety implies (Krugman 1980): psi = scale_share / theta.
    psi
        Scale economies themselves, per cent of productivity per per cent of scale; by sector or one number.
    specific_share
        Share of value added that is paid to factors tied to their sector, between 0 and 1; by sector or one number.
    theta_factor
        What trade elasticities are multiplied with.
    incomes_held
        Whether nominal output and spending stay those of the base year while prices move: not an equilibrium of
        incomes. Only without inputs, and for comparison with programs that compute this.
    """

    name: str
    label: str
    title: str
    paper: str
    question: str
    horizon: str = LONG_RUN
    inputs: bool = True
    one_sector: bool = False
    rho: float = 1.0
    mu: float = 1.0
    eta: float = 1.0
    scale_share: float = 0.0
    psi: BySector = 0.0
    specific_share: BySector = 0.0
    theta_factor: float = 1.0
    incomes_held: bool = False

    def __post_init__(self) -> None:
        for name in ("inputs", "one_sector", "incomes_held"):
            if not isinstance(getattr(self, name), bool):
                raise InvalidShock(f"model {self.name}: found {name} = {getattr(self, name)}; give true or false")
        for name in ("rho", "mu", "eta"):
            self._refuse(name, getattr(self, name), 0, math.inf, "an elasticity of substitution is not negative")
        self._refuse("scale_share", self.scale_share, 0, 1, "above 1 the equilibrium is not unique")
        self._refuse("theta_factor", self.theta_factor, SMALLEST_FACTOR, math.inf, "elasticities stay positive")
        for one in _values(self.psi):
            self._refuse("psi", one, 0, math.inf, "productivity does not fall with scale in this model")
        for one in _values(self.specific_share):
            self._refuse("specific_share", one, 0, 1, "it is a share of value added")
        extras = any(_values(self.psi) + _values(self.specific_share)) or self.scale_share
        if self.incomes_held and (self.inputs or extras):
            raise InvalidShock(
                f"model {self.name}: incomes_held is for models without inputs, scale or tied factors; set inputs=False"
            )
        if self.scale_share and any(_values(self.psi)):
            raise InvalidShock(f"model {self.name}: psi and scale_share both give scale economies; set one of them")

    def _refuse(self, dial: str, value: object, least: float, most: float, why: str) -> None:
        found = f"model {self.name}: found {dial} = {value}"
        if isinstance(value, Mapping):
            raise InvalidShock(f"{found}; this dial is not by sector; give one number")
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise InvalidShock(f"{found}; give a number")
        if not least <= float(value) <= most or math.isinf(float(value)):
            bounds = f"at least {least:g}" if math.isinf(most) else f"between {least:g} and {most:g}"
            raise InvalidShock(f"{found}; {why}; give a number {bounds}")

    def base(self, economy: Economy) -> Economy:
        """Return the economy as this model sees it, or raise InvalidShock where a dial does not fit it."""
        if self.one_sector and len(economy.sectors) > 1:
            economy = economy.without_inputs() if not self.inputs and economy.closed else economy
            economy = economy.aggregate(sectors=dict.fromkeys(economy.sectors, "all"))
        elif not self.inputs:
            economy = economy.without_inputs()
        if self.theta_factor != 1:
            economy = economy.with_theta(economy.theta * self.theta_factor)
        self._require_unique(economy)
        return economy

    def _require_unique(self, economy: Economy) -> None:
        """Raise InvalidShock where scale economies are too strong (Kucheryavyy, Lyn and Rodríguez-Clare 2023).

        Their bound is for models without input links; with them `stability` looks at the equilibrium itself.
        """
        strength = self.scale(economy) * economy.theta.values
        limit = 1 + 1e-12 if len(economy.sectors) == 1 else 1 - 1e-12
        for sector, one in zip(economy.sectors, strength, strict=True):
            if one > limit:
                raise InvalidShock(
                    f"model {self.name}: psi times theta is {one:.3g} in sector {sector}; the equilibrium is unique "
                    "below 1 only (with a single sector also at 1): lower scale_share, psi or theta"
                )

    def scale(self, economy: Economy) -> np.ndarray:
        """Return psi [sector]."""
        if self.scale_share:
            return np.asarray(self.scale_share / economy.theta.values)
        return _by_sector(self.psi, economy, "psi")

    def tied(self, economy: Economy) -> np.ndarray:
        """Return the share of value added that is paid to factors tied to their sector [sector]."""
        return _by_sector(self.specific_share, economy, "specific_share")

    @property
    def dials(self) -> dict[str, Any]:
        """The dials that differ from their neutral setting, by name."""
        neutral = {one.name: one.default for one in fields(self)}
        return {name: getattr(self, name) for name in DIALS if getattr(self, name) != neutral[name]}


DESCRIPTIONS = ("name", "label", "title", "paper", "question", "horizon")
DIALS = tuple(one.name for one in fields(Model) if one.name not in DESCRIPTIONS)

_ALL = (
    Model(
        "caliendo_parro",
        "input-output links",
        "many sectors with input-output links",
        "Caliendo and Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of Economic Studies 82",
        "Tariffs and trade costs in the long run, supply chains included: the default",
    ),
    Model(
        "multi_sector",
        "no input links",
        "many sectors without input links",
        "Costinot and Rodríguez-Clare (2014), Trade theory with numbers, Handbook of International Economics 4",
        "What do input links add? Compare with the default",
        inputs=False,
    ),
    Model(
        "armington",
        "one sector",
        "one sector, no inputs",
        "Anderson and van Wincoop (2003), Gravity with gravitas, American Economic Review 93; the same equations as "
        "Eaton and Kortum (2002), Econometrica 70",
        "Aggregate trade and structural gravity; comparisons with one-sector programs",
        inputs=False,
        one_sector=True,
    ),
    Model(
        "conditional_gravity",
        "incomes held",
        "one sector, nominal output and spending of the base year",
        "Anderson and van Wincoop (2003), American Economic Review 93, with incomes held in the multilateral "
        "resistances, as the program gegravity 0.3 does (Herman 2021, USITC Working Paper 2021-04-B)",
        "Only to compare with gravity programs: changes in incomes are left out",
        inputs=False,
        one_sector=True,
        incomes_held=True,
    ),
    Model(
        "krugman",
        "economies of scale",
        "many sectors with input links and economies of scale",
        "Krugman (1980), American Economic Review 70; Kucheryavyy, Lyn and Rodríguez-Clare (2023), Grounded by "
        "gravity, American Economic Journal: Macroeconomics 15",
        "Where industries gain from being large: home markets, clusters, industrial policy",
        scale_share=0.5,
    ),
    Model(
        "years_2_3",
        "years 2 to 3",
        "factors tied to their sector, little substitution",
        "Boehm, Levchenko and Pandalai-Nayar (2023), The long and short (run) of trade elasticities, American Economic "
        "Review 113; Atalay (2017), How important are sectoral shocks?, American Economic Journal: Macroeconomics 9",
        "Two to three years on: little substitution, factors tied to their sectors",
        horizon=YEARS_2_3,
        rho=0.5,
        mu=0.1,
        specific_share=1.0,
        theta_factor=0.38,
    ),
    Model(
        "nested_ces",
        "CES substitution",
        "many sectors with input links, substitution as given",
        "Baqaee and Farhi (2024), Networks, barriers, and trade, Econometrica 92",
        "How much do the elasticities of substitution in production and demand matter? Set rho, mu and eta",
        rho=0.5,
        mu=0.2,
        eta=0.9,
    ),
)
MODELS = {model.name: model for model in _ALL}
DEFAULT = "caliendo_parro"


def model(model: "str | Model", **dials: Any) -> Model:
    """Return a model by name, some of its dials set otherwise.

    Parameters
    ----------
    model
        A name (`MODELS`), or a model already made.
    dials
        Any of ``inputs, one_sector, rho, mu, eta, scale_share, psi, specific_share, theta_factor, incomes_held``;
        ``psi`` and ``specific_share`` also by sector, as a mapping, Series or DataArray.

    Raises
    ------
    UnknownLabel
        No such model or dial, with the nearest ones.
    InvalidShock
        A dial without economic meaning.
    """
    if isinstance(model, str):
        if model not in MODELS:
            raise UnknownLabel(f"no model {model!r}{nearest(model, list(MODELS))}; choose {', '.join(MODELS)}")
        model = MODELS[model]
    if not isinstance(model, Model):
        raise UnknownLabel(f"found {type(model).__name__}; give the name of a model, or one from entrepot.model()")
    for dial in dials:
        if dial not in DIALS:
            raise UnknownLabel(f"no dial {dial!r}{nearest(dial, DIALS)}; choose {', '.join(DIALS)}")
    return replace(model, **{dial: _plain(value) for dial, value in dials.items()})


def _plain(value: Any) -> Any:
    """Return numbers by sector, labelled in whatever way, as a mapping."""
    if isinstance(value, xr.DataArray):
        value = value.to_series()
    return {str(code): float(one) for code, one in value.items()} if isinstance(value, pd.Series) else value


def _by_sector(dial: BySector, economy: Economy, name: str) -> np.ndarray:
    if not isinstance(dial, Mapping):
        return np.full(len(economy.sectors), float(dial))
    for sector in dial:
        if sector not in economy.sectors:
            hint = nearest(sector, list(economy.sectors), list(economy.sectors.values()))
            raise UnknownLabel(f"{name}: unknown sector {sector!r}{hint}; `entrepot economies` lists them")
    return np.array([float(dial.get(sector, 0.0)) for sector in economy.sectors])
