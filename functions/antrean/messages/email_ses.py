"""E-mail, through SES."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from antrean.domain.tickets import Contact
from antrean.messages.channels import Message
from antrean.messages.providers import CONFIG, certain
from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

TAG = "message"
"""The tag of a mail by which SES names it in its events."""


@once
def ses() -> "SESV2Client":
    """Return this process's client."""
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client("sesv2", config=CONFIG)


class Email:
    """The first channel: it carries everything."""

    name = "email"

    def address(self, contact: Contact) -> str | None:
        """Return the e-mail address, if it is one that SES takes: ASCII, and one address."""
        address = contact.email
        if not address or not address.isascii():
            return None
        try:
            return Address(addr_spec=address).addr_spec
        except Exception:  # noqa: BLE001 - the parser fails in more ways than it says
            return None

    def send(self, message: Message, to: str) -> str:
        """Hand a mail over to SES. Raises `NotAccepted`."""
        try:
            answer = ses().send_email(
                FromEmailAddress=settings().mail_from,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": as_mail(message, to)}},
                ConfigurationSetName=settings().mail_configuration_set,
                EmailTags=[{"Name": TAG, "Value": message.tag}],
            )
        except (BotoCoreError, ClientError) as error:
            raise certain(error) from error
        return answer["MessageId"]


def as_mail(message: Message, to: str) -> bytes:
    """Return a message as RFC 5322 has it: text, HTML with its picture, files."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings().mail_from
    mail["To"] = to
    mail["Subject"] = message.subject
    mail["Content-Language"] = "id, en"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    html = mail.get_payload()[1]  # type: ignore[index]
    assert isinstance(html, EmailMessage)  # noqa: S101 - for the type's sake
    html.add_related(message.qr, "image", "png", cid="<qr>", disposition="inline")
    for file in message.files:
        kind, _, subtype = file.media_type.partition("/")
        encoded = {"charset": "utf-8"} if kind == "text" else {}
        mail.add_attachment(file.content, kind, subtype, filename=file.name, params=encoded)
    return mail.as_bytes()
