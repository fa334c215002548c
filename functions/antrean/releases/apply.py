"""An admin sets an office's release rules, for all places that are not released yet."""

from collections.abc import Mapping
from dataclasses import replace

from antrean.domain.audit import Author
from antrean.domain.offices import Office
from antrean.domain.planning import Extent
from antrean.domain.releases import ReleaseRule
from antrean.domain.slots import Lane
from antrean.offices.office_change import office_entry, refuse, refuse_other_version
from antrean.offices.opening import bring_in_line
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

    Places that are not released yet follow the new rules at once, those of slots with a quota
    that an admin set, too. What was released once stays bookable. Where the time does not
    suffice, a repeat goes on. Raises `InvalidRequest` for a rule that does not fit the office's
    limits, `NotFound`, `NotAsSeen`, `ChangedMeanwhile`, `Unavailable`.
    """
    seen = get_office(office_id, deadline)
    refuse_other_version(seen, seen_version)
    office = replace(seen, releases=dict(rules))
    refuse(office.limit_problems())
    if office != seen:
        change = office_entry(author, "set release rules", seen, office)
        office = change_office(seen, office, change, deadline)
    extent = Extent(fixed_releases=True, opens=False)
    return office, bring_in_line(office, extent, author, deadline)
