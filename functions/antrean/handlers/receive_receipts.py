"""The function behind the queue of receipts: what SES says became of the mails it took.

A rule of EventBridge keeps the addresses out of the queue: a receipt is what happened and our
tag of the mail; whose address it was stands on the booking.
"""

import json
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.codes import address_hash
from antrean.handlers.each_record import Failures, each_message
from antrean.messages.email_ses import Email
from antrean.messages.order import ref_of
from antrean.runtime.deadline import Deadline
from antrean.runtime.secret import secret
from antrean.store.items.booking import get_booking
from antrean.store.items.message import confirm
from antrean.store.items.suppressed_address import suppress

SECONDS = 20.0
ENDS = frozenset({"bounced", "complained"})
"""What happened after which an address is not written to any more: a permanent bounce ('there
is no such mailbox'), and its owner's word that our mail is spam."""
logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> Failures:
    """Note what the receipts of a batch say; those that fail come again."""
    deadline = Deadline.after(SECONDS)
    answer = each_message(
        event, lambda body: _note(json.loads(body), deadline), "receipt not noted"
    )
    noted = len(event["Records"]) - len(answer["batchItemFailures"])
    logger.info("receipts noted", extra={"receipts": noted})
    return answer


def _note(receipt: dict[str, Any], deadline: Deadline) -> None:
    for tag in receipt["message"]:
        ref = ref_of(tag)
        confirm(ref, deadline)  # whatever happened, SES had taken it
        if receipt["what"] in ENDS:
            _suppress(ref.code, receipt["what"], deadline)


def _suppress(code: str, reason: str, deadline: Deadline) -> None:
    booking = get_booking(code, deadline)
    address = Email().address(booking.contact) if booking else None
    if address:
        suppress(address_hash(secret(), address), reason, deadline)
        logger.info("address suppressed", extra={"reason": reason})
