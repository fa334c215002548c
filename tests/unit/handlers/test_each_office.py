"""Jobs over offices: one that fails stops no other, and is raised at the end without its text."""

from datetime import UTC, datetime

import pytest

from antrean.domain.errors import Unavailable
from antrean.domain.offices import Office
from antrean.handlers.each_office import (
    apart,
    each_office,
    in_turn,
    offices_in,
    raise_together,
    scheduled_instant,
)
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.job_cursor import get_cursor
from tests.support import logs
from tests.support.people import an_office
from tests.support.worlds import World, deadline

NAME = "Siti Rahayu"
A, B, C = (an_office(office_id) for office_id in "abc")


class Visits:
    """A visit that keeps where it was and fails at the offices it is told to."""

    def __init__(self, *fails: Office, by: Exception | None = None) -> None:
        self.fails, self.by = fails, by or ValueError(f"{NAME} is not valid")
        self.made: list[str] = []

    def __call__(self, office: Office) -> None:
        self.made.append(office.office_id)
        if office in self.fails:
            raise self.by


def test_an_office_that_fails_stops_no_other_and_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    visit = Visits(A, C)

    failures = each_office([A, B, C], visit, "not visited")

    assert visit.made == ["a", "b", "c"]
    assert failures == [visit.by, visit.by]
    lines = logs.lines(caplog)
    assert [(line["message"], line["office_id"], line["error"]) for line in lines] == [
        ("not visited", "a", "ValueError"),
        ("not visited", "c", "ValueError"),
    ]
    assert NAME not in logs.text(caplog)


def test_what_is_fatal_ends_the_run_at_once(caplog: pytest.LogCaptureFixture) -> None:
    visit = Visits(B, by=Unavailable("The store did not answer."))

    with pytest.raises(Unavailable):
        each_office([A, B, C], visit, "not visited", fatal=(Unavailable,))

    assert visit.made == ["a", "b"]
    assert logs.lines(caplog) == []


def test_what_else_is_done_apart_is_logged_with_its_own_facts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures: list[Exception] = []
    visit = Visits(B)
    for returned, office in (("r1", B), ("r2", A)):
        with apart(failures, "not offered", returned=returned):
            visit(office)

    assert failures == [visit.by]
    (line,) = logs.lines(caplog)
    assert (line["message"], line["returned"]) == ("not offered", "r1")
    assert NAME not in logs.text(caplog)


def test_what_failed_is_raised_together_and_nothing_when_nothing_did() -> None:
    raise_together("not all was done", [])
    failures = [ValueError("one"), Unavailable("two")]

    with pytest.raises(ExceptionGroup, match="not all was done") as raised:
        raise_together("not all was done", failures)

    assert list(raised.value.exceptions) == failures


def test_the_offices_of_a_time_zone(world: World) -> None:
    for office_id, timezone in (("a", "Asia/Jakarta"), ("b", "Asia/Jayapura")):
        world.has_office(office_id=office_id, timezone=timezone)

    assert [office.office_id for office in offices_in("Asia/Jayapura", deadline())] == ["b"]


def visited(world: World, *offices: Office, until: str = "") -> list[str]:
    """Whom a run visits whose time is over when it has visited `until`."""
    ids, time = [], Deadline.after(60)
    for office in in_turn(offices, "a job", time):
        ids.append(office.office_id)
        if office.office_id == until:
            world.time.forward(seconds=60)
    return ids


def test_a_run_begins_after_the_office_where_the_last_one_ended(world: World) -> None:
    assert visited(world, C, A, B, until="b") == ["a", "b"]
    assert get_cursor("a job", deadline()) == "b"
    assert visited(world, C, A, B) == ["c", "a", "b"]
    assert visited(world, C, A, B, until="c") == ["c"]
    assert visited(world, C, A, B) == ["a", "b", "c"]


def test_a_run_that_is_broken_off_leaves_the_turn_as_it_was(world: World) -> None:
    visited(world, A, B, C, until="a")

    with pytest.raises(Unavailable):
        each_office(
            in_turn([A, B, C], "a job", deadline()),
            Visits(C, by=Unavailable("The store did not answer.")),
            "not visited",
            fatal=(Unavailable,),
        )

    assert get_cursor("a job", deadline()) == "a"


def test_without_time_nobody_is_visited_and_the_turn_stays(world: World) -> None:
    visited(world, A, B, until="a")

    assert list(in_turn([A, B], "a job", Deadline(0))) == []
    assert get_cursor("a job", deadline()) == "a"


@pytest.mark.parametrize("event", [{}, {"scheduled_at": "<aws.scheduler.scheduled-time>"}])
def test_a_run_without_an_instant_is_meant_for_now(world: World, event: dict[str, str]) -> None:
    assert scheduled_instant(event) == clock.now()


def test_a_late_run_knows_the_instant_that_it_was_meant_for(world: World) -> None:
    world.time.set(datetime(2026, 11, 24, 12, tzinfo=UTC))

    assert scheduled_instant({"scheduled_at": "2026-11-24T10:00:00Z"}) == datetime(
        2026, 11, 24, 10, tzinfo=UTC
    )
