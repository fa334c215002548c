"""The JSON of the record of changes."""

import datetime as dt
from typing import Any, Self

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

    @classmethod
    def of(cls, record: Record) -> Self:
        change = record.entry
        return cls(
            at=record.at,
            office_id=change.office_id,
            who=change.who,
            what=change.what,
            before=change.before,
            after=change.after,
            request_id=change.request_id,
        )


class AuditOut(Output):
    """A page of the record."""

    records: list[RecordOut]
    next: str | None
