"""Shared state of a server: worker pools, response cache, jobs."""

from typing import Any

from entrepot.app.web.limits import Limits
from entrepot.app.web.messages.cache_key import cache_key
from entrepot.app.web.messages.payload import Payload
from entrepot.app.web.workers.cache import Cache
from entrepot.app.web.workers.jobs import Jobs
from entrepot.app.web.workers.pool import Pool


class Service:
    """Worker pools, response cache and jobs of one server."""

    def __init__(self, workers: int, limits: Limits, *, tasks_module: str) -> None:
        """Start `workers` processes for requests; one further process, for jobs, starts with the first job."""
        self.limits = limits
        self.cache = Cache(limits.cache)
        self.pool = Pool(workers, limits.waiting, tasks_module=tasks_module, eager=True)
        self.job_pool = Pool(1, limits.jobs_waiting + 1, tasks_module=tasks_module, eager=False, background=True)
        self.jobs = Jobs(self.job_pool, self.cache, limits)
        self.stopping = False

    async def run(self, kind: str, request: Any) -> Payload:
        """Return the result of a request, from the cache or computed.

        Raises
        ------
        RequestRejected
            The request is invalid, or the server is busy or shutting down.
        """
        content = request.model_dump(mode="json") if hasattr(request, "model_dump") else request
        key = cache_key(kind, content)
        seconds = self.limits.download_seconds if kind == "download" else self.limits.seconds
        return await self.cache.get_or_compute(key, lambda: self.pool.run(kind, request, seconds))

    async def stop(self) -> None:
        """Let running jobs finish within the grace period, then cancel them."""
        self.stopping = True
        await self.jobs.stop(self.limits.grace)

    def close(self) -> None:
        """End all processes."""
        self.pool.close()
        self.job_pool.close()
