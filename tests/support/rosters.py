"""Rosters of synthetic people: one day at Kotabumi."""

from dataclasses import replace
from datetime import date, timedelta

from antrean.domain.slots import Lane, Slot, SlotRef, SlotState
from antrean.domain.tickets import Applicant, Ticket, TicketStatus
from antrean.rosters.roster import Roster, roster_of
from tests.support.people import TUESDAY, an_office, nik

DAY = TUESDAY
OFFICE = an_office(office_class="Kelas II Non TPI", daily_quota=60)
EVENING = OFFICE.instant(DAY - timedelta(days=1), "1800")
"""When rosters are published."""
BORN = date(1990, 5, 15)


def slot(start: str, lane: Lane = Lane.REGULAR, office_id: str = "kotabumi") -> Slot:
    """A window of an hour with 20 places."""
    ref = SlotRef(office_id, DAY, lane, start)
    return Slot(ref, f"{int(start[:2]) + 1:02}{start[2:]}", quota=20, remaining=20)


def person(number: int, name: str = "Siti Rahayu", note: str | None = None) -> Applicant:
    """A woman born on 15 May 1990; `number` tells her from others."""
    return Applicant(nik(BORN, number, woman=True), name, BORN, note=note)


def ticket(
    start: str,
    number: int,
    applicant: Applicant | None = None,
    lane: Lane = Lane.REGULAR,
    office_id: str = "kotabumi",
) -> Ticket:
    """A live ticket."""
    return Ticket(
        ref=SlotRef(office_id, DAY, lane, start),
        number=number,
        status=TicketStatus.LIVE,
        code="K7QF2M9PXT",
        person=f"hash-{lane}-{start}-{number}",
        applicant=applicant or person(number),
    )


def returned(start: str, number: int) -> Ticket:
    """A number whose person cancelled."""
    return Ticket(SlotRef("kotabumi", DAY, Lane.REGULAR, start), number, TicketStatus.RETURNED)


def roster(*tickets: Ticket, closed: str = "") -> Roster:
    """The roster of these tickets, in a day of windows from 08:00 to 15:00.

    The windows that begin at `closed` are closed, for want of electricity.
    """
    slots = [slot(f"{hour:02}00", lane) for hour in range(8, 15) for lane in Lane]
    slots = [
        replace(one, state=SlotState.CLOSED, reason="Listrik padam")
        if one.ref.start == closed
        else one
        for one in slots
    ]
    return roster_of(OFFICE, DAY, tickets, slots, EVENING)
