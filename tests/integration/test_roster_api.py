"""The staff API's rosters: who gets them, as what, and that it goes on the record."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError

from antrean.api.rosters.routes import PAGE
from antrean.domain.offices import OfficeStatus
from antrean.handlers.staff_api import handler
from antrean.offices.find import ALL
from antrean.rosters.manifest import Content
from antrean.store.items.office import put_office
from antrean.store.items.ticket import TicketItem
from tests.integration.roster_stack import (
    BUCKET,
    file,
    open_office,
    roster_stack,
    writes,
)
from tests.support.clocks import StandingClock as Time
from tests.support.rosters import DAY, OFFICE, ticket
from tests.support.stored import records_of
from tests.support.worlds import deadline

LIST = "/v1/staff/offices/{office_id}/rosters"
ONE = "/v1/staff/offices/{office_id}/rosters/{date}"
STAFF, ADMIN = "office:kotabumi", "admin"


@pytest.fixture
def time(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """The clock of this test's stack."""
    ALL.clear()
    with roster_stack(table, monkeypatch) as time:
        yield time
    ALL.clear()


class Context:
    """What Lambda says of an invocation."""

    function_name = "staff"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:ap-southeast-3:000000000000:function:staff"
    aws_request_id = "00000000-0000-0000-0000-000000000000"


def ask(
    method: str,
    resource: str,
    groups: str | None = STAFF,
    day: str = "2026-11-24",
    office_id: str = "kotabumi",
    **query: str,
) -> tuple[int, dict[str, Any], dict[str, list[str]]]:
    """Send a request as API Gateway does; return status, body and headers."""
    claims = None if groups is None else {"sub": "user-1", "cognito:groups": groups}
    event = {
        "httpMethod": method,
        "resource": resource,
        "path": resource.format(office_id=office_id, date=day),
        "pathParameters": {"office_id": office_id, "date": day},
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "requestContext": {
            "requestId": "request-1",
            "authorizer": {"claims": claims} if claims else None,
        },
        "body": None,
        "isBase64Encoded": False,
    }
    answer = handler(event, Context())  # type: ignore[arg-type]
    return answer["statusCode"], json.loads(answer["body"]), answer["multiValueHeaders"]


def published() -> None:
    """Have Kotabumi's roster of two people published."""
    open_office()
    file(ticket("0800", 1), ticket("0800", 2))
    status, _, _ = ask("POST", ONE)
    assert status == 200


ANSWERS = {
    None: 401,
    "": 403,
    "office:kalianda": 403,
    "office:kotabum": 403,
    "office:kotabumi-2": 403,
    "office-admin:kotabumi": 403,
    "office:kotabumi": 200,
    "office:kalianda,office:kotabumi": 200,
}
"""What a caller of these groups gets (None: a caller without a token)."""


@pytest.mark.parametrize(("method", "resource"), [("GET", LIST), ("GET", ONE), ("POST", ONE)])
def test_only_the_offices_own_staff_gets_in(time: Time, method: str, resource: str) -> None:
    published()
    answers = {groups: ask(method, resource, groups) for groups in ANSWERS}
    assert {groups: status for groups, (status, _, _) in answers.items()} == ANSWERS
    for status, body, _ in answers.values():
        if status != 200:
            assert body["type"].endswith(("/unauthorised", "/forbidden"))
            assert not {"url", "rosters", "count"} & body.keys()


@pytest.mark.parametrize(
    ("method", "resource", "status"), [("GET", LIST, 403), ("GET", ONE, 403), ("POST", ONE, 200)]
)
def test_an_admin_may_publish_a_roster_but_not_read_it(
    time: Time, method: str, resource: str, status: int
) -> None:
    published()
    assert ask(method, resource, ADMIN)[0] == status


@pytest.mark.parametrize(
    ("kind", "media"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("pdf", "application/pdf"),
    ],
)
def test_a_link_leads_to_the_file_that_the_answer_describes(
    time: Time, kind: str, media: str
) -> None:
    published()
    status, body, headers = ask("GET", ONE, format=kind)
    assert status == 200
    assert headers["Cache-Control"] == ["no-store"]
    assert body["count"] == 2
    assert body["filename"] == f"antrean-kotabumi-2026-11-24.{kind}"
    assert body["published_at"] == "2026-11-23T18:00:00+07:00"
    assert body["expires_at"] == "2026-11-23T18:10:00+07:00"
    parts = urlsplit(body["url"])
    asked = parse_qs(parts.query)
    found = boto3.client("s3").get_object(
        Bucket=BUCKET, Key=parts.path.removeprefix("/"), VersionId=asked["versionId"][0]
    )
    assert Content.of(found["Body"].read()) == Content(body["sha256"], body["bytes"])
    assert found["ContentDisposition"] == f'attachment; filename="{body["filename"]}"'
    assert found["ContentType"] == media


def test_every_download_and_publication_is_on_the_record(time: Time) -> None:
    published()
    time.forward(minutes=1)
    _, body, _ = ask("GET", ONE, format="json")
    download, publication = records_of("kotabumi")
    assert (download.entry.who, download.entry.what) == ("user-1", "download roster")
    assert download.entry.request_id == "request-1"
    assert download.entry.after == {
        "date": "2026-11-24",
        "format": "json",
        "sha256": body["sha256"],
    }
    assert publication.entry.what == "publish roster"
    assert publication.entry.after == {"date": "2026-11-24", "count": 2}


