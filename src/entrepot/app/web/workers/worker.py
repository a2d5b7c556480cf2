"""Worker process: tasks arrive over a pipe; progress and results go back."""

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from entrepot.app.web.messages.error_schema import INTERNAL, TOO_DEEP, RequestRejected, error_info
from entrepot.app.web.messages.payload import Payload, TaskProgress
from entrepot.core.errors import EntrepotError

TaskFunction = Callable[[Any, TaskProgress], Payload]

READY, PROGRESS, DONE, ERROR = "ready", "progress", "done", "error"
NICENESS = 5
"""Of processes of jobs. At 19 a job gets about 1 % of a core that others use, and runs into its timeout."""
ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""The worker processes share the cores; further threads of each would only compete for them."""


def run_worker(connection: Connection, tasks_module: str, warm: bool, background: bool = False) -> None:
    """Run tasks one after another until the server closes the connection.

    Parameters
    ----------
    connection
        Pipe to the server.
    tasks_module
        Module with the task functions, `TASKS`, and `warm_up()`. It is imported by name, because it loads the numerics,
        which the server process must not.
    warm
        Whether to warm up before the first task.
    background
        Whether to run at lower priority: a page must not wait for a job on a machine with few cores.
    """
    if background and hasattr(os, "nice"):  # Windows has none
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the server handles it
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {ONE_THREAD}".strip()
    tasks = importlib.import_module(tasks_module)
    if warm:
        tasks.warm_up()
    try:
        connection.send((READY, None))
        while True:
            kind, request = connection.recv()
            connection.send(_outcome(tasks.TASKS[kind], request, connection))
    except (EOFError, OSError):
        return  # the server is gone


def _outcome(task: TaskFunction, request: Any, connection: Connection) -> tuple[str, Any]:
    def progress(**state: object) -> None:
        connection.send((PROGRESS, state))

    try:
        return DONE, task(request, progress)
    except RequestRejected as error:
        return ERROR, error.info
    except EntrepotError as error:
        return ERROR, error_info(error)
    except RecursionError:
        return ERROR, TOO_DEEP
    except OSError:
        raise
    except Exception:  # a failed task must not end the process; the traceback goes to the log
        traceback.print_exc(file=sys.stderr)
        return ERROR, INTERNAL
