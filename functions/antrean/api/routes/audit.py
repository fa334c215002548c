"""Admin routes of the record of changes."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from antrean.api import admin_schemas as schemas
from antrean.api.app import budget, new_router
from antrean.store.audit import PAGE, records

router = new_router()


@router.get("/v1/admin/audit")
def list_audit(
    office_id: Annotated[str, Query(max_length=64)],
    cursor: Annotated[str | None, Query(max_length=80)] = None,
) -> schemas.AuditOut:
    """List what was changed at an office, newest first."""
    found = records(office_id, cursor, budget())
    following = found[-1].cursor if len(found) == PAGE else None
    return schemas.AuditOut(records=[schemas.record_out(one) for one in found], next=following)
