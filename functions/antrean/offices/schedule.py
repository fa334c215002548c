"""An admin sets an office's weekly schedule."""

from dataclasses import replace

from antrean.domain.audit import Author
from antrean.domain.offices import Office
from antrean.domain.schedule import Schedule
from antrean.offices.office_change import office_entry, refuse_problems, refuse_unless_as_seen
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

    It decides about days that are opened from now on. Those that are open already are planned
    again by `open_days`. Raises `InvalidRequest`, `NotFound`, `NotAsSeen`, `ChangedMeanwhile`,
    `Unavailable`.
    """
    refuse_problems(schedule.problems())
    before = get_office(office_id, deadline)
    refuse_unless_as_seen(before, seen_version)
    after = replace(before, schedule=schedule)
    if after == before:
        return before
    entry = office_entry(author, "set schedule", before, after)
    return change_office(before, after, entry, deadline)
