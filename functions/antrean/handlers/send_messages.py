"""The function behind the queue of messages: it sends them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.handlers.each_record import ComesAgain, Failures, each_message
from antrean.messages.channels import Channel, NotAccepted
from antrean.messages.deliver import Outcome, deliver
from antrean.messages.email_ses import Email
from antrean.messages.order import MessageOrder
from antrean.messages.sms_sns import Sms
from antrean.runtime.deadline import Deadline
from antrean.runtime.settings import settings

SECONDS = 60.0
"""For a batch; the function ends after 90, and a message begun at the last second takes 25."""
REFUSED, FAILED = "MessagesRefused", "MessagesFailed"
logger = Logger()
metrics = Metrics(namespace="Antrean", service="send-messages")


def channels() -> Sequence[Channel]:
    """Return the channels that are switched on, the one to be tried first first."""
    on: list[Channel] = []
    if settings().email_on:
        on.append(Email())
    if settings().sms_on:
        on.append(Sms())
    return on


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Send the messages of a batch; those whose end is not known come again."""
    deadline, counted = Deadline.after(SECONDS), Counter[str]()

    def send(body: str) -> None:
        outcome: str = FAILED
        try:
            outcome = _send(body, deadline)
        finally:
            counted[outcome] += 1
        if outcome in {Outcome.IN_DOUBT, REFUSED}:
            raise ComesAgain

    answer = each_message(event, send, "message not sent")
    for name, count in counted.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    metrics.flush_metrics()
    logger.info("messages dealt with", extra=dict(counted))
    return answer


def _send(body: str, deadline: Deadline) -> str:
    """Send one message and return what it came to."""
    if deadline.has_passed():
        raise ComesAgain
    try:
        return deliver(MessageOrder.from_body(body), channels(), deadline)
    except NotAccepted as refused:
        logger.error("message refused", extra={"code": str(refused)})
        return REFUSED
