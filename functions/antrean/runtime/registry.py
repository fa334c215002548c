"""What a process keeps, registered where it is made, so that a test can start as a new process.

`once` is for what is made once a process: clients, settings, the secret. `TtlCache` registers
itself.
"""

from collections.abc import Callable
from functools import cache
from typing import Protocol


class _Clearable(Protocol):
    def clear(self) -> None: ...


class Once[T](Protocol):
    """A function whose value is made at its first call."""

    def __call__(self) -> T: ...

    def cache_clear(self) -> None:
        """Have the value made again."""


_caches: list[_Clearable] = []
_made_once: list[Callable[[], None]] = []


def register(cached: _Clearable) -> None:
    """Have `forget` clear a cache."""
    _caches.append(cached)


def once[T](make: Callable[[], T]) -> Once[T]:
    """Have a function without arguments make its value at its first call, once a process."""
    cached = cache(make)
    _made_once.append(cached.cache_clear)
    return cached


def forget() -> None:
    """Clear every cache: what a warm function remembers for some seconds."""
    for cached in _caches:
        cached.clear()


def start_cold() -> None:
    """Forget what was made once a process as well."""
    for clear in _made_once:
        clear()
    forget()
