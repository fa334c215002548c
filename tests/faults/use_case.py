"""What a use case is to the tests that break its calls."""

from collections.abc import Callable
from dataclasses import dataclass

from antrean.runtime.deadline import Deadline
from tests.support.worlds import World

LOOK, CLAIM, FILE = "BatchGetItem", "UpdateItem", "TransactWriteItems"
READ_SLOTS, READ_ITEM = "Query", "GetItem"


@dataclass(frozen=True, slots=True)
class PreparedCall:
    """A use case whose world is prepared: its call, and what must be true when all is over."""

    call: Callable[[Deadline], object]
    check_end: Callable[[], None]


@dataclass(frozen=True, slots=True)
class UseCase:
    """A use case, the calls it is known to make, and after how many it holds numbers."""

    prepare: Callable[[World], PreparedCall]
    calls: tuple[str, ...]
    claims: int | None = None
    """The call (from 0) whose answer brings numbers that a failure after it must give back."""

    def __str__(self) -> str:
        return self.prepare.__name__
