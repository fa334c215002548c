"""Publishing and downloading rosters, on S3, SQS and the template's table in the process."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import boto3
import pytest

from antrean.domain.errors import NotFound
from antrean.domain.offices import Office, OfficeStatus
from antrean.handlers.publish_rosters import handler as publisher
from antrean.rosters import storage
from antrean.rosters.formats import Format
from antrean.rosters.manifest import Content
from antrean.rosters.publish import publish
from antrean.runtime.registry import start_cold
from antrean.store.items.office import put_office
from antrean.store.items.ticket import TicketItem
from antrean.store.writes.open_slots import open_slots
from tests.integration.roster_stack import (
    BUCKET,
    file,
    open_office,
    roster_stack,
    signing_key,
    stored,
    writes,
)
from tests.support.clocks import StandingClock as Time
from tests.support.rosters import DAY, OFFICE, person, slot, ticket
from tests.support.worlds import deadline


@pytest.fixture
def time(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """The clock of this test's stack."""
    with roster_stack(table, monkeypatch) as time:
        yield time


def test_a_published_roster_is_files_and_a_manifest_that_names_them(time: Time) -> None:
    open_office()
    file(ticket("0800", 1), ticket("0800", 2))
    manifest = publish("kotabumi", DAY, deadline())
    content = json.loads(stored("manifest.json"))
    assert (content["office_id"], content["date"], content["count"]) == (
        "kotabumi",
        "2026-11-24",
        2,
    )
    assert content["published_at"] == "2026-11-23T18:00:00+07:00"
    assert set(content["files"]) == {kind.file for kind in Format}
    for name, file_ in content["files"].items():
        assert Content.of(stored(name)) == Content(file_["sha256"], file_["bytes"])
    found = storage.get_manifest("kotabumi", DAY)
    assert found is not None
    assert found.manifest == manifest


def test_publishing_again_writes_nothing_and_keeps_when_it_was_published(
    time: Time,
) -> None:
    open_office()
    file(ticket("0800", 1))
    first = publish("kotabumi", DAY, deadline())
    before = writes()
    time.forward(hours=12)
    assert publish("kotabumi", DAY, deadline()) == first
    assert writes() == before


def test_a_change_is_published_and_the_earlier_files_stay_with_their_manifest(
    time: Time,
) -> None:
    open_office()
    file(ticket("0800", 1))
    first = publish("kotabumi", DAY, deadline())
    file(ticket("0800", 2))
    time.forward(hours=12)
    second = publish("kotabumi", DAY, deadline())
    assert (first.count, second.count) == (1, 2)
    assert second.published_at == first.published_at + timedelta(hours=12)
    for manifest in (first, second):
        for kind, published in manifest.files.items():
            found = boto3.client("s3").get_object(
                Bucket=BUCKET,
                Key=f"rosters/kotabumi/{DAY}/{kind.file}",
                VersionId=published.version_id,
            )
            assert Content.of(found["Body"].read()) == published.content


def test_a_person_who_cancelled_leaves_the_roster_and_the_last_leaves_an_empty_one(
    time: Time,
) -> None:
    put_office(OFFICE, deadline())
    file(ticket("0800", 1))
    assert publish("kotabumi", DAY, deadline()).count == 1
    TicketItem.of(ticket("0800", 1)).delete()
    assert publish("kotabumi", DAY, deadline()).count == 0


@pytest.mark.parametrize(
    "office", [replace(OFFICE, status=OfficeStatus.PREPARING), replace(OFFICE, office_id="other")]
)
def test_a_day_without_people_or_service_has_no_roster(time: Time, office: Office) -> None:
    put_office(office, deadline())
    if office.status is OfficeStatus.PREPARING:
        open_slots([slot("0800")], deadline())
    with pytest.raises(NotFound, match="does not serve"):
        publish(office.office_id, DAY, deadline())
    assert writes() == 0


def test_a_suspended_office_gets_the_roster_of_those_who_come(time: Time) -> None:
    put_office(replace(OFFICE, status=OfficeStatus.SUSPENDED), deadline())
    file(ticket("0800", 1))
    assert publish("kotabumi", DAY, deadline()).count == 1


def test_a_publisher_that_was_overtaken_begins_anew_with_the_tickets_of_now(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_office()
    file(ticket("0800", 1))
    put_file, overtaken = storage.put_file, iter([True])

    def late(office_id: str, day: date, kind: Format, data: bytes) -> str:
        if next(overtaken, False):
            file(ticket("0800", 2))
            publish("kotabumi", DAY, deadline())
        return put_file(office_id, day, kind, data)

    monkeypatch.setattr(storage, "put_file", late)
    assert publish("kotabumi", DAY, deadline()).count == 2
    for kind, published in publish("kotabumi", DAY, deadline()).files.items():
        assert Content.of(stored(kind.file)) == published.content


def record(office_id: str, day: str = "2026-11-24") -> dict[str, Any]:
    """A message of the queue as the publisher gets it."""
    body = json.dumps({"office_id": office_id, "date": day})
    return {"messageId": f"id-of-{office_id}", "body": body}


def test_an_office_that_fails_is_named_and_the_others_are_published(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [replace(OFFICE, office_id=name) for name in ("kalianda", "broken", "metro")]
    for office in others:
        open_office(office)
        file(ticket("0800", 1, office_id=office.office_id))
    put_file = storage.put_file

    def breaks(office_id: str, day: date, kind: Format, data: bytes) -> str:
        if office_id == "broken":
            raise RuntimeError("Siti Rahayu does not fit")
        return put_file(office_id, day, kind, data)

    monkeypatch.setattr(storage, "put_file", breaks)
    answer = publisher({"Records": [record(o.office_id) for o in others]}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "id-of-broken"}]}
    for office_id in ("kalianda", "metro"):
        assert json.loads(stored("manifest.json", office_id))["count"] == 1


