"""Calling: the next number to a counter, and the number that stands there once more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from antrean.counter.persons import freed_by_outcome
from antrean.domain.day import Board, Counter, Number, Waiting
from antrean.domain.errors import CounterBusy, NothingCalled
from antrean.domain.offices import Office
from antrean.domain.slots import Lane
from antrean.domain.tickets import Ticket, TicketStatus
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.items.board import read_board
from antrean.store.items.ticket import get_ticket
from antrean.store.writes.day_step import Step, take, until_taken


@dataclass(frozen=True, slots=True)
class CounterPress:
    """A press of a button at a counter. The same `key` is the same press, sent again."""

    counter: str
    key: str


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a press called: a ticket or None, and how often its number was called by now."""

    counter: str
    calls: int
    ticket: Ticket | None


def call_next(
    office: Office, press: CounterPress, lanes: Sequence[Lane], deadline: Deadline
) -> CallResult:
    """Call the next who waits in the first of `lanes` that has anybody.

    A number that still stands at the counter and was called often enough becomes a no-show.
    When nobody waits, the answer has no ticket. A repeat of the press gets the answer of the
    first. Raises `CounterBusy`, `Unavailable`.
    """
    day = office.local_date(clock.now())

    def decide() -> CallResult:
        board = read_board(office.office_id, day, deadline)
        counter = board.counter(press.counter)
        if counter.key == press.key:
            return _answer(office, day, counter, deadline)
        left = _left_for_next(office, day, board, counter, deadline)
        step = _next_step(office, board, counter, press, lanes, left)
        if step is None or step.counter is None:
            return CallResult(counter.name, 0, None)
        take(step, deadline)
        return _answer(office, day, step.counter, deadline)

    return until_taken(decide, deadline)


def _next_step(
    office: Office,
    board: Board,
    counter: Counter,
    press: CounterPress,
    lanes: Sequence[Lane],
    left: Step,
) -> Step | None:
    """Return the step that this press takes; None when it changes nothing.

    `left` says what becomes of the number before.
    """
    following = board.next_of(lanes)
    if following:
        return _called(office, board, counter, press, following, left)
    if not left.tickets:
        return None
    return replace(left, counter=counter.giving_up(press.key, None))


def _left_for_next(
    office: Office, day: date, board: Board, counter: Counter, deadline: Deadline
) -> Step:
    """Return the step that makes a no-show of the number that still stands at the counter, if any.

    Raises `CounterBusy` while it was not called often enough.
    """
    number = counter.number
    if number is None:
        return Step(office.office_id, day)
    if counter.calls < office.day_rules.calls:
        raise CounterBusy(
            "Note the outcome of the number at this counter first, or recall it.",
            label=number.label,
            calls=counter.calls,
        )
    return _given_up(office, day, board, number, deadline)


def _called(
    office: Office,
    board: Board,
    counter: Counter,
    press: CounterPress,
    following: Waiting,
    left: Step,
) -> Step:
    """Return the step that calls `following`, and does what `left` says of the number before."""
    number, now = following.number, clock.epoch()
    waiting = Ticket(
        number.ref(office.office_id, left.day),
        number.number,
        TicketStatus.CHECKED_IN,
        checked_in_at=following.checked_in_at,
        turn=following.turn,
    )
    called = replace(waiting, status=TicketStatus.CALLED, called_at=now, counter=counter.name)
    states = {state.lane: state for state in left.lanes}
    lane = states.get(number.lane) or board.lane(number.lane)
    states[number.lane] = lane.with_call(following.checked_in_at, now)
    return replace(
        left,
        tickets=[*left.tickets, (waiting, called)],
        ends=[following],
        counter=counter.calling(number, now, press.key),
        lanes=list(states.values()),
    )


def recall(office: Office, press: CounterPress, deadline: Deadline) -> CallResult:
    """Call the counter's number once more; one that was called often enough becomes a no-show.

    A repeat of the press gets the answer of the first. Raises `NothingCalled`, `Unavailable`.
    """
    day = office.local_date(clock.now())

    def decide() -> CallResult:
        board = read_board(office.office_id, day, deadline)
        counter = board.counter(press.counter)
        if counter.key == press.key:
            return _answer(office, day, counter, deadline)
        if counter.number is None:
            raise NothingCalled("No number stands at this counter. Call the next one.")
        step = _recall_step(office, day, board, counter, counter.number, press, deadline)
        take(step, deadline)
        return _answer(office, day, step.counter or counter, deadline)

    return until_taken(decide, deadline)


def _recall_step(
    office: Office,
    day: date,
    board: Board,
    counter: Counter,
    number: Number,
    press: CounterPress,
    deadline: Deadline,
) -> Step:
    """Return the step that calls a number once more, or gives it up."""
    if counter.calls < office.day_rules.calls:
        return Step(office.office_id, day, counter=counter.recalling(clock.epoch(), press.key))
    left = _given_up(office, day, board, number, deadline)
    return replace(left, counter=counter.giving_up(press.key, number))


def _given_up(office: Office, day: date, board: Board, number: Number, deadline: Deadline) -> Step:
    """Return the step that makes a no-show of a number that was called in vain."""
    ref = number.ref(office.office_id, day)
    stored = get_ticket(ref, number.number, deadline)
    before = Ticket(ref, number.number, TicketStatus.CALLED)
    return Step(
        office.office_id,
        day,
        [(before, replace(before, status=TicketStatus.NO_SHOW, finished_at=clock.epoch()))],
        frees=freed_by_outcome([stored] if stored else [], deadline),
        lanes=[board.lane(number.lane).with_no_shows()],
    )


def _answer(office: Office, day: date, counter: Counter, deadline: Deadline) -> CallResult:
    """Return what the counter's last press called, with its person."""
    number = counter.answered
    if number is None:
        return CallResult(counter.name, 0, None)
    ref = number.ref(office.office_id, day)
    return CallResult(counter.name, counter.calls, get_ticket(ref, number.number, deadline))
