"""Announcing releases: when which dates become bookable, and how many places they bring."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from antrean.domain.calendar import Holidays
from antrean.domain.offices import Office
from antrean.domain.planning import holiday_at, plan_day
from antrean.domain.releases import Immediate, ReleaseRule, Staged, lead, release_instants, stages
from antrean.domain.slots import KeptFor, Lane, Slot, SlotState


@dataclass(frozen=True, slots=True)
class Release:
    """Places of one lane that become bookable at one instant (seconds, UTC), by their date."""

    at: int
    lane: Lane
    places: tuple[tuple[date, int], ...]

    @property
    def total(self) -> int:
        """Places of all dates."""
        return sum(places for _, places in self.places)


def announced(
    office: Office, slots: Sequence[Slot], holidays: Holidays, now: int, days: int
) -> list[Release]:
    """Return what is released within `days` days after `now` (seconds, UTC), by instant and lane.

    Dates that are open tell by their own `slots`, which an admin may have changed; those after
    the last of them by schedule, calendar and release rules.
    """
    until = now + int(timedelta(days=days).total_seconds())
    opened = max((slot.ref.day for slot in slots), default=None)
    by_release = defaultdict[tuple[int, Lane], dict[date, int]](lambda: defaultdict(int))
    for slot in [*slots, *_not_open_yet(office, holidays, now, days, opened)]:
        for at, places in _releases_of(office, slot):
            if places > 0 and now < at <= until:
                by_release[at, slot.ref.lane][slot.ref.day] += places
    return [
        Release(at, lane, tuple(sorted(places.items())))
        for (at, lane), places in sorted(by_release.items())
    ]


def _not_open_yet(
    office: Office, holidays: Holidays, now: int, days: int, opened: date | None
) -> Iterator[Slot]:
    dated = [rule for rule in office.releases.values() if not isinstance(rule, Immediate)]
    if not dated:
        return
    ahead = days + max(lead(rule)[1] for rule in dated)
    today = _local_date(office, now)
    first = today if opened is None else max(today, opened + timedelta(days=1))
    while first <= today + timedelta(days=ahead):
        yield from plan_day(office, first, holidays)
        first += timedelta(days=1)


def _releases_of(office: Office, slot: Slot) -> Iterator[tuple[int, int]]:
    """Yield the instants at which places of a slot come free before its bookings close."""
    if slot.state is SlotState.CLOSED:
        return
    stages = [(slot.release_at, slot.remaining)]
    stages += [
        (part.at, part.places) for part in slot.kept_back if part.kept_for is KeptFor.RELEASE
    ]
    for at, places in stages:
        if not office.has_closed(slot.ref.day, slot.ref.start, at):
            yield at, places


def next_release(office: Office, holidays: Holidays, now: int) -> int | None:
    """Return the next instant (seconds, UTC) at which the office's rules release places.

    By schedule, calendar and rules alone, without a look at the slots: cheap enough for a list
    of all offices. None for an office whose dates are bookable as soon as they are open.
    """
    found = (_next_of(office, lane, rule, holidays, now) for lane, rule in office.releases.items())
    return min((at for at in found if at is not None), default=None)


NO_SERVICE = 14
"""Days without service, or without places, that are looked past for the next that has some."""


def _next_of(
    office: Office, lane: Lane, rule: ReleaseRule, holidays: Holidays, now: int
) -> int | None:
    match rule:
        case Immediate():
            return None
        case Staged(shares, at):
            parts: list[ReleaseRule] = [Staged((share,), at) for share in shares]
        case _:
            parts = [rule]
    found = (_next_of_part(office, lane, part, holidays, now) for part in parts)
    return min((at for at in found if at is not None), default=None)


def _next_of_part(
    office: Office, lane: Lane, part: ReleaseRule, holidays: Holidays, now: int
) -> int | None:
    """Return the next instant of a rule that releases a date at once: the later, the later."""
    today, (fewest, most) = _local_date(office, now), lead(part)
    for ahead in range(fewest, most + NO_SERVICE):
        day = today + timedelta(days=ahead)
        ((at, _),) = release_instants(part, day, office.zone, holidays)
        if at <= now or holiday_at(office, day, holidays):
            continue
        if _brings(office, day, lane, holidays, at):
            return at
    return None


def _brings(office: Office, day: date, lane: Lane, holidays: Holidays, at: int) -> bool:
    """Return whether a release brings places of a date: a small share of few may be none."""
    instants = release_instants(office.release_rule(lane), day, office.zone, holidays)
    return any(
        stage.at == at and stage.places > 0 and not office.has_closed(day, window.start, at)
        for window in office.windows_on(day, lane)
        for stage in stages(window.quota, instants)
    )


def _local_date(office: Office, at: int) -> date:
    return office.local_date(datetime.fromtimestamp(at, UTC))


def in_order(releases: Iterable[Release]) -> dict[int, list[Release]]:
    """Return releases by their instant, in the order they come."""
    by_instant = defaultdict[int, list[Release]](list)
    for release in releases:
        by_instant[release.at].append(release)
    return dict(by_instant)
