"""Staff and admins of the local user pool, and their tokens."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from infra.local.deploy import Cloud
from infra.local.paths import CannotGoOn

PASSWORD: Final = "Antrean-lokal-2017"  # noqa: S105 - every local user's; the pool is local too
DOMAIN: Final = "antrean.test"  # .test: reserved, no mail ever leaves (RFC 2606)
ROLES: Final = ("admin", "staff", "office-admin")


@dataclass(frozen=True, slots=True)
class Member:
    """One user of the pool: a role, at an office unless it is `admin`.

    Raises `CannotGoOn` for a role there is not, or an office too many or too few.
    """

    role: str
    office_id: str | None = None

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise CannotGoOn(f"There is no role {self.role!r}: take {', '.join(ROLES)}.")
        if (self.role == "admin") == (self.office_id is not None):
            raise CannotGoOn(
                "ROLE=admin is of no office; ROLE=staff and ROLE=office-admin are of one: "
                "give OFFICE=kotabumi."
            )

    @property
    def username(self) -> str:
        """The e-mail address that the user signs in with."""
        return f"{'.'.join(filter(None, (self.role, self.office_id)))}@{DOMAIN}"

    @property
    def group(self) -> str:
        """The group that gives the user its rights."""
        kind = "office" if self.role == "staff" else self.role
        return f"{kind}:{self.office_id}" if self.office_id else kind


@dataclass(frozen=True, slots=True)
class Pool:
    """The user pool of a deployed stack and its app client."""

    cloud: Cloud
    pool_id: str
    client_id: str

    def ensure(self, member: Member) -> None:
        """Create the user and its group when they are missing, and put the one in the other."""
        cognito = self.cloud.client("cognito-idp")
        errors = cognito.exceptions
        with suppress(errors.GroupExistsException):
            cognito.create_group(UserPoolId=self.pool_id, GroupName=member.group)
        with suppress(errors.UsernameExistsException):
            cognito.admin_create_user(
                UserPoolId=self.pool_id,
                Username=member.username,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": member.username},
                    {"Name": "email_verified", "Value": "true"},
                ],
            )
        cognito.admin_set_user_password(
            UserPoolId=self.pool_id,
            Username=member.username,
            Password=PASSWORD,
            Permanent=True,
        )
        cognito.admin_add_user_to_group(
            UserPoolId=self.pool_id, Username=member.username, GroupName=member.group
        )

    def token(self, member: Member) -> str:
        """Return an ID token of the user, valid for the time that the app client gives."""
        try:
            answer = self.cloud.client("cognito-idp").initiate_auth(
                ClientId=self.client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": member.username, "PASSWORD": PASSWORD},
            )
        except ClientError as error:
            raise CannotGoOn(f"{member.username} cannot sign in: {error}") from error
        return str(answer["AuthenticationResult"]["IdToken"])
