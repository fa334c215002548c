"""The morning of 17 November 2017: every office uploads at the same moment, and a third of all
calls to the stack fail. All offices arrive, none twice, none half.

Processes die, answers are lost or come late, throttling and conflicts strike, messages come twice;
calls come one at a time in an order drawn from a seed, which a failure names (SEED plays it again).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from pynamodb.expressions.update import Action

from antrean.domain.audit import Author
from antrean.domain.errors import Unavailable
from antrean.domain.imports import ImportState, RowProblem, RowState
from antrean.domain.offices import Office
from antrean.imports import apply
from antrean.imports.start import begin_import
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import connect
from antrean.store.items.import_row import RowItem, rows_of
from antrean.store.items.office import all_offices
from antrean.store.items.office_import import ImportItem, get_import
from antrean.store.transaction import Transaction
from antrean.store.writes import settle_row
from tests.engines.choices import Choices, explore
from tests.engines.errors import throttled
from tests.engines.memory.client import MemoryDynamoDB
from tests.engines.scheduler import Chaos, Simulation, Task
from tests.support.clocks import StandingClock
from tests.support.people import ZONES
from tests.support.stored import records_of
from tests.support.uploads import Cloud, Message, a_cloud, deliver, row, table_of
from tests.support.worlds import TABLE, a_world, deadline

OFFICES = 151
RUNS = 2
CHAOS = Chaos(
    kill=0.04,
    unsent=0.07,
    lost=0.06,
    late=0.04,
    throttle=0.08,
    conflict=0.06,
    split=0.2,
    step_seconds=0.001,
)
"""Together a third of the writes; of the reads, which cannot be lost or conflict, a fifth."""
SHARE = 1 / 3
"""Of the calls of S3 and SQS that fail."""
TWICE = 0.2
"""Of the messages that come twice, at the same moment."""
RECEIVES = 5
"""After which a message goes to the dead-letter queue, and is sent back by hand."""
ADMIN = Author("central-admin", "2017-11-17")
ROUNDS = 200


def office_id(number: int) -> str:
    return f"kanim-{number:03d}"


def line(number: int) -> str:
    """What the file says of an office: another thing of each, so that a mixture is seen."""
    return row(
        office_id(number),
        name=f"Kantor Imigrasi {number}",
        city=f"Kota {number}",
        timezone=ZONES[number % 3],
        daily_quota=str(40 + number),
    )


def wanted(number: int) -> Office:
    """The office that it says."""
    return Office(
        office_id(number),
        name=f"Kantor Imigrasi {number}",
        office_class="Kelas III Non TPI",
        city=f"Kota {number}",
        province="Lampung",
        timezone=ZONES[number % 3],
        daily_quota=40 + number,
    )


@dataclass(slots=True)
class Morning:
    """The stack on that morning."""

    choices: Choices
    simulation: Simulation
    cloud: Cloud
    rounds: int = 0
    failed: int = 0
    dead: int = 0
    received: Counter[int] = field(default_factory=Counter)

    @classmethod
    @contextmanager
    def of(cls, choices: Choices) -> Iterator["Morning"]:
        """A morning with an empty table."""
        model = MemoryDynamoDB((TABLE,))
        simulation = Simulation(model, choices, CHAOS)

        def strike(call: str) -> None:
            if choices.pick([1 - SHARE, SHARE]):
                raise throttled(call.rsplit(maxsplit=1)[-1])

        with a_world(model, StandingClock()), a_cloud(strike) as cloud:
            connect(simulation.client)
            with clock.use(simulation.clock):
                yield cls(choices, simulation, cloud)

    def upload(self, files: Sequence[bytes]) -> list[str]:
        """Have all clients begin and upload at the same moment; each repeats until it is heard."""
        done: dict[int, str] = {}

        def one(at: int, data: bytes) -> None:
            import_ = begin_import(ADMIN, Deadline.after(6), dry_run=False)
            self.cloud.upload(import_.import_id, data)
            done[at] = import_.import_id

        while len(done) < len(files):
            for at, data in enumerate(files):
                if at not in done:
                    work = lambda at=at, data=data: one(at, data)  # noqa: E731
                    self.simulation.spawn(f"client {at}", work, Unavailable)
            self._run()
        return [done[at] for at in range(len(files))]

    def work_off(self) -> None:
        """Deliver messages, many at the same moment, until none is left."""
        while self.cloud.waiting:
            self.rounds += 1
            assert self.rounds < ROUNDS, "messages come again for ever"
            messages, self.cloud.waiting = self.cloud.waiting, []
            tasks = [(message, self._receive(message)) for message in messages]
            self._run()
            for message, deliveries in tasks:
                if not any(task.result for task in deliveries):
                    self.failed += 1
                    self.cloud.waiting.append(message)

    def _receive(self, message: Message) -> list[Task]:
        self.received[hash(message)] += 1
        self.dead += self.received[hash(message)] == RECEIVES + 1
        times = 1 + self.choices.pick([1 - TWICE, TWICE])
        return [
            self.simulation.spawn(f"message {self.rounds}", lambda: deliver(message))
            for _ in range(times)
        ]

    def _run(self) -> None:
        self.simulation.run()
        self.simulation.tasks.clear()


def in_order(import_ids: Sequence[str], rows: int) -> None:
    """All arrived, none twice, none half; the reports say so."""
    found = list(all_offices(deadline(), consistent=True))
    assert found == [wanted(number) for number in range(1, OFFICES + 1)]
    for office in found:
        (one,) = records_of(office.office_id)
        assert (one.entry.who, one.entry.what) == (ADMIN.user, "create office")
        assert one.entry.after["city"] == office.city
    for import_id in import_ids:
        import_ = get_import(import_id, deadline())
        assert import_.state is ImportState.DONE
        counted = {state: count for state, count in import_.counts.items() if count}
        assert counted == {RowState.APPLIED: rows}
        assert [one.state for one in rows_of(import_id, deadline())] == ([RowState.APPLIED] * rows)


def each_its_own(choices: Choices) -> None:
    """Each office its file, all at once."""
    files = [table_of(line(number)) for number in range(1, OFFICES + 1)]
    with Morning.of(choices) as morning:
        import_ids = morning.upload(files)
        morning.work_off()
        tell(choices, morning)
        in_order(import_ids, 1)


def one_for_all(choices: Choices) -> None:
    """One file of all offices: every row counts on the same item."""
    with Morning.of(choices) as morning:
        data = table_of(*(line(number) for number in range(1, OFFICES + 1)))
        import_ids = morning.upload([data])
        morning.work_off()
        tell(choices, morning)
        in_order(import_ids, OFFICES)


def tell(choices: Choices, morning: Morning) -> None:
    print(
        f"seed {getattr(choices, 'seed', '?')}: {len(choices.trail)} steps, "
        f"{morning.rounds} rounds, {morning.failed} messages came again, "
        f"{morning.dead} were sent back from the dead letters"
    )


def test_151_offices_upload_at_the_same_moment_and_all_arrive_once_and_whole() -> None:
    explore(each_its_own, RUNS)


def test_one_file_of_151_offices_arrives_once_and_whole() -> None:
    explore(one_for_all, RUNS)


def careless_settle(
    writing: Transaction,
    import_id: str,
    number: int,
    state: RowState,
    problems: Sequence[RowProblem] = (),
) -> None:
    """`settle` without its condition. (For `add_row` without its, see tests/unit/offices.)"""
    writing.update("row", RowItem.keyed(import_id, number), [RowItem.state.set(state)])
    counter: ImportItem = getattr(ImportItem, state)
    counting: list[Action] = [
        counter.set(counter + 1),  # type: ignore[attr-defined, operator]
        ImportItem.waiting.set(ImportItem.waiting - 1),
    ]
    writing.update("import", ImportItem.keyed(import_id), counting)


def test_a_settling_without_its_condition_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle_row, "settle", careless_settle)
    monkeypatch.setattr(apply, "settle", careless_settle)
    with pytest.raises(AssertionError):
        explore(each_its_own, 1)