def test_no_link_is_given_when_the_record_cannot_be_written(
    time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    published()

    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("antrean.api.rosters.routes.record", breaks)
    status, body, _ = ask("GET", ONE)
    assert status == 503
    assert "url" not in body


def test_publishing_says_what_was_published_and_repeating_it_changes_nothing(
    time: Time,
) -> None:
    published()
    before = writes()
    time.forward(hours=1)
    status, body, _ = ask("POST", ONE)
    assert status == 200
    assert body["published_at"] == "2026-11-23T18:00:00+07:00"
    assert body["count"] == 2
    assert {"csv", "json"} <= {each["format"] for each in body["files"]}
    assert writes() == before


@pytest.mark.parametrize(
    ("day", "query", "status"),
    [
        ("2026-11-24", {"format": "docx"}, 422),
        ("24-11-2026", {}, 422),
        ("2026-11-25", {}, 404),
    ],
)
def test_what_there_is_not_is_refused(
    time: Time, day: str, query: dict[str, str], status: int
) -> None:
    published()
    found, body, headers = ask("GET", ONE, day=day, **query)
    assert found == body["status"] == status
    assert headers["Content-Type"] == ["application/problem+json"]


def test_an_office_that_there_is_not_has_no_rosters(time: Time) -> None:
    for method, resource in (("GET", LIST), ("GET", ONE), ("POST", ONE)):
        assert ask(method, resource, "office:atlantis", office_id="atlantis")[0] == 404


def test_a_preparing_office_rehearses_with_the_empty_roster_of_a_day_it_has_opened(
    time: Time,
) -> None:
    open_office(replace(OFFICE, status=OfficeStatus.PREPARING))
    status, body, _ = ask("POST", ONE)
    assert (status, body["count"]) == (200, 0)
    status, body, _ = ask("POST", ONE, day="2026-11-29")
    assert (status, body["detail"]) == (404, "The office does not serve on that day.")


def test_published_dates_are_listed_from_today_on_page_by_page(time: Time) -> None:
    put_office(OFFICE, deadline())
    days = [DAY + timedelta(days=number) for number in range(-3, PAGE + 2)]
    for day in days:
        item = TicketItem.of(ticket("0800", 1))
        item.pk = f"DAY#kotabumi#{day}"
        item.save()
        assert ask("POST", ONE, day=day.isoformat())[0] == 200
    boto3.client("s3").put_object(Bucket=BUCKET, Key="rosters/kotabumi/2026-11-23/roster.csv")
    _, first, _ = ask("GET", LIST)
    _, second, _ = ask("GET", LIST, cursor=first["next"])
    listed = [date.fromisoformat(each["date"]) for each in first["rosters"] + second["rosters"]]
    assert listed == days[2:]
    assert second["next"] is None
    assert first["rosters"][0]["count"] == 1
    _, earlier, _ = ask("GET", LIST, **{"from": "2026-11-01"})
    assert earlier["rosters"][0]["date"] == days[0].isoformat()


def test_one_offices_list_holds_no_other_offices_dates(time: Time) -> None:
    published()
    put_office(replace(OFFICE, office_id="kota"), deadline())
    _, body, _ = ask("GET", LIST, "office:kota", office_id="kota")
    assert body == {"rosters": [], "next": None}


def test_a_cursor_that_was_not_given_out_is_refused(time: Time) -> None:
    put_office(OFFICE, deadline())
    status, body, _ = ask("GET", LIST, cursor="yesterday")
    assert (status, body["errors"][0]["pointer"]) == (422, "query:cursor")


class NoPublisher:
    """Lambda whose publisher fails, or does not answer in time."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer

    def invoke(self, **_request: Any) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        {"FunctionError": "Unhandled", "Payload": None},
        ReadTimeoutError(endpoint_url="https://lambda.invalid"),
    ],
)
def test_a_publisher_that_fails_or_is_slow_may_be_asked_again(
    time: Time, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any] | Exception
) -> None:
    open_office()
    monkeypatch.setattr("antrean.rosters.request_now.functions", lambda: NoPublisher(answer))
    status, body, headers = ask("POST", ONE)
    assert (status, headers["Retry-After"]) == (503, ["2"])
    assert body["detail"].endswith("Repeat the same request.")
    assert records_of("kotabumi") == []


def test_a_link_comes_with_what_proves_the_file(time: Time) -> None:
    published()
    _, body, _ = ask("GET", ONE, format="pdf")
    proof = body["proof"]
    parts = urlsplit(proof["manifest_url"])
    found = boto3.client("s3").get_object(
        Bucket=BUCKET,
        Key=parts.path.removeprefix("/"),
        VersionId=parse_qs(parts.query)["versionId"][0],
    )
    said = json.loads(found["Body"].read())
    assert said["files"]["roster.pdf"]["sha256"] == body["sha256"]
    assert urlsplit(proof["public_key_url"]).path == "/rosters/public-key.pem"
    assert proof["signature"]
