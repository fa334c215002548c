"""What the record says of slots that were opened, planned anew or removed."""

from collections.abc import Sequence
from typing import Any

from antrean.domain.planning import Change as Planned
from antrean.domain.planning import Open, Remove, Rewrite
from antrean.domain.slots import Slot, SlotRef
from antrean.store.audit import Author, Change
from antrean.store.calls import Budget
from antrean.store.offices import all_offices
from antrean.store.planning import Recording

CALENDAR, PRIVACY = "CALENDAR", "PRIVACY"
"""Whose records tell of the calendar and of people's data: no office's, since ids of offices are
in small letters."""


def whole_record(budget: Budget) -> list[str]:
    """Return whose records there are: every office's, and those that are no office's."""
    return [CALENDAR, PRIVACY, *(office.office_id for office in all_offices(budget))]


def planned_on_record(office_id: str, author: Author, what: str) -> Recording:
    """Return how changes of an office's slots go on the record, as done by `author`."""

    def recording(changes: Sequence[Planned]) -> Change:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for change in changes:
            match change:
                case Open(slots):
                    after |= {_name(slot.ref): _figures(slot) for slot in slots}
                case Rewrite(seen, wanted):
                    before[_name(seen.ref)] = _figures(seen)
                    after[_name(seen.ref)] = _figures(wanted)
                case Remove(seen):
                    before[_name(seen.ref)] = _figures(seen)
        return Change(
            office_id=office_id,
            who=author.user,
            what=what,
            before=before or None,
            after=after or None,
            request_id=author.request_id,
        )

    return recording


def _name(ref: SlotRef) -> str:
    return f"{ref.day.isoformat()} {ref.lane} {ref.start}"


def _figures(slot: Slot) -> list[object]:
    return [slot.quota, slot.release_at, slot.state]
