"""The public API's bookings, from the gateway's event to the table and back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from antrean.domain.audit import AuditEntry
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.quotas import QuotaChange
from antrean.domain.slots import Lane, SlotRef
from antrean.handlers.public_api import handler
from antrean.runtime.registry import forget
from antrean.store.items.office import put_office
from antrean.store.items.slot import slots_between
from antrean.store.items.ticket import day_tickets
from antrean.store.writes.change_quotas import change_quotas
from tests.support.gateway import Answer, Client
from tests.support.people import PHONE, TUESDAY, booking_json, key, people, person
from tests.support.stored import slot_now
from tests.support.worlds import ORIGIN, World, deadline

api = Client(handler)

BOOKINGS = "/v1/bookings"
ONE = "/v1/bookings/{code}"
WEDNESDAY = "2026-11-25"


@pytest.fixture(autouse=True)
def office(world: World) -> Office:
    """Kotabumi: 8 places a day in windows of 2, 2, 1, 1, 1 and 1, for three working days."""
    return world.has_office(open_days=3, daily_quota=8)


def post(number: int = 1, body: Any = None, **more: Any) -> Answer:
    """Book with the idempotency key `number`: the person `number`, unless a body is given."""
    body = booking_json(person(number), **more) if body is None else body
    return api("POST", BOOKINGS, headers={"Idempotency-Key": key(number)}, body=body)


def booking_made(number: int = 1, **more: Any) -> dict[str, Any]:
    answer = post(number, **more)
    assert answer.status == 201, answer
    booking: dict[str, Any] = answer.json
    return booking


def asked_by_holder(method: str, booking: dict[str, Any], route: str = ONE, **more: Any) -> Answer:
    """Ask as the holder of a booking."""
    headers = {"Authorization": f"Bearer {booking['token']}"}
    return api(method, route, code=booking["code"], headers=headers, **more)


def test_a_booking_is_answered_with_all_that_its_holder_needs() -> None:
    answer = post(1, booking_json(*people(2), window="09:00"))
    assert answer.status == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    booking = answer.json
    code = booking["code"]
    assert booking == {
        "code": code,
        "token": booking["token"],
        "status": "booked",
        "office": {
            "office_id": "kotabumi",
            "name": "Kantor Imigrasi Kotabumi",
            "city": "Kotabumi",
            "timezone": "Asia/Jakarta",
        },
        "lane": "regular",
        "requested_date": "2026-11-24",
        "requested_window": "09:00",
        "date": "2026-11-24",
        "window": {"start": "09:00", "end": "10:00"},
        "moved": None,
        "tickets": [
            {
                "name": each.name,
                "number": number,
                "label": f"R0900-00{number}",
                "state": "live",
                "called": None,
                "notes": [],
            }
            for number, each in enumerate(people(2), 1)
        ],
        "arrive_at": "2026-11-24T09:00:00+07:00",
        "proof_url": f"{ORIGIN}/v1/bookings/{code}/proof.svg",
        "calendar_url": f"{ORIGIN}/v1/bookings/{code}/calendar.ics",
        "created_at": "2026-11-23T07:00:00+07:00",
        "reschedule_until": "2026-11-24T00:00:00+07:00",
        "position": None,
        "estimate": None,
        "closed": None,
    }
    assert len(code) == 11
    assert code[5] == "-"


def test_what_was_booked_is_in_the_table() -> None:
    booking_made(1)
    [ticket] = day_tickets("kotabumi", TUESDAY, deadline())
    assert ticket.applicant == person(1)


# Overflow


def test_full_windows_and_days_overflow_in_order_and_say_so() -> None:
    got = [booking_made(number, window="08:00") for number in range(1, 11)]
    places = [(each["date"][-2:], each["window"]["start"]) for each in got]
    assert places[:8] == [
        ("24", "08:00"),
        ("24", "08:00"),
        ("24", "09:00"),
        ("24", "09:00"),
        ("24", "10:00"),
        ("24", "11:00"),
        ("24", "13:00"),
        ("24", "14:00"),
    ]
    assert places[8:] == [("25", "08:00"), ("25", "08:00")]
    assert [each["moved"] for each in got[:2]] == [None, None]
    assert got[8]["moved"] == {
        "from": {"date": "2026-11-24", "window": "08:00"},
        "to": {"date": "2026-11-25", "window": "08:00"},
        "reason": "full",
        "by": "overflow",
    }
    assert got[8]["requested_date"] == "2026-11-24"
    assert got[8]["arrive_at"] == "2026-11-25T08:00:00+07:00"


def test_with_nothing_left_the_answer_says_so_and_nothing_is_taken() -> None:
    for number in range(1, 17):
        booking_made(number)
    answer = post(17)
    assert (answer.status, answer.problem) == (409, "no-places")
    assert (answer.json["state"], answer.json["next_release"]) == ("full", None)
    slots = slots_between("kotabumi", TUESDAY, TUESDAY + timedelta(days=9), deadline())
    assert sum(slot.remaining for slot in slots) == 0
    assert sum(slot.taken for slot in slots) == 16


def test_who_does_not_accept_another_date_is_refused(office: Office) -> None:
    for number in range(1, 9):
        booking_made(number)
    for overflow in ("none", "same_date"):
        answer = post(20, booking_json(person(20), overflow=overflow))
        assert (answer.status, answer.problem) == (409, "no-places")
    assert booking_made(20, overflow="next_date")["date"] == WEDNESDAY


def test_a_quota_raised_while_it_is_sold_is_sold_too(world: World) -> None:
    for number in range(1, 9):
        booking_made(number)
    ref = SlotRef("kotabumi", TUESDAY, Lane.REGULAR, "0800")
    raise_quota(ref, 5)
    world.time.forward(seconds=3)
    got = [booking_made(number)["date"] for number in range(9, 13)]
    assert got == ["2026-11-24"] * 3 + [WEDNESDAY]
    assert (slot_now(ref).quota, slot_now(ref).remaining) == (5, 0)


def raise_quota(ref: SlotRef, quota: int) -> None:
    change = AuditEntry("kotabumi", "u-1", "set quotas", None, None)
    change_quotas([QuotaChange(slot_now(ref), quota)], change, deadline(), force=False)


# The same request again


def test_a_repeat_gets_the_same_body_with_200() -> None:
    first, again = post(1), post(1)
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert len(day_tickets("kotabumi", TUESDAY, deadline())) == 1


def test_a_key_is_a_uuid_however_it_and_its_header_are_written() -> None:
    first = post(1)
    for header in (
        {"idempotency-key": key(1)},
        {"IDEMPOTENCY-KEY": key(1).upper()},
        {"Idempotency-Key": key(1).replace("-", "")},
        {"Idempotency-Key": f"urn:uuid:{key(1)}"},
    ):
        again = api("POST", BOOKINGS, headers=header, body=booking_json(person(1)))
        assert (again.status, again.json) == (200, first.json), header


def test_the_same_key_with_another_body_is_refused_and_changes_nothing() -> None:
    first = post(1)
    answer = post(1, booking_json(person(1), day=WEDNESDAY))
    assert (answer.status, answer.problem) == (422, "key-reused")
    assert post(1).json == first.json


def test_a_phone_written_otherwise_is_the_same_request() -> None:
    first = post(1, booking_json(person(1), contact={"phone": "0812-3456-7890"}))
    again = post(1, booking_json(person(1), contact={"phone": PHONE}))
    assert (first.status, again.status) == (201, 200)


def test_a_booking_needs_a_key() -> None:
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "1"}):
        answer = api("POST", BOOKINGS, headers=headers, body=booking_json(person(1)))
        assert (answer.status, answer.problem) == (422, "invalid-request")
        assert answer.pointers == ["header:idempotency-key"]


# Refusals


@pytest.mark.parametrize("status", [OfficeStatus.PREPARING, OfficeStatus.SUSPENDED])
def test_an_office_that_is_not_open_says_why(office: Office, status: OfficeStatus) -> None:
    put_office(replace(office, status=status, status_reason="Belum siap. / Not ready."), deadline())
    answer = post(1)
    assert (answer.status, answer.problem) == (409, "office-not-open")
    assert answer.json["office_status"] == status
    assert answer.json["reason"] == "Belum siap. / Not ready."


def test_a_person_with_a_live_ticket_is_refused_by_pointer(world: World) -> None:
    world.has_office(office_id="kalianda", open_days=3)
    booking_made(1)
    answer = post(2, booking_json(person(5), person(1), office_id="kalianda"))
    assert (answer.status, answer.problem) == (409, "already-booked")
    assert answer.pointers == ["/applicants/1/nik"]


def test_an_unknown_office_is_not_found() -> None:
    assert post(1, booking_json(person(1), office_id="bandung")).problem == "not-found"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"office_id": ""}, "/office_id"),
    ({"office_id": None}, "/office_id"),
    ({"day": "2026-11-22"}, "/date"),
    ({"day": "2026-02-30"}, "/date"),
    ({"day": "9999-12-31"}, "/date"),
    ({"day": 1_795_000_000}, "/date"),
    ({"window": "25:00"}, "/window"),
    ({"lane": "vip"}, "/lane"),
    ({"overflow": ""}, "/overflow"),
    ({"contact": {"phone": "021"}}, "/contact/phone"),
    ({"applicants": []}, "/applicants"),
    ({"lane": "priority"}, "/applicants/0/priority_ground"),
    ({"note": "x"}, "/note"),
]


def test_a_wrong_field_is_named() -> None:
    for changes, pointer in WRONG:
        answer = post(1, booking_json(person(1), **changes))
        assert (answer.status, answer.problem) == (422, "invalid-request"), changes
        assert answer.pointers == [pointer], changes


def test_every_wrong_field_is_named_at_once() -> None:
    body = booking_json(*people(3)) | {"date": "x", "window": "y"}
    body["applicants"][1]["nik"] = 5
    body["applicants"][2] = {"name": "x"}
    assert sorted(post(1, body).pointers) == [
        "/applicants/1/nik",
        "/applicants/2/birth_date",
        "/applicants/2/nik",
        "/date",
        "/window",
    ]


def test_one_person_twice_in_a_party_is_refused_by_pointer() -> None:
    assert post(1, booking_json(person(1), person(2), person(1))).pointers == ["/applicants/2/nik"]


# What the holder may do


def test_the_holder_reads_it_with_names_masked_and_the_people_ahead() -> None:
    first = booking_made(1)
    second = booking_made(2)
    answer = asked_by_holder("GET", second)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "private, max-age=5"
    assert answer.headers["vary"] == "Authorization"
    assert answer.json == second | {
        "token": None,
        "tickets": [second["tickets"][0] | {"name": "D*** L******"}],
        "position": {"ahead": 1, "there": None},
    }
    assert asked_by_holder("GET", first).json["position"] == {"ahead": 0, "there": None}


def as_sent(header: str, booking: dict[str, Any], name: str = "Authorization") -> dict[str, str]:
    return {name: header.replace("TOKEN", booking["token"])}


def test_without_a_bearer_token_nothing_is_shown() -> None:
    booking = booking_made(1)
    routes = [("GET", ONE), ("DELETE", ONE)]
    routes += [("GET", f"{ONE}/{name}") for name in ("proof.svg", "calendar.ics")]
    for header in ("", "Bearer", "Bearer ", "Basic TOKEN", "TOKEN", "Bearers TOKEN"):
        for method, route in routes:
            answer = api(method, route, code=booking["code"], headers=as_sent(header, booking))
            assert (answer.status, answer.problem) == (401, "unauthorised"), header
            assert answer.headers["www-authenticate"] == "Bearer"
    assert api("GET", ONE, code=booking["code"]).problem == "unauthorised"


def test_a_bearer_token_is_read_as_clients_write_it() -> None:
    booking = booking_made(1)
    for name, header in (
        ("authorization", "bearer TOKEN"),
        ("AUTHORIZATION", "BEARER TOKEN"),
        ("Authorization", "  Bearer   TOKEN  "),
    ):
        headers = as_sent(header, booking, name)
        assert api("GET", ONE, code=booking["code"], headers=headers).status == 200


def test_a_code_is_read_as_people_write_it() -> None:
    booking = booking_made(1)
    headers = {"Authorization": f"Bearer {booking['token']}"}
    for code in (
        booking["code"].lower(),
        booking["code"].replace("-", ""),
        booking["code"].replace("-", " "),
        booking["code"].replace("0", "o").replace("1", "l"),
    ):
        assert api("GET", ONE, code=code, headers=headers).json["code"] == booking["code"]


def test_an_unknown_code_is_not_found_and_not_repeated() -> None:
    headers = {"Authorization": "Bearer " + "x" * 300}
    for code in ("X9", "K7QF2-M9PXT", "3171011705900001", "%", "\u00e9" * 10, "a/b", "%zz"):
        answer = api("GET", ONE, code=code, headers=headers)
        assert (answer.status, answer.problem) == (404, "not-found")
        assert code == "%" or code not in answer.body
    assert api("GET", ONE, code="0" * 200, headers=headers).problem == "invalid-request"


def test_the_holder_cancels_and_cancels_again() -> None:
    booking = booking_made(1)
    first, again = asked_by_holder("DELETE", booking), asked_by_holder("DELETE", booking)
    assert (first.status, again.status) == (200, 200)
    assert first.json == again.json
    assert first.json["status"] == "cancelled"
    assert asked_by_holder("GET", booking).json["position"] is None
    assert asked_by_holder("GET", booking, f"{ONE}/proof.svg").problem == "not-changeable"
    assert (
        booking_made(2, applicants=booking_json(person(1))["applicants"])["code"] != booking["code"]
    )


def test_the_holder_moves_it_once() -> None:
    booking = booking_made(1)
    body = {"date": WEDNESDAY, "window": "09:00"}
    moved = asked_by_holder("POST", booking, f"{ONE}/reschedule", body=body)
    assert moved.status == 200
    assert (moved.json["date"], moved.json["window"]["start"]) == (WEDNESDAY, "09:00")
    assert moved.json["moved"]["by"] == "applicant"
    assert asked_by_holder("POST", booking, f"{ONE}/reschedule", body=body).json == moved.json
    back = asked_by_holder("POST", booking, f"{ONE}/reschedule", body={"date": "2026-11-24"})
    assert (back.status, back.problem) == (409, "not-changeable")


WRONG_MOVES: list[tuple[Any, list[str]]] = [
    ({}, ["/date"]),
    ({"date": "tomorrow"}, ["/date"]),
    ({"date": "2026-11-22"}, ["/date"]),
    ({"date": WEDNESDAY, "window": "9"}, ["/window"]),
    ({"date": WEDNESDAY, "lane": "priority"}, ["/lane"]),
    (None, [""]),
]


def test_a_wrong_move_is_told_by_its_field() -> None:
    booking = booking_made(1)
    for body, pointers in WRONG_MOVES:
        answer = asked_by_holder("POST", booking, f"{ONE}/reschedule", body=body)
        assert (answer.problem, answer.pointers) == ("invalid-request", pointers)


def test_the_proof_and_the_calendar_entry_are_the_holders() -> None:
    booking = booking_made(1)
    proof = asked_by_holder("GET", booking, f"{ONE}/proof.svg")
    entry = asked_by_holder("GET", booking, f"{ONE}/calendar.ics")
    assert (proof.status, proof.headers["content-type"]) == (200, "image/svg+xml")
    assert (entry.status, entry.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert booking["code"] in proof.body
    assert "BEGIN:VEVENT" in entry.body
    for answer in (proof, entry):
        assert answer.headers["cache-control"] == "no-store"
        assert person(1).name not in answer.body
        assert person(1).nik not in answer.body


def test_a_cancelled_entry_says_so() -> None:
    booking = booking_made(1)
    asked_by_holder("DELETE", booking)
    assert "STATUS:CANCELLED" in asked_by_holder("GET", booking, f"{ONE}/calendar.ics").body


def test_what_was_cancelled_can_be_read_where_the_office_has_stopped(office: Office) -> None:
    booking = booking_made(1)
    put_office(replace(office, status=OfficeStatus.SUSPENDED), deadline())
    forget()
    assert asked_by_holder("DELETE", booking).json["status"] == "cancelled"
    assert asked_by_holder("GET", booking).status == 200
