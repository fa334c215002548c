"""The manifest: what a published roster consists of, so that whoever gets it can check it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from antrean.rosters.formats import Format


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: its SHA-256 (hexadecimal) and its length in bytes."""

    sha256: str
    size: int

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Return the content of `data`."""
        return cls(hashlib.sha256(data).hexdigest(), len(data))


@dataclass(frozen=True, slots=True)
class Published:
    """A file as it was stored: its content, and the version of the object that holds it."""

    content: Content
    version_id: str


@dataclass(frozen=True, slots=True)
class Base:
    """The publication that a day's changes are counted from: when, and its roster.json."""

    published_at: datetime
    version_id: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One publication of an office day's roster.

    `files` names exact object versions, so a reader gets the files that belong together whatever
    is published meanwhile. `published_at` is when this content was first published, with the
    office's offset. `base` is the last publication before the day, once the day's own have begun.
    `signed_by` is the fingerprint of the key that signs this manifest.
    """

    office_id: str
    day: date
    count: int
    files: Mapping[Format, Published]
    published_at: datetime
    base: Base | None = None
    signed_by: str | None = None

    def holds(self, contents: Mapping[Format, Content]) -> bool:
        """Whether these contents, and no others, are what was published."""
        return {kind: file.content for kind, file in self.files.items()} == contents

    def as_json(self) -> bytes:
        """Return the manifest as it is stored and signed."""
        content = {
            "office_id": self.office_id,
            "date": self.day.isoformat(),
            "count": self.count,
            "published_at": self.published_at.isoformat(),
            "files": {
                kind.file: {
                    "sha256": file.content.sha256,
                    "bytes": file.content.size,
                    "version_id": file.version_id,
                }
                for kind, file in self.files.items()
            },
            "changes_since": self.base
            and {
                "published_at": self.base.published_at.isoformat(),
                "version_id": self.base.version_id,
            },
            "signed_by": self.signed_by,
        }
        return (json.dumps(content, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Return the manifest that `as_json` wrote."""
        stored = json.loads(data)
        files = {
            kind: Published(Content(file["sha256"], file["bytes"]), file["version_id"])
            for kind in Format
            if (file := stored["files"].get(kind.file))
        }
        return cls(
            office_id=stored["office_id"],
            day=date.fromisoformat(stored["date"]),
            count=stored["count"],
            files=files,
            published_at=datetime.fromisoformat(stored["published_at"]),
            base=_base(stored.get("changes_since")),
            signed_by=stored.get("signed_by"),
        )


def _base(stored: dict[str, Any] | None) -> Base | None:
    if stored is None:
        return None
    return Base(datetime.fromisoformat(stored["published_at"]), stored["version_id"])
