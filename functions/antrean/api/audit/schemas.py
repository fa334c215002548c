"""The admin API's JSON."""

import datetime as dt
from typing import Any

from antrean.api.types import Output
from antrean.domain.audit import Record


class RecordOut(Output):
    """One change on the record."""

    at: dt.datetime
    office_id: str
    who: str
    what: str
    before: Any
    after: Any
    request_id: str


class AuditOut(Output):
    """A page of the record."""

    records: list[RecordOut]
    next: str | None


def record_out(record: Record) -> RecordOut:
    """Return a record as admins see it."""
    change = record.change
    return RecordOut(
        at=record.at,
        office_id=change.office_id,
        who=change.who,
        what=change.what,
        before=change.before,
        after=change.after,
        request_id=change.request_id,
    )
