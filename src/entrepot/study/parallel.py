"""An ordered parallel map over threads, a few items ahead of the reader."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from entrepot.core.errors import InputError

Item = TypeVar("Item")
Output = TypeVar("Output")


def ordered_map(
    items: Iterable[Item], function: Callable[[Item], Output], workers: int | None
) -> Iterator[tuple[Item, Output]]:
    """Yield each item with its result, in order; threads, because the solver releases the interpreter lock.

    Parameters
    ----------
    items
        A generator is read as the work goes on, two items a worker ahead and no more.
    function
        Called in threads.
    workers
        Calls at a time; None for one a core.
    """
    count = cores() if workers is None else workers
    ahead: deque[tuple[Item, Future[Output]]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for item in items:
                ahead.append((item, pool.submit(function, item)))
                if len(ahead) > 2 * count:
                    first, future = ahead.popleft()
                    yield first, future.result()
            while ahead:
                first, future = ahead.popleft()
                yield first, future.result()
        finally:
            for _, future in ahead:
                future.cancel()


def checked(workers: object) -> int | None:
    """Return a number of workers, None for one a core, or raise InputError."""
    if workers is None:
        return None
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InputError(f"found workers={workers!r}; give a whole number of 1 or more")
    return workers


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
