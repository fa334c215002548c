"""SMS, through SNS."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from antrean.domain.tickets import Contact
from antrean.messages.channels import Message
from antrean.messages.providers import CONFIG, certain
from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient
    from types_boto3_sns.type_defs import MessageAttributeValueTypeDef


@once
def sns() -> "SNSClient":
    """Return this process's client."""
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client("sns", config=CONFIG)


class Sms:
    """The second channel: it carries the short text alone."""

    name = "sms"

    def address(self, contact: Contact) -> str | None:
        """Return the phone number, in E.164."""
        return contact.phone or None

    def send(self, message: Message, to: str) -> str:
        """Hand a text message over to SNS. Raises `NotAccepted`."""
        try:
            answer = sns().publish(
                PhoneNumber=to, Message=message.short, MessageAttributes=_attributes()
            )
        except (BotoCoreError, ClientError) as error:
            raise certain(error) from error
        return answer["MessageId"]


def _attributes() -> "dict[str, MessageAttributeValueTypeDef]":
    attributes = {"AWS.SNS.SMS.SMSType": "Transactional"}
    if settings().sms_sender_id:
        attributes["AWS.SNS.SMS.SenderID"] = settings().sms_sender_id
    return {
        name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
    }
