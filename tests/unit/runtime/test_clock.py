"""The one way to the time."""

import pytest

from antrean.runtime import clock
from tests.support.clocks import MONDAY_MORNING, standing


def test_a_clock_takes_the_systems_place_for_a_while() -> None:
    with standing():
        clock.sleep(1)
        assert (clock.now() - MONDAY_MORNING).total_seconds() == 1
        assert clock.epoch() == MONDAY_MORNING.timestamp() + 1


def test_a_unit_test_without_a_clock_of_its_own_is_told() -> None:
    with pytest.raises(AssertionError, match="system clock"):
        clock.now()
    with pytest.raises(AssertionError, match="system clock"):
        clock.sleep(1)
