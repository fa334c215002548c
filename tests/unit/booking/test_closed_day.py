"""A closed day tells nobody to come, however it was closed; opened again, it does."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import OpenedBooking, open_booking
from antrean.booking.reschedule import reschedule_booking
from antrean.days.change_days import change_day, change_days
from antrean.days.move_day import begin_move
from antrean.domain.audit import Author
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.closed_day import ClosedBy, ClosedDay
from antrean.domain.errors import NotChangeable
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.overflow import Overflow
from antrean.domain.quotas import Closure, DayChange
from antrean.domain.slots import Lane, SlotState
from antrean.domain.tickets import BookingStatus, Contact
from antrean.handlers.public_api import handler
from antrean.messages.order import Kind, MessageOrder
from antrean.offices.holidays import remove_holiday, set_holiday
from antrean.rosters.as_csv import as_csv
from antrean.rosters.as_json import as_json
from antrean.rosters.roster import roster_of
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.booking import get_booking
from antrean.store.items.office import get_office, put_office
from antrean.store.items.slot import SlotItem, get_slot, slots_between
from antrean.store.items.ticket import day_tickets
from tests.support.gateway import Client
from tests.support.people import PHONE, TUESDAY, a_request, people
from tests.support.providers import providers, sent
from tests.support.worlds import World, deadline, in_memory
from tests.unit.conftest import EMAIL
from tests.unit.counter.office_day import next_called, party_checked_in

ADMIN = Author("u-1", "r-1")
WHY: Final = "Listrik padam"
WEDNESDAY = TUESDAY + timedelta(days=1)
THURSDAY = TUESDAY + timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to close the couple's Tuesday at 08:00, and to open it again."""

    close: Callable[[Office], object]
    open: Callable[[Office], object]
    by: ClosedBy = ClosedBy.DAY


def closure(
    office: Office, *, closed: bool, lane: Lane | None = None, start: str | None = None
) -> None:
    change = DayChange(
        closure=Closure(closed, WHY if closed else None), closure_lane=lane, closure_start=start
    )
    change_day(office, TUESDAY, change, ADMIN, deadline())


def days_closed(office: Office, *, closed: bool) -> None:
    change = DayChange(closure=Closure(closed, WHY if closed else None))
    change_days(office, [TUESDAY, WEDNESDAY], change, ADMIN, deadline())


def status(office: Office, status: OfficeStatus) -> None:
    reason = None if status is OfficeStatus.OPEN else WHY
    put_office(replace(office, status=status, status_reason=reason), deadline())


def of_status(how: OfficeStatus) -> Way:
    return Way(
        lambda office: status(office, how),
        lambda office: status(office, OfficeStatus.OPEN),
        ClosedBy.OFFICE,
    )


def of_closure(**scope: Any) -> Way:
    return Way(
        lambda office: closure(office, closed=True, **scope),
        lambda office: closure(office, closed=False, **scope),
    )


HOLIDAY = Holiday(TUESDAY, WHY, HolidayKind.COLLECTIVE_LEAVE, "SKB 3 Menteri 1/2026")
WAYS = {
    "a_holiday": Way(
        lambda _: set_holiday(HOLIDAY, ADMIN, deadline()),
        lambda _: remove_holiday(TUESDAY, ADMIN, deadline()),
    ),
    "the_day": of_closure(),
    "the_lane": of_closure(lane=Lane.REGULAR),
    "the_window": of_closure(start="0800"),
    "a_range_of_days": Way(
        lambda office: days_closed(office, closed=True),
        lambda office: days_closed(office, closed=False),
    ),
    "a_move_begun": Way(
        lambda office: begin_move(office, TUESDAY, None, None, WHY, ADMIN, deadline()),
        lambda office: closure(office, closed=False),
    ),
    "suspended": of_status(OfficeStatus.SUSPENDED),
    "preparing_again": of_status(OfficeStatus.PREPARING),
}
EVERY_WAY = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


@pytest.fixture
def office(couple_booked: Booked) -> Office:
    return couple_booked.office


# What is told, wherever it is told


def asked(booked: Booked, file: str = "") -> str:
    route = "/v1/bookings/{code}" + file
    headers = {"Authorization": f"Bearer {booked.token}"}
    answer = Client(handler)("GET", route, code=booked.booking.code, headers=headers)
    assert answer.status == 200, answer
    return answer.body


