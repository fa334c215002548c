"""Problems: each refusal has one status, one type and a section of the catalogue."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from antrean.api.problems import KINDS, MOST_ERRORS, RETRY_AFTER, TYPE, invalid, problem
from antrean.api.request_body import MethodNotAllowed
from antrean.domain.errors import (
    AlreadyBooked,
    AntreanError,
    FieldProblem,
    InvalidRequest,
    NoPlaces,
    NotSignedIn,
    Unavailable,
)
from antrean.handlers import staff_api  # noqa: F401 - each may bring a refusal
from infra.cloudformation import read

ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "docs" / "errors.md"
TEMPLATE = ROOT / "template.yaml"
GATEWAY_ONLY = {"too-many-requests"}
"""Refusals that the gateway alone makes."""


def refusals(kind: type[AntreanError] = AntreanError) -> Iterator[type[AntreanError]]:
    for refusal in kind.__subclasses__():
        yield refusal
        yield from refusals(refusal)


def told(error: AntreanError) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(problem(error).body or "")
    return body


def test_every_refusal_is_a_problem() -> None:
    assert set(refusals()) == set(KINDS)


def test_every_kind_of_problem_has_a_type_of_its_own() -> None:
    slugs = [kind.slug for kind in KINDS.values()]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


def sections() -> dict[str, str]:
    """The catalogue's sections by their headings."""
    _, *found = re.split(r"^## ", CATALOGUE.read_text(), flags=re.MULTILINE)
    return {section.partition("\n")[0].strip(): section for section in found}


def gateway_problems() -> list[dict[str, Any]]:
    """The problems that the template has the gateway answer with."""
    responses = read(TEMPLATE)["Resources"]["Api"]["Properties"]["GatewayResponses"]
    return [
        json.loads(each["ResponseTemplates"]["application/json"]) for each in responses.values()
    ]


def slug(told: dict[str, Any]) -> str:
    return str(told["type"]).removeprefix(TYPE)


def test_the_catalogue_has_a_section_for_every_problem_and_no_other() -> None:
    assert set(sections()) == {kind.slug for kind in KINDS.values()} | GATEWAY_ONLY


def test_a_section_says_the_status_the_cause_and_what_to_do() -> None:
    found = sections()
    for kind in KINDS.values():
        assert f"`{int(kind.status)}`" in found[kind.slug], kind.slug
    for heading, section in found.items():
        for part in ("**Cause**", "**What to do**"):
            assert part in section, heading


def test_the_gateway_speaks_of_the_same_problems() -> None:
    answered = gateway_problems()
    assert len(answered) > 10
    by_slug = {kind.slug: kind for kind in KINDS.values()}
    for one in answered:
        assert slug(one) in by_slug or slug(one) in GATEWAY_ONLY, one
        assert one["type"].startswith(TYPE)
    for status in (401, 403, 404, 413, 415):
        slugs = {slug(one) for one in answered if one.get("status") == status}
        assert slugs == {kind.slug for kind in KINDS.values() if kind.status == status}, status


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_problem_says_what_its_kind_says(kind: type[AntreanError]) -> None:
    error = kind.__new__(kind)
    AntreanError.__init__(error, "What is wrong.", fact=1)
    if isinstance(error, InvalidRequest):
        error.problems = []
    if isinstance(error, MethodNotAllowed):
        error.allowed = ("GET",)
    answer = problem(error)
    body = json.loads(answer.body or "")
    assert answer.status_code == body["status"] == KINDS[kind].status
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert body["type"] == TYPE + KINDS[kind].slug
    assert (body["title"], body["detail"], body["fact"]) == (
        KINDS[kind].title,
        "What is wrong.",
        1,
    )


def test_wrong_fields_are_named_by_pointer() -> None:
    wrong = [FieldProblem("/applicants/0/nik", "A NIK is exactly 16 digits.")]
    assert told(InvalidRequest(wrong))["errors"] == [
        {"pointer": "/applicants/0/nik", "detail": "A NIK is exactly 16 digits."}
    ]
    assert told(AlreadyBooked("x", errors=wrong))["errors"] == told(InvalidRequest(wrong))["errors"]


def test_who_may_try_again_is_told_when() -> None:
    assert problem(Unavailable("x")).headers["Retry-After"] == str(RETRY_AFTER)
    assert "Retry-After" not in problem(NoPlaces("x")).headers


def test_who_must_prove_themselves_is_told_how() -> None:
    assert problem(NotSignedIn("x")).headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_method_is_told_the_right_ones() -> None:
    answer = problem(MethodNotAllowed(["DELETE", "GET"]))
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert answer.headers["Allow"] == "DELETE, GET"


def fault(*loc: str | int, **more: str) -> dict[str, Any]:
    return {"loc": loc, "type": "x", "msg": "Field required", "input": "3171011705900001", **more}


def named(*faults: dict[str, Any]) -> list[dict[str, str]]:
    body: dict[str, Any] = json.loads(invalid(RequestValidationError(faults)).body or "")
    errors: list[dict[str, str]] = body["errors"]
    return errors


@pytest.mark.parametrize(
    ("loc", "pointer"),
    [
        (("body",), ""),
        (("body", "applicants", 0, "nik"), "/applicants/0/nik"),
        (("body", "a/b~c"), "/a~1b~0c"),
        (("query", "from"), "query:from"),
        (("header", "idempotency-key"), "header:idempotency-key"),
        (("path", "date"), "path:date"),
    ],
)
def test_a_place_is_told_as_a_json_pointer_or_a_parameter(
    loc: tuple[str | int, ...], pointer: str
) -> None:
    assert named(fault(*loc)) == [{"pointer": pointer, "detail": "Field required."}]


def test_what_was_sent_is_not_repeated() -> None:
    wrong = invalid(RequestValidationError([fault("body", "nik")], body="3171011705900001"))
    assert "3171011705900001" not in str(wrong.body)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Field required", "Field required."),
        ("Value error, A date is written as 2026-11-24.", "A date is written as 2026-11-24."),
    ],
)
def test_a_validators_own_words_are_told(message: str, said: str) -> None:
    assert named(fault("body", msg=message))[0]["detail"] == said


def test_a_uuids_wrong_character_is_not_repeated() -> None:
    wrong = fault("header", type="uuid_parsing", msg="invalid character: found `x` at 0")
    assert named(wrong)[0]["detail"] == "Send a UUID."


def test_a_problem_names_so_many_faults_and_no_more() -> None:
    assert len(named(*[fault("body", str(i)) for i in range(5_000)])) == MOST_ERRORS


def test_a_fault_in_our_own_answer_is_not_the_requests() -> None:
    wrong = RequestValidationError([fault("response", "tickets")])
    with pytest.raises(RequestValidationError):
        invalid(wrong)
