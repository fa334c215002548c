"""Jobs over offices: one that fails stops no other, and is raised at the end without its text."""

from datetime import UTC, datetime

import pytest

from antrean.domain.errors import Unavailable
from antrean.domain.offices import Office
from antrean.handlers.each_office import (
    CURSOR_SECONDS,
    NotReached,
    offices_in,
    raise_together,
    scheduled_instant,
    visit_all,
    visit_in_turn,
)
from antrean.offices.each_office import OFFICE_SECONDS, apart, each_office
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline, busy
from antrean.store.dynamodb import connect
from antrean.store.items.job_cursor import get_cursor
from tests.engines.faults import Fault, FaultPoint, Faults
from tests.support import logs
from tests.support.people import an_office
from tests.support.worlds import World, deadline

NAME = "Siti Rahayu"
A, B, C = (an_office(office_id) for office_id in "abc")


class Visitor:
    """A visit that keeps where it was and fails at the offices it is told to."""

    def __init__(self, *fails: Office, by: Exception | None = None) -> None:
        self.fails, self.by = fails, by or ValueError(f"{NAME} is not valid")
        self.made: list[str] = []

    def __call__(self, office: Office, _deadline: Deadline) -> None:
        self.made.append(office.office_id)
        if office in self.fails:
            raise self.by


@pytest.mark.parametrize("by", [ValueError(f"{NAME} is not valid"), Unavailable(f"{NAME} waits.")])
def test_an_office_that_fails_stops_no_other_and_is_logged_without_its_text(
    world: World, caplog: pytest.LogCaptureFixture, by: Exception
) -> None:
    visit = Visitor(A, C, by=by)

    visits = each_office([A, B, C], visit, "not visited", deadline())

    assert visit.made == ["a", "b", "c"]
    assert (visits.made, visits.left, visits.failures) == ([A, B, C], [], [by, by])
    lines = logs.lines(caplog)
    assert [(line["message"], line["office_id"], line["error"]) for line in lines] == [
        ("not visited", "a", type(by).__name__),
        ("not visited", "c", type(by).__name__),
    ]
    assert NAME not in logs.text(caplog)


def test_each_office_has_a_time_of_its_own_within_that_of_all(world: World) -> None:
    until, given = Deadline.after(12), list[float]()

    def hang(_office: Office, own: Deadline) -> None:
        given.append(own.until - clock.now().timestamp())
        world.time.forward(seconds=given[-1])
        raise busy()

    visits = each_office([A, B, C, A], hang, "not visited", until)

    assert given == [OFFICE_SECONDS, OFFICE_SECONDS, 12 - 2 * OFFICE_SECONDS]
    assert visits.left == [A]


def test_a_job_that_has_no_time_for_an_office_has_failed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def slow(_office: Office, _deadline: Deadline) -> None:
        world.time.forward(seconds=5)

    (failure,) = visit_all([A, B, C], slow, "not visited", Deadline.after(6))

    assert isinstance(failure, NotReached)
    (line,) = logs.lines(caplog)
    assert (line["message"], line["offices"]) == ("offices not reached", 1)
    assert visit_all([A, B, C], slow, "not visited", Deadline.after(60)) == []


def test_what_else_is_done_apart_is_logged_with_its_own_facts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures: list[Exception] = []
    visit = Visitor(B)
    for returned, office in (("r1", B), ("r2", A)):
        with apart(failures, "not offered", returned=returned):
            visit(office, Deadline(0))

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
    ids = list[str]()

    def visit(office: Office, _deadline: Deadline) -> None:
        ids.append(office.office_id)
        if office.office_id == until:
            world.time.forward(seconds=60)

    assert visit_in_turn(offices, "a job", visit, "not visited", Deadline.after(60)) == []
    return ids


def test_a_run_begins_after_the_office_where_the_last_one_ended(world: World) -> None:
    assert visited(world, C, A, B, until="b") == ["a", "b"]
    assert get_cursor("a job", deadline()) == "b"
    assert visited(world, C, A, B) == ["c", "a", "b"]
    assert visited(world, C, A, B, until="c") == ["c"]
    assert visited(world, C, A, B) == ["a", "b", "c"]


def test_an_office_that_does_not_answer_has_had_its_turn(world: World) -> None:
    visit = Visitor(A, B, by=busy())

    assert visit_in_turn([A, B], "a job", visit, "not visited", deadline()) == [visit.by, visit.by]
    assert get_cursor("a job", deadline()) == "b"


@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_without_its_turn_a_job_visits_everybody_all_the_same_and_has_failed(
    world: World, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    faults = Faults((FaultPoint(0, operation, Fault.THROTTLED, lasting=True),))
    faults.matching = lambda called, _request: called == operation
    connect(faults.wrap(world.client))
    visit, since = Visitor(), world.time.seconds()

    with faults.armed():
        (failure,) = visit_in_turn([A, B], "a job", visit, "not visited", deadline())

    connect(world.client)
    assert isinstance(failure, Unavailable)
    assert visit.made == ["a", "b"]
    assert world.time.seconds() - since <= CURSOR_SECONDS
    assert logs.lines(caplog)[0]["job"] == "a job"


def test_without_time_nobody_is_visited_and_the_turn_stays(world: World) -> None:
    visited(world, A, B, until="a")
    visit = Visitor()

    assert visit_in_turn([A, B], "a job", visit, "not visited", Deadline(0)) == []
    assert visit.made == []
    assert get_cursor("a job", deadline()) == "a"


@pytest.mark.parametrize("event", [{}, {"scheduled_at": "<aws.scheduler.scheduled-time>"}])
def test_a_run_without_an_instant_is_meant_for_now(world: World, event: dict[str, str]) -> None:
    assert scheduled_instant(event) == clock.now()


def test_a_late_run_knows_the_instant_that_it_was_meant_for(world: World) -> None:
    world.time.set(datetime(2026, 11, 24, 12, tzinfo=UTC))

    assert scheduled_instant({"scheduled_at": "2026-11-24T10:00:00Z"}) == datetime(
        2026, 11, 24, 10, tzinfo=UTC
    )
