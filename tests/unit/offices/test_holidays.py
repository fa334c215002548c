"""The calendar through the admin API: a holiday closes what is open, its removal opens it again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.domain.audit import CALENDAR
from antrean.domain.calendar import Holiday, HolidayKind
from antrean.domain.errors import Unavailable
from antrean.domain.offices import Office
from antrean.domain.releases import Monthly
from antrean.domain.slots import Lane, Slot, SlotRef, SlotState
from antrean.handlers import admin_api, open_days
from antrean.offices import holidays
from antrean.offices.opening import keep_in_line
from antrean.runtime import clock
from antrean.store.items.holiday import get_holiday
from antrean.store.items.slot import SlotItem, slots_between
from antrean.store.writes.claim import claim
from antrean.store.writes.open_slots import open_slots
from tests.support.gateway import USER, Answer, Client, Context, signed_in
from tests.support.stored import records_of
from tests.support.worlds import World, deadline

ROUTE = "/v1/admin/calendar/{date}"
DECREE: dict[str, Any] = {
    "name": "Cuti Bersama Hari Raya Natal",
    "kind": "cuti_bersama",
    "decree": "SKB 3 Menteri 1497/2025, 2/2025, 5/2025",
}
DAY = date(2026, 11, 26)
THURSDAY = DAY.isoformat()


def ask(method: str, route: str = ROUTE, **request: Any) -> Answer:
    return Client(admin_api.handler)(method, route, claims=signed_in("admin"), **request)


def put(day: str = THURSDAY, **changes: Any) -> Answer:
    return ask("PUT", date=day, body=DECREE | changes)


def slots(office: Office, day: date = DAY) -> list[Slot]:
    return slots_between(office.office_id, day, day, deadline())


def write_slots(new: list[Slot]) -> None:
    open_slots(new, deadline())


def states(office: Office, day: date = DAY) -> set[tuple[SlotState, str | None]]:
    return {(slot.state, slot.reason) for slot in slots(office, day)}


OPEN = {(SlotState.OPEN, None)}
CLOSED = {(SlotState.CLOSED, DECREE["name"])}


def test_the_calendar_reads_as_it_was_decreed(world: World) -> None:
    assert put().status == 200
    put("2026-12-24")
    put("2027-12-24")
    listed = ask("GET", "/v1/admin/calendar", query={"from": "2026-11-26", "to": "2026-12-24"})
    assert listed.json == {
        "holidays": [DECREE | {"date": "2026-11-26"}, DECREE | {"date": "2026-12-24"}]
    }
    of_a_year = ask("GET", "/v1/admin/calendar").json["holidays"]
    assert [holiday["date"] for holiday in of_a_year] == ["2026-11-26", "2026-12-24"]
    backwards = ask("GET", "/v1/admin/calendar", query={"from": "2026-12-24", "to": "2026-12-23"})
    assert backwards.json == {"holidays": []}


def test_a_holiday_closes_what_is_open_everywhere_with_its_name(world: World) -> None:
    offices = [
        world.has_office(office_id=zone.partition("/")[2].lower(), timezone=zone, open_days=7)
        for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
    ]
    answer = put().json
    assert (answer["slots_changed"], answer["offices_done"], answer["offices_left"]) == (18, 3, 0)
    assert answer["holiday"] == DECREE | {"date": THURSDAY}
    for office in offices:
        assert states(office) == CLOSED
        assert states(office, DAY + timedelta(days=1)) == OPEN
    assert ask("DELETE", date=THURSDAY).json["slots_changed"] == 18
    assert all(states(office) == OPEN for office in offices)
    assert ask("GET", "/v1/admin/calendar").json == {"holidays": []}


def test_a_correction_reaches_the_public_reason(world: World) -> None:
    office = world.has_office(open_days=7)
    put(name="Natal")
    assert put().json["slots_changed"] == 6
    assert states(office) == CLOSED


def test_people_on_the_day_keep_their_numbers(world: World) -> None:
    office = world.has_office(open_days=7)
    ref = SlotRef(office.office_id, DAY, Lane.REGULAR, "0800")
    assert claim(ref, 3, clock.epoch(), deadline())
    put()
    (slot,) = (slot for slot in slots(office) if slot.ref == ref)
    assert (slot.state, slot.next_number, slot.remaining) == (SlotState.CLOSED, 4, 1)
    assert claim(ref, 1, clock.epoch(), deadline()) is None


DAYS = "/v1/admin/offices/{office_id}/days/{date}"
EIGHT, PRIORITY = {"lane": "regular", "window": "08:00"}, {"lane": "priority", "window": "09:00"}


def patch(office: Office, **change: Any) -> Answer:
    return ask("PATCH", DAYS, body=change, office_id=office.office_id, date=THURSDAY)


def test_a_quota_or_a_reserve_does_not_keep_a_holiday_out(world: World) -> None:
    office = world.has_office(open_days=7)
    reserve = {"places": 1, "until": "07:00"}
    patch(office, quotas=[{"window": "08:00", "quota": 1}, {"window": "09:00", "walk_in": reserve}])
    answer = put().json
    assert (answer["slots_changed"], answer["stays_open"]) == (6, [])
    assert states(office) == CLOSED
    assert [slot.quota for slot in slots(office)][:2] == [1, 4]
    patch(office, quotas=[{"window": "09:00", "quota": 9}])  # of a day that a holiday closed
    ask("DELETE", date=THURSDAY)
    assert states(office) == OPEN
    assert [slot.quota for slot in slots(office)][:2] == [1, 9]


def test_what_was_opened_for_a_holiday_stays_open_and_is_told_and_recorded(world: World) -> None:
    office = world.has_office(open_days=7)
    put()
    world.time.forward(seconds=1)
    opened = patch(office, closed=False, quotas=[{"window": "08:00", "quota": 9}]).json
    assert [one["why"] for one in opened["stays_open"]] == ["opened"] * 6
    assert {slot["opening_fixed"] for slot in opened["slots"]} == {True}
    record = records_of(office.office_id)[0].entry.after
    assert isinstance(record, list)
    assert [one["stays_open"] for one in record if "stays_open" in one] == ["opened"] * 6
    world.time.forward(seconds=1)
    again = put(name="Natal").json
    stays = {"office_id": office.office_id, "lane": "regular", "window": "08:00", "why": "opened"}
    assert again["stays_open"][0] == stays
    assert (again["slots_changed"], len(again["stays_open"])) == (0, 6)
    recorded = records_of(office.office_id)[0].entry
    assert recorded.what == f"stay open on {THURSDAY}"
    assert recorded.after[0] == EIGHT | {"stays_open": "opened"}


def test_opening_what_is_open_already_keeps_a_later_holiday_out(world: World) -> None:
    office = world.has_office(open_days=7)
    assert patch(office, closed=False).json["stays_open"] == []
    assert put().json["slots_changed"] == 0
    assert states(office) == OPEN


def test_closing_a_lane_tells_what_stays_open(world: World) -> None:
    office = world.has_office(open_days=7)
    write_slots([replace(slots(office)[1], ref=slots(office)[1].ref._replace(lane=Lane.PRIORITY))])
    answer = patch(office, closed=True, lane="regular", reason="Listrik padam").json
    assert answer["stays_open"] == [PRIORITY | {"why": "not_asked"}]
    ranged = {"closed": True, "lane": "regular", "reason": "Banjir", "from": THURSDAY}
    results = ask(
        "PATCH",
        DAYS.removesuffix("/{date}"),
        body=ranged | {"to": THURSDAY},
        office_id=office.office_id,
    ).json["results"]
    assert results[0]["day"]["stays_open"] == answer["stays_open"]


@pytest.mark.parametrize("state", list(SlotState))
def test_a_slot_that_was_fixed_before_there_were_two_facts(world: World, state: SlotState) -> None:
    """Closed it was by an admin; open it may be for its quota alone: a holiday closes it."""
    office = world.has_office(open_days=7)
    before = slots(office)[0]
    old = SlotItem.of(replace(before, fixed=True, state=state))
    old.opening_fixed = None
    old.save()
    assert put().json["slots_changed"] == (6 if state is SlotState.OPEN else 5)
    ask("DELETE", date=THURSDAY)
    assert slots(office)[0].state is state, "what the holiday closed is open again, no more"
    patch(office, closed=False)
    put()
    assert states(office) == OPEN


def test_days_opened_when_the_horizon_was_farther_are_closed_too(world: World) -> None:
    office = world.has_office(open_days=30)
    world.has_office(replace(office, horizon_days=1))
    put()
    assert states(office) == CLOSED


def test_what_an_admin_closed_stays_closed(world: World) -> None:
    office = world.has_office(open_days=7)
    days, at = DAYS, {"office_id": office.office_id, "date": THURSDAY}
    put()
    closed = {"closed": True, "reason": "Listrik padam"}
    assert ask("PATCH", days, body=closed, **at).status == 200
    ask("DELETE", date=THURSDAY)
    assert states(office) == {(SlotState.CLOSED, "Listrik padam")}


def test_a_repeat_writes_nothing(world: World) -> None:
    world.has_office(open_days=7)
    put()
    before = len(world.client.log)
    assert put().json["slots_changed"] == 0
    assert {call.operation for call in world.client.log[before:]} == {"GetItem", "Query"}
    ask("DELETE", date=THURSDAY)
    before = len(world.client.log)
    assert ask("DELETE", date=THURSDAY).status == 200
    assert {call.operation for call in world.client.log[before:]} == {"GetItem", "Query"}


def test_who_changed_the_calendar_stands_on_a_record_of_its_own_and_on_the_offices(
    world: World,
) -> None:
    world.has_office(open_days=7)
    put()
    (record,) = records_of(CALENDAR)
    assert (record.entry.who, record.entry.what) == (USER, f"set holiday {THURSDAY}")
    assert (record.entry.before, record.entry.after) == (None, DECREE)
    (record,) = records_of("kotabumi")
    assert record.entry.what == f"follow the calendar of {THURSDAY}"
    assert len(record.entry.before) == len(record.entry.after) == 6
    shown = ask("GET", "/v1/admin/audit", query={"office_id": CALENDAR}).json["records"]
    assert [entry["what"] for entry in shown] == [f"set holiday {THURSDAY}"]


def test_of_two_changes_of_a_date_at_the_same_moment_one_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*args: Any) -> Any:
        seen = get_holiday(*args)
        monkeypatch.setattr(holidays, "get_holiday", get_holiday)
        put(name="Pemilu")
        return seen

    for method, body in (("PUT", DECREE), ("DELETE", None)):
        monkeypatch.setattr(holidays, "get_holiday", overtaken)
        answer = ask(method, date=THURSDAY, body=body)
        assert (answer.status, answer.problem) == (409, "changed-meanwhile")
        assert get_holiday(DAY, deadline()) == Holiday(
            DAY, "Pemilu", HolidayKind.COLLECTIVE_LEAVE, DECREE["decree"]
        )
        put()  # as it was before, so that another name is a change again


def test_what_the_time_does_not_suffice_for_is_told_and_a_repeat_or_the_job_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = [world.has_office(office_id=f"office-{n}", open_days=7) for n in range(4)]
    answers: Iterator[bool] = iter([True, False, True, True, False])

    def failing(*args: Any, **options: Any) -> Any:
        if not next(answers, True):
            raise Unavailable("The queue is very busy.")
        return keep_in_line(*args, **options)

    monkeypatch.setattr(holidays, "keep_in_line", failing)
    first = put().json
    assert (first["offices_done"], first["offices_left"]) == (3, 1)
    assert [states(office) == CLOSED for office in offices] == [True, False, True, True]
    second = put().json
    assert (second["offices_done"], second["offices_left"]) == (3, 1)
    open_days.handler({}, Context())
    assert all(states(office) == CLOSED for office in offices)


def test_a_request_ends_in_time_when_offices_take_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        world.has_office(office_id=f"office-{n}", open_days=7)

    def slow(*args: Any, **options: Any) -> Any:
        world.time.forward(seconds=2)
        return keep_in_line(*args, **options)

    monkeypatch.setattr(holidays, "keep_in_line", slow)
    answer = put().json
    assert (answer["offices_done"], answer["offices_left"]) == (3, 1)


def test_days_that_are_not_open_yet_are_not_opened_by_a_holiday(world: World) -> None:
    office = world.has_office()
    assert put().json["slots_changed"] == 0
    assert slots(office) == []


def test_the_last_working_day_of_a_month_moves_the_release_of_the_next(world: World) -> None:
    office = world.has_office(releases={Lane.REGULAR: Monthly("0900")}, horizon_days=45)
    open_days.handler({}, Context())
    put("2026-11-30")
    friday = int(office.instant(date(2026, 11, 27), "0900").timestamp())
    december = slots_between(office.office_id, date(2026, 12, 1), date(2026, 12, 31), deadline())
    assert {slot.release_at for slot in december} == {friday}


@pytest.mark.parametrize(
    ("day", "wrong", "pointer"),
    [
        ("2026-11-31", {}, "path:date"),
        ("1999-01-01", {}, "path:date"),
        (THURSDAY, {"kind": "libur"}, "/kind"),
        (THURSDAY, {"decree": ""}, "/decree"),
        (THURSDAY, {"name": None}, "/name"),
    ],
)
def test_what_is_wrong_is_told_by_pointer(
    world: World, day: str, wrong: dict[str, Any], pointer: str
) -> None:
    answer = put(day, **wrong)
    assert (answer.status, answer.pointers) == (422, [pointer])
