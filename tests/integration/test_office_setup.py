"""An office set up from nothing: the table, the user pool and the roster bucket of one account."""

import os
from datetime import date, timedelta
from typing import Any

import boto3
import pytest

from antrean.handlers import admin_api, open_days, public_api, staff_api
from antrean.offices import staff_users
from antrean.rosters import storage
from antrean.rosters.rehearsal import has_rehearsed
from antrean.runtime.registry import forget, start_cold
from antrean.store.dynamodb import connect
from tests.integration.roster_stack import BUCKET, PUBLISHER, Functions, signing_key
from tests.support.gateway import Answer, Client, Context, signed_in
from tests.support.people import booking_json, key
from tests.support.stored import records_of
from tests.support.worlds import World

OFFICE = "/v1/admin/offices/{office_id}"
ROSTER = "/v1/staff/offices/{office_id}/rosters/{date}"
PROFILE: dict[str, Any] = {
    "name": "Kantor Imigrasi Kalianda",
    "office_class": "Kelas III Non TPI",
    "city": "Lampung Selatan",
    "province": "Lampung",
    "timezone": "Asia/Jakarta",
    "daily_quota": 30,
    "limits": {"horizon_days": 45},
}
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same world, with an empty user pool and an empty roster bucket."""
    s3 = boto3.client("s3")
    location = {"LocationConstraint": "ap-southeast-3"}
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)  # type: ignore[arg-type]
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    pool = boto3.client("cognito-idp").create_user_pool(PoolName="staff")["UserPool"]["Id"]
    for name, value in {
        "ROSTER_BUCKET": BUCKET,
        "USER_POOL_ID": pool,
        "PUBLISH_FUNCTION": PUBLISHER,
        "SIGNING_KEY_ID": signing_key(),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("antrean.rosters.request_now.functions", Functions)
    connected = world.client
    start_cold()
    connect(connected)
    return world


def ask(method: str, route: str, **request: Any) -> Answer:
    app = staff_api if "/staff/" in route else admin_api
    return Client(app.handler)(
        method, route, claims=signed_in("admin"), office_id="kalianda", **request
    )


def open_office() -> Answer:
    return ask("POST", OFFICE + "/status", body={"status": "open"})


def missing() -> list[str]:
    answer = open_office()
    assert (answer.status, answer.problem) == (409, "not-ready"), answer
    return [one["what"] for one in answer.json["missing"]]


def hire(*, enabled: bool = True) -> None:
    """Put a user into the office's group."""
    pool, cognito = os.environ["USER_POOL_ID"], boto3.client("cognito-idp")
    cognito.admin_create_user(UserPoolId=pool, Username="staff@antrean.test")
    cognito.admin_add_user_to_group(
        UserPoolId=pool, Username="staff@antrean.test", GroupName="office:kalianda"
    )
    if not enabled:
        cognito.admin_disable_user(UserPoolId=pool, Username="staff@antrean.test")


def found_group() -> None:
    boto3.client("cognito-idp").create_group(
        UserPoolId=os.environ["USER_POOL_ID"], GroupName="office:kalianda"
    )


def test_an_office_goes_from_nothing_to_its_first_booking(world: World) -> None:
    assert ask("PUT", OFFICE, body=PROFILE).status == 201
    assert missing() == ["release", "staff", "rehearsal"]
    hours = {
        "weekdays": [0, 1, 2, 3, 4],
        "windows": [{"start": "08:00", "end": "10:00", "quota": 9}],
    }
    timetable = {"name": "biasa", "valid_from": "2026-11-01", "hours": [hours]}
    assert ask("PUT", OFFICE + "/schedule", body={"timetables": [timetable]}).status == 200
    rules = {"rules": {"regular": {"kind": "rolling", "days": 14, "at": "08:00"}}}
    assert ask("PUT", OFFICE + "/releases", body=rules).status == 200
    assert ask("POST", OFFICE + "/days/open", body={}).json["opened"] == 34
    assert missing() == ["staff", "rehearsal"]
    found_group()
    hire()
    assert missing() == ["rehearsal"]
    assert ask("POST", ROSTER, date=WEDNESDAY.isoformat()).json["count"] == 0
    assert open_office().json["status"] == "open"

    forget()
    book = Client(public_api.handler)
    body = booking_json(office_id="kalianda", day=WEDNESDAY.isoformat())
    booked = book("POST", "/v1/bookings", headers={"Idempotency-Key": key(1)}, body=body)
    assert booked.status == 201, booked
    assert booked.json["tickets"][0]["label"] == "R0800-001"
    told = book("GET", "/v1/offices/{office_id}/releases", office_id="kalianda").json["releases"]
    assert told[0]["at"] == "2026-11-23T08:00:00+07:00"
    assert [one["date"] for one in told[0]["lanes"][0]["dates"]] == ["2026-12-07"]
    assert sorted(record.entry.what for record in records_of("kalianda")) == [
        "create office",
        "plan days",
        "publish roster",
        "set release rules",
        "set schedule",
        "set status open",
    ]


def test_a_calendar_change_and_a_new_plan_are_allowed_and_reach_the_table(world: World) -> None:
    ask("PUT", OFFICE, body=PROFILE)
    ask("POST", OFFICE + "/days/open", body={})
    day = (WEDNESDAY + timedelta(days=1)).isoformat()
    decree = {"name": "Pemilu", "kind": "libur_nasional", "decree": "Keppres 10/2026"}
    api, claims = Client(admin_api.handler), signed_in("admin")
    put = api("PUT", "/v1/admin/calendar/{date}", claims=claims, date=day, body=decree)
    assert put.json["slots_changed"] == 6
    assert open_days.handler({}, Context()) == {"slots": 0, "changed": 0}
    gone = api("DELETE", "/v1/admin/calendar/{date}", claims=claims, date=day)
    assert gone.json["slots_changed"] == 6
    hours = {"weekdays": [0, 1], "windows": [{"start": "08:00", "end": "10:00", "quota": 9}]}
    timetable = {"name": "biasa", "valid_from": "2026-11-01", "hours": [hours]}
    ask("PUT", OFFICE + "/schedule", body={"timetables": [timetable]})
    written = ask("POST", OFFICE + "/days/open", body={"replan": True}).json
    assert (written["opened"], written["changed"], written["left"]) == (0, 14, 0)
    assert written["removed"] == 34 * 6 - 14


def test_staff_are_members_of_the_offices_own_group_who_may_sign_in(world: World) -> None:
    assert not staff_users.has_staff("kalianda")  # no such group
    found_group()
    assert not staff_users.has_staff("kalianda")  # nobody in it
    hire(enabled=False)
    assert not staff_users.has_staff("kalianda")  # nobody who may sign in


def test_a_folder_without_a_manifest_is_no_rehearsal(world: World) -> None:
    today = date(2026, 11, 23)
    assert not has_rehearsed("kalianda", today)
    folder = storage.folder("kalianda", WEDNESDAY)
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"{folder}roster.csv", Body=b"")
    assert not has_rehearsed("kalianda", today)
