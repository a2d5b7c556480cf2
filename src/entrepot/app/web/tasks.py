"""What the processes that compute can do: each takes a question and brings back a reply."""

from collections.abc import Callable
from typing import Any

from entrepot.app.web.api import answers, catalogue, job_tasks
from entrepot.app.web.desk import downloads, pages
from entrepot.app.web.messages.requests import SolveRequest
from entrepot.app.web.messages.responses import Reply

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
    from entrepot.app.web.desk.url_state import CASE

    answers.solve(SolveRequest(scenario=CASE), lambda **_: None)
    pages.desk("", lambda **_: None)
