"""`make user`: make a user of the pool, on AWS or on the local stack, in the group of a role.

On AWS (USER_POOL_ID set, with credentials) Cognito sends the invitation itself. Without
USER_POOL_ID it is the pool of the local stack that runs, which sends no mail.
"""

import argparse
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.paths import CannotGoOn, Paths
from infra.local.users import Member

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def invite(
    cognito: "CognitoIdentityProviderClient", pool_id: str, member: Member, email: str
) -> bool:
    """Make the user and the role's group where they are missing, and put the one in the other.

    Says whether the user is new. A repeat changes nothing.
    """
    errors = cognito.exceptions
    with suppress(errors.GroupExistsException):
        cognito.create_group(UserPoolId=pool_id, GroupName=member.group)
    try:
        cognito.admin_create_user(
            UserPoolId=pool_id,
            Username=email,
            DesiredDeliveryMediums=["EMAIL"],
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        is_new = True
    except errors.UsernameExistsException:
        is_new = False
    cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=email, GroupName=member.group)
    return is_new


def _pool() -> tuple["CognitoIdentityProviderClient", str]:
    if pool_id := os.environ.get("USER_POOL_ID"):
        return boto3.client("cognito-idp"), pool_id
    from infra.local.deploy import Cloud
    from infra.local.running import Running

    endpoints = Running.of(Paths()).endpoints
    cognito = Cloud(endpoints["aws_endpoint"]).client("cognito-idp")
    return cognito, endpoints["user_pool_id"]


def main() -> int:
    """Make one user; exit 1 with one line that says what to do when it cannot be made."""
    parser = argparse.ArgumentParser(prog="make user", description=__doc__)
    parser.add_argument("--role", required=True)
    parser.add_argument("--office")
    parser.add_argument("--email", required=True)
    options = parser.parse_args()
    try:
        member = Member(options.role, options.office)
        cognito, pool_id = _pool()
        is_new = invite(cognito, pool_id, member, options.email)
    except CannotGoOn as reason:
        print(f"user: {reason}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"user: the user pool refused: {error}", file=sys.stderr)
        return 1
    print(f"{'made' if is_new else 'there already'}, in the group {member.group}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
