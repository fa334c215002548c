"""The public API's offices and their calendars."""

from dataclasses import replace
from typing import Any

import pytest

from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.handlers.public_api import handler
from antrean.runtime.registry import forget
from antrean.store.writes.open_slots import open_slots
from tests.support.gateway import Answer, Client
from tests.support.people import TUESDAY, an_office, booking_json, key, person
from tests.support.worlds import World, deadline

api = Client(handler)

OFFICES = "/v1/offices"
OFFICE = "/v1/offices/{office_id}"
AVAILABILITY = "/v1/offices/{office_id}/availability"


@pytest.fixture(autouse=True)
def office(world: World) -> Office:
    """Kotabumi, with Tuesday and Wednesday open."""
    for office_id, status in (("kalianda", "preparing"), ("metro", "suspended")):
        world.has_office(
            office_id=office_id, status=OfficeStatus(status), status_reason=f"why {office_id}"
        )
    return world.has_office(open_days=3)


def calendar(office_id: str = "kotabumi", **query: str) -> Answer:
    asked = {"from_": "from"}
    return api(
        "GET",
        AVAILABILITY,
        office_id=office_id,
        query={asked.get(name, name): value for name, value in query.items()},
    )


def day(**query: str) -> Any:
    found = calendar(days="1", from_="2026-11-24", **query)
    assert found.status == 200, found
    [only] = found.json["days"]
    return only


def test_offices_are_listed_with_their_status() -> None:
    answer = api("GET", OFFICES)
    assert answer.status == 200
    found = {office["office_id"]: office for office in answer.json["offices"]}
    assert list(found) == ["kalianda", "kotabumi", "metro"]
    assert found["kalianda"]["status_reason"] == "why kalianda"
    assert {name: each["status"] for name, each in found.items()} == {
        "kalianda": "preparing",
        "kotabumi": "open",
        "metro": "suspended",
    }
    assert answer.json["next"] is None


def test_offices_are_paged_and_each_comes_once() -> None:
    names: list[str] = []
    query = {"limit": "1"}
    for _ in range(3):
        page = api("GET", OFFICES, query=query).json
        names += [office["office_id"] for office in page["offices"]]
        query = {"limit": "1", "cursor": page["next"]}
    assert names == ["kalianda", "kotabumi", "metro"]
    assert page["next"] is None
    assert api("GET", OFFICES, query={"limit": "3"}).json["next"] is None
    for wrong in ({"limit": "0"}, {"limit": "201"}, {"cursor": "no cursor"}, {"cursor": "_w"}):
        assert api("GET", OFFICES, query=wrong).pointers == [f"query:{next(iter(wrong))}"]


FOUND: list[tuple[dict[str, str], list[str]]] = [
    ({"q": "KOTA"}, ["kotabumi"]),
    ({"province": "lampung", "q": "metro"}, ["metro"]),
    ({"province": "Aceh"}, []),
    ({"q": "kota", "unknown": "x"}, ["kotabumi"]),
    ({"q": "   "}, ["kalianda", "kotabumi", "metro"]),
]


def test_offices_are_found() -> None:
    for query, found in FOUND:
        answer = api("GET", OFFICES, query=query)
        assert [office["office_id"] for office in answer.json["offices"]] == found, query


def test_an_office_says_what_it_is() -> None:
    shown = api("GET", OFFICE, office_id="kotabumi").json
    assert (
        shown.items()
        >= {
            "office_id": "kotabumi",
            "name": "Kantor Imigrasi Kotabumi",
            "office_class": "Kelas III Non TPI",
            "city": "Kotabumi",
            "province": "Lampung",
            "timezone": "Asia/Jakarta",
            "status": "open",
            "status_reason": None,
            "daily_quota": 20,
            "quota_basis": "assumed",
            "next_release": None,
        }.items()
    )


def test_an_unknown_office_is_not_found_and_not_repeated() -> None:
    for office_id in ("bandung", "Kotabumi", "kota bumi", "a/b", "%", "\u00e9"):
        for route in (OFFICE, AVAILABILITY):
            answer = api("GET", route, office_id=office_id)
            assert (answer.status, answer.problem) == (404, "not-found"), office_id
            assert office_id not in answer.json["detail"]


def test_an_overlong_office_is_a_wrong_request() -> None:
    assert api("GET", OFFICE, office_id="x" * 65).problem == "invalid-request"


def test_a_day_is_told_with_its_windows() -> None:
    api(
        "POST",
        "/v1/bookings",
        headers={"Idempotency-Key": key(1)},
        body=booking_json(person(1)),
    )
    found = day()
    assert {name: found[name] for name in ("date", "state", "reason", "release_at")} == {
        "date": "2026-11-24",
        "state": "open",
        "reason": None,
        "release_at": None,
    }
    assert (found["quota"], found["remaining"]) == (20, 19)
    assert [window["start"] for window in found["windows"]] == [
        "08:00",
        "09:00",
        "10:00",
        "11:00",
        "13:00",
        "14:00",
    ]
    assert found["windows"][0] == {
        "start": "08:00",
        "end": "09:00",
        "state": "open",
        "quota": 4,
        "remaining": 3,
        "release_at": None,
    }


