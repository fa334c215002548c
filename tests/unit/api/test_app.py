"""What every API does with a request, whatever its routes: read, answer, log."""

from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from antrean.api.app import new_app, serve
from antrean.api.roles import caller, protect
from antrean.domain.errors import NoPlaces, NotAllowed, NotSignedIn
from tests.support import logs
from tests.support.gateway import REQUEST_ID, USER, Answer, Client, Context, event, signed_in

NIK = "3171011705900001"
NAME = "Siti Aminah"


class Named(BaseModel):
    name: str


@pytest.fixture
def app() -> APIGatewayRestResolver:
    app = new_app()

    @app.get("/v1/things/<thing>")
    def show(thing: str, size: Annotated[int, Query(ge=1)] = 1) -> Named:
        return Named(name=thing * size)

    @app.post("/v1/things")
    def make(named: Named) -> Named:
        return named

    @app.post("/v1/faults")
    def fail(named: Named) -> Named:
        try:
            return Named(name=str(int(named.name)))
        except ValueError as error:
            raise LookupError(f"{NIK} {named.name}") from error

    @app.get("/v1/faults")
    def answer_wrongly() -> Named:
        return {"naam": NAME}  # type: ignore[return-value]

    @app.get("/v1/refusals")
    def refuse() -> Named:
        raise NoPlaces("Nothing has room.", state="full")

    return app


@pytest.fixture
def client(app: APIGatewayRestResolver) -> Client:
    return Client(lambda sent, context: serve(app, sent, context))


def test_a_route_is_answered(client: Client) -> None:
    answer = client("GET", "/v1/things/{thing}", thing="a", query={"size": "3"})
    assert (answer.status, answer.json) == (200, {"name": "aaa"})


def test_a_refusal_is_a_problem(client: Client) -> None:
    answer = client("GET", "/v1/refusals")
    assert (answer.status, answer.problem, answer.json["state"]) == (409, "no-places", "full")


@pytest.mark.parametrize(
    ("request_", "status", "problem"),
    [
        (("GET", "/v1/nothing"), 404, "not-found"),
        (("GET", "/v1/things"), 405, "method-not-allowed"),
        (("DELETE", "/v1/faults"), 405, "method-not-allowed"),
        (("OPTIONS", "/v1/things"), 405, "method-not-allowed"),
        (("HEAD", "/v1/things"), 405, "method-not-allowed"),
        (("get", "/v1/refusals"), 409, "no-places"),
    ],
)
def test_a_wrong_path_or_method_is_a_problem(
    client: Client, request_: tuple[str, str], status: int, problem: str
) -> None:
    answer = client(*request_)
    assert (answer.status, answer.problem) == (status, problem)


