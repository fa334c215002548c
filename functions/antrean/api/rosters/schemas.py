"""The JSON of rosters: which are published, and links to their files."""

from datetime import date, datetime
from typing import Self

from antrean.api.types import Output
from antrean.rosters.download import Link, Proof
from antrean.rosters.manifest import Manifest


class FileOut(Output):
    """One file of a roster."""

    format: str
    sha256: str
    bytes: int


class RosterOut(Output):
    """A published roster: how many people, in which files."""

    office_id: str
    date: date
    count: int
    published_at: datetime
    changes_since: datetime | None
    files: list[FileOut]

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        return cls(
            office_id=manifest.office_id,
            date=manifest.day,
            count=manifest.count,
            published_at=manifest.published_at,
            changes_since=manifest.base.published_at if manifest.base else None,
            files=[
                FileOut(format=kind, sha256=file.content.sha256, bytes=file.content.size)
                for kind, file in manifest.files.items()
            ],
        )


class RostersOut(Output):
    """A page of an office's published rosters, by date."""

    rosters: list[RosterOut]
    next: date | None


class ProofOut(Output):
    """What a file is checked by without a network: docs/rosters.md says how."""

    manifest_url: str
    signature: str
    public_key_url: str

    @classmethod
    def of(cls, proof: Proof) -> Self:
        return cls(
            manifest_url=proof.manifest_url,
            signature=proof.signature,
            public_key_url=proof.public_key_url,
        )


class LinkOut(Output):
    """A short-lived link to one file, and what to check the file by."""

    url: str
    expires_at: datetime
    filename: str
    sha256: str
    bytes: int
    count: int
    published_at: datetime
    proof: ProofOut | None

    @classmethod
    def of(cls, link: Link) -> Self:
        return cls(
            url=link.url,
            expires_at=link.expires_at,
            filename=link.filename,
            sha256=link.file.content.sha256,
            bytes=link.file.content.size,
            count=link.manifest.count,
            published_at=link.manifest.published_at,
            proof=ProofOut.of(link.proof) if link.proof else None,
        )
