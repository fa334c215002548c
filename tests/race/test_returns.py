"""A place comes back exactly once, however many sweepers there are and however late a file is."""

from collections.abc import Callable
from itertools import chain

from antrean.runtime import clock
from antrean.store.writes.claim import claim
from tests.race.afterwards import is_not, wrong
from tests.race.clients import Answer, ask_all, ask_slowly, cancel, sweep_in_step, sweep_on
from tests.race.crowd import PROCESSES, Crowd, Part
from tests.race.unguarded import unconditional
from tests.race.world import open_office, ref, request
from tests.support.stored import slot_now
from tests.support.worlds import deadline

WINDOWS = [ref(start) for start in ("0800", "0900", "1000", "1100", "1300", "1400")]
CLIENTS = 40


def sweepers(crowd: Crowd) -> list[str]:
    """In each window two places were claimed and never filed, two cancelled; then all sweep."""
    open_office("kotabumi", [(slot, 4) for slot in WINDOWS])
    booked = ask_all([request(i, WINDOWS[i % len(WINDOWS)]) for i in range(2 * len(WINDOWS))])
    for answer in booked:
        assert answer.booking
        cancel(answer.booking.code, answer.token)
    for slot in WINDOWS:
        claim(slot, 2, clock.epoch(), deadline())
    back = sum(crowd.play(*[Part(sweep_in_step, (3,))] * PROCESSES))
    found = list(wrong([]))
    found += is_not("came back", back, 4 * len(WINDOWS))
    found += is_not("remaining", {slot_now(slot).remaining for slot in WINDOWS}, {4})
    return found


def late_files(crowd: Crowd) -> list[str]:
    """Clients are slow between claim and file; two sweepers take what was not filed by then."""
    open_office("kotabumi", [(ref(), 48)])
    requests = [request(i, ref(), party=1 + i % 2) for i in range(CLIENTS)]
    played = crowd.play(
        Part(ask_slowly, (requests[::2],)),
        Part(ask_slowly, (requests[1::2],)),
        Part(sweep_on, lasting=True),
        Part(sweep_on, lasting=True),
    )
    answers: list[Answer] = list(chain.from_iterable(played[:2]))
    found = list(wrong(answers))
    found += is_not("told", {answer.refused for answer in answers} - {"", "NoPlaces"}, set())
    return found


def test_a_place_comes_back_once_from_all_sweepers(run: Callable[..., list[str]]) -> None:
    assert run(sweepers) == []


def test_control_without_put_if_absent_a_place_comes_back_from_each_sweeper(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(sweepers, without=[unconditional("number")])


def test_control_without_the_condition_on_the_due_list_a_place_comes_back_twice(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(sweepers, without=[unconditional("return")])


def test_a_file_that_is_slower_than_the_sweeper_claims_anew(
    run: Callable[..., list[str]],
) -> None:
    assert run(late_files) == []


def test_control_without_put_if_absent_the_sweeper_takes_filed_numbers(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(late_files, without=[unconditional("number")])


def test_control_without_put_if_absent_a_late_file_sells_a_place_twice(
    goes_wrong: Callable[..., bool],
) -> None:
    assert goes_wrong(late_files, without=[unconditional("ticket")])
