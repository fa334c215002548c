"""The figures of a day."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.domain.statistics import LaneFigures, Spread, day_figures
from antrean.domain.tickets import Ticket, TicketStatus

REF = SlotRef("kotabumi", date(2026, 11, 24), Lane.REGULAR, "0800")
LATER = REF._replace(start="0900")
SERVED, NO_SHOW = TicketStatus.SERVED, TicketStatus.NO_SHOW


def ticket(number: int, status: TicketStatus, *times: int, ref: SlotRef = REF, **facts: Any) -> Any:
    """A ticket with its times of check-in, first call and end."""
    names = ("checked_in_at", "called_at", "finished_at")
    return Ticket(ref, number, status, **{**dict(zip(names, times, strict=False)), **facts})


def slot(ref: SlotRef, quota: int) -> Slot:
    return Slot(ref, "1000", quota, 0)


def test_a_small_day_counted_by_hand() -> None:
    tickets = [
        ticket(1, SERVED, 1_000, 1_600, 1_900),  # waited 600, served in 300
        ticket(2, SERVED, 1_000, 2_500, 3_000),  # 1,500 and 500
        ticket(3, NO_SHOW, 1_200, 5_200),  # waited 4,000, came not to the counter
        ticket(4, NO_SHOW),
        ticket(1, TicketStatus.CHECKED_IN, 4_000, ref=LATER),
        ticket(2, TicketStatus.LIVE, ref=LATER),
        ticket(3, TicketStatus.RETURNED, ref=LATER),
        ticket(4, TicketStatus.CALLED, 4_000, 5_000, ref=LATER, walk_in=True),  # waited 1,000
    ]
    figures = day_figures([slot(REF, 4), slot(LATER, 6)], tickets)
    assert figures.lanes == [
        LaneFigures(
            lane=Lane.REGULAR,
            places=10,
            booked=6,
            walk_ins=1,
            checked_in=5,
            served=2,
            no_show=2,
            returned=1,
            left_waiting=1,
            unnoted=2,
            waiting=Spread(mean=1_775, median=1_250, p90=4_000),
            service=Spread(mean=400, median=400, p90=500),
            pace=3.0,  # four calls, three gaps in 3,600 seconds
        )
    ]
    assert figures.outcomes[Lane.REGULAR, "0800"] == {SERVED: 2, NO_SHOW: 2}


def test_lanes_are_counted_apart_and_those_without_anything_left_out() -> None:
    express = REF._replace(lane=Lane.EXPRESS)
    lanes = day_figures([slot(REF, 4)], [ticket(1, SERVED, 0, 1, 2, ref=express)]).lanes
    assert [(figures.lane, figures.places, figures.served) for figures in lanes] == [
        (Lane.REGULAR, 4, 0),
        (Lane.EXPRESS, 0, 1),
    ]
    assert lanes[0].waiting is None
    assert lanes[1].pace is None


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(TicketStatus), st.booleans()), max_size=30))
def test_whoever_held_a_number_is_counted_once(drawn: list[tuple[TicketStatus, bool]]) -> None:
    tickets = [ticket(n, status, walk_in=walk_in) for n, (status, walk_in) in enumerate(drawn)]
    for lane in day_figures([slot(REF, 1)], tickets).lanes:
        kept = lane.served + lane.no_show + lane.left_waiting + lane.unnoted
        assert lane.booked + lane.walk_ins == kept
        assert kept + lane.returned == len(tickets)


def test_nine_in_ten_took_no_longer_than_p90() -> None:
    spread = Spread.of(list(range(1, 11)))
    assert spread is not None
    assert spread.p90 == 9
    assert Spread.of([7]) == Spread(7, 7, 7)
