"""Hold the model against what happened: observed and predicted changes of an event, with naive predictions beside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from entrepot.core.dims import DESTINATION, ORIGIN, SECTOR
from entrepot.core.errors import InvalidDocument
from entrepot.data import shipped
from entrepot.data.store import read_parquet
from entrepot.economy.load import trade_of_year
from entrepot.policy.selection import label_resolver
from entrepot.study.backtests.agreements import agreement_rows
from entrepot.study.backtests.event import Claim, Event, RateKind, Series, load_event
from entrepot.study.backtests.frozen import outcome_rows, predictions
from entrepot.study.backtests.predictions import economy_of, growth, of_importer
from entrepot.study.backtests.scores import Scores, scores

OBSERVED = ["event", "source", "importer", "origin", "sector", "from", "to", "value_from", "value_to", "imports_from",
            "imports_to"]  # fmt: skip
ROWS = ["series", "to", "rates", "variant", "what", "base", "weight", "observed", "predicted"]
KEYS = ["series", "to", "rates", "variant"]
NO_CHANGE, PROPORTIONAL = "no change", "proportional"
SERVICES = "SERVICES"


@dataclass(frozen=True, eq=False)
class ClaimOutcome:
    """What became of a claim."""

    claim: Claim
    values: tuple[float, ...]
    outcome: str  # holds or fails


@dataclass(frozen=True, eq=False)
class Backtest:
    """An event held against predictions.

    Attributes
    ----------
    event
        The event.
    rows
        One row an observation and prediction: ``series, to, rates, variant, what`` (sector, origin, buyer or flow),
        ``base, weight, observed, predicted``; changes in points of a share (in log points for agreements).
    scores
        One row a series, year, kind of rates and variant, naive predictions among them, with the fields of `Scores`.
    verdicts
        One for each claim of the event.
    """

    event: Event
    rows: pd.DataFrame
    scores: pd.DataFrame
    verdicts: tuple[ClaimOutcome, ...]

    @property
    def awaiting(self) -> bool:
        """Whether predictions wait for their outcomes."""
        return self.event.design == "frozen" and not len(self.rows)


def backtest(name_or_path: str | Path | Event, outcomes: Path | None = None) -> Backtest:
    """Return an event held against the model's predictions.

    Parameters
    ----------
    name_or_path
        ``entrepot backtest`` lists the shipped events; a YAML file; or an event.
    outcomes
        For frozen predictions, a file of outcomes (see :func:`entrepot.study.backtests.frozen.outcome_rows`); left out,
        the outcomes are awaited, and there are no rows and no scores.

    Raises
    ------
    InputError
        Nothing of that name, an event that makes no sense, or no outcomes of a year that it names.
    """
    event = name_or_path if isinstance(name_or_path, Event) else load_event(name_or_path)
    if event.design == "frozen":
        if outcomes is None:
            predictions(event)  # the file must be the one that was frozen
            return Backtest(event, pd.DataFrame(columns=ROWS), pd.DataFrame(columns=[*KEYS, *Scores._fields]), ())
        rows = pd.concat(list(outcome_rows(event, outcomes)), ignore_index=True)[ROWS]
        return Backtest(event, rows, _scored(rows), ())
    if outcomes is not None:
        raise InvalidDocument(f"{event.name}: its outcomes are shipped; only frozen predictions take others")
    made: dict[str, Callable[[Event], Iterator[pd.DataFrame]]] = {
        "share": _shares, "diversion": _diversion, "buyers": _buyers, "agreements": agreement_rows,
    }  # fmt: skip
    rows = pd.concat(list(made[event.design](event)), ignore_index=True)[ROWS]
    table = _scored(rows)
    return Backtest(event, rows, table, tuple(verdict_on(claim, table, rows) for claim in event.claims))


def _cases(event: Event) -> Iterator[tuple[Series, int, RateKind]]:
    """Yield every series, year and kind of rates."""
    assert event.observed is not None
    kinds: list[RateKind] = ["statutory"]
    if event.duties is not None and event.duties.collected:
        kinds.append("collected")
    for series in event.observed.series:
        for year in series.to:
            for kind in kinds:
                yield series, year, kind


def _outcomes(event: Event, series: Series, year: int) -> pd.DataFrame:
    """Return what the importer bought in the base year and in another, one row an origin and sector of goods."""
    assert event.observed is not None
    table = read_parquet(shipped.path_of("observed", event.observed.table), OBSERVED)
    mine = table[
        (table["event"] == event.observed.event) & (table["source"] == series.source) & (table["to"] == year)
        & (table["from"] == event.observed.base) & (table["importer"] == event.importer) & (table["sector"] != SERVICES)
    ]  # fmt: skip
    if not len(mine):
        raise InvalidDocument(f"{event.name}: no outcomes of {series.source} for {year}; correct `observed`")
    return mine


def _shares(event: Event) -> Iterator[pd.DataFrame]:
    """Yield the change in an origin's share of imports by sector."""
    for series, year, kind in _cases(event):
        found = _outcomes(event, series, year)
        sectors = found.groupby("sector")[["imports_from", "imports_to"]].first()
        own = found[found["origin"] == event.origin].set_index("sector").reindex(sectors.index)
        base, after = (
            (
                own[f"value_{end}"].fillna(0) / sectors[f"imports_{end}"].where(sectors[f"imports_{end}"] > 0, 1)
            ).to_numpy()
            for end in ("from", "to")
        )
        for variant, choice in event.variants.items():
            growths = of_importer(
                growth(event, choice, kind, series.duties_of or year), economy_of(event.economy, choice).trade,
                event.importer or "",
            )  # fmt: skip
            said = growths[growths["origin"] == event.origin].set_index("sector").reindex(sectors.index)
            left, rest = base * said["growth"].to_numpy(), (1 - base) * said["others"].to_numpy()
            share = left / np.where(left + rest > 0, left + rest, 1)
            yield _rows(series, year, kind, variant, sectors.index, base, sectors["imports_from"], after, share)
        yield _rows(series, year, kind, NO_CHANGE, sectors.index, base, sectors["imports_from"], after, base)


