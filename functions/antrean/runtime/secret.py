"""The deployment's one secret: the key of every keyed hash."""

from antrean.runtime.registry import once
from antrean.runtime.settings import settings


@once
def secret() -> bytes:
    """Return the secret, read once a process from Secrets Manager.

    It is not rotated: every person hash, code and token hangs on it.
    """
    # Imported here: it brings boto3, which only the booking and the manage paths need.
    from aws_lambda_powertools.utilities.parameters import get_secret

    return get_secret(settings().secret_id, max_age=86_400).encode()
