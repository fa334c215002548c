"""The files of imports, in a bucket of their own: `imports/{import_id}.csv`."""

from urllib.parse import unquote_plus

from antrean.imports.rows import MOST_BYTES
from antrean.rosters.storage import s3
from antrean.runtime.settings import settings

FOLDER, SUFFIX = "imports/", ".csv"
MEDIA_TYPE = "text/csv"

UPLOAD_SECONDS = 900
"""How long a link takes a file. A Lambda role's session may end 15 minutes after it was made."""


def link_for_upload(import_id: str) -> str:
    """Return a link by which whoever has it can PUT the import's file, as `MEDIA_TYPE`."""
    upload = {
        "Bucket": settings().import_bucket,
        "Key": f"{FOLDER}{import_id}{SUFFIX}",
        "ContentType": MEDIA_TYPE,
    }
    return s3().generate_presigned_url("put_object", Params=upload, ExpiresIn=UPLOAD_SECONDS)


def import_of(encoded_key: str) -> str:
    """Return the id of the import whose file has this key, written as in an event of S3."""
    return unquote_plus(encoded_key).removeprefix(FOLDER).removesuffix(SUFFIX)


def uploaded(import_id: str) -> bytes:
    """Return an import's file; of one that is too long only so much that it is seen to be."""
    stored = s3().get_object(Bucket=settings().import_bucket, Key=f"{FOLDER}{import_id}{SUFFIX}")
    return stored["Body"].read(MOST_BYTES + 1)
