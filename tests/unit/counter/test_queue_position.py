"""Where a booking stands: people ahead, states, counters, and an hour that can be believed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from antrean.booking.book import book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.counter.queue_position import QueuePosition, queue_position
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Booking, TicketStatus
from antrean.domain.waiting import Basis, Estimate, When
from antrean.runtime.registry import forget
from antrean.store.items.lane_state import LaneItem, read_lane
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import World, deadline
from tests.unit.counter.office_day import (
    SERVED,
    called_again,
    called_label,
    clock_at,
    next_called,
    outcome_noted,
    party_booked,
    party_checked_in,
)

REGULAR = Lane.REGULAR


@pytest.fixture
def office(unaudited: World) -> Office:
    """Kotabumi: 20 places a day, in windows of 4 from 08:00 and 09:00, then of 3.

    Unaudited: `paced` makes calls up that no ticket had.
    """
    return unaudited.has_office(open_days=3)


def now_at(world: World, office: Office, hhmm: str) -> datetime:
    """Make it an hour of Tuesday at the office, and return the instant."""
    clock_at(world, office, hhmm)
    return office.instant(TUESDAY, hhmm)


def paced(office: Office, until: datetime, calls: int = 20, gap: int = 120) -> None:
    """Have the lane called every two minutes until an instant."""
    last = int(until.timestamp())
    recent = tuple(range(last - (calls - 1) * gap, last + 1, gap))
    state = read_lane(office.office_id, TUESDAY, REGULAR, deadline())
    state = replace(state, recent=recent, version=state.version + 1)
    LaneItem.of(office.office_id, TUESDAY, state).save()


def position_of(booking: Booking, office: Office) -> QueuePosition:
    return queue_position(booking, office, deadline())


def test_before_the_day_those_with_earlier_numbers_in_the_window_are_ahead(office: Office) -> None:
    first, second, other = (
        party_booked(1, "0800", 3),
        party_booked(2, "0800"),
        party_booked(3, "0900"),
    )
    assert [position_of(booking, office).ahead for booking in (first, second, other)] == [0, 3, 0]
    assert position_of(second, office).there is None
    assert position_of(second, office).estimate is None
    token = book(a_request(1, *people(3, first=10), start="0800"), deadline()).token
    cancelled = cancel_booking(open_booking(first.code, token, deadline()), deadline()).booking
    assert position_of(second, office).ahead == 0
    assert position_of(cancelled, office).ahead is None
    assert {ticket.status for ticket in position_of(cancelled, office).tickets} == {
        TicketStatus.RETURNED
    }


def test_before_check_in_those_who_wait_and_those_who_may_come_in_time_are_ahead(
    unaudited: World, office: Office
) -> None:
    early, neighbour, mine = (
        party_booked(1, "0800", 2),
        party_booked(2, "0900", 2),
        party_booked(3, "0900"),
    )
    party_booked(4, "0900")
    clock_at(unaudited, office, "0830")
    party_checked_in(office, early)
    forget()
    position = position_of(mine, office)
    assert (position.ahead, position.there) == (4, 2)
    party_checked_in(office, neighbour)
    forget()
    assert (position_of(mine, office).ahead, position_of(mine, office).there) == (4, 4)


def test_who_missed_an_earlier_window_is_not_ahead(unaudited: World, office: Office) -> None:
    absent, mine = party_booked(1, "0800", 2), party_booked(2, "0900")
    clock_at(unaudited, office, "0859")
    assert position_of(mine, office).ahead == 2
    clock_at(unaudited, office, "0900")
    assert position_of(mine, office).ahead == 0
    party_checked_in(office, absent)
    forget()
    assert position_of(mine, office).ahead == 0, "they came late and stand behind"


def test_after_check_in_those_who_wait_with_an_earlier_turn_are_ahead(
    unaudited: World, office: Office
) -> None:
    early, absent, mine = (
        party_booked(1, "0800"),
        party_booked(2, "0900", 2),
        party_booked(3, "0900"),
    )
    clock_at(unaudited, office, "0850")
    party_checked_in(office, early)
    party_checked_in(office, mine)
    forget()
    assert (position_of(mine, office).ahead, position_of(mine, office).there) == (1, 1)
    assert (position_of(absent, office).ahead, position_of(absent, office).there) == (1, 1)


def test_who_has_come_since_the_lane_was_read_is_not_counted_twice(
    unaudited: World, office: Office
) -> None:
    neighbour, mine = party_booked(1, "0900"), party_booked(2, "0900", 2)
    clock_at(unaudited, office, "0850")
    position_of(neighbour, office)  # who may come is remembered longer than the board
    party_checked_in(office, neighbour)
    unaudited.time.forward(seconds=4)
    assert position_of(mine, office).ahead == 1


def test_of_a_party_those_who_are_there_are_called_first(unaudited: World, office: Office) -> None:
    mine, other = party_booked(1, "0800", 2), party_booked(2, "0900")
    clock_at(unaudited, office, "0859")
    party_checked_in(office, other)
    party_checked_in(office, mine, "R0800-002")
    clock_at(
        unaudited, office, "0905"
    )  # the one who is not there would stand behind the other by now
    assert position_of(mine, office).ahead == 0


def test_a_called_number_says_where_to_go_and_the_rest_of_the_party_waits(
    unaudited: World, office: Office
) -> None:
    mine = party_booked(1, "0800", 2)
    clock_at(unaudited, office, "0815")
    party_checked_in(office, mine)
    position_of(mine, office)
    assert called_label(next_called(office, "3", "first")) == "R0800-001"
    called_again(office, "3", "second")
    assert position_of(mine, office).calls == (1, None), "the board is older than the call"
    assert position_of(mine, office).ahead == 0, "nor is one of us ahead of the other"
    forget()
    position = position_of(mine, office)
    assert [ticket.status for ticket in position.tickets] == [
        TicketStatus.CALLED,
        TicketStatus.CHECKED_IN,
    ]
    assert (position.tickets[0].counter, position.calls, position.ahead) == ("3", (2, None), 0)
    outcome_noted(office, "R0800-001", SERVED)
    assert position_of(mine, office).tickets[0].status is SERVED


def test_the_estimate_rests_on_todays_pace(unaudited: World, office: Office) -> None:
    first, mine = party_booked(1, "0800", 3), party_booked(2, "0800")
    now = now_at(unaudited, office, "0830")
    party_checked_in(office, first)
    party_checked_in(office, mine)
    assert position_of(mine, office).estimate == Estimate(Basis.FEW_CALLS)
    paced(office, now)
    forget()
    position = when(position_of(mine, office))
    # The fourth of those who are called every two minutes.
    assert now.timestamp() < position.earliest < now.timestamp() + 8 * 60 < position.latest
    paced(office, now - timedelta(minutes=21))
    forget()
    assert position_of(mine, office).estimate == Estimate(Basis.STALLED)


def when(position: QueuePosition) -> When:
    assert position.estimate is not None
    assert position.estimate.when is not None
    return position.estimate.when


def test_nobody_is_called_before_their_window_unless_they_are_there(
    unaudited: World, office: Office
) -> None:
    mine = party_booked(1, "0900")
    now = now_at(unaudited, office, "0815")
    paced(office, now)
    assert when(position_of(mine, office)).earliest == office.instant(TUESDAY, "0900").timestamp()
    party_checked_in(office, mine)
    forget()
    assert when(position_of(mine, office)).latest < office.instant(TUESDAY, "0900").timestamp()


def test_after_the_day_only_the_states_are_told(unaudited: World, office: Office) -> None:
    mine = party_booked(1, "0800")
    clock_at(unaudited, office, "0830")
    unaudited.time.forward(days=1)
    position = position_of(mine, office)
    assert (position.ahead, position.estimate) == (None, None)
    assert position.tickets[0].status is TicketStatus.LIVE


def test_those_who_watch_share_what_is_read(unaudited: World, office: Office) -> None:
    everybody = [party_booked(number, "0800") for number in range(1, 5)]
    clock_at(unaudited, office, "0830")
    unaudited.client.log.clear()
    for booking in everybody:
        position_of(booking, office)
    assert len(unaudited.client.log) == len(everybody) + 2, "own tickets each; board and lane once"
    unaudited.time.forward(seconds=4)
    unaudited.client.log.clear()
    position_of(everybody[0], office)
    assert len(unaudited.client.log) == 2, "own tickets, and the board again"
