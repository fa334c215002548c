"""The open ledger: every place of a day has its column."""

from antrean.booking.book import book
from antrean.booking.cancel import cancel_booking
from antrean.booking.open_booking import open_booking
from antrean.days.change_days import change_day
from antrean.domain.audit import Author
from antrean.domain.quotas import DayChange, Reserve, WindowChange
from antrean.domain.slots import Lane
from antrean.domain.tickets import TicketStatus
from antrean.releases.open_ledger import day_ledger
from antrean.runtime.registry import forget
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import World, deadline


def test_the_columns_add_up_to_the_quota(world: World) -> None:
    office = world.has_office(open_days=9)
    reserve = WindowChange(Lane.REGULAR, "0800", reserve=Reserve(1, "0700"))
    change_day(office, TUESDAY, DayChange([reserve]), Author("u", "r"), deadline())
    made = [book(a_request(number, *people(1, first=number)), deadline()) for number in (1, 2)]
    opened = open_booking(made[0].booking.code, made[0].token, deadline())
    cancel_booking(opened, deadline())
    forget()

    lines = day_ledger(office.office_id, TUESDAY, deadline())
    first = lines[0]
    assert (first.booked, first.returning, first.slot.remaining, first.walk_in_reserve) == (
        1,
        1,
        1,
        1,
    )
    assert first.statuses[TicketStatus.RETURNED] == 1
    for line in lines:
        columns = (
            line.booked
            + line.returning
            + line.slot.remaining
            + line.not_released
            + line.walk_in_reserve
        )
        assert columns == line.slot.quota


def test_a_ledger_is_remembered_for_a_minute(world: World) -> None:
    office = world.has_office(open_days=9)
    before = day_ledger(office.office_id, TUESDAY, deadline())
    book(a_request(1), deadline())
    assert day_ledger(office.office_id, TUESDAY, deadline()) is before
    world.time.forward(minutes=2)
    assert day_ledger(office.office_id, TUESDAY, deadline())[0].booked == 1
