"""How SES and SNS are called, and which of their errors say that nothing was sent."""

from typing import Final

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from antrean.messages.channels import NotAccepted

CONFIG: Final = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1})
"""One attempt: neither service knows a token that would make a repeat harmless, so the SDK must not
repeat what may have been taken."""

UNSENT: Final = (ConnectTimeoutError, EndpointConnectionError)
SERVER_ERROR: Final = 500


def certain(error: BotoCoreError | ClientError) -> Exception:
    """Return `NotAccepted` when a call's error says that nothing was done, else the error."""
    if isinstance(error, UNSENT):
        return NotAccepted(type(error).__name__)
    if isinstance(error, ClientError):
        status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if 0 < status < SERVER_ERROR:
            return NotAccepted(error.response["Error"]["Code"])
    return error
