"""What the desk consists of: processes, answers that are kept, jobs, counts."""

from typing import Any

from entrepot.app.web.http.metrics import Metrics
from entrepot.app.web.limits import Limits
from entrepot.app.web.messages.responses import Reply
from entrepot.app.web.workers.cache import Cache, key_of
from entrepot.app.web.workers.jobs import Jobs
from entrepot.app.web.workers.pool import Pool


class Service:
    """One server's desk."""

    def __init__(self, workers: int, limits: Limits) -> None:
        """Start `workers` processes that answer; one more, for jobs, begins with the first job."""
        self.limits = limits
        self.cache = Cache(limits.cache)
        self.metrics = Metrics()
        self.pool = Pool(workers, limits.waiting, at_once=True)
        self.job_pool = Pool(1, limits.jobs_waiting + 1, at_once=False)
        self.jobs = Jobs(self.job_pool, self.cache, limits)
        self.stopping = False

    async def answer(self, kind: str, asked: Any) -> Reply:
        """Return the answer to a question: the one that is kept, or a new one.

        Raises
        ------
        Refused
            It cannot be answered, or not now.
        """
        content = asked.model_dump(mode="json") if hasattr(asked, "model_dump") else asked
        key = key_of(kind, content)
        return await self.cache.answer(key, lambda: self.pool.run(kind, asked, self.limits.seconds))

    async def stop(self) -> None:
        """Let jobs finish or call them off, as long as grace lasts."""
        self.stopping = True
        await self.jobs.stop(self.limits.grace)

    def close(self) -> None:
        """End the processes."""
        self.pool.close()
        self.job_pool.close()
