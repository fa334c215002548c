"""Nothing that names a person gets into a log or a refusal, whatever goes wrong."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from antrean.domain.tickets import Applicant
from antrean.handlers import admin_api, public_api, sweep
from antrean.store.dynamodb import connect
from tests.support import logs
from tests.support.gateway import Answer, Client, Context, signed_in
from tests.support.people import booking_json, key, person
from tests.support.worlds import World

api = Client(public_api.handler)

PHONE = "081298765432"
EMAIL = "rahasia.sekali@example.org"
FAMILY = (person(1), person(2), person(3))
SECRETS = [
    *(each.nik for each in FAMILY),
    *(word for each in FAMILY for word in each.name.split()),
    PHONE,
    PHONE[1:],
    EMAIL,
]


@pytest.fixture(autouse=True)
def _office(world: World) -> None:
    world.has_office(open_days=3, daily_quota=6)


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[list[Answer]]:
    """Refusals of the test; neither they nor the log may name anybody."""
    answers: list[Answer] = []
    yield answers
    everything = logs.text(caplog) + json.dumps([each.body for each in answers])
    assert "answered" in everything
    assert [secret for secret in SECRETS if secret in everything] == []


def body(*party: Applicant, **more: Any) -> dict[str, Any]:
    contact = {"phone": PHONE, "email": EMAIL}
    return booking_json(*party, contact=contact) | more


def post(number: int, sent: Any) -> Answer:
    return api("POST", "/v1/bookings", headers={"Idempotency-Key": key(number)}, body=sent)


def test_a_bookings_whole_life_leaves_no_name_in_the_log(heard: list[Answer]) -> None:
    made = post(1, body(*FAMILY[:1])).json
    headers = {"Authorization": f"Bearer {made['token']}"}
    code = made["code"]
    route = "/v1/bookings/{code}"
    heard.append(api("GET", route, code=code, headers=headers))
    heard.append(api("GET", f"{route}/proof.svg", code=code, headers=headers))
    heard.append(api("GET", f"{route}/calendar.ics", code=code, headers=headers))
    move = {"date": "2026-11-25"}
    heard.append(api("POST", f"{route}/reschedule", code=code, headers=headers, body=move))
    heard.append(api("DELETE", route, code=code, headers=headers))
    sweep.handler({}, Context())
    assert {answer.status for answer in heard} == {200}


def test_no_refusal_names_anybody(heard: list[Answer]) -> None:
    post(1, body(*FAMILY[:1]))
    short = body(*FAMILY)
    short["applicants"][1]["nik"] += "1"
    nameless = body(*FAMILY)
    nameless["applicants"][2]["name"] += "\u0007"
    unknown = body(*FAMILY) | {FAMILY[0].nik[:8]: FAMILY[0].name}
    heard += [
        post(2, body(*FAMILY)),
        post(1, body(*FAMILY)),
        post(3, short),
        post(3, nameless),
        post(3, unknown),
        post(3, body(FAMILY[1], FAMILY[1])),
        post(3, body(FAMILY[1], office_id=FAMILY[1].nik)),
        post(3, body(FAMILY[1], date=FAMILY[1].nik)),
        post(3, body(FAMILY[1], window=FAMILY[1].name)),
        post(3, body(FAMILY[1], lane=FAMILY[1].name)),
        post(3, json.dumps(body(*FAMILY))[:-1]),
        post(3, f'"{FAMILY[0].nik}"'),
        post(3, body(*FAMILY[1:], date="2026-11-28", overflow="none")),
        api("GET", "/v1/bookings/{code}", code=FAMILY[0].nik, headers={"Authorization": PHONE}),
        api(
            "GET",
            "/v1/bookings/{code}",
            code=FAMILY[0].nik,
            headers={"Authorization": f"Bearer {FAMILY[0].nik}"},
        ),
        api("GET", "/v1/offices", query={"q": FAMILY[0].name}),
        api("GET", "/v1/offices/{office_id}", office_id=FAMILY[0].nik),
    ]
    assert all(answer.status in (200, 401, 404, 409, 422) for answer in heard), heard


class Breaking:
    """A client whose every error quotes what was sent, as DynamoDB's may."""

    def __init__(self, world: World, operation: str) -> None:
        self._client, self._operation = world.client, operation
        self.meta, self._request_signer = world.client.meta, world.client._request_signer

    def _make_api_call(self, operation: str, request: Any) -> Any:
        if operation == self._operation:
            error = {"Error": {"Code": "ValidationException", "Message": str(request)}}
            raise ClientError(error, operation)  # type: ignore[arg-type]
        return self._client._make_api_call(operation, request)


@pytest.mark.parametrize("operation", ["BatchGetItem", "UpdateItem", "TransactWriteItems"])
def test_a_fault_names_nobody(
    heard: list[Answer], world: World, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    connect(Breaking(world, operation))
    heard.append(post(1, body(*FAMILY[:1])))
    connect(world.client)
    sweep_away(world)
    assert heard[0].problem == "try-again"
    assert any(line["message"] == "failed" for line in logs.lines(caplog))


def sweep_away(world: World) -> None:
    """Let the sweeper settle what a fault may have left."""
    for _ in range(2):
        sweep.handler({}, Context())
        world.time.forward(minutes=2)


def test_a_users_address_is_not_in_the_log(
    heard: list[Answer], caplog: pytest.LogCaptureFixture
) -> None:
    claims = signed_in("admin") | {"email": EMAIL, "cognito:username": EMAIL}
    heard.append(
        Client(admin_api.handler)(
            "GET", "/v1/admin/audit", query={"office_id": "kotabumi"}, claims=claims
        )
    )
    assert heard[0].status == 200
