"""The command that serves the desk."""

from typing import Annotated

import typer

from entrepot.core.errors import InputError
from entrepot.core.extras import require

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    host: Annotated[
        str, typer.Option(help="Network address to listen on; addresses other than loopback need --public.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any free port.")] = 8765,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Number of worker processes; default: one per core, at most four."),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Accept connections from other machines. There is no login: use a reverse proxy."
        ),
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=1, help="Timeout of a request in seconds; jobs have 30 times as long.")
    ] = 30.0,
    waiting: Annotated[
        int,
        typer.Option(min=1, help="Maximum queued requests; beyond it the server answers 503 with Retry-After."),
    ] = 128,
) -> None:
    """Serve the desk: web pages and a JSON API.

    The server listens on this machine only, unless --host and --public are given, and stores nothing on disk. The
    address is printed when the server is ready. Ctrl-C waits a few seconds for running requests, then cancels them.
    Logs are JSON, one line per request, on standard error.

    Example: entrepot serve --port 8765 --workers 2
    """
    if host not in LOOPBACK and not public:
        raise InputError(
            f"--host {host} accepts connections from other machines, and there is no login; add --public to allow them"
        )
    require("desk")
    from entrepot.app.web.http.server import run
    from entrepot.app.web.limits import Limits

    run(host, port, workers, Limits(seconds=seconds, job_seconds=30 * seconds, waiting=waiting))