def test_a_wrong_method_is_told_the_right_ones(client: Client) -> None:
    assert client("PUT", "/v1/faults").headers["allow"] == "GET, POST"
    assert client("PUT", "/v1/things").headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("request_", "status", "problem"),
    [
        ({"body": None}, 422, "invalid-request"),
        ({"body": ""}, 422, "invalid-request"),
        ({"body": "null"}, 422, "invalid-request"),
        ({"body": "[]"}, 422, "invalid-request"),
        ({"body": [{"name": "x"}]}, 422, "invalid-request"),
        ({"body": "[" * 9_999}, 422, "invalid-request"),
        ({"body": b"\xff"}, 422, "invalid-request"),
        ({"body": {"name": 5}}, 422, "invalid-request"),
        ({"body": "x" * 70_000}, 413, "too-large"),
        (
            {"body": "name=x", "headers": {"Content-Type": "text/plain"}},
            415,
            "unsupported-media-type",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    client: Client, request_: dict[str, Any], status: int, problem: str
) -> None:
    answer = client("POST", "/v1/things", **request_)
    assert (answer.status, answer.problem) == (status, problem)


def test_a_body_in_base64_is_read(client: Client) -> None:
    answer = client("POST", "/v1/things", body='{"name": "é"}'.encode())
    assert (answer.status, answer.json) == (200, {"name": "é"})


def test_unknown_parameters_are_left_alone_and_wrong_ones_named(client: Client) -> None:
    assert client("GET", "/v1/things/{thing}", thing="a", query={"foo": "1"}).status == 200
    wrong = client("GET", "/v1/things/{thing}", thing="a", query={"size": "many"})
    assert (wrong.status, wrong.pointers) == (422, ["query:size"])
    twice = client("GET", "/v1/things/{thing}", thing="a", query={"size": ["1", "2"]})
    assert (twice.status, twice.pointers) == (422, ["query:size"])


# Faults of ours


def fail(client: Client) -> Answer:
    return client("POST", "/v1/faults", body={"name": NAME})


def test_a_fault_is_a_problem_that_invites_to_try_again(client: Client) -> None:
    answer = fail(client)
    assert (answer.status, answer.problem) == (503, "try-again")
    assert answer.headers["retry-after"] == "2"
    assert answer.headers["cache-control"] == "no-store"
    assert NIK not in answer.body
    assert NAME not in answer.body


def test_a_fault_is_logged_by_kind_and_place_and_never_by_its_text(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    fail(client)
    lines = logs.lines(caplog)
    assert [line["message"] for line in lines] == ["failed", "answered"]
    assert lines[0]["error"] == "LookupError"
    assert any(" fail" in where for where in lines[0]["where"])
    assert NIK not in logs.text(caplog)
    assert NAME not in logs.text(caplog)


def test_an_answer_that_does_not_fit_its_schema_is_our_fault(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client("GET", "/v1/faults")
    assert (answer.status, answer.problem) == (503, "try-again")
    assert NAME not in logs.text(caplog)


def test_an_event_that_is_no_request_is_answered_too(client: Client) -> None:
    assert client.send({}).problem == "try-again"


# The log


def test_a_request_is_logged_by_its_route_and_not_by_what_was_sent(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client("GET", "/v1/things/{thing}", thing=NIK, headers={"Authorization": f"Bearer {NIK}"})
    client("POST", "/v1/things", body={"name": NIK})
    client("POST", "/v1/things", body=NIK)
    lines = logs.lines(caplog)
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/v1/things/{thing}", 200),
        ("POST", "/v1/things", 200),
        ("POST", "/v1/things", 422),
    ]
    assert {line["request_id"] for line in lines} == {REQUEST_ID}
    assert NIK not in logs.text(caplog)


# Who calls


def test_who_may_not_call_is_told_before_the_request_is_read(
    app: APIGatewayRestResolver,
) -> None:
    def refuse(_event: dict[str, Any]) -> None:
        raise NotAllowed("Not you.")

    strict = Client(lambda sent, context: serve(app, sent, context, refuse))
    for request in (
        event("POST", "/v1/things", body="x" * 70_000),
        event("POST", "/v1/things", body="no json"),
        event("POST", "/v1/things", body={"name": 5}),
        event("GET", "/v1/nothing"),
        event("POST", "/v1/faults", body={"name": "x"}),
    ):
        assert strict.send(request).problem == "forbidden"


@pytest.fixture
def protected() -> APIGatewayRestResolver:
    app = new_app()
    protect(app)

    @app.get("/v1/staff/offices/<office_id>/rosters")
    def show(office_id: str) -> Response[str]:
        return Response(200, "text/plain", f"{office_id} {caller(app).user}")

    @app.get("/v1/staff/offices/<office_id>/elsewhere")
    def elsewhere(office_id: str) -> Response[str]:
        return Response(200, "text/plain", office_id)

    return app


def test_a_protected_app_asks_by_the_route_that_runs(protected: APIGatewayRestResolver) -> None:
    client = Client(lambda sent, context: serve(protected, sent, context))
    route, staff = "/v1/staff/offices/{office_id}/rosters", signed_in("office:kotabumi")
    answer = client("GET", route, office_id="kotabumi", claims=staff)
    assert (answer.status, answer.body) == (200, f"kotabumi {USER}")
    assert client("GET", route, office_id="kotabumi").problem == "unauthorised"
    assert client("GET", route, office_id="kalianda", claims=staff).problem == "forbidden"
    other = "/v1/staff/offices/{office_id}/elsewhere"
    assert client("GET", other, office_id="kotabumi", claims=staff).problem == "forbidden"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/staff/offices/kalianda/rosters",
        "/v1/staff/offices/kotabumi%2F..%2Fkalianda/rosters",
        "/v1/staff/offices/kotabumi/elsewhere",
        "/v1/staff/offices/kotabumi/rosters/../../kalianda/rosters",
    ],
)
def test_a_path_that_the_gateway_reads_otherwise_opens_nothing(
    protected: APIGatewayRestResolver, path: str
) -> None:
    sent = event(
        "GET",
        "/v1/staff/offices/{office_id}/rosters",
        office_id="kotabumi",
        claims=signed_in("office:kotabumi"),
    )
    answer = serve(protected, sent | {"path": path}, Context())
    assert answer["statusCode"] in (401, 403, 404)


def test_nobody_is_caller_of_a_route_that_asks_nobody(app: APIGatewayRestResolver) -> None:
    with pytest.raises(KeyError):
        caller(app)


def test_unauthorised_is_told_with_the_scheme(protected: APIGatewayRestResolver) -> None:
    def refuse(_event: dict[str, Any]) -> None:
        raise NotSignedIn("Sign in.")

    client = Client(lambda sent, context: serve(protected, sent, context, refuse))
    answer = client("GET", "/v1/staff/offices/{office_id}/rosters", office_id="kotabumi")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