def shown(booked: Booked) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(asked(booked))
    return told


def orders(booked: Booked) -> Iterator[MessageOrder]:
    code, version = booked.booking.code, booked.booking.version
    yield MessageOrder(code, Kind.CONFIRMATION, str(version))
    yield MessageOrder(code, Kind.MOVED, str(version))
    yield MessageOrder.reminder(code, TUESDAY)


def mailed(booked: Booked, world: World) -> Iterator[tuple[EmailMessage, str]]:
    """Yield every message as it would be sent at this moment: the mail, and the SMS."""
    for order in orders(booked):
        before = world.client.snapshot()
        with providers() as (provider, _):
            assert sent(order.body) == []
            (mail,) = provider.mails
        world.client.restore(before)
        with providers(EMAIL="off", SMS="on") as (provider, _):
            assert sent(order.body) == []
            (text,) = provider.taken
        world.client.restore(before)
        yield mail, text["Message"]


def rosters(office_id: str) -> Iterator[str]:
    tickets = day_tickets(office_id, TUESDAY, deadline())
    slots = slots_between(office_id, TUESDAY, TUESDAY, deadline())
    roster = roster_of(get_office(office_id, deadline()), TUESDAY, tickets, slots, clock.now())
    yield as_csv(roster).decode()
    yield as_json(roster).decode()


COME = re.compile(
    r"Datang pukul|Come at|Tunjukkan|Show the code|CONFIRMED|PUBLISH|VALARM|08\.00"
    r"|Pengingat|tercatat"
)
"""What is said to people who are to come, and not to others."""


def parts_of(mail: EmailMessage) -> Iterator[str]:
    yield mail["Subject"]
    for part in mail.walk():
        if part.get_content_maintype() in ("text", "image") and part.get_content_subtype() != "png":
            content = part.get_content()
            yield content if isinstance(content, str) else content.decode()


@EVERY_WAY
def test_nothing_says_come_while_it_is_closed_and_everything_does_when_it_is_open_again(
    way: Way, couple_booked: Booked, office: Office, world: World
) -> None:
    way.close(office)
    world.time.forward(seconds=10)
    assert_closed(couple_booked, world, way.by)
    way.open(office)
    world.time.forward(seconds=10)
    assert_open(couple_booked, world)


def assert_closed(
    booked: Booked, world: World, by: ClosedBy, *, is_open: bool | None = None
) -> None:
    told = shown(booked)
    is_open = by is ClosedBy.DAY if is_open is None else is_open
    may = ["reschedule", "cancel"] if is_open else ["cancel"]
    assert told["closed"] == {"by": by, "reason": WHY, "may": may}
    assert told["status"] == "booked"
    assert (told["position"], told["estimate"]) == (None, None)
    proof, entry = asked(booked, "/proof.svg"), asked(booked, "/calendar.ics")
    for text in (proof, entry):
        assert not COME.search(text)
        assert "TUTUP" in text
        assert WHY in text
    for mail, short in mailed(booked, world):
        assert mail["Subject"] == "Kantor tutup, jangan datang: Selasa, 24 November 2026"
        for text in (*parts_of(mail), short):
            assert not COME.search(text), text
        assert WHY in "".join(parts_of(mail))
        assert "TUTUP" in short
        assert attached(mail).keys() == {"calendar.ics"}
    for text in rosters(booked.office.office_id):
        assert text.count(f"TUTUP: {WHY}") == 2, "each of the couple"


def assert_open(booked: Booked, world: World) -> None:
    told = shown(booked)
    assert told["closed"] is None
    assert told["position"] is not None
    for text in (asked(booked, "/proof.svg"), asked(booked, "/calendar.ics")):
        assert COME.search(text)
        assert "TUTUP" not in text
    for mail, short in mailed(booked, world):
        assert all(COME.search(text) for text in parts_of(mail))
        assert "08.00" in short
        assert attached(mail).keys() == {"calendar.ics", "bukti-antrean.svg"}
    assert not any("TUTUP" in text for text in rosters(booked.office.office_id))


def attached(mail: EmailMessage) -> dict[str | None, Any]:
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()}


