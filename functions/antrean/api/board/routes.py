"""The public route of the hall display."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from antrean.api.app import new_router, request_deadline
from antrean.api.board.schemas import BoardOut, board_out
from antrean.counter.board import watch
from antrean.offices.find import watched_office
from antrean.runtime import clock

router = new_router()


KEPT = "public, max-age=3, s-maxage=3"
"""CloudFront and browsers: as long as the function itself remembers a board."""


@router.get("/v1/offices/<office_id>/board")
def show_board(office_id: Annotated[str, Path(max_length=64)]) -> Response[BoardOut]:
    """Show whom an office serves now and who waits, by numbers: the same for everybody."""
    deadline = request_deadline()
    office = watched_office(office_id, deadline)
    today = office.local_date(clock.now())
    shown = board_out(office, today, watch(office_id, today, deadline))
    headers: dict[str, str | list[str]] = {"Cache-Control": KEPT}
    return Response(200, content_type="application/json", body=shown, headers=headers)
