"""The check of invariants finds whatever breaks an invariant, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from antrean.domain.moves import DONE, RUNNING, WAITING, MoveProgress, Staying, Why
from antrean.domain.slots import SlotState
from antrean.domain.tickets import Booking, Ticket, TicketStatus
from antrean.runtime import clock
from antrean.store.dynamodb import Item
from antrean.store.items.booking import BookingItem
from antrean.store.items.move import MoveItem
from antrean.store.items.person import PersonItem
from antrean.store.items.returned_place import Return, ReturnItem, put_return
from antrean.store.items.slot import SlotItem
from antrean.store.items.staying import note_staying
from antrean.store.items.ticket import TicketItem
from antrean.store.transaction import Transaction
from antrean.store.writes.change_booking import Refiled, cancel_booking, refile
from antrean.store.writes.give_back import give_back
from operations.invariants import check_invariants
from tests.support.people import TUESDAY, person
from tests.support.worlds import World, deadline
from tests.unit.store.table_content import (
    REF,
    a_booking,
    a_party,
    a_slot,
    booking_filed,
    end_of_day,
    places_claimed,
    slot_now,
    slots_opened,
)

NEXT = REF._replace(day=TUESDAY + timedelta(days=1))


@pytest.fixture(autouse=True)
def booking(unaudited: World) -> Booking:
    """A family of two on a slot of ten, and an empty slot the day after."""
    slots_opened(a_slot(), a_slot(NEXT))
    return booking_filed(a_booking(places_claimed(2).numbers))


def found(*, quiet: bool = False) -> list[str]:
    """What the check finds, as text."""
    return [
        f"{breach.about}: {breach.wrong}" for breach in check_invariants(deadline(), quiet=quiet)
    ]


def write(item: Item) -> None:
    """Write an item past all rules."""
    writing = Transaction()
    writing.put("it", item)
    writing.commit(deadline())


def delete(item: Item) -> None:
    writing = Transaction()
    writing.delete("it", item)
    writing.commit(deadline())


def test_a_filed_booking_is_in_order() -> None:
    assert found(quiet=True) == []


def test_an_empty_table_is_in_order(unaudited: World) -> None:
    for item in unaudited.client.items("antrean"):
        delete(Item(pk=item["pk"]["S"], sk=item["sk"]["S"]))
    assert found(quiet=True) == []


def test_a_cancelled_and_a_moved_booking_are_in_order(booking: Booking) -> None:
    ways = [Return(REF, number, clock.epoch() + 60) for number in booking.numbers]
    numbers = tuple(places_claimed(2, NEXT).numbers)
    moved = replace(booking, ref=NEXT, numbers=numbers, version=2)
    refile(Refiled(booking, moved, a_party(2), end_of_day(NEXT.day), ways), deadline())
    assert found(quiet=True) == []
    cancel_booking(
        moved, [Return(NEXT, number, 60) for number in numbers], clock.epoch(), deadline()
    )
    assert found(quiet=True) == []


def test_a_returned_number_is_in_order() -> None:
    give_back(REF, places_claimed().numbers, deadline())
    assert found(quiet=True) == []


def test_a_claim_that_may_still_be_filed_is_in_order_unless_all_is_quiet() -> None:
    places_claimed(2)
    assert found() == []
    [breach] = found(quiet=True)
    assert "[3, 4] were claimed and never filed" in breach


def test_a_person_may_hold_a_ticket_on_another_day_once_the_first_is_over(
    unaudited: World, booking: Booking
) -> None:
    unaudited.time.forward(seconds=end_of_day(TUESDAY) - unaudited.time.seconds())
    numbers = places_claimed(2, NEXT).numbers
    booking_filed(a_booking(numbers, code="0000000000", ref=NEXT))
    assert found(quiet=True) == []


def test_what_is_past_its_retention_is_left_out(unaudited: World, booking: Booking) -> None:
    """DynamoDB deletes it one by one, within days."""
    give_back(REF, places_claimed().numbers, deadline())
    unaudited.time.forward(days=91)
    assert found(quiet=True) == []
    delete(BookingItem.keyed(booking.code))
    assert found(quiet=True) == []
    for number in (1, 3):
        delete(TicketItem.keyed(REF, number))
    assert found(quiet=True) == []


def lose_a_place() -> None:
    slot = replace(slot_now(), remaining=slot_now().remaining - 1)
    write(SlotItem.of(slot))


def sell_a_place_twice() -> None:
    write(SlotItem.of(replace(slot_now(), remaining=slot_now().remaining + 1)))


def put_a_ticket(number: int, code: str = "K7QF2M9PXT", who: str = "HASH0002") -> None:
    ticket = Ticket(REF, number, TicketStatus.LIVE, code, who, person(1))
    write(TicketItem.of(ticket))


def file_a_number_nobody_claimed() -> None:
    put_a_ticket(9)


def lose_a_ticket() -> None:
    delete(TicketItem.keyed(REF, 1))


def lose_the_booking() -> None:
    delete(BookingItem.keyed("K7QF2M9PXT"))


def give_a_ticket_to_somebody_else() -> None:
    put_a_ticket(1, who="STRANGER")


def lose_the_slot() -> None:
    delete(SlotItem.keyed(REF))


def lose_the_persons_binding_to_another_booking() -> None:
    write(PersonItem.of("HASH0002", "0000000000", end_of_day(TUESDAY)))


def bind_a_person_without_a_ticket() -> None:
    write(PersonItem.of("STRANGER", "0000000000", end_of_day(TUESDAY)))


def hold_two_live_tickets() -> None:
    numbers = places_claimed(1, NEXT).numbers
    other = a_booking(numbers, code="0000000000", ref=NEXT, people=("OTHER",))
    booking_filed(other)
    write(BookingItem.of(replace(other, people=("HASH0002",))))
    ticket = Ticket(NEXT, 1, TicketStatus.LIVE, "0000000000", "HASH0002", person(1))
    write(TicketItem.of(ticket))
    delete(PersonItem.keyed("OTHER"))
    write(PersonItem.of("HASH0002", "0000000000", end_of_day(NEXT.day)))


def free_who_holds_a_live_ticket() -> None:
    write(PersonItem.of("HASH0002", "K7QF2M9PXT", clock.epoch()))


def lose_the_person_of_a_live_ticket() -> None:
    delete(PersonItem.keyed("HASH0002"))


def serve_the_first_ticket(finished_at: int) -> None:
    """As it stands when its person was served; the figures of the lane are another matter."""
    item = TicketItem.keyed(REF, 1)
    actions = [TicketItem.status.set(TicketStatus.SERVED), TicketItem.finished_at.set(finished_at)]
    writing = Transaction()
    writing.update("it", item, actions)
    writing.commit(deadline())


def book_anew_before_the_outcome() -> None:
    hold_two_live_tickets()
    serve_the_first_ticket(clock.epoch() + 1)


def send_a_live_place_back() -> None:
    writing = Transaction()
    put_return(writing, Return(REF, 1, 60))
    writing.commit(deadline())


def send_a_place_back_twice() -> None:
    give_back(REF, places_claimed().numbers, deadline())
    for due in (60, 61):
        write(ReturnItem(pk="RETURNS", sk=Return(REF, 3, due).sort_key))


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (lose_a_place, "remaining 7 + waiting 0 + kept back 0 = 9, quota 10"),
        (sell_a_place_twice, "remaining 9 + waiting 0 + kept back 0 = 11, quota 10"),
        (file_a_number_nobody_claimed, "numbers [9] were never claimed"),
        (lose_a_ticket, "should hold 2 tickets and holds 1"),
        (lose_the_booking, "booking K7QF2M9PXT: has tickets and no booking"),
        (give_a_ticket_to_somebody_else, "holds 2, 1 of them its own"),
        (lose_the_slot, "has tickets and no slot"),
        (lose_the_persons_binding_to_another_booking, "is bound to 0000000000, not K7QF2M9PXT"),
        (bind_a_person_without_a_ticket, "is bound to 0000000000 and holds no ticket"),
        (hold_two_live_tickets, "holds K7QF2M9PXT and 0000000000 at once"),
        (book_anew_before_the_outcome, "holds K7QF2M9PXT and 0000000000 at once"),
        (free_who_holds_a_live_ticket, "person HASH0002: holds K7QF2M9PXT and may book again"),
        (lose_the_person_of_a_live_ticket, "person HASH0002: holds K7QF2M9PXT and may book again"),
        (send_a_live_place_back, "number 1 waits for re-offer and is not returned"),
        (send_a_place_back_twice, "number 3 waits for re-offer 2 times"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_broken_is_found(broken: Callable[[], None], expected: str) -> None:
    broken()
    assert any(expected in breach for breach in found()), found()


def test_who_was_served_may_hold_another_ticket() -> None:
    hold_two_live_tickets()
    serve_the_first_ticket(clock.epoch())
    assert not any(breach.startswith("person") for breach in found()), found()


def test_a_breach_names_no_person(booking: Booking) -> None:
    for broken in (lose_a_ticket, give_a_ticket_to_somebody_else, bind_a_person_without_a_ticket):
        broken()
    lines = " ".join(found())
    for applicant in a_party(2):
        assert applicant.nik not in lines
        assert applicant.name not in lines


def test_a_large_table_is_read_whole(unaudited: World) -> None:
    slots_opened(*(a_slot(REF._replace(day=TUESDAY + timedelta(days=i))) for i in range(2, 90)))
    last = REF._replace(day=TUESDAY + timedelta(days=89))
    write(SlotItem.of(a_slot(last, remaining=9)))
    assert len(found()) == 1


def a_done_move(**facts: Any) -> None:
    """The slot is closed and its move is done, as `facts` say."""
    slot = slot_now()
    closing = SlotItem.keyed(REF)
    closing.update(actions=[SlotItem.state.set(SlotState.CLOSED)])
    assert slot.next_number > 1
    move = MoveItem.keyed(REF.office_id, f"{REF.day.isoformat()}#all#all")
    move.reason, move.state, move.floor = "Banjir", DONE, ""
    move.moved, move.without_place, move.started_at = 0, 0, clock.epoch()
    move.through_at = clock.epoch() + 1
    for name, value in facts.items():
        setattr(move, name, value)
    write(move)


def test_who_stands_on_a_closed_slot_whose_move_is_done_is_found() -> None:
    a_done_move()
    assert found() == [
        f"slot kotabumi {TUESDAY} regular 0800: number {number} is live, and the move "
        f"{TUESDAY}#all#all is done"
        for number in (1, 2)
    ]


@pytest.mark.parametrize(
    "facts", [{"state": RUNNING}, {"state": WAITING}, {"through_at": None}, {"through_at": 1}]
)
def test_a_move_under_way_or_of_before_or_a_slot_opened_again_is_in_order(
    facts: dict[str, Any],
) -> None:
    a_done_move(**facts)
    assert found() == []


@pytest.mark.parametrize("why", Why)
def test_of_whom_a_move_noted_that_they_stand_elsewhere_are_left_by_it(
    booking: Booking, why: Why
) -> None:
    a_done_move()
    move = MoveProgress(REF.office_id, REF.day, None, None, "Banjir")
    note_staying(move, Staying(booking.code, why), deadline())
    assert bool(found()) is (why not in {Why.BOOKED_ANEW, Why.ERASED})


def test_whose_party_was_called_is_left_by_a_move() -> None:
    a_done_move()
    first = TicketItem.keyed(REF, 1)
    first.update(actions=[TicketItem.status.set(TicketStatus.SERVED)])
    assert not [each for each in found() if "the move" in each]
