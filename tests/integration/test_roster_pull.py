"""An office's machine fetches rosters, checks them, and goes on where it broke off."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest

from antrean.rosters.publish import publish
from antrean.rosters.signing import Signer
from office_tools.pull_rosters import Office
from office_tools.verify_roster import NotGenuine, main, verify
from tests.integration.roster_stack import BUCKET, file, open_office, roster_stack
from tests.integration.test_roster_api import LIST, ONE, ask
from tests.support.clocks import StandingClock as Time
from tests.support.rosters import DAY, ticket
from tests.support.worlds import deadline

FORMATS = ("csv", "pdf")


class Service:
    """The staff API and S3 as a machine in an office sees them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.breaks_at: int | None = None
        """After this many bytes the connection is lost."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.startswith("/v1/"):
            query = dict(request.url.params)
            *_, last = path.split("/")
            resource = LIST if last == "rosters" else ONE
            status, body, _ = ask("GET", resource, day=last, **query)
            self.asked.append(f"{status} {query.get('format', 'list')}")
            return httpx.Response(status, json=body)
        return self._object(request)

    def _object(self, request: httpx.Request) -> httpx.Response:
        version = parse_qs(urlsplit(str(request.url)).query).get("versionId")
        found = boto3.client("s3").get_object(
            Bucket=BUCKET,
            Key=request.url.path.removeprefix("/"),
            **({"VersionId": version[0]} if version else {}),  # type: ignore[arg-type]
        )
        data, status = found["Body"].read(), 200
        if begin := request.headers.get("Range"):
            self.asked.append(begin)
            data, status = data[int(begin.removeprefix("bytes=").rstrip("-")) :], 206
        if self.breaks_at is not None and ".pdf" in request.url.path:
            return httpx.Response(status, stream=Broken(data[: self.breaks_at]))
        return httpx.Response(status, content=data)


class Broken(httpx.SyncByteStream):
    """A body whose connection is lost at its end."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self.data
        raise httpx.ReadError("lost")


@pytest.fixture
def time(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """The clock of a stack with one published roster."""
    with roster_stack(table, monkeypatch) as time:
        open_office()
        file(ticket("0800", 1))
        publish("kotabumi", DAY, deadline())
        yield time


@pytest.fixture
def service() -> Service:
    return Service()


def pull(service: Service, directory: Path) -> list[str]:
    """Run the command once."""
    with httpx.Client(
        base_url="https://antrean.example.go.id", transport=httpx.MockTransport(service)
    ) as http:
        return list(Office(http, "kotabumi", "token", directory).pull(FORMATS))


def names(directory: Path) -> set[str]:
    """The files in the day's folder."""
    return {file.name for file in (directory / "kotabumi" / str(DAY)).iterdir()}


ALL = {"roster.csv", "roster.pdf", "manifest.json", "manifest.json.sig"}


def test_what_was_pulled_is_genuine_and_is_not_pulled_again(
    time: Time, service: Service, tmp_path: Path
) -> None:
    assert pull(service, tmp_path) == ["2026-11-24     1 people  2 fetched"]
    assert names(tmp_path) == ALL
    for name in ("roster.csv", "roster.pdf", "manifest.json"):
        assert verify(tmp_path / "kotabumi" / str(DAY) / name, None)["count"] == 1
    service.asked.clear()
    assert pull(service, tmp_path) == ["2026-11-24     1 people  unchanged"]
    assert service.asked == ["200 list", "200 csv"]


def test_a_change_is_pulled(time: Time, service: Service, tmp_path: Path) -> None:
    pull(service, tmp_path)
    file(ticket("0800", 2))
    time.forward(hours=1)
    publish("kotabumi", DAY, deadline())
    assert pull(service, tmp_path) == ["2026-11-24     2 people  2 fetched"]
    assert verify(tmp_path / "kotabumi" / str(DAY) / "roster.pdf", None)["count"] == 2


def test_a_pull_that_broke_off_leaves_no_half_file_and_is_continued(
    time: Time, service: Service, tmp_path: Path
) -> None:
    service.breaks_at = 1000
    with pytest.raises(httpx.ReadError):
        pull(service, tmp_path)
    assert "roster.pdf" not in names(tmp_path)
    assert "manifest.json" not in names(tmp_path)
    service.breaks_at = None
    pull(service, tmp_path)
    assert "bytes=1000-" in service.asked
    assert names(tmp_path) == ALL
    assert verify(tmp_path / "kotabumi" / str(DAY) / "roster.pdf", None)


def test_a_half_file_that_does_not_fit_is_thrown_away(
    time: Time, service: Service, tmp_path: Path
) -> None:
    service.breaks_at = 1000
    with pytest.raises(httpx.ReadError):
        pull(service, tmp_path)
    service.breaks_at = None
    (part,) = (tmp_path / "kotabumi" / str(DAY)).glob("*.part")
    part.write_bytes(b"x" * 1000)
    with pytest.raises(NotGenuine, match=r"roster\.pdf is not the file"):
        pull(service, tmp_path)
    assert "roster.pdf" not in names(tmp_path)
    pull(service, tmp_path)
    assert names(tmp_path) == ALL


def test_another_key_than_the_first_is_not_believed(
    time: Time, service: Service, tmp_path: Path
) -> None:
    key = "rosters/public-key.pem"
    pem = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    other = boto3.client("kms")
    made = other.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    forged = Signer("", other.get_public_key(KeyId=made["KeyId"])["PublicKey"]).pem
    assert forged != pem
    (tmp_path / "public-key.pem").write_bytes(forged)
    with pytest.raises(NotGenuine, match="signature"):
        pull(service, tmp_path)
    assert names(tmp_path) == set()


def test_an_older_roster_than_the_one_here_is_refused(
    time: Time, service: Service, tmp_path: Path
) -> None:
    pull(service, tmp_path)
    here = tmp_path / "kotabumi" / str(DAY) / "manifest.json"
    newer = json.loads(here.read_bytes()) | {"published_at": "2026-11-23T19:00:00+07:00"}
    here.write_text(json.dumps(newer))
    with pytest.raises(NotGenuine, match="older"):
        pull(service, tmp_path)


@pytest.mark.parametrize("name", ["roster.csv", "manifest.json", "manifest.json.sig"])
def test_a_file_that_was_touched_is_told(
    time: Time, service: Service, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pull(service, tmp_path)
    folder = tmp_path / "kotabumi" / str(DAY)
    assert main([str(folder / "roster.csv")]) == 0
    told = capsys.readouterr().out
    assert "genuine: kotabumi 2026-11-24, 1 people" in told
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])
    assert main([str(folder / "roster.csv")]) == 1
    assert "NOT GENUINE" in capsys.readouterr().err


def test_a_file_without_its_manifest_or_key_is_not_called_genuine(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("label")
    assert main([str(tmp_path / "roster.csv")]) == 1