def test_without_questions_the_calendar_begins_today_and_has_thirty_days() -> None:
    answer = calendar()
    body = answer.json
    assert {name: body[name] for name in ("office_id", "timezone", "lane", "party")} == {
        "office_id": "kotabumi",
        "timezone": "Asia/Jakarta",
        "lane": "regular",
        "party": 1,
    }
    assert len(body["days"]) == 30
    assert body["days"][0]["date"] == "2026-11-23"
    assert [each["state"] for each in body["days"][:4]] == ["open", "open", "open", "closed"]
    assert body["days"][3]["reason"] == "not_open_yet"
    assert body["days"][5]["reason"] == "no_service_day"


def test_today_is_the_offices_today(world: World) -> None:
    world.time.set(world.time.instant.replace(hour=15, minute=30))
    world.has_office(office_id="jayapura", timezone="Asia/Jayapura")
    assert calendar().json["days"][0]["date"] == "2026-11-23"
    assert calendar("jayapura").json["days"][0]["date"] == "2026-11-24"


def test_a_party_needs_room_together() -> None:
    assert day(party="4")["state"] == "open"
    assert day(party="5")["state"] == "full"


def test_lanes_are_asked_apart(office: Office) -> None:
    ref = SlotRef("kotabumi", TUESDAY, Lane.PRIORITY, "0800")
    open_slots([Slot(ref, "0900", 2, 2)], deadline())
    assert day(lane="priority")["quota"] == 2
    assert day(lane="express")["state"] == "closed"


def test_a_time_of_release_is_told_with_the_offices_offset(world: World, office: Office) -> None:
    ref = SlotRef("kotabumi", TUESDAY, Lane.PRIORITY, "0800")
    at = int(world.time.seconds()) + 3_600
    open_slots([Slot(ref, "0900", 2, 2, release_at=at)], deadline())
    found = day(lane="priority")
    assert (found["state"], found["release_at"]) == ("not_released", "2026-11-23T08:00:00+07:00")
    assert found["windows"][0]["release_at"] == "2026-11-23T08:00:00+07:00"


def test_an_office_that_is_not_open_has_no_open_day() -> None:
    for office_id, reason in (("kalianda", "office_preparing"), ("metro", "office_suspended")):
        days = calendar(office_id).json["days"]
        assert {(each["state"], each["reason"]) for each in days} == {("closed", reason)}


def test_dates_that_passed_are_past_and_not_refused() -> None:
    days = calendar(from_="2026-11-20", days="4").json["days"]
    assert [each["state"] for each in days] == ["past", "past", "past", "open"]


WRONG = [
    ({"from_": "yesterday"}, "query:from"),
    ({"from_": "0"}, "query:from"),
    ({"from_": "2026-11-24T00:00:00Z"}, "query:from"),
    ({"from_": "9999-12-31"}, "query:from"),
    ({"from_": "0001-01-01"}, "query:from"),
    ({"days": "0"}, "query:days"),
    ({"days": "93"}, "query:days"),
    ({"days": "1.5"}, "query:days"),
    ({"days": ""}, "query:days"),
    ({"lane": "vip"}, "query:lane"),
    ({"party": "0"}, "query:party"),
    ({"party": "6"}, "query:party"),
]


def test_a_wrong_question_is_named() -> None:
    for query, pointer in WRONG:
        answer = calendar(**query)
        assert (answer.status, answer.problem) == (422, "invalid-request"), query
        assert answer.pointers == [pointer]


def test_the_ends_of_the_calendar_are_no_fault() -> None:
    assert calendar(from_="2099-12-31", days="92").status == 200
    assert calendar(from_="2017-01-01", days="92").json["days"][0]["state"] == "past"


def test_month_and_year_ends_are_days_like_others(world: World) -> None:
    days = calendar(from_="2026-12-30", days="3").json["days"]
    assert [each["date"] for each in days] == ["2026-12-30", "2026-12-31", "2027-01-01"]


def test_a_change_of_an_office_is_seen_within_ten_seconds(world: World, office: Office) -> None:
    assert api("GET", OFFICES).status == 200
    world.has_office(replace(office, status=OfficeStatus.SUSPENDED))
    forget()
    assert api("GET", OFFICE, office_id="kotabumi").json["status"] == "suspended"
    api("GET", OFFICES)
    world.has_office(an_office())
    world.time.forward(seconds=10)
    assert api("GET", OFFICE, office_id="kotabumi").json["status"] == "open"
