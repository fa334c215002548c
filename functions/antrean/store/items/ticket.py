"""Ticket items: one person on one number.

Partition `DAY#{office_id}#{date}`, sort key `{lane}#{start}#{number:04d}`: an office day's roster
is one strongly consistent Query.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from pynamodb.attributes import Attribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from antrean.domain.day import Number
from antrean.domain.slots import Lane, SlotRef
from antrean.domain.tickets import Applicant, Booking, Ticket, TicketStatus
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retention import expires_at, is_gone
from antrean.store.retrying import call


def partition(office_id: str, day: date) -> str:
    """Return the partition key of an office day."""
    return f"DAY#{office_id}#{day.isoformat()}"


def sort_key(lane: str, start: str, number: int) -> str:
    """Return the sort key of a ticket."""
    return f"{lane}#{start}#{number:04d}"


class TicketItem(Item):
    """One number of a slot: a ticket with its person, or a returned one without."""

    status = UnicodeAttribute()
    code = UnicodeAttribute(null=True)
    person = UnicodeAttribute(null=True)
    nik = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    birth_date = UnicodeAttribute(null=True)
    ground = UnicodeAttribute(null=True)
    guardian_name = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    walk_in = BooleanAttribute(null=True)
    checked_in_at = NumberAttribute(null=True)
    turn = UnicodeAttribute(null=True)
    called_at = NumberAttribute(null=True)
    counter = UnicodeAttribute(null=True)
    finished_at = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)

    @classmethod
    def keyed(cls, ref: SlotRef, number: int) -> "TicketItem":
        """Return an item with the keys of a number alone."""
        return cls(pk=partition(ref.office_id, ref.day), sk=sort_key(ref.lane, ref.start, number))

    @classmethod
    def of(cls, ticket: Ticket) -> "TicketItem":
        """Return the item of `ticket`, to be deleted after the retention time."""
        item = cls.keyed(ticket.ref, ticket.number)
        item.status, item.expires_at = ticket.status, expires_at(ticket.ref.day)
        item.code, item.person = ticket.code or None, ticket.person or None
        if applicant := ticket.applicant:
            item.nik, item.name = applicant.nik, applicant.name
            item.birth_date = applicant.birth_date.isoformat()
            item.ground, item.guardian_name = applicant.ground, applicant.guardian_name
            item.note = applicant.note
        item.walk_in, item.turn = ticket.walk_in or None, ticket.turn or None
        item.checked_in_at, item.called_at = ticket.checked_in_at, ticket.called_at
        item.counter, item.finished_at = ticket.counter or None, ticket.finished_at
        return item

    @property
    def number(self) -> int:
        """The queue number within the slot."""
        return int(self.sk.rpartition("#")[2])

    def ticket(self) -> Ticket:
        """Return the ticket that this item holds."""
        _, office_id, day = self.pk.split("#")
        lane, start, number = self.sk.split("#")
        applicant = None
        if self.nik and self.name and self.birth_date:
            applicant = Applicant(
                nik=self.nik,
                name=self.name,
                birth_date=date.fromisoformat(self.birth_date),
                ground=self.ground,
                guardian_name=self.guardian_name,
                note=self.note,
            )
        return Ticket(
            ref=SlotRef(office_id, date.fromisoformat(day), Lane(lane), start),
            number=int(number),
            status=TicketStatus(self.status),
            code=self.code or "",
            person=self.person or "",
            applicant=applicant,
            walk_in=bool(self.walk_in),
            checked_in_at=_instant(self.checked_in_at),
            turn=self.turn or "",
            called_at=_instant(self.called_at),
            counter=self.counter or "",
            finished_at=_instant(self.finished_at),
        )


PERSONAL: tuple[Attribute[Any], ...] = tuple(
    getattr(TicketItem, field.name) for field in fields(Applicant)
)
"""What says who a ticket's person is: all that an applicant says, and the note for the officer."""


def _instant(stored: float | None) -> int | None:
    return None if stored is None else int(stored)


def day_tickets(office_id: str, day: date, deadline: Deadline) -> list[Ticket]:
    """Return every ticket of an office day, by lane, window and number; strongly consistent."""
    items = call(
        lambda: list(
            TicketItem.query(
                partition(office_id, day),
                range_key_condition=TicketItem.sk > "$",  # the day's own state sorts before
                consistent_read=True,
            )
        ),
        deadline,
    )
    return _there(items)


def get_ticket(ref: SlotRef, number: int, deadline: Deadline) -> Ticket | None:
    """Return the ticket of a number as it is now, or None; strongly consistent."""
    key = TicketItem.keyed(ref, number)
    try:
        item = call(lambda: TicketItem.get(key.pk, key.sk, consistent_read=True), deadline)
    except TicketItem.DoesNotExist:
        return None
    return None if is_gone(item.expires_at) else item.ticket()


def slot_tickets(ref: SlotRef, numbers: range, deadline: Deadline) -> list[Ticket]:
    """Return the tickets of a slot whose numbers lie in `numbers`; strongly consistent."""
    if not numbers:
        return []
    between = TicketItem.sk.between(
        sort_key(ref.lane, ref.start, numbers[0]), sort_key(ref.lane, ref.start, numbers[-1])
    )
    items = call(
        lambda: list(
            TicketItem.query(
                partition(ref.office_id, ref.day),
                range_key_condition=between,
                consistent_read=True,
            )
        ),
        deadline,
    )
    return _there(items)


def booking_tickets(booking: Booking, deadline: Deadline) -> list[Ticket]:
    """Return a booking's tickets as they are now, by number; strongly consistent."""
    numbers = range(min(booking.numbers), max(booking.numbers) + 1)
    return [
        ticket
        for ticket in slot_tickets(booking.ref, numbers, deadline)
        if ticket.code == booking.code
    ]


def numbers_to_come(office_id: str, day: date, lane: Lane, deadline: Deadline) -> list[Number]:
    """Return the numbers of a lane whose people have not come yet, in order.

    Eventually consistent: for telling how many may come, not for deciding. Raises `Unavailable`.
    """
    items = call(
        lambda: list(
            TicketItem.query(
                partition(office_id, day),
                range_key_condition=TicketItem.sk.startswith(f"{lane}#"),
                filter_condition=TicketItem.status == TicketStatus.LIVE,
                attributes_to_get=["pk", "sk"],
            )
        ),
        deadline,
    )
    return [Number(lane, item.sk.split("#")[1], item.number) for item in items]


def _there(items: Iterable[TicketItem]) -> list[Ticket]:
    """Return the tickets of items, but for those that are deleted and only not removed yet."""
    return [item.ticket() for item in items if not is_gone(item.expires_at)]


def live(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Return those tickets that hold a place."""
    return [ticket for ticket in tickets if ticket.status is not TicketStatus.RETURNED]
