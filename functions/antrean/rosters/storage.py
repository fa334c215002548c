"""Rosters in S3: `rosters/{office_id}/{date}/`, in a versioned bucket.

A manifest names exact versions and carries its signature with it, and is written in place of the
very one that was read: see ADR 0007.
"""

import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import ClientError

from antrean.rosters.formats import Format
from antrean.rosters.manifest import Manifest
from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
PUBLIC_KEY = "rosters/public-key.pem"
JSON, PEM = "application/json", "application/x-pem-file"
LINK_SECONDS = 600
"""How long a link works. A Lambda role's session may end 15 minutes after it was handed out."""

CONNECT_TIMEOUT, READ_TIMEOUT, ATTEMPTS = 1.0, 5.0, 3
"""Seconds, seconds, times."""


class WrittenMeanwhile(Exception):
    """Another publisher wrote the manifest since it was read."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A manifest's signature (base64), and the version of manifest.json.sig that holds it."""

    text: str
    version_id: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A manifest as it lies in the bucket.

    `etag` is the mark by which a later writer knows it again, `version_id` the object's version.
    """

    manifest: Manifest
    etag: str
    version_id: str
    signature: Signature | None


@once
def s3() -> "S3Client":
    """Return this process's client.

    It addresses the bucket in its own region, so that a signed link leads there straight; at an
    endpoint of our own (the local stack) by path, since bucket names do not resolve there.
    """
    own = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client(
        "s3",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if own else "virtual"},
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        ),
    )


def folder(office_id: str, day: date) -> str:
    """Return what the keys of an office day's roster begin with."""
    return f"rosters/{office_id}/{day.isoformat()}/"


def filename(office_id: str, day: date, kind: Format) -> str:
    """Return the name under which a file is saved on the office's machine."""
    return f"antrean-{office_id}-{day.isoformat()}.{kind}"


def get_manifest(office_id: str, day: date) -> Stored | None:
    """Return what was published last, or None."""
    found = _get(folder(office_id, day) + MANIFEST)
    if found is None:
        return None
    metadata = found["Metadata"]
    signature = (
        Signature(metadata["signature"], metadata["signature-version"]) if metadata else None
    )
    manifest = Manifest.from_json(found["Body"].read())
    return Stored(manifest, found["ETag"], found["VersionId"], signature)


def get_file(office_id: str, day: date, kind: Format, version_id: str) -> bytes | None:
    """Return a file as it was published once, or None when that is deleted already."""
    found = _get(folder(office_id, day) + kind.file, version_id)
    return None if found is None else found["Body"].read()


def _get(key: str, version_id: str | None = None) -> "GetObjectOutputTypeDef | None":
    version = {"VersionId": version_id} if version_id else {}
    try:
        return s3().get_object(Bucket=settings().roster_bucket, Key=key, **version)  # type: ignore[arg-type]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchVersion"):
            return None
        raise


def put_file(office_id: str, day: date, kind: Format, data: bytes) -> str:
    """Store one file and return its version."""
    return _put(
        folder(office_id, day) + kind.file,
        data,
        kind.media_type,
        ContentDisposition=f'attachment; filename="{filename(office_id, day, kind)}"',
    )


def put_signature(office_id: str, day: date, text: str) -> Signature:
    """Store a signature beside the manifest that is about to be written."""
    version = _put(folder(office_id, day) + SIGNATURE, text.encode(), "text/plain")
    return Signature(text, version)


def put_manifest(
    manifest: Manifest, signature: Signature | None, in_place_of: Stored | None
) -> None:
    """Store a manifest in place of the one that was read (None: there was none).

    Its signature goes with it in one write. Raises `WrittenMeanwhile` when another was written
    since.
    """
    condition = {"IfMatch": in_place_of.etag} if in_place_of else {"IfNoneMatch": "*"}
    metadata = (
        {"signature": signature.text, "signature-version": signature.version_id}
        if signature
        else {}
    )
    key = folder(manifest.office_id, manifest.day) + MANIFEST
    try:
        _put(key, manifest.as_json(), JSON, Metadata=metadata, **condition)
    except ClientError as error:
        # 409: another conditional write of the same key is under way.
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
            raise WrittenMeanwhile from error
        raise


def put_public_key(pem: bytes) -> None:
    """Store the public key that manifests are checked with, unless it is there."""
    found = _get(PUBLIC_KEY)
    if found is None or found["Body"].read() != pem:
        _put(PUBLIC_KEY, pem, PEM)


def _put(key: str, data: bytes, media_type: str, **more: Any) -> str:
    answer = s3().put_object(
        Bucket=settings().roster_bucket, Key=key, Body=data, ContentType=media_type, **more
    )
    return answer["VersionId"]


def latest_versions(office_id: str, day: date) -> dict[str, str]:
    """Return the version that each file of an office day's folder has now."""
    prefix = folder(office_id, day)
    pages = (
        s3()
        .get_paginator("list_object_versions")
        .paginate(Bucket=settings().roster_bucket, Prefix=prefix)
    )
    return {
        version["Key"].removeprefix(prefix): version["VersionId"]
        for page in pages
        for version in page.get("Versions", [])
        if version["IsLatest"]
    }


def delete_day(office_id: str, day: date) -> int:
    """Delete every version of everything in an office day's folder; return how many there were.

    The manifests first: no reader is left with one whose files are gone.
    """
    prefix = folder(office_id, day)
    pages = (
        s3()
        .get_paginator("list_object_versions")
        .paginate(Bucket=settings().roster_bucket, Prefix=prefix)
    )
    found = [
        (version["Key"], version["VersionId"])
        for page in pages
        for version in page.get("Versions", [])
    ]
    found.sort(key=lambda version: not version[0].endswith(MANIFEST))
    for key, version_id in found:
        s3().delete_object(Bucket=settings().roster_bucket, Key=key, VersionId=version_id)
    return len(found)


def published_days(office_id: str, first: date, most: int) -> list[date]:
    """Return up to `most` dates from `first` on that have a folder, in order."""
    prefix = f"rosters/{office_id}/"
    answer = s3().list_objects_v2(
        Bucket=settings().roster_bucket,
        Prefix=prefix,
        Delimiter="/",
        StartAfter=f"{prefix}{first.isoformat()}",  # sorts before the folder itself
        MaxKeys=most,
    )
    return [
        date.fromisoformat(found["Prefix"].removeprefix(prefix).rstrip("/"))
        for found in answer.get("CommonPrefixes", [])
    ]


def link_to_file(office_id: str, day: date, kind: Format, version_id: str) -> str:
    """Return a link that gives everybody who has it this version of a file."""
    return _link(folder(office_id, day) + kind.file, VersionId=version_id)


def link_to_manifest(office_id: str, day: date, version_id: str) -> str:
    """Return a link that gives everybody who has it this version of a manifest."""
    return _link(folder(office_id, day) + MANIFEST, VersionId=version_id)


def link_to_public_key() -> str:
    """Return a link to the public key."""
    return _link(PUBLIC_KEY)


def _link(key: str, **more: str) -> str:
    download = {"Bucket": settings().roster_bucket, "Key": key, **more}
    return s3().generate_presigned_url("get_object", Params=download, ExpiresIn=LINK_SECONDS)
