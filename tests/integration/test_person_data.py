"""Erasing a person from the rosters in S3, old versions included."""

from collections.abc import Iterator
from datetime import date

import boto3
import pytest
from moto import mock_aws

from antrean.booking.book import book
from antrean.domain.codes import person_hash
from antrean.rosters.publish import publish
from operations.erase_person import erase
from tests.engines.table import create_table
from tests.integration.roster_stack import BUCKET, open_office, roster_stack
from tests.support.clocks import StandingClock
from tests.support.people import a_request, person
from tests.support.rosters import DAY
from tests.support.worlds import deadline

SECRET = b"a secret of this test"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandingClock]:
    """Two people on the roster of DAY, published the evening before, and in the morning again."""
    monkeypatch.setattr("antrean.booking.book.secret", lambda: SECRET)
    with mock_aws():
        create_table(boto3.client("dynamodb"), "antrean")
        with roster_stack("antrean", monkeypatch) as time:
            open_office()
            for number in (1, 2):
                book(a_request(number, day=DAY, start="0800"), deadline())
                publish("kotabumi", DAY, deadline())
                time.forward(hours=11)
            yield time


def erased(number: int, *, cancel: bool = False) -> None:
    def again(office_id: str, day: date) -> None:
        publish(office_id, day, deadline(), rehearsal=True)

    hashed = person_hash(SECRET, person(number).nik)
    erase(hashed, "operator", deadline(), again, cancel=cancel)


def versions() -> list[bytes]:
    """Everything that lies in the rosters' folders in any version, unless it is PDF or XLSX."""
    s3 = boto3.client("s3")
    listed = s3.list_object_versions(Bucket=BUCKET, Prefix="rosters/kotabumi/")
    return [
        s3.get_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
        for each in listed.get("Versions", [])
        if not each["Key"].endswith((".pdf", ".xlsx"))
    ]


def naming(number: int) -> int:
    return sum(person(number).nik.encode() in data.replace(b" ", b"") for data in versions())


def test_of_a_day_to_come_the_roster_is_made_anew_without_the_person(time: StandingClock) -> None:
    time.forward(hours=-22)  # the evening before
    assert naming(1) > 1, "old versions, too"
    erased(1, cancel=True)
    assert naming(1) == 0
    assert naming(2) == 2, "in the CSV and in the JSON of the only version there is"
    erased(1)
    assert naming(2) == 2


def test_of_a_past_day_no_roster_is_left(time: StandingClock) -> None:
    time.forward(days=1)
    erased(1)
    assert versions() == []