@given(st.lists(st.tuples(st.sampled_from([*WAYS]), st.booleans()), min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_whatever_closes_and_opens_it_in_whatever_order_all_say_what_the_day_is(
    steps: list[tuple[str, bool]],
) -> None:
    with in_memory() as world:
        office = world.has_office(open_days=3)
        party = people(2)
        made = book(a_request(1, *party, start="0800", contact=Contact(PHONE, EMAIL)), deadline())
        for name, closes in steps:
            way = WAYS[name]
            way.close(office) if closes else way.open(office)
            world.time.forward(seconds=10)
            forget()
            slot = get_slot(made.booking.ref, deadline())
            assert slot
            now = get_office(office.office_id, deadline())
            if slot.state is SlotState.CLOSED:
                assert_closed(made, world, ClosedBy.DAY, is_open=now.status is OfficeStatus.OPEN)
            elif now.status is not OfficeStatus.OPEN:
                assert_closed(made, world, ClosedBy.OFFICE)
            else:
                assert_open(made, world)


def test_each_entry_replaces_the_one_before_in_a_calendar(
    couple_booked: Booked, office: Office, world: World
) -> None:
    def made() -> int:
        world.time.forward(seconds=10)
        (sequence,) = re.findall(r"\nSEQUENCE:(\d+)", asked(couple_booked, "/calendar.ics"))
        return int(sequence)

    sequences = [made()]
    for way in (WAYS["a_holiday"], WAYS["suspended"], WAYS["a_holiday"]):
        way.close(office)
        sequences.append(made())
        way.open(office)
        sequences.append(made())
    assert sequences == sorted(set(sequences))


def test_a_window_that_is_gone_is_a_closed_one(couple_booked: Booked) -> None:
    key = SlotItem.keyed(couple_booked.booking.ref)
    saved = SlotItem.get(key.pk, key.sk)
    saved.delete()
    try:
        assert shown(couple_booked)["closed"]["by"] == "day"
        assert shown(couple_booked)["closed"]["reason"] is None
    finally:
        saved.save()


def test_other_windows_of_a_day_are_not_closed_with_one(
    couple_booked: Booked, office: Office
) -> None:
    other = book(a_request(7, start="0900"), deadline())
    closure(office, closed=True, start="0800")
    forget()
    assert shown(other)["closed"] is None
    assert shown(couple_booked)["closed"] is not None


def test_a_repeated_request_is_told_too(couple_booked: Booked, office: Office) -> None:
    single = book(a_request(7, start="0900"), deadline())
    assert single.opened.closed is None
    closure(office, closed=True)
    forget()
    again = book(a_request(7, start="0900"), deadline())
    assert again.opened.closed == ClosedDay(ClosedBy.DAY, WHY)


def test_thousands_who_watch_cost_one_read_of_the_slot_in_five_seconds(
    couple_booked: Booked, world: World
) -> None:
    def reads() -> int:
        """How many items a look at the booking reads one by one."""
        world.client.log.clear()
        shown(couple_booked)
        return [call.operation for call in world.client.log].count("GetItem")

    shown(couple_booked)
    assert reads() == 1, "the booking alone"
    world.time.forward(seconds=6)
    assert reads() == 3, "its office and its slot too"
    assert reads() == 1


# What its holder may do


def opened(booked: Booked) -> OpenedBooking:
    forget()
    return open_booking(booked.booking.code, booked.token, deadline())


def moved(booked: Booked, day: date, start: str | None = None) -> OpenedBooking:
    return reschedule_booking(opened(booked), day, start, Overflow.NONE, deadline())


def test_off_a_closed_day_it_moves_though_it_was_moved_and_keeps_its_own_move(
    couple_booked: Booked, office: Office
) -> None:
    moved(couple_booked, TUESDAY, "0900")
    assert opened(couple_booked).changeable_until is None
    closure(office, closed=True)
    until = office.instant(WEDNESDAY, "0000")
    assert opened(couple_booked).changeable_until == until
    now = moved(couple_booked, WEDNESDAY).booking
    assert (now.ref.day, now.rescheduled, now.excused) == (WEDNESDAY, 2, 1)
    assert get_booking(now.code, deadline()) == now
    with pytest.raises(NotChangeable) as refused:
        moved(couple_booked, THURSDAY)
    assert refused.value.members == {"reason": "moved_before"}


def test_a_move_off_a_closed_day_leaves_the_holders_own(
    couple_booked: Booked, office: Office
) -> None:
    closure(office, closed=True)
    first = moved(couple_booked, WEDNESDAY, "0900")
    assert moved(couple_booked, WEDNESDAY, "0900").booking == first.booking, "a repeat"
    assert moved(couple_booked, WEDNESDAY, "1000").booking.excused == 1
    assert opened(couple_booked).changeable_until is None


def test_on_its_date_and_after_the_window_began_a_closed_day_is_left_for_any_other(
    couple_booked: Booked, office: Office, world: World
) -> None:
    closure(office, closed=True, start="0800")
    world.time.set(office.instant(TUESDAY, "0830"))
    assert moved(couple_booked, TUESDAY, "0900").booking.ref.start == "0900"
    assert opened(couple_booked).closed is None


@EVERY_WAY
def test_a_closed_day_is_cancelled_until_its_date_is_over(
    way: Way, couple_booked: Booked, office: Office, world: World
) -> None:
    way.close(office)
    world.time.set(office.instant(WEDNESDAY, "0000") - timedelta(seconds=1))
    assert (
        cancel_booking(opened(couple_booked), deadline()).booking.status is BookingStatus.CANCELLED
    )


@EVERY_WAY
def test_when_the_date_is_over_nothing_may_be_done(
    way: Way, couple_booked: Booked, office: Office, world: World
) -> None:
    way.close(office)
    world.time.set(office.instant(WEDNESDAY, "0000"))
    with pytest.raises(NotChangeable):
        cancel_booking(opened(couple_booked), deadline())
    closed = shown(couple_booked)["closed"]
    assert closed == ({"by": "day", "reason": WHY, "may": []} if way.by is ClosedBy.DAY else None)


def test_who_waits_in_the_hall_as_it_closes_moves_and_waits_no_more(
    couple_booked: Booked, office: Office, world: World
) -> None:
    world.time.set(office.instant(TUESDAY, "0805"))
    party_checked_in(office, couple_booked.booking)
    closure(office, closed=True)
    assert moved(couple_booked, WEDNESDAY).booking.ref.day == WEDNESDAY
    assert next_called(office, "1", "k").ticket is None


def test_who_was_called_before_it_closed_had_their_day(
    couple_booked: Booked, office: Office, world: World
) -> None:
    world.time.set(office.instant(TUESDAY, "0805"))
    party_checked_in(office, couple_booked.booking)
    next_called(office, "1", "k")
    closure(office, closed=True)
    with pytest.raises(NotChangeable) as refused:
        moved(couple_booked, WEDNESDAY)
    assert refused.value.members == {"reason": "too_late"}
    with pytest.raises(NotChangeable) as refused:
        cancel_booking(opened(couple_booked), deadline())
    assert refused.value.members == {"reason": "too_late"}
    assert shown(couple_booked)["closed"] is None


def test_a_decision_takes_the_slot_as_it_is_and_not_as_it_was_watched(
    couple_booked: Booked, office: Office
) -> None:
    assert shown(couple_booked)["closed"] is None
    closure(office, closed=True)
    held = open_booking(couple_booked.booking.code, couple_booked.token, deadline())
    assert held.closed == ClosedDay(ClosedBy.DAY, WHY)


def test_a_cancelled_booking_is_told_to_its_contact_once(
    couple_booked: Booked, world: World
) -> None:
    cancelled = cancel_booking(opened(couple_booked), deadline()).booking
    order = MessageOrder.cancelled(cancelled.code, cancelled.version)
    with providers() as (provider, _):
        assert sent(order.body, order.body) == []
        assert sent(order.body) == []
        (mail,) = provider.mails
    assert mail["Subject"] == "Antrean paspor Anda dibatalkan: Selasa, 24 November 2026"
    assert not any(COME.search(text) for text in parts_of(mail))
    assert attached(mail).keys() == {"calendar.ics"}
    assert "METHOD:CANCEL" in attached(mail)["calendar.ics"]
    stale = MessageOrder.cancelled(cancelled.code, cancelled.version - 1)
    with providers() as (provider, _):
        assert sent(stale.body) == []
        assert provider.taken == []
