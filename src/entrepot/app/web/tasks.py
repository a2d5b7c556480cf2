"""What the processes that compute can do: each takes a question and brings back a reply."""

from collections.abc import Callable
from typing import Any

from entrepot.app.web import answers, catalogue, downloads, job_tasks, pages
from entrepot.app.web.replies import Reply
from entrepot.app.web.requests import SolveRequest

Task = Callable[[Any, Callable[..., None]], Reply]

TASKS: dict[str, Task] = {
    "check": answers.check,
    "solve": answers.solve,
    "sensitivity": answers.sensitivity,
    "catalogue": catalogue.catalogue,
    "statements": catalogue.statements,
    "page": pages.desk,
    "statements_page": pages.statements,
    "download": downloads.download,
    **{f"job:{kind}": task for kind, task in job_tasks.KINDS.items()},
}


def warm() -> None:
    """Compile and read what the first question would wait for: the default economy, model and map."""
    from entrepot.app.web.address import CASE

    answers.solve(SolveRequest(scenario=CASE), lambda **_: None)
    pages.desk("", lambda **_: None)
