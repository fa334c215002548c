"""Which caches may keep an answer, and what version it names."""

from dataclasses import replace
from typing import Any

from aws_lambda_powertools.event_handler import Response

from antrean.api.answers import briefly_private, cached, private, tagged
from tests.support.people import an_office


def headers(answer: Response[Any]) -> dict[str, Any]:
    """An answer's headers besides that of its media type."""
    return {name: value for name, value in answer.headers.items() if name != "Content-Type"}


def test_what_is_one_callers_is_kept_nowhere() -> None:
    assert headers(private("a token")) == {"Cache-Control": "no-store"}


def test_what_its_holder_may_keep_is_kept_by_no_shared_cache() -> None:
    assert headers(briefly_private("a booking", 5)) == {
        "Cache-Control": "private, max-age=5",
        "Vary": "Authorization",
    }


def test_what_is_for_everybody_is_kept_by_cloudfront_and_browsers() -> None:
    assert headers(cached("a board", 3)) == {"Cache-Control": "public, max-age=3, s-maxage=3"}


def test_the_tag_of_an_office_is_its_version() -> None:
    office = replace(an_office(), version=7)
    assert headers(tagged(office, "an office")) == {"ETag": '"7"'}
