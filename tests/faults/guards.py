"""Takes each guard away, once, and says which test notices.

    python -m tests.faults.guards            every guard; a row of docs/proof.md for each
    python -m tests.faults.guards torn       those whose name has this word

Each is taken away in a copy of the sources, so that nothing here is touched.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "functions" / "antrean"
SECONDS = 600
"""After so long a run without end counts as noticed."""
SUITES = (
    ("tests/faults", "--deselect=tests/faults/test_import_2017.py"),
    (
        "tests/unit/store",
        "tests/unit/booking",
        "tests/unit/counter",
        "tests/unit/days",
        "tests/unit/handlers",
        "tests/unit/imports",
        "tests/unit/offices",
        "tests/unit/releases",
        "tests/unit/operations",
    ),
    ("tests/race/test_torn_look.py", "tests/race/test_the_day.py"),
)
"""In the order they are asked."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard: where it stands, and what stands there without it."""

    name: str
    file: str
    with_it: str
    without: str
    also: tuple[tuple[str, str], ...] = ()
    """What else of the file must go for the guard to be gone: each as it is, and without."""

    def is_there(self) -> bool:
        """Whether the source still has it, once."""
        source = (SOURCES / self.file).read_text()
        return all(source.count(text) == 1 for text, _ in self.replacements)

    @property
    def replacements(self) -> tuple[tuple[str, str], ...]:
        """What stands there, and what is put in its place."""
        return ((self.with_it, self.without), *self.also)


def _unconditional(name: str, file: str, condition: str, before: str = "") -> Guard:
    """A condition of a write that is left out."""
    return Guard(name, file, f"{before}, {condition})", f"{before})")


_CANCEL_VERSION = ("actions, _unchanged(booking))", "actions)")
_CANCEL_PERSONS = ("PersonItem.keyed(person), mine)", "PersonItem.keyed(person))")
_TICKETS_OWN = ("actions, mine & live)", "actions)")
_REFILE_PERSONS = (
    'writing.put(f"person {index}", item, still_its_own(change.old.code))',
    'writing.put(f"person {index}", item)',
)
_REFILE_VERSION = (", _unchanged(change.old))", ")")

