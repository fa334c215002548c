"""What a warm function remembers for a few seconds, so that a stampede stays off the table."""

from dataclasses import dataclass, field

from antrean.runtime import clock, registry


@dataclass(slots=True)
class TtlCache[K, V]:
    """Values kept for `seconds`, at most `most` of them; the oldest go first."""

    seconds: float
    most: int = 2_000
    _kept: dict[K, tuple[float, V]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        registry.register(self)

    def get(self, key: K) -> V | None:
        """Return what is remembered, or None."""
        found = self._kept.get(key)
        if found is None or found[0] <= clock.now().timestamp():
            return None
        return found[1]

    def put(self, key: K, value: V) -> V:
        """Remember `value` from now on, and return it."""
        self._kept.pop(key, None)
        if len(self._kept) >= self.most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (clock.now().timestamp() + self.seconds, value)
        return value

    def drop(self, key: K) -> None:
        """Forget one value."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
