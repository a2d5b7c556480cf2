"""Computations of the jobs, by kind.

A new kind of job is a request model in `messages.requests`, a function here, and a fragment in `desk.job_fragments`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import entrepot
from entrepot.app.web.api.answers import wedge_ranking
from entrepot.app.web.api.resolve import requested_scenario, solve_cached, solver_settings
from entrepot.app.web.messages.payload import TaskProgress
from entrepot.app.web.messages.requests import (
    RangeJob,
    SeekJob,
    SensitivityJob,
    SweepJob,
    TradeOffJob,
    UncertaintyJob,
    WhyJob,
)
from entrepot.data import shipped
from entrepot.report.answer import answer_for
from entrepot.study.ensemble import ensemble_of


@dataclass(frozen=True)
class JobResult:
    """Result of a job.

    Attributes
    ----------
    document
        The result as a JSON document.
    value
        The result as the library returned it.
    """

    document: dict[str, Any]
    value: Any


def sensitivity(request: SensitivityJob, progress: TaskProgress) -> JobResult:
    """Rank wedges; the value is the equilibrium at which the derivatives are taken."""
    return JobResult(*wedge_ranking(request, progress))


def sweep(request: SweepJob, progress: TaskProgress) -> JobResult:
    """Solve a scenario on a grid of inputs."""
    _require_shipped(request.over)
    swept = entrepot.sweep(
        scenario=requested_scenario(request), over=request.over, outcomes=request.of, workers=1,
        progress=_count_solved(progress), **solver_settings(request),
    )  # fmt: skip
    return JobResult(answer_for(swept).document(), swept)


def uncertainty(request: UncertaintyJob, progress: TaskProgress) -> JobResult:
    """Draw uncertain inputs and return quantile bands of outcomes."""
    _require_shipped(request.inputs)
    drawn = entrepot.uncertainty(
        scenario=requested_scenario(request), inputs=request.inputs, draws=request.draws, seed=request.seed,
        outcomes=request.of, workers=1, progress=_count_solved(progress), **solver_settings(request),
    )  # fmt: skip
    return JobResult(answer_for(drawn).document(), drawn)


def seek(request: SeekJob, progress: TaskProgress) -> JobResult:
    """Find the values of the unknowns that reach the targets."""
    given = requested_scenario(request) if request.given else None
    progress(doing="searching", part=0.1)
    found = entrepot.seek(unknowns=request.move, targets=request.targets, given=given, **solver_settings(request))
    return JobResult(answer_for(found).document(), found)


def trade_off(request: TradeOffJob, progress: TaskProgress) -> JobResult:
    """Compare the options of a scenario over its parameter."""
    steps = 0

    def count(doing: str) -> None:
        nonlocal steps
        steps += 1
        progress(doing=doing, part=steps / (steps + request.points))  # the number of solves is not known in advance

    compared = entrepot.trade_off(
        scenario=requested_scenario(request), points=request.points, progress=count, **solver_settings(request)
    )
    return JobResult(answer_for(compared).document(), compared)


def range_of(request: RangeJob, progress: TaskProgress) -> JobResult:
    """Solve the members of the standard ensemble."""
    result = solve_cached(request, requested_scenario(request))
    members = ensemble_of(result, request.of, workers=1, progress=_count_solved(progress))
    return JobResult(answer_for(members).document(), members)


def why(request: WhyJob, progress: TaskProgress) -> JobResult:
    """Decompose the change in real income of a country or bloc."""
    progress(doing="decomposing the change", part=0.2)
    reasons = entrepot.why(solve_cached(request, requested_scenario(request)), request.of)
    return JobResult(answer_for(reasons).document(), reasons)


def _count_solved(progress: TaskProgress) -> Callable[[int, int], None]:
    return lambda done, total: progress(doing=f"{done} of {total} solved", part=done / max(total, 1))


def _require_shipped(arguments: Sequence[str]) -> None:
    """Raise UnknownLabel if a study would read a file of elasticities that is not shipped."""
    for argument in arguments:
        kind, _, names = argument.partition("=")
        if kind.strip() == "elasticities" and names:
            for name in names.split("|"):
                shipped.path_of("elasticities", name.strip())


JOBS: dict[str, Callable[[Any, TaskProgress], JobResult]] = {
    "sensitivity": sensitivity,
    "sweep": sweep,
    "trade_off": trade_off,
    "uncertainty": uncertainty,
    "seek": seek,
    "range": range_of,
    "why": why,
}
