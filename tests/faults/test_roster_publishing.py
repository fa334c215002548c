"""A publisher that dies, or loses an answer, at each of its writes: readers always get a whole
roster, and whoever publishes next leaves everything in order."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from moto import mock_aws

from antrean.handlers.publish_rosters import handler
from antrean.rosters import storage
from antrean.rosters.as_csv import as_csv
from antrean.rosters.formats import Format
from antrean.rosters.manifest import Content, Manifest
from antrean.rosters.publish import publish, publish_key
from antrean.rosters.roster import Roster
from antrean.store.items.office import put_office
from antrean.store.items.ticket import TicketItem
from tests.engines.table import create_table
from tests.integration.roster_stack import BUCKET, file, roster_stack
from tests.support.rosters import DAY, OFFICE, ticket
from tests.support.worlds import deadline

WRITES = 7
"""Of a process's first publication: four files, the public key, the signature, the manifest."""


class Died(Exception):
    """The process ended here."""


@dataclass(slots=True)
class FailingS3:
    """S3 whose `at`-th write is the process's last: it is made (`lost`) or not."""

    real: Any
    at: int
    lost: bool
    writes: int = 0

    def put_object(self, **request: Any) -> Any:
        self.writes += 1
        if self.writes < self.at:
            return self.real.put_object(**request)
        if self.lost and self.writes == self.at:
            self.real.put_object(**request)
        raise Died

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bucket, a queue and a table."""
    with mock_aws():
        create_table(boto3.client("dynamodb"), "antrean")
        with roster_stack("antrean", monkeypatch):
            monkeypatch.setattr("antrean.rosters.publish.build", quickly_built)
            yield


def quickly_built(roster: Roster) -> dict[Format, bytes]:
    """Files in place of the real ones, which take longer to make than everything else here."""
    return {kind: as_csv(roster) + kind.encode() for kind in Format}


def dies(office_id: str, at: int, *, lost: bool) -> bool:
    """Publish in a new process that ends at its `at`-th write; False when it has none so late."""
    failing = FailingS3(storage.s3(), at, lost)
    publish_key.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "s3", lambda: failing)
        try:
            publish(office_id, DAY, deadline())
        except Died:
            publish_key.cache_clear()
            return True
    return False


def read(office_id: str) -> Manifest | None:
    """What a reader gets; everything that the manifest names must be there, whole and signed."""
    stored = storage.get_manifest(office_id, DAY)
    if stored is None:
        return None
    for kind, published in stored.manifest.files.items():
        data = storage.get_file(office_id, DAY, kind, published.version_id)
        assert data is not None
        assert Content.of(data) == published.content
    assert stored.signature is not None
    body = boto3.client("s3").get_object(Bucket=BUCKET, Key=f"rosters/{office_id}/{DAY}/{MANIFEST}")
    check(stored.signature.text, body["Body"].read())
    return stored.manifest


MANIFEST = "manifest.json"


def check(signature: str, manifest: bytes) -> None:
    """Check a signature with the public key that lies in the bucket."""
    found = boto3.client("s3").get_object(Bucket=BUCKET, Key="rosters/public-key.pem")
    key = serialization.load_pem_public_key(found["Body"].read())
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(base64.b64decode(signature), manifest, ec.ECDSA(hashes.SHA256()))


def plain_names_agree(office_id: str) -> bool:
    """Whether who takes the files by their plain names gets what the manifest says."""

    def plain(name: str) -> bytes:
        key = f"rosters/{office_id}/{DAY}/{name}"
        return boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()

    manifest = plain(MANIFEST)
    check(plain("manifest.json.sig").decode(), manifest)
    files = json.loads(manifest)["files"]
    return all(
        Content.of(plain(name)) == Content(each["sha256"], each["bytes"])
        for name, each in files.items()
    )


@pytest.mark.parametrize("lost", [False, True], ids=["before the write", "after the write"])
def test_a_first_publication_that_dies_anywhere(stack: None, lost: bool) -> None:
    for at in range(1, WRITES + 1):
        office_id = f"office-{at}"
        put_office(replace(OFFICE, office_id=office_id), deadline())
        file(ticket("0800", 1, office_id=office_id))
        boto3.client("s3").delete_object(Bucket=BUCKET, Key="rosters/public-key.pem")
        assert dies(office_id, at, lost=lost)
        written = read(office_id) if at == WRITES and lost else storage.get_manifest(office_id, DAY)
        assert (written is not None) == (at == WRITES and lost)
        assert publish(office_id, DAY, deadline()).count == 1
        assert read(office_id) is not None
        assert plain_names_agree(office_id)


@pytest.mark.parametrize("cancelled", [False, True], ids=["as it was", "changed back meanwhile"])
@pytest.mark.parametrize("lost", [False, True], ids=["before the write", "after the write"])
def test_a_later_publication_that_dies_anywhere(stack: None, lost: bool, cancelled: bool) -> None:
    at = 0
    while True:
        at += 1
        office_id = f"office-{at}"
        put_office(replace(OFFICE, office_id=office_id), deadline())
        file(ticket("0800", 1, office_id=office_id))
        before = publish(office_id, DAY, deadline())
        late = ticket("0800", 2, office_id=office_id)
        file(late)
        if not dies(office_id, at, lost=lost):
            break
        seen = read(office_id)
        assert seen is not None
        assert seen.count == (2 if lost and at == WRITES - 1 else 1)
        if cancelled:
            TicketItem.of(late).delete()
        after = publish(office_id, DAY, deadline())
        assert after.count == (1 if cancelled else 2)
        if cancelled and seen.count == 1:
            assert after.published_at == before.published_at
        assert read(office_id) == after
        assert plain_names_agree(office_id)
    assert at == WRITES  # the public key was there already


def test_a_message_that_is_delivered_twice_writes_once(stack: None) -> None:
    put_office(OFFICE, deadline())
    file(ticket("0800", 1))
    body = json.dumps({"office_id": "kotabumi", "date": DAY.isoformat()})
    event = {"Records": [{"messageId": "1", "body": body}, {"messageId": "2", "body": body}]}
    assert handler(event, None) == {"batchItemFailures": []}  # type: ignore[arg-type]
    versions = boto3.client("s3").list_object_versions(Bucket=BUCKET)["Versions"]
    assert handler(event, None) == {"batchItemFailures": []}  # type: ignore[arg-type]
    again = boto3.client("s3").list_object_versions(Bucket=BUCKET)["Versions"]
    assert len(versions) == len(again) == WRITES
