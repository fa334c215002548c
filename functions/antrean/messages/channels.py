"""What carries a message: a channel. There are two, e-mail and SMS."""

from dataclasses import dataclass
from typing import Protocol

from antrean.domain.tickets import Contact


@dataclass(frozen=True, slots=True)
class File:
    """A file that a message brings along."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message to a booking's holder; each channel takes what it can carry.

    `tag` is our name of it, of letters, digits, dots and hyphens; `short` is for a channel of
    160 characters of GSM 03.38; `qr` a PNG that `html` shows as `cid:qr`.
    """

    tag: str
    subject: str
    text: str
    html: str
    short: str
    qr: bytes
    files: tuple[File, ...]


class NotAccepted(Exception):
    """The provider did not take the message, for certain: it can be sent again at once.

    Its text is the provider's error code, which is about nobody.
    """


class Channel(Protocol):
    """A way to a person."""

    @property
    def name(self) -> str:
        """A word that no other channel has."""

    def address(self, contact: Contact) -> str | None:
        """Return where this channel reaches a person; None when it does not."""

    def send(self, message: Message, to: str) -> str:
        """Hand a message over, once, and return the provider's id of it.

        Raises `NotAccepted` when the provider certainly has not taken it. Any other exception
        leaves open whether it has.
        """
