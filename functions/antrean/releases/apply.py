"""An admin sets an office's release rules; they apply to all places that are not released yet."""

from collections.abc import Mapping
from dataclasses import replace

from antrean.domain.audit import Author
from antrean.domain.offices import Office
from antrean.domain.planning import Extent
from antrean.domain.releases import ReleaseRule
from antrean.domain.slots import Lane
from antrean.offices.office_change import office_entry, refuse_problems, refuse_unless_as_seen
from antrean.offices.opening import plan_days_ahead
from antrean.runtime.deadline import Deadline
from antrean.store.items.office import get_office
from antrean.store.writes.change_office import change_office
from antrean.store.writes.plan_days import Written


def set_releases(
    office_id: str,
    rules: Mapping[Lane, ReleaseRule],
    author: Author,
    deadline: Deadline,
    seen_version: str | None = None,
) -> tuple[Office, Written]:
    """Give an office these release rules, and no other; return it, and what that changed.

    Places that are not released yet follow the new rules at once, and so do those of slots whose
    quota an admin set. What was released once stays bookable. Where the time does not suffice, a
    repeat goes on. Raises `InvalidRequest` for a rule that does not fit the office's limits,
    `NotFound`, `NotAsSeen`, `ChangedMeanwhile`, `Unavailable`.
    """
    before = get_office(office_id, deadline)
    refuse_unless_as_seen(before, seen_version)
    after = replace(before, releases=dict(rules))
    refuse_problems(after.limit_problems())
    if after != before:
        entry = office_entry(author, "set release rules", before, after)
        after = change_office(before, after, entry, deadline)
    extent = Extent(fixed_releases=True, opens=False)
    return after, plan_days_ahead(after, extent, author, deadline)