GUARDS = (
    Guard(
        "claim: enough remaining",
        "store/writes/claim.py",
        "(SlotItem.remaining >= places)",
        "(SlotItem.next_number >= 1)",
    ),
    Guard(
        "claim: enough for all of the party",
        "store/writes/claim.py",
        "(SlotItem.remaining >= places)",
        "(SlotItem.remaining >= 1)",
    ),
    Guard(
        "claim: the slot is open",
        "store/writes/claim.py",
        "        & (SlotItem.state == SlotState.OPEN)\n        & (SlotItem.release_at <= now)\n",
        "        & (SlotItem.release_at <= now)\n",
    ),
    Guard(
        "claim: the slot is released",
        "store/writes/claim.py",
        "        & (SlotItem.release_at <= now)\n",
        "",
    ),
    Guard(
        "walk-in: held places as read",
        "store/writes/claim.py",
        "(SlotItem.held == kept_back_as_stored(slot.kept_back))",
        "(SlotItem.next_number >= 1)",
    ),
    Guard(
        "release_due: held places as read",
        "store/writes/release_due.py",
        "condition=unchanged)",
        "condition=SlotItem.pk.exists())",
    ),
    _unconditional(
        "file: numbers without a ticket",
        "store/writes/file_booking.py",
        "TicketItem.pk.does_not_exist()\n        ",
        "TicketItem.of(ticket)",
    ),
    _unconditional(
        "file: persons free",
        "store/writes/file_booking.py",
        "free_at(now)\n        ",
        "PersonItem.of(person, booking.code, live_until)",
    ),
    Guard(
        "file: a person is free when the date has passed",
        "store/items/person.py",
        "PersonItem.pk.does_not_exist() | (PersonItem.live_until <= now)",
        "PersonItem.pk.does_not_exist()",
    ),
    Guard(
        "walk-in: its person is free at the instant the booking is of",
        "counter/walk_in.py",
        "booking.created_at,",
        "clock.epoch(),",
    ),
    _unconditional(
        "file: the code has no booking",
        "store/writes/file_booking.py",
        "BookingItem.pk.does_not_exist()",
        "BookingItem.of(booking)",
    ),
    _unconditional(
        "give_back: numbers without a ticket",
        "store/writes/give_back.py",
        "TicketItem.pk.does_not_exist()",
        "TicketItem.of(ticket)",
    ),
    _unconditional(
        "offer_again: the return is there",
        "store/writes/offer_again.py",
        "ReturnItem.pk.exists()",
        'writing.delete("return", item',
    ),
    Guard("cancel: the booking's version", "store/writes/change_booking.py", *_CANCEL_VERSION),
    Guard("cancel, refile: tickets still its own", "store/writes/change_booking.py", *_TICKETS_OWN),
    Guard("cancel: persons still its own", "store/writes/change_booking.py", *_CANCEL_PERSONS),
    Guard(
        "cancel: version, persons and tickets",
        "store/writes/change_booking.py",
        *_CANCEL_VERSION,
        also=(_TICKETS_OWN, _CANCEL_PERSONS),
    ),
    _unconditional(
        "refile: new numbers without a ticket",
        "store/writes/change_booking.py",
        "TicketItem.pk.does_not_exist()",
        "TicketItem.of(ticket)",
    ),
    Guard("refile: persons still its own", "store/writes/change_booking.py", *_REFILE_PERSONS),
    Guard("refile: the booking's version", "store/writes/change_booking.py", *_REFILE_VERSION),
    Guard(
        "refile: version, persons and tickets",
        "store/writes/change_booking.py",
        *_REFILE_VERSION,
        also=(_REFILE_PERSONS, _TICKETS_OWN),
    ),
    Guard(
        "change_quotas: the quota as read",
        "store/writes/change_quotas.py",
        "(SlotItem.quota == before.quota) & same_kept",
        "same_kept",
    ),
    Guard(
        "change_quotas: held places as read",
        "store/writes/change_quotas.py",
        "(SlotItem.quota == before.quota) & same_kept",
        "(SlotItem.quota == before.quota)",
    ),
    Guard(
        "change_quotas: open or closed as read",
        "store/writes/change_quotas.py",
        " & (SlotItem.state == before.state)",
        "",
    ),
    Guard(
        "change_quotas: whose decision the opening is, as read",
        "store/writes/change_quotas.py",
        "    same &= opening_as_read(before)\n",
        "",
    ),
    Guard(
        "planning: a holiday closes what only its figures were decided of",
        "domain/planning.py",
        "        if slot.opening_fixed:\n            return slot\n",
        "        if slot.fixed:\n            return slot\n",
    ),
    Guard(
        "plan_days: whose decision the opening is, as read",
        "store/writes/plan_days.py",
        "        & opening_as_read(before)\n",
        "",
    ),
    Guard(
        "plan_days: what the calendar closes is marked as its own",
        "store/writes/plan_days.py",
        "    if planned.fixed:",
        "    if False:",
    ),
    Guard(
        "change_day: no more in one part than a transaction holds",
        "days/change_days.py",
        "TOGETHER = 99",
        "TOGETHER = 999",
    ),
    Guard(
        "change_day: no day is opened beyond the horizon",
        "days/change_days.py",
        "    if day > last:\n",
        "    if False:\n",
    ),
    Guard(
        "change_quotas: enough remaining",
        "store/writes/change_quotas.py",
        "if more < 0 and not force:",
        "if False:",
    ),
    Guard(
        "change_quotas: by how much, not to what",
        "store/writes/change_quotas.py",
        "SlotItem.remaining.set(SlotItem.remaining + more)",
        "SlotItem.remaining.set(change.before.remaining + more)",
    ),
    Guard(
        "change_quotas: on the record",
        "store/writes/change_quotas.py",
        "    put_on_record(writing, entry)\n",
        "",
    ),
    Guard(
        "change_day: what is due is free",
        "days/change_days.py",
        "_with_due_on_offer(office, day, slots, deadline)",
        "slots",
    ),
    Guard(
        "sweep: none before the grace",
        "store/writes/sweep.py",
        "if swept_to > settled_to and swept_at + GRACE <= now:",
        "if swept_to > settled_to:",
    ),
    Guard(
        "sweep: another sweeper's mark stays",
        "store/writes/sweep.py",
        "condition=unchanged)",
        "condition=SlotItem.pk.exists())",
    ),
    Guard(
        "sweep: settled only what was looked at",
        "store/writes/sweep.py",
        "settled_to = swept_to\n",
        "settled_to = slot.next_number\n",
    ),
    Guard("look: torn", "store/writes/look.py", "if _torn(code, found):", "if False:"),
    Guard(
        "look: strongly consistent",
        "store/writes/look.py",
        "batch_get_item(unread, consistent_read=True)",
        "batch_get_item(unread, consistent_read=False)",
    ),
    Guard(
        "look: what came back unprocessed",
        "store/writes/look.py",
        "        if not left:\n            return found\n",
        "        return found\n",
    ),
    Guard(
        "book: a key is for one request",
        "domain/request_identity.py",
        "return (booking.token_digest, booking.request_hash) == (",
        "return None not in (",
    ),
    Guard(
        "book: gives back what it could not file",
        "booking/book.py",
        "        give_back_quietly(booking.ref, booking.numbers)\n        raise\n",
        "        raise\n",
    ),
    Guard(
        "book: gives back for a person who is taken",
        "booking/book.py",
        "give_back_quietly(booking.ref, booking.numbers)\n        raise _already",
        "raise _already",
    ),
    Guard(
        "reschedule: gives back what it could not file",
        "booking/refile.py",
        "        give_back_quietly(new.ref, new.numbers)\n        raise",
        "        raise",
    ),
    Guard(
        "reschedule: a repeat of the move is none",
        "booking/reschedule.py",
        "    if _made_already(booking, day, start) and not closed:\n        return opened\n",
        "",
    ),
    Guard(
        "reschedule: once",
        "booking/reschedule.py",
        "if has_moved(booking) and not closed:",
        "if booking.rescheduled < 0:",
    ),
    Guard(
        "reschedule: off a closed day, however often it moved",
        "booking/reschedule.py",
        "if has_moved(booking) and not closed:",
        "if has_moved(booking):",
    ),
    Guard(
        "reschedule: nobody was called",
        "booking/reschedule.py",
        "    if not presence.may_leave:",
        "    if False:",
    ),
    Guard(
        "reschedule: who waits in the hall leaves it",
        "booking/reschedule.py",
        "party, office, deadline, presence=presence)",
        "party, office, deadline)",
    ),
    Guard(
        "cancel: a closed day until its date is over",
        "domain/rescheduling.py",
        "    if closed:\n        return _end_of_date(booking, office)\n",
        "",
    ),
    Guard(
        "messages: the day stands as it is sent",
        "messages/deliver.py",
        "    closed = closed_for(booking, office, deadline)\n",
        "    closed = None\n",
        also=(("from antrean.booking.closed_day import closed_for\n", ""),),
    ),
    Guard(
        "messages: of this cancellation alone",
        "messages/deliver.py",
        "BookingStatus.CANCELLED and order.about == str(booking.version)",
        "BookingStatus.CANCELLED",
    ),
    Guard(
        "closed day: an office that is not open",
        "domain/closed_day.py",
        "if office.status is not OfficeStatus.OPEN and",
        "if False and",
    ),
    Guard(
        "move: counted with the booking",
        "days/move_day.py",
        "self.deadline, also=count, presence=presence)",
        "self.deadline, presence=presence)",
    ),
    Guard(
        "move: only who still stands there",
        "days/move_day.py",
        "if self.progress.covers(booking.ref):",
        "if booking:",
    ),
    Guard(
        "move: the earliest place that has room",
        "days/places_after.py",
        "slot = min(with_room",
        "slot = max(with_room",
    ),
    Guard(
        "move: not done while a number may still be filed",
        "days/move_day.py",
        "    if unsettled or run.under_way:",
        "    if run.under_way:",
    ),
    Guard(
        "move: those who can move do",
        "days/move_day.py",
        "elsewhere = self._elsewhere(booking)",
        "elsewhere = frozenset(booking.people)",
    ),
    Guard(
        "move: who moves stays no longer",
        "days/move_day.py",
        "if booking.code in self.staying:",
        "if not booking.code:",
    ),
    Guard(
        "move: ended as it was counted",
        "store/writes/end_move.py",
        "move.scope), actions, as_read)",
        "move.scope), actions)",
    ),
    Guard(
        "move: one run on its way to a move that waits",
        "days/move_queue.py",
        "elif progress.again_at <= now:",
        "else:",
    ),
    Guard(
        "claim for a move: enough remaining",
        "store/writes/claim.py",
        "(SlotItem.remaining >= min(slot.remaining, places))",
        "(SlotItem.remaining >= -HIGHEST)",
    ),
    Guard(
        "claim for a move: held places as read",
        "store/writes/claim.py",
        "condition &= SlotItem.held == kept_back_as_stored(slot.kept_back)",
        "condition &= SlotItem.held.exists()",
    ),
    Guard(
        "claim for a move: none of the walk-ins'",
        "domain/slots.py",
        "return self.kept_for is KeptFor.RELEASE or self.at <= now",
        "return True",
    ),
    Guard(
        "a step of the day: the ticket's state",
        "store/writes/day_step.py",
        "item, actions, as_read(before.status, before.turn))",
        "item, actions)",
    ),
    Guard(
        "a step of the day: who is freed is still the booking's",
        "store/items/person.py",
        "[PersonItem.live_until.set(binding.live_until)], mine\n",
        "[PersonItem.live_until.set(binding.live_until)]\n",
    ),
    Guard(
        "a late check-in: who has booked again is not bound again",
        "store/items/person.py",
        "item, still_its_own(binding.code))",
        "item)",
    ),
    Guard(
        "a late check-in: binds its person again",
        "counter/check_in.py",
        "binds=bound_again(office, booking, no_shows, deadline),",
        "",
    ),
    Guard(
        "an outcome: frees its person",
        "counter/outcome.py",
        "frees=freed_by_outcome([ticket], deadline)",
        "frees=()",
    ),
    Guard(
        "no-shows: free their persons",
        "counter/no_shows.py",
        "frees = freed_by_outcome(batch, deadline)",
        "frees: list[Binding] = []",
        also=(
            (
                "import Deadline\n",
                "import Deadline\nfrom antrean.store.items.person import Binding\n",
            ),
        ),
    ),
    Guard(
        "a call in vain: frees its person",
        "counter/call.py",
        "frees=freed_by_outcome([stored] if stored else [], deadline),",
        "",
    ),
    _unconditional(
        "a step of the day: who waits is absent, or there",
        "store/items/waiting.py",
        "WaitItem.pk.exists()",
        'writing.delete(f"wait {waiting.turn}", item',
    ),
    _unconditional(
        "a step of the day: the counter's version",
        "store/items/counter.py",
        "version_is(CounterItem.version, counter.version)",
        'writing.put("counter", item',
    ),
    _unconditional(
        "a step of the day: the lane's version",
        "store/items/lane_state.py",
        "version_is(LaneItem.version, state.version)",
        'writing.put(f"lane {state.lane}", item',
    ),
    Guard(
        "retries: conflicts",
        "store/retrying.py",
        '        "TransactionConflict",\n        "TransactionConflictException",\n',
        "",
    ),
    Guard(
        "retries: lost answers",
        "store/retrying.py",
        "isinstance(error.cause, LOST) or ",
        "",
    ),
    Guard(
        "retries: throttling",
        "store/retrying.py",
        '        "ThrottlingError",\n        "ThrottlingException",\n',
        "",
    ),
    Guard(
        "retries: one token for all attempts",
        "store/transaction.py",
        "client_request_token=token,",
        "client_request_token=str(uuid.uuid4()),",
    ),
    Guard(
        "retries: only while the deadline lasts",
        "runtime/deadline.py",
        "        if clock.now().timestamp() + wait >= self.until:\n            return False\n",
        "",
    ),
    Guard(
        "offices: a time for each",
        "offices/each_office.py",
        "visit(office, deadline.within(seconds))",
        "visit(office, deadline)",
    ),
    Guard(
        "offices: one's failure is its own",
        "offices/each_office.py",
        "    except Exception as error:  # noqa: BLE001 - the others go on\n",
        "    except ArithmeticError as error:\n",
    ),
    Guard(
        "offices: the turn is written whatever failed",
        "handlers/each_office.py",
        'with apart(failures, "turn not written", job=job):\n',
        "if not failures:\n",
    ),
    Guard(
        "sweep: a time for each returned place",
        "handlers/sweep.py",
        "deadline.within(RETURN_SECONDS)",
        "deadline",
    ),
    Guard(
        "sweep: a silent office is asked for one returned place",
        "handlers/sweep.py",
        "            silent.add(place.ref.office_id)\n",
        "",
    ),
    Guard(
        "sweep: a time for each slot",
        "handlers/sweep.py",
        "deadline.within(SLOT_SECONDS)",
        "deadline",
    ),
    Guard(
        "sweep: the summary has a time of its own",
        "handlers/sweep.py",
        "closing = Deadline.after(CLOSING_SECONDS)",
        "closing = deadline",
    ),
    Guard(
        "holiday: a time for each office",
        "offices/holidays.py",
        "deadline, OFFICE_SECONDS)",
        "deadline, 60)",
    ),
)


