from datetime import timedelta

from antrean import clock
from tests.engines.clock import EPOCH, FakeClock


def test_time_moves_only_when_told() -> None:
    fake = FakeClock()
    with clock.use(fake):
        assert clock.now() == clock.now() == EPOCH
        clock.sleep(0.5)
        fake.advance(2)
        assert clock.now() == EPOCH + timedelta(seconds=2.5)
    assert fake.slept == [0.5]
