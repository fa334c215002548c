"""Where the local stack keeps its things, and how a command says that it cannot go on."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""


class CannotGoOn(Exception):
    """A command has to end; the text is one line that says what to do about it."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one local stack, all below one directory (`.local` in the checkout)."""

    home: Path = ROOT / ".local"

    @property
    def state(self) -> Path:
        """What the emulator remembers from one run to the next."""
        return self.home / "state"

    @property
    def mails(self) -> Path:
        """The mails that the stack sent, a file each."""
        return self.state / "mails"

    @property
    def temporary(self) -> Path:
        """The emulator's temporary directory; nothing in it outlives the stack."""
        return self.home / "tmp"

    @property
    def log(self) -> Path:
        """The emulator's log of this run, the functions' log lines among it."""
        return self.home / "ministack.log"

    @property
    def lock(self) -> Path:
        """Held, by the operating system, while any process of the stack lives."""
        return self.home / "run.lock"

    @property
    def processes(self) -> Path:
        """The process ids of the stack that holds the lock."""
        return self.home / "run.json"

    @property
    def clock(self) -> Path:
        """The seconds by which the functions' time is ahead of the machine's, when it is moved."""
        return self.home / "clock"

    @property
    def endpoints(self) -> Path:
        """Where everything is, for other programs; there only while the stack is ready."""
        return self.home / "endpoints.json"