def _diversion(event: Event) -> Iterator[pd.DataFrame]:
    """Yield the change in the share of every other origin in imports of goods, sectors weighted as in the base year."""
    for series, year, kind in _cases(event):
        found = _outcomes(event, series, year)
        sectors = found.groupby("sector")[["imports_from", "imports_to"]].first()
        weight = (sectors["imports_from"] / sectors["imports_from"].sum()).to_numpy()
        before, after = (
            found.pivot_table(index="origin", columns="sector", values=f"value_{end}", aggfunc="sum", fill_value=0.0)
            .reindex(columns=sectors.index, fill_value=0.0)
            .div(sectors[f"imports_{end}"].where(sectors[f"imports_{end}"] > 0, 1))
            for end in ("from", "to")
        )
        others = before.index.drop(event.origin or "")
        base, observed = (before.loc[others] @ weight).to_numpy(), (after.loc[others] @ weight).to_numpy()
        alike = pd.Series(1.0, index=others)
        for variant, choice in event.variants.items():
            growths = growth(event, choice, kind, series.duties_of or year).sel({DESTINATION: event.importer})
            trade = economy_of(event.economy, choice).trade.sel({DESTINATION: event.importer})
            hats, flows = (
                one.drop_sel({ORIGIN: event.importer}).to_series().unstack(SECTOR) for one in (growths, trade)
            )
            unnamed = flows.index.difference(before.index)
            apart = flows.loc[unnamed]
            after_apart, before_apart = (one.to_numpy().sum(axis=0) for one in (apart * hats.loc[unnamed], apart))
            rest = pd.Series(after_apart / np.maximum(before_apart, 1e-9), index=apart.columns)
            kept = before * hats.reindex(index=before.index, columns=before.columns).fillna(1.0)
            whole = kept.sum() + (1 - before.sum()).clip(lower=0) * rest.reindex(before.columns)
            said = kept.div(whole.where(whole > 0, 1.0)).loc[others] @ weight
            yield _rows(series, year, kind, variant, others, base, alike, observed, said.to_numpy())
        lost = before.loc[event.origin] - after.loc[event.origin]
        naive = (before.loc[others] * (1 + lost / (1 - before.loc[event.origin]).clip(lower=1e-9))) @ weight
        yield _rows(series, year, kind, NO_CHANGE, others, base, alike, observed, base)
        yield _rows(series, year, kind, PROPORTIONAL, others, base, alike, observed, naive.to_numpy())


