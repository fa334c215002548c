"""Admin routes of imports: files of offices."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from antrean.api.answers import JSON
from antrean.api.app import new_router, request_deadline
from antrean.api.imports.schemas import PAGE, ImportBegunOut, ImportIn, ImportOut
from antrean.api.roles import author
from antrean.domain.imports import RowState
from antrean.imports import start
from antrean.imports.files import link_for_upload
from antrean.store.items.import_row import rows_of
from antrean.store.items.office_import import get_import

router = new_router()


@router.post("/v1/admin/imports")
def begin_import(body: ImportIn) -> Response[ImportBegunOut]:
    """Begin an import: the answer says where to upload the file."""
    import_ = start.begin_import(author(router), request_deadline(), dry_run=body.dry_run)
    out = ImportBegunOut.of(import_, link_for_upload(import_.import_id))
    return Response(201, content_type=JSON, body=out)


@router.get("/v1/admin/imports/<import_id>")
def show_import(
    import_id: Annotated[str, Path(max_length=64)],
    state: Annotated[RowState | None, Query()] = None,
    cursor: Annotated[int, Query(ge=0, le=99_999)] = 0,
) -> ImportOut:
    """Show how far an import is and what became of its rows, of one state or all."""
    deadline = request_deadline()
    import_ = get_import(import_id, deadline)
    rows = rows_of(import_id, deadline, above=cursor, most=PAGE, state=state)
    return ImportOut.of(import_, rows)