@contextmanager
def without(guard: Guard) -> Iterator[Path]:
    """A copy of the project without a guard. Raises ValueError when the sources lack it."""
    if not guard.is_there():
        raise ValueError(f"{guard.name}: functions/antrean/{guard.file} has changed")
    with tempfile.TemporaryDirectory(prefix="antrean-guards-") as made:
        copy = Path(made)
        for folder in ("functions", "infra", "office_tools", "operations", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
        for name in ("pyproject.toml", "template.yaml"):
            shutil.copy(ROOT / name, copy / name)
        (copy / "node_modules").symlink_to(ROOT / "node_modules")
        source = copy / "functions" / "antrean" / guard.file
        text = source.read_text()
        for with_it, without_it in guard.replacements:
            text = text.replace(with_it, without_it)
        source.write_text(text)
        yield copy


def noticed_by(guard: Guard) -> str:
    """The first test that fails without a guard; the empty text if none does.

    Raises RuntimeError when the tests could not be run.
    """
    with without(guard) as copy:
        for suite in SUITES:
            if failed := _first_failure(copy, suite):
                return failed
    return ""


def _first_failure(copy: Path, suite: tuple[str, ...]) -> str:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", *suite]
    try:
        ran = subprocess.run(
            command, cwd=copy, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "a run without end"
    failed = [line.split()[1] for line in ran.stdout.splitlines() if line.startswith("FAILED")]
    if ran.returncode != 0 and not failed:
        raise RuntimeError(ran.stdout + ran.stderr)
    return failed[0].replace("tests/", "", 1) if failed else ""


def main(words: list[str]) -> int:
    """Take away the guards whose name has all `words`; 1 if something goes unnoticed."""
    unnoticed = 0
    for guard in GUARDS:
        if all(word in guard.name for word in words):
            test = noticed_by(guard)
            unnoticed += not test
            print(f"| {guard.name} | {guard.file} | {test or 'NO TEST'} |", flush=True)
    return min(unnoticed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
