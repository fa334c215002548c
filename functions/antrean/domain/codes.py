"""Booking codes, manage tokens and keyed hashes, all derived and never drawn at random.

The code and the token of a booking come from the client's idempotency key, so that a repeated
request finds its own booking without a second record (ADR 0008). Every derivation is
HMAC-SHA256 under the deployment's one secret with a prefix of its own purpose, so that no value
of one kind can stand in for another. Changing the secret loses every person hash and every
token: it is not rotated like a password.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U, so that a code survives being read aloud or copied."""

CODE_LENGTH: Final = 10
"""Characters of a booking code: 50 bits."""

QR_PREFIX: Final = "ANTREAN:"
"""What stands before the code in the QR of the proof."""

_TOKEN_BYTES: Final = 24  # 192 bits, 32 characters without padding
_HASH_BITS: Final = 128  # 26 characters: keeps the items small
_SPACES_AND_HYPHENS: Final = re.compile(r"[\s\-\u2010-\u2015]+")
_READ_AS: Final = str.maketrans("ILO", "110")
_BITS_PER_CHARACTER: Final = 5


def booking_code(secret: bytes, idempotency_key: str) -> str:
    """The 10-character code of the booking that this idempotency key makes, without a hyphen.

    50 bits name a booking, they do not protect it: that is the manage token's part. Two keys
    share a code about once in 10**15; the second booking is then refused, never merged.
    """
    digest = _keyed(secret, "booking-code", idempotency_key.encode())
    return _base32(digest, CODE_LENGTH * _BITS_PER_CHARACTER)


def manage_token(secret: bytes, idempotency_key: str) -> str:
    """The URL-safe secret (192 bits, 32 characters) that lets its holder manage the booking."""
    digest = _keyed(secret, "manage-token", idempotency_key.encode())
    return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


def token_digest(token: str) -> str:
    """The 128-bit form of a manage token that is stored; the token itself never is.

    A plain SHA-256 is enough: the token is 192 random bits, so there is nothing to guess.
    """
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
    return _base32(digest, _HASH_BITS)


def token_matches(token: str, digest: str) -> bool:
    """Whether `token` is the one whose `token_digest` was stored, in constant time."""
    return hmac.compare_digest(token_digest(token).encode(), digest.encode())


def person_hash(secret: bytes, nik: str) -> str:
    """The 128-bit keyed hash that stands for a person wherever the NIK need not be known.

    Keyed, because the 10**16 possible NIKs (far fewer plausible ones) can be tried one by one
    against a plain hash. `nik` is the 16 digits of `Nik.value`.
    """
    return _base32(_keyed(secret, "person", nik.encode()), _HASH_BITS)


def address_hash(secret: bytes, address: str) -> str:
    """The 128-bit keyed hash that stands for an e-mail address or phone number.

    Case and outer spaces do not count: mailboxes that differ in them are one in practice.
    """
    return _base32(_keyed(secret, "address", address.strip().casefold().encode()), _HASH_BITS)


def request_hash(secret: bytes, payload: Mapping[str, object]) -> str:
    """The 128-bit keyed hash of a request, to tell a repeat from another use of the same key.

    The payload is written as canonical JSON: the order of members does not matter, the order of
    lists does. Keyed, because it covers NIKs. Raises TypeError or ValueError for what JSON does
    not know (dates, sets, NaN).
    """
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return _base32(_keyed(secret, "request", canonical.encode()), _HASH_BITS)


def normalise_code(text: str) -> str:
    """The 10 characters of a booking code as a person typed it or a scanner read it.

    Any case, any spaces and hyphens, I and L for 1, O for 0, with or without the prefix of the
    QR. Raises ValueError, which never repeats the text, for anything else.
    """
    typed = _SPACES_AND_HYPHENS.sub("", text).upper().removeprefix(QR_PREFIX)
    code = typed.translate(_READ_AS)
    if len(code) != CODE_LENGTH:
        raise ValueError(f"A booking code has {CODE_LENGTH} letters and digits.")
    if not set(code) <= set(ALPHABET):
        raise ValueError("A booking code has only digits and letters, and no letter U.")
    return code


def display_code(code: str) -> str:
    """A normalised code as people see it: `K7QF2-M9PXT`."""
    return f"{code[:5]}-{code[5:]}"


def _keyed(secret: bytes, purpose: str, message: bytes) -> bytes:
    if not secret:
        raise ValueError("The secret of the keyed hashes is empty.")
    return hmac.digest(secret, b"antrean/" + purpose.encode() + b"\0" + message, "sha256")


def _base32(digest: bytes, bits: int) -> str:
    """The first `bits` of the digest, five to a character, the last one padded with zeros."""
    length = -(-bits // _BITS_PER_CHARACTER)
    padding = length * _BITS_PER_CHARACTER - bits
    value = int.from_bytes(digest) >> (8 * len(digest) - bits) << padding
    characters = []
    for _ in range(length):
        value, index = divmod(value, len(ALPHABET))
        characters.append(ALPHABET[index])
    return "".join(reversed(characters))
