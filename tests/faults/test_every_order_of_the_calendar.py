"""Admins decide about a day while the calendar closes it, in every order their calls come in."""

from collections.abc import Callable

import pytest

from antrean.days.change_days import change_day
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.quotas import Closure, DayChange, WindowChange
from antrean.domain.slots import Lane, SlotState
from antrean.offices.holidays import set_holiday
from antrean.store.items.slot import SlotItem
from tests.engines.scheduler import Task
from tests.faults.orders import Does, in_every_order, kinds, until
from tests.faults.small_office import ADMIN, OFFICE, STARTS, open_office, ref, slot
from tests.support.people import TUESDAY
from tests.support.stored import slot_now
from tests.support.worlds import World

OPENS = DayChange(closure=Closure(closed=False))
RESIZES = DayChange([WindowChange(Lane.REGULAR, "0800", quota=15)])


def decided(wanted: DayChange) -> Does:
    return lambda: change_day(OFFICE, TUESDAY, wanted, ADMIN, until())


def decreed() -> object:
    holiday = Holiday(TUESDAY, "Pemilu", HolidayKind.NATIONAL, "Keppres 1/2026")
    return set_holiday(holiday, ADMIN, until())


def decided_before() -> None:
    """An admin gave every window its figures by then."""
    open_office([slot(ref(start), fixed=True) for start in STARTS])


def decided_in_an_older_version() -> None:
    decided_before()
    for start in STARTS:
        SlotItem.keyed(ref(start)).update(actions=[SlotItem.opening_fixed.remove()])


@pytest.mark.parametrize("prepare", [open_office, decided_before, decided_in_an_older_version])
def test_whatever_an_admin_resizes_the_holiday_closes(
    world: World, prepare: Callable[[], None]
) -> None:
    prepare()

    def ends(told: dict[str, Task]) -> None:
        assert told["decrees"].error is None
        assert {slot_now(ref(start)).state for start in STARTS} == {SlotState.CLOSED}
        resized = told["resizes"].error is None
        assert kinds({"it": told["resizes"]}) == (["done"] if resized else ["ChangedMeanwhile"])
        assert slot_now(ref()).quota == (15 if resized else 12)
        if not resized:
            decided(RESIZES)()
            assert slot_now(ref()).state is SlotState.CLOSED

    in_every_order(world, {"resizes": decided(RESIZES), "decrees": decreed}, ends)


@pytest.mark.parametrize("prepare", [open_office, decided_before, decided_in_an_older_version])
def test_what_an_admin_opens_stays_open_whatever_the_holiday_closes(
    world: World, prepare: Callable[[], None]
) -> None:
    prepare()

    def ends(told: dict[str, Task]) -> None:
        assert told["decrees"].error is None
        if told["opens"].error is None:
            assert {slot_now(ref(start)).state for start in STARTS} == {SlotState.OPEN}
        else:
            assert kinds({"it": told["opens"]}) == ["ChangedMeanwhile"]
            assert {slot_now(ref(start)).state for start in STARTS} == {SlotState.CLOSED}

    in_every_order(world, {"opens": decided(OPENS), "decrees": decreed}, ends)


@pytest.mark.parametrize("prepare", [open_office, decided_before, decided_in_an_older_version])
def test_of_two_admins_none_undoes_what_the_other_decided(
    world: World, prepare: Callable[[], None]
) -> None:
    prepare()

    def ends(told: dict[str, Task]) -> None:
        assert "done" in kinds(told)
        now = slot_now(ref())
        assert now.opening_fixed is (told["opens"].error is None)
        assert (now.quota == 15) is (told["resizes"].error is None)

    in_every_order(world, {"opens": decided(OPENS), "resizes": decided(RESIZES)}, ends)
