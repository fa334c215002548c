"""Publishing: an office day's tickets become files in S3, and a manifest that names them."""

from datetime import date, datetime

from antrean.domain.errors import NotFound, Unavailable
from antrean.domain.offices import OfficeStatus
from antrean.rosters import storage
from antrean.rosters.as_json import lines_of
from antrean.rosters.build import build
from antrean.rosters.changes import Earlier
from antrean.rosters.formats import Format
from antrean.rosters.manifest import Base, Content, Manifest, Published
from antrean.rosters.roster import Roster, roster_of
from antrean.rosters.signing import signer
from antrean.runtime import clock
from antrean.runtime.deadline import Deadline
from antrean.runtime.registry import once
from antrean.store.items.office import get_office
from antrean.store.items.slot import slots_between
from antrean.store.items.ticket import day_tickets

ATTEMPTS = 4
"""How often a publisher tries when another is quicker."""


def publish(office_id: str, day: date, deadline: Deadline, *, rehearsal: bool = False) -> Manifest:
    """Publish an office day's roster as it is now, and return its manifest.

    Writes nothing when what is published is the same already. The files are written first and the
    manifest last, in place of the very one that was read before the tickets were. So the newest
    manifest is never made of older tickets than the one before it. On the day itself the roster
    says what changed since its last publication before the day.

    As a `rehearsal`, an office that is preparing gets the empty roster of a day that it has opened:
    it must have published one before it takes bookings. Raises `NotFound` when there is no such
    office or it does not serve on that day, `Unavailable`.
    """
    for _ in range(ATTEMPTS):
        present = storage.get_manifest(office_id, day)
        published = present is not None
        roster = _read(office_id, day, deadline, published=published, rehearsal=rehearsal)
        base = _base(present, roster, clock.now())
        try:
            return _store(roster.since(_earlier(base, roster)), base, present)
        except storage.WrittenMeanwhile:
            continue
    raise Unavailable("Others publish this roster at the same time. Repeat the same request.")


def _read(
    office_id: str, day: date, deadline: Deadline, *, published: bool, rehearsal: bool
) -> Roster:
    office = get_office(office_id, deadline)
    tickets = day_tickets(office_id, day, deadline)
    slots = slots_between(office_id, day, day, deadline, consistent=True)
    roster = roster_of(office, day, tickets, slots, clock.now())
    serves = slots and (rehearsal or office.status is not OfficeStatus.PREPARING)
    if not (roster.count or published or serves):
        raise NotFound("The office does not serve on that day.")
    return roster


def _base(present: storage.Stored | None, roster: Roster, now: datetime) -> Base | None:
    """Return the publication that changes are counted from: the last before the roster's day."""
    if present is None or roster.office.local_date(now) < roster.day:
        return None
    manifest = present.manifest
    if roster.office.local_date(manifest.published_at) >= roster.day:
        return manifest.base
    return Base(manifest.published_at, manifest.files[Format.JSON].version_id)


def _earlier(base: Base | None, roster: Roster) -> Earlier | None:
    if base is None:
        return None
    data = storage.get_file(roster.office.office_id, roster.day, Format.JSON, base.version_id)
    return Earlier(base.published_at, lines_of(data)) if data else None


def _store(roster: Roster, base: Base | None, present: storage.Stored | None) -> Manifest:
    files = build(roster)
    contents = {kind: Content.of(data) for kind, data in files.items()}
    unchanged = present is not None and present.manifest.holds(contents)
    if present and unchanged and _complete(present):
        return present.manifest
    manifest = Manifest(
        office_id=roster.office.office_id,
        day=roster.day,
        count=roster.count,
        files={
            kind: Published(
                contents[kind],
                storage.put_file(roster.office.office_id, roster.day, kind, data),
            )
            for kind, data in files.items()
        },
        published_at=(
            present.manifest.published_at
            if present and unchanged
            else clock.now().astimezone(roster.office.zone).replace(microsecond=0)
        ),
        base=base,
        signed_by=_signed_by(),
    )
    storage.put_manifest(manifest, _sign(manifest), in_place_of=present)
    return manifest


def _complete(stored: storage.Stored) -> bool:
    """Return whether today's key signed, and the files' latest versions are those of the manifest.

    They are not when a publisher ended between its files and its manifest.
    """
    manifest = stored.manifest
    named = {kind.file: file.version_id for kind, file in manifest.files.items()}
    if stored.signature:
        named[storage.SIGNATURE] = stored.signature.version_id
    if manifest.signed_by != _signed_by():
        return False
    return named.items() <= storage.latest_versions(manifest.office_id, manifest.day).items()


def _signed_by() -> str | None:
    key = signer()
    return key.fingerprint if key else None


def _sign(manifest: Manifest) -> storage.Signature | None:
    key = signer()
    if key is None:
        return None
    publish_key()
    return storage.put_signature(manifest.office_id, manifest.day, key.sign(manifest.as_json()))


@once
def publish_key() -> None:
    """Put the public key into the bucket, once a process, unless it is there."""
    key = signer()
    if key:
        storage.put_public_key(key.pem)
