"""Check a roster's file without a network: `python -m office_tools.verify_roster FILE [--key PEM]`.

Beside the file lie manifest.json and manifest.json.sig, as they were downloaded; the public key is
`--key`, or public-key.pem in the file's folder or one above it. docs/rosters.md says the same in
openssl commands.
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.json.sig"
KEY: Final = "public-key.pem"


class NotGenuine(Exception):
    """What was checked is not what the service published; the text says what differs."""


def checked_manifest(manifest: bytes, signature: str, pem: bytes) -> dict[str, Any]:
    """Return what a manifest says. Raises `NotGenuine` unless the key's owner signed it."""
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise NotGenuine("the public key cannot be read") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise NotGenuine("the public key is of another kind than the service's")
    try:
        key.verify(base64.b64decode(signature), manifest, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, binascii.Error) as error:
        raise NotGenuine("the manifest's signature is not the service's") from error
    facts: dict[str, Any] = json.loads(manifest)
    return facts


def check_file(facts: dict[str, Any], name: str, data: bytes) -> None:
    """Raise `NotGenuine` unless a manifest has a file of this name and content."""
    if name not in facts["files"]:
        raise NotGenuine(f"the manifest has no {name}")
    if hashlib.sha256(data).hexdigest() != facts["files"][name]["sha256"]:
        raise NotGenuine(f"{name} is not the file that the manifest names")


def verify(file: Path, key: Path | None) -> dict[str, Any]:
    """Return what the manifest beside a file says. Raises `NotGenuine`, OSError."""
    folder = file.resolve().parent
    if key is None:
        found = [above / KEY for above in (folder, *folder.parents) if (above / KEY).is_file()]
        if not found:
            raise NotGenuine(f"there is no {KEY} here; give it with --key")
        key = found[0]
    facts = checked_manifest(
        (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_text(), key.read_bytes()
    )
    if file.name != MANIFEST:
        check_file(facts, file.name, file.read_bytes())
    return facts


def main(arguments: list[str] | None = None) -> int:
    """Check one file; 0 when it is genuine."""
    parser = argparse.ArgumentParser(prog="verify_roster", description=__doc__)
    parser.add_argument("file", type=Path, help="roster.pdf, another format, or manifest.json")
    parser.add_argument("--key", type=Path, help="the service's public key (PEM)")
    options = parser.parse_args(arguments)
    try:
        facts = verify(options.file, options.key)
    except (NotGenuine, OSError) as reason:
        print(f"NOT GENUINE: {reason}", file=sys.stderr)
        return 1
    mark = facts["files"]["roster.json"]["sha256"][:16]
    print(
        f"genuine: {facts['office_id']} {facts['date']}, {facts['count']} people, published "
        f"{facts['published_at']}; on each printed sheet: "
        + " ".join(mark[at : at + 4] for at in range(0, 16, 4))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
