"""The signature of a manifest, by a key that never leaves KMS (ECDSA on P-256 with SHA-256).

An office checks it with the public key alone: no network, no account (docs/rosters.md).
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.config import Config

from antrean.runtime.registry import once
from antrean.runtime.settings import settings

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs: its public half (DER, SubjectPublicKeyInfo) and its name in KMS."""

    key_id: str
    public_key: bytes

    @property
    def fingerprint(self) -> str:
        """The key's own mark, by which a reader finds the right public key: SHA-256 of it."""
        return hashlib.sha256(self.public_key).hexdigest()

    @property
    def pem(self) -> bytes:
        """The public key as openssl reads it."""
        text = base64.encodebytes(self.public_key).decode().replace("\n", "")
        lines = [text[at : at + 64] for at in range(0, len(text), 64)]
        return "\n".join(
            ["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""]
        ).encode()

    def sign(self, data: bytes) -> str:
        """Return the signature of `data` (at most 4,096 bytes, KMS's limit): DER, in base64."""
        answer = kms().sign(
            KeyId=self.key_id,
            Message=data,
            MessageType="RAW",
            SigningAlgorithm="ECDSA_SHA_256",
        )
        return base64.b64encode(answer["Signature"]).decode()


@once
def kms() -> "KMSClient":
    """Return this process's client."""
    import boto3  # here, because it takes a tenth of a cold start and most requests need none

    return boto3.client(
        "kms",
        config=Config(
            connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"}
        ),
    )


@once
def signer() -> Signer | None:
    """Return the deployment's signer, read once a process; None when it has no key."""
    key_id = settings().signing_key_id
    if not key_id:
        return None
    return Signer(key_id, kms().get_public_key(KeyId=key_id)["PublicKey"])
