"""Signed links: where they lead, and for how long."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from antrean.rosters import storage
from antrean.rosters.formats import Format
from antrean.runtime.settings import settings
from tests.support.rosters import DAY


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TABLE_NAME", "antrean")
    monkeypatch.setenv("ROSTER_BUCKET", "antrean-rosters")
    settings.cache_clear()
    storage.s3.cache_clear()
    yield
    settings.cache_clear()
    storage.s3.cache_clear()


def link() -> str:
    """A link to Kotabumi's CSV."""
    return storage.link_to_file("kotabumi", DAY, Format.CSV, "version-7")


def test_a_link_leads_to_the_buckets_own_region_and_names_one_version() -> None:
    parts = urlsplit(link())
    assert parts.netloc == "antrean-rosters.s3.ap-southeast-3.amazonaws.com"
    assert parts.path == "/rosters/kotabumi/2026-11-24/roster.csv"
    query = parse_qs(parts.query)
    assert query["versionId"] == ["version-7"]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


def test_a_link_works_for_fifteen_minutes_at_most() -> None:
    (seconds,) = parse_qs(urlsplit(link()).query)["X-Amz-Expires"]
    assert int(seconds) == storage.LINK_SECONDS <= 15 * 60


def test_at_an_endpoint_of_our_own_the_bucket_stands_in_the_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    parts = urlsplit(link())
    assert parts.netloc == "localhost:4566"
    assert parts.path == "/antrean-rosters/rosters/kotabumi/2026-11-24/roster.csv"
