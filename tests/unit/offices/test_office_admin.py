"""Setting offices up through the admin API: profile, schedule, release rules, opened days."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.slots import Lane, Slot, SlotRef
from antrean.handlers import admin_api, open_days, public_api
from antrean.offices import opening, profile
from antrean.runtime import clock
from antrean.runtime.registry import forget
from antrean.store.items.office import get_office, put_office
from antrean.store.items.slot import slots_between
from antrean.store.writes.claim import claim
from tests.support.gateway import USER, Answer, Client, Context, signed_in
from tests.support.people import booking_json, key
from tests.support.stored import records_of
from tests.support.worlds import World, deadline

OFFICE = "/v1/admin/offices/{office_id}"
PROFILE: dict[str, Any] = {
    "name": "Kantor Imigrasi Kotabumi",
    "office_class": "Kelas III Non TPI",
    "city": "Kotabumi",
    "province": "Lampung",
    "timezone": "Asia/Jakarta",
    "services": ["electronic", "ordinary"],
    "position": {"latitude": -4.83, "longitude": 104.88},
    "daily_quota": 60,
    "limits": {
        "horizon_days": 45,
        "reoffer_after": {"at_least": 60, "at_most": 600},
        "closes_at": "17:00",
        "day": {"opens_before": 1800, "no_show_after": 5400, "calls": 2},
    },
}
WEEKDAYS = [0, 1, 2, 3, 4]
SERVICE_DAYS = 34
"""From Monday 23 November 2026 to the horizon, 45 days ahead."""


def ask(method: str, route: str, office_id: str = "kotabumi", **request: Any) -> Answer:
    path = {"office_id": office_id} if "{office_id}" in route else {}
    return Client(admin_api.handler)(method, route, claims=signed_in("admin"), **path, **request)


def put(office_id: str = "kotabumi", **changes: Any) -> Answer:
    return ask("PUT", OFFICE, office_id, body=PROFILE | changes)


def windows(*starts: int, quota: int = 5) -> list[dict[str, Any]]:
    return [{"start": f"{at:02}:00", "end": f"{at + 1:02}:00", "quota": quota} for at in starts]


def timetable(*starts: int, **changes: Any) -> dict[str, Any]:
    hours = [{"lane": "regular", "weekdays": WEEKDAYS, "windows": windows(*starts)}]
    return {"name": "biasa", "valid_from": "2026-01-01", "hours": hours} | changes


def put_schedule(*timetables: dict[str, Any], **more: Any) -> Answer:
    body = {"timetables": list(timetables), **more}
    return ask("PUT", OFFICE + "/schedule", body=body)


def put_rules(**rules: Any) -> Answer:
    return ask("PUT", OFFICE + "/releases", body={"rules": rules})


def open_now(*, replan: bool = False) -> dict[str, int]:
    answer = ask("POST", OFFICE + "/days/open", body={"replan": replan})
    assert answer.status == 200, answer
    written: dict[str, int] = answer.json
    return written


def the_office() -> Office:
    return get_office("kotabumi", deadline())


def slots(first: date | None = None, days: int = 100) -> list[Slot]:
    office = the_office()
    first = first or office.local_date(clock.now())
    return slots_between("kotabumi", first, first + timedelta(days=days), deadline())


def on_record() -> list[str]:
    """What was put on the office's record."""
    return sorted(record.entry.what for record in records_of("kotabumi"))


@pytest.fixture
def set_up(world: World) -> World:
    """A world with one office that is preparing."""
    assert put().status == 201
    return world


def set_status(status: OfficeStatus) -> None:
    put_office(replace(the_office(), status=status), deadline())
    forget()


# --- Profile ----------------------------------------------------------------------------------


