"""Announced releases: what they say becomes bookable, to the second and to the place."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.announcing import Release, announced, next_release
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.offices import Office
from antrean.domain.planning import plan_day
from antrean.domain.releases import Immediate, Monthly, Rolling, Share, Staged, Weekly
from antrean.domain.schedule import Hours, Schedule, Timetable, Window
from antrean.domain.slots import Availability, KeptBack, KeptFor, Lane, Slot
from tests.support.people import ZONES, an_office

KARAWANG = Staged((Share(3, 10), Share(2, 30), Share(1, 60)), "0900")
RULES = [
    Immediate(),
    Rolling(7, "0730"),
    Rolling(0, "0830"),
    Weekly(4, "1400"),
    Monthly("0900"),
    KARAWANG,
]
DAYS = 60


def serving(places: int, lanes: tuple[Lane, ...], days: frozenset[int]) -> Schedule:
    hours = tuple(
        Hours(lane, days, (Window("0800", "0900", places), Window("0900", "1000", 3)))
        for lane in lanes
    )
    return Schedule((Timetable("ordinary", date(2020, 1, 1), None, hours),))


offices = st.builds(
    lambda zone, places, days, regular, priority, closes_at: an_office(
        timezone=zone,
        schedule=serving(places, (Lane.REGULAR, Lane.PRIORITY), days),
        releases={Lane.REGULAR: regular, Lane.PRIORITY: priority},
        horizon_days=92,
        closes_at=closes_at,
    ),
    st.sampled_from(ZONES),
    st.integers(0, 40),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from(RULES),
    st.sampled_from(RULES),
    st.sampled_from([None, "1700"]),
)
near_ends = st.sampled_from([datetime(2026, 12, 31, tzinfo=UTC), datetime(2028, 2, 28, tzinfo=UTC)])
instants = st.builds(
    lambda around, minutes: int((around + timedelta(minutes=minutes)).timestamp()),
    near_ends | st.just(datetime(2027, 5, 15, tzinfo=UTC)),
    st.integers(-40 * 1440, 40 * 1440),
)


def off(*days: date) -> dict[date, Holiday]:
    return {day: Holiday(day, "Libur", HolidayKind.NATIONAL, "SKB") for day in days}


def planned(office: Office, now: int, days: int, holidays: dict[date, Holiday]) -> list[Slot]:
    today = office.local_date(datetime.fromtimestamp(now, UTC))
    return [
        slot for i in range(days) for slot in plan_day(office, today + timedelta(days=i), holidays)
    ]


def bookable(office: Office, slot: Slot, at: int) -> int:
    """Places of a slot that somebody could book at an instant."""
    state = office.availability(slot, at)
    return slot.bookable(at) if state in (Availability.OPEN, Availability.FULL) else 0


@given(offices, instants, st.integers(0, 60), st.integers(0, 90))
def test_what_is_announced_is_what_becomes_bookable_then_and_not_a_second_before(
    office: Office, now: int, ahead: int, opened: int
) -> None:
    today = office.local_date(datetime.fromtimestamp(now, UTC))
    holidays = off(today + timedelta(days=ahead))
    everything = planned(office, now, DAYS + 95, holidays)
    there = [slot for slot in everything if (slot.ref.day - today).days < opened]
    releases = Counter[tuple[int, Lane, date]]()
    for release in announced(office, there, holidays, now, DAYS):
        assert now < release.at <= now + DAYS * 86_400
        for day, places in release.places:
            releases[release.at, release.lane, day] += places
    becomes = Counter[tuple[int, Lane, date]]()
    for slot in everything:
        for at in {slot.release_at, *(part.at for part in slot.kept_back)}:
            more = bookable(office, slot, at) - bookable(office, slot, at - 1)
            if more > 0 and now < at <= now + DAYS * 86_400:
                becomes[at, slot.ref.lane, slot.ref.day] += more
    assert releases == becomes


@given(offices, instants)
def test_the_next_release_is_the_first_that_is_announced(office: Office, now: int) -> None:
    releases = announced(office, [], {}, now, DAYS)
    following = next_release(office, {}, now)
    if releases:
        assert following == releases[0].at
    else:
        assert following is None or following > now + DAYS * 86_400


NOW = int(datetime(2026, 11, 23, 0, 0, tzinfo=UTC).timestamp())
FRIDAYS = an_office(releases={Lane.REGULAR: Weekly(4, "1400")})


def test_dates_that_are_open_tell_by_their_own_slots() -> None:
    slots = planned(FRIDAYS, NOW, 14, {})
    changed = [
        Slot(slot.ref, slot.end, 1, 1, release_at=slot.release_at)
        if slot.ref.day == date(2026, 12, 1)
        else slot
        for slot in slots
    ]
    first = announced(FRIDAYS, changed, {}, NOW, DAYS)[0]
    assert dict(first.places)[date(2026, 12, 1)] == 6
    assert dict(first.places)[date(2026, 12, 2)] == 20
    assert first.total == 86


def test_a_holiday_and_a_reserve_for_walk_ins_are_not_announced() -> None:
    holiday = off(date(2026, 12, 1))
    (slot,) = [slot for slot in planned(FRIDAYS, NOW, 14, {}) if slot.ref == _first_of_december()]
    kept = Slot(
        slot.ref,
        slot.end,
        4,
        3,
        release_at=slot.release_at,
        kept_back=(KeptBack(slot.release_at + 3600, 1, KeptFor.WALK_IN),),
    )
    assert [release.places for release in announced(FRIDAYS, [kept], {}, NOW, 5)] == [
        (
            (date(2026, 12, 1), 3),
            (date(2026, 12, 2), 20),
            (date(2026, 12, 3), 20),
            (date(2026, 12, 4), 20),
        )
    ]
    releases = announced(FRIDAYS, [], holiday, NOW, 5)
    assert date(2026, 12, 1) not in dict(releases[0].places)


def _first_of_december() -> object:
    return planned(FRIDAYS, NOW, 9, {})[-6].ref


def test_lanes_of_one_instant_are_told_apart() -> None:
    both = (Lane.REGULAR, Lane.PRIORITY)
    office = an_office(
        schedule=serving(5, both, frozenset(range(5))),
        releases=dict.fromkeys(both, Monthly("0900")),
    )
    releases = announced(office, [], {}, NOW, 10)
    assert [(release.lane, release.total) for release in releases] == [
        (Lane.PRIORITY, 8 * 23),
        (Lane.REGULAR, 8 * 23),
    ]


def test_a_share_that_brings_nothing_is_no_release() -> None:
    small = an_office(
        schedule=serving(3, (Lane.REGULAR,), frozenset(range(7))),
        releases={Lane.REGULAR: KARAWANG},
        horizon_days=92,
    )
    releases = announced(small, [], {}, NOW, DAYS)
    assert {places for release in releases for _, places in release.places} == {2, 4}
    assert next_release(small, {}, NOW) == releases[0].at


@pytest.mark.parametrize("rules", [{}, {Lane.REGULAR: Immediate()}])
def test_what_is_bookable_as_soon_as_it_is_open_is_not_announced(
    rules: dict[Lane, Immediate],
) -> None:
    office = an_office(releases=rules)
    assert announced(office, planned(office, NOW, 10, {}), {}, NOW, DAYS) == []
    assert next_release(office, {}, NOW) is None


def test_what_is_released_after_its_bookings_have_closed_is_not_announced() -> None:
    same_day = {Lane.REGULAR: Rolling(0, "0700")}
    office = an_office(releases=same_day)
    assert announced(office, [], {}, NOW, 2)[0].total == 20
    closed = an_office(releases=same_day, closes_at="1700")
    assert announced(closed, [], {}, NOW, 2) == []
    assert next_release(closed, {}, NOW) is None


def test_an_office_that_never_serves_releases_nothing() -> None:
    office = an_office(schedule=Schedule(), releases={Lane.REGULAR: Weekly(4, "1400")})
    assert announced(office, [], {}, NOW, DAYS) == []
    assert next_release(office, {}, NOW) is None


def test_a_release_counts_the_places_of_all_its_dates() -> None:
    places = ((date(2026, 12, 1), 3), (date(2026, 12, 2), 4))
    assert Release(NOW, Lane.REGULAR, places).total == 7
