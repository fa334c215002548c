"""The seed of the calendar: national holidays and collective leave, with their decree."""

from datetime import date

from antrean.domain.calendar import Holiday, HolidayKind
from antrean.store.items.holiday import holidays_between, put_holiday
from infra.seed.holidays import load, of_years
from tests.support.worlds import World, deadline

# The joint decree for 2026 (docs of the city of Semarang): 17 national holidays and 8 days of
# collective leave.
COLLECTIVE_LEAVE = {
    date(2026, 2, 16),
    date(2026, 3, 18),
    date(2026, 3, 20),
    date(2026, 3, 23),
    date(2026, 3, 24),
    date(2026, 5, 15),
    date(2026, 5, 28),
    date(2026, 12, 24),
}


def test_the_year_2026_is_what_the_ministers_decreed() -> None:
    year = list(of_years([2026]))
    leave = {one.day for one in year if one.kind is HolidayKind.COLLECTIVE_LEAVE}
    assert leave == COLLECTIVE_LEAVE
    assert sum(one.kind is HolidayKind.NATIONAL for one in year) == 17
    assert {one.decree for one in year} == {"SKB 3 Menteri 1497/2025, 2/2025, 5/2025"}
    names = {one.day: one.name for one in year}
    assert names[date(2026, 12, 25)] == "Hari Raya Natal"
    assert names[date(2026, 12, 24)] == "Cuti Bersama Hari Raya Natal"


def test_another_year_names_its_source() -> None:
    year = list(of_years([2027]))
    assert {one.decree.rpartition(" ")[0] for one in year} == {"seeded from python-holidays"}
    assert all(one.day.year == 2027 for one in year)
    assert [one.day for one in year] == sorted({one.day for one in year})


def test_loading_again_leaves_what_an_admin_changed(world: World) -> None:
    loaded = load()
    assert loaded == len(list(of_years([2026, 2027])))
    moved = Holiday(date(2026, 12, 24), "Cuti Bersama", HolidayKind.COLLECTIVE_LEAVE, "SKB baru")
    put_holiday(moved, deadline())
    assert load() == 0
    stored = holidays_between(date(2026, 1, 1), date(2027, 12, 31), deadline())
    assert len(stored) == loaded
    assert stored[moved.day] == moved


def test_the_years_that_are_asked_for_are_loaded(world: World) -> None:
    assert load([2028]) == len(list(of_years([2028])))
    assert holidays_between(date(2026, 1, 1), date(2027, 12, 31), deadline()) == {}
