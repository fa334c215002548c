"""Exporting and erasing a person's data: nothing else goes, nothing is left, at whatever point
the command was cut off before it ran again."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.booking.book import Booked, book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.domain.codes import person_hash
from antrean.domain.errors import KeyReused, Unavailable
from antrean.rosters import storage
from antrean.runtime.registry import forget
from antrean.store.dynamodb import connect
from antrean.store.items.ticket import TicketItem
from operations.erase_person import Erased, StillLive, erase
from operations.invariants import check_invariants
from operations.person_data import export
from tests.engines.faults import Faults, every_fault_point
from tests.support.people import TUESDAY, a_request, people, person
from tests.support.stored import records_of
from tests.support.worlds import SECRET, TABLE, World, deadline, in_memory

OPERATOR = "an operator"
CHILD = date(2015, 5, 5)


@dataclass(slots=True)
class Rosters:
    """The rosters' folders, and what was done to them, in order."""

    folders: set[tuple[str, date]] = field(default_factory=set)
    done: list[tuple[str, date]] = field(default_factory=list)

    def delete_day(self, office_id: str, day: date) -> int:
        self.folders.discard((office_id, day))
        self.done.append(("deleted", day))
        return 0

    def publish(self, office_id: str, day: date) -> None:
        self.folders.add((office_id, day))
        self.done.append(("published", day))


@pytest.fixture
def world() -> Iterator[World]:
    with in_memory() as world:
        yield world
        assert check_invariants(deadline()) == []


@pytest.fixture
def rosters(monkeypatch: pytest.MonkeyPatch) -> Rosters:
    fake = Rosters()
    monkeypatch.setattr(storage, "delete_day", fake.delete_day)
    return fake


def hash_of(number: int) -> str:
    return person_hash(SECRET.encode(), person(number).nik)


def taken_out(rosters: Rosters, number: int = 1, **options: Any) -> Erased:
    return erase(hash_of(number), OPERATOR, deadline(), rosters.publish, **options)


def a_family_in_the_past(world: World) -> Booked:
    """Person 1, person 2 and person 1's child had a ticket on Tuesday; it is Thursday."""
    world.has_office(open_days=9)
    child = person(3, CHILD, guardian_name=person(1).name)
    made = book(a_request(1, *people(2), child, start="0800"), deadline())
    world.time.forward(days=3)
    forget()
    return made


def text(world: World) -> str:
    """Everything in the table, the record too, as one text."""
    return json.dumps(world.client.items(TABLE))


def traces(world: World, number: int = 1) -> list[str]:
    """What of a person stands anywhere in the table."""
    who = person(number)
    return [fact for fact in (who.nik, who.name, hash_of(number)) if fact in text(world)]


def test_a_person_is_erased_and_the_family_stays(world: World, rosters: Rosters) -> None:
    made = a_family_in_the_past(world)
    rosters.folders.add(("kotabumi", TUESDAY))
    others = traces(world, 2)
    assert len(others) == len(traces(world)) == 3, "NIK, name and hash"
    assert taken_out(rosters) == Erased(bookings=1, tickets=1, days=1)
    assert traces(world) == [], "the child's guardian's name went, too"
    assert traces(world, 2) == others
    held = open_booking(made.booking.code, made.token, deadline())
    assert held.booking.names == ("", person(2).name, person(3, CHILD).name)
    assert held.booking.contact == made.booking.contact
    assert rosters.folders == set(), "a past day's roster is not made again"
    [record] = records_of("PRIVACY")
    assert record.entry.who == OPERATOR
    assert record.entry.after == {"office_id": "kotabumi", "tickets": 1}


def test_the_contact_goes_with_the_last_of_a_booking(world: World, rosters: Rosters) -> None:
    world.has_office(open_days=9)
    made = book(a_request(1, *people(2)), deadline())
    world.time.forward(days=3)
    taken_out(rosters, 1)
    assert made.booking.contact.phone in text(world)
    taken_out(rosters, 2)
    assert made.booking.contact.phone not in text(world)
    assert taken_out(rosters, 2) == Erased(0, 0, 0), "there is nothing left to find"
    assert len(records_of("PRIVACY")) == 2