def _buyers(event: Event) -> Iterator[pd.DataFrame]:
    """Yield the change in each remaining buyer's share of what an origin sells to those who still buy."""
    for series, year, kind in _cases(event):
        economy = economy_of(event.economy, 1.0)
        lost = label_resolver(economy, {}).countries.resolve(event.lost or ())
        still = [code for code in economy.countries if code not in lost and code != event.origin]
        chosen = {ORIGIN: event.origin, SECTOR: list(event.sectors)}
        sold = economy.trade.sel(chosen).sum(SECTOR).sel({DESTINATION: still})
        after = trade_of_year(year)["trade"].sel(chosen).sum(SECTOR).sel({DESTINATION: still}).to_series()
        base = sold.to_series() / float(sold.sum())
        weight = pd.Series(1.0, index=base.index)
        for variant, choice in event.variants.items():
            flows = (
                (economy.trade * growth(event, choice, kind, year)).sel(chosen).sum(SECTOR).sel({DESTINATION: still})
            )
            said = flows.to_series() / float(flows.sum())
            yield _rows(
                series,
                year,
                kind,
                variant,
                base.index,
                base.to_numpy(),
                weight,
                (after / after.sum()).to_numpy(),
                said.to_numpy(),
            )
        yield _rows(
            series,
            year,
            kind,
            NO_CHANGE,
            base.index,
            base.to_numpy(),
            weight,
            (after / after.sum()).to_numpy(),
            base.to_numpy(),
        )


def _rows(
    series: Series, year: int, kind: RateKind, variant: str, what: Sequence[str] | pd.Index, base: np.ndarray,
    weight: pd.Series, observed: np.ndarray, predicted: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """Return rows with changes in points of a share."""
    return pd.DataFrame(
        {
            "series": series.name, "to": year, "rates": kind, "variant": variant, "what": list(what),
            "base": 100 * base, "weight": weight.to_numpy(), "observed": 100 * (observed - base),
            "predicted": 100 * (predicted - base),
        }
    )  # fmt: skip


def _scored(rows: pd.DataFrame) -> pd.DataFrame:
    found = []
    for key, mine in rows.groupby(KEYS, sort=False):
        got: Scores = scores(*(mine[name].to_numpy(float) for name in ("observed", "predicted", "weight", "base")))
        found.append({**dict(zip(KEYS, key, strict=True)), **got._asdict()})
    return pd.DataFrame(found)


def verdict_on(claim: Claim, table: pd.DataFrame, rows: pd.DataFrame) -> ClaimOutcome:
    """Return what became of a claim: it holds where every score of its years, series and rates does.

    For a slope, where the interval holds 1 in most of them.
    """
    mine = _chosen(claim, table, claim.variant)
    good: pd.Series
    if claim.score == "factor":
        one = _chosen(claim, rows, claim.variant)
        one = one[one["what"] == claim.what]
        values = (one["base"] + one["observed"]) / (one["base"] + one["predicted"])
        good = values.between(0.5, 2.0)
    elif claim.score == "against_proportional":
        keys = ["series", "to", "rates"]
        naive = _chosen(claim, table, PROPORTIONAL).set_index(keys)["correlation"]
        values = mine.set_index(keys)["correlation"] - naive
        good = values > 0
    else:
        values = mine[claim.score]
        good = {
            "error": values < 1, "signs": values > 0.5, "correlation_log": values > 0,
            "slope": (mine["slope_low"] <= 1) & (mine["slope_high"] >= 1),
        }[claim.score]  # fmt: skip
    if not len(values):
        raise InvalidDocument(f"claim {claim.id}: no scores of these years and series; correct it")
    holds = good.mean() > 0.5 if claim.score == "slope" else good.all()
    return ClaimOutcome(claim, tuple(float(value) for value in values), "holds" if bool(holds) else "fails")


def _chosen(claim: Claim, table: pd.DataFrame, variant: str) -> pd.DataFrame:
    mine = table[(table["variant"] == variant) & table["to"].isin(claim.years)]
    mine = mine[mine["series"].isin(claim.series)] if claim.series else mine
    return mine[mine["rates"].isin(claim.rates)] if claim.rates else mine
