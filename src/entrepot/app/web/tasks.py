"""Task functions of the worker processes, by kind."""

from typing import Any

from entrepot.app.web.api import answers, catalogue, job_tasks
from entrepot.app.web.desk import downloads, job_fragments, pages
from entrepot.app.web.desk.url_state import DEFAULT_CASE
from entrepot.app.web.messages.payload import Payload, TaskProgress, json_payload
from entrepot.app.web.messages.requests import SolveRequest
from entrepot.app.web.workers.worker import TaskFunction


def _job(kind: str) -> TaskFunction:
    """Return the task of a job: its JSON document with its HTML fragment."""

    def task(request: Any, progress: TaskProgress) -> Payload:
        result = job_tasks.JOBS[kind](request, progress)
        return json_payload(result.document, fragment=job_fragments.FRAGMENTS[kind](request, result))

    return task


TASKS: dict[str, TaskFunction] = {
    "check": answers.check,
    "solve": answers.solve,
    "sensitivity": answers.sensitivity,
    "catalogue": catalogue.catalogue,
    "statement": catalogue.statement,
    "desk_page": pages.desk,
    "statements_page": pages.statements,
    "download": downloads.download,
    **{f"job:{kind}": _job(kind) for kind in job_tasks.JOBS},
}


def warm_up() -> None:
    """Load and compile what the first request needs: the default economy, model and map."""
    answers.solve(SolveRequest(scenario=DEFAULT_CASE), lambda **_: None)
    pages.desk("", lambda **_: None)
