"""Opening and suspending offices: what must be there first, who and why, and each by itself."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from antrean.api.office_admin import routes
from antrean.domain.offices import Office, OfficeStatus
from antrean.domain.releases import Rolling
from antrean.domain.schedule import Schedule, Timetable
from antrean.domain.slots import Lane, SlotState
from antrean.handlers import admin_api
from antrean.runtime import clock
from antrean.store.items.office import get_office
from antrean.store.items.slot import SlotItem, slots_between
from tests.support.gateway import USER, Answer, Client, signed_in
from tests.support.stored import records_of
from tests.support.worlds import World, deadline

STATUS = "/v1/admin/offices/{office_id}/status"


class Outside:
    """What stands outside the table, in place of the user pool and the bucket."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.staff = {"kotabumi", "kalianda"}
        self.rehearsed = {"kotabumi", "kalianda"}
        self.asked: list[str] = []
        monkeypatch.setattr(routes, "has_staff", self._has_staff)
        monkeypatch.setattr(routes, "has_rehearsed", self._has_rehearsed)

    def _has_staff(self, office_id: str) -> bool:
        self.asked.append(office_id)
        return office_id in self.staff

    def _has_rehearsed(self, office_id: str, today: date) -> bool:
        assert today == date(2026, 11, 23)
        return office_id in self.rehearsed


@pytest.fixture(autouse=True)
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Staff and rehearsals of two offices."""
    return Outside(monkeypatch)


def has(world: World, **changes: Any) -> Office:
    """A world's office that is preparing and ready, except as `changes` say."""
    facts: dict[str, Any] = {"status": OfficeStatus.PREPARING, "open_days": 8}
    return world.has_office(**(facts | changes))


def set_status(status: str, reason: str | None = None, office_id: str = "kotabumi") -> Answer:
    body = {"status": status} | ({"reason": reason} if reason else {})
    return Client(admin_api.handler)(
        "POST", STATUS, claims=signed_in("admin"), office_id=office_id, body=body
    )


def missing(answer: Answer) -> list[str]:
    assert (answer.status, answer.problem) == (409, "not-ready"), answer
    assert all(need["detail"] for need in answer.json["missing"])
    return [need["what"] for need in answer.json["missing"]]


def test_an_office_that_is_ready_opens_with_who_and_why_on_the_record(world: World) -> None:
    has(world)
    answer = set_status("open", "Siap sejak 23 November")
    assert (answer.status, answer.json["status"]) == (200, "open")
    assert get_office("kotabumi", deadline()).status is OfficeStatus.OPEN
    (record,) = records_of("kotabumi")
    assert (record.entry.who, record.entry.what) == (USER, "set status open")
    assert record.entry.before == {"status": "preparing", "reason": None}
    assert record.entry.after == {"status": "open", "reason": "Siap sejak 23 November"}


def test_an_office_with_nothing_is_told_all_that_it_lacks(world: World, outside: Outside) -> None:
    never = Schedule((Timetable("kosong", date(2026, 1, 1), None, ()),))
    has(world, schedule=never)
    outside.staff.clear()
    outside.rehearsed.clear()
    assert missing(set_status("open")) == ["schedule", "staff", "rehearsal"]
    assert get_office("kotabumi", deadline()).status is OfficeStatus.PREPARING
    assert records_of("kotabumi") == []


def test_an_office_needs_somebody_in_its_group(world: World, outside: Outside) -> None:
    has(world)
    outside.staff.remove("kotabumi")
    assert missing(set_status("open")) == ["staff"]


def test_an_office_needs_a_rehearsal(world: World, outside: Outside) -> None:
    has(world)
    outside.rehearsed.remove("kotabumi")
    assert missing(set_status("open")) == ["rehearsal"]


def test_an_office_needs_days_that_are_open(world: World) -> None:
    has(world, open_days=0)
    assert missing(set_status("open")) == ["release"]


def change_slots(**facts: Any) -> None:
    today = date(2026, 11, 23)
    for slot in slots_between("kotabumi", today, today + timedelta(days=40), deadline()):
        SlotItem.of(replace(slot, **facts)).save()


@pytest.mark.parametrize(
    "facts",
    [
        {"state": SlotState.CLOSED},
        {"quota": 0, "remaining": 0},
        {"release_at": 2_000_000_000},
    ],
)
def test_an_office_needs_a_place_that_can_be_booked_some_time(
    world: World, facts: dict[str, Any]
) -> None:
    has(world)
    change_slots(**facts)
    assert missing(set_status("open")) == ["release"]


def test_a_release_that_has_a_date_is_enough(world: World) -> None:
    office = has(world, releases={Lane.REGULAR: Rolling(2, "0900")}, open_days=0, horizon_days=9)
    world.has_office(office, open_days=9)
    change_slots(release_at=clock.epoch() + 86_400)
    assert set_status("open").status == 200


def test_a_release_after_the_bookings_close_is_none(world: World) -> None:
    office = has(world, closes_at="0700")
    tomorrow = office.local_date(clock.now()) + timedelta(days=1)
    change_slots(release_at=int(office.instant(tomorrow, "0000").timestamp()))
    assert set_status("open").status == 200
    set_status("preparing", "Kembali disiapkan")
    last = office.local_date(clock.now()) + timedelta(days=6)
    change_slots(release_at=int(office.instant(last, "0700").timestamp()))
    assert missing(set_status("open")) == ["release"]


def test_one_offices_state_never_blocks_anothers(world: World, outside: Outside) -> None:
    has(world, office_id="kotabumi")
    has(world, office_id="kalianda")
    outside.staff.remove("kalianda")
    assert missing(set_status("open", office_id="kalianda")) == ["staff"]
    assert set_status("open", office_id="kotabumi").status == 200


@pytest.mark.parametrize("status", ["suspended", "preparing"])
def test_an_office_that_closes_says_why_and_needs_nothing(
    world: World, outside: Outside, status: str
) -> None:
    has(world, status=OfficeStatus.OPEN)
    outside.staff.clear()
    without = set_status(status)
    assert (without.status, without.pointers) == (422, [""])
    answer = set_status(status, "Listrik padam sejak pagi")
    assert (answer.json["status"], answer.json["status_reason"]) == (
        status,
        "Listrik padam sejak pagi",
    )
    assert outside.asked == []


def test_a_suspended_office_opens_again_when_it_is_ready(world: World, outside: Outside) -> None:
    has(world, status=OfficeStatus.SUSPENDED)
    outside.staff.remove("kotabumi")
    assert missing(set_status("open")) == ["staff"]
    outside.staff.add("kotabumi")
    assert set_status("open").json["status_reason"] is None


def test_the_status_that_there_is_changes_nothing(world: World, outside: Outside) -> None:
    has(world, status=OfficeStatus.OPEN)
    assert set_status("open").json["version"] == 0
    assert records_of("kotabumi") == []
    assert set_status("open", "Kembali seperti biasa").json["version"] == 1
    assert outside.asked == []


def test_an_office_that_there_is_not_has_no_status(world: World) -> None:
    assert set_status("open", office_id="atlantis").status == 404
