"""Work on all cores of one machine: a few questions ahead of the reader, answers in the order of the questions."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from entrepot.core.errors import InputError

Item = TypeVar("Item")
Output = TypeVar("Output")


def ordered_map(
    questions: Iterable[Item], answer: Callable[[Item], Output], workers: int | None
) -> Iterator[tuple[Item, Output]]:
    """Yield each question with its answer, in their order; threads, because the solver lets go of the interpreter.

    Parameters
    ----------
    questions
        A generator is read as the work goes on, two questions a worker ahead and no more.
    answer
        Called in threads.
    workers
        Answers at a time; None for one a core.
    """
    count = cores() if workers is None else workers
    ahead: deque[tuple[Item, Future[Output]]] = deque()
    with ThreadPoolExecutor(count) as pool:
        try:
            for question in questions:
                ahead.append((question, pool.submit(answer, question)))
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
