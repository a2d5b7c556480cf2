"""Cache keys: equal requests have equal keys, whatever the order of their fields."""

import hashlib
import json
from typing import Any

from entrepot.app.web.messages.error_schema import TOO_DEEP, ErrorInfo, RequestRejected
from entrepot.core.version import package_version

_INVALID_TEXT = ErrorInfo(422, "invalid_text", ("the text has a lone surrogate, which is half a character; remove it",))


def cache_key(kind: str, content: Any) -> str:
    """Return the hash of a request: task, content, and version of the package.

    Raises
    ------
    RequestRejected
        The content is nested too deeply or is not valid text.
    """
    try:
        text = json.dumps([package_version(), kind, content], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()
    except RecursionError:
        raise RequestRejected(TOO_DEEP) from None
    except (UnicodeEncodeError, TypeError):
        raise RequestRejected(_INVALID_TEXT) from None
