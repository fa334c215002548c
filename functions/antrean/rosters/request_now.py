"""Publishing at once, for somebody who waits: the staff API calls the publisher itself.

The API's own function can neither write a roster nor sign one, and carries no PDF library.
"""

import json
from datetime import date
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from antrean.domain.errors import NotFound, Unavailable
from antrean.rosters.manifest import Manifest
from antrean.rosters.order import RosterOrder
from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


SECONDS = 17.0
"""How long the publisher may take, its cold start included; the API's function ends at twenty."""


@once
def functions() -> "LambdaClient":
    """Return this process's client. It calls once: a second publisher would only do it again."""
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client(
        "lambda",
        config=Config(connect_timeout=1, read_timeout=SECONDS, retries={"total_max_attempts": 1}),
    )


def publish_now(office_id: str, day: date) -> Manifest:
    """Have an office day's roster published and return its manifest.

    Raises `NotFound` when there is no roster to publish, `Unavailable` when the publisher did
    not end in time or failed; asking again is harmless.
    """
    order = RosterOrder(office_id, day)
    try:
        answer = functions().invoke(
            FunctionName=settings().publish_function, Payload=order.body.encode()
        )
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise Unavailable("The roster is being published. Repeat the same request.") from error
    if answer.get("FunctionError"):
        raise Unavailable("The roster could not be published. Repeat the same request.")
    reply = json.loads(answer["Payload"].read())
    if "refused" in reply:
        raise NotFound(reply["refused"])
    return Manifest.from_json(reply["manifest"])