def test_an_office_is_created_preparing_and_reads_as_it_was_sent(world: World) -> None:
    made = put()
    assert made.status == 201
    assert made.json == ask("GET", OFFICE).json
    sent = PROFILE | {"services": ["ordinary", "electronic"]}  # in the order of the passports
    assert made.json == sent | {
        "office_id": "kotabumi",
        "parent_office_id": None,
        "quota_basis": "stated",
        "status": "preparing",
        "status_reason": None,
        "version": 0,
    }
    (record,) = records_of("kotabumi")
    assert (record.entry.who, record.entry.what) == (USER, "create office")
    assert record.entry.before is None
    assert record.entry.after["daily_quota"] == 60


def test_what_is_not_said_has_the_usual_limits(world: World) -> None:
    required = {name: PROFILE[name] for name in PROFILE if name not in ("limits", "position")}
    made = ask("PUT", OFFICE, body=required).json
    assert made["limits"] == {
        "horizon_days": 30,
        "reoffer_after": {"at_least": 300, "at_most": 3600},
        "closes_at": None,
        "day": {"opens_before": 3600, "no_show_after": 3600, "calls": 3},
    }
    assert made["position"] is None


def test_a_repeat_writes_nothing_and_a_change_says_what_it_changed(set_up: World) -> None:
    before = len(set_up.client.log)
    assert put().status == 200
    assert [call.operation for call in set_up.client.log[before:]] == ["GetItem"]
    changed = put(daily_quota=80)
    assert (changed.status, changed.json["version"]) == (200, 1)
    newest = [r for r in records_of("kotabumi") if r.entry.what == "change office"]
    assert [(r.entry.before, r.entry.after) for r in newest] == [
        ({"daily_quota": 60}, {"daily_quota": 80})
    ]


def test_a_profile_leaves_status_schedule_and_rules_as_they_are(set_up: World) -> None:
    put_schedule(timetable(8))
    put_rules(regular={"kind": "monthly", "at": "09:00"})
    set_status(OfficeStatus.OPEN)
    before = the_office()
    assert put(name="Kantor Imigrasi Kelas III Kotabumi").status == 200
    after = the_office()
    assert (after.schedule, after.releases, after.status) == (
        before.schedule,
        before.releases,
        OfficeStatus.OPEN,
    )


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"timezone": "Asia/Singapore"}, ["/timezone"]),
        ({"name": "  "}, ["/name"]),
        ({"name": "Kantor\nImigrasi"}, ["/name"]),
        ({"daily_quota": -1}, ["/daily_quota"]),
        ({"daily_quota": "60"}, ["/daily_quota"]),
        ({"services": ["diplomatic"]}, ["/services/0"]),
        ({"position": {"latitude": 91, "longitude": 0}}, ["/position/latitude"]),
        ({"position": {"latitude": "NaN", "longitude": 0}}, ["/position/latitude"]),
        ({"limits": {"horizon_days": 93}}, ["/limits/horizon_days"]),
        ({"limits": {"day": {"calls": 0}}}, ["/limits/day/calls"]),
        ({"limits": {"closes_at": "24:00"}}, ["/limits/closes_at"]),
        (
            {"limits": {"reoffer_after": {"at_least": 601, "at_most": 600}}},
            ["/limits/reoffer_after/at_most"],
        ),
        ({"parent_office_id": "atlantis"}, ["/parent_office_id"]),
        ({"parent_office_id": "kotabumi"}, ["/parent_office_id"]),
        ({"status": "open"}, ["/status"]),
    ],
)
def test_what_is_wrong_with_a_profile_is_told_by_pointer(
    set_up: World, wrong: dict[str, Any], pointers: list[str]
) -> None:
    before = the_office()
    answer = put(**wrong)
    assert (answer.status, answer.pointers) == (422, pointers), answer
    assert the_office() == before


@pytest.mark.parametrize("office_id", ["Kotabumi", "kota bumi", "kota_bumi", "CALENDAR", "-a", "*"])
def test_an_id_is_of_small_letters_digits_and_hyphens(world: World, office_id: str) -> None:
    answer = put(office_id)
    assert (answer.status, answer.pointers) == (422, ["path:office_id"])


