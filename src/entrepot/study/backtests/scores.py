"""How near a prediction came: slope through the origin, error against no change, correlations, Kehoe's regression."""

from typing import NamedTuple

import numpy as np

DRAWS, SEED, TAIL = 2000, 20250821, 5.0


class Scores(NamedTuple):
    """Scores of a prediction; changes in points of a share, weights that add up to one."""

    observed: float  # weighted sum of observed changes
    predicted: float
    slope: float  # of observed on predicted through the origin: 1 is right, below 1 the model exaggerates
    slope_low: float  # 90 % interval by bootstrap over the observations
    slope_high: float
    error: float  # root mean square error over that of no change: below 1 is better than nothing
    correlation: float
    correlation_log: float  # of log changes: who falls most in per cent
    kehoe_intercept: float  # observed on predicted with an intercept
    kehoe_slope: float
    signs: float  # share of observations whose sign is right, unweighted
    observations: int


def scores(observed: np.ndarray, predicted: np.ndarray, weight: np.ndarray, base: np.ndarray | None = None) -> Scores:
    """Return the scores of a prediction.

    Parameters
    ----------
    observed, predicted : [observation]
        Changes in points.
    weight : [observation]
        Positive; scaled to one here.
    base : [observation]
        The share before, in points, for log changes; left out, there are none.
    """
    w = weight / weight.sum()
    slope = _through_origin(observed, predicted, w)
    draw = np.random.default_rng(SEED)
    picks = draw.integers(0, len(w), (DRAWS, len(w)))
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = (w * observed * predicted)[picks].sum(axis=1) / (w * predicted**2)[picks].sum(axis=1)
    low, high = np.nanpercentile(slopes, [TAIL, 100 - TAIL]) if np.isfinite(slope) else (np.nan, np.nan)
    nothing = np.sqrt((w * observed**2).sum())
    error = np.sqrt((w * (observed - predicted) ** 2).sum()) / nothing if nothing > 0 else np.nan
    kehoe_slope = _cov(observed, predicted, w) / max(_cov(predicted, predicted, w), 1e-300)
    intercept = (w * observed).sum() - kehoe_slope * (w * predicted).sum()
    moving = (observed != 0) & (predicted != 0)
    signs = float((np.sign(observed) == np.sign(predicted))[moving].mean()) if moving.any() else np.nan
    return Scores(
        float((w * observed).sum()), float((w * predicted).sum()), slope, float(low), float(high), float(error),
        _correlation(observed, predicted, w), _log_correlation(observed, predicted, w, base),
        float(intercept), float(kehoe_slope), signs, len(w),
    )  # fmt: skip


def _log_correlation(observed: np.ndarray, predicted: np.ndarray, w: np.ndarray, base: np.ndarray | None) -> float:
    if base is None:
        return float("nan")
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log((base + observed) / base), np.log((base + predicted) / base)
    there = np.isfinite(logs[0]) & np.isfinite(logs[1])
    return _correlation(logs[0][there], logs[1][there], w[there]) if there.sum() > 2 else float("nan")


def _through_origin(observed: np.ndarray, predicted: np.ndarray, w: np.ndarray) -> float:
    square = float((w * predicted**2).sum())
    return float((w * observed * predicted).sum()) / square if square > 0 else float("nan")


def _cov(one: np.ndarray, other: np.ndarray, w: np.ndarray) -> float:
    w = w / w.sum()
    return float((w * (one - (w * one).sum()) * (other - (w * other).sum())).sum())


def _correlation(one: np.ndarray, other: np.ndarray, w: np.ndarray) -> float:
    spread = np.sqrt(_cov(one, one, w) * _cov(other, other, w))
    return float(_cov(one, other, w) / spread) if spread > 0 else float("nan")
