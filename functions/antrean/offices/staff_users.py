"""The staff of an office, as the user pool knows them."""

from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import ClientError

from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

MOST = 60
"""Members that are looked at: one page of the pool's answer."""


@once
def cognito() -> "CognitoIdentityProviderClient":
    """Return this process's client."""
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client(
        "cognito-idp",
        config=Config(
            connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"}
        ),
    )


def has_staff(office_id: str) -> bool:
    """Return whether somebody who may sign in is in the office's group, `office:{office_id}`."""
    try:
        answer = cognito().list_users_in_group(
            UserPoolId=settings().user_pool_id, GroupName=f"office:{office_id}", Limit=MOST
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False  # no such group
        raise
    return any(user["Enabled"] for user in answer["Users"])
