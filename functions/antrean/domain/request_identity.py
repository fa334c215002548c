"""A request's identity: what follows from its idempotency key and what it says, and from no clock.

A repeat has the same identity, so it finds the booking that its first attempt made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from antrean.domain.codes import (
    booking_code,
    manage_token,
    person_hash,
    request_hash,
    token_digest,
)
from antrean.domain.slots import Claim
from antrean.domain.tickets import Applicant, Booking, Contact, Move

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    """The code and token of the booking that a request makes, its people (hashes), its own hash."""

    code: str
    token: str
    people: tuple[str, ...]
    request_hash: str

    def made(self, booking: Booking) -> bool:
        """Return whether `booking`, found under this code, was made by this very request."""
        return (booking.token_digest, booking.request_hash) == (
            token_digest(self.token),
            self.request_hash,
        )

    def booking(
        self,
        claim: Claim,
        party: Sequence[Applicant],
        contact: Contact,
        now: int,
        *,
        requested_date: date,
        requested_start: str | None,
        move: Move | None = None,
    ) -> Booking:
        """Return the booking that the request makes of a claim, at `now` (seconds, UTC)."""
        return Booking(
            code=self.code,
            ref=claim.ref,
            end=claim.end,
            numbers=tuple(claim.numbers),
            names=tuple(person.name for person in party),
            people=self.people,
            requested_date=requested_date,
            requested_start=requested_start,
            contact=contact,
            token_digest=token_digest(self.token),
            request_hash=self.request_hash,
            created_at=now,
            changed_at=now,
            move=move,
        )


def identify(
    secret: bytes, key: str, party: Iterable[Applicant], request: "DataclassInstance"
) -> RequestIdentity:
    """Return the identity of `request`, sent with the idempotency key `key` for `party`."""
    return RequestIdentity(
        code=booking_code(secret, key),
        token=manage_token(secret, key),
        people=tuple(person_hash(secret, person.nik) for person in party),
        request_hash=request_hash(secret, _as_json(asdict(request))),
    )


def _as_json(value: Any) -> Any:
    match value:
        case dict():
            return {name: _as_json(member) for name, member in value.items()}
        case list() | tuple():
            return [_as_json(member) for member in value]
        case date():
            return value.isoformat()
        case _:
            return value