def test_what_is_logged_of_a_failure_names_nobody(
    time: Time, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    open_office()
    file(ticket("0800", 1, person(1, "Siti Rahayu")))

    def breaks(*_: object) -> str:
        raise RuntimeError("Siti Rahayu does not fit")

    monkeypatch.setattr(storage, "put_file", breaks)
    publisher({"Records": [record("kotabumi")]}, None)  # type: ignore[arg-type]
    logged = " ".join(str(vars(each)) for each in caplog.records)
    assert "roster not published" in logged
    assert "RuntimeError" in logged
    assert "Siti" not in logged


@pytest.mark.parametrize("body", ["no json", "{}", '{"office_id": "kotabumi", "date": "soon"}'])
def test_a_message_that_cannot_be_read_goes_back_to_the_queue(time: Time, body: str) -> None:
    answer = publisher({"Records": [{"messageId": "odd", "body": body}]}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "odd"}]}


def test_a_message_for_a_day_without_service_is_done_with(time: Time) -> None:
    put_office(OFFICE, deadline())
    answer = publisher({"Records": [record("kotabumi")]}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": []}


def changes(stored_roster: bytes) -> dict[str, Any] | None:
    """What a roster.json says that changed."""
    found: dict[str, Any] | None = json.loads(stored_roster)["changes"]
    return found


def test_on_the_day_a_roster_says_what_changed_since_the_evening(time: Time) -> None:
    open_office()
    file(ticket("0800", 1), ticket("0800", 2))
    evening = publish("kotabumi", DAY, deadline())
    time.forward(hours=11)  # 05:00 on the day
    assert publish("kotabumi", DAY, deadline()) == evening
    TicketItem.of(ticket("0800", 2)).delete()
    morning = publish("kotabumi", DAY, deadline())
    assert morning.base is not None
    assert morning.base.published_at == evening.published_at
    told = changes(stored("roster.json"))
    assert told is not None
    assert told["since"] == "2026-11-23T18:00:00+07:00"
    assert [each["label"] for each in told["removed"]] == ["R0800-002"]
    time.forward(hours=2)
    file(ticket("0800", 3))
    publish("kotabumi", DAY, deadline())
    told = changes(stored("roster.json"))
    assert told is not None
    assert told["since"] == "2026-11-23T18:00:00+07:00"  # still the evening's
    assert told["added"] == ["R0800-003"]


def test_before_the_day_and_on_a_day_without_an_evening_nothing_is_marked(time: Time) -> None:
    open_office()
    file(ticket("0800", 1))
    publish("kotabumi", DAY, deadline())
    file(ticket("0800", 2))
    time.forward(hours=1)
    assert publish("kotabumi", DAY, deadline()).base is None
    assert changes(stored("roster.json")) is None
    other = replace(OFFICE, office_id="metro")
    open_office(other)
    time.forward(hours=12)
    for number in (1, 2):
        file(ticket("0800", number, office_id="metro"))
        assert publish("metro", DAY, deadline()).base is None
    assert changes(stored("roster.json", "metro")) is None


def test_what_changed_back_is_not_marked_any_more(time: Time) -> None:
    open_office()
    file(ticket("0800", 1))
    evening = publish("kotabumi", DAY, deadline())
    time.forward(hours=12)
    file(ticket("0800", 2))
    publish("kotabumi", DAY, deadline())
    TicketItem.of(ticket("0800", 2)).delete()
    assert publish("kotabumi", DAY, deadline()).holds(
        {kind: each.content for kind, each in evening.files.items()}
    )


def test_a_new_key_signs_an_unchanged_roster_anew(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_office()
    file(ticket("0800", 1))
    first = publish("kotabumi", DAY, deadline())
    pem = boto3.client("s3").get_object(Bucket=BUCKET, Key="rosters/public-key.pem")["Body"].read()
    monkeypatch.setenv("SIGNING_KEY_ID", signing_key())
    start_cold()
    time.forward(hours=1)
    second = publish("kotabumi", DAY, deadline())
    assert second.signed_by != first.signed_by
    assert second.published_at == first.published_at
    found = boto3.client("s3").get_object(Bucket=BUCKET, Key="rosters/public-key.pem")
    assert found["Body"].read() != pem


def test_a_manifest_fits_what_kms_signs_whole(time: Time) -> None:
    open_office(replace(OFFICE, office_id="k" * 64))
    file(ticket("0800", 1, office_id="k" * 64))
    publish("k" * 64, DAY, deadline())
    file(ticket("0800", 2, office_id="k" * 64))
    time.forward(hours=12)
    assert len(publish("k" * 64, DAY, deadline()).as_json()) < 2048
