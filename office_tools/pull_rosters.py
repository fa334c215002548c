"""Fetch an office's rosters.

`python -m office_tools.pull_rosters --office ID --dir D --origin URL`

For a schedule on an office's machine. It fetches what is new, checks every file by SHA-256 and the
manifest's signature, and puts it in place only when it is whole: D/{office}/{date}/roster.pdf and
so on, with manifest.json and manifest.json.sig. What broke off is continued by the next run.

The token comes from ANTREAN_TOKEN or a file. The public key is D/public-key.pem: put it there, or
let the first run fetch it and compare the fingerprint that it prints.
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx

from office_tools.verify_roster import (
    KEY,
    MANIFEST,
    SIGNATURE,
    NotGenuine,
    check_file,
    checked_manifest,
)

FORMATS: Final = ("csv", "json", "xlsx", "pdf")
SECONDS: Final = 60.0
ATTEMPTS: Final = 3
"""How often a date is begun again because it was published again meanwhile."""

type Json = dict[str, Any]


class NotFetched(Exception):
    """A roster could not be fetched; the text says why. A later run may."""


class PublishedMeanwhile(Exception):
    """The roster changed between one question and the next."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office's rosters at the service, and the folder that they are put into."""

    http: httpx.Client
    office_id: str
    token: str
    directory: Path

    def pull(self, formats: tuple[str, ...]) -> Iterator[str]:
        """Fetch what is new; yield a line for each date. Raises `NotFetched`, `NotGenuine`."""
        for listed in self._listed():
            for _ in range(ATTEMPTS):
                try:
                    fetched = self._pull_day(listed["date"], formats)
                    break
                except PublishedMeanwhile:
                    continue
            else:
                raise NotFetched(f"{listed['date']}: it is published again and again")
            news = f"{len(fetched)} fetched" if fetched else "unchanged"
            yield f"{listed['date']}  {listed['count']:>4} people  {news}"

    def _listed(self) -> Iterator[Json]:
        cursor: str | None = None
        while True:
            page = self._ask("", **({"cursor": cursor} if cursor else {}))
            yield from page["rosters"]
            cursor = page["next"]
            if cursor is None:
                return

    def _pull_day(self, day: str, formats: tuple[str, ...]) -> list[str]:
        folder = self.directory / self.office_id / day
        folder.mkdir(parents=True, exist_ok=True)
        first = self._ask(f"/{day}", format=formats[0])
        manifest, facts = self._manifest(first, day, folder)
        fetched = []
        for kind in formats:
            name, sha256 = f"roster.{kind}", facts["files"][f"roster.{kind}"]["sha256"]
            if not _has(folder / name, sha256):
                link = first if kind == formats[0] else self._ask(f"/{day}", format=kind)
                if link["sha256"] != sha256:
                    raise PublishedMeanwhile
                self._fetch(link["url"], folder / name, facts)
                fetched.append(name)
        _put(folder / SIGNATURE, first["proof"]["signature"].encode())
        _put(folder / MANIFEST, manifest)
        return fetched

    def _manifest(self, link: Json, day: str, folder: Path) -> tuple[bytes, Json]:
        """Return a manifest that is genuine, of this roster, and no older than the one here."""
        proof = link["proof"]
        if proof is None:
            raise NotGenuine(f"{day} is not signed")
        manifest = _content(self.http.get(proof["manifest_url"]))
        facts = checked_manifest(manifest, proof["signature"], self._key(proof["public_key_url"]))
        if (facts["office_id"], facts["date"]) != (self.office_id, day):
            raise NotGenuine(f"{day} came with the manifest of another roster")
        here = folder / MANIFEST
        if here.exists() and _published(json.loads(here.read_bytes())) > _published(facts):
            raise NotGenuine(f"{day} is older than the one that is here")
        return manifest, facts

    def _key(self, url: str) -> bytes:
        here = self.directory / KEY
        if not here.exists():
            pem = _content(self.http.get(url))
            _put(here, pem)
            print(f"new public key {here}, SHA-256 {hashlib.sha256(pem).hexdigest()}: compare it")
        return here.read_bytes()

    def _fetch(self, url: str, file: Path, facts: Json) -> None:
        """Put a file in place, from where an earlier run broke off. Raises `NotGenuine`."""
        sha256 = facts["files"][file.name]["sha256"]
        part = file.with_name(f".{file.name}.{sha256[:16]}.part")
        begun = part.stat().st_size if part.exists() else 0
        headers = {"Range": f"bytes={begun}-"} if begun else {}
        if begun < facts["files"][file.name]["bytes"]:
            with self.http.stream("GET", url, headers=headers) as answer:
                answer.raise_for_status()
                continues = answer.status_code == httpx.codes.PARTIAL_CONTENT
                with part.open("ab" if continues else "wb") as out:
                    for piece in answer.iter_bytes():
                        out.write(piece)
        try:
            check_file(facts, file.name, part.read_bytes())
        except NotGenuine:
            part.unlink()
            raise
        _sync(part)
        part.replace(file)

    def _ask(self, path: str, **query: str) -> Json:
        answer = self.http.get(
            f"/v1/staff/offices/{self.office_id}/rosters{path}",
            params=query,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        if not answer.is_success:
            raise NotFetched(f"the service answers {answer.status_code}: {_why(answer)}")
        body: Json = answer.json()
        return body


def _why(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError):
        return answer.reason_phrase


def _content(answer: httpx.Response) -> bytes:
    return answer.raise_for_status().content


def _published(facts: Json) -> datetime:
    return datetime.fromisoformat(facts["published_at"])


def _has(file: Path, sha256: str) -> bool:
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _put(file: Path, data: bytes) -> None:
    """Put a small file in place whole."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(data)
    _sync(part)
    part.replace(file)


def _sync(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def main(arguments: list[str] | None = None) -> int:
    """Fetch an office's rosters; 0 when all that is published is here."""
    parser = argparse.ArgumentParser(prog="pull_rosters", description=__doc__)
    parser.add_argument("--office", required=True, help="the office's id")
    parser.add_argument("--dir", required=True, type=Path, help="the folder to put them into")
    parser.add_argument("--origin", default="http://localhost:8080", help="the service")
    parser.add_argument("--formats", default=",".join(FORMATS), help="such as pdf,csv")
    parser.add_argument("--token-file", type=Path, help="in place of ANTREAN_TOKEN")
    options = parser.parse_args(arguments)
    token = options.token_file.read_text() if options.token_file else os.environ["ANTREAN_TOKEN"]
    with httpx.Client(base_url=options.origin, timeout=SECONDS) as http:
        office = Office(http, options.office, token.strip(), options.dir)
        try:
            for line in office.pull(tuple(options.formats.split(","))):
                print(line)
        except (NotFetched, NotGenuine) as reason:
            print(f"stopped: {reason}", file=sys.stderr)
            return 1
        except httpx.HTTPError as error:  # its text may hold a signed link
            print(f"stopped: {type(error).__name__}; the next run goes on", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
