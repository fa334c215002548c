"""SES, SNS and the queue of messages in this process, in place of the functions' clients."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from antrean.handlers import receive_receipts, send_messages
from antrean.messages import email_ses, sms_sns
from antrean.runtime import queues
from antrean.runtime.settings import settings as read
from tests.engines.faults import Killed
from tests.support.gateway import Context
from tests.support.permissions import WATCH

URL = "https://ses.example"
SETTINGS = {
    "MESSAGE_QUEUE_URL": "https://sqs.example/messages",
    "EMAIL": "on",
    "MAIL_FROM": "Antrean Paspor <antrean@antrean.example.go.id>",
    "MAIL_CONFIGURATION_SET": "antrean-messages",
    "SMS": "off",
}


class Mood(StrEnum):
    """What becomes of the next call to a provider."""

    WELL = "is taken"
    REFUSED = "is refused"
    UNREACHED = "does not reach the provider"
    LOST = "is taken, the answer lost"
    BROKEN = "is taken, and answered with a server's error"
    NOT_TAKEN = "is not taken, and nothing is answered"
    DIED_BEFORE = "is not made: the process ends"
    DIED_AFTER = "is taken, then the process ends"


@dataclass(slots=True)
class Provider:
    """SES and SNS: what they took, in order; `moods` of the next calls, then all goes well."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)

    def send_email(self, **request: Any) -> dict[str, str]:
        WATCH.note("sesv2", "SendEmail", request)
        return self._answer(request)

    def publish(self, **request: Any) -> dict[str, str]:
        WATCH.note("sns", "Publish", request)
        return self._answer(request)

    def _answer(self, request: dict[str, Any]) -> dict[str, str]:
        mood = self.moods.pop(0) if self.moods else Mood.WELL
        match mood:
            case Mood.REFUSED:
                raise failed("TooManyRequestsException", 429)
            case Mood.UNREACHED:
                raise EndpointConnectionError(endpoint_url=URL)
            case Mood.NOT_TAKEN:
                raise ReadTimeoutError(endpoint_url=URL)
            case Mood.DIED_BEFORE:
                raise Killed
        self.taken.append(request)
        match mood:
            case Mood.LOST:
                raise ReadTimeoutError(endpoint_url=URL)
            case Mood.BROKEN:
                raise failed("InternalFailure", 500)
            case Mood.DIED_AFTER:
                raise Killed
        return {"MessageId": f"provider-{len(self.taken)}"}

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails it took."""
        return [
            message_from_bytes(each["Content"]["Raw"]["Data"], _class=EmailMessage, policy=default)
            for each in self.taken
            if "Content" in each
        ]

    def tags(self) -> list[str]:
        """Our names of the mails it took."""
        return [each["EmailTags"][0]["Value"] for each in self.taken]

    def tell(self, what: str = "sent") -> None:
        """Hand over a receipt of every mail."""
        receive_receipts.handler(
            batch(*({"what": what, "message": [tag]} for tag in self.tags())), Context()
        )


@dataclass(slots=True)
class Queue:
    """SQS: what it took, and how often it refuses first."""

    bodies: list[str] = field(default_factory=list)
    refuses: int = 0

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == SETTINGS["MESSAGE_QUEUE_URL"]
        WATCH.note("sqs", "SendMessageBatch", {"QueueUrl": QueueUrl})
        if self.refuses:
            self.refuses -= 1
            raise failed("ServiceUnavailable", 503)
        self.bodies += [entry["MessageBody"] for entry in Entries]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


@contextmanager
def providers(**settings: str) -> Iterator[tuple[Provider, Queue]]:
    """Have the functions send to a provider and ask a queue of the test's own."""
    provider, waiting = Provider(), Queue()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (SETTINGS | settings).items():
            patch.setenv(name, value)
        read.cache_clear()
        patch.setattr(email_ses, "ses", lambda: provider)
        patch.setattr(sms_sns, "sns", lambda: provider)
        patch.setattr(queues, "sqs", lambda: waiting)
        yield provider, waiting
        read.cache_clear()


def failed(code: str, status: int) -> ClientError:
    """An error as AWS answers it."""
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "SendEmail",
    )


def batch(*bodies: Any) -> dict[str, Any]:
    """An event of SQS; bodies that are not texts become JSON."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for number, body in enumerate(bodies)
        ]
    }


def sent(*bodies: str) -> list[str]:
    """Hand messages to the sender; return those that come again, by their place (m0, m1, ...)."""
    answer = send_messages.handler(batch(*bodies), Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
