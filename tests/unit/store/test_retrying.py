"""How a call that fails is told apart: try again, give up, or say what was refused."""

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBConnectionError, UpdateError

from antrean.domain.errors import Unavailable
from antrean.runtime.deadline import Deadline
from antrean.store.retrying import LOST, Refused, call
from tests.engines import errors
from tests.support.clocks import standing

PASSING: list[BotoCoreError | ClientError] = [
    *[lost(endpoint_url=errors.ENDPOINT, error="") for lost in LOST],
    errors.throttled("UpdateItem"),
    errors.throughput_exceeded("UpdateItem"),
    errors.transaction_conflict("UpdateItem"),
]


class Sending:
    """A call that fails some times and then answers."""

    def __init__(self, cause: Exception, times: int) -> None:
        self.cause, self.times = cause, times

    def __call__(self) -> str:
        self.times -= 1
        if self.times < 0:
            return "answer"
        raise UpdateError("Failed to update item", self.cause)


@pytest.mark.parametrize("cause", PASSING, ids=lambda cause: type(cause).__name__)
def test_a_passing_failure_is_tried_again_until_it_answers(cause: Exception) -> None:
    with standing():
        assert call(Sending(cause, times=3), Deadline.after(10)) == "answer"


@pytest.mark.parametrize("cause", PASSING, ids=lambda cause: type(cause).__name__)
def test_a_failure_that_does_not_pass_ends_with_the_budget(cause: Exception) -> None:
    with standing() as time:
        before = time.seconds()
        with pytest.raises(Unavailable):
            call(Sending(cause, times=1000), Deadline.after(10))
        assert 5 < time.seconds() - before <= 10


def test_a_condition_that_does_not_hold_is_not_tried_again() -> None:
    sending = Sending(errors.condition_failed("UpdateItem", None), times=2)
    with standing(), pytest.raises(Refused):
        call(sending, Deadline.after(10))
    assert sending.times == 1


def test_what_is_wrong_with_the_request_itself_is_not_tried_again() -> None:
    wrong = errors.client_error("UpdateItem", "ValidationException", "wrong")
    sending = Sending(wrong, times=2)
    with standing(), pytest.raises(PynamoDBConnectionError):
        call(sending, Deadline.after(10))
    assert sending.times == 1
