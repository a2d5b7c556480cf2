"""The result of a task: bytes that can be sent as they are, and cached."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

JSON, HTML = "application/json", "text/html; charset=utf-8"
MIN_COMPRESSED = 1400  # bytes; a smaller body fits one packet uncompressed

TaskProgress = Callable[..., None]
"""Reports the progress of a task: ``progress(doing="solving", part=0.5)``."""


@dataclass(frozen=True)
class Payload:
    """A result ready to send.

    Attributes
    ----------
    body
        Content, uncompressed.
    media_type
        Media type of the body.
    status
        HTTP status code.
    filename
        Name to save the body as; blank unless it is a download.
    fragment
        HTML fragment with the same result, for the page; blank unless it is a job.
    headers
        Further response headers.
    """

    body: bytes
    media_type: str = JSON
    status: int = 200
    filename: str = ""
    fragment: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def compressed(self) -> bytes:
        """The body as gzip; compressed once and shared by all requests."""
        return gzip.compress(self.body, compresslevel=5, mtime=0)


def json_payload(document: Any, status: int = 200, fragment: str = "") -> Payload:
    """Return a document as JSON.

    Raises
    ------
    ValueError
        The document has a number that JSON cannot express (NaN or infinity).
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Payload(text.encode(), status=status, fragment=fragment)
