"""Office items."""

from datetime import date

import pytest

from antrean.domain.errors import NotFound
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.releases import Immediate, Monthly, Rolling, Share, Staged, Weekly
from antrean.domain.schedule import ExtraDay, Hours, Schedule, Timetable, Window
from antrean.domain.slots import Lane
from antrean.store.items.office import all_offices, get_office, put_office
from tests.support.people import an_office
from tests.support.worlds import World, deadline

HOURS = (
    Hours(
        Lane.REGULAR, frozenset({0, 2, 4}), (Window("0800", "0900", 7), Window("1300", "1430", 0))
    ),
    Hours(Lane.PRIORITY, frozenset({5}), (Window("0900", "1000", 1),)),
)
SCHEDULE = Schedule(
    timetables=(
        Timetable("ordinary", date(2026, 1, 1), None, HOURS),
        Timetable("Ramadan", date(2027, 2, 8), date(2027, 3, 9), HOURS[:1]),
    ),
    extra_days=(ExtraDay(date(2026, 11, 28), "Sabtu Simpatik", HOURS),),
)
RELEASES = {
    Lane.REGULAR: Staged((Share(3, 10), Share(2, 30), Share(1, 60)), "0900"),
    Lane.PRIORITY: Monthly("0900"),
    Lane.EXPRESS: Rolling(7, "0000"),
}


@pytest.mark.parametrize(
    "office",
    [
        an_office(),
        an_office(status=OfficeStatus.SUSPENDED, status_reason="Banjir. / Flood."),
        an_office(timezone="Asia/Jayapura", reoffer_after=(0, 0), quota_basis="stated"),
        an_office(schedule=Schedule()),
        an_office(schedule=SCHEDULE, releases=RELEASES, horizon_days=90),
        an_office(releases={Lane.REGULAR: Weekly(4, "1400"), Lane.EXPRESS: Immediate()}),
    ],
)
def test_an_office_is_read_as_it_was_written(world: World, office: Office) -> None:
    put_office(office, deadline())
    assert get_office(office.office_id, deadline()) == office


def test_an_office_is_written_whole(world: World) -> None:
    put_office(an_office(status_reason="before", schedule=SCHEDULE), deadline())
    put_office(an_office(), deadline())
    assert get_office("kotabumi", deadline()) == an_office()


def test_an_office_that_is_not_there_is_not_found_and_not_repeated(world: World) -> None:
    with pytest.raises(NotFound) as refused:
        get_office("3171011705900001", deadline())
    assert "3171011705900001" not in refused.value.detail


def test_all_offices_come_by_id(world: World) -> None:
    for office_id in ("metro", "kotabumi", "kalianda"):
        world.has_office(office_id=office_id)
    assert [office.office_id for office in all_offices(deadline())] == [
        "kalianda",
        "kotabumi",
        "metro",
    ]
