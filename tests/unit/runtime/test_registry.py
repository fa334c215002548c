"""What a process keeps is known where it is made, so that a test can start as a new process."""

import pytest

from antrean.runtime import registry
from antrean.runtime.registry import forget, once, start_cold
from antrean.runtime.ttl_cache import TtlCache
from tests.support.clocks import standing


@pytest.fixture(autouse=True)
def _what_is_registered_here_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_caches", list(registry._caches))
    monkeypatch.setattr(registry, "_made_once", list(registry._made_once))


def test_a_cache_is_cleared_by_forget_wherever_it_was_made() -> None:
    class Anything:
        seen: TtlCache[str, int] = TtlCache(seconds=60)

    inside: TtlCache[str, int] = TtlCache(seconds=60)
    with standing():
        for cache in (Anything.seen, inside):
            cache.put("a", 1)
        forget()
        assert (Anything.seen.get("a"), inside.get("a")) == (None, None)


def test_what_is_made_once_is_made_again_after_a_cold_start_and_not_before() -> None:
    made: list[str] = []

    @once
    def connection() -> int:
        made.append("connection")
        return len(made)

    assert (connection(), connection()) == (1, 1)
    forget()
    assert connection() == 1
    start_cold()
    assert (connection(), connection()) == (2, 2)


def test_a_cold_start_forgets_as_well() -> None:
    cache: TtlCache[str, int] = TtlCache(seconds=60)
    with standing():
        cache.put("a", 1)
        start_cold()
        assert cache.get("a") is None


def test_one_value_can_be_made_again_alone() -> None:
    made: list[str] = []
    first, second = once(lambda: made.append("first")), once(lambda: made.append("second"))
    for make in (first, second):
        make()
    first.cache_clear()
    for make in (first, second):
        make()
    assert made == ["first", "second", "first"]
