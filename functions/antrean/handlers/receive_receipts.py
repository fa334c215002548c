"""The function behind the queue of receipts: what SES says became of the mails it took.

A rule of EventBridge keeps the addresses out of the queue: a receipt is what happened and our
tag of the mail; whose address it was stands on the booking.
"""

import json
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean.domain.codes import address_hash
from antrean.messages.email_ses import Email
from antrean.messages.order import ref_of
from antrean.runtime.deadline import Deadline
from antrean.runtime.logged import error_facts
from antrean.runtime.secret import secret
from antrean.store.items.booking import get_booking
from antrean.store.items.message import confirm
from antrean.store.items.suppressed_address import suppress

SECONDS = 20.0


TAKEN = "sent"


ENDS = frozenset({"bounced", "complained"})
"""What happened after which an address is not written to any more: a permanent bounce ('there
is no such mailbox'), and its owner's word that our mail is spam."""


logger = Logger()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Note what the receipts of a batch say; those that fail come again."""
    deadline, failed = Deadline.after(SECONDS), []
    for record in event["Records"]:
        try:
            _note(json.loads(record["body"]), deadline)
        except Exception as error:  # noqa: BLE001 - the other receipts go on
            logger.error("receipt not noted", extra=error_facts(error))
            failed.append({"itemIdentifier": record["messageId"]})
    logger.info("receipts noted", extra={"receipts": len(event["Records"]) - len(failed)})
    return {"batchItemFailures": failed}


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
