"""Metrics of the server for Prometheus."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from entrepot.app.web.workers.jobs import JobState
from entrepot.app.web.workers.service import Service

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0, 30.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # one more series for each counter, of no use here


class Metrics:
    """Request counters of one server, and a page with them and the state of its service."""

    def __init__(self, service: Service) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "entrepot_requests_total", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "entrepot_request_seconds", "Time to the end of the response.", ["route"], buckets=BUCKETS,
            registry=self._registry,
        )  # fmt: skip
        self.open_requests = Gauge("entrepot_requests_open", "Requests in progress.", registry=self._registry)
        self._registry.register(_ServiceCollector(service))
        ProcessCollector(registry=self._registry)  # memory, CPU time and open files; empty where there is no /proc

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def page(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return generate_latest(self._registry)


class _ServiceCollector:
    """Reads the state of a service whenever the metrics are scraped."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of cache, pools and jobs."""
        cache, jobs, pool = self._service.cache, self._service.jobs, self._service.pool
        restarts = pool.restarts + self._service.job_pool.restarts
        rows: list[tuple[Callable[..., Metric], str, str, float]] = [
            (CounterMetricFamily, "cache_hits", "Responses served from the cache.", cache.hits),
            (CounterMetricFamily, "cache_misses", "Responses computed.", cache.misses),
            (GaugeMetricFamily, "cache_bytes", "Size of the response cache in bytes.", cache.size),
            (GaugeMetricFamily, "cache_answers", "Responses in the cache.", len(cache)),
            (GaugeMetricFamily, "tasks_waiting", "Queued tasks.", pool.waiting),
            (GaugeMetricFamily, "tasks_running", "Running tasks.", pool.running),
            (GaugeMetricFamily, "processes", "Configured worker processes.", pool.size),
            (GaugeMetricFamily, "processes_ready", "Worker processes that accept tasks.", pool.ready),
            (CounterMetricFamily, "processes_replaced", "Worker processes replaced after a failure.", restarts),
            (GaugeMetricFamily, "streams_open", "Open event streams.", jobs.streams),
        ]
        for family, name, help_text, value in rows:
            yield family(f"entrepot_{name}", help_text, value=value)
        active = GaugeMetricFamily("entrepot_jobs", "Queued and running jobs.", labels=["state"])
        for state in (JobState.WAITING, JobState.RUNNING):
            active.add_metric([state.value], jobs.count(state))
        ended = CounterMetricFamily("entrepot_jobs_ended", "Finished jobs.", labels=["state"])
        for name, count in sorted(jobs.ended.items()):
            ended.add_metric([name], count)
        yield from (active, ended)
