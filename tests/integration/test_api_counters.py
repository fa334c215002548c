"""The working day over HTTP, with no more than the template's policies allow."""

import json
from typing import Any

import pytest

from antrean.days.move_day import begin_move
from antrean.domain.audit import Author
from antrean.domain.offices import Office
from antrean.handlers import mark_no_shows, move_day, public_api, staff_api
from antrean.runtime.registry import forget
from tests.support.gateway import Answer, Client, Context, signed_in
from tests.support.people import PHONE, TUESDAY, applicant_json, booking_json, key, people, person
from tests.support.worlds import World, deadline

applicants, desk = Client(public_api.handler), Client(staff_api.handler)
ROUTE = "/v1/staff/offices/{office_id}"
CALL = {"counter": "A-1", "lanes": ["priority", "regular"]}


@pytest.fixture
def office(world: World) -> Office:
    return world.has_office(open_days=5)


def booked(number: int, window: str = "08:00", party: int = 1) -> dict[str, Any]:
    body = booking_json(*people(party, first=10 * number), window=window)
    answer = applicants("POST", "/v1/bookings", body=body, headers={"Idempotency-Key": key(number)})
    assert answer.status == 201
    told: dict[str, Any] = answer.json
    return told


def at(world: World, office: Office, hhmm: str) -> None:
    world.time.set(office.instant(TUESDAY, hhmm))
    forget()


def asks(what: str, body: dict[str, Any], number: int | None = None, **path: str) -> Answer:
    headers = {"Idempotency-Key": key(number)} if number else {}
    path |= {"office_id": "kotabumi"}
    claims = signed_in("office:kotabumi")
    return desk("POST", f"{ROUTE}/{what}", body=body, headers=headers, path=path, claims=claims)


def notes(label: str, outcome: str) -> Answer:
    day, body = TUESDAY.isoformat(), {"outcome": outcome}
    return asks("tickets/{date}/{label}/outcome", body, date=day, label=label)


def test_from_check_in_to_served(world: World, office: Office) -> None:
    booking = booked(1, party=2)
    at(world, office, "0805")
    present = asks("check-ins", {"code": f"ANTREAN:{booking['code']}"})
    assert (present.status, present.headers["cache-control"]) == (200, "no-store")
    assert present.json["window"] == {"start": "08:00", "end": "09:00"}
    assert [one["state"] for one in present.json["tickets"]] == ["checked_in", "checked_in"]
    at(world, office, "0812")
    called = asks("call-next", CALL, 1)
    assert called.json["ticket"] | {"notes": ""} == {
        "label": "R0800-001",
        "state": "called",
        "name": person(10).name,
        "note": None,
        "priority_ground": None,
        "walk_in": False,
        "counter": "A-1",
        "checked_in_at": "2026-11-24T08:05:00+07:00",
        "called_at": "2026-11-24T08:12:00+07:00",
        "finished_at": None,
        "notes": "",
    }
    assert asks("call-next", CALL, 1).body == called.body
    busy = asks("call-next", CALL, 2)
    assert (busy.status, busy.problem, busy.json["label"]) == (409, "counter-busy", "R0800-001")
    assert asks("recall", {"counter": "A-1"}, 3).json["calls"] == 2
    assert notes("R0800-001", "served").json["state"] == "served"
    assert notes("r0800 001", "no_show").problem == "wrong-state"
    assert notes("R0800-002", "no_show").json["state"] == "no_show"
    assert asks("call-next", CALL, 4).json == {"counter": "A-1", "calls": 0, "ticket": None}
    assert asks("recall", {"counter": "A-1"}, 5).problem == "nothing-called"


def test_a_number_that_gives_way_and_comes_after_all(world: World, office: Office) -> None:
    booking = booked(1, party=2)
    at(world, office, "0805")
    asks("check-ins", {"code": booking["code"]})
    asks("call-next", CALL, 1)
    for press in (2, 3):
        asks("recall", {"counter": "A-1"}, press)
    assert asks("call-next", CALL, 4).json["ticket"]["label"] == "R0800-002"
    late = {"code": booking["code"], "labels": ["R0800-001"], "late": True}
    assert asks("check-ins", late).json["tickets"][0]["state"] == "checked_in"
    assert notes("R0800-001", "no_show").json["state"] == "no_show"
    body = booking_json(person(10), window="09:00")
    again = applicants("POST", "/v1/bookings", body=body, headers={"Idempotency-Key": key(5)})
    assert again.status == 201
    refused = asks("check-ins", late)
    assert (refused.status, refused.problem) == (409, "already-booked")
    assert refused.json["labels"] == ["R0800-001"]


def test_a_walk_in_is_given_a_number_of_a_window_that_runs(world: World, office: Office) -> None:
    at(world, office, "0830")
    body = {"applicant": applicant_json(person(7)), "contact": {"phone": PHONE}}
    first, again = asks("walk-ins", body, 7), asks("walk-ins", body, 7)
    assert (first.status, again.status, again.body) == (201, 200, first.body)
    assert (first.json["ticket"]["label"], first.json["ticket"]["walk_in"]) == ("R0800-001", True)
    bearer = {"Authorization": f"Bearer {first.json['token']}"}
    seen = applicants("GET", "/v1/bookings/{code}", code=first.json["code"], headers=bearer)
    assert seen.status == 200
    body["applicant"] |= {"nik": "12"}
    assert asks("walk-ins", body, 8).pointers == ["/applicant/nik"]
    assert asks("walk-ins", body | {"lane": "express"}, 9).status == 422


@pytest.mark.parametrize(
    ("what", "body", "pointer"),
    [
        ("call-next", {"counter": "#1", "lanes": ["regular"]}, "/counter"),
        ("call-next", {"counter": "1", "lanes": ["regular", "regular"]}, "/lanes"),
        ("call-next", {"counter": "1", "lanes": []}, "/lanes"),
        ("recall", {}, "/counter"),
        ("check-ins", {}, "/code"),
    ],
)
def test_a_request_that_says_too_little_is_told_where(
    office: Office, what: str, body: dict[str, Any], pointer: str
) -> None:
    assert asks(what, body, 1).pointers == [pointer]


def test_who_is_checked_in_cancels_is_moved_or_is_noted_absent(
    world: World, office: Office
) -> None:
    cancels, moves, absent = booked(1, "09:00"), booked(2, "09:00"), booked(3, "08:00")
    at(world, office, "0830")
    for booking in (cancels, moves):
        assert asks("check-ins", {"code": booking["code"]}).status == 200
    bearer = {"Authorization": f"Bearer {cancels['token']}"}
    code = {"code": cancels["code"]}
    assert applicants("DELETE", "/v1/bookings/{code}", headers=bearer, path=code).status == 200
    author = Author("admin", "request")
    begun = begin_move(office, TUESDAY, None, "0900", "Banjir", author, deadline())
    move = {"office_id": "kotabumi", "scope": begun.scope}
    record = {"messageId": "1", "body": json.dumps(move)}
    move_day.handler({"Records": [record]}, Context())
    booked_anew = asks("check-ins", {"code": moves["code"]})
    assert booked_anew.problem == "wrong-day"
    at(world, office, "1000")
    body = {"applicant": applicant_json(person(7)), "contact": {"phone": PHONE}}
    assert asks("walk-ins", body, 7).status == 201  # so that somebody is there
    assert mark_no_shows.handler({}, Context())["NoShows"] == 1
    assert asks("check-ins", {"code": absent["code"]}).problem == "too-late"
    assert asks("check-ins", {"code": absent["code"], "late": True}).status == 200
