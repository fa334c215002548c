"""A roster holds those who come, in the order in which they are called."""

import random

from antrean.domain.slots import Lane
from antrean.rosters.roster import roster_of
from tests.support.rosters import DAY, EVENING, OFFICE, returned, roster, slot, ticket


def test_people_stand_by_lane_then_window_then_number() -> None:
    tickets = [
        ticket(start, number, lane=lane)
        for lane in (Lane.REGULAR, Lane.PRIORITY, Lane.EXPRESS)
        for start in ("0800", "0900", "1300")
        for number in (1, 2, 12)
    ]
    shuffled = random.Random(7).sample(tickets, len(tickets))
    made = roster(*shuffled)
    assert [line.label for line in made.lines] == [ticket.label for ticket in tickets]
    assert [(section.lane, section.start) for section in made.sections][:4] == [
        (Lane.REGULAR, "08:00"),
        (Lane.REGULAR, "09:00"),
        (Lane.REGULAR, "13:00"),
        (Lane.PRIORITY, "08:00"),
    ]


def test_a_returned_number_is_on_no_roster() -> None:
    made = roster(ticket("0800", 1), returned("0800", 2), ticket("0800", 3), returned("0900", 1))
    assert made.count == 2
    (section,) = made.sections
    assert [line.number for line in section.lines] == [1, 3]


def test_a_section_knows_when_its_window_ends_unless_the_window_is_gone() -> None:
    tickets = [ticket("0800", 1), ticket("1000", 1)]
    made = roster_of(OFFICE, DAY, tickets, [slot("0800")], EVENING)
    assert [(section.start, section.end) for section in made.sections] == [
        ("08:00", "09:00"),
        ("10:00", None),
    ]
