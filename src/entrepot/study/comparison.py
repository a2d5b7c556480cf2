"""Answers side by side: scenarios, options, models, closures and elasticities as columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from entrepot.core.errors import EntrepotError, InputError, UnknownLabel, nearest
from entrepot.economy.closure import DEFAULT as DEFAULT_CLOSURE
from entrepot.economy.closure import ClosureName
from entrepot.economy.economy import Economy
from entrepot.economy.elasticities import load_elasticities
from entrepot.economy.load import load_economy
from entrepot.equilibrium.derivatives.outcome import Outcome, parse_outcome
from entrepot.equilibrium.model import models
from entrepot.equilibrium.model.models import Model
from entrepot.equilibrium.result import Result
from entrepot.equilibrium.solve import solve
from entrepot.equilibrium.summary.focus import focus_of
from entrepot.policy.load import load_scenario
from entrepot.policy.scenario import Scenario
from entrepot.policy.shock import Shock

SETTINGS = ("economy", "elasticities", "model", "deficits", "on", "parameters", "option", "baseline")
"""What a column may set for itself."""

ColumnQuestion = Scenario | Shock | Result | str | tuple[Any, Mapping[str, Any]]
"""A column: a change, a scenario's name or file, a solved result, or one of the first two with its own settings."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Results side by side.

    Attributes
    ----------
    results
        By the title of the column.
    outcomes
        What rows of `values` are, as texts.
    values
        One row an outcome, one column a title: ratios to the base year, or the unit of the economy; NaN where an
        economy does not have it.
    """

    results: Mapping[str, Result] = field(repr=False)
    outcomes: tuple[str, ...]
    values: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        return f"Comparison({', '.join(self.results)}; {len(self.outcomes)} outcomes)"

    def _repr_html_(self) -> str:
        return f"<p>{len(self.results)} answers: change in real income, %</p>{self.countries.round(3).to_html()}"

    @property
    def titles(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.results)

    @property
    def countries(self) -> pd.DataFrame:
        """Change in real income, per cent: one row a country of any economy, one column a title."""
        return pd.DataFrame(
            {title: 100 * (result.real_income_hat.to_series() - 1) for title, result in self.results.items()}
        ).rename_axis("country")

    @property
    def equivalent_variation(self) -> pd.DataFrame:
        """What each change is worth, billions of each economy's currency: one row a country, one column a title."""
        return pd.DataFrame(
            {
                title: result.equivalent_variation.to_series() * result.economy.billions
                for title, result in self.results.items()
            }
        ).rename_axis("country")

    @property
    def names(self) -> dict[str, str]:
        """Names of countries by code."""
        return {code: name for result in self.results.values() for code, name in result.economy.countries.items()}

    @property
    def shown(self) -> pd.DataFrame:
        """The outcomes as reports show them, per cent or billions: one row an outcome, one column a title."""
        return pd.DataFrame(
            {
                title: [
                    float("nan") if pd.isna(value) else self.outcome(str(text), result).in_unit(value, result.economy)
                    for text, value in self.values[title].items()
                ]
                for title, result in self.results.items()
            },
            index=self.values.index,
        )

    def outcome(self, text: str, result: Result | None = None) -> Outcome:
        """Return an outcome by its text, on the labels of a result; left out, of the first that has it."""
        if result is None:
            result = self.results[str(self.values.T[text].dropna().index[0])]
        return parse_outcome(text, result.economy)


