"""Rosters in S3: `rosters/{office_id}/{date}/`, in a versioned bucket.

Writes are conditional on what was read, and a manifest names exact versions: see ADR 0007.
"""

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from antrean.rosters.formats import Format
from antrean.rosters.manifest import Manifest, Published
from antrean.settings import settings

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MANIFEST = "manifest.json"
LINK_SECONDS = 600
"""How long a link works. A Lambda role's session may end 15 minutes after it was handed out."""

CONNECT_TIMEOUT, READ_TIMEOUT, ATTEMPTS = 1.0, 5.0, 3
"""Seconds, seconds, times."""


class WrittenMeanwhile(Exception):
    """Another publisher wrote the manifest since it was read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A manifest with the mark (ETag) by which a later writer knows it again."""

    manifest: Manifest
    etag: str


@cache
def s3() -> "S3Client":
    """Return this process's client.

    It addresses the bucket in its own region, so that a signed link leads there straight; at an
    endpoint of our own (the local stack) by path, since bucket names do not resolve there.
    """
    own = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
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


def get_manifest(office_id: str, day: date) -> Stored | None:
    """Return what was published last, or None."""
    key = folder(office_id, day) + MANIFEST
    try:
        found = s3().get_object(Bucket=settings().roster_bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchKey":
            return None
        raise
    return Stored(Manifest.from_json(found["Body"].read()), found["ETag"])


def put_file(office_id: str, day: date, kind: Format, data: bytes) -> str:
    """Store one file and return its version."""
    answer = s3().put_object(
        Bucket=settings().roster_bucket,
        Key=folder(office_id, day) + kind.file,
        Body=data,
        ContentType=kind.media_type,
    )
    return answer["VersionId"]


def put_manifest(manifest: Manifest, in_place_of: Stored | None) -> None:
    """Store a manifest in place of the one that was read (None: there was none).

    Raises `WrittenMeanwhile` when another was written since.
    """
    condition = {"IfMatch": in_place_of.etag} if in_place_of else {"IfNoneMatch": "*"}
    try:
        s3().put_object(
            Bucket=settings().roster_bucket,
            Key=folder(manifest.office_id, manifest.day) + MANIFEST,
            Body=manifest.as_json(),
            ContentType="application/json",
            **condition,  # type: ignore[arg-type]
        )
    except ClientError as error:
        # 409: another conditional write of the same key is under way.
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
            raise WrittenMeanwhile from error
        raise


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


def published_days(office_id: str, first: date, most: int) -> list[date]:
    """Return up to `most` dates from `first` that have a folder, in order."""
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


def sign_link(office_id: str, day: date, kind: Format, file: Published, name: str) -> str:
    """Return a link that gives everybody who has it this version of a file, as `name`."""
    return s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().roster_bucket,
            "Key": folder(office_id, day) + kind.file,
            "VersionId": file.version_id,
            "ResponseContentType": kind.media_type,
            "ResponseContentDisposition": f'attachment; filename="{name}"',
        },
        ExpiresIn=LINK_SECONDS,
    )
