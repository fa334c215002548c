"""What a use case is to the tests that break its calls."""

from collections.abc import Callable
from dataclasses import dataclass

from antrean.runtime.deadline import Deadline
from tests.support.worlds import World

LOOK, CLAIM, FILE = "BatchGetItem", "UpdateItem", "TransactWriteItems"
READ_SLOTS, READ_ITEM = "Query", "GetItem"


@dataclass(frozen=True, slots=True)
class Played:
    """A use case on the stage."""

    asked: Callable[[Deadline], object]
    ends: Callable[[], None]


@dataclass(frozen=True, slots=True)
class UseCase:
    """A use case, the calls it is known to make, and after how many it holds numbers."""

    play: Callable[[World], Played]
    calls: tuple[str, ...]
    claims: int | None = None
    """The call (from 0) whose answer brings numbers that a failure after it must give back."""

    def __str__(self) -> str:
        return self.play.__name__
