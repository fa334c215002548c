"""Keeping how days went: nightly, repeatable, and still there when the people's data is not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.counter.call import CounterPress, call_next
from antrean.counter.check_in import Arrival, check_in
from antrean.counter.no_shows import mark_no_shows
from antrean.counter.outcome import note_outcome
from antrean.domain.audit import Author
from antrean.domain.day import Number
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import TicketStatus
from antrean.handlers import admin_api, keep_statistics, public_api
from antrean.offices.statistics import keep_statistics as keep
from antrean.runtime.registry import forget
from antrean.runtime.settings import settings
from antrean.store.items.statistics import statistics_between
from tests.support.gateway import Client, Context, signed_in
from tests.support.people import TUESDAY, a_request, people
from tests.support.worlds import TABLE, World, deadline

ROUTE = "/v1/admin/offices/{office_id}/statistics"
LEDGER = "/v1/offices/{office_id}/ledger"
NIGHT = datetime(2026, 11, 24, 19, 15, tzinfo=UTC)
"""02:15 on Wednesday in Jakarta."""
EIGHT = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""08:00 on Tuesday."""


@pytest.fixture
def worked(world: World) -> Office:
    """Kotabumi after a Tuesday on which one of a couple was served and one did not come."""
    office = world.has_office(open_days=3)
    made = book(a_request(1, *people(2), start="0800"), deadline())
    world.time.set(EIGHT)
    first = made.booking.numbers[0]
    number = Number(Lane.REGULAR, "0800", first)
    check_in(office, Arrival(made.booking.code, (number.label,)), Author("u", "r"), deadline())
    world.time.forward(minutes=10)
    call_next(office, CounterPress("1", "a"), [Lane.REGULAR], deadline())
    world.time.forward(minutes=5)
    note_outcome(office, TUESDAY, number, TicketStatus.SERVED, deadline())
    world.time.forward(hours=5)
    mark_no_shows(office, deadline())
    world.time.set(NIGHT)
    return office


def run(**event: Any) -> int:
    event = {"timezone": "Asia/Jakarta", "scheduled_at": NIGHT.isoformat()} | event
    return keep_statistics.handler(event, Context())["days"]


def kept() -> Any:
    return statistics_between("kotabumi", date(2026, 11, 1), date(2026, 12, 31), deadline())


def ledger() -> list[tuple[str, int, int, int]]:
    """Booked, served and no-shows of each window of Tuesday, as the public reads it."""
    forget()
    query = {"date": "2026-11-24"}
    answer = Client(public_api.handler)("GET", LEDGER, office_id="kotabumi", query=query)
    assert answer.status == 200, answer
    return [
        (
            slot["start"],
            slot["booked"],
            slot["outcomes"].get("served", 0),
            slot["outcomes"].get("no_show", 0),
        )
        for slot in answer.json["slots"]
    ]


def test_the_night_keeps_the_days_before_it_and_a_repeat_writes_the_same(
    world: World, worked: Office
) -> None:
    world.time.forward(days=-2)
    world.has_office(office_id="makassar", timezone="Asia/Makassar", open_days=3)
    world.time.set(NIGHT)
    assert run() == 2, "Monday and Tuesday; on Sunday there is no service"
    once = world.client.items(TABLE)
    assert run() == 2
    assert world.client.items(TABLE) == once
    assert list(kept()) == [TUESDAY - timedelta(days=1), TUESDAY]
    [lane] = kept()[TUESDAY].lanes
    assert (lane.places, lane.booked, lane.served, lane.no_show) == (20, 2, 1, 1)
    assert (lane.waiting.median, lane.service.median) == (600, 300)


def test_a_late_run_counts_the_days_it_was_meant_for(world: World, worked: Office) -> None:
    world.time.forward(hours=6)
    run()
    assert max(kept()) == TUESDAY
    run(scheduled_at="<aws.scheduler.scheduled-time>")
    assert max(kept()) == TUESDAY
    assert not keep(worked, TUESDAY + timedelta(days=1), deadline()), "today is not over"


def test_one_office_that_fails_does_not_stop_the_others(
    world: World, worked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.has_office(office_id="bandung", open_days=1)  # by id the first
    real = keep

    def failing(office: Office, *rest: Any) -> bool:
        if office.office_id == "bandung":
            raise RuntimeError("broken")
        return real(office, *rest)

    monkeypatch.setattr(keep_statistics, "keep_statistics", failing)
    with pytest.raises(ExceptionGroup):
        run()
    assert TUESDAY in kept()


def test_what_is_kept_outlives_the_tickets_and_is_not_counted_again(
    world: World, worked: Office
) -> None:
    run()
    before, open_before = kept(), ledger()
    assert open_before[0] == ("08:00", 2, 1, 1)
    assert "expires_at" not in next(i for i in world.client.items(TABLE) if "lanes" in i)
    world.time.set(NIGHT + timedelta(days=95))
    run(scheduled_at=world.time.now().isoformat(), days=200)
    assert kept() == before
    assert ledger() == open_before, "the open ledger goes on telling it"


def test_a_longer_retention_time_does_not_count_deleted_days_anew(
    world: World, worked: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tickets keep the end that they were written with, and are gone by then."""
    run()
    before = kept()[TUESDAY]
    monkeypatch.setenv("RETENTION_DAYS", "365")
    settings.cache_clear()
    world.time.set(NIGHT + timedelta(days=95))
    run(scheduled_at=world.time.now().isoformat(), days=200)
    assert kept()[TUESDAY] == before
    assert ledger()[0] == ("08:00", 2, 1, 1)


def test_an_offices_own_admin_reads_its_statistics(world: World, worked: Office) -> None:
    run()
    api, claims = Client(admin_api.handler), signed_in("office-admin:kotabumi")
    answer = api("GET", ROUTE, office_id="kotabumi", claims=claims)
    assert answer.status == 200, answer
    assert [day["date"] for day in answer.json["days"]] == ["2026-11-23", "2026-11-24"]
    [lane] = answer.json["days"][1]["lanes"]
    assert lane["waiting"] == {"mean": 600, "median": 600, "p90": 600}
    query = {"from": "2026-11-24", "days": "1"}
    one = api("GET", ROUTE, office_id="kotabumi", claims=claims, query=query)
    assert one.json["days"] == answer.json["days"][1:]
    assert api("GET", ROUTE, office_id="kotabumi", claims=claims, query={"days": "93"}).pointers
