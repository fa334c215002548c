"""What a warm function remembers."""

from antrean.runtime.ttl_cache import TtlCache
from tests.support.clocks import standing


def test_a_value_is_remembered_for_its_seconds_and_no_longer() -> None:
    kept: TtlCache[str, int] = TtlCache(seconds=2)
    with standing() as time:
        assert kept.put("a", 1) == 1
        time.forward(seconds=1.999)
        assert kept.get("a") == 1
        time.forward(seconds=0.001)
        assert kept.get("a") is None


def test_what_was_never_put_is_not_there() -> None:
    kept: TtlCache[str, int] = TtlCache(seconds=2)
    assert kept.get("a") is None


def test_putting_again_begins_the_time_anew() -> None:
    kept: TtlCache[str, int] = TtlCache(seconds=2)
    with standing() as time:
        kept.put("a", 1)
        time.forward(seconds=1)
        kept.put("a", 2)
        time.forward(seconds=1.5)
        assert kept.get("a") == 2


def test_the_oldest_goes_when_there_are_too_many() -> None:
    kept: TtlCache[int, int] = TtlCache(seconds=60, most=3)
    with standing():
        for number in range(3):
            kept.put(number, number)
        kept.put(0, 100)
        kept.put(3, 3)
        assert [kept.get(number) for number in range(4)] == [100, None, 2, 3]


def test_a_value_put_again_takes_no_other_ones_place() -> None:
    kept: TtlCache[int, int] = TtlCache(seconds=60, most=3)
    with standing():
        for number in (0, 1, 2, 2):
            kept.put(number, number)
        assert [kept.get(number) for number in range(3)] == [0, 1, 2]


def test_values_are_dropped_one_by_one_or_all() -> None:
    kept: TtlCache[str, int] = TtlCache(seconds=60)
    with standing():
        kept.put("a", 1)
        kept.put("b", 2)
        kept.drop("a")
        kept.drop("never there")
        assert (kept.get("a"), kept.get("b")) == (None, 2)
        kept.clear()
        assert kept.get("b") is None
