"""The hall display over HTTP: numbers and counters, the same for everybody, and nobody's name."""

import json

import pytest

from antrean.domain.applicants import BIRTH_DATE_DIFFERS
from antrean.domain.day import Counter, LaneState, Number, Waiting, turn_of
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.handlers.public_api import handler
from antrean.runtime.registry import forget
from antrean.store.items.counter import CounterItem
from antrean.store.items.lane_state import LaneItem
from antrean.store.items.waiting import WaitItem
from tests.support.gateway import Answer, Client
from tests.support.people import TUESDAY, booking_json, key, person
from tests.support.worlds import World

api = Client(handler)
BOARD, ONE = "/v1/offices/{office_id}/board", "/v1/bookings/{code}"


@pytest.fixture
def office(unaudited: World) -> Office:
    """Jayapura, two hours before Jakarta, at 10:00 on Tuesday."""
    office = unaudited.has_office(office_id="jayapura", timezone="Asia/Jayapura", open_days=3)
    unaudited.time.set(office.instant(TUESDAY, "1000"))
    return office


def board() -> Answer:
    answer = api("GET", BOARD, office_id="jayapura")
    assert answer.status == 200, answer
    return answer


def put(office: Office, *items: Counter | LaneState | Waiting) -> None:
    for item in items:
        if isinstance(item, Counter):
            CounterItem.of(office.office_id, TUESDAY, item).save()
        elif isinstance(item, LaneState):
            LaneItem.of(office.office_id, TUESDAY, item).save()
        else:
            WaitItem.of(office.office_id, TUESDAY, item).save()


def waiting(lane: Lane, start: str, number: int) -> Waiting:
    one = Number(lane, start, number)
    return Waiting(one, turn_of(one, "2400", start), 0)


def test_a_day_that_has_not_begun_has_no_lanes(office: Office) -> None:
    shown = board().json
    assert shown["lanes"] == []
    assert shown["date"] == "2026-11-24"
    assert shown["as_of"] == "2026-11-24T10:00:00+09:00"
    assert shown["office"]["name"] == office.name


def test_the_board_tells_who_is_served_where_and_who_waits(office: Office) -> None:
    now = int(office.instant(TUESDAY, "1000").timestamp())
    recent = tuple(range(now - 1200, now - 119, 120))
    put(
        office,
        Counter("1", Number(Lane.REGULAR, "0800", 4), now - 300, calls=1),
        Counter("2", Number(Lane.REGULAR, "0900", 1), now - 60, calls=3),
        Counter("3"),
        Counter("4", Number(Lane.PRIORITY, "0800", 2), now - 90, calls=1),
        LaneState(Lane.REGULAR, served=7, recent=recent, version=1),
        LaneState(Lane.PRIORITY, served=1, recent=recent[:2], version=1),
        waiting(Lane.REGULAR, "0900", 10),
        waiting(Lane.REGULAR, "0900", 2),
        waiting(Lane.REGULAR, "0800", 12),
    )
    regular, priority = board().json["lanes"]
    assert regular == {
        "lane": "regular",
        "now_serving": [
            {
                "label": "R0900-001",
                "counter": "2",
                "called_at": "2026-11-24T09:59:00+09:00",
                "calls": 3,
            },
            {
                "label": "R0800-004",
                "counter": "1",
                "called_at": "2026-11-24T09:55:00+09:00",
                "calls": 1,
            },
        ],
        "waiting": 3,
        "next": ["R0800-012", "R0900-002", "R0900-010"],
        "served": 7,
        "pace": {"calls_per_hour": 30.0},
    }
    assert (priority["lane"], priority["waiting"], priority["pace"]) == ("priority", 0, None)


def test_the_board_is_kept_for_three_seconds_by_all(office: Office, unaudited: World) -> None:
    assert board().headers["cache-control"] == "public, max-age=3, s-maxage=3"
    put(office, waiting(Lane.EXPRESS, "0900", 1))
    assert board().json["lanes"] == []
    unaudited.time.forward(seconds=3)
    assert [lane["next"] for lane in board().json["lanes"]] == [["E0900-001"]]


def test_an_unknown_office_has_no_board(office: Office) -> None:
    assert api("GET", BOARD, office_id="nowhere").problem == "not-found"


def test_the_board_names_nobody(office: Office) -> None:
    body = booking_json(person(1), office_id="jayapura", day="2026-11-25")
    made = api("POST", "/v1/bookings", headers={"Idempotency-Key": key(1)}, body=body).json
    office_day = office.instant(TUESDAY, "1000")
    put(office, waiting(Lane.REGULAR, "0900", 1), Counter("1", Number(Lane.REGULAR, "0900", 2)))
    text = json.dumps(board().json)
    assert office_day.date().isoformat() in text
    for secret in (person(1).name, person(1).nik, made["code"]):
        assert secret not in text


def test_a_birth_date_that_differs_is_noted_for_the_officer(office: Office) -> None:
    body = booking_json(person(1), person(2), office_id="jayapura", day="2026-11-25")
    body["applicants"][1]["birth_date"] = "1990-05-18"
    sent = {"Idempotency-Key": key(1)}
    made = api("POST", "/v1/bookings", headers=sent, body=body)
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    forget()
    read = api("GET", ONE, code=made.json["code"], headers=headers)
    noted = [[], [{"code": "birth_date_differs", "text": BIRTH_DATE_DIFFERS}]]
    for answer in (made, read):
        assert [ticket["notes"] for ticket in answer.json["tickets"]] == noted
    assert read.json["tickets"][0]["state"] == "live"
    assert read.json["reschedule_until"] == "2026-11-25T00:00:00+09:00"
