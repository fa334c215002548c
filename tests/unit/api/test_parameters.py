"""What is read out of headers."""

import pytest

from antrean.api.parameters import bearer_token, seen_version


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("  BEARER   abc  ", "abc"),
        ("Basic abc", ""),
        ("abc", ""),
        ("Bearer", ""),
        ("", ""),
    ],
)
def test_only_a_bearer_token_is_one(header: str, token: str) -> None:
    assert bearer_token(header) == token


@pytest.mark.parametrize(("header", "version"), [(None, None), ("", ""), ('"7"', "7"), ("7", "7")])
def test_a_version_is_read_with_quotes_or_without(header: str | None, version: str | None) -> None:
    assert seen_version(header) == version