def test_a_unit_belongs_to_a_kanim_and_has_no_units(set_up: World) -> None:
    assert put("ulp-kotabumi", parent_office_id="kotabumi").status == 201
    of_a_unit = put("ukk-kotabumi", parent_office_id="ulp-kotabumi")
    assert of_a_unit.pointers == ["/parent_office_id"]
    assert put("bandar-lampung").status == 201
    has_units = put("kotabumi", parent_office_id="bandar-lampung")
    assert has_units.pointers == ["/parent_office_id"]
    shown = Client(public_api.handler)(
        "GET", "/v1/offices/{office_id}", office_id="ulp-kotabumi"
    ).json
    assert shown["parent_office_id"] == "kotabumi"
    assert shown["services"] == ["ordinary", "electronic"]
    assert shown["position"] == PROFILE["position"]


def test_the_time_zone_stays_once_people_may_have_booked(set_up: World) -> None:
    assert put(timezone="Asia/Makassar").status == 200
    set_status(OfficeStatus.SUSPENDED)
    answer = put(timezone="Asia/Jakarta")
    assert (answer.status, answer.pointers) == (422, ["/timezone"])


def test_limits_must_fit_the_rules_that_there_are(set_up: World) -> None:
    assert put_rules(regular={"kind": "monthly", "at": "09:00"}).status == 200
    answer = put(limits={"horizon_days": 30})
    assert (answer.status, answer.pointers) == (422, ["/limits"])


def test_of_two_changes_at_the_same_moment_one_is_refused_and_nothing_is_lost(
    set_up: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*args: Any) -> Office:
        seen = get_office(*args)
        monkeypatch.setattr(profile, "get_office", get_office)
        assert put_schedule(timetable(8)).status == 200
        return seen

    monkeypatch.setattr(profile, "get_office", overtaken)
    answer = put(daily_quota=80)
    assert (answer.status, answer.problem) == (409, "changed-meanwhile")
    office = the_office()
    assert office.schedule is not None
    assert office.daily_quota == 60
    assert on_record() == ["create office", "set schedule"]


# --- Schedule and opened days -----------------------------------------------------------------


def test_with_if_match_an_office_is_changed_only_as_it_was_seen(set_up: World) -> None:
    """Profile, schedule and rules are one office, and have one version."""
    bodies: dict[str, Any] = {
        "": PROFILE | {"name": "Kanim Kotabumi"},
        "/schedule": {"timetables": [timetable(8, 9)]},
        "/releases": {"rules": {"regular": {"kind": "monthly", "at": "09:00"}}},
    }
    for path, body in bodies.items():
        shown = ask("GET", OFFICE + path)
        etag = shown.headers["etag"]
        assert etag.strip('"') == str(shown.json["version"]), path
        stale = ask("PUT", OFFICE + path, body=body, headers={"If-Match": '"99"'})
        assert (stale.status, stale.problem) == (412, "precondition-failed"), path
        assert ask("GET", OFFICE + path).json == shown.json
        changed = ask("PUT", OFFICE + path, body=body, headers={"If-Match": etag})
        assert changed.status == 200, changed
        assert changed.json["version"] == shown.json["version"] + 1
        assert changed.headers["etag"] != etag
        again = ask("PUT", OFFICE + path, body=body, headers={"If-Match": etag})
        assert again.problem == "precondition-failed", path
        assert ask("PUT", OFFICE + path, body=body).status == 200, "without If-Match as before"


def test_with_if_match_no_office_is_created(world: World) -> None:
    answer = ask("PUT", OFFICE, body=PROFILE, headers={"If-Match": '"0"'})
    assert answer.problem == "precondition-failed"
    assert ask("GET", OFFICE).problem == "not-found"


def test_an_office_without_a_schedule_shows_the_ordinary_week(set_up: World) -> None:
    shown = ask("GET", OFFICE + "/schedule").json
    assert shown["own"] is False
    (week,) = shown["timetables"]
    assert week["valid_from"] is None
    assert sum(window["quota"] for window in week["hours"][0]["windows"]) == 60


