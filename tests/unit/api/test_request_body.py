"""What the API asks of a request before any route sees it."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.api.request_body import (
    LARGEST_BODY,
    TooLarge,
    UnsupportedMedia,
    json_object,
    with_plain_body,
)
from antrean.domain.errors import InvalidRequest


def sent(body: str | None, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {"body": body, "headers": headers, "isBase64Encoded": False, **more}


@pytest.mark.parametrize("body", [None, ""])
@pytest.mark.parametrize("headers", [None, {}, {"Content-Type": "text/plain"}])
def test_a_request_without_a_body_passes(body: str | None, headers: dict[str, str] | None) -> None:
    event = sent(body, headers)
    assert with_plain_body(event) == event


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"Content-Type": "application/json"},
        {"content-type": "application/json"},
        {"CONTENT-TYPE": "Application/JSON; charset=utf-8"},
        {"Content-Type": " application/json ;charset=UTF-8"},
    ],
)
def test_json_is_read_however_the_header_is_written(headers: dict[str, str] | None) -> None:
    assert with_plain_body(sent("{}", headers))["body"] == "{}"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        ";",
    ],
)
def test_any_other_media_type_is_refused(media_type: str) -> None:
    with pytest.raises(UnsupportedMedia):
        with_plain_body(sent("{}", {"Content-Type": media_type}))


def test_a_base64_body_is_read_as_the_text_it_stands_for() -> None:
    coded = base64.b64encode('{"nama": "Nur\u00e1ini"}'.encode()).decode()
    read = with_plain_body(sent(coded, isBase64Encoded=True))
    assert (read["body"], read["isBase64Encoded"]) == ('{"nama": "Nur\u00e1ini"}', False)


@pytest.mark.parametrize("coded", ["***", "e30", base64.b64encode(b"\xff\xfe").decode()])
def test_bytes_that_are_no_text_are_refused(coded: str) -> None:
    with pytest.raises(InvalidRequest):
        with_plain_body(sent(coded, isBase64Encoded=True))


@pytest.mark.parametrize(("size", "allowed"), [(LARGEST_BODY, True), (LARGEST_BODY + 1, False)])
@pytest.mark.parametrize("encoded", [False, True])
def test_a_body_has_a_largest_size_in_bytes(size: int, *, allowed: bool, encoded: bool) -> None:
    text = "\u00e9" * (size // 2) + "x" * (size % 2)
    body = base64.b64encode(text.encode()).decode() if encoded else text
    event = sent(body, isBase64Encoded=encoded)
    if allowed:
        assert with_plain_body(event)["body"] == text
    else:
        with pytest.raises(TooLarge):
            with_plain_body(event)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    st.lists,
    max_leaves=5,
)


@given(st.dictionaries(st.text(), json_values))
def test_an_object_is_read(value: dict[str, Any]) -> None:
    assert json_object(json.dumps(value)) == value


@given(json_values)
def test_json_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(InvalidRequest):
        json_object(json.dumps(value))


@pytest.mark.parametrize(
    "text",
    ["{", "}", "{'a': 1}", '{"a": }', '{"a": 1} x', "[" * 60_000, '{"a":' * 9_000, "9" * 5_000],
    ids=lambda text: text[:8],
)
def test_what_is_no_json_is_refused_by_the_whole_body(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        json_object(text)
    assert [problem.pointer for problem in refused.value.problems] == [""]


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    with suppress(InvalidRequest):
        assert isinstance(json_object(text), dict)
