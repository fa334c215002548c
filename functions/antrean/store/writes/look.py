"""Look: the one read before a claim."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from antrean.domain.offices import Office
from antrean.domain.tickets import Booking
from antrean.runtime.deadline import Deadline, busy
from antrean.store.dynamodb import Item, table
from antrean.store.items.booking import BookingItem
from antrean.store.items.office import PARTITION as OFFICES
from antrean.store.items.office import OfficeItem
from antrean.store.items.person import PersonItem
from antrean.store.retention import is_gone
from antrean.store.retrying import call


class Looked(NamedTuple):
    """What stood there: the booking of this code, the persons' live tickets, the office.

    `gone` says that the code has a booking whose retention time is over.
    """

    booking: Booking | None
    persons: Mapping[str, PersonItem]
    office: Office | None
    gone: bool = False


def look(code: str, people: Sequence[str], office_id: str | None, deadline: Deadline) -> Looked:
    """Read a booking, persons (by hash) and, unless it is None, an office: one BatchGet.

    Strongly consistent, so that a repeated request finds what its first attempt wrote.
    Raises `Unavailable`.
    """
    keys: list[Item] = [BookingItem.keyed(code), *map(PersonItem.keyed, people)]
    if office_id is not None:
        keys.append(OfficeItem(pk=OFFICES, sk=office_id))
    found = _get(keys, deadline)
    if _torn(code, found):
        found = _get(keys, deadline)
    stored = found.pop(keys[0].pk, None)
    booking = BookingItem.from_raw_data(stored) if stored else None
    gone = booking is not None and is_gone(booking.expires_at)
    office = found.pop(OFFICES, None)
    persons = [PersonItem.from_raw_data(raw) for raw in found.values()]
    return Looked(
        booking=booking.booking() if booking and not gone else None,
        persons={person.person: person for person in persons},
        office=OfficeItem.from_raw_data(office).office() if office else None,
        gone=gone,
    )


def read_persons(people: Iterable[str], deadline: Deadline) -> Mapping[str, PersonItem]:
    """Return whom of `people` (hashes, at most 100) the table knows; strongly consistent."""
    keys = [PersonItem.keyed(person) for person in people]
    persons = map(PersonItem.from_raw_data, _get(keys, deadline).values()) if keys else ()
    return {person.person: person for person in persons}


def _torn(code: str, found: Mapping[str, dict[str, Any]]) -> bool:
    """Return whether the booking was filed between the reads of one BatchGet.

    A BatchGet is no snapshot: it may read the booking before the transaction that files it, and
    its persons after.
    """
    persons = (raw for pk, raw in found.items() if pk.startswith("PERSON#"))
    filed = any(raw["code"]["S"] == code for raw in persons)
    return filed and BookingItem.keyed(code).pk not in found


def _get(keys: Sequence[Item], deadline: Deadline) -> dict[str, dict[str, Any]]:
    """Return the raw items of `keys` by partition key."""
    unread = [{"pk": key.pk, "sk": key.sk} for key in keys]
    found: dict[str, dict[str, Any]] = {}
    for attempt in range(10):
        answer = call(
            lambda: table().batch_get_item(unread, consistent_read=True),  # type: ignore[arg-type]  # noqa: B023
            deadline,
        )
        for raw in answer["Responses"].get(table().table_name, []):
            found[raw["pk"]["S"]] = raw
        left = answer.get("UnprocessedKeys", {}).get(table().table_name, {}).get("Keys", [])
        if not left:
            return found
        unread = [{"pk": key["pk"]["S"], "sk": key["sk"]["S"]} for key in left]
        if not deadline.pause(attempt):
            break
    raise busy()
