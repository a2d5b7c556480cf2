"""What an errand brings back: bytes that can be sent as they are, and kept."""

import gzip
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

JSON, HTML = "application/json", "text/html; charset=utf-8"
SMALLEST = 1400  # bytes that are worth compressing: below, one packet carries them anyway


@dataclass(frozen=True)
class Reply:
    """An answer: its bytes, what they are, and for jobs the same as a piece of a page."""

    body: bytes
    media: str = JSON
    status: int = 200
    name: str = ""
    """As what it is saved, for downloads."""
    page: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def compressed(self) -> bytes:
        """The bytes as gzip; made once for all who ask for them."""
        return gzip.compress(self.body, compresslevel=5, mtime=0)


def of_json(document: Any, status: int = 200, page: str = "") -> Reply:
    """Return a JSON document; a number that is none has no place in it."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Reply(text.encode(), status=status, page=page)
