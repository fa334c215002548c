"""The JSON of searches across offices, and of the open ledger."""

import datetime as dt
from collections.abc import Sequence

from antrean.api.rendering import hour
from antrean.api.schemas import Output
from antrean.domain.offices import Office
from antrean.domain.slots import Lane, SlotState
from antrean.domain.tickets import TicketStatus
from antrean.offices.ledger import Line
from antrean.offices.spare import Search, Spare


class SpareOfficeOut(Output):
    """An office with room: from which date on, and how far it is."""

    office_id: str
    name: str
    city: str
    province: str
    timezone: str
    date: dt.date
    distance_km: float | None


class SpareOut(Output):
    """Offices with room. `nowhere_near` says that none in the search has any."""

    lane: Lane
    party: int
    as_of: dt.datetime
    nowhere_near: bool
    offices: list[SpareOfficeOut]


class LedgerLineOut(Output):
    """What became of the places of one slot."""

    lane: Lane
    start: str
    end: str
    state: SlotState
    quota: int
    released: int
    not_released: int
    walk_in_reserve: int
    booked: int
    returning: int
    remaining: int
    outcomes: dict[str, int]


class LedgerOut(Output):
    """The ledger of an office day."""

    office_id: str
    date: dt.date
    slots: list[LedgerLineOut]


def spare_out(search: Search, found: Sequence[Spare], as_of: int) -> SpareOut:
    """Return what a search found."""
    return SpareOut(
        lane=search.lane,
        party=search.party,
        as_of=dt.datetime.fromtimestamp(as_of, dt.UTC),
        nowhere_near=not any(one.within for one in found),
        offices=[
            SpareOfficeOut(
                office_id=one.office.office_id,
                name=one.office.name,
                city=one.office.city,
                province=one.office.province,
                timezone=one.office.timezone,
                date=one.day,
                distance_km=None if one.km is None else round(one.km, 1),
            )
            for one in found
        ],
    )


def ledger_out(office: Office, day: dt.date, lines: Sequence[Line]) -> LedgerOut:
    """Return the ledger of an office day."""
    return LedgerOut(
        office_id=office.office_id, date=day, slots=[_ledger_line_out(line) for line in lines]
    )


def _ledger_line_out(line: Line) -> LedgerLineOut:
    slot = line.slot
    return LedgerLineOut(
        lane=slot.ref.lane,
        start=hour(slot.ref.start),
        end=hour(slot.end),
        state=slot.state,
        quota=slot.quota,
        released=slot.quota - line.not_released,
        not_released=line.not_released,
        walk_in_reserve=line.walk_in_reserve,
        booked=line.booked,
        returning=line.returning,
        remaining=slot.remaining,
        outcomes={status: line.statuses[status] for status in TicketStatus},
    )
