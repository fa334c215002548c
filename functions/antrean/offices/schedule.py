"""Admins set an office's weekly schedule."""

from dataclasses import replace

from antrean.domain.audit import Author
from antrean.domain.offices import Office
from antrean.domain.schedule import Schedule
from antrean.offices.office_change import office_entry, refuse, refuse_other_version
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import get_office
from antrean.store.writes.change_office import change_office


def set_schedule(
    office_id: str,
    schedule: Schedule,
    author: Author,
    deadline: Deadline,
    seen_version: str | None = None,
) -> Office:
    """Give an office this schedule, in place of the one it has.

    It decides about days that are opened from now on; `open_days` plans those that are open
    anew. Raises `InvalidRequest`, `NotFound`, `NotAsSeen`, `ChangedMeanwhile`,
    `Unavailable`.
    """
    refuse(schedule.problems())
    seen = get_office(office_id, deadline)
    refuse_other_version(seen, seen_version)
    office = replace(seen, schedule=schedule)
    if office == seen:
        return seen
    return change_office(seen, office, office_entry(author, "set schedule", seen, office), deadline)
