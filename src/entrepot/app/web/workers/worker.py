"""A process that computes: errands come in over a pipe, progress and replies go back."""

import os
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from typing import Any

from entrepot.app.web.messages.error_schema import FAILED, TOO_DEEP, Refused, told_of
from entrepot.core.errors import EntrepotError

READY, PROGRESS, DONE, TOLD = "ready", "progress", "done", "told"
ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""Several processes share the cores; threads of each would only stand in each other's way."""


def work(connection: Connection, warm: bool) -> None:
    """Do one errand after another until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the server decides
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {ONE_THREAD}".strip()
    from entrepot.app.web import tasks

    if warm:
        tasks.warm()
    try:
        connection.send((READY, None))
        while True:
            kind, asked = connection.recv()
            connection.send(_outcome(tasks.TASKS[kind], asked, connection))
    except (EOFError, OSError):
        return  # the server is gone


def _outcome(task: Any, asked: Any, connection: Connection) -> tuple[str, Any]:
    def progress(**said: object) -> None:
        connection.send((PROGRESS, said))

    try:
        return DONE, task(asked, progress)
    except Refused as error:
        return TOLD, error.told
    except EntrepotError as error:
        return TOLD, told_of(error)
    except RecursionError:
        return TOLD, TOO_DEEP
    except OSError:
        raise
    except Exception:  # one errand must not end the process; what it was stands in the log
        traceback.print_exc(file=sys.stderr)
        return TOLD, FAILED
