"""Response cache: equal requests are computed once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from entrepot.app.web.messages.payload import Payload


class Cache:
    """Payloads by key with least-recently-used eviction; concurrent requests with one key share one computation."""

    def __init__(self, max_size: int) -> None:
        """Create an empty cache of `max_size` bytes."""
        self.max_size, self.size = max_size, 0
        self.hits, self.misses = 0, 0
        self._entries: OrderedDict[str, Payload] = OrderedDict()
        self._pending: dict[str, asyncio.Task[Payload]] = {}

    def get(self, key: str) -> Payload | None:
        """Return the cached payload of a key, None if there is none."""
        payload = self._entries.get(key)
        if payload is not None:
            self._entries.move_to_end(key)
        return payload

    def put(self, key: str, payload: Payload) -> None:
        """Store a payload unless it is larger than a tenth of the cache."""
        if self._cost(payload) > self.max_size / 10:
            return
        if key in self._entries:
            self.size -= self._cost(self._entries.pop(key))
        self._entries[key] = payload
        self.size += self._cost(payload)
        while self.size > self.max_size:
            self.size -= self._cost(self._entries.popitem(last=False)[1])

    async def get_or_compute(self, key: str, compute: Callable[[], Awaitable[Payload]]) -> Payload:
        """Return the cached payload of a key, or compute it once for all concurrent requests."""
        cached = self.get(key)
        if cached is not None:
            self.hits += 1
            return cached
        self.misses += 1
        if key not in self._pending:
            self._pending[key] = asyncio.ensure_future(self._compute(key, compute))
        # A client that disconnects must not cancel the computation that others wait for.
        return await asyncio.shield(self._pending[key])

    async def _compute(self, key: str, compute: Callable[[], Awaitable[Payload]]) -> Payload:
        try:
            payload = await compute()
            self.put(key, payload)
            return payload
        finally:
            del self._pending[key]

    @staticmethod
    def _cost(payload: Payload) -> int:
        """Return the size in bytes, with half of the body again for its compressed form, which may come later."""
        return len(payload.body) + len(payload.fragment) + len(payload.body) // 2

    def __len__(self) -> int:
        return len(self._entries)
