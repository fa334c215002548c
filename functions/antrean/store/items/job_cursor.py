"""Where a job stopped. Partition `CURSORS`, sort key the job."""

from pynamodb.attributes import UnicodeAttribute

from antrean.runtime.deadline import Deadline
from antrean.store.dynamodb import Item
from antrean.store.retrying import call

PARTITION = "CURSORS"


class CursorItem(Item):
    """The last thing a job dealt with."""

    last = UnicodeAttribute()


def get_cursor(job: str, deadline: Deadline) -> str:
    """Return the last thing `job` dealt with; the empty text before its first run."""
    try:
        item = call(lambda: CursorItem.get(PARTITION, job, consistent_read=True), deadline)
    except CursorItem.DoesNotExist:
        return ""
    return item.last


def put_cursor(job: str, last: str, deadline: Deadline) -> None:
    """Remember the last thing `job` dealt with."""
    call(CursorItem(pk=PARTITION, sk=job, last=last).save, deadline)
