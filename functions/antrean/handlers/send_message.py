"""The function behind the queue of messages: it sends them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.messages.channels import Channel, NotAccepted
from antrean.messages.deliver import Outcome, deliver
from antrean.messages.email_ses import Email
from antrean.messages.order import MessageOrder
from antrean.messages.sms_sns import Sms
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.runtime.settings import settings

SECONDS = 60.0
"""For a batch; the function ends after 90, and a message begun at the last second takes 25."""


REFUSED, FAILED = "MessagesRefused", "MessagesFailed"


NAMES = (*Outcome, REFUSED, FAILED)
"""The metrics."""


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


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Send the messages of a batch; those whose end is not known come again."""
    deadline, counted = Deadline.after(SECONDS), Counter[str]()
    failed = []
    for record in event["Records"]:
        came_to = FAILED if deadline.has_passed() else _send(record["body"], deadline)
        counted[came_to] += 1
        if came_to in {Outcome.IN_DOUBT, REFUSED, FAILED}:
            failed.append({"itemIdentifier": record["messageId"]})
    for name, count in counted.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    metrics.flush_metrics()
    logger.info("messages dealt with", extra=dict(counted))
    return {"batchItemFailures": failed}


def _send(body: str, deadline: Deadline) -> str:
    """Send one message and return what it came to. One message's failure stops no other."""
    try:
        return deliver(MessageOrder.from_body(body), channels(), deadline)
    except NotAccepted as refused:
        logger.error("message refused", extra={"code": str(refused)})
        return REFUSED
    except Exception as error:  # noqa: BLE001
        logger.error("message not sent", extra=error_facts(error))
        return FAILED
