"""The command that serves the desk."""

from typing import Annotated

import typer

from entrepot.core.errors import InputError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Where to listen; another than loopback needs --public.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="On which port; 0 for any that is free.")] = 8765,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that compute; left out, one a core, four at most.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Let other machines ask. There is no login: put a proxy in front.")
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=1, help="That one answer may take; jobs may take 30 times as long.")
    ] = 30.0,
    waiting: Annotated[int, typer.Option(min=1, help="Requests that may wait; more are told to come again.")] = 128,
) -> None:
    """Serve the desk: the web page and the API, on this machine only unless told otherwise.

    It only reads: nothing that is asked is stored on a disk. The address is printed when it answers; Ctrl-C finishes
    what runs, or calls it off after a few seconds. Logs are JSON, one line a request, on standard error.

    Example: entrepot serve --port 8765 --workers 2
    """
    if host not in LOOPBACK and not public:
        raise InputError(f"--host {host} lets other machines ask, and there is no login; add --public if that is meant")
    from entrepot.app.web.http.server import run
    from entrepot.app.web.limits import Limits

    run(host, port, workers, Limits(seconds=seconds, job_seconds=30 * seconds, waiting=waiting))