def test_a_live_booking_is_told_of_and_cancelled_when_asked(world: World, rosters: Rosters) -> None:
    world.has_office(open_days=9)
    made = book(a_request(1, *people(2)), deadline())
    before = text(world)
    with pytest.raises(StillLive, match="CANCEL=1"):
        taken_out(rosters)
    assert text(world) == before
    taken_out(rosters, cancel=True)
    assert traces(world) == []
    assert hash_of(2) in text(world), "on the cancelled booking"
    assert open_booking(made.booking.code, made.token, deadline()).booking.status == "cancelled"
    assert rosters.done == [("deleted", TUESDAY), ("published", TUESDAY)]


def test_on_the_day_itself_it_waits_until_the_day_is_over(world: World, rosters: Rosters) -> None:
    world.has_office(open_days=9)
    book(a_request(1, start="0800"), deadline())
    world.time.forward(days=1, hours=2)
    with pytest.raises(StillLive, match="day is over"):
        taken_out(rosters, cancel=True)
    world.time.forward(days=1)
    taken_out(rosters, cancel=True)
    assert traces(world) == []


def test_a_cancelled_booking_is_found_too(world: World, rosters: Rosters) -> None:
    world.has_office(open_days=9)
    made = book(a_request(1), deadline())
    cancel_booking(open_booking(made.booking.code, made.token, deadline()), deadline())
    assert traces(world) != []
    taken_out(rosters)
    assert traces(world) == []


def test_a_repeat_of_the_erased_request_does_not_bring_the_person_back(
    world: World, rosters: Rosters
) -> None:
    world.has_office(open_days=9)
    request = a_request(1)
    book(request, deadline())
    world.time.forward(days=3)
    taken_out(rosters)
    with pytest.raises(KeyReused):
        book(request, deadline())
    assert traces(world) == []


def test_whatever_fails_the_next_run_ends_it(rosters: Rosters) -> None:
    """Every call of the command broken in every way, and the command run again."""
    with in_memory() as world:
        a_family_in_the_past(world)
        again = a_request(2, person(1), day=world.today(world.has_office()) + timedelta(days=1))
        booked = book(again, deadline())
        image, since = world.client.snapshot(), world.time.instant

        def scenario(faults: Faults) -> None:
            connect(world.client)
            world.client.restore(image)
            world.time.instant = since
            rosters.folders = {("kotabumi", TUESDAY), ("kotabumi", booked.booking.ref.day)}
            connect(faults.wrap(world.client))
            with faults.armed(), suppress(Unavailable):
                taken_out(rosters, cancel=True)
            connect(world.client)
            assert check_invariants(deadline()) == [], "at whatever point it was cut off"
            taken_out(rosters, cancel=True)
            faults.deliver()
            taken_out(rosters, cancel=True)
            assert check_invariants(deadline()) == []
            assert traces(world) == []
            assert rosters.folders == {("kotabumi", booked.booking.ref.day)}
            assert len(records_of("PRIVACY")) == 2, "one of each booking"

        assert len(every_fault_point(scenario)) > 50
        connect(world.client)


def test_an_export_holds_what_is_kept_of_the_person_and_of_nobody_else(world: World) -> None:
    made = a_family_in_the_past(world)
    told = export(hash_of(1), deadline())
    [booking], [ticket] = told["bookings"], told["tickets"]
    assert (booking["names"], booking["party"]) == ([person(1).name], 3)
    assert booking["contact"]["phone"] == made.booking.contact.phone
    assert (ticket["nik"], ticket["number"]) == (person(1).nik, "R0800-001")
    written = json.dumps(told)
    assert person(2).nik not in written
    assert person(2).name not in written
    world.time.forward(days=90)
    assert export(hash_of(1), deadline())["bookings"] == []
    assert export(hash_of(1), deadline())["tickets"] == []
    assert TicketItem.count(f"DAY#kotabumi#{TUESDAY}") == 3, "not removed yet"
