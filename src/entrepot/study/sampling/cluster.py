"""Cases on a Dask cluster: few at a time to each worker; those of one that dies go to another."""

import pickle
import zlib
from collections.abc import Generator, Sequence
from importlib.metadata import version
from typing import Any

from entrepot.core.errors import ClusterLost, InputError
from entrepot.core.extras import imports_of
from entrepot.study.sampling.cases import Case, Study

CASES_AT_ONCE = 8  # a task: about a fifth of a second, which a scheduler's own work hardly lengthens
TASKS_AHEAD = 4  # for each thread of the cluster, so that a million cases do not wait in the scheduler's memory
PATIENCE = 10  # seconds, for a scheduler and its first worker to answer


def on_cluster(study: Study, cases: Sequence[Case], address: str) -> Generator[list[dict[str, Any]], None, None]:
    """Yield rows as workers return them, in any order.

    The study travels once, as a task that any worker can do again: it is not lost with the worker that held it.

    Raises
    ------
    MissingExtra
        Dask is not installed.
    InputError
        Nobody answers at the address, the cluster has no worker or another version of entrepot.
    ClusterLost
        The scheduler is gone, or the same cases ended several workers.
    """
    with imports_of("cluster"):
        from distributed import Client, as_completed
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        why = str(error).splitlines()[0]
        raise InputError(f"no Dask scheduler at {address} ({why}); start one with `dask scheduler`") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise InputError(f"the scheduler at {address} has no worker; start one: dask worker {address}") from None
        # Keys are random (pure=False): two runs at once on one cluster share no task.
        packed = zlib.compress(pickle.dumps(study), 1)
        held = client.submit(_unpacked, packed, version("entrepot"), pure=False)
        waiting = [list(cases[n : n + CASES_AT_ONCE]) for n in range(0, len(cases), CASES_AT_ONCE)][::-1]
        running = as_completed(loop=client.loop)
        try:
            while waiting or not running.is_empty():
                room = TASKS_AHEAD * max(1, sum(client.nthreads().values())) - running.count()
                for _ in range(min(max(room, 1 if running.is_empty() else 0), len(waiting))):
                    running.add(client.submit(_answers, held, waiting.pop(), pure=False))
                yield next(running).result()
        except KilledWorker as error:
            raise ClusterLost(
                f"the same cases ended several workers ({str(error).splitlines()[0][:120]}); give workers more "
                "memory, and run it again: what is in the folder is kept"
            ) from None
        except (FutureCancelledError, OSError) as error:
            raise ClusterLost(
                f"the scheduler at {address} is gone ({type(error).__name__}); run it again: what is in the folder "
                "is kept"
            ) from None


def _unpacked(packed: bytes, wanted: str) -> Study:
    """Return the study; runs on a worker."""
    if version("entrepot") != wanted:
        raise InputError(f"a worker has entrepot {version('entrepot')}, the client {wanted}; install the same on both")
    study: Study = pickle.loads(zlib.decompress(packed))
    return study


def _answers(study: Study, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return the rows of some cases; runs on a worker."""
    return [study.answer(case) for case in cases]
