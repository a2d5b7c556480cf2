"""Counts and times of a server, as Prometheus reads them."""

import resource
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from entrepot.app.web.workers.jobs import State

if TYPE_CHECKING:
    from entrepot.app.web.http.service import Service

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0, 30.0)
MEDIA = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What is counted by request."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.times: dict[str, list[int]] = {}
        self.total: dict[str, float] = {}
        self.open = 0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        self.requests[method, route, status] += 1
        self.times.setdefault(route, [0] * (len(BUCKETS) + 1))[bisect_left(BUCKETS, seconds)] += 1
        self.total[route] = self.total.get(route, 0.0) + seconds


def text(service: "Service") -> str:
    """Return the page of metrics."""
    metrics, cache, jobs = service.metrics, service.cache, service.jobs
    lines = [
        *_head("entrepot_requests_total", "counter", "Requests answered."),
        *(
            f'entrepot_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
            for (method, route, status), count in sorted(metrics.requests.items())
        ),
        *_head("entrepot_request_seconds", "histogram", "Time to the end of an answer."),
        *(line for route, counts in sorted(metrics.times.items()) for line in _histogram(metrics, route, counts)),
    ]
    usage = resource.getrusage(resource.RUSAGE_SELF)
    gauges = [
        ("entrepot_requests_open", "gauge", "Requests being answered.", metrics.open),
        ("entrepot_cache_hits_total", "counter", "Answers that were kept.", cache.hits),
        ("entrepot_cache_misses_total", "counter", "Answers that had to be computed.", cache.misses),
        ("entrepot_cache_bytes", "gauge", "Bytes of kept answers.", cache.size),
        ("entrepot_cache_answers", "gauge", "Kept answers.", len(cache)),
        ("entrepot_errands_waiting", "gauge", "Errands that wait for a process.", service.pool.waiting),
        ("entrepot_errands_running", "gauge", "Errands being computed.", service.pool.running),
        ("entrepot_processes", "gauge", "Processes that should compute.", service.pool.size),
        ("entrepot_processes_ready", "gauge", "Processes that can.", service.pool.ready),
        ("entrepot_processes_replaced_total", "counter", "Processes ended because an errand took too long or failed.",
         service.pool.restarts + service.job_pool.restarts),
        ("entrepot_streams_open", "gauge", "Streams of events.", jobs.streams),
        ("entrepot_memory_bytes", "gauge", "Largest memory of the process that speaks HTTP.", 1024 * usage.ru_maxrss),
        ("entrepot_cpu_seconds_total", "counter", "Processor time of that process.", usage.ru_utime + usage.ru_stime),
    ]  # fmt: skip
    for name, kind, what, value in gauges:
        lines += [*_head(name, kind, what), f"{name} {value}"]
    lines += _head("entrepot_jobs", "gauge", "Jobs that are not over.")
    lines += [f'entrepot_jobs{{state="{state}"}} {jobs.count(state)}' for state in (State.WAITING, State.RUNNING)]
    lines += _head("entrepot_jobs_ended_total", "counter", "Jobs that are over.")
    lines += [f'entrepot_jobs_ended_total{{state="{state}"}} {count}' for state, count in sorted(jobs.ended.items())]
    return "\n".join(lines) + "\n"


def _head(name: str, kind: str, what: str) -> list[str]:
    return [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]


def _histogram(metrics: Metrics, route: str, counts: list[int]) -> list[str]:
    lines, running = [], 0
    for edge, count in zip([*map(str, BUCKETS), "+Inf"], counts, strict=True):
        running += count
        lines.append(f'entrepot_request_seconds_bucket{{route="{route}",le="{edge}"}} {running}')
    return [
        *lines,
        f'entrepot_request_seconds_sum{{route="{route}"}} {metrics.total[route]:.6f}',
        f'entrepot_request_seconds_count{{route="{route}"}} {running}',
    ]
