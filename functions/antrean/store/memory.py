"""What a warm function remembers for a few seconds, so that a stampede stays off the table."""

from collections.abc import Callable
from dataclasses import dataclass, field

from antrean import clock


@dataclass(slots=True)
class Remembered[K, V]:
    """Values kept for `seconds`, at most `most` of them; the oldest go first."""

    seconds: float
    most: int = 2_000
    _kept: dict[K, tuple[float, V]] = field(default_factory=dict)

    def get(self, key: K) -> V | None:
        """Return what is remembered, or None."""
        found = self._kept.get(key)
        if found is None or found[0] <= clock.now().timestamp():
            return None
        return found[1]

    def put(self, key: K, value: V) -> None:
        """Remember `value` from now on."""
        self._kept.pop(key, None)
        if len(self._kept) >= self.most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (clock.now().timestamp() + self.seconds, value)

    def forget(self) -> None:
        """Remember nothing (tests)."""
        self._kept.clear()


def fetch[K, V](memory: Remembered[K, V], key: K, load: Callable[[], V]) -> V:
    """Return what is remembered of `key`, or load it and remember that."""
    value = memory.get(key)
    if value is None:
        value = load()
        memory.put(key, value)
    return value
