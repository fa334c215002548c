"""The sweeper: returned places come on offer again, and numbers that nobody filed come back."""

from datetime import timedelta
from typing import Any

import pytest

from antrean.domain.errors import Unavailable
from antrean.domain.offices import Office
from antrean.domain.slots import KeptBack, KeptFor, Lane, Slot, SlotRef
from antrean.handlers import sweep as job
from antrean.handlers.public_api import handler as public
from antrean.handlers.sweep import handler, sweep
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import connect
from antrean.store.items.job_cursor import get_cursor
from antrean.store.items.office import OfficeItem
from antrean.store.items.returned_place import Return, ReturnItem, due_returns
from antrean.store.writes.claim import claim
from antrean.store.writes.open_slots import open_slots
from antrean.store.writes.sweep import GRACE
from operations.invariants import check_invariants
from tests.engines.errors import throttled
from tests.support.gateway import Client, Context
from tests.support.people import TUESDAY, an_office, booking_json, key, person
from tests.support.stored import slot_now
from tests.support.worlds import World, deadline

api = Client(public)
EIGHT = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")


@pytest.fixture
def office(world: World) -> Office:
    """Kotabumi with two days open; a returned place comes on offer ten minutes later."""
    return world.has_office(open_days=2, reoffer_after=(600, 600))


def run() -> dict[str, int]:
    done = handler({}, Context())
    assert check_invariants(deadline()) == []
    return done


def booking_made(number: int) -> dict[str, Any]:
    headers = {"Idempotency-Key": key(number)}
    answer = api("POST", "/v1/bookings", headers=headers, body=booking_json(person(number)))
    assert answer.status == 201, answer
    booking: dict[str, Any] = answer.json
    return booking


def cancelled(number: int) -> None:
    booking = booking_made(number)
    headers = {"Authorization": f"Bearer {booking['token']}"}
    assert api("DELETE", "/v1/bookings/{code}", code=booking["code"], headers=headers).status == 200


def left_behind(places: int, ref: SlotRef = EIGHT) -> None:
    """Claim and never file, as a process that died between the two."""
    assert claim(ref, places, clock.epoch(), deadline())


def test_with_nothing_to_do_it_says_so(office: Office) -> None:
    assert run() == {"OfferedAgain": 0, "GivenBack": 0, "OfficesSwept": 1}


def test_a_returned_place_comes_on_offer_at_its_time_and_once(office: Office, world: World) -> None:
    cancelled(1)
    world.time.forward(seconds=599)
    assert run()["OfferedAgain"] == 0
    assert slot_now(EIGHT).remaining == 3
    world.time.forward(seconds=1)
    assert run()["OfferedAgain"] == 1
    assert slot_now(EIGHT).remaining == 4
    assert run()["OfferedAgain"] == 0
    assert slot_now(EIGHT).remaining == 4


def test_a_place_that_is_offered_again_is_sold_under_a_new_number(
    office: Office, world: World
) -> None:
    cancelled(1)
    world.time.forward(seconds=600)
    run()
    assert [ticket["number"] for ticket in booking_made(2)["tickets"]] == [2]


def test_numbers_nobody_filed_come_back_after_the_grace(office: Office, world: World) -> None:
    booking_made(1)
    left_behind(2)
    assert run()["GivenBack"] == 0
    world.time.forward(seconds=GRACE - 1)
    assert run()["GivenBack"] == 0
    world.time.forward(seconds=1)
    assert run()["GivenBack"] == 2
    assert slot_now(EIGHT).remaining == 3
    assert check_invariants(deadline(), quiet=True) == []
    assert run()["GivenBack"] == 0


def test_more_than_a_page_of_places_comes_on_offer_in_one_run(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PAGE", 2)
    for number in range(1, 6):
        cancelled(number)
    world.time.forward(seconds=600)
    assert run()["OfferedAgain"] == 5


def test_places_of_yesterday_and_of_the_last_open_day_are_swept(world: World) -> None:
    world.has_office()
    refs = [EIGHT._replace(day=TUESDAY + timedelta(days=days)) for days in (-2, 91)]
    open_slots([Slot(ref, "0900", 5, 5) for ref in refs], deadline())
    for ref in refs:
        left_behind(1, ref)
    run()
    world.time.forward(seconds=GRACE)
    assert run()["GivenBack"] == 2


def test_places_that_are_due_for_release_come_on_offer(world: World) -> None:
    world.has_office()
    at = clock.epoch() + 60
    open_slots(
        [Slot(EIGHT, "0900", 5, 2, kept_back=(KeptBack(at, 3, KeptFor.RELEASE),))], deadline()
    )
    run()
    assert slot_now(EIGHT).remaining == 2
    world.time.forward(seconds=60)
    run()
    assert slot_now(EIGHT).remaining == 5


# What goes wrong


def test_an_office_that_fails_stops_no_other(office: Office, world: World) -> None:
    world.has_office(office_id="kalianda", open_days=2)
    elsewhere = EIGHT._replace(office_id="metro")
    world.has_office(office_id="metro", open_days=2)
    left_behind(1)
    left_behind(1, elsewhere)
    broken = OfficeItem.of(an_office("kalianda"))
    broken.timezone = "Asia/Atlantis"
    broken.save()
    for _ in range(2):
        with pytest.raises(ExceptionGroup, match="not all was swept"):
            handler({}, Context())
        world.time.forward(seconds=GRACE)
    for ref in (EIGHT, elsewhere):
        assert slot_now(ref).remaining == 4


def test_a_returned_place_that_fails_stops_no_other(office: Office, world: World) -> None:
    cancelled(1)
    lost = Return(EIGHT._replace(office_id="nowhere"), 1, clock.epoch())
    ReturnItem(pk="RETURNS", sk=lost.sort_key).save()
    world.time.forward(seconds=600)
    with pytest.raises(ExceptionGroup):
        handler({}, Context())
    assert slot_now(EIGHT).remaining == 4
    assert due_returns(clock.epoch(), 10, deadline()) == [lost], "it stays, to be looked at"
    ReturnItem(pk="RETURNS", sk=lost.sort_key).delete()


class Stopping:
    """A client behind which time passes, until the table stops answering."""

    def __init__(self, world: World, seconds: float, calls: int = 10_000) -> None:
        self._world, self._seconds, self._left = world, seconds, calls
        self.meta, self._request_signer = world.client.meta, world.client._request_signer

    def _make_api_call(self, operation: str, request: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise throttled(operation)
        self._world.time.forward(seconds=self._seconds)
        return self._world.client._make_api_call(operation, request)


def test_a_run_that_has_no_more_time_goes_on_where_it_ended(world: World) -> None:
    ids = ["a", "b", "c", "d", "e"]
    for office_id in ids:
        world.has_office(office_id=office_id)
    connect(Stopping(world, seconds=1))
    first = sweep(Deadline.after(5)).offices
    stopped_at = get_cursor("sweep", deadline())
    assert 0 < first < len(ids)
    assert stopped_at == ids[first - 1]
    second = sweep(Deadline.after(5)).offices
    connect(world.client)
    assert get_cursor("sweep", deadline()) == ids[(first + second - 1) % len(ids)]


def test_a_table_that_does_not_answer_ends_the_run_and_the_next_one_does_it(
    office: Office, world: World
) -> None:
    left_behind(1)
    run()
    world.time.forward(seconds=GRACE)
    for calls in (0, 3):
        connect(Stopping(world, seconds=0, calls=calls))
        with pytest.raises((Unavailable, ExceptionGroup)):
            handler({}, Context())
        connect(world.client)
    assert run()["GivenBack"] == 1
