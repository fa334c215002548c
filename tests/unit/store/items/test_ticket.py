"""Which of a ticket's attributes say who its person is."""

from dataclasses import asdict, fields
from datetime import date
from typing import Any

from antrean.domain.tickets import Applicant
from antrean.store.items.ticket import PERSONAL, TicketItem
from antrean.store.writes.change_booking import OF_THE_HOLDER
from operations.erase_person import strip_ticket
from operations.person_data import export
from tests.engines.memory.client import MemoryDynamoDB
from tests.support.worlds import TABLE, World, deadline
from tests.unit.store.table_content import (
    REF,
    a_booking,
    a_party,
    booking_filed,
    places_claimed,
    slots_opened,
)

ON_EVERY_ITEM = {"pk", "sk"}
OF_THE_NUMBER = {"status", "expires_at"}
OF_THE_BOOKING = {"code", "person"}
"""They lead to a person: a returned ticket loses them, an erasure takes `person` off last."""
OF_THE_DAY = {"walk_in", "checked_in_at", "turn", "called_at", "counter", "finished_at"}


def names_of(attributes: Any) -> set[str]:
    return {attribute.attr_name for attribute in attributes}


def test_every_attribute_of_a_ticket_is_personal_or_known_not_to_be() -> None:
    """A new attribute fails here until somebody has decided about it."""
    known = ON_EVERY_ITEM | OF_THE_NUMBER | OF_THE_BOOKING | OF_THE_DAY
    personal = names_of(PERSONAL)
    assert not personal & known
    assert set(TicketItem.get_attributes()) == known | personal
    assert personal == {field.name for field in fields(Applicant)}


def test_a_returned_ticket_loses_what_is_personal_and_what_leads_to_a_person() -> None:
    assert names_of(OF_THE_HOLDER) == names_of(PERSONAL) | OF_THE_BOOKING


def test_an_erased_ticket_has_none_of_it_and_an_export_had_all(unaudited: World) -> None:
    slots_opened()
    (applicant,) = a_party(1)
    whole = Applicant(
        **asdict(applicant) | {"ground": "elderly", "guardian_name": "Sari", "note": "Kursi roda"}
    )
    assert None not in asdict(whole).values(), "else a field could be left out unnoticed"
    booking = booking_filed(a_booking(places_claimed(1).numbers), [whole])
    (exported,) = export(booking.people[0], deadline())["tickets"]
    given = {**asdict(whole), "birth_date": whole.birth_date.isoformat()}
    given["priority_ground"] = given.pop("ground")
    assert {name: exported[name] for name in given} == given
    (stored,) = _tickets(unaudited)
    assert names_of(PERSONAL) <= stored.keys()
    item = TicketItem.from_raw_data(dict(stored))
    strip_ticket(item.ticket(), deadline())
    (stored,) = _tickets(unaudited)
    assert not names_of(PERSONAL) & stored.keys()


def _tickets(world: World) -> list[Any]:
    assert isinstance(world.client, MemoryDynamoDB)
    key = f"DAY#{REF.office_id}#{date.isoformat(REF.day)}"
    return [item for item in world.client.items(TABLE) if item["pk"]["S"] == key]
