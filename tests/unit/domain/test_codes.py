"""Codes, tokens and keyed hashes."""

import hashlib
import hmac
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain import codes

SECRET = b"a secret of the tests, 32 bytes!"
OTHER_SECRET = b"another secret of the tests, 32b"
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
NIK = "3171011705900001"

KEYED = [codes.booking_code, codes.manage_token, codes.person_hash]
code_texts = st.text(codes.ALPHABET, min_size=codes.CODE_LENGTH, max_size=codes.CODE_LENGTH)


def test_derived_values_never_change_between_releases() -> None:
    """Stored bookings and persons are found again only while these stay as they are."""
    assert codes.booking_code(SECRET, KEY) == "47W4G17C9H"
    assert codes.manage_token(SECRET, KEY) == "PL5rR824upX1FUiLWrvlJcaLjKHfT576"
    assert codes.person_hash(SECRET, NIK) == "VNY1XWSCSM3QY7VQEKVJ9ECA00"
    assert codes.request_hash(SECRET, {"a": [1, "é"]}) == "717ZPR0TS2MQ3B0NYF95GBEEPG"
    assert codes.token_digest("token") == "7H39X7BCB1TX6YJ3YD9X9Y4EC4"


def test_a_code_is_the_first_50_bits_of_its_hmac() -> None:
    digest = hmac.digest(SECRET, b"antrean/booking-code\0" + KEY.encode(), "sha256")
    bits = "".join(f"{codes.ALPHABET.index(c):05b}" for c in codes.booking_code(SECRET, KEY))
    assert bits == f"{int.from_bytes(digest):0256b}"[:50]


def test_a_token_digest_is_the_first_128_bits_of_its_sha256() -> None:
    bits = "".join(f"{codes.ALPHABET.index(c):05b}" for c in codes.token_digest("token"))
    assert bits == f"{int.from_bytes(hashlib.sha256(b'token').digest()):0256b}"[:128] + "00"


@pytest.mark.parametrize("derive", KEYED)
def test_a_keyed_value_depends_on_the_secret_and_the_text(
    derive: Callable[[bytes, str], str],
) -> None:
    assert derive(SECRET, KEY) == derive(SECRET, KEY)
    assert derive(SECRET, KEY) != derive(OTHER_SECRET, KEY)
    assert derive(SECRET, KEY) != derive(SECRET, KEY[:-1] + "f")


@pytest.mark.parametrize("derive", KEYED)
def test_an_empty_secret_is_refused(derive: Callable[[bytes, str], str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        derive(b"", KEY)


def test_values_of_different_purposes_share_nothing() -> None:
    texts = {derive(SECRET, KEY)[: codes.CODE_LENGTH] for derive in KEYED}
    assert len(texts) == len(KEYED)


def test_a_token_is_url_safe_and_has_192_bits() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", codes.manage_token(SECRET, KEY))


def test_a_token_matches_its_own_digest_alone() -> None:
    digest = codes.token_digest("token")
    assert codes.token_matches("token", digest)
    assert not codes.token_matches("Token", digest)
    assert not codes.token_matches("token", digest[:-1])
    assert not codes.token_matches("", digest)


@given(st.text())
def test_any_bearer_text_can_be_compared(text: str) -> None:
    assert not codes.token_matches(text, codes.token_digest(text + "x"))


def test_a_token_with_a_broken_character_is_compared_and_not_raised() -> None:
    assert not codes.token_matches("\ud800", codes.token_digest("token"))


def test_a_request_hash_ignores_the_order_of_members_and_keeps_that_of_lists() -> None:
    first = codes.request_hash(SECRET, {"a": 1, "b": {"c": [1, 2], "d": None}})
    assert first == codes.request_hash(SECRET, {"b": {"d": None, "c": [1, 2]}, "a": 1})
    assert first != codes.request_hash(SECRET, {"a": 1, "b": {"c": [2, 1], "d": None}})
    assert first != codes.request_hash(OTHER_SECRET, {"a": 1, "b": {"c": [1, 2], "d": None}})


def test_a_request_hash_takes_a_broken_character() -> None:
    assert codes.request_hash(SECRET, {"name": "\ud800"})


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_a_request_hash_refuses_what_json_does_not_know(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        codes.request_hash(SECRET, {"a": value})


@given(code_texts)
def test_a_displayed_code_reads_back(code: str) -> None:
    shown = codes.display_code(code)
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", shown)
    assert codes.normalise_code(shown) == code
    assert codes.normalise_code(shown.lower()) == code
    assert codes.normalise_code(codes.QR_PREFIX + code) == code


@pytest.mark.parametrize(
    "typed",
    [
        "K1QF0-M9PXT",
        "k1qf0m9pxt",
        " K1QF0 M9PXT\n",
        "K1QF0\u2013M9PXT",
        "K1QF0\u00a0M9PXT",
        "KIQFO-M9PXT",
        "klqfo-m9pxt",
        "ANTREAN:K1QF0-M9PXT",
        "antrean: k1qf0-m9pxt",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert codes.normalise_code(typed) == "K1QF0M9PXT"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K1QF0-M9PX",
        "K1QF0-M9PXTT",
        "K1QF0-M9PXU",
        "K1QF0/M9PXT",
        "Ж1QF0M9PXT",
        "K" * 5000,
    ],
)
def test_what_is_no_code_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(ValueError, match="code") as refused:
        codes.normalise_code(typed)
    assert len(typed) < 5 or typed not in str(refused.value)


@given(st.text())
def test_any_text_is_a_code_or_a_value_error(text: str) -> None:
    try:
        code = codes.normalise_code(text)
    except ValueError:
        return
    assert codes.normalise_code(code) == code
