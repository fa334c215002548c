"""`make resend-messages`, `make lift-suppression`: what an operator does about messages.

`resend` asks again for the messages that the holders of coming bookings are to get; what was sent
already is not sent again. `lift` asks for an e-mail address, which is shown, logged and kept
nowhere, and has it written to again. Works on the local stack that runs, or with `--stack` on a
stack on AWS, with the caller's profile.
"""

import argparse
import getpass
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from antrean.booking.find_place import HORIZON_DAYS
from antrean.domain.codes import address_hash
from antrean.domain.errors import Unavailable
from antrean.domain.tickets import BookingStatus, booked_codes
from antrean.messages.order import MessageOrder, enqueue_messages
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.queues import NotEnqueued
from antrean.store.items.booking import get_booking
from antrean.store.items.office import all_offices
from antrean.store.items.slot import slots_between
from antrean.store.items.suppressed_address import lift
from antrean.store.items.ticket import day_tickets
from infra.local.paths import CannotGoOn, Paths
from operations.sign_in import sign_in

HOUR = 3_600.0


def changed_since(instant: datetime, deadline: Deadline) -> Iterator[MessageOrder]:
    """Yield what the coming bookings made or moved since `instant` (aware) call for.

    Reads every coming day of every office on which a number was taken, and each booking on it.
    Raises `Unavailable`.
    """
    for office in all_offices(deadline):
        today = office.local_date(clock.now())
        last = today + timedelta(days=HORIZON_DAYS)
        slots = slots_between(office.office_id, today, last, deadline, consistent=True)
        for day in sorted({slot.ref.day for slot in slots if slot.next_number > 1}):
            for code in booked_codes(day_tickets(office.office_id, day, deadline)):
                booking = get_booking(code, deadline)
                if (
                    booking
                    and booking.status is BookingStatus.BOOKED
                    and booking.changed_at >= instant.timestamp()
                ):
                    yield MessageOrder.of_version(code, booking.version)


def _resend(since: datetime | None) -> str:
    if since is None or since.tzinfo is None:
        raise CannotGoOn("say since when, with the offset: --since 2026-11-23T10:00:00+07:00")
    return f"{enqueue_messages(changed_since(since, Deadline.after(HOUR)))} messages asked for"


def _lift() -> str:
    from antrean.runtime.secret import secret

    asked = sys.stdin.isatty()
    typed = getpass.getpass("Address (not shown): ") if asked else sys.stdin.readline()
    address = typed.strip()
    if "@" not in address:
        raise CannotGoOn("That is no e-mail address.")
    lift(address_hash(secret(), address), Deadline.after(60))
    ses = boto3.client("sesv2")
    try:
        ses.delete_suppressed_destination(EmailAddress=address)
    except ses.exceptions.NotFoundException:
        return "lifted here; SES had not suppressed it"
    return "lifted here and in SES"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; exit 1 with one line that says what to do when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m operations.messages", description=__doc__)
    parser.add_argument("command", choices=["resend", "lift"])
    parser.add_argument("--stack", help="a stack on AWS instead of the local one that runs")
    parser.add_argument("--home", type=Path, help="the local stack's directory instead of .local")
    parser.add_argument("--since", type=datetime.fromisoformat, help="RFC 3339, with the offset")
    options = parser.parse_args(arguments)
    try:
        sign_in(options.stack, Paths(options.home) if options.home else Paths())
        print(_resend(options.since) if options.command == "resend" else _lift())
    except CannotGoOn as reason:
        print(f"{options.command}: {reason}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError, NotEnqueued, Unavailable) as error:
        # Its text may quote the address.
        print(f"{options.command}: not finished; run it again. {type(error).__name__}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