def test_a_schedule_reads_as_it_was_sent(set_up: World) -> None:
    ramadan = timetable(8, name="Ramadan", valid_from="2027-02-08", valid_to="2027-03-09")
    saturday = {
        "date": "2026-12-05",
        "name": "Sabtu Simpatik",
        "hours": [{"lane": "priority", "windows": windows(8, 9)}],
    }
    put_schedule(timetable(8, 9), ramadan, extra_days=[saturday])
    shown = ask("GET", OFFICE + "/schedule").json
    assert shown["own"] is True
    assert shown["timetables"] == [timetable(8, 9) | {"valid_to": None}, ramadan]
    assert shown["extra_days"] == [saturday]


def hours_of(*windows: tuple[str, str], days: list[int] | None = None) -> dict[str, Any]:
    return {
        "weekdays": days or WEEKDAYS,
        "windows": [{"start": start, "end": end, "quota": 5} for start, end in windows],
    }


SATURDAY = {"date": "2026-12-05", "name": "Sabtu", "hours": [{"windows": windows(8)}]}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, [""]),
        ({"timetables": [timetable(8, valid_to="2025-12-31")]}, ["/timetables/0/valid_to"]),
        ({"timetables": [timetable(8), timetable(9)]}, ["/timetables/1/valid_from"]),
        (
            {"timetables": [timetable(hours=[hours_of(("09:00", "08:00"))])]},
            ["/timetables/0/hours/0/windows/0/end"],
        ),
        (
            {"timetables": [timetable(hours=[hours_of(("08:00", "09:00"), ("08:59", "10:00"))])]},
            ["/timetables/0/hours/0/windows/1"],
        ),
        (
            {
                "timetables": [
                    timetable(
                        hours=[
                            hours_of(("08:00", "09:00"), days=[0, 1]),
                            hours_of(("08:00", "09:00"), days=[2, 1]),
                        ]
                    )
                ]
            },
            ["/timetables/0/hours/1/windows/0"],
        ),
        (
            {"timetables": [timetable(hours=[{"weekdays": [7], "windows": windows(8)}])]},
            ["/timetables/0/hours/0/weekdays/0"],
        ),
        (
            {"timetables": [timetable(hours=[{"weekdays": [1], "windows": windows(8, quota=-1)}])]},
            ["/timetables/0/hours/0/windows/0/quota"],
        ),
        ({"extra_days": [SATURDAY, SATURDAY]}, ["/extra_days/1/date"]),
        (
            {
                "extra_days": [
                    SATURDAY | {"hours": [{"windows": windows(8)}, {"windows": windows(8)}]}
                ]
            },
            ["/extra_days/0/hours/1/windows/0"],
        ),
    ],
)
def test_what_is_wrong_with_a_schedule_is_told_by_pointer(
    set_up: World, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = ask("PUT", OFFICE + "/schedule", body=body)
    assert (answer.status, answer.pointers) == (422, pointers), answer
    assert the_office().schedule is None


def test_windows_of_other_days_or_lanes_do_not_overlap(set_up: World) -> None:
    hours = [
        hours_of(("08:00", "09:00"), ("09:00", "10:00"), days=[0, 1]),
        hours_of(("08:30", "09:30"), days=[2]),
        hours_of(("08:30", "09:30"), days=[0]) | {"lane": "priority"},
    ]
    assert put_schedule(timetable(hours=hours)).status == 200


def test_a_lane_has_so_many_windows_a_day(set_up: World) -> None:
    many = [(f"{i // 6:02}:{i % 6}0", f"{i // 6:02}:{i % 6}9") for i in range(49)]
    hours = [hours_of(*many[:40]), hours_of(*many[40:])]
    answer = put_schedule(timetable(hours=hours))
    assert answer.pointers == ["/timetables/0/hours/1/windows/8"]


def test_days_are_opened_when_asked_and_a_repeat_writes_nothing(set_up: World) -> None:
    put_schedule(timetable(8, 9))
    assert open_now()["opened"] == len(slots()) == 2 * SERVICE_DAYS
    before = len(set_up.client.log)
    assert open_now() == {"opened": 0, "changed": 0, "removed": 0, "left": 0}
    assert {call.operation for call in set_up.client.log[before:]} == {"GetItem", "Query"}
    assert on_record().count("plan days") == 1  # all of them are one transaction


def test_days_of_an_office_that_prepares_follow_its_schedule(set_up: World) -> None:
    open_days.handler({}, Context())  # the night before the schedule came
    put_schedule(timetable(8))
    assert {slot.ref.start for slot in slots()} > {"0800"}
    open_now()
    assert {(slot.ref.start, slot.quota) for slot in slots()} == {("0800", 5)}


def test_days_of_an_open_office_keep_their_windows_unless_they_are_planned_anew(
    set_up: World,
) -> None:
    put_schedule(timetable(8, 9))
    open_now()
    set_status(OfficeStatus.OPEN)
    opened = slots()
    taken = opened[0].ref
    put_schedule(timetable(8, 10))
    open_days.handler({}, Context())
    assert open_now() == {"opened": 0, "changed": 0, "removed": 0, "left": 0}
    assert slots() == opened
    assert claim(taken, 1, clock.epoch(), deadline())
    written = open_now(replan=True)
    assert written["removed"] == written["opened"] == SERVICE_DAYS
    assert {slot.ref.start for slot in slots()} == {"0800", "1000"}
    assert open_now(replan=True) == {"opened": 0, "changed": 0, "removed": 0, "left": 0}


def test_planning_anew_changes_quotas_but_of_slots_that_somebody_touched(set_up: World) -> None:
    put_schedule(timetable(8, 9))
    open_now()
    set_status(OfficeStatus.OPEN)
    tomorrow = the_office().local_date(clock.now()) + timedelta(days=1)
    taken, fixed = (SlotRef("kotabumi", tomorrow, Lane.REGULAR, at) for at in ("0800", "0900"))
    assert claim(taken, 1, clock.epoch(), deadline())
    change = {"quotas": [{"window": "09:00", "quota": 7}]}
    patched = ask("PATCH", OFFICE + "/days/{date}", date=tomorrow.isoformat(), body=change)
    assert patched.status == 200
    put_schedule(timetable(hours=[{"weekdays": WEEKDAYS, "windows": windows(8, 9, quota=9)}]))
    open_now(replan=True)
    quotas = {slot.ref: slot.quota for slot in slots()}
    assert quotas.pop(taken) == 5
    assert quotas.pop(fixed) == 7
    assert set(quotas.values()) == {9}


def test_a_claim_during_the_planning_keeps_its_slot(
    set_up: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_schedule(timetable(8, 9))
    open_now()
    put_schedule(timetable(10))
    tomorrow = the_office().local_date(clock.now()) + timedelta(days=1)
    taken = SlotRef("kotabumi", tomorrow, Lane.REGULAR, "0900")
    reads = count()

    def then_claimed(*args: Any, **options: Any) -> list[Slot]:
        slots = slots_between(*args, **options)
        if next(reads) == 0:
            assert claim(taken, 1, clock.epoch(), deadline())
        return slots

    monkeypatch.setattr(opening, "slots_between", then_claimed)
    assert open_now()["left"] == 0
    day = [(slot.ref.start, slot.next_number) for slot in slots(tomorrow, days=0)]
    assert day == [("0900", 2), ("1000", 1)]


# --- Release rules ----------------------------------------------------------------------------

RULES: dict[str, Any] = {
    "regular": {"kind": "staged", "at": "09:00", "shares": [{"months": 1, "percent": 100}]},
    "priority": {"kind": "rolling", "days": 14, "at": "08:00"},
    "express": {"kind": "weekly", "weekday": 4, "at": "14:00"},
}


def test_rules_read_as_they_were_sent_and_others_are_immediate(set_up: World) -> None:
    assert put_rules(**RULES).status == 200
    assert ask("GET", OFFICE + "/releases").json["rules"] == RULES
    put_rules(regular={"kind": "monthly", "at": "09:00"})
    assert ask("GET", OFFICE + "/releases").json["rules"] == {
        "regular": {"kind": "monthly", "at": "09:00"},
        "priority": {"kind": "immediate"},
        "express": {"kind": "immediate"},
    }
    assert on_record() == ["create office", "set release rules", "set release rules"]


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"kind": "daily"}, "/rules/regular/kind"),
        ({"kind": "weekly", "at": "09:00"}, "/rules/regular"),
        ({"kind": "monthly", "at": "09:00", "days": 3}, "/rules/regular"),
        ({"kind": "weekly", "weekday": 7, "at": "09:00"}, "/rules/regular/weekday"),
        ({"kind": "rolling", "days": 46, "at": "09:00"}, "/rules/regular"),
        ({"kind": "rolling", "days": 1, "at": "17:00"}, "/rules/regular/at"),
        (
            {"kind": "staged", "at": "09:00", "shares": [{"months": 1, "percent": 99}]},
            "/rules/regular/shares",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_by_pointer(
    set_up: World, rule: dict[str, Any], pointer: str
) -> None:
    answer = put_rules(regular=rule)
    assert (answer.status, answer.pointers) == (422, [pointer]), answer
    assert the_office().releases == {}


def test_setting_rules_opens_no_days(set_up: World) -> None:
    put_rules(regular={"kind": "monthly", "at": "09:00"})
    assert slots() == []


def test_places_that_wait_follow_a_new_rule_at_once_and_released_ones_stay(set_up: World) -> None:
    put_schedule(timetable(8))
    put_rules(regular={"kind": "rolling", "days": 14, "at": "09:00"})
    open_now()
    set_status(OfficeStatus.OPEN)
    now = clock.epoch()
    waiting = [slot.ref for slot in slots() if slot.release_at > now]
    assert waiting
    answer = put_rules(regular={"kind": "rolling", "days": 20, "at": "09:00"})
    assert answer.json["slots"]["changed"] == len(waiting)
    office = the_office()
    for slot in slots():
        days = 20 if slot.ref in waiting else 14
        released = office.instant(slot.ref.day - timedelta(days=days), "0900").timestamp()
        assert slot.release_at == released
    assert put_rules(regular={"kind": "rolling", "days": 20, "at": "09:00"}).json["slots"] == {
        "opened": 0,
        "changed": 0,
        "removed": 0,
        "left": 0,
    }


# --- Closing ----------------------------------------------------------------------------------


def test_a_day_takes_no_more_bookings_from_the_closing_hour_of_the_day_before(
    set_up: World,
) -> None:
    put_schedule(timetable(8))
    open_now()
    set_status(OfficeStatus.OPEN)
    office = the_office()
    today = office.local_date(clock.now())
    tomorrow, after = (today + timedelta(days=n) for n in (1, 2))
    body = booking_json(day=tomorrow.isoformat(), overflow="none")

    set_up.time.set(office.instant(today, "1700") - timedelta(seconds=1))
    public = Client(public_api.handler)
    route = "/v1/offices/{office_id}/availability"
    days = public("GET", route, office_id="kotabumi", query={"days": "3"}).json["days"]
    assert [(day["state"], day["reason"]) for day in days] == [
        ("past", None),
        ("open", None),
        ("open", None),
    ]
    set_up.time.forward(seconds=1)
    forget()
    days = public("GET", route, office_id="kotabumi", query={"days": "3"}).json["days"]
    assert [(day["state"], day["reason"]) for day in days] == [
        ("past", None),
        ("closed", "bookings_closed"),
        ("open", None),
    ]
    refused = public("POST", "/v1/bookings", headers={"Idempotency-Key": key(1)}, body=body)
    assert (refused.status, refused.problem, refused.json["state"]) == (409, "no-places", "closed")
    moved = public(
        "POST",
        "/v1/bookings",
        headers={"Idempotency-Key": key(2)},
        body=body | {"overflow": "next_date"},
    ).json
    assert (moved["date"], moved["moved"]["reason"]) == (after.isoformat(), "closed")
