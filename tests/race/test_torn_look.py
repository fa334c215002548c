"""A BatchGet is no snapshot: it may read a booking before it is filed and its persons after.

DynamoDB Local shows this now and then (`test_people.py`); here it is shown every time.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from antrean.booking.book import book
from antrean.domain.errors import AlreadyBooked
from antrean.runtime import clock
from tests.engines.memory.client import MemoryDynamoDB
from tests.race.world import Running, open_office, ref, request
from tests.support.worlds import deadline, enter


class Torn:
    """A client whose next BatchGet reads bookings as they were before the call `between`."""

    def __init__(self, client: MemoryDynamoDB) -> None:
        self._client = client
        self.between: Callable[[], object] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make_api_call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if operation != "BatchGetItem" or self.between is None:
            return self._client._make_api_call(operation, request)
        between, self.between = self.between, None
        before = self._client._make_api_call(operation, request)
        between()
        answer = self._client._make_api_call(operation, request)
        for table, items in answer["Responses"].items():
            answer["Responses"][table] = [
                item
                for item in items
                if item["sk"]["S"] != "BOOKING" or item in before["Responses"][table]
            ]
        return answer


@pytest.fixture
def torn(monkeypatch: pytest.MonkeyPatch) -> Iterator[Torn]:
    client = Torn(MemoryDynamoDB(("antrean",)))
    enter(monkeypatch, client)
    with clock.use(Running()):
        open_office("kotabumi", [(ref(), 10)])
        yield client


def test_a_repeat_that_sees_its_first_half_filed_gets_that_booking(torn: Torn) -> None:
    wanted = request(1, ref(), party=2)
    torn.between = lambda: book(wanted, deadline())
    repeated = book(wanted, deadline())
    assert (repeated.created, repeated.booking.numbers) == (False, (1, 2))


def test_another_request_for_the_same_person_is_still_refused(torn: Torn) -> None:
    torn.between = lambda: book(request(1, ref()), deadline())
    with pytest.raises(AlreadyBooked):
        book(request(1, ref(), attempt=1), deadline())
