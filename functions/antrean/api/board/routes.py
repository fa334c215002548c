"""The public route of the hall display."""

from aws_lambda_powertools.event_handler import Response

from antrean.api.answers import cached
from antrean.api.app import new_router, request_deadline
from antrean.api.board.schemas import BoardOut
from antrean.api.parameters import OfficeId
from antrean.counter.board import watch
from antrean.offices.find import watched_office
from antrean.runtime import clock

router = new_router()
KEPT_SECONDS = 3
"""CloudFront and browsers keep a board as long as the function itself does."""


@router.get("/v1/offices/<office_id>/board")
def show_board(office_id: OfficeId) -> Response[BoardOut]:
    """Show whom an office serves now and who waits, by numbers: the same for everybody."""
    deadline = request_deadline()
    office = watched_office(office_id, deadline)
    today = office.local_date(clock.now())
    board = watch(office_id, today, deadline)
    return cached(BoardOut.of(office, today, board), KEPT_SECONDS)
