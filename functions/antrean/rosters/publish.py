"""Publishing: an office day's tickets become files in S3, and a manifest that names them."""

import json
import traceback
from collections.abc import Mapping
from datetime import date
from typing import Any

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from antrean import clock
from antrean.domain.errors import NotFound, Unavailable
from antrean.domain.offices import Office, OfficeStatus
from antrean.rosters import storage
from antrean.rosters.formats import build
from antrean.rosters.manifest import Content, Manifest, Published
from antrean.rosters.roster import Roster, roster_of
from antrean.store.calls import Budget
from antrean.store.offices import get_office
from antrean.store.slots import slots_between
from antrean.store.tickets import day_tickets

SECONDS_PER_ROSTER = 10.0
"""The time for one roster; five of them fit into the function's minute."""

ATTEMPTS = 4
"""How often a publisher begins anew because another was quicker."""

logger = Logger()


def publish(office_id: str, day: date, budget: Budget) -> Manifest:
    """Publish an office day's roster as it is now, and return its manifest.

    Writes nothing when what is published is the same already. The files come first and the
    manifest last, in place of the very one that was read before the tickets were: the newest
    manifest is never made of older tickets than the one before it. Raises `NotFound` when there
    is no such office or it does not serve on that day, `Unavailable`.
    """
    for _ in range(ATTEMPTS):
        present = storage.get_manifest(office_id, day)
        roster = _read(office_id, day, budget, published=present is not None)
        try:
            return _store(roster, present)
        except storage.WrittenMeanwhile:
            continue
    raise Unavailable("Others publish this roster at the same time. Repeat the same request.")


def _read(office_id: str, day: date, budget: Budget, *, published: bool) -> Roster:
    office = get_office(office_id, budget)
    tickets = day_tickets(office_id, day, budget)
    slots = slots_between(office_id, day, day, budget, consistent=True)
    roster = roster_of(office, day, tickets, slots)
    if not (roster.count or published or (slots and _serves(office))):
        raise NotFound("The office does not serve on that day.")
    return roster


def _serves(office: Office) -> bool:
    return office.status is not OfficeStatus.PREPARING


def _store(roster: Roster, present: storage.Stored | None) -> Manifest:
    office_id, day = roster.office.office_id, roster.day
    files = build(roster)
    contents = {kind: Content.of(data) for kind, data in files.items()}
    if present and present.manifest.holds(contents) and _in_place(present.manifest):
        return present.manifest
    manifest = Manifest(
        office_id=office_id,
        day=day,
        count=roster.count,
        files={
            kind: Published(contents[kind], storage.put_file(office_id, day, kind, data))
            for kind, data in files.items()
        },
        published_at=clock.now().astimezone(roster.office.zone).replace(microsecond=0),
    )
    storage.put_manifest(manifest, in_place_of=present)
    return manifest


def _in_place(manifest: Manifest) -> bool:
    """Whether the files under their plain names are those of the manifest.

    They are not when a publisher ended between its files and its manifest.
    """
    named = {kind.file: file.version_id for kind, file in manifest.files.items()}
    found = storage.latest_versions(manifest.office_id, manifest.day)
    return named.items() <= found.items()


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Publish the rosters that a batch of the queue asks for.

    Those that fail are named, and come again by themselves; the others are done.
    """
    failed = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _published(record)
    ]
    return {"batchItemFailures": failed}


def _published(record: Mapping[str, Any]) -> bool:
    asked: dict[str, str] = {}
    try:
        asked = json.loads(record["body"])
        day = date.fromisoformat(asked["date"])
        manifest = publish(asked["office_id"], day, Budget.of(SECONDS_PER_ROSTER))
    except NotFound as reason:
        logger.info("no roster", extra={**asked, "reason": reason.detail})
    except Exception as error:  # noqa: BLE001 - one office's failure stops no other
        logger.error("roster not published", extra={**asked, **_nameless(error)})
        return False
    else:
        logger.info("roster published", extra={**asked, "count": manifest.count})
    return True


def _nameless(error: Exception) -> dict[str, object]:
    """Return what may be logged of an error: not its text, in which a library may quote a name."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "where": [f"{frame.filename}:{frame.lineno}" for frame in frames],
    }
