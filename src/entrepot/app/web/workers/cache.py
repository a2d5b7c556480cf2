"""Answers by the content of their question: what was answered once is not computed again."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from entrepot.app.web.messages.error_schema import TOO_DEEP, Refused, Told
from entrepot.app.web.messages.responses import Reply
from entrepot.core.version import package_version

_UNWRITABLE = Told(422, "invalid_text", ("a text holds half a letter (a lone surrogate); write whole letters",))


def key_of(kind: str, asked: Any) -> str:
    """Return the hash of a question: what is asked, of which economy, under which settings, of which version.

    Raises
    ------
    Refused
        Nested too deeply, or no text.
    """
    try:
        content = json.dumps([package_version(), kind, asked], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(content.encode()).hexdigest()
    except RecursionError:
        raise Refused(TOO_DEEP) from None
    except (UnicodeEncodeError, TypeError):
        raise Refused(_UNWRITABLE) from None


class Cache:
    """Replies by key, the longest unused forgotten first; a question that is being answered is not asked twice."""

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self.hits, self.misses = 0, 0
        self._kept: OrderedDict[str, Reply] = OrderedDict()
        self._coming: dict[str, asyncio.Task[Reply]] = {}

    def get(self, key: str) -> Reply | None:
        """Return what is kept under a key."""
        reply = self._kept.get(key)
        if reply is not None:
            self._kept.move_to_end(key)
        return reply

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply, if it is no more than a tenth of what fits."""
        if self._room(reply) > self.most / 10:
            return
        if key in self._kept:
            self.size -= self._room(self._kept.pop(key))
        self._kept[key] = reply
        self.size += self._room(reply)
        while self.size > self.most:
            self.size -= self._room(self._kept.popitem(last=False)[1])

    async def answer(self, key: str, compute: Callable[[], Awaitable[Reply]]) -> Reply:
        """Return what is kept under a key, or compute it once for all who ask for it at the same time."""
        known = self.get(key)
        if known is not None:
            self.hits += 1
            return known
        self.misses += 1
        if key not in self._coming:
            self._coming[key] = asyncio.ensure_future(self._computed(key, compute))
        # Whoever hangs up leaves the work to the others, and the answer to whoever asks next.
        return await asyncio.shield(self._coming[key])

    async def _computed(self, key: str, compute: Callable[[], Awaitable[Reply]]) -> Reply:
        try:
            reply = await compute()
            self.put(key, reply)
            return reply
        finally:
            del self._coming[key]

    @staticmethod
    def _room(reply: Reply) -> int:
        """Return bytes with half again for the compressed form, which comes later or never."""
        return len(reply.body) + len(reply.page) + len(reply.body) // 2

    def __len__(self) -> int:
        return len(self._kept)
