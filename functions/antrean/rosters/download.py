"""What an office can download, and the links by which it does."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from antrean.domain.errors import NotFound
from antrean.domain.offices import Office
from antrean.rosters import storage
from antrean.rosters.formats import Format
from antrean.rosters.manifest import Manifest, Published
from antrean.runtime import clock


@dataclass(frozen=True, slots=True)
class Proof:
    """What a file is checked by without us: the manifest's signature (base64), and links."""

    manifest_url: str
    signature: str
    public_key_url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A signed link to one published file. Whoever has it can download, until it expires."""

    url: str
    expires_at: datetime
    filename: str
    file: Published
    manifest: Manifest
    proof: Proof | None


def link(office: Office, day: date, kind: Format) -> Link:
    """Return a link to an office day's roster as it was published last. Raises `NotFound`."""
    stored = storage.get_manifest(office.office_id, day)
    file = stored and stored.manifest.files.get(kind)
    if not stored or not file:
        raise NotFound("No roster of this date and format is published. POST here publishes it.")
    expires_at = clock.now() + timedelta(seconds=storage.LINK_SECONDS)
    return Link(
        url=storage.link_to_file(office.office_id, day, kind, file.version_id),
        expires_at=expires_at.astimezone(office.zone).replace(microsecond=0),
        filename=storage.filename(office.office_id, day, kind),
        file=file,
        manifest=stored.manifest,
        proof=_proof(stored),
    )


def _proof(stored: storage.Stored) -> Proof | None:
    if stored.signature is None:
        return None
    manifest = stored.manifest
    return Proof(
        manifest_url=storage.link_to_manifest(manifest.office_id, manifest.day, stored.version_id),
        signature=stored.signature.text,
        public_key_url=storage.link_to_public_key(),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """Some of an office's published rosters, by date; more begin at `following` (None: no more)."""

    manifests: tuple[Manifest, ...]
    following: date | None


def published(office: Office, first: date, most: int) -> Page:
    """Return what is published for up to `most` dates from `first` (local).

    A date whose first publication has not ended yet is left out.
    """
    days = storage.published_days(office.office_id, first, most + 1)
    stored = [storage.get_manifest(office.office_id, day) for day in days[:most]]
    return Page(
        manifests=tuple(found.manifest for found in stored if found),
        following=days[most] if len(days) > most else None,
    )
