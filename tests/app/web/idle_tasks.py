"""Tasks of a process that computes nothing, for tests of who starts, feeds and replaces processes."""

from typing import Any

from entrepot.app.web.messages.payload import JSON, Payload

TASKS = {"solve": lambda request, progress: Payload(b"{}", JSON)}


def warm_up() -> Any:
    """Be ready at once."""