def compare(
    columns: Mapping[str, ColumnQuestion] | Sequence[Scenario | str],
    outcomes: Sequence[str] | str | None = None,
    *,
    economy: Economy | None = None,
    model: str | Model = models.DEFAULT,
    deficits: ClosureName = DEFAULT_CLOSURE,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Return several answers side by side.

    Parameters
    ----------
    columns
        By title: a scenario or shock, a scenario's shipped name or file, a solved result, or a pair of one of the first
        two and its own settings, as ``("us-tariffs-world", {"model": "krugman"})``: any of ``economy``,
        ``elasticities``, ``model``, ``deficits``, and ``on``, ``parameters``, ``option``, ``baseline`` of a scenario. A
        sequence of scenarios takes their titles.
    outcomes
        Rows of the second table, as in :meth:`Result.sensitivity`; left out, real incomes, trade, prices and duty of
        the countries that the scenarios are about.
    economy, model, deficits
        As in :func:`entrepot.solve`, where a column does not say otherwise; economy left out, the shipped one.
    progress
        Told the title of what is being solved.

    Raises
    ------
    InputError
        A column that does not fit; says which.
    NotConverged
        A column without equilibrium; says which.
    """
    asked = columns if isinstance(columns, Mapping) else _titled(columns)
    if len(asked) < 2:
        raise InputError(f"found {len(asked)} column{'s' * (len(asked) != 1)}; a comparison needs two or more")
    base = _Base(economy, model, deficits)
    results = {}
    for title, question in asked.items():
        if progress is not None:
            progress(title)
        try:
            results[str(title)] = base.solved(question)
        except EntrepotError as error:
            raise type(error)(f"{title}: {error}") from None
    texts = [outcomes] if isinstance(outcomes, str) else list(outcomes or _asked_by_default(results))
    values = pd.DataFrame(
        {title: [_value(one, text, given=outcomes is not None) for text in texts] for title, one in results.items()},
        index=pd.Index(texts, name="outcome"),
    )  # fmt: skip
    kept = values.dropna(how="all")
    return Comparison(results, tuple(map(str, kept.index)), kept)


class _Base:
    """What columns have in common; economies are read once."""

    def __init__(self, economy: Economy | None, model: str | Model, deficits: ClosureName) -> None:
        self._economy, self._model, self._deficits = economy, model, deficits
        self._read: dict[str, Economy] = {}

    def solved(self, question: ColumnQuestion) -> Result:
        """Return the equilibrium of a column."""
        if isinstance(question, Result):
            return question
        change, settings = question if isinstance(question, tuple) else (question, {})
        for name in settings:
            if name not in SETTINGS:
                raise UnknownLabel(f"no setting {name!r}{nearest(name, SETTINGS)}; choose {', '.join(SETTINGS)}")
        adapted = {name: settings[name] for name in ("on", "parameters", "option", "baseline") if name in settings}
        if not isinstance(change, Scenario | Shock):
            change = load_scenario(change)
        if adapted and isinstance(change, Shock):
            raise InputError(f"found {', '.join(adapted)} for a shock; they adapt scenarios")
        if isinstance(change, Scenario) and adapted:
            change = change.adapted(**adapted)
        return solve(
            self._with_elasticities(self._of(settings.get("economy")), settings.get("elasticities")),
            change,
            model=settings.get("model", self._model),
            deficits=settings.get("deficits", self._deficits),
        )

    def _of(self, economy: Economy | str | None) -> Economy:
        if isinstance(economy, Economy):
            return economy
        if economy is None and self._economy is not None:
            return self._economy
        name = economy or ""
        if name not in self._read:
            self._read[name] = load_economy(economy) if economy else load_economy()
        return self._read[name]

    @staticmethod
    def _with_elasticities(economy: Economy, table: str | None) -> Economy:
        return economy if table is None else economy.with_theta(load_elasticities(table))


def _titled(scenarios: Sequence[Scenario | str]) -> dict[str, ColumnQuestion]:
    """Return scenarios by their titles; where two have the same, by their names."""
    if isinstance(scenarios, str):
        raise InputError(f"found one scenario, {scenarios!r}; a comparison needs two or more")
    loaded = [one if isinstance(one, Scenario) else load_scenario(one) for one in scenarios]
    titles = [one.title for one in loaded]
    named = {one.title if titles.count(one.title) == 1 else one.name: one for one in loaded}
    if len(named) < len(loaded):
        raise InputError("two scenarios have the same title and name; give a mapping with a title for each")
    return dict(named)


def _asked_by_default(results: Mapping[str, Result]) -> list[str]:
    """Return the numbers of the pairs of countries that the results are about, each once."""
    pairs = dict.fromkeys((focus.exporter, focus.importer) for focus in map(focus_of, results.values()))
    texts = [f"real_income:{code}" for code in dict.fromkeys(code for pair in pairs for code in pair)]
    for exporter, importer in pairs:
        texts += [f"trade:{exporter}:{importer}:goods", f"consumer_price:{importer}", f"tariff_revenue:{importer}"]
    return list(dict.fromkeys(texts))


def _value(result: Result, text: str, given: bool) -> float:
    """Return an outcome; NaN where an economy lacks it, unless it was asked for by name."""
    try:
        return result.outcome(text)
    except InputError:
        if given:
            raise
        return float("nan")
