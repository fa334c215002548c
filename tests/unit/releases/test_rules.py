"""The public calendar of releases: JSON, iCalendar feed, and the next release of each office."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.releases import Monthly, Share, Staged, Weekly
from antrean.domain.slots import Lane
from antrean.handlers import admin_api, public_api
from antrean.releases import rules
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.holiday import put_holiday
from tests.support.gateway import Answer, Client, signed_in
from tests.support.people import booking_json, key
from tests.support.worlds import ORIGIN, World, deadline

ROUTE = "/v1/offices/{office_id}/releases"
FRIDAYS = {Lane.REGULAR: Weekly(4, "1400")}


def ask(route: str = ROUTE, **request: Any) -> Answer:
    answer = Client(public_api.handler)("GET", route, **request)
    assert answer.status == 200, answer
    return answer


def listed(office: Office) -> list[dict[str, Any]]:
    announced: list[dict[str, Any]] = ask(office_id=office.office_id).json["releases"]
    return announced


def feed(office: Office) -> Any:
    answer = ask(ROUTE + ".ics", office_id=office.office_id)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.body)


def test_a_release_says_when_in_every_zone_which_dates_and_how_many_places(world: World) -> None:
    office = world.has_office(timezone="Asia/Makassar", releases=FRIDAYS, open_days=8)
    answer = ask(office_id=office.office_id).json
    assert answer["timezone"] == "Asia/Makassar"
    assert answer["rules"] == {"regular": {"kind": "weekly", "weekday": 4, "at": "14:00"}}
    first = answer["releases"][0]
    assert first["at"] == "2026-11-27T14:00:00+08:00"
    assert first["stated"] == {
        "WIB": "2026-11-27T13:00:00+07:00",
        "WITA": "2026-11-27T14:00:00+08:00",
        "WIT": "2026-11-27T15:00:00+09:00",
    }
    (lane,) = first["lanes"]
    assert (lane["lane"], lane["places"], first["places"]) == ("regular", 100, 100)
    assert lane["dates"] == [
        {"date": f"2026-{day}", "places": 20}
        for day in ("11-30", "12-01", "12-02", "12-03", "12-04")
    ]


def test_sixty_days_are_told(world: World) -> None:
    office = world.has_office(releases=FRIDAYS)
    instants = [datetime.fromisoformat(release["at"]) for release in listed(office)]
    fridays = [datetime(2026, 11, 27, 7, tzinfo=UTC) + timedelta(days=7 * n) for n in range(9)]
    assert instants == [friday for friday in fridays if friday <= clock.now() + timedelta(days=60)]


def test_what_is_announced_becomes_bookable_to_the_second(world: World) -> None:
    office = world.has_office(releases=FRIDAYS, open_days=8)
    release = datetime.fromisoformat(listed(office)[0]["at"])
    body = booking_json(day="2026-11-30", overflow="none")
    book = Client(public_api.handler)
    world.time.set(release - timedelta(seconds=1))
    early = book("POST", "/v1/bookings", headers={"Idempotency-Key": key(1)}, body=body)
    assert (early.status, early.json["state"]) == (409, "not_released")
    assert datetime.fromisoformat(early.json["next_release"]) == release
    world.time.forward(seconds=1)
    on_time = book("POST", "/v1/bookings", headers={"Idempotency-Key": key(1)}, body=body)
    assert on_time.status == 201


def test_an_admins_change_of_a_day_is_announced(world: World) -> None:
    office = world.has_office(releases=FRIDAYS, open_days=10)
    change = {"quotas": [{"window": "08:00", "quota": 14}]}
    patched = Client(admin_api.handler)(
        "PATCH",
        "/v1/admin/offices/{office_id}/days/{date}",
        claims=signed_in("admin"),
        office_id=office.office_id,
        date="2026-12-01",
        body=change,
    )
    assert patched.status == 200
    assert listed(office)[0]["places"] == 110


def test_a_holiday_brings_no_places(world: World) -> None:
    put_holiday(
        Holiday(date(2026, 12, 25), "Natal", HolidayKind.NATIONAL, "SKB 3 Menteri"), deadline()
    )
    office = world.has_office(releases=FRIDAYS)
    days = [day["date"] for release in listed(office) for day in release["lanes"][0]["dates"]]
    assert "2026-12-25" not in days
    assert "2026-12-24" in days


def test_an_event_keeps_its_uid_whatever_becomes_of_its_places(world: World) -> None:
    office = world.has_office(releases=FRIDAYS, daily_quota=20)
    before = {event["UID"]: event for event in feed(office).walk("VEVENT")}
    world.time.forward(hours=5)
    world.has_office(office_id=office.office_id, releases=FRIDAYS, daily_quota=40)
    after = {event["UID"]: event for event in feed(office).walk("VEVENT")}
    assert before.keys() <= after.keys()
    for uid in before:
        assert before[uid]["DTSTART"].dt == after[uid]["DTSTART"].dt
        assert before[uid]["SUMMARY"] != after[uid]["SUMMARY"]
    uids = [event["UID"] for event in feed(office).walk("VEVENT")]
    assert len(set(uids)) == len(uids)


def test_the_feed_says_what_the_list_says(world: World) -> None:
    rules = {Lane.REGULAR: Staged((Share(1, 40), Share(2, 60)), "0900")}
    office = world.has_office(
        releases=rules, timezone="Asia/Jayapura", horizon_days=92, daily_quota=60
    )
    announced = listed(office)
    calendar = feed(office)
    events = calendar.walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [
        datetime.fromisoformat(release["at"]) for release in announced
    ]
    for event, release in zip(events, announced, strict=True):
        assert f"{release['places']} tempat" in event["SUMMARY"]
        assert event["URL"] == f"{ORIGIN}/v1/offices/{office.office_id}/releases"
    assert events[0]["DESCRIPTION"].startswith("07:00 WIB, 08:00 WITA, 09:00 WIT\n")
    assert calendar["VERSION"] == "2.0"
    assert office.name in calendar["NAME"]
    assert not calendar.errors


def test_offices_tell_their_next_release(world: World) -> None:
    world.has_office(office_id="langsa", name="A", releases=FRIDAYS, timezone="Asia/Jayapura")
    world.has_office(office_id="kotabumi", name="B", releases={Lane.REGULAR: Monthly("0900")})
    world.has_office(office_id="kalianda", name="C", status=OfficeStatus.PREPARING)
    offices = ask("/v1/offices").json["offices"]
    following_releases = {office["office_id"]: office["next_release"] for office in offices}
    assert following_releases == {
        "langsa": "2026-11-27T14:00:00+09:00",
        "kotabumi": "2026-11-30T09:00:00+07:00",
        "kalianda": None,
    }
    for office_id, following in following_releases.items():
        one = ask("/v1/offices/{office_id}", office_id=office_id).json
        assert one["next_release"] == following


def test_a_list_of_offices_reads_the_calendar_at_most_once_a_minute(world: World) -> None:
    for n in range(20):
        world.has_office(office_id=f"office-{n}", releases=FRIDAYS)
    before = len(world.client.log)
    ask("/v1/offices")
    assert [call.operation for call in world.client.log[before:]] == ["Query", "Query"]
    world.time.forward(seconds=11)
    before = len(world.client.log)
    ask("/v1/offices")
    assert [call.operation for call in world.client.log[before:]] == ["Query"]


def test_a_release_that_has_come_is_not_the_next_any_more(world: World) -> None:
    office = world.has_office(releases=FRIDAYS)
    world.time.set(office.instant(date(2026, 11, 27), "1400") - timedelta(seconds=1))
    spent = deadline()
    assert rules.next_release(office, spent) == clock.epoch() + 1
    world.time.forward(seconds=1)
    assert rules.next_release(office, spent) == clock.epoch() + 7 * 86_400


def test_new_rules_and_holidays_reach_a_warm_function_within_a_minute(world: World) -> None:
    office = world.has_office(releases={Lane.REGULAR: Monthly("0900")})
    route = "/v1/offices/{office_id}"
    at = {"office_id": office.office_id}
    assert ask(route, **at).json["next_release"] == "2026-11-30T09:00:00+07:00"
    decree = {"name": "Pemilu", "kind": "libur_nasional", "decree": "Keppres 1/2026"}
    Client(admin_api.handler)(
        "PUT",
        "/v1/admin/calendar/{date}",
        claims=signed_in("admin"),
        date="2026-11-30",
        body=decree,
    )
    world.time.forward(seconds=61)
    assert ask(route, **at).json["next_release"] == "2026-11-27T09:00:00+07:00"


@pytest.mark.parametrize("route", [ROUTE, ROUTE + ".ics"])
def test_an_office_that_there_is_not_releases_nothing(world: World, route: str) -> None:
    forget()
    answer = Client(public_api.handler)("GET", route, office_id="atlantis")
    assert (answer.status, answer.problem) == (404, "not-found")
