import asyncio

import pytest

from entrepot.app.web.messages.cache_key import cache_key
from entrepot.app.web.messages.error_schema import RequestRejected
from entrepot.app.web.messages.payload import Payload, json_payload
from entrepot.app.web.workers.cache import Cache


def test_the_same_content_has_the_same_key_whatever_its_order() -> None:
    assert cache_key("solve", {"a": 1, "b": [2]}) == cache_key("solve", {"b": [2], "a": 1})
    keys = {
        cache_key("solve", {"a": 1}),
        cache_key("solve", {"a": 2}),
        cache_key("page", {"a": 1}),
        cache_key("solve", {"a": "1"}),
    }
    assert len(keys) == 4


def test_half_a_letter_has_no_key() -> None:
    with pytest.raises(RequestRejected, match="lone surrogate"):
        cache_key("solve", {"title": "\ud800"})


def test_what_is_asked_at_the_same_time_is_computed_once_and_what_fails_again() -> None:
    async def ask() -> tuple[int, list[Payload]]:
        cache, computed = Cache(10_000), 0

        async def compute() -> Payload:
            nonlocal computed
            computed += 1
            await asyncio.sleep(0.01)
            if computed == 1:
                raise ValueError("the first time")
            return json_payload({"n": computed})

        with pytest.raises(ValueError, match="the first time"):
            await cache.get_or_compute("k", compute)
        replies = await asyncio.gather(*(cache.get_or_compute("k", compute) for _ in range(5)))
        return computed, replies

    computed, replies = asyncio.run(ask())
    assert computed == 2
    assert {reply.body for reply in replies} == {b'{"n":2}'}


def test_whoever_hangs_up_leaves_the_answer_to_the_others() -> None:
    async def ask() -> bytes:
        cache = Cache(10_000)

        async def compute() -> Payload:
            await asyncio.sleep(0.05)
            return json_payload(1)

        first = asyncio.ensure_future(cache.get_or_compute("k", compute))
        await asyncio.sleep(0.01)
        second = asyncio.ensure_future(cache.get_or_compute("k", compute))
        await asyncio.sleep(0.01)
        first.cancel()
        return (await second).body

    assert asyncio.run(ask()) == b"1"


def test_the_longest_unused_answers_go_first_and_the_size_is_kept() -> None:
    cache = Cache(10_000)
    for number in range(30):
        cache.put(str(number), Payload(b"x" * 500))
        cache.get("0")
    assert cache.size <= 10_000
    assert cache.get("0") is not None
    assert cache.get("1") is None
    assert cache.get("29") is not None
    cache.put("large", Payload(b"x" * 5000))
    assert cache.get("large") is None
    cache.put("0", Payload(b"y"))
    assert cache.size == sum(Cache._cost(payload) for payload in cache._entries.values())


def test_a_number_that_is_none_is_no_json() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        json_payload({"x": float("nan")})
